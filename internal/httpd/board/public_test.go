package board

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/civil"
	"sipas/internal/publication"
)

// TestPublishedOrder: the public page starts with the longest period of the
// newest year.
func TestPublishedOrder(t *testing.T) {
	t.Parallel()
	list := []publication.Published{{Publication: publication.Publication{Year: 2026, Period: "M01"}}}
	for _, part := range civil.PeriodParts() {
		list = append(list, publication.Published{Publication: publication.Publication{Year: 2025, Period: part}})
	}
	slices.SortStableFunc(list, inOrder)
	var got []string
	for _, p := range list {
		got = append(got, p.Period)
	}
	want := []string{
		"M01", "Y", "9M", "H2", "H1", "Q4", "Q3", "Q2", "Q1",
		"M12", "M11", "M10", "M09", "M08", "M07", "M06", "M05", "M04", "M03", "M02", "M01",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
