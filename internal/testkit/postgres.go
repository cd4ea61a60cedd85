package testkit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresServer is a Postgres server that tests may fill.
type PostgresServer struct {
	admin   *url.URL // of a database to give orders in
	cluster *cluster // nil: a server that is not ours
	own     bool     // one test's own server

	mu        sync.Mutex
	templates map[string]*template
}

type template struct {
	once sync.Once
	name string
	err  error
}

// sharedPostgres is the one server of this test process. There is nothing to
// close it after the last test; its guard does that.
var sharedPostgres struct {
	once    sync.Once
	server  *PostgresServer
	version string
	err     error
}

// Postgres returns the server that all tests of this process share: the one of
// TEST_POSTGRES_DSN (a URL of a user who may create databases), or a private
// one made with the local initdb, or one on the standard port of this machine.
// Without any of them the test is skipped, or fails when CI=true.
func Postgres(t testing.TB) *PostgresServer {
	t.Helper()
	shared := &sharedPostgres
	shared.once.Do(func() {
		shared.server, shared.err = findPostgres()
		if shared.err == nil {
			shared.version, shared.err = postgresVersion(shared.server.URL())
		}
	})
	requirePostgres(t, shared.err)
	Ran(t, "postgres "+shared.version)
	return shared.server
}

// OwnPostgres starts a server for this test alone, durable as in production
// (fsync on), which the test may stop and start. It needs the local initdb and
// is removed at the end of the test.
func OwnPostgres(t testing.TB) *PostgresServer {
	t.Helper()
	c, err := newCluster(clusterSettings)
	requirePostgres(t, err)
	t.Cleanup(func() {
		if err := c.guard.release(); err != nil {
			t.Errorf("removing the Postgres server: %v", err)
		}
	})
	return &PostgresServer{admin: c.url(), cluster: c, own: true}
}

func requirePostgres(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, errNotInstalled) {
		Missing(t, "Postgres (initdb, TEST_POSTGRES_DSN or a server on port 5432)")
	}
	if err != nil {
		t.Fatalf("Postgres: %v", err)
	}
}

// URL is the address of the server's database "postgres" (or of the one that
// TEST_POSTGRES_DSN names).
func (s *PostgresServer) URL() string { return s.admin.String() }

// Stop ends a test's own server at once, as a crash would: no checkpoint, every
// connection cut. It returns when the server is gone.
func (s *PostgresServer) Stop(t testing.TB) {
	t.Helper()
	if !s.own {
		t.Fatal("Stop: the server is shared with other tests; use OwnPostgres")
	}
	if err := s.cluster.stop(); err != nil {
		t.Fatalf("stopping Postgres: %v", err)
	}
}

// Start starts a stopped server again, at the same address and with its data,
// and returns when it answers.
func (s *PostgresServer) Start(t testing.TB) {
	t.Helper()
	if !s.own {
		t.Fatal("Start: the server is shared with other tests; use OwnPostgres")
	}
	if err := s.cluster.start(); err != nil {
		t.Fatalf("starting Postgres: %v", err)
	}
}

// Database makes an empty database and returns its URL. It is dropped at the
// end of the test, whoever is still connected.
func (s *PostgresServer) Database(t testing.TB) string {
	t.Helper()
	return s.create(t, "template0")
}

// DatabaseIn is Database with texts in another encoding than UTF8.
func (s *PostgresServer) DatabaseIn(t testing.TB, encoding string) string {
	t.Helper()
	return s.create(t, "template0 ENCODING '"+encoding+"' LOCALE 'C'")
}

// TemplateDatabase makes a database that prepare has filled and returns its
// URL; it is dropped at the end of the test. For each key, prepare runs once in
// this process and the result is cloned, so a migrated schema costs a file copy
// a test. prepare must close its connections before it returns. On a server
// that is not ours nothing may stay behind, so there prepare runs every time.
func (s *PostgresServer) TemplateDatabase(t testing.TB, key string, prepare func(dsn string) error) string {
	t.Helper()
	if s.cluster == nil {
		dsn := s.Database(t)
		if err := prepare(dsn); err != nil {
			t.Fatalf("preparing database %q: %v", key, err)
		}
		return dsn
	}
	s.mu.Lock()
	if s.templates == nil {
		s.templates = make(map[string]*template)
	}
	model := s.templates[key]
	if model == nil {
		model = &template{name: databaseName()}
		s.templates[key] = model
	}
	s.mu.Unlock()
	model.once.Do(func() {
		model.err = s.order("CREATE DATABASE " + model.name + " TEMPLATE template0")
		if model.err == nil {
			model.err = prepare(s.address(model.name))
		}
	})
	if model.err != nil {
		t.Fatalf("preparing database %q: %v", key, model.err)
	}
	return s.create(t, model.name)
}

func (s *PostgresServer) create(t testing.TB, from string) string {
	t.Helper()
	name := databaseName()
	if err := s.order("CREATE DATABASE " + name + " TEMPLATE " + from); err != nil {
		t.Fatalf("creating a test database: %v", err)
	}
	if !s.own { // an own server goes as a whole, and may be stopped by then
		t.Cleanup(func() {
			if err := s.order("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
				t.Errorf("dropping a test database: %v", err)
			}
		})
	}
	return s.address(name)
}

// databaseName is unique among test processes that share a server, and needs no
// quoting.
func databaseName() string {
	return "sipas_test_" + strings.ToLower(rand.Text())
}

// address is the server's URL with another database in it.
func (s *PostgresServer) address(database string) string {
	address := *s.admin
	address.Path = "/" + database
	return address.String()
}

// order runs one statement on a connection of its own: a pool would keep
// goroutines that leak detectors of other tests would find.
func (s *PostgresServer) order(statement string) error {
	return withConn(s.URL(), func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statement)
		return err
	})
}

func postgresVersion(dsn string) (string, error) {
	var version string
	err := withConn(dsn, func(ctx context.Context, conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "SHOW server_version").Scan(&version)
	})
	number, _, _ := strings.Cut(version, " ") // "15.18 (Debian 15.18-0+deb12u1)"
	return number, err
}

func withConn(dsn string, do func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return errors.Join(do(ctx, conn), conn.Close(ctx))
}

func findPostgres() (*PostgresServer, error) {
	if dsn := os.Getenv("TEST_POSTGRES_DSN"); dsn != "" {
		address, err := url.Parse(dsn)
		if err != nil || (address.Scheme != "postgres" && address.Scheme != "postgresql") {
			return nil, errors.New("TEST_POSTGRES_DSN must look like postgres://user:password@host:5432/postgres")
		}
		return &PostgresServer{admin: address}, nil
	}
	c, err := newCluster(quickSettings)
	if err == nil {
		return &PostgresServer{admin: c.url(), cluster: c}, nil
	}
	if !errors.Is(err, errNotInstalled) {
		return nil, err
	}
	standard := &url.URL{Scheme: "postgres", Host: "127.0.0.1:5432", Path: "/postgres", RawQuery: "connect_timeout=2"}
	if _, versionErr := postgresVersion(standard.String()); versionErr != nil {
		return nil, fmt.Errorf("%w, and port 5432 of this machine: %w", err, versionErr)
	}
	return &PostgresServer{admin: standard}, nil
}
