package db_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/db"
	"sipas/internal/testkit"
	"sipas/migrations"
)

func TestBothDialectsHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	names := func(files fs.FS, folder string) []string {
		found, err := fs.Glob(files, folder+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for i := range found {
			found[i] = strings.TrimPrefix(found[i], folder+"/")
		}
		return found
	}
	lite, pg := names(migrations.SQLite, "sqlite"), names(migrations.Postgres, "postgres")
	if diff := cmp.Diff(lite, pg); diff != "" {
		t.Error(diff)
	}
	for i, name := range lite {
		if want := fmt.Sprintf("%04d_", i+1); !strings.HasPrefix(name, want) {
			t.Errorf("migration %d is called %s", i+1, name)
		}
	}
}

// columns lists table.column of the whole schema.
func columns(t *testing.T, st *testkit.Place) []string {
	t.Helper()
	query := `SELECT m.name || '.' || p.name FROM sqlite_master m, pragma_table_info(m.name) p
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'`
	if st.Dialect() == "postgres" {
		query = `SELECT table_name || '.' || column_name FROM information_schema.columns
			WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%'`
	}
	return lines(t, st, query)
}

func lines(t *testing.T, st *testkit.Place, query string) []string {
	t.Helper()
	var list []string
	err := st.Query(t.Context(), query, nil, func(rows *sql.Rows) error {
		list = append(list, "")
		return rows.Scan(&list[len(list)-1])
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(list)
	return list
}

func TestBothDialectsHaveTheSameColumns(t *testing.T) {
	t.Parallel()
	lite := columns(t, testkit.SQLite(t))
	pg := columns(t, testkit.OpenStore(t, testkit.PostgresURL(t)))
	if diff := cmp.Diff(lite, pg); diff != "" || len(lite) < 50 {
		t.Errorf("%d columns: %s", len(lite), diff)
	}
}

// What citizens write is spread over machines by service point, so every
// primary and unique key of those tables must hold it.
func TestCitizensRowsCarryTheServicePointInTheirKeys(t *testing.T) {
	t.Parallel()
	st := testkit.OpenStore(t, testkit.PostgresURL(t))
	keys := lines(t, st, `SELECT c.relname || ' ' || string_agg(a.attname, ',' ORDER BY a.attname)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
		WHERE i.indisunique AND (c.relname LIKE 'response%' OR c.relname LIKE 'tally%' OR c.relname LIKE 'spent%') GROUP BY c.relname, i.indexrelid`)
	tables := map[string]bool{}
	for _, k := range keys {
		table, names, _ := strings.Cut(k, " ")
		tables[table] = true
		if !slices.Contains(strings.Split(names, ","), "service_point_id") {
			t.Errorf("a unique key of %s is (%s)", table, names)
		}
	}
	if len(tables) != 7 {
		t.Errorf("looked at %v", slices.Collect(maps.Keys(tables)))
	}
}

func TestForeignSchemaIsRefused(t *testing.T) {
	t.Parallel()
	empty, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "empty.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	var wrong *db.SchemaError
	if err := empty.CheckSchema(t.Context()); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "sipas migrate up") {
		t.Errorf("unmigrated: %v", err)
	}
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		if err := st.CheckSchema(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"); err != nil {
			t.Fatal(err)
		}
		var wrong *db.SchemaError
		if err := st.CheckSchema(t.Context()); !errors.As(err, &wrong) || wrong.Found != 9999 {
			t.Errorf("newer schema: %v", err)
		}
		if _, err := st.Migrate(t.Context()); !errors.As(err, &wrong) {
			t.Errorf("migrating a newer schema: %v", err)
		}
	})
}

func TestMigrationsGoDownAndUpAgain(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		before := columns(t, st)
		if err := st.DownForTest(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := columns(t, st); len(left) != 0 {
			t.Errorf("left after going down: %v", left)
		}
		if n, err := st.Migrate(t.Context()); err != nil || n == 0 {
			t.Fatalf("up again: %d %v", n, err)
		}
		if diff := cmp.Diff(before, columns(t, st)); diff != "" {
			t.Error(diff)
		}
		list, err := st.Migrations(t.Context())
		if err != nil || len(list) == 0 || !list[0].Applied {
			t.Errorf("migrations: %v %v", list, err)
		}
	})
}
