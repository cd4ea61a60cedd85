package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"sipas/internal/app"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/config"
)

// Database is what commands need that work on the database and nothing else. A
// mistake in another setting does not keep them from working. Its tags, and
// those of the other flags here, repeat those of config.Config; a test compares
// them.
type Database struct {
	DatabaseURL string `name:"database-url" env:"SIPAS_DATABASE_URL" default:"sqlite:sipas.db" placeholder:"URL" help:"sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME."`
}

// There fails if the database is a file that does not exist. SQLite would make
// it, and a mistyped name would become an empty database.
func (d Database) There() error {
	path, ok := SQLitePath(d.DatabaseURL)
	if !ok {
		return nil
	}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database %s: run `sipas migrate up` to make it, or name another with --database-url", path)
	}
	return err
}

// SQLitePath is the file of a database that is one.
func SQLitePath(url string) (string, bool) { return strings.CutPrefix(url, "sqlite:") }

// open opens the database if it is there and has the program's schema.
func (d Database) open(ctx context.Context) (app.Database, error) {
	if err := d.There(); err != nil {
		return app.Database{}, err
	}
	return app.OpenDatabase(ctx, config.Config{DatabaseURL: d.DatabaseURL}, Quiet())
}

// With opens the database for as long as work takes.
func (d Database) With(ctx context.Context, work func(app.Database) error) (err error) {
	opened, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if closing := opened.Close(); err == nil {
			err = closing
		}
	}()
	return work(opened)
}

// Unchecked opens the database whatever its schema is, and makes the file of one
// that is not there.
func (d Database) Unchecked(ctx context.Context, work func(app.Database) error) error {
	opened, err := app.OpenAnyDatabase(ctx, config.Config{DatabaseURL: d.DatabaseURL}, Quiet())
	if err != nil {
		return err
	}
	return errors.Join(work(opened), opened.Close())
}

// Accounts opens the database and what judges accounts.
func (d Database) Accounts(ctx context.Context, s *Session, work func(app.Database, *auth.Auth) error) error {
	return d.With(ctx, func(opened app.Database) error { return work(opened, auth.New(opened.DB, auth.Options{Now: s.Now})) })
}

// Revoke ends the use of a secret that commands of the same name list.
func (d Database) Revoke(ctx context.Context, s *Session, what, noun string, id int64, end func(*auth.Auth, context.Context, audit.Author, int64) error) error {
	return d.Accounts(ctx, s, func(_ app.Database, a *auth.Auth) error {
		if err := end(a, ctx, Operator(), id); err != nil {
			return Already(err, fmt.Sprintf("there is no %s %d in use: see `sipas %s list`", what, id, noun))
		}
		s.Printf("%s %d is revoked\n", what, id)
		return nil
	})
}

// Calendar is where civil days are counted.
type Calendar struct {
	TZ string `name:"tz" env:"SIPAS_TZ" default:"Asia/Ho_Chi_Minh" placeholder:"ZONE" help:"Time zone of civil days and reports."`
}

// Zone is the place.
func (c Calendar) Zone() (*time.Location, error) {
	return config.Config{TZ: c.TZ}.Location() // the command line has judged it before
}

// Days opens the database for work that prints moments as civil days at the place.
func (c Calendar) Days(ctx context.Context, s *Session, d Database, work func(app.Database, *auth.Auth, func(time.Time) string) error) error {
	zone, err := c.Zone()
	if err != nil {
		return err
	}
	return d.Accounts(ctx, s, func(opened app.Database, a *auth.Auth) error {
		return work(opened, a, func(at time.Time) string { return at.In(zone).Format(time.DateOnly) })
	})
}

// Address is where other people reach the server.
type Address struct {
	Addr      string `name:"addr" env:"SIPAS_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on."`
	PublicURL string `name:"public-url" env:"SIPAS_PUBLIC_URL" placeholder:"URL" help:"Where citizens reach this server; QR codes point there (default http://ADDR)."`
}

// Base is what addresses begin with, without a slash at the end.
func (a Address) Base() string { return config.Config{Addr: a.Addr, PublicURL: a.PublicURL}.BaseURL() }

// Quiet is the log of commands that tell what is wrong by themselves.
func Quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
