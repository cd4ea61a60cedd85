package main

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime/pprof"

	"sipas/internal/app"
	"sipas/internal/auth"
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
While there is no account, it prints a link by which whoever opens it makes the first one.
SIGTERM and Ctrl-C finish the requests under way and keep every answer that waits; another one, a
second later or more, ends it at once.`
}

// sayHowToBegin prints, while there is no account, the link by which whoever reads it makes
// the first one: beside the log, in which no secret stands.
func sayHowToBegin(ctx context.Context, s *command.Session, a *app.App, base string) error {
	token, err := a.FirstToken(ctx)
	if err != nil || token == "" {
		return err
	}
	s.Printf("\nChưa có tài khoản nào. Ai mở liên kết này trước, trong vòng %[1]d giờ, là quản trị viên của tỉnh:\n"+
		"There is no account yet. Whoever opens this link first, within %[1]d hours, administers the province:\n\n  %[2]s/thiet-lap/%[3]s\n\n",
		int(auth.FirstLinkLasts.Hours()), base, token)
	return s.Out.Flush()
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
	if err := sayHowToBegin(ctx, s, a, c.BaseURL()); err != nil {
		return errors.Join(err, listener.Close(), a.Close())
	}
	log.Info("listening", "address", listener.Addr().String(), "public_url", c.BaseURL(), "database", a.Dialect(), "version", version)
	return errors.Join(a.Serve(ctx, listener), a.Close())
}
