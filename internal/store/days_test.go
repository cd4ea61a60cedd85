package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/civil"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

func TestResponsesAreReadOnceEach(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := buildHall(t, st)
		var want []survey.Response
		const n = 4100 // more than two pages at one of the points
		for i := range n {
			point := h.land
			if i%41 == 0 {
				point = h.mixed
			}
			r := h.response(i+1, point, fmt.Sprintf("2025-03-%02d", 1+i%31), "5.", "slow")
			r.Texts = []survey.TextAnswer{{Question: "comment", Text: "bí mật"}}
			r.OfficialID = 4 // who served is in no file for others
			want = append(want, r)
		}
		save(t, st, want...)
		slices.SortStableFunc(want, func(a, b survey.Response) int { return int(a.ServicePointID - b.ServicePointID) })
		for i := range want {
			want[i].Texts, want[i].Judged, want[i].Receipt, want[i].Fingerprint, want[i].OfficialID = nil, nil, "", "", 0
		}
		for _, days := range []civil.Days{
			{}, {From: "2025-03-10"}, {To: "2025-03-10"}, {From: "2025-03-02", To: "2025-03-03"}, {From: "2025-04-01"},
		} {
			inside := slices.DeleteFunc(slices.Clone(want), func(r survey.Response) bool {
				return days.From != "" && r.Day < days.From || days.To != "" && r.Day > days.To
			})
			var got []survey.Response
			for r, err := range st.Responses(t.Context(), days) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, r)
			}
			if diff := cmp.Diff(slices.Clip(inside), got); diff != "" && len(got)+len(inside) > 0 {
				t.Errorf("%+v: %.600s", days, diff)
			}
			if count, err := st.CountResponses(t.Context(), days); err != nil || count != int64(len(inside)) {
				t.Errorf("%+v: counted %d, %v; want %d", days, count, err, len(inside))
			}
		}
		for _, err := range st.Responses(t.Context(), civil.Days{}) {
			if err != nil {
				t.Error(err)
			}
			break // a reader may stop
		}
		if got, err := st.Balance(t.Context()); err != nil || got != (store.Balance{Responses: n, Counted: n}) {
			t.Errorf("balance %+v, %v", got, err)
		}
		if _, err := st.Exec(t.Context(), "DELETE FROM tally_people WHERE service_point_id = $1", h.mixed.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := st.Balance(t.Context()); err != nil || got.Responses != n || got.Counted != n-100 {
			t.Errorf("balance with cells missing: %+v, %v", got, err)
		}
	})
}

func TestReadingFromALostDatabaseEndsWithItsError(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	if _, err := st.Exec(t.Context(), "DROP TABLE response_texts"); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Exec(t.Context(), "DROP TABLE responses"); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range st.Responses(t.Context(), civil.Days{}) {
		if n++; err == nil {
			t.Error("a response from nowhere")
		}
	}
	if n != 1 {
		t.Errorf("%d items, want one error", n)
	}
}
