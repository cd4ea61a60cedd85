package db_test

import (
	"database/sql"
	"testing"

	"sipas/internal/testkit"
)

// TestCachesAreBoundedTogether: the size of SQLite's cache is one connection's,
// so with all of them open the sum counts.
func TestCachesAreBoundedTogether(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	cached := func(row *sql.Row) (kB int) {
		t.Helper()
		if err := row.Scan(&kB); err != nil {
			t.Fatal(err)
		}
		if kB >= 0 {
			t.Fatalf("cache_size is %d pages, want it in kB", kB)
		}
		return -kB
	}
	read, write := st.ReaderForTest(), st.WriterForTest()
	sum := 0
	for _, pool := range []*sql.DB{read, write} {
		most := pool.Stats().MaxOpenConnections
		if most < 1 {
			t.Fatal("the number of connections is not bounded")
		}
		sum += most * cached(pool.QueryRowContext(t.Context(), "PRAGMA cache_size"))
	}
	if sum > 64<<10 {
		t.Errorf("all connections together may cache %d kB", sum)
	}
}
