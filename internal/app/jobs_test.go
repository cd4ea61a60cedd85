package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/jobs"
	"sipas/internal/testkit"
)

// TestAKilledServersChoreIsDone kills the real program while it sweeps sessions,
// and has others make that good: two on Postgres, where a database has several.
func TestAKilledServersChoreIsDone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		database func(testing.TB) string
		others   int
		hinder   func(*testing.T, *db.DB) (mend func())
	}{
		{"sqlite", testkit.SQLiteURL, 1, slowTrigger("DELETE ON sessions")},
		{"postgres", testkit.PostgresURL, 2, lockedTable("sessions")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := test.database(t)
			st := testkit.OpenStore(t, url)
			const token = "SIPAS_METRICS_TOKEN=0123456789abcdef"
			server := startServer(t, "SIPAS_DATABASE_URL="+url, token)
			awaitChore(t, st.DB, "sweep-sessions", func(e jobs.Entry) bool { return e.State == jobs.Waiting })
			server.awaitMetric(t, `sipas_jobs{state="waiting"} 8`)
			order(t, st.DB, "INSERT INTO sessions (token_hash, data, expires_at) VALUES ('old', '', 1)")
			mend := test.hinder(t, st.DB)
			order(t, st.DB, "UPDATE jobs SET due_at = 1 WHERE kind = 'sweep-sessions'")
			awaitChore(t, st.DB, "sweep-sessions", func(e jobs.Entry) bool { return e.State == jobs.Running })
			server.kill(t)
			mend()
			if e := awaitChore(t, st.DB, "sweep-sessions", func(jobs.Entry) bool { return true }); e.State != jobs.Running || e.Attempts != 1 {
				t.Errorf("after the kill: %+v", e)
			}
			order(t, st.DB, "UPDATE jobs SET due_at = 1 WHERE kind = 'sweep-sessions'") // its lease is over
			for range test.others {
				startServer(t, "SIPAS_DATABASE_URL="+url, token)
			}
			awaitChore(t, st.DB, "sweep-sessions", func(e jobs.Entry) bool { return e.State == jobs.Waiting && e.Error != "" })
			order(t, st.DB, "UPDATE jobs SET due_at = 1 WHERE kind = 'sweep-sessions'")
			awaitChore(t, st.DB, "sweep-sessions", func(e jobs.Entry) bool { return e.State == jobs.Waiting && e.Attempts == 0 && e.Error == "" })
			var left int
			if err := st.QueryRow(t.Context(), "SELECT COUNT(*) FROM sessions").Scan(&left); err != nil || left != 0 {
				t.Errorf("%d sessions are left, %v", left, err)
			}
		})
	}
}

// slowTrigger makes what is done to a table, such as removing a session, take
// longer than the test.
func slowTrigger(what string) func(*testing.T, *db.DB) (mend func()) {
	return func(t *testing.T, d *db.DB) (mend func()) {
		t.Helper()
		order(t, d, "CREATE TRIGGER slow BEFORE "+what+` BEGIN SELECT COUNT(*) FROM
			(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) SELECT i FROM n); END`)
		return func() { order(t, d, "DROP TRIGGER slow") }
	}
}

// lockedTable keeps a table from being changed.
func lockedTable(table string) func(*testing.T, *db.DB) (mend func()) {
	return func(t *testing.T, d *db.DB) (mend func()) {
		t.Helper()
		locked, free, done := make(chan error), make(chan bool), make(chan error)
		go func() {
			done <- d.Change(context.Background(), func(tx *db.Tx) error {
				err := tx.Lock(context.Background(), table)
				locked <- err
				<-free
				return err
			})
		}()
		if err := <-locked; err != nil {
			t.Fatal(err)
		}
		return func() {
			close(free)
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
}

func order(t *testing.T, d *db.DB, statement string) {
	t.Helper()
	if _, err := d.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// awaitChore waits until a chore is as wanted.
func awaitChore(t *testing.T, d *db.DB, kind string, wanted func(jobs.Entry) bool) jobs.Entry {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		all, err := jobs.List(t.Context(), d, jobs.Waiting, jobs.Running, jobs.Failed, jobs.Done)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if e.Kind == kind && wanted(e) {
				return e
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("the chore never is as wanted: %v", all)
		}
	}
}

// TestAnAuditTakenOutIsFound takes every entry and the seal out beside the
// server. Nothing in the database tells; the server remembers, and jobs say it.
func TestAnAuditTakenOutIsFound(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": testkit.SQLiteURL, "postgres": testkit.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := database(t)
			st := testkit.OpenStore(t, url)
			if err := st.SaveSetting(t.Context(), "k", "v"); err != nil {
				t.Fatal(err)
			}
			startServer(t, "SIPAS_DATABASE_URL="+url)
			const kind, now = "verify-audit", "UPDATE jobs SET due_at = 1 WHERE kind = 'verify-audit'"
			awaitChore(t, st.DB, kind, func(e jobs.Entry) bool { return e.State == jobs.Waiting })
			order(t, st.DB, now)
			if e := awaitChore(t, st.DB, kind, func(e jobs.Entry) bool { return e.State == jobs.Waiting && !e.Ended.IsZero() }); e.Error != "" {
				t.Errorf("as it was written: %s", e.Error)
			}
			order(t, st.DB, map[string]string{
				"sqlite": "DROP TRIGGER audit_entries_no_delete", "postgres": "DROP TRIGGER audit_entries_immutable ON audit_entries",
			}[name])
			order(t, st.DB, "DELETE FROM audit_entries")
			order(t, st.DB, "DELETE FROM audit_seal")
			if _, err := audit.New(st.DB).Verify(t.Context()); err != nil {
				t.Errorf("an audit without entries: %v", err)
			}
			order(t, st.DB, now)
			if e := awaitChore(t, st.DB, kind, func(e jobs.Entry) bool { return e.Error != "" }); !strings.Contains(e.Error, "1 entries were noted, 0 are there") {
				t.Errorf("taken out: %s", e.Error)
			}
		})
	}
}
