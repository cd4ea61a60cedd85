package app_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/testkit"
)

var update = flag.Bool("update", false, "record the answers that testdata/release-* lacks, as this program gives them")

// TestUpgrade upgrades the databases that releases left behind. Each must then
// give every answer that the release gave, boards by the rule of groups (boardsOf),
// and the program of before must not touch it: the program meets a schema newer
// than its own here.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	releases, err := filepath.Glob("testdata/release-*")
	if err != nil || len(releases) == 0 {
		t.Fatalf("there is no release to upgrade from: %v", err)
	}
	for _, folder := range releases {
		for name, left := range map[string]func(*testing.T, string) string{"sqlite": leftInSQLite, "postgres": leftInPostgres} {
			t.Run(filepath.Base(folder)+"/"+name, func(t *testing.T) {
				t.Parallel()
				talk := readConversation(t, folder)
				url := left(t, folder)
				servesOnlyWhatIsMigrated(t, url)
				if code, said := program(t, url, "migrate", "up").all(); code != 0 {
					t.Fatalf("migrate up: %d %s", code, said)
				}
				boards := readBoards(t, url)
				s := startServer(t, "SIPAS_DATABASE_URL="+url, "TZ=UTC")
				for _, q := range talk.Questions {
					got := talk.ask(t, q, url, s.base)
					if release, recorded := talk.recorded(t, q); recorded && got.Status == http.StatusOK && strings.HasPrefix(q.Get, "/api/v1/board") {
						boards.check(t, q, release, got)
						continue
					}
					talk.check(t, q, got)
				}
				if boards.compared < 200 {
					t.Errorf("only %d rows of boards were compared", boards.compared)
				}
				s.stop(t)
				if *update && name == "sqlite" {
					talk.write(t, folder)
				}
				backup := backsUp(t, url, talk)
				refusesNewer(t, url, backup)
			})
		}
	}
}

// leftInSQLite is the release's database as a file of the test's own.
func leftInSQLite(t *testing.T, folder string) (url string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sipas.db")
	if err := os.WriteFile(path, unpacked(t, filepath.Join(folder, "sqlite.db.gz")), 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// leftInPostgres is the release's database on the server.
func leftInPostgres(t *testing.T, folder string) (url string) {
	t.Helper()
	url = testkit.Postgres(t).Database(t)
	testkit.Exec(t, url, string(unpacked(t, filepath.Join(folder, "postgres.sql.gz"))))
	return url
}

func unpacked(t *testing.T, path string) []byte {
	t.Helper()
	packed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return content
}

var missingMigration = regexp.MustCompile(`(?m)^missing `)

// servesOnlyWhatIsMigrated: while a migration is missing, nothing that works on
// the tables does, and says which command brings them up to date.
func servesOnlyWhatIsMigrated(t *testing.T, url string) {
	t.Helper()
	if !missingMigration.MatchString(program(t, url, "migrate", "status").stdout) {
		return // the release's schema is still today's
	}
	for _, command := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"recount"}, {"backup", "--out", filepath.Join(t.TempDir(), "b.gz")}} {
		if code, said := program(t, url, command...).all(); code != 1 || !strings.Contains(said, "run `sipas migrate up`") {
			t.Errorf("%v before the migrations: %d %s", command, code, said)
		}
	}
}

// backsUp makes a backup of the upgraded database. It must hold every free text,
// and say from the command line what the release said when it is restored.
func backsUp(t *testing.T, url string, talk *conversation) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "sipas.backup.gz")
	if code, said := program(t, url, "backup", "--out", file).all(); code != 0 {
		t.Fatalf("backup: %d %s", code, said)
	}
	content := unpacked(t, file)
	found := map[string]int{}
	for text := range talk.Texts {
		found[text] = bytes.Count(content, asJSON(t, text))
	}
	if diff := cmp.Diff(talk.Texts, found); diff != "" {
		t.Errorf("free texts (-as they were +upgraded):\n%s", diff)
	}
	restored := "sqlite:" + filepath.Join(t.TempDir(), "restored.db")
	for _, command := range [][]string{{"migrate", "up"}, {"restore", file}} {
		if code, said := program(t, restored, command...).all(); code != 0 {
			t.Fatalf("%v: %d %s", command, code, said)
		}
	}
	for _, q := range talk.Questions {
		if q.Run != "" {
			talk.check(t, q, talk.ask(t, q, restored, ""))
		}
	}
	return file
}

// refusesNewer: what a newer program migrated is left alone, with a sentence that
// says what to do.
func refusesNewer(t *testing.T, url, backup string) {
	t.Helper()
	testkit.Exec(t, url, "INSERT INTO goose_db_version (version_id, is_applied) SELECT MAX(version_id) + 1, TRUE FROM goose_db_version")
	another := filepath.Join(t.TempDir(), "another.gz")
	for _, command := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"migrate", "up"}, {"backup", "--out", another}, {"restore", backup}} {
		code, said := program(t, url, command...).all()
		if code != 1 || !strings.Contains(said, "newer than this program") || !strings.Contains(said, "install the newer program") {
			t.Errorf("%v on a newer schema: %d %s", command, code, said)
		}
	}
	if _, err := os.Stat(another); !os.IsNotExist(err) {
		t.Errorf("the backup that was refused is there: %v", err)
	}
}
