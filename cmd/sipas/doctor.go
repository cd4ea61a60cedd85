package main

import (
	"context"
	"fmt"

	"sipas/internal/command"
	"sipas/internal/config"
	"sipas/internal/doctor"
)

// unjudged are the settings, hidden from kong's validation: what is wrong with
// them is for doctor to tell, beside everything else.
type unjudged struct{ config.Config }

type doctorCmd struct {
	unjudged

	File command.ConfigFile `name:"config" placeholder:"FILE" help:"JSON file of settings; flags and the environment go first."`
	Live string             `placeholder:"URL|public" help:"Check nothing here, only that this address answers with 200; for the health check of a container. public asks SIPAS_PUBLIC_URL, and how requests arrive from there."`
}

// Help is the longer help of the command.
func (doctorCmd) Help() string {
	return `Takes the same settings as serve. Ends with 0 if a server would run well with them.

Example:

  sipas doctor --database-url postgres://sipas:PASSWORD@localhost/sipas
  sipas doctor --live http://127.0.0.1:8080/healthz
  sipas doctor --live public --public-url https://khaosat.example.vn`
}

// Validate hides that of the settings.
func (*doctorCmd) Validate() error { return nil }

// Run prints what every check found and fails if one did.
func (c *doctorCmd) Run(ctx context.Context, s *command.Session) error {
	switch c.Live {
	case "":
	case "public":
		public, err := doctor.LivePublic(ctx, c.Config, s.Now())
		if err == nil {
			s.Printf("%s answers, and requests arrive as they should\n", public)
		}
		return err
	default:
		return doctor.Live(ctx, c.Live)
	}
	findings := doctor.Findings(ctx, c.Config, s.Now())
	failed := 0
	for _, f := range findings {
		switch {
		case f.Err != nil:
			failed++
			s.Printf("FAIL  %-9s %s\n", f.Name, command.Explain(f.Err))
		case f.Warn:
			s.Printf("warn  %-9s %s\n", f.Name, f.What)
		default:
			s.Printf("ok    %-9s %s\n", f.Name, f.What)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(findings))
	}
	return nil
}
