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
	"sipas/internal/typeset"
)

// ConfigFile is a flag that names a file of settings; the command line reads it.
type ConfigFile string

// Database is what commands need that work on the database and nothing else; it
// may be named in a file too. A mistake in another setting does not keep them
// from working. Its tags, and those of the other flags here, repeat those of
// config.Config; a test compares them.
type Database struct {
	DatabaseURL string     `name:"database-url" env:"SIPAS_DATABASE_URL" default:"sqlite:sipas.db" placeholder:"URL" help:"sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME."`
	File        ConfigFile `name:"config" placeholder:"FILE" help:"JSON file of settings; flags and the environment go first."`
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

// With opens the database for as long as work takes, if it is there and is what
// the program works with.
func (d Database) With(ctx context.Context, work func(app.Database) error) error {
	return d.with(ctx, config.Config{DatabaseURL: d.DatabaseURL}, work)
}

func (d Database) with(ctx context.Context, cfg config.Config, work func(app.Database) error) (err error) {
	if err := d.There(); err != nil {
		return err
	}
	opened, err := app.OpenDatabase(ctx, cfg, Quiet())
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
	return unchecked(ctx, config.Config{DatabaseURL: d.DatabaseURL}, work)
}

func unchecked(ctx context.Context, cfg config.Config, work func(app.Database) error) error {
	opened, err := app.OpenAnyDatabase(ctx, cfg, Quiet())
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

// Counted is the database with how its answers are counted, for commands that
// change or prove tallies. What they are given must be what the servers have.
type Counted struct {
	Database
	Calendar
	SmallCell  int    `name:"small-cell" env:"SIPAS_SMALL_CELL" default:"0" placeholder:"K" help:"Answers are shown in groups of this many people or more; at least 3. It may be raised at any time (default: what the settings page keeps, else 5)."`
	Show       string `name:"show" env:"SIPAS_SHOW" default:"at-once" placeholder:"WHEN" help:"When a group that is complete is shown: at-once or daily."`
	CutOffDays string `name:"cut-off-days" env:"SIPAS_CUT_OFF_DAYS" placeholder:"DAY/MONTH,..." help:"The last days of the quarters of reports, each the 14th or the last day of a month: what is in no group by then is put together in the next larger unit (default: what the settings page keeps, else 14/3,14/6,14/9,14/12)."`
}

// With is Database.With.
func (c Counted) With(ctx context.Context, work func(app.Database) error) error {
	return c.with(ctx, c.settings(), work)
}

// Unchecked is Database.Unchecked.
func (c Counted) Unchecked(ctx context.Context, work func(app.Database) error) error {
	return unchecked(ctx, c.settings(), work)
}

func (c Counted) settings() config.Config {
	return config.Config{DatabaseURL: c.DatabaseURL, TZ: c.TZ, SmallCell: c.SmallCell, Show: c.Show, CutOffDays: c.CutOffDays}
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

// Lettering is where fonts are for scripts that the program's own does not have.
type Lettering struct {
	Fonts []string `name:"fonts" env:"SIPAS_FONTS" default:"/usr/share/fonts" placeholder:"FOLDER,..." help:"Folders with fonts for what the built-in one cannot write, such as Khmer, in posters and paper forms."`
}

// Set gives them.
func (l Lettering) Set() *typeset.Fonts { return typeset.In(l.Fonts...) }

// Quiet is the log of commands that tell what is wrong by themselves.
func Quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
