package app_test

import (
	"strings"
	"testing"
	"time"

	"sipas/internal/audit"
	"sipas/internal/jobs"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// TestServersForgetTexts: texts of more than 24 months ago go, those of yesterday stay, and
// where they are kept for ever none goes. Of several servers one does it, with one entry.
func TestServersForgetTexts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		database func(testing.TB) string
		servers  int
	}{"sqlite": {testkit.SQLiteURL, 1}, "postgres": {testkit.PostgresURL, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := test.database(t)
			h := openHall(t, url)
			h.answered(t, "2023-03-10", 3)
			h.answered(t, time.Now().AddDate(0, 0, -1).Format(time.DateOnly), 2)
			write := func() {
				order(t, h.st.DB, "INSERT INTO response_texts (service_point_id, response_id, question, text, day) SELECT service_point_id, id, 'comment', 'x', day FROM responses WHERE day < '2024-01-01'")
			}
			left := func() (old, all int) {
				t.Helper()
				if err := h.st.QueryRow(t.Context(), "SELECT COUNT(CASE WHEN day < '2024-01-01' THEN 1 END), COUNT(*) FROM response_texts").Scan(&old, &all); err != nil {
					t.Fatal(err)
				}
				return old, all
			}
			write()
			order(t, h.st.DB, "INSERT INTO response_texts (service_point_id, response_id, question, text, day) SELECT service_point_id, id, 'comment', 'x', day FROM responses WHERE day > '2024-01-01'")
			var all []*server
			log := ""
			start := func() {
				for range test.servers {
					all = append(all, startServer(t, "SIPAS_DATABASE_URL="+url, "SIPAS_TZ=UTC"))
				}
			}
			stop := func() {
				for _, s := range all {
					s.stop(t)
					log += s.log.String()
				}
				all = nil
			}
			start()
			const kind = "forget-texts"
			run := func() {
				t.Helper()
				awaitChore(t, h.st.DB, kind, func(e jobs.Entry) bool { return e.State == jobs.Waiting })
				order(t, h.st.DB, "UPDATE jobs SET due_at = 1, ended_at = NULL WHERE kind = '"+kind+"'")
				awaitChore(t, h.st.DB, kind, func(e jobs.Entry) bool { return e.State == jobs.Waiting && !e.Ended.IsZero() })
			}
			run()
			if old, some := left(); old != 0 || some != 2 {
				t.Errorf("%d old texts are left, %d in all", old, some)
			}
			stop()
			if err := h.st.SaveSetting(t.Context(), registry.SettingTextMonths, "0"); err != nil {
				t.Fatal(err)
			}
			write()
			start()
			run()
			if old, _ := left(); old != 3 {
				t.Errorf("%d texts are left of three that are kept for ever", old)
			}
			stop()
			entries, err := audit.New(h.st.DB).List(t.Context(), audit.Filter{Action: "response.forget-texts", Limit: 10})
			if err != nil || len(entries) != 1 || entries[0].Author.Name != "sipas serve" || strings.Count(log, "free texts were removed") != 1 {
				t.Errorf("%d entries, %v; the log says %s", len(entries), err, tail(log))
			}
		})
	}
}
