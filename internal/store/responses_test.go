package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// response makes an accepted response with the given levels ('.' unanswered).
func (h hall) response(id int, point agency.ServicePoint, day, scale string, reasons ...string) survey.Response {
	r := survey.Response{
		ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", id), ServicePointID: point.ID, AgencyID: h.agency.ID,
		FieldKey: point.FieldKeys[0], VersionID: h.version.ID, Channel: point.Channel, Language: "vi",
		At: morning, Day: day, Scale: scale, Judged: survey.LevelsOf(scale), Receipt: agency.NewCode(), Fingerprint: fmt.Sprintf("%s/%v", scale, reasons),
	}
	if len(reasons) > 0 {
		r.Choices = []survey.ChosenAnswer{{Question: "reasons", Choices: reasons}}
	}
	return r
}

func save(t *testing.T, st *testkit.Place, rs ...survey.Response) []store.Outcome {
	t.Helper()
	outcomes, err := st.SaveResponses(t.Context(), rs)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

// noDrift recounts and wants every tally to be right, with n responses.
func noDrift(t *testing.T, st *testkit.Place, n int64) {
	t.Helper()
	got, err := st.Recount(t.Context(), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Drift != 0 || got.Responses != n {
		t.Errorf("recount: %+v, want %d responses and no drift", got, n)
	}
}

// TestBatchIsCounted: what fewer than five people said waits, question by
// question, and is shown when five more came.
func TestBatchIsCounted(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := buildHall(t, st)
		all := store.TallyQuery{From: 20250101, Before: 20260101, By: []store.Dimension{store.ByHalfMonth, store.ByField}}
		save(t, st,
			h.response(1, h.land, "2025-03-14", "5.", "slow", "far"),
			h.response(2, h.land, "2025-03-13", "40", "far"),
			h.response(3, h.land, "2025-03-12", "4.", "far"),
			h.response(4, h.land, "2025-03-01", "13", "far"),
			h.response(5, h.land, "2025-03-14", ".0", "far"),
			h.response(6, h.land, "2025-03-15", "1.", "slow"),
			h.response(7, h.mixed, "2025-03-14", ".0"),
		)
		noDrift(t, st, 7)
		if got, want := dump(t, st, all), "people 20250301 dat-dai: responses 5 people 0 all 0\nchoice 20250301 dat-dai reasons=far: 5\n"; got != want {
			t.Errorf("tallies:\n%s\nwant:\n%s", got, want)
		}
		for id := 8; id <= 11; id++ {
			save(t, st, h.response(id, h.land, "2025-03-14", "5."))
		}
		if got, want := dump(t, st, all), "people 20250301 dat-dai: responses 5 people 0 all 0\nchoice 20250301 dat-dai reasons=far: 5\n"; got != want {
			t.Errorf("four more came:\n%s\nwant:\n%s", got, want)
		}
		save(t, st, h.response(12, h.land, "2025-03-14", "5."))
		noDrift(t, st, 12)
		want := strings.TrimLeft(`
people 20250301 dat-dai: responses 10 people 9 all 8
scale 20250301 dat-dai #0: [0 1 0 0 2 6]
choice 20250301 dat-dai reasons=far: 5
`, "\n")
		if got := dump(t, st, all); got != want {
			t.Errorf("tallies:\n%s\nwant:\n%s", got, want)
		}
		narrow := dump(t, st, store.TallyQuery{
			From: 20250301, Before: 20250315, AgencyIDs: []int64{h.agency.ID},
			FieldKeys: []string{"dat-dai"}, VersionIDs: []int64{h.version.ID}, Channels: []agency.Channel{agency.ChannelQR},
			Items: []store.VersionItem{{VersionID: h.version.ID, Item: 1}},
		})
		if want := "people 0 : responses 10 people 9 all 8\nchoice 0  reasons=far: 5\n"; narrow != want {
			t.Errorf("restricted:\n%s\nwant:\n%s", narrow, want)
		}
	})
}

// dump renders tallies as text, one line each.
func dump(t *testing.T, st *testkit.Place, q store.TallyQuery) string {
	t.Helper()
	var b strings.Builder
	people, err := st.PeopleTallies(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		fmt.Fprintf(&b, "people %d %s: responses %d people %d all %d\n", p.HalfMonth, p.FieldKey, p.Responses, p.People.N, p.People.AllSatisfied)
	}
	scale, err := st.ScaleTallies(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scale {
		fmt.Fprintf(&b, "scale %d %s #%d: %v\n", s.HalfMonth, s.FieldKey, s.Item, s.Counts)
	}
	choices, err := st.ChoiceTallies(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range choices {
		fmt.Fprintf(&b, "choice %d %s %s=%s: %d\n", c.HalfMonth, c.FieldKey, c.Question, c.Choice, c.N)
	}
	return b.String()
}

func TestSameSubmissionIsKeptOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := buildHall(t, st)
		r := h.response(1, h.land, "2025-03-14", "5.")
		r.Texts = []survey.TextAnswer{{Question: "comment", Text: "Cảm ơn 👍"}}
		twin, other := r, r
		twin.Receipt, other.Receipt, other.Fingerprint = agency.NewCode(), agency.NewCode(), "other"
		elsewhere := h.response(1, h.mixed, "2025-03-14", "5.")

		within := save(t, st, r, twin, other, elsewhere)
		if within[0] != (store.Outcome{Receipt: r.Receipt}) {
			t.Errorf("first: %+v", within[0])
		}
		if within[1] != (store.Outcome{Receipt: r.Receipt, Replayed: true}) {
			t.Errorf("replay in the batch: %+v", within[1])
		}
		if within[2] != (store.Outcome{Conflict: true}) {
			t.Errorf("conflict in the batch: %+v", within[2])
		}
		if within[3] != (store.Outcome{Receipt: elsewhere.Receipt}) {
			t.Errorf("the same id at another service point: %+v", within[3])
		}
		later := save(t, st, other, twin)
		if !later[0].Conflict || later[1] != (store.Outcome{Receipt: r.Receipt, Replayed: true}) {
			t.Errorf("later: %+v", later)
		}
		noDrift(t, st, 2)
	})
}

func TestBatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := buildHall(t, st)
		bad := h.response(2, h.land, "2025-03-14", "4.")
		bad.ServicePointID = 999
		_, err := st.SaveResponses(t.Context(), []survey.Response{h.response(1, h.land, "2025-03-14", "5."), bad})
		if err == nil || db.Transient(err) {
			t.Errorf("a row without its service point: %v", err)
		}
		noDrift(t, st, 0)
	})
}

// TestAFullDiskMayBeTriedAgain: it is the operator's to mend, and the citizen's
// page keeps the answers until then.
func TestAFullDiskMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h := buildHall(t, st)
	if _, err := st.Exec(t.Context(), "PRAGMA max_page_count = 1"); err != nil { // as many as there are
		t.Fatal(err)
	}
	var err error
	for i := 1; i < 50 && err == nil; i++ {
		batch := make([]survey.Response, 100)
		for n := range batch {
			batch[n] = h.response(1000*i+n, h.land, "2025-03-14", "5.")
		}
		_, err = st.SaveResponses(t.Context(), batch)
	}
	if !db.Transient(err) {
		t.Errorf("on a full disk: %v", err)
	}
}

func TestALockedDatabaseMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	st, other := testkit.OpenStore(t, url), testkit.OpenStore(t, url)
	exec := func(st *testkit.Place, statement string) {
		t.Helper()
		if _, err := st.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	h := buildHall(t, st)
	exec(st, "PRAGMA busy_timeout = 0") // do not wait ten seconds for it
	exec(other, "BEGIN IMMEDIATE")
	batch := []survey.Response{h.response(1, h.land, "2025-03-14", "5.")}
	if _, err := st.SaveResponses(t.Context(), batch); !db.Transient(err) {
		t.Errorf("while another writes: %v", err)
	}
	if err := st.SaveSetting(t.Context(), "name", "value"); !db.Transient(err) {
		t.Errorf("while another writes: %v", err)
	}
	exec(other, "ROLLBACK")
	if _, err := st.SaveResponses(t.Context(), batch); err != nil || db.Transient(err) {
		t.Errorf("when it is free again: %v", err)
	}
	noDrift(t, st, 1)
}

// Two instances on one database, each writing batches that hit the same
// tallies and partly the same submissions, in different orders.
func TestInstancesDoNotGetInEachOthersWay(t *testing.T) {
	t.Parallel()
	a := testkit.PostgresURL(t)
	stores := []*testkit.Place{testkit.OpenStore(t, a), testkit.OpenStore(t, a)}
	h := buildHall(t, stores[0])
	const batches, size = 60, 40
	var all sync.WaitGroup
	receipts := make([]map[string]agency.Code, 4)
	for w := range receipts {
		receipts[w] = map[string]agency.Code{}
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 7))
			for b := range batches {
				batch := make([]survey.Response, size)
				for i := range batch {
					id := random.IntN(batches * size) // shared by all writers
					point := h.land
					if id%3 == 0 {
						point = h.mixed
					}
					batch[i] = h.response(id, point, fmt.Sprintf("2025-%02d-01", 1+id%12), fmt.Sprintf("%d%d", 1+id%5, id%6), "slow")
				}
				outcomes, err := stores[w%2].SaveResponses(context.Background(), batch)
				if err != nil {
					t.Errorf("writer %d batch %d: %v", w, b, err)
					return
				}
				for i, o := range outcomes {
					if o.Conflict {
						t.Errorf("writer %d: conflict on %s", w, batch[i].ID)
					}
					receipts[w][batch[i].ID] = o.Receipt
				}
			}
		})
	}
	all.Wait()
	kept := map[string]agency.Code{}
	for _, of := range receipts {
		for id, receipt := range of {
			if known, ok := kept[id]; ok && known != receipt {
				t.Errorf("%s has two receipts", id)
			}
			kept[id] = receipt
		}
	}
	noDrift(t, stores[0], int64(len(kept)))
}

func TestRecountFindsAndMendsDrift(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := buildHall(t, st)
		var batch []survey.Response
		for i := range 100 {
			batch = append(batch, h.response(i, h.land, "2025-03-14", fmt.Sprintf("%d.", 1+i%5), "far"))
		}
		save(t, st, batch...)
		for _, statement := range []string{
			"UPDATE tally_scale SET n5 = n5 + 1",
			"UPDATE tally_people SET people = people - 1",
			"DELETE FROM tally_choice",
			"INSERT INTO tally_choice SELECT half_month, version_id, 'reasons', 'ghost', field_key, agency_id, channel, service_point_id, 0, 0, 7, 0, 0 FROM tally_people",
		} {
			if _, err := st.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		found, err := st.Recount(t.Context(), false, nil)
		if err != nil || found.Drift != 4 {
			t.Fatalf("drift: %+v %v, want 4", found, err)
		}
		if _, err := st.Recount(t.Context(), true, nil); err != nil {
			t.Fatal(err)
		}
		noDrift(t, st, 100)
	})
}

// TestRemovingSubtractsExactlyWhatWasAdded: afterwards nothing tells that the
// response was ever there, and its receipt is unknown.
func TestRemovingSubtractsExactlyWhatWasAdded(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := buildHall(t, st)
		leaves, stays, other := h.response(1, h.land, "2025-03-14", "5.", "slow", "far"), h.response(2, h.land, "2025-03-31", "40", "far"), h.response(3, h.mixed, "2025-03-14", ".0")
		leaves.Texts = []survey.TextAnswer{{Question: "comment", Text: "xin xoá"}}
		other.Receipt = leaves.Receipt // at another service point
		save(t, st, leaves, stays, other)
		if err := st.RemoveResponse(t.Context(), h.land.ID, leaves.Receipt); err != nil {
			t.Fatal(err)
		}
		noDrift(t, st, 2)
		if r, err := st.Recount(t.Context(), true, nil); err != nil || r.Drift != 0 {
			t.Errorf("%+v, %v", r, err)
		}
		if err := st.RemoveResponse(t.Context(), h.land.ID, leaves.Receipt); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("removed twice: %v", err)
		}
		changed := leaves
		changed.Fingerprint = "other"
		for _, sent := range save(t, st, leaves, changed, leaves) {
			if sent != (store.Outcome{Removed: true}) {
				t.Errorf("sent again after it was taken out: %+v", sent)
			}
		}
		noDrift(t, st, 2)
		one, two := h.response(4, h.land, "2025-03-14", "1."), h.response(5, h.land, "2025-03-14", "1.")
		one.Receipt, two.Receipt = leaves.Receipt, leaves.Receipt
		save(t, st, one, two)
		if err := st.RemoveResponse(t.Context(), h.land.ID, leaves.Receipt); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("two with one receipt: %v", err)
		}
		noDrift(t, st, 4)
	})
}

func TestTimesAndTextsComeBackAsGiven(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := buildHall(t, st)
		r := h.response(1, h.land, "2025-03-14", "5.")
		r.At = time.Date(2025, 3, 14, 9, 30, 0, 123456000, time.FixedZone("ICT", 7*3600)).UTC()
		r.Texts = []survey.TextAnswer{{Question: "comment", Text: "Đắk Lắk — 'x'; DROP TABLE responses; --"}}
		save(t, st, r)
		var at int64
		var body string
		row := st.QueryRow(t.Context(), `SELECT r.received_at, t.text FROM responses r
			JOIN response_texts t ON t.service_point_id = r.service_point_id AND t.response_id = r.id`)
		if err := row.Scan(&at, &body); err != nil {
			t.Fatal(err)
		}
		if at != r.At.UnixMicro() || body != r.Texts[0].Text {
			t.Errorf("at %d, text %q", at, body)
		}
	})
}

// TestProbeFindsWhatABatchWouldFind, and finds it gone.
func TestProbeFindsWhatABatchWouldFind(t *testing.T) {
	t.Parallel()
	for fault, statements := range map[string][2]string{
		"read only": {"PRAGMA query_only = ON", "PRAGMA query_only = OFF"},
		"full":      {"PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000"}, // 1: as many as there are
	} {
		st := testkit.SQLite(t)
		if _, err := st.Exec(t.Context(), statements[0]); err != nil {
			t.Fatal(err)
		}
		if err := st.Store.Probe(t.Context()); !db.Transient(err) {
			t.Errorf("%s: %v", fault, err)
		}
		if _, err := st.Exec(t.Context(), statements[1]); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := st.Store.Probe(t.Context()); err != nil {
				t.Errorf("no more %s: %v", fault, err)
			}
		}
	}
}
