package main

import (
	"io"
	"log/slog"

	"github.com/alecthomas/kong"

	"sipas/internal/command"
	"sipas/internal/config"
)

// readSettings has kong look into the file of --config for every setting that is
// given neither as a flag nor in the environment.
func readSettings(asked *kong.Context, trace *kong.Path) error {
	if trace.Flag == nil {
		return nil
	}
	path, ok := asked.FlagValue(trace.Flag).(command.ConfigFile)
	if !ok {
		return nil
	}
	file, err := config.ReadFile(string(path))
	if err != nil {
		return err
	}
	asked.AddResolver(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		return file.Lookup(flag.Name, flag.Envs...), nil
	}))
	return nil
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
