package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"sipas/internal/app"
)

type backupCmd struct {
	database
	Out string `required:"" placeholder:"FILE" help:"The file to write; it must not be there yet. - is the standard output."`
}

// Help is the longer help of the command.
func (backupCmd) Help() string {
	return `Writes everything but sessions as of one moment, while the server runs. The file fits SQLite and Postgres alike. It holds free
texts and the hashes of passwords: keep it as you keep the database.

Example:

  sipas backup --out sipas-2025-11-20.backup.gz`
}

// Run writes a backup.
func (c *backupCmd) Run(ctx context.Context, s *session) error {
	if c.Out == "-" && terminal(os.Stdout) {
		return usageError("a backup is no text for a terminal; give --out FILE")
	}
	if _, err := os.Lstat(c.Out); c.Out != "-" && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already; choose another name", c.Out)
	}
	return c.with(ctx, func(d app.Database) error {
		progress := s.bar("rows", 0)
		rows := int64(0)
		err := s.write(c.Out, func(w io.Writer) (err error) {
			rows, err = d.Dump(ctx, w, app.Tables(), s.now(), progress.to)
			return err
		})
		progress.end()
		if err == nil {
			s.notef("%d rows written to %s", rows, c.Out)
		}
		return err
	})
}

type restoreCmd struct {
	database
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
func (c *restoreCmd) Run(ctx context.Context, s *session) error {
	in, err := s.read(c.Archive)
	if err != nil {
		return err
	}
	defer in.Close()
	return c.with(ctx, func(d app.Database) error {
		progress := s.bar("rows", 0)
		rows, err := d.Load(ctx, in, app.Tables(), progress.to)
		progress.end()
		if err == nil {
			err = d.Registry.Raise(ctx)
		}
		if err == nil {
			s.notef("%d rows restored", rows)
		}
		return err
	})
}
