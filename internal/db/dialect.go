package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	sqliteDriver "github.com/glebarez/go-sqlite"
	glebarez "github.com/glebarez/sqlite"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
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

// connection is an open database: its pools, and its file if it is one.
type connection struct {
	dialect     dialect
	read, write *sql.DB
	file        *databaseFile
}

// connect opens the pools for a database URL.
func connect(rawURL string) (connection, error) {
	if path, ok := strings.CutPrefix(rawURL, "sqlite:"); ok {
		c, err := openFile(path)
		c.dialect = sqlite
		return c, err
	}
	if strings.HasPrefix(rawURL, "postgres://") || strings.HasPrefix(rawURL, "postgresql://") {
		db, err := openServer(rawURL)
		return connection{dialect: postgresSQL, read: db, write: db}, err
	}
	return connection{}, errors.New("open database: the URL must start with sqlite: or postgres://")
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
	return goose.NewProvider(goose.DialectPostgres, db, files, goose.WithDisableGlobalRegistry(true))
}

// alone runs f while nobody else changes the schema or fills the database: on
// SQLite no server either. Others who ask for the same wait, for as long as ctx
// and patience last.
func (d *DB) alone(ctx context.Context, patience time.Duration, f func() error) error {
	if d.unlock != nil {
		return f() // it is ours alone for as long as it is open
	}
	if d.dialect == sqlite {
		release, err := d.file.lock(ctx, patience)
		if err != nil {
			return err
		}
		return errors.Join(f(), release())
	}
	// A lock of the transaction, not of the session: through PgBouncer the
	// session that takes a lock and the one that gives it back may be two.
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", schemaLock); err != nil {
		return err
	}
	return f()
}

// schemaLock is a number that other programs are unlikely to lock.
const schemaLock = 0x7369706173 // "sipas"

// begin starts a writing transaction. SQLite's driver does not end its waiting
// for another writer with the context, so the wait is set to what the context
// leaves; done puts it back.
func (d *DB) begin(ctx context.Context) (tx *sql.Tx, done func(), err error) {
	if d.dialect == postgresSQL {
		tx, err = d.write.BeginTx(ctx, nil)
		return tx, func() {}, err
	}
	if err := d.file.check(); err != nil {
		return nil, nil, err
	}
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	done = func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), busyTimeout(busyPatience))
		_ = conn.Close() // back to the pool
	}
	wait := busyPatience
	if deadline, ok := ctx.Deadline(); ok {
		wait = max(time.Millisecond, min(wait, time.Until(deadline)))
	}
	if _, err = conn.ExecContext(ctx, busyTimeout(wait)); err == nil {
		tx, err = conn.BeginTx(ctx, nil)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return tx, done, nil
}

// Clock is the database's own time in Micros, as an expression: what instances
// compare must not come from clocks of their own.
func (d dialect) Clock() string {
	if d == sqlite {
		return "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
	}
	return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
}

// SkipLocked ends a query for rows that the transaction is going to change: it
// keeps them for itself, and passes over those that another one keeps. On SQLite
// there is no other.
func (d dialect) SkipLocked() string {
	if d == sqlite {
		return ""
	}
	return " FOR UPDATE SKIP LOCKED"
}

// WaitLocked ends a query for rows that must stay as they are read until the
// transaction ends: it waits for those that another one is changing. On SQLite
// there is no other.
func (d dialect) WaitLocked() string {
	if d == sqlite {
		return ""
	}
	return " FOR UPDATE"
}

// Lock keeps others from writing to tables until the transaction ends: from
// inserting and changing rows alike. On SQLite a writing transaction does so by itself.
func (tx *Tx) Lock(ctx context.Context, tables ...string) error {
	if tx.db.dialect == sqlite {
		return nil
	}
	_, err := tx.ExecContext(ctx, "LOCK TABLE "+strings.Join(tables, ", ")+" IN EXCLUSIVE MODE")
	return err
}

// Probe writes to a table with the columns name and filler, and leaves nothing
// behind. On SQLite it takes more pages than a batch of answers does, so that a
// full disk is found before a batch finds it.
func (d *DB) Probe(ctx context.Context, table string) error {
	statements := []string{"INSERT INTO " + table + " (name, filler) VALUES ('probe', zeroblob(65536))", "DELETE FROM " + table}
	if d.dialect == postgresSQL {
		statements = []string{"INSERT INTO " + table + " (name, filler) VALUES ('probe', '') ON CONFLICT (name) DO UPDATE SET filler = excluded.filler"}
	}
	return Failed("probe", d.Change(ctx, func(tx *Tx) error {
		for _, statement := range statements {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Scrub takes what was deleted from tables out of the database's files as far
// as it can. SQLite has overwritten it in the file already (secure_delete); its
// log still holds the pages as they were. Postgres is told to use the space
// again, and does not say when.
func (d *DB) Scrub(ctx context.Context, tables ...string) error {
	if d.dialect == postgresSQL {
		_, err := d.write.ExecContext(ctx, "VACUUM "+strings.Join(tables, ", "))
		return err
	}
	var busy, frames, moved int
	if err := d.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("somebody reads the database for long, such as a backup")
	}
	return nil
}

// encoding is how the database stores texts, by Postgres's name.
func (d *DB) encoding(ctx context.Context) (name string, err error) {
	if d.dialect == sqlite {
		return "UTF8", nil // by our own schema
	}
	err = d.read.QueryRowContext(ctx, "SHOW server_encoding").Scan(&name)
	return name, err
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

// Column is one column of a set insert: its name, the Postgres type that the
// text or number is read as, and the values, a []int64 or a []string.
type Column struct {
	Name, Type string
	Values     any
}

// Numbers is a column of bigints, of each row what of gives.
func Numbers[T any](name string, rows []T, of func(T) int64) Column {
	values := make([]int64, len(rows))
	for i, r := range rows {
		values[i] = of(r)
	}
	return Column{name, "bigint", values}
}

// Texts is a column of texts, of each row what of gives.
func Texts[T any](name string, rows []T, of func(T) string) Column {
	values := make([]string, len(rows))
	for i, r := range rows {
		values[i] = of(r)
	}
	return Column{name, "text", values}
}

// InsertSet renders one statement that inserts all rows of the columns.
// tail follows it, for example an ON CONFLICT clause.
func (d dialect) InsertSet(table string, columns []Column, tail string) (query string, args []any) {
	rows, args := d.set(columns)
	return "INSERT INTO " + table + " (" + namesOf(columns) + ") " + rows + " " + tail, args
}

// WithSet renders the clause in front of a statement that names the rows of the
// columns as a table.
func (d dialect) WithSet(name string, columns []Column) (clause string, args []any) {
	rows, args := d.set(columns)
	return "WITH " + name + " (" + namesOf(columns) + ") AS (" + rows + ") ", args
}

// set renders rows. Postgres takes one array for each column, so that the text,
// and with it the prepared plan, is the same for any number of rows; SQLite takes a
// list of VALUES in which numbers are written out, since its driver is slow at
// parameters.
func (d dialect) set(columns []Column) (rows string, args []any) {
	if d == postgresSQL {
		selected, arrays := make([]string, len(columns)), make([]string, len(columns))
		for i, c := range columns {
			arrayType := "text[]"
			if _, numeric := c.Values.([]int64); numeric {
				arrayType = "bigint[]"
			}
			selected[i] = "u." + c.Name + "::" + c.Type
			arrays[i] = fmt.Sprintf("$%d::%s", i+1, arrayType)
			args = append(args, c.Values)
		}
		return "SELECT " + strings.Join(selected, ", ") + " FROM unnest(" + strings.Join(arrays, ", ") + ") AS u (" + namesOf(columns) + ")", args
	}
	var b strings.Builder
	b.WriteString("VALUES ")
	for r := range columns[0].rows() {
		for i, c := range columns {
			b.WriteString([...]string{"(", ", "}[min(i, 1)])
			switch values := c.Values.(type) {
			case []int64:
				b.WriteString(strconv.FormatInt(values[r], 10))
			case []string:
				b.WriteByte('?')
				args = append(args, values[r])
			}
		}
		b.WriteString("), ")
	}
	return strings.TrimSuffix(b.String(), ", "), args
}

func namesOf(columns []Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

func (c Column) rows() int {
	if numbers, numeric := c.Values.([]int64); numeric {
		return len(numbers)
	}
	return len(c.Values.([]string))
}

// MaxSetRows is how many rows with n texts each one InsertSet may carry. SQLite's
// driver looks every parameter up by a walk over all of them, so its statements
// are kept short: with 500 parameters a batch is written almost three times as
// fast as with the 32,766 that SQLite allows.
func (d dialect) MaxSetRows(texts int) int {
	if d == postgresSQL {
		return 100_000
	}
	return max(1, 500/max(texts, 1))
}

// Places renders the places of rows of values: (?, ?), (?, ?). SQLite's driver
// would look every numbered one up by its name, in a time that grows with the
// square of their number.
func (d dialect) Places(rows, columns int) string {
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

// resetIdentity lets the next generated id follow the largest one present,
// after rows were written with their own ids.
func (tx *Tx) resetIdentity(ctx context.Context, table string) error {
	if tx.db.dialect == sqlite {
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
	if errors.Is(err, ErrFileGone) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err)
}
