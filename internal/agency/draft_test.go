package agency_test

import (
	"slices"
	"strconv"
	"testing"

	"sipas/internal/agency"
)

// Of the tree that agencies would make only what is changed is judged, and what stands
// right below it.
func TestAgenciesThatCannotStandThere(t *testing.T) {
	t.Parallel()
	as := func(id int64, code, parent, from, to string) agency.Coded {
		return agency.Coded{Agency: agency.Agency{ID: id, Code: code, ValidFrom: from, ValidTo: to}, Parent: parent}
	}
	fresh := func(code, parent, from, to string) *agency.Draft {
		return &agency.Draft{Coded: as(0, code, parent, from, to)}
	}
	stays := func(kept agency.Coded) *agency.Draft { return &agency.Draft{Coded: kept, Kept: kept} }
	deep := []*agency.Draft{fresh("0", "", "", "")}
	for i := range agency.MostDepth + 1 {
		deep = append(deep, fresh(strconv.Itoa(i+1), strconv.Itoa(i), "", ""))
	}
	for name, c := range map[string]struct {
		drafts []*agency.Draft
		want   map[string]agency.Unfitness
	}{
		"sound":            {[]*agency.Draft{fresh("b", "a", "2025-07-01", ""), fresh("a", "", "2025-07-01", "")}, nil},
		"unknown":          {[]*agency.Draft{fresh("a", "x", "", "")}, map[string]agency.Unfitness{"a": agency.ParentUnknown}},
		"circle":           {[]*agency.Draft{fresh("c", "b", "", ""), fresh("a", "b", "", ""), fresh("b", "a", "", "")}, map[string]agency.Unfitness{"a": agency.InCircle, "b": agency.InCircle}},
		"circle with kept": {[]*agency.Draft{{Coded: as(1, "a", "b", "", ""), Kept: as(1, "a", "", "", "")}, stays(as(2, "b", "a", "", ""))}, map[string]agency.Unfitness{"a": agency.InCircle}},
		"deep":             {deep, map[string]agency.Unfitness{"10": agency.TooDeep, "11": agency.TooDeep}},
		"ends first":       {[]*agency.Draft{fresh("a", "", "2025-07-01", "2025-07-01")}, map[string]agency.Unfitness{"a": agency.EndsBeforeBegin}},
		"outside": {[]*agency.Draft{fresh("a", "", "2025-07-01", "2026-07-01"), fresh("b", "a", "2025-06-30", ""), fresh("c", "a", "2025-07-01", "")},
			map[string]agency.Unfitness{"b": agency.OlderThanParent, "c": agency.OutlivesParent}},
		"older and kept so": {[]*agency.Draft{stays(as(1, "a", "", "2025-07-01", "")), stays(as(2, "b", "a", "2010-01-01", ""))}, nil},
		"below what ends":   {[]*agency.Draft{{Coded: as(1, "a", "", "2025-07-01", "2027-01-01"), Kept: as(1, "a", "", "2025-07-01", "")}, stays(as(2, "b", "a", "2010-01-01", ""))}, map[string]agency.Unfitness{"b": agency.OutlivesParent}},
	} {
		got := agency.Misfits(c.drafts)
		for _, m := range got {
			if why, told := c.want[m.Draft.Code]; !told || why != m.Why || !slices.Contains(c.drafts, m.Draft) {
				t.Errorf("%s: %s is told for %d", name, m.Draft.Code, m.Why)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %d are told, want %d", name, len(got), len(c.want))
		}
	}
}
