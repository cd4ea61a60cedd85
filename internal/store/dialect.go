package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"

	sqliteDriver "github.com/glebarez/go-sqlite"
	glebarez "github.com/glebarez/sqlite"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"sipas/migrations"
)

// dialect is which database speaks. Every difference between the two that the
// rest of the package must know of is a method here.
type dialect string

const (
	sqlite      dialect = "sqlite"
	postgresSQL dialect = "postgres"
)

// Pool sizes: a commit holds a connection for a millisecond or two, so few
// suffice; boards hold one for tens of milliseconds.
const (
	postgresConns   = 16
	sqliteReadConns = 4
)

// connect opens the pools for a database URL.
func connect(rawURL string) (d dialect, read, write *sql.DB, err error) {
	if path, ok := strings.CutPrefix(rawURL, "sqlite:"); ok {
		if path == "" {
			return "", nil, nil, errors.New("open database: sqlite: needs a path, for example sqlite:sipas.db")
		}
		if err := ownFile(path); err != nil {
			return "", nil, nil, err
		}
		if write, err = sql.Open(glebarez.DriverName, sqliteDSN(path, true)); err != nil {
			return "", nil, nil, err
		}
		write.SetMaxOpenConns(1)
		if read, err = sql.Open(glebarez.DriverName, sqliteDSN(path, false)); err != nil {
			return "", nil, nil, err
		}
		read.SetMaxOpenConns(sqliteReadConns)
		return sqlite, read, write, nil
	}
	if strings.HasPrefix(rawURL, "postgres://") || strings.HasPrefix(rawURL, "postgresql://") {
		config, err := pgx.ParseConfig(rawURL)
		if err != nil {
			// The parser's message may repeat the URL with its password.
			return "", nil, nil, errors.New("open database: the postgres URL cannot be read; it looks like postgres://user:password@host:5432/name")
		}
		db := stdlib.OpenDB(*config)
		db.SetMaxOpenConns(postgresConns)
		db.SetMaxIdleConns(postgresConns)
		return postgresSQL, db, db, nil
	}
	return "", nil, nil, errors.New("open database: the URL must start with sqlite: or postgres://")
}

// ErrCannotOpen says of SQLite's file what SQLite calls lack of memory.
var ErrCannotOpen = errors.New("the file of the database cannot be opened: its folder does not exist, or may not be written")

// explained is ErrCannotOpen around what SQLite says.
func explained(err error) error {
	var lite *sqliteDriver.Error
	if errors.As(err, &lite) && lite.Code()&0xff == 14 {
		return fmt.Errorf("%w: %w", ErrCannotOpen, err)
	}
	return err
}

// ownFile makes a new database's file readable by its owner only; SQLite gives
// the files beside it the same mode. One that exists is left as it is.
func ownFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return fmt.Errorf("%w: %w", ErrCannotOpen, err)
	}
	return f.Close()
}

// sqliteDSN sets what SQLite leaves off by default. FULL makes a commit
// durable against loss of power; group commit pays for it.
func sqliteDSN(path string, writer bool) string {
	q := url.Values{}
	// Shorter than what a commit may take in all: the driver's waiting does not
	// end with the context.
	q.Add("_pragma", "busy_timeout(4000)")
	q.Add("_pragma", "journal_mode(WAL)")
	q.Add("_pragma", "synchronous(FULL)")
	q.Add("_pragma", "foreign_keys(ON)")
	q.Add("_pragma", "cache_size(-65536)")
	if writer {
		q.Add("_txlock", "immediate")
	} else {
		q.Add("_pragma", "query_only(ON)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func (d dialect) dialector(db *sql.DB) gorm.Dialector {
	if d == postgresSQL {
		return postgres.New(postgres.Config{Conn: db})
	}
	return &glebarez.Dialector{Conn: db}
}

// migrations prepares the schema's steps.
func (d dialect) migrations(db *sql.DB) (*goose.Provider, error) {
	if d == sqlite {
		files, err := fs.Sub(migrations.SQLite, "sqlite")
		if err != nil {
			return nil, err
		}
		return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	}
	files, err := fs.Sub(migrations.Postgres, "postgres")
	if err != nil {
		return nil, err
	}
	// Several instances may start at once: one migrates, the others wait.
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, files, goose.WithDisableGlobalRegistry(true), goose.WithSessionLocker(locker))
}

// singleWriter tells whether one writing transaction keeps all others waiting.
func (d dialect) singleWriter() bool { return d == sqlite }

// snapshot are the options of a reading transaction that sees one moment. On
// SQLite every transaction does.
func (d dialect) snapshot() *sql.TxOptions {
	options := &sql.TxOptions{ReadOnly: true}
	if d == postgresSQL {
		options.Isolation = sql.LevelRepeatableRead
	}
	return options
}

// column is one column of a set insert: its name, the Postgres type that the
// text or number is read as, and the values, a []int64 or a []string.
type column struct {
	name, pgType string
	values       any
}

// insertSet renders one statement that inserts all rows of the columns.
// tail follows it, for example an ON CONFLICT clause. Postgres takes one array
// for each column, so that its text, and with it the prepared plan, is the
// same for any number of rows; SQLite takes a list of VALUES.
func (d dialect) insertSet(table string, columns []column, tail string) (query string, args []any) {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	into := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") "
	if d == postgresSQL {
		selected, arrays := make([]string, len(columns)), make([]string, len(columns))
		for i, c := range columns {
			arrayType := "text[]"
			if _, numeric := c.values.([]int64); numeric {
				arrayType = "bigint[]"
			}
			selected[i] = "u." + c.name + "::" + c.pgType
			arrays[i] = fmt.Sprintf("$%d::%s", i+1, arrayType)
			args = append(args, c.values)
		}
		return into + "SELECT " + strings.Join(selected, ", ") +
			" FROM unnest(" + strings.Join(arrays, ", ") + ") AS u (" + strings.Join(names, ", ") + ") " + tail, args
	}
	rows := 0
	flat := make([][]any, len(columns))
	for i, c := range columns {
		flat[i] = anys(c.values)
		rows = len(flat[i])
	}
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	for r := range rows {
		for i := range columns {
			args = append(args, flat[i][r])
		}
	}
	return into + "VALUES " + strings.TrimSuffix(strings.Repeat(row+", ", rows), ", ") + " " + tail, args
}

// maxSetRows is how many rows of n columns one insertSet may carry. SQLite's
// driver looks every parameter up by a walk over all of them, so its statements
// are kept short: with 500 parameters a batch is written almost three times as
// fast as with the 32,766 that SQLite allows.
func (d dialect) maxSetRows(columns int) int {
	if d == postgresSQL {
		return 100_000
	}
	return max(1, 500/columns)
}

// places renders the places of rows of values: (?, ?), (?, ?). SQLite's driver
// would look every numbered one up by its name, in a time that grows with the
// square of their number.
func (d dialect) places(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if d == sqlite {
			b.WriteString("?")
		} else {
			fmt.Fprintf(&b, "$%d", i+1)
		}
	}
	return b.String() + ")"
}

func anys(values any) []any {
	var out []any
	switch vs := values.(type) {
	case []int64:
		for _, v := range vs {
			out = append(out, v)
		}
	case []string:
		for _, v := range vs {
			out = append(out, v)
		}
	}
	return out
}

// lockTallies keeps other writers of tallies out until the transaction ends.
// On SQLite a writing transaction does so by itself.
func (d dialect) lockTallies(ctx context.Context, tx *sql.Tx) error {
	if d == sqlite {
		return nil
	}
	_, err := tx.ExecContext(ctx, "LOCK TABLE tally_people, tally_scale, tally_choice IN EXCLUSIVE MODE")
	return err
}

// resetIdentity lets the next generated id follow the largest one present,
// after rows were written with their own ids.
func (d dialect) resetIdentity(ctx context.Context, tx *sql.Tx, table string) error {
	if d == sqlite {
		return nil // AUTOINCREMENT follows explicit ids by itself
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf(
		"SELECT setval(pg_get_serial_sequence('%[1]s', 'id'), COALESCE((SELECT MAX(id) FROM %[1]s), 0) + 1, false)", table))
	return err
}

// Transient tells whether an error came from the database being away or from
// two transactions in each other's way: the same call may succeed later.
func Transient(err error) bool {
	var lite *sqliteDriver.Error
	if errors.As(err, &lite) {
		// SQLITE_BUSY, LOCKED, READONLY, IOERR, FULL and CANTOPEN, with details in
		// the higher bits: somebody else writes, or the disk needs the operator.
		return slices.Contains([]int{5, 6, 8, 10, 13, 14}, lite.Code()&0xff)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case pg.Code == "40001", pg.Code == "40P01": // serialization failure, deadlock
			return true
		case pg.Code == "25006", pg.Code == "55P03": // a standby that only reads, a lock not to be had
			return true
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "57P"), strings.HasPrefix(pg.Code, "53"):
			return true // connection trouble, shutting down or starting up, out of resources
		}
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err)
}
