package arrival_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/arrival"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// What came is counted once however often it is sent, by half months of the place, and
// what is taken out stays counted.
func TestWhatCameIsCounted(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		definitions, err := surveys.BuiltIn()
		must(err)
		testkit.Large(t, st, 20, 600, definitions) // more than one statement of SQLite's
		points, err := st.ServicePoints(ctx)
		must(err)
		versions, err := st.Versions(ctx)
		must(err)
		n := 0
		at := func(p agency.ServicePoint, day string) survey.Response {
			n++
			r := survey.Response{
				ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", n), ServicePointID: p.ID, AgencyID: p.AgencyID, FieldKey: p.FieldKeys[0], VersionID: versions[0].ID,
				Channel: p.Channel, Language: "vi", Day: day, Receipt: agency.NewCode(), Fingerprint: "f",
			}
			versions[0].Judge(&r)
			return r
		}
		save := func(rs ...survey.Response) {
			t.Helper()
			_, err := st.SaveResponses(ctx, rs)
			must(err)
		}
		one, other, silent := points[0], points[1], points[2]
		first := []survey.Response{at(one, "2025-11-14"), at(one, "2025-11-30"), at(one, "2025-11-15"), at(other, "2025-10-31")}
		save(first...)
		tried := at(silent, "2025-11-16")
		tried.Mark = survey.Trial
		save(append(first, at(one, "2025-11-16"), tried)...) // sent again, with a new one, and one of who sets the province up
		must(st.RemoveResponse(ctx, one.ID, first[1].Receipt))

		zone := time.FixedZone("ICT", 7*3600)
		reader := arrival.New(st.DB, func() time.Time { return time.Date(2025, 11, 14, 17, 0, 0, 0, time.UTC) }, zone) // the 15th there
		got, err := reader.Of(ctx, []int64{one.ID, other.ID, silent.ID})
		must(err)
		want := map[int64]arrival.Came{one.ID: {Now: 3, Before: 1, Last: "2025-11-30"}, other.ID: {Last: "2025-10-31"}, silent.ID: {}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("came (-want +got):\n%s", diff)
		}

		var many []survey.Response
		for _, p := range points {
			many = append(many, at(p, "2025-11-15"))
		}
		save(many...)
		heard, err := reader.Heard(ctx)
		must(err)
		ids := make([]int64, len(points))
		for i, p := range points {
			ids[i] = p.ID
		}
		got, err = reader.Of(ctx, ids)
		must(err)
		if len(heard) != len(points) || len(got) != len(points) || got[one.ID].Now != 4 || got[one.ID].Last != "2025-11-30" || got[silent.ID] != (arrival.Came{Now: 1, Last: "2025-11-15"}) {
			t.Errorf("%d of %d heard; %v, %v", len(heard), len(points), got[one.ID], got[silent.ID])
		}
	})
}
