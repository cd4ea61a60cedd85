package target

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestSettle: values first, whatever the order of lines; then the rest of a demand in
// its order, unless some of it would be left over; what cannot be read means nothing.
func TestSettle(t *testing.T) {
	t.Parallel()
	ask := func(plan string, comparator Comparator, percent int) Wanted {
		of := Target{Plan: plan, Year: 2026, Indicator: IndicatorProcedures}
		return Wanted{of.Demand(""), comparator, percent, percent >= 0}
	}
	kept := func(id int64, comparator Comparator, percent int) Target {
		return Target{ID: id, Plan: " 9/KH", Year: 2026, Indicator: IndicatorProcedures, Comparator: comparator, Percent: percent}
	}
	two := []Target{kept(1, AtLeast, 8000), kept(2, Above, 9550)}
	for _, test := range []struct {
		name   string
		kept   []Target
		wanted []Wanted
		want   string // id, new, twice:place or which:values
	}{
		{"as it is", two, []Wanted{ask("9/KH", Above, 9550), ask("9/KH", "", 8000)}, "2 1"},
		{"another value", two, []Wanted{ask("9/KH", AtLeast, 9000), ask("9/KH", "", 8000)}, "2 1"},
		{"another comparator", two, []Wanted{ask("9/KH", Above, 8000), ask("9/KH", AtLeast, 9550)}, "1 2"},
		{"one more", two, []Wanted{ask("9/KH", "", 1), ask("9/KH", "", 2), ask("9/KH", "", 3)}, "1 2 new"},
		{"one of two", two, []Wanted{ask("9/KH", "", 9000)}, "which:80;95.5"},
		{"the one that is left", two, []Wanted{ask("9/KH", "", 9000), ask("9/KH", "", 9550)}, "1 2"},
		{"twice what is kept", two, []Wanted{ask("9/KH", "", 8000), ask("9/KH", "", 8000)}, "1 twice:0"},
		{"twice what is new", nil, []Wanted{ask("8/KH", "", 0), ask("9/KH", "", 1), ask("9/KH", "", 1)}, "new new twice:1"},
		{"kept twice", []Target{kept(1, AtLeast, 8000), kept(2, AtLeast, 8000)}, []Wanted{ask("9/KH", "", 8000), ask("9/KH", "", 8000)}, "1 2"},
		{"another plan", two, []Wanted{ask("8/KH", "", 8000)}, "new"},
		{"cannot be read", two, []Wanted{ask("9/KH", "", -1), ask("9/KH", "", -1)}, "new new"},
	} {
		was := slices.Clone(test.kept)
		var got []string
		for _, m := range Settle(test.kept, func(Target) string { return "" }, test.wanted) {
			switch {
			case m.Twice:
				got = append(got, fmt.Sprint("twice:", m.First))
			case m.Among != nil:
				got = append(got, "which:"+strings.Join(m.Among, ";"))
			case m.Kept == nil:
				got = append(got, "new")
			default:
				got = append(got, fmt.Sprint(m.Kept.ID))
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		for i := range was {
			if was[i].ID != test.kept[i].ID {
				t.Errorf("%s: what is kept was moved", test.name)
			}
		}
	}
}
