package difference_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
	"sipas/internal/difference"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// find is the question of a code, to be changed.
func find(t *testing.T, d *survey.Definition, code string) *survey.Question {
	t.Helper()
	at := slices.IndexFunc(d.Sections[0].Questions, func(q survey.Question) bool { return q.Key == code })
	if at < 0 {
		t.Fatal(code)
	}
	return &d.Sections[0].Questions[at]
}

// What was changed is told, where, and whether figures before and after are of the same.
func TestWhatDiffers(t *testing.T) {
	t.Parallel()
	no, two := false, 2
	vi := func(text string) agency.Text { return agency.Text{"vi": text, "en": "x"} }
	for name, c := range map[string]struct {
		change func(d *survey.Definition)
		want   []string
	}{
		"nothing": {func(*survey.Definition) {}, nil},
		"a word of a scale question": {func(d *survey.Definition) { find(t, d, "overall").Text["vi"] = "Khác" },
			[]string{"wording question overall text vi BREAKS"}},
		"a mark at its end":    {func(d *survey.Definition) { find(t, d, "hall").Text["vi"] += " ?" }, []string{"wording question hall text vi"}},
		"a translation":        {func(d *survey.Definition) { find(t, d, "overall").Text["en"] = "Other" }, []string{"wording question overall text en"}},
		"a word of a question": {func(d *survey.Definition) { find(t, d, "filed").Text["vi"] = "Khác" }, []string{"wording question filed text vi"}},
		"a row":                {func(d *survey.Definition) { find(t, d, "staff").Rows[0].Text["vi"] = "Khác" }, []string{"wording row staff/manner text vi BREAKS"}},
		"satisfied levels":     {func(d *survey.Definition) { find(t, d, "overall").Satisfied = []int{5} }, []string{"scoring question overall satisfied BREAKS"}},
		"not scored":           {func(d *survey.Definition) { find(t, d, "overall").Scored = &no }, []string{"scoring question overall scored BREAKS"}},
		"levels":               {func(d *survey.Definition) { find(t, d, "staff").Levels = 3 }, []string{"scoring question staff levels BREAKS"}},
		"a type":               {func(d *survey.Definition) { find(t, d, "hall").Type = "scale5" }, []string{"scoring question hall type BREAKS"}},
		"points":               {func(d *survey.Definition) { find(t, d, "promise").Choices[1].Points = &two }, []string{"scoring choice promise/" + find(t, every(t), "promise").Choices[1].Key + " points BREAKS"}},
		"a method":             {func(d *survey.Definition) { d.Method = "pooled" }, []string{"scoring survey  method BREAKS"}},
		"required":             {func(d *survey.Definition) { find(t, d, "overall").Required = true }, []string{"setting question overall required"}},
		"a condition":          {func(d *survey.Definition) { find(t, d, "overall").Show = &survey.Condition{Field: []string{"y-te"}} }, []string{"condition question overall show"}},
		"a title":              {func(d *survey.Definition) { d.Title["vi"] = "Khác" }, []string{"wording survey  title vi"}},
		"a stem": {func(d *survey.Definition) { d.Sections[0].Stem = vi("Ông/bà hài lòng thế nào về") },
			[]string{"wording question hall stem vi BREAKS", "wording question overall stem vi BREAKS", "wording question staff stem vi BREAKS", "wording section all stem en", "wording section all stem vi"}},
		"order": {func(d *survey.Definition) {
			q := d.Sections[0].Questions
			d.Sections[0].Questions = append(append(slices.Clone(q[1:4]), q[0]), q[4:]...)
		}, []string{"moved question " + every(t).Sections[0].Questions[0].Key + " "}},
		"order of choices": {func(d *survey.Definition) { slices.Reverse(find(t, d, "came").Choices) }, []string{"moved choice came/walking "}},
		"a choice less":    {func(d *survey.Definition) { q := find(t, d, "came"); q.Choices = q.Choices[1:] }, []string{"removed choice came/walking "}},
		"a choice more": {func(d *survey.Definition) {
			q := find(t, d, "came")
			q.Choices = append(q.Choices, survey.Choice{Key: "moi", Text: vi("Mới")})
		},
			[]string{"added choice came/moi "}},
		"a question less": {func(d *survey.Definition) { d.Sections[0].Questions = d.Sections[0].Questions[1:] }, []string{"removed question " + every(t).Sections[0].Questions[0].Key + " "}},
	} {
		before, after := every(t), every(t)
		c.change(after)
		if diff := cmp.Diff(c.want, said(difference.Compare(*before, *after))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func every(t *testing.T) *survey.Definition {
	t.Helper()
	d := testkit.EveryKind(t)
	return &d
}

func said(differences []difference.One) []string {
	var lines []string
	for _, d := range differences {
		code := d.Code
		if d.Question != "" {
			code = d.Question + "/" + code
		}
		line := fmt.Sprintf("%s %s %s %s", d.Sort, d.Kind, code, d.Field)
		if d.Language != "" {
			line += " " + d.Language
		}
		if d.Breaks {
			line += " BREAKS"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// Whatever order questions are brought into, only as many are told as have to be moved,
// and the others stand in their order.
func TestOrderIsToldOnce(t *testing.T) {
	t.Parallel()
	start := *every(t)
	rapid.Check(t, func(t *rapid.T) {
		after := start
		after.Sections = slices.Clone(start.Sections)
		after.Sections[0].Questions = rapid.Permutation(start.Sections[0].Questions).Draw(t, "order")
		moved := map[string]bool{}
		for _, d := range difference.Compare(start, after) {
			if d.Sort != difference.Moved {
				t.Fatalf("%+v", d)
			}
			moved[d.Code] = true
		}
		rest := func(d survey.Definition) (codes []string) {
			for _, q := range d.Sections[0].Questions {
				if !moved[q.Key] {
					codes = append(codes, q.Key)
				}
			}
			return codes
		}
		if !slices.Equal(rest(start), rest(after)) || len(moved) == len(start.Sections[0].Questions) {
			t.Fatalf("moved %v of %v", moved, rest(after))
		}
	})
}
