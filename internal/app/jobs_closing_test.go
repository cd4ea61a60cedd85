package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sipas/internal/civil"
	"sipas/internal/jobs"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// answered keeps answers of a day at two service points, about one agency and field, without asking the program's door, which only knows today.
func (h hall) answered(t *testing.T, day string, people int) {
	t.Helper()
	snap, err := h.st.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	point := snap.Points[0]
	version := snap.Newest(point.SurveyKey)
	for i := range people {
		r := survey.Response{
			ID: survey.NewID(time.Now()), ServicePointID: snap.Points[i%2].ID, AgencyID: point.JudgedID, FieldKey: point.FieldKeys[0],
			VersionID: version.ID, Channel: point.Channel, Language: "vi", At: time.Now(), Day: day,
			Scale: "5" + strings.Repeat(".", len(version.Scale())-1), Receipt: "BCFGHJKM", Fingerprint: "f",
		}
		version.Judge(&r)
		if _, err := h.st.SaveResponses(t.Context(), []survey.Response{r}); err != nil {
			t.Fatal(err)
		}
	}
}

// shown is how many people the figures of a span of half months are about.
func (h hall) shown(t *testing.T, from, before civil.HalfMonth) (n int64) {
	t.Helper()
	tallies, err := h.st.PeopleTallies(t.Context(), store.TallyQuery{From: from, Before: before})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range tallies {
		n += one.Responses
	}
	return n
}

// TestServersCloseHalfMonths: two service points wait, each with fewer people than
// are shown together. After the cut-off day their agency has them all; of several
// servers one did it, and said so in one line. Answers that come late are closed
// again. Where groups are shown once a day they wait until then.
func TestServersCloseHalfMonths(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		database func(testing.TB) string
		servers  int
	}{"sqlite": {testkit.SQLiteURL, 1}, "postgres": {testkit.PostgresURL, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := test.database(t)
			h := openHall(t, url)
			today := civil.HalfMonthOf(time.Now().UTC().Format(time.DateOnly))
			h.answered(t, "2025-03-10", score.DefaultK)
			if n := h.shown(t, 20250101, 20250401); n != 0 {
				t.Errorf("%d people are shown before anything is over", n)
			}
			var all []*server
			for range test.servers {
				all = append(all, startServer(t, "SIPAS_DATABASE_URL="+url, "SIPAS_TZ=UTC", "SIPAS_SHOW=daily"))
			}
			run := func(kind string) {
				t.Helper()
				awaitChore(t, h.st.DB, kind, func(e jobs.Entry) bool { return e.State == jobs.Waiting })
				order(t, h.st.DB, "UPDATE jobs SET due_at = 1, ended_at = NULL WHERE kind = '"+kind+"'")
				awaitChore(t, h.st.DB, kind, func(e jobs.Entry) bool { return e.State == jobs.Waiting && !e.Ended.IsZero() })
			}
			run("close-half-months")
			if n := h.shown(t, 20250301, 20250315); n != score.DefaultK {
				t.Errorf("%d people are shown of the half month that ended with a cut-off day, want %d", n, score.DefaultK)
			}
			h.answered(t, "2025-03-11", score.DefaultK)
			run("close-half-months")
			if n := h.shown(t, 20250301, 20250315); n != 2*score.DefaultK {
				t.Errorf("with late answers %d are shown, want %d", n, 2*score.DefaultK)
			}
			run("close-half-months") // nothing is left to do

			for range score.DefaultK {
				id := survey.NewID(time.Now())
				if status, _, said := post(all[0].base, h.code, id, answer(h.version, id)); status != http.StatusCreated {
					t.Fatalf("an answer: %d %s", status, said)
				}
			}
			if n := h.shown(t, today, today.Next()); n != 0 {
				t.Errorf("%d people of today are shown before the day's showing", n)
			}
			run("show-groups")
			if n := h.shown(t, today, today.Next()); n != score.DefaultK {
				t.Errorf("%d people of today are shown once a day, want %d", n, score.DefaultK)
			}
			log := ""
			for _, s := range all {
				s.stop(t)
				log += s.log.String()
			}
			if n := strings.Count(log, "half months that are over were closed"); n != 2 {
				t.Errorf("the servers say %d times that they closed half months, want 2: %s", n, tail(log))
			}
		})
	}
}
