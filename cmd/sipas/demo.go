package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/command"
	"sipas/internal/config"
	"sipas/internal/demo"
	"sipas/internal/httpd"
	"sipas/internal/intake"
	"sipas/internal/qr"
)

type demoCmd struct {
	Addr      string `env:"SIPAS_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on."`
	PublicURL string `env:"SIPAS_PUBLIC_URL" placeholder:"URL" help:"What the QR codes point to (default http://ADDR)."`
	Responses int    `default:"150000" placeholder:"N" help:"How many citizens have answered."`
	Seed      uint64 `default:"2025" placeholder:"N" help:"The same seed makes the same citizens."`
	Dir       string `placeholder:"FOLDER" help:"Keep the database in this folder (default: a temporary one, removed at the end)."`
}

// Help is the longer help of the command.
func (demoCmd) Help() string {
	return `Needs nothing: SQLite in a temporary folder, the plan and targets of Bình Thuận until 2025, targets of its own for the years after,
example procedures, the mergers of 1 July 2025, and citizens and files that are made up and marked so on every page. The years 2021 to
2024 are published. Ctrl-C ends it.

Example:

  sipas demo
  sipas demo --addr 0.0.0.0:8080 --public-url http://192.168.1.10:8080   for a phone in the same network`
}

// Run makes a database, fills it and serves it until ctx ends.
func (c *demoCmd) Run(ctx context.Context, s *command.Session) (err error) {
	if c.Responses < 1 {
		return command.UsageError("--responses must be 1 or more")
	}
	dir := c.Dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "sipas-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// First of all, so that nobody waits for data only to learn that the port is taken.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("%w: choose another address, such as --addr 127.0.0.1:8090", err)
	}
	cfg, err := c.config(dir, listener.Addr().String())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	accounts, point, err := c.prepare(ctx, s, cfg)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	log := newLog(cfg, s.Errs)
	a, err := app.Open(ctx, cfg, log, app.Options{Version: version, Demo: accounts})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := welcome(s, cfg.BaseURL(), accounts, point); err != nil {
		return errors.Join(err, listener.Close(), a.Close())
	}
	return errors.Join(a.Serve(ctx, listener), a.Close())
}

// config takes the defaults, with everything in one folder.
func (c *demoCmd) config(dir, addr string) (config.Config, error) {
	var all struct {
		config.Config `embed:""`
	}
	if err := kong.ApplyDefaults(&all); err != nil {
		return config.Config{}, err
	}
	cfg := all.Config
	cfg.Addr, cfg.PublicURL = addr, c.PublicURL
	cfg.DatabaseURL = "sqlite:" + filepath.Join(dir, "sipas.db")
	cfg.Secret, cfg.SecretFile = "", filepath.Join(dir, "sipas.key")
	cfg.RedisURL, cfg.MetricsAddr, cfg.LogLevel = "", "", "warn"
	return cfg, cfg.Validate()
}

// prepare fills the database and makes the accounts. It returns a service point
// to try.
func (c *demoCmd) prepare(ctx context.Context, s *command.Session, cfg config.Config) (accounts []httpd.DemoAccount, point agency.ServicePoint, err error) {
	d, err := app.OpenAnyDatabase(ctx, cfg, command.Quiet())
	if err != nil {
		return nil, point, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Claim(ctx); err != nil {
		return nil, point, err
	}
	if _, err := d.Migrate(ctx); err != nil {
		return nil, point, err
	}
	if err := command.MakeTallies(ctx, s, d); err != nil { // of a folder that an earlier release filled
		return nil, point, err
	}
	if err := c.fill(ctx, s, d, cfg); err != nil {
		return nil, point, err
	}
	snap, err := d.Registry.Current(ctx)
	if err != nil {
		return nil, point, err
	}
	made, err := demo.Accounts(ctx, auth.New(d.DB, auth.Options{Now: s.Now}), snap.Tree, command.Operator(), command.NewPassword)
	if err != nil {
		return nil, point, err
	}
	for _, a := range made {
		accounts = append(accounts, httpd.DemoAccount(a))
	}
	for _, p := range command.ListedPoints(snap.Points) {
		if p.Active && (point.ID == 0 || len(p.FieldKeys) > len(point.FieldKeys)) {
			point = p
		}
	}
	return accounts, point, nil
}

func (c *demoCmd) fill(ctx context.Context, s *command.Session, d app.Database, cfg config.Config) (err error) {
	zone, err := cfg.Location()
	if err != nil {
		return err
	}
	s.Notef("Đang tạo %d lượt trả lời mô phỏng / making up %d responses ...", c.Responses, c.Responses)
	door := intake.New(d.Registry, d.Store, intake.Options{Now: s.Now, Zone: zone, Log: command.Quiet()})
	defer func() { err = errors.Join(err, door.Close(context.WithoutCancel(ctx))) }()
	progress := s.Bar("responses", int64(c.Responses))
	defer progress.End()
	return demo.Fill(ctx, d.DB, d.Registry, d.Store, door, demo.Options{
		Seed: c.Seed, Responses: c.Responses, Until: s.Now(), Progress: func(done, _ int) { progress.To(int64(done)) },
	})
}

// welcome says what there is to see.
func welcome(s *command.Session, base string, accounts []httpd.DemoAccount, point agency.ServicePoint) error {
	form := base + point.Code.Path()
	code, err := qr.Terminal(form)
	if err != nil {
		return err
	}
	s.Printf("\nBản dùng thử đã sẵn sàng; mọi người trả lời đều là mô phỏng.\nThe demo is ready; every citizen is made up.\n\n")
	s.Printf("  Trang chủ / home:            %s/\n", base)
	s.Printf("  Bảng kết quả / board:        %s/bang?year=2025\n", base)
	s.Printf("  Kết quả công bố / published: %s/cong-khai\n", base)
	s.Printf("  Phiếu của người dân / form:  %s\n\n", form)
	s.Printf("  Tài khoản / accounts\n")
	for _, a := range accounts {
		s.Printf("    %-14s %s   %s\n", a.Login, a.Password, a.Label)
	}
	if command.IsTerminal(os.Stdout) {
		s.Printf("\n%s", code)
	}
	s.Printf("\nNhấn Ctrl-C để dừng. Press Ctrl-C to stop.\n")
	return s.Out.Flush()
}
