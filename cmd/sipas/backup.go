package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sipas/internal/app"
	"sipas/internal/audit"
	"sipas/internal/command"
	"sipas/internal/registry"
)

type backupCmd struct {
	command.Database
	Out string `required:"" placeholder:"FILE" help:"The file to write; it must not be there yet. - is the standard output."`
}

// Help is the longer help of the command.
func (backupCmd) Help() string {
	return `Writes everything but sessions as of one moment, while the server runs. The file fits SQLite and Postgres alike. It holds free
texts and the hashes of passwords: keep it as you keep the database. The seal that is printed proves later that the audit was not
written anew (sipas audit verify --expect SEAL): note it somewhere else.

Example:

  sipas backup --out sipas-2025-11-20.backup.gz`
}

// Run writes a backup.
func (c *backupCmd) Run(ctx context.Context, s *command.Session) error {
	if c.Out == "-" && command.IsTerminal(os.Stdout) {
		return command.UsageError("a backup is no text for a terminal; give --out FILE")
	}
	if _, err := os.Lstat(c.Out); c.Out != "-" && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already; choose another name", c.Out)
	}
	return c.With(ctx, func(d app.Database) error {
		seal, err := audit.New(d.DB).Seal(ctx) // before the rows, so that it is in them
		if err != nil {
			return err
		}
		progress := s.Bar("rows", 0)
		rows := int64(0)
		err = s.Write(c.Out, func(w io.Writer) (err error) {
			rows, err = d.Dump(ctx, w, app.Tables(), s.Now(), progress.To)
			return err
		})
		progress.End()
		if err == nil {
			s.Notef("%d rows written to %s\nseal of the audit in it: %s", rows, c.Out, seal)
		}
		return err
	})
}

type restoreCmd struct {
	command.Database
	Archive string `arg:"" name:"file" help:"A file that backup wrote; - is the standard input."`
}

// Help is the longer help of the command.
func (restoreCmd) Help() string {
	return `Restores everything or nothing, into a new database of the same schema. Everybody has to sign in again.

Example, from SQLite to Postgres:

  sipas backup --database-url sqlite:sipas.db --out sipas.backup.gz
  sipas migrate up --database-url postgres://sipas:PASSWORD@localhost/sipas
  sipas restore --database-url postgres://sipas:PASSWORD@localhost/sipas sipas.backup.gz`
}

// Run reads a backup.
func (c *restoreCmd) Run(ctx context.Context, s *command.Session) error {
	in, err := s.Read(c.Archive)
	if err != nil {
		return err
	}
	defer in.Close()
	return c.With(ctx, func(d app.Database) error {
		progress := s.Bar("rows", 0)
		rows, err := d.Load(ctx, in, app.Tables(), progress.To)
		progress.End()
		if err == nil {
			err = d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) error {
				return change.Note(ctx, "database.restore", filepath.Base(c.Archive), nil, map[string]int64{"rows": rows})
			})
		}
		if err == nil {
			s.Notef("%d rows restored", rows)
		}
		return err
	})
}
