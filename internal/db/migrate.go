package db

import (
	"context"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
)

// SchemaError says that the database's schema is not the one this program
// works with. Found and Wanted are migration numbers.
type SchemaError struct{ Found, Wanted int64 }

// Error says what is wrong and which command mends it.
func (e *SchemaError) Error() string {
	if e.Found > e.Wanted {
		return fmt.Sprintf("the database schema is at %d, newer than this program (%d): install the newer program", e.Found, e.Wanted)
	}
	return fmt.Sprintf("the database schema is at %d, this program needs %d: run `sipas migrate up`", e.Found, e.Wanted)
}

// Migration is one step of the schema and whether it was applied.
type Migration struct {
	Number  int64
	Name    string
	Applied bool
}

// migratePatience is how long a migration waits for another one.
const migratePatience = 15 * time.Second

// Migrate applies every pending migration and returns how many there were. Of
// several at once one does it and the others wait. It refuses a schema newer
// than the program, and with ErrInUse a file that a server has open, unless
// nothing is to be done.
func (d *DB) Migrate(ctx context.Context) (applied int, err error) {
	if d.CheckSchema(ctx) == nil {
		return 0, nil
	}
	err = d.alone(ctx, migratePatience, func() (err error) {
		applied, err = d.migrate(ctx)
		return err
	})
	return applied, Failed("migrate", err)
}

func (d *DB) migrate(ctx context.Context) (int, error) {
	p, err := d.dialect.migrations(d.write)
	if err != nil {
		return 0, err
	}
	if err := d.newer(ctx, p); err != nil {
		return 0, err
	}
	done, err := p.Up(ctx)
	return len(done), err
}

// CheckSchema returns *SchemaError unless the schema is exactly the one this
// program works with.
func (d *DB) CheckSchema(ctx context.Context) error {
	p, err := d.dialect.migrations(d.write)
	if err != nil {
		return fmt.Errorf("check schema: %w", err)
	}
	found, wanted, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("check schema: %w", err)
	}
	if found != wanted {
		return &SchemaError{Found: found, Wanted: wanted}
	}
	return nil
}

// newer returns *SchemaError if the schema is newer than the program: goose
// itself would silently do nothing then.
func (d *DB) newer(ctx context.Context, p *goose.Provider) error {
	found, wanted, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if found > wanted {
		return &SchemaError{Found: found, Wanted: wanted}
	}
	return nil
}

// Migrations lists every migration this program knows, oldest first.
func (d *DB) Migrations(ctx context.Context) ([]Migration, error) {
	p, err := d.dialect.migrations(d.write)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	states, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	list := make([]Migration, len(states))
	for i, st := range states {
		list[i] = Migration{Number: st.Source.Version, Name: st.Source.Path, Applied: st.State == goose.StateApplied}
	}
	return list, nil
}
