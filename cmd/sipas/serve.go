package main

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime/pprof"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/config"
)

type serveCmd struct {
	config.Config `embed:""`

	Profile string             `name:"cpu-profile" type:"path" placeholder:"FILE" help:"Write where processor time goes until the server stops, for go tool pprof."`
	File    command.ConfigFile `name:"config" placeholder:"FILE" help:"JSON file of settings; flags and the environment go first."`
}

// Help is the longer help of the command.
func (serveCmd) Help() string {
	return `Example:

  sipas migrate up --database-url sqlite:/var/lib/sipas/sipas.db
  sipas serve --database-url sqlite:/var/lib/sipas/sipas.db --public-url https://danhgia.example.vn

Every flag may stand in the environment (SIPAS_ADDR=0.0.0.0:8080) or, by its name, in a JSON file given with --config.
SIGTERM and Ctrl-C finish the requests under way and keep every answer that waits; another one, a
second later or more, ends it at once.`
}

// Run serves until ctx ends. Kong has called Validate before.
func (c *serveCmd) Run(ctx context.Context, s *command.Session) (err error) {
	if c.Profile != "" {
		file, err := os.Create(c.Profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			return errors.Join(err, file.Close())
		}
		defer func() {
			pprof.StopCPUProfile()
			err = errors.Join(err, file.Close())
		}()
	}
	log := newLog(c.Config, s.Errs)
	a, err := app.Open(ctx, c.Config, log, app.Options{Version: version})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	log.Info("listening", "address", listener.Addr().String(), "public_url", c.BaseURL(), "database", a.Dialect(), "version", version)
	return errors.Join(a.Serve(ctx, listener), a.Close())
}
