package app_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/db"
	"sipas/internal/store"
	"sipas/internal/testkit"
)

// TestAnUpgradeCutShortIsDoneAgain kills the real program while it makes the
// tallies of a release's database. Nothing reads figures then; run again, it comes
// to the end that an upgrade comes to that nobody cut short.
func TestAnUpgradeCutShortIsDoneAgain(t *testing.T) {
	t.Parallel()
	const folder = "testdata/release-2026-11"
	for _, test := range []struct {
		name   string
		left   func(*testing.T, string) string
		hinder func(*testing.T, *db.DB) (mend func())
		within func(*testing.T, *testkit.Place) bool // the transaction that makes them
	}{
		{"sqlite", leftInSQLite, slowTrigger("UPDATE ON tallies_made"), func(t *testing.T, st *testkit.Place) bool {
			_, err := st.Exec(t.Context(), "DELETE FROM readiness")
			return err != nil // it is locked
		}},
		{"postgres", leftInPostgres, lockedTable("tallies_made"), func(t *testing.T, st *testkit.Place) (waits bool) {
			const query = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE tallies_made%')"
			if err := st.QueryRow(t.Context(), query).Scan(&waits); err != nil {
				t.Fatal(err)
			}
			return waits
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			whole := test.left(t, folder)
			if code, said := program(t, whole, "migrate", "up").all(); code != 0 || !strings.Contains(said, "the tallies are made; it took") {
				t.Fatalf("migrate up: %d %s", code, said)
			}
			want := talliesOf(t, testkit.OpenStore(t, whole))
			if len(want) < 1000 {
				t.Errorf("only %d bytes of tallies", len(want))
			}

			url := test.left(t, folder)
			st := testkit.OpenStore(t, url)
			if _, err := st.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			mend := test.hinder(t, st.DB)
			upgrade := migrateUp(t, url)
			until(t, "the tallies are being made", func() bool { return test.within(t, st) })
			if err := upgrade.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = upgrade.Wait() // it was killed
			mend()

			if made, err := st.Made(t.Context()); err != nil || made {
				t.Errorf("after the kill the tallies are made: %v %v", made, err)
			}
			for _, command := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"recount", "--fix"}, {"backup", "--out", filepath.Join(t.TempDir(), "b.gz")}, {"doctor"}, {"migrate", "status"}} {
				if code, said := program(t, url, command...).all(); code != 1 || !strings.Contains(said, "the tallies are not made from the responses yet: run `sipas migrate up`") {
					t.Errorf("%v after the kill: %d %s", command, code, said)
				}
			}
			for _, wanted := range []string{"the tallies are made; it took", "0 migrations applied; the database is up to date\n"} {
				if code, said := program(t, url, "migrate", "up").all(); code != 0 || !strings.Contains(said, wanted) {
					t.Errorf("migrate up again: %d %s, want %q", code, said, wanted)
				}
			}
			if diff := cmp.Diff(want, talliesOf(t, st)); diff != "" {
				t.Errorf("tallies (-made at once +made again):\n%s", diff)
			}
		})
	}
}

// migrateUp starts `sipas migrate up`.
func migrateUp(t *testing.T, url string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(path, "migrate", "up")
	command.Env = append(os.Environ(), "SIPAS_DATABASE_URL="+url)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return command
}

// talliesOf is every row of the tallies.
func talliesOf(t *testing.T, st *testkit.Place) string {
	t.Helper()
	tables := slices.DeleteFunc(store.Tables(), func(table db.Table) bool { return !strings.HasPrefix(table.Name, "tally_") })
	var out bytes.Buffer
	if _, err := st.Dump(t.Context(), &out, tables, time.Unix(0, 0), nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tallies.gz")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return string(unpacked(t, path))
}
