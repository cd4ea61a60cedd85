package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/config"
)

// configFile is a flag that names a file of settings.
type configFile string

// BeforeResolve has kong look into the file for every setting that is given
// neither as a flag nor in the environment.
func (configFile) BeforeResolve(command *kong.Context, trace *kong.Path) error {
	path, _ := command.FlagValue(trace.Flag).(configFile)
	file, err := config.ReadFile(string(path))
	if err != nil {
		return err
	}
	command.AddResolver(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		return file.Lookup(flag.Name, flag.Envs...), nil
	}))
	return nil
}

// database is what commands need that work on the database and nothing else. A
// mistake in another setting does not keep them from working. Its tags repeat
// those of config.Config; a test compares them.
type database struct {
	DatabaseURL string     `name:"database-url" env:"SIPAS_DATABASE_URL" default:"sqlite:sipas.db" placeholder:"URL" help:"sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME."`
	File        configFile `name:"config" placeholder:"FILE" help:"JSON file of settings; flags and the environment go first."`
}

// there fails if the database is a file that does not exist. SQLite would make
// it, and a mistyped name would become an empty database.
func (d database) there() error {
	path, ok := sqlitePath(d.DatabaseURL)
	if !ok {
		return nil
	}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database %s: run `sipas migrate up` to make it, or name another with --database-url", path)
	}
	return err
}

// sqlitePath is the file of a database that is one.
func sqlitePath(url string) (string, bool) { return strings.CutPrefix(url, "sqlite:") }

// open opens the database if it is there and has the program's schema.
func (d database) open(ctx context.Context) (app.Database, error) {
	if err := d.there(); err != nil {
		return app.Database{}, err
	}
	return app.OpenDatabase(ctx, config.Config{DatabaseURL: d.DatabaseURL}, quiet())
}

// with opens the database for as long as work takes.
func (d database) with(ctx context.Context, work func(app.Database) error) (err error) {
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

// calendar is where civil days are counted.
type calendar struct {
	TZ string `name:"tz" env:"SIPAS_TZ" default:"Asia/Ho_Chi_Minh" placeholder:"ZONE" help:"Time zone of civil days and reports."`
}

func (c calendar) zone() (*time.Location, error) {
	return config.Config{TZ: c.TZ}.Location() // judge has seen it before
}

// days opens the database for work that prints moments as civil days at the place.
func (c calendar) days(ctx context.Context, s *session, d database, work func(app.Database, *auth.Auth, func(time.Time) string) error) error {
	zone, err := c.zone()
	if err != nil {
		return err
	}
	return d.accounts(ctx, s, func(opened app.Database, a *auth.Auth) error {
		return work(opened, a, func(at time.Time) string { return at.In(zone).Format(time.DateOnly) })
	})
}

// address is where other people reach the server.
type address struct {
	Addr      string `name:"addr" env:"SIPAS_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on."`
	PublicURL string `name:"public-url" env:"SIPAS_PUBLIC_URL" placeholder:"URL" help:"Where citizens reach this server; QR codes point there (default http://ADDR)."`
}

// base is what addresses begin with, without a slash at the end.
func (a address) base() string { return config.Config{Addr: a.Addr, PublicURL: a.PublicURL}.BaseURL() }

// quiet is the log of commands that tell what is wrong by themselves.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// newLog writes what a server does, in the form that the settings ask for.
func newLog(c config.Config, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo // Validate has refused it before
	}
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
