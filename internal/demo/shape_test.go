package demo

import (
	"fmt"
	"slices"
	"testing"

	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/surveys"
)

const seed = 2025

// builtIn gives the versions that a fresh database has.
func builtIn(t *testing.T) map[string]*survey.Version {
	t.Helper()
	definitions, err := surveys.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]*survey.Version{}
	for i, d := range definitions {
		versions[d.Key] = survey.NewVersion(int64(i+1), 1, opening, d)
	}
	return versions
}

// accept turns a visit into a response, as the intake does.
func accept(t *testing.T, s *simulator, v visit) survey.Response {
	t.Helper()
	d := s.desks[v.desk]
	r, err := survey.Accepting{
		Point:   survey.ServicePoint{ID: int64(v.desk + 1), Channel: d.channel, FieldKeys: d.fields},
		Version: s.versions[d.survey],
		Scopes: map[string]survey.FieldScope{
			land: survey.ScopeProcedures, construction: survey.ScopeProcedures, investment: survey.ScopeProcedures, other: survey.ScopeProcedures,
			health: survey.ScopePublic, education: survey.ScopePublic,
		},
		At: v.at, Zone: zone,
	}.Accept(s.submission(v))
	if err != nil {
		t.Fatalf("%v: %v", v, err)
	}
	return r
}

// story is what the figures of five years are computed from.
type story struct {
	fields    map[string]score.Counts // by indicator and year: overall, or all questions
	points    map[string]int          // by desk and year
	texts     int
	reasons   int
	responses int
	ids       map[string]bool
}

func tell(t *testing.T, n int) story {
	t.Helper()
	s := newSimulator(seed, builtIn(t))
	st := story{fields: map[string]score.Counts{}, points: map[string]int{}, ids: map[string]bool{}}
	procedures := []string{land, construction, investment, other}
	for _, v := range s.visits(n) {
		r := accept(t, s, v)
		st.responses++
		st.ids[r.ID] = true
		st.texts += len(r.Texts)
		st.points[fmt.Sprint(v.desk, " ", r.Day[:4])]++
		form := s.desks[v.desk].survey
		for i, level := range r.Levels() {
			var names []string
			switch {
			case level < 0 || form == quickForm && i > 0:
				continue
			case form == sipasForm:
				names = []string{"SIPAS"}
			default:
				names = []string{r.FieldKey}
				if slices.Contains(procedures, r.FieldKey) {
					names = append(names, "TTHC")
				}
			}
			for _, name := range names {
				counts := st.fields[name+" "+r.Day[:4]]
				counts[level]++
				st.fields[name+" "+r.Day[:4]] = counts
			}
		}
		for _, chosen := range r.Choices {
			if chosen.Question == "reasons" {
				st.reasons++
			}
		}
	}
	return st
}

// TestShape holds the whole story to what it is meant to show: in 2025 some
// targets are met and some missed.
func TestShape(t *testing.T) {
	t.Parallel()
	const n = DefaultResponses
	st := tell(t, n)
	if st.responses != n || len(st.ids) != n {
		t.Errorf("%d responses with %d ids, want %d", st.responses, len(st.ids), n)
	}
	index := func(key string) float64 {
		x, ok := score.Ratio(st.fields[key].Satisfied(), st.fields[key].Valid())
		if !ok {
			t.Fatalf("no data for %s", key)
		}
		return x.Float()
	}
	for key, band := range map[string][2]float64{
		land:         {81, 83},     // target 85
		construction: {85.5, 87.5}, // 85
		investment:   {88, 90.5},   // 85
		health:       {82.5, 84.5}, // 85
		education:    {86.5, 89},   // 85
		"TTHC":       {84, 88},     // 90
		"SIPAS":      {88.2, 89.8}, // 90
	} {
		for year := firstYear; year <= 2025; year++ {
			key := fmt.Sprint(key, " ", year)
			t.Logf("%-14s %6.2f of %d", key, index(key), st.fields[key].Valid())
		}
		if x := index(key + " 2025"); x < band[0] || x > band[1] {
			t.Errorf("%s in 2025: %.2f, want %v", key, x, band)
		}
	}

	quiet, scarce := 0, 0
	for _, n := range st.points {
		switch {
		case n < 5:
			scarce++
		case n < 30:
			quiet++
		}
	}
	t.Logf("%d desks; years of a desk with fewer than 5 people: %d, than 30: %d; %d texts, %d reasons", len(desks()), scarce, quiet, st.texts, st.reasons)
	if scarce < 3 || quiet < 8 {
		t.Errorf("years of a desk with fewer than 5 people: %d, than 30: %d; too few to see suppression", scarce, quiet)
	}
	if st.texts < n/200 || st.reasons < n/20 {
		t.Errorf("%d texts and %d reasons", st.texts, st.reasons)
	}
}
