package main

import (
	"io"
	"log/slog"

	"github.com/alecthomas/kong"

	"sipas/internal/command"
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

// database is what commands need that work on the database and nothing else; it
// may be named in a file too.
type database struct {
	command.Database
	File configFile `name:"config" placeholder:"FILE" help:"JSON file of settings; flags and the environment go first."`
}

// counted is database for commands that change or prove tallies.
type counted struct {
	command.Counted
	File configFile `name:"config" placeholder:"FILE" help:"JSON file of settings; flags and the environment go first."`
}

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
