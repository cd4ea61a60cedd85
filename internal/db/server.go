package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// A commit holds a connection for a millisecond or two, so few suffice. None
// grows old: a server that became a standby, or an address that leads elsewhere
// now, is noticed even if no error says so.
const (
	serverConns    = 16
	serverLifetime = 15 * time.Minute
	serverIdle     = 5 * time.Minute
)

// serverPool decides how connections to a server are made and which are given
// up. It is what all connections of a pool share.
type serverPool struct {
	// generation is raised when a server says that it shuts down or only reads:
	// every connection made before then is given up, not only the one that was
	// told.
	generation atomic.Int64
	// pooled tells that PgBouncer or its like stands between, so that the next
	// statement may reach another session of the server, which does not know
	// what was prepared in this one.
	pooled atomic.Bool
}

const generationKey = "sipas-generation"

// openServer opens the pool for the URL of a server.
func openServer(rawURL string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(rawURL)
	if err != nil {
		// The parser's message may repeat the URL with its password.
		return nil, errors.New("open database: the postgres URL cannot be read; it looks like postgres://user:password@host:5432/name")
	}
	// What the driver sends is UTF-8, whatever a database prefers.
	config.RuntimeParams["client_encoding"] = "UTF8"
	p := &serverPool{}
	closesOn := config.OnPgError
	config.OnPgError = func(conn *pgconn.PgConn, err *pgconn.PgError) bool {
		return !p.givesUp(err.Code) && closesOn(conn, err)
	}
	db := stdlib.OpenDB(*config, stdlib.OptionBeforeConnect(p.before), stdlib.OptionAfterConnect(p.after), stdlib.OptionResetSession(p.reset))
	db.SetMaxOpenConns(serverConns)
	db.SetMaxIdleConns(serverConns)
	db.SetConnMaxLifetime(serverLifetime)
	db.SetConnMaxIdleTime(serverIdle)
	return db, nil
}

// givesUp tells whether an error says that this connection, and all that are as
// old, lead to a server that cannot be written to, or through a pooler that was
// not there when they were made.
func (p *serverPool) givesUp(code string) bool {
	switch {
	case slices.Contains([]string{"26000", "42P05"}, code): // a prepared statement is unknown, or somebody else's
		p.pooled.Store(true)
	case !slices.Contains([]string{"25006", "57P01", "57P02", "57P03"}, code): // only reads, shuts down, crashed, starts
		return false
	}
	p.generation.Add(1)
	return true
}

func (p *serverPool) before(_ context.Context, config *pgx.ConnConfig) error {
	if p.pooled.Load() && config.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		config.DefaultQueryExecMode = pgx.QueryExecModeExec // one round trip, nothing prepared
	}
	return nil
}

// after looks whether the session is the server's own: a pooler gives out
// another process number. The connection is then made anew, without prepared
// statements.
func (p *serverPool) after(ctx context.Context, conn *pgx.Conn) error {
	conn.PgConn().CustomData()[generationKey] = p.generation.Load()
	var pid uint32
	if err := conn.QueryRow(ctx, "SELECT pg_backend_pid()", pgx.QueryExecModeSimpleProtocol).Scan(&pid); err != nil {
		return err
	}
	if pid != conn.PgConn().PID() && !p.pooled.Swap(true) {
		return driver.ErrBadConn
	}
	return nil
}

func (p *serverPool) reset(_ context.Context, conn *pgx.Conn) error {
	if conn.PgConn().CustomData()[generationKey] != p.generation.Load() {
		return driver.ErrBadConn
	}
	return nil
}
