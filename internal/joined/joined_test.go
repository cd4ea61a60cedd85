package joined_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/joined"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// versions are one and others made of it, the newest first as boards have them.
func versions(t *testing.T, changes ...func(q []survey.Question, d *survey.Definition)) []*survey.Version {
	t.Helper()
	all := []*survey.Version{survey.NewVersion(1, 1, time.Time{}, testkit.EveryKind(t))}
	for i, change := range changes {
		d := testkit.EveryKind(t)
		change(d.Sections[0].Questions, &d)
		all = append(all, survey.NewVersion(int64(i+2), i+2, time.Time{}, d))
	}
	slices.Reverse(all)
	return all
}

func question(q []survey.Question, key string) *survey.Question {
	return &q[slices.IndexFunc(q, func(one survey.Question) bool { return one.Key == key })]
}

// A month is marked when a version comes, and joined with the month before only where
// what the figure is made of was asked in the same words.
func TestMarks(t *testing.T) {
	t.Parallel()
	no := false
	same := func([]survey.Question, *survey.Definition) {}
	comment := func(q []survey.Question, _ *survey.Definition) { question(q, "comment").Text["vi"] = "Khác" }
	overall := func(q []survey.Question, _ *survey.Definition) { question(q, "overall").Text["vi"] = "Khác" }
	hall := func(q []survey.Question, _ *survey.Definition) { question(q, "hall").Text["vi"] = "Khác" }
	stem := func(_ []survey.Question, d *survey.Definition) { d.Sections[0].Stem = agency.Text{"vi": "Về"} }
	otherStem := func(_ []survey.Question, d *survey.Definition) {
		d.Sections[0].Stem = agency.Text{"vi": "Đối với"}
	}
	less := func(q []survey.Question, _ *survey.Definition) { question(q, "hall").Scored = &no }
	type ids = []int64
	for name, c := range map[string]struct {
		changes  []func([]survey.Question, *survey.Definition)
		headline string
		months   []ids
		want     string // of each month: . nothing, c changed, B breaks and changed, b breaks
	}{
		"one version":              {nil, "", []ids{{1}, {1}, nil, {1}}, "...."},
		"the same words":           {[]func([]survey.Question, *survey.Definition){same}, "", []ids{{1}, {1, 2}, {2}}, ".c."},
		"words that do not count":  {[]func([]survey.Question, *survey.Definition){comment}, "", []ids{{1}, {2}}, ".c"},
		"words that do":            {[]func([]survey.Question, *survey.Definition){hall}, "", []ids{{1}, {2}, {2}}, ".B."},
		"a month of both":          {[]func([]survey.Question, *survey.Definition){hall}, "", []ids{{1}, {1, 2}, {2}, {2}}, ".Bb."},
		"nobody in between":        {[]func([]survey.Question, *survey.Definition){hall}, "", []ids{{1}, nil, {2}}, "..B"},
		"beside the headline":      {[]func([]survey.Question, *survey.Definition){hall}, "overall", []ids{{1}, {2}}, ".c"},
		"the headline":             {[]func([]survey.Question, *survey.Definition){overall}, "overall", []ids{{1}, {2}}, ".B"},
		"a stem":                   {[]func([]survey.Question, *survey.Definition){stem, otherStem}, "", []ids{{2}, {3}}, ".B"},
		"one question less":        {[]func([]survey.Question, *survey.Definition){less}, "", []ids{{1}, {2}}, ".B"},
		"one less beside it":       {[]func([]survey.Question, *survey.Definition){less}, "overall", []ids{{1}, {2}}, ".c"},
		"back to the first":        {[]func([]survey.Question, *survey.Definition){hall}, "", []ids{{1}, {2}, {1}}, ".Bb"},
		"it begins with the other": {[]func([]survey.Question, *survey.Definition){hall}, "", []ids{nil, {2}, {2}}, "..."},
	} {
		months := make([]map[int64]bool, len(c.months))
		for i, some := range c.months {
			months[i] = map[int64]bool{}
			for _, id := range some {
				months[i][id] = true
			}
		}
		got := ""
		for _, m := range joined.Marks(versions(t, c.changes...), c.headline, months) {
			got += map[joined.Mark]string{{}: ".", {Changed: true}: "c", {Breaks: true}: "b", {Changed: true, Breaks: true}: "B"}[m]
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
