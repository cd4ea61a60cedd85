package testkit

import (
	"database/sql"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"; SQLite's comes with the store
)

// Exec runs one statement on a database by its URL, to bring it into a state
// that the program itself would never make.
func Exec(t testing.TB, url, statement string) {
	t.Helper()
	db := connected(t, url)
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Number asks a database for one number.
func Number(t testing.TB, url, query string) (n int64) {
	t.Helper()
	db := connected(t, url)
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// LockSQLite keeps every other writer out of a SQLite database until letGo.
func LockSQLite(t testing.TB, url string) (letGo func()) {
	t.Helper()
	db := connected(t, url)
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	letGo = sync.OnceFunc(func() { _ = db.Close() }) // rolls back
	t.Cleanup(letGo)
	return letGo
}

func connected(t testing.TB, url string) *sql.DB {
	t.Helper()
	driver, source := "pgx", url
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, source = "sqlite", path
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
