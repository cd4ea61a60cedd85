package testkit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sipas/internal/db"
	"sipas/internal/registry"
	"sipas/internal/store"
)

// EachStore runs a test on every database that the platform supports: SQLite
// always, and Postgres where there is one (see Postgres). Each run is a
// parallel subtest with a migrated, empty store of its own, which is closed at
// its end.
func EachStore(t *testing.T, test func(t *testing.T, st *Place)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, OpenStore(t, PostgresURL(t)))
	})
}

// SQLite returns a migrated, empty store in a file of its own. It is closed at
// the end of the test.
func SQLite(t testing.TB) *Place {
	t.Helper()
	return OpenStore(t, SQLiteURL(t))
}

// OpenStore opens a database by its URL and closes it at the end of the test.
// Several on one URL are several instances of the program.
func OpenStore(t testing.TB, url string) *Place {
	t.Helper()
	d, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatalf("opening the test database: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("closing the test database: %v", err)
		}
	})
	return &Place{
		DB: d, Store: store.New(d, store.Options{}),
		Registry: registry.New(d, registry.Options{Now: time.Now, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}),
	}
}

// SQLiteURL makes a migrated, empty SQLite database and returns its URL. The
// schema is built once in this process and its file copied for each test.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	schema, err := migratedSQLite()
	if err != nil {
		t.Fatalf("preparing a SQLite database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "sipas.db")
	if err := os.WriteFile(path, schema, 0o600); err != nil {
		t.Fatalf("copying a SQLite database: %v", err)
	}
	return "sqlite:" + path
}

// PostgresURL makes a migrated, empty Postgres database and returns its URL. It
// is dropped at the end of the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return Postgres(t).TemplateDatabase(t, "schema", migrate)
}

// migratedSQLite is the content of a migrated database file. It is kept in
// memory, so that no file has to outlive the tests.
var migratedSQLite = sync.OnceValues(func() (schema []byte, err error) {
	dir, err := os.MkdirTemp("", "sipas-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "schema.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	// Closing moves the log into the file; a copy without it would be empty.
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the write-ahead log of %s is still there (%w)", path, err)
	}
	return os.ReadFile(path)
})

// migrate brings an empty database to the program's schema.
func migrate(url string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, url)
	if err != nil {
		return err
	}
	_, err = d.Migrate(ctx)
	return errors.Join(err, d.Close())
}
