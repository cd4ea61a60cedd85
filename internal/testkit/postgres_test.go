package testkit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func queryInt(t *testing.T, dsn, query string) int {
	t.Helper()
	var n int
	err := withConn(dsn, func(ctx context.Context, conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func execute(dsn, statements string) error {
	return withConn(dsn, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statements)
		return err
	})
}

func TestDatabaseIsEmptyAndGoneAfterwards(t *testing.T) {
	t.Parallel()
	server := Postgres(t)
	var dsn string
	t.Run("use", func(t *testing.T) {
		dsn = server.Database(t)
		if err := execute(dsn, "CREATE TABLE seen (n int)"); err != nil {
			t.Fatal(err)
		}
		if other := server.Database(t); queryInt(t, other, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") != 0 {
			t.Error("a second database is not empty")
		}
	})
	if err := execute(dsn, "SELECT 1"); err == nil {
		t.Error("the database outlived its test")
	}
}

func TestTemplateIsPreparedOnceAndClonesAreApart(t *testing.T) {
	t.Parallel()
	server := Postgres(t)
	var prepared atomic.Int32
	prepare := func(dsn string) error {
		prepared.Add(1)
		return execute(dsn, "CREATE TABLE seen (n int); INSERT INTO seen VALUES (7)")
	}
	first := server.TemplateDatabase(t, "seven", prepare)
	second := server.TemplateDatabase(t, "seven", prepare)
	if server.cluster != nil && prepared.Load() != 1 {
		t.Errorf("prepared %d times, want once", prepared.Load())
	}
	if err := execute(first, "DELETE FROM seen"); err != nil {
		t.Fatal(err)
	}
	if got := queryInt(t, second, "SELECT n FROM seen"); got != 7 {
		t.Errorf("the second clone holds %d, want 7", got)
	}
}

func TestOwnPostgresKeepsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	server := OwnPostgres(t)
	dsn := server.Database(t)
	if got := queryInt(t, dsn, "SELECT count(*) FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting = 'on'"); got != 3 {
		t.Errorf("%d of 3 settings of durability are on", got)
	}
	if err := execute(dsn, "CREATE TABLE seen (n int); INSERT INTO seen VALUES (7)"); err != nil {
		t.Fatal(err)
	}
	server.Stop(t)
	if err := execute(dsn, "SELECT 1"); err == nil {
		t.Fatal("a stopped server answered")
	}
	server.Start(t)
	if got := queryInt(t, dsn, "SELECT n FROM seen"); got != 7 {
		t.Errorf("after the restart the table holds %d, want 7", got)
	}
}

// TestKilledProcessLeavesNothing runs TestHeldCluster in a process of its own
// and kills that: no directory may stay, and so no server that works in it.
func TestKilledProcessLeavesNothing(t *testing.T) {
	t.Parallel()
	if _, err := postgresBin(); err != nil {
		Missing(t, "initdb")
	}
	child := exec.Command(os.Args[0], "-test.run=^TestHeldCluster$")
	child.Env = append(os.Environ(), "TESTKIT_HOLD=yes")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 4096)
	n, err := out.Read(buffer)
	if err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSpace(string(buffer[:n]))
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the process said %q: %v", dir, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // "signal: killed"
	for range 600 {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s is still there", dir)
}

// TestHeldCluster is the process that TestKilledProcessLeavesNothing kills; on
// its own it shows that a cluster answers.
func TestHeldCluster(t *testing.T) {
	t.Parallel()
	c, err := newCluster(quickSettings)
	requirePostgres(t, err)
	if os.Getenv("TESTKIT_HOLD") != "" {
		fmt.Println(c.dir)
		time.Sleep(time.Minute)
	}
	if got := queryInt(t, c.url().String(), "SELECT 1"); got != 1 {
		t.Errorf("SELECT 1 is %d", got)
	}
	if err := c.guard.release(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(c.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there", c.dir)
	}
}
