package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	sqliteDriver "github.com/glebarez/go-sqlite"
	glebarez "github.com/glebarez/sqlite"
)

// databaseFile is the file of a database that is one, as it was opened.
type databaseFile struct {
	path   string // without symbolic links
	opened map[string]fs.FileInfo
}

// How many connections read, and how much of the file all connections together
// hold in memory: the size of a cache is one connection's.
const (
	fileReaders = 4
	writerCache = 6 << 10 // kB; what is not in it the system has, a few microseconds away
	readerCache = 8 << 10
)

// busyPatience is how long a writer waits for another.
const busyPatience = 4 * time.Second

// openFile opens the database in a file, which is made if it is not there.
func openFile(path string) (c connection, err error) {
	if path == "" {
		return c, errors.New("open database: sqlite: needs a path, for example sqlite:sipas.db")
	}
	if err := ownFile(path); err != nil {
		return c, err
	}
	if path, err = filepath.Abs(path); err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrCannotOpen, err)
	}
	if c.write, err = sql.Open(glebarez.DriverName, fileDSN(path, true)); err != nil {
		return c, err
	}
	c.write.SetMaxOpenConns(1)
	if c.read, err = sql.Open(glebarez.DriverName, fileDSN(path, false)); err != nil {
		return c, err
	}
	c.read.SetMaxOpenConns(fileReaders)
	c.read.SetMaxIdleConns(fileReaders)
	c.file = &databaseFile{path: path}
	return c, nil
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

// fileDSN sets what SQLite leaves off by default. FULL makes a commit durable
// against loss of power; group commit pays for it.
func fileDSN(path string, writer bool) string {
	q := url.Values{}
	// A file that was deleted must not come back, empty, with the next connection.
	q.Add("mode", "rw")
	q.Add("_pragma", "journal_mode(WAL)")
	q.Add("_pragma", "synchronous(FULL)")
	q.Add("_pragma", "foreign_keys(ON)")
	if writer {
		q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", busyPatience.Milliseconds()))
		q.Add("_pragma", fmt.Sprintf("cache_size(-%d)", writerCache))
		// What is deleted is overwritten: removing an answer removes its text.
		q.Add("_pragma", "secure_delete(ON)")
		q.Add("_txlock", "immediate")
	} else {
		// Readers wait for nobody but one who has locked the whole file.
		q.Add("_pragma", "busy_timeout(1500)")
		q.Add("_pragma", fmt.Sprintf("cache_size(-%d)", readerCache))
		q.Add("_pragma", "query_only(ON)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func busyTimeout(d time.Duration) string {
	return fmt.Sprintf("PRAGMA busy_timeout = %d", d.Milliseconds())
}

// ErrFileGone says that what is written would not be there after a restart.
var ErrFileGone = errors.New("the file of the database, or what SQLite keeps beside it (-wal, -shm), was deleted, moved or replaced while this program has it open; put it back, or restart")

// remember notes which files are open. The log and its index are there once a
// connection has read; they stay the same files for as long as one is open.
func (f *databaseFile) remember() error {
	opened := map[string]fs.FileInfo{}
	for _, name := range []string{f.path, f.path + "-wal", f.path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrCannotOpen, err)
		}
		opened[name] = info
	}
	f.opened = opened
	return nil
}

// check is ErrFileGone unless the files that are open are still those at the
// path. SQLite itself writes on into a file that nobody will find again.
func (f *databaseFile) check() error {
	if f == nil {
		return nil
	}
	for name, opened := range f.opened {
		now, err := os.Stat(name)
		if err != nil || !os.SameFile(opened, now) {
			return fmt.Errorf("%s: %w", name, ErrFileGone)
		}
	}
	return nil
}

// ErrInUse says that another process serves or changes the same file.
var ErrInUse = errors.New("another server, migration or restore of sipas works on this database file; a file has one server: stop the other first, or use Postgres")

// lock keeps every other process from serving, migrating or restoring, until
// release or the end of this process, however it ends. It waits for others for
// as long as patience. Commands that read or write a little, such as backup,
// need no lock: SQLite's own suffices. The lock is a file of its own, because
// closing a second descriptor of the database would drop SQLite's locks.
func (f *databaseFile) lock(ctx context.Context, patience time.Duration) (release func() error, err error) {
	held, err := os.OpenFile(f.path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCannotOpen, err)
	}
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		locked, err := lockFile(held)
		switch {
		case err != nil:
			return nil, errors.Join(fmt.Errorf("lock %s: %w", held.Name(), err), held.Close())
		case locked:
			return held.Close, nil
		case ctx.Err() != nil:
			return nil, errors.Join(ctx.Err(), held.Close())
		case patient.Err() != nil:
			return nil, errors.Join(fmt.Errorf("%s: %w", f.path, ErrInUse), held.Close())
		}
		select {
		case <-patient.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}
