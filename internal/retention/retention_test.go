package retention_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/preset"
	"sipas/internal/retention"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

var now = time.Date(2026, 11, 27, 5, 0, 0, 0, time.UTC)

// kept is what the program knows of the answers beside their texts.
func kept(t *testing.T, st *testkit.Place) string {
	t.Helper()
	n, err := st.CountResponses(t.Context(), civil.Days{})
	if err != nil {
		t.Fatal(err)
	}
	tallies, err := st.PeopleTallies(t.Context(), store.TallyQuery{From: 20240101, Before: 20270101})
	if err != nil {
		t.Fatal(err)
	}
	scale, err := st.ScaleTallies(t.Context(), store.TallyQuery{From: 20240101, Before: 20270101})
	if err != nil {
		t.Fatal(err)
	}
	r, err := st.Recount(t.Context(), false, nil)
	if err != nil || r.Drift != 0 {
		t.Fatalf("drift %d, %v", r.Drift, err)
	}
	return fmt.Sprint(n, tallies, scale)
}

// texts counts those that are kept.
func texts(t *testing.T, st *testkit.Place) (n int) {
	t.Helper()
	if err := st.QueryRow(t.Context(), "SELECT COUNT(*) FROM response_texts").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Texts from before a day go, in several transactions and with two instances at once; those
// of the day stay, and so does every figure. The log says how many and not what; nothing is
// left in the file; and a second run does nothing.
func TestTextsGoAfterTheirTime(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) string{"sqlite": testkit.SQLiteURL, "postgres": testkit.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := open(t)
			st, other := testkit.OpenStore(t, url), testkit.OpenStore(t, url)
			if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named("binh-thuan"), now); err != nil {
				t.Fatal(err)
			}
			snap, err := st.Snapshot(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(snap.Points, func(p agency.ServicePoint) bool { return p.Channel == agency.ChannelQR })
			point, version := snap.Points[at], snap.Newest(snap.Points[at].SurveyKey)
			const before, old = "2024-11-27", 1203
			var all []survey.Response
			for i := range old + 2 {
				day := "2024-11-26"
				if i >= old {
					day = before
				}
				r := survey.Response{
					ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", i), ServicePointID: point.ID, AgencyID: point.JudgedID, FieldKey: point.FieldKeys[0],
					VersionID: version.ID, Channel: point.Channel, Language: "vi", At: now, Day: day,
					Scale: "5" + strings.Repeat(".", len(version.Scale())-1), Receipt: "BCFGHJKM", Fingerprint: "f",
					Texts: []survey.TextAnswer{{Question: "comment", Text: fmt.Sprintf("<NGƯỜI %06d> %s", i, strings.Repeat("x", i%300))}},
				}
				version.Judge(&r)
				all = append(all, r)
			}
			for some := range slices.Chunk(all, 200) {
				if _, err := st.SaveResponses(t.Context(), some); err != nil {
					t.Fatal(err)
				}
			}
			figures := kept(t, st)

			var group sync.WaitGroup
			var removed [2]int64
			for i, instance := range []*testkit.Place{st, other} {
				group.Go(func() {
					var err error
					if removed[i], err = retention.ForgetTexts(t.Context(), instance.DB, testkit.Author(), now, before); err != nil {
						// Clearing the file may wait for the other one: see below.
						t.Logf("instance %d: %v", i, err)
					}
				})
			}
			group.Wait()
			again, err := retention.ForgetTexts(t.Context(), st.DB, testkit.Author(), now, before)
			if err != nil {
				t.Fatal(err)
			}
			if sum := removed[0] + removed[1] + again; sum != old || texts(t, st) != 2 {
				t.Errorf("%d were removed (%v, then %d), %d are left", sum, removed, again, texts(t, st))
			}
			if got := kept(t, st); got != figures {
				t.Error("figures are others")
			}
			entries, err := audit.New(st.DB).List(t.Context(), audit.Filter{Action: "response.forget-texts", Limit: 10})
			if err != nil || len(entries) == 0 || len(entries) > 3 {
				t.Fatalf("%d entries, %v", len(entries), err)
			}
			most := int64(0)
			for _, e := range entries {
				var said retention.Entry
				raw, _ := e.After.(json.RawMessage)
				if err := json.Unmarshal(raw, &said); err != nil || said.Before != before || bytes.Contains(raw, []byte("NGƯỜI")) {
					t.Errorf("the log says %s (%v)", raw, err)
				}
				most = max(most, said.Texts)
			}
			if most != old {
				t.Errorf("the log says that %d were there, want %d", most, old)
			}
			if n, err := retention.ForgetTexts(t.Context(), st.DB, testkit.Author(), now, before); n != 0 || err != nil {
				t.Errorf("once more: %d, %v", n, err)
			}
			if more, err := audit.New(st.DB).List(t.Context(), audit.Filter{Action: "response.forget-texts", Limit: 10}); err != nil || len(more) != len(entries) {
				t.Errorf("a run that finds nothing leaves an entry: %d, %v", len(more), err)
			}
			path, file := strings.CutPrefix(url, "sqlite:")
			if !file {
				return
			}
			for _, name := range []string{path, path + "-wal"} {
				content, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				for i := range old {
					if bytes.Contains(content, fmt.Appendf(nil, "<NGƯỜI %06d>", i)) {
						t.Fatalf("%s still holds what person %d wrote", name, i)
					}
				}
				if name == path && !bytes.Contains(content, fmt.Appendf(nil, "<NGƯỜI %06d>", old)) {
					t.Error("looked in the wrong place")
				}
			}
		})
	}
}
