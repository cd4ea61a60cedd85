package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/config"
	"sipas/internal/db"
	"sipas/internal/registry"
	"sipas/internal/typeset"
)

// databaseFindings are about the database: each needs the one before it.
func databaseFindings(ctx context.Context, c config.Config, now time.Time) (found []Finding) {
	zone, err := c.Location()
	if err != nil { // what is wrong with it is told of the clock
		zone, c.TZ = time.UTC, ""
	}
	now = now.In(zone)
	if err := config.Check("cut-off-days", c.CutOffDays); err != nil { // and with these of the settings
		c.CutOffDays = ""
	}
	if err := (command.Database{DatabaseURL: c.DatabaseURL}).There(); err != nil {
		return append(found, Finding{Name: "database", Err: err})
	}
	if path, ok := command.SQLitePath(c.DatabaseURL); ok {
		found = append(found, filesFinding(path))
	}
	d, err := app.OpenAnyDatabase(ctx, c, command.Quiet())
	if err != nil {
		return append(found, Finding{Name: "database", Err: err})
	}
	defer func() {
		if err := d.Close(); err != nil {
			found = append(found, Finding{Name: "database", Err: err})
		}
	}()
	found = append(found, Finding{Name: "database", What: d.Dialect() + " answers"})
	found = append(found, encodingFindings(ctx, d.DB)...)
	if err := d.CheckSchema(ctx); err != nil {
		return append(found, Finding{Name: "schema", Err: err})
	}
	found = append(found, Finding{Name: "schema", What: "is this program's"})
	if err := d.CheckTallies(ctx); err != nil {
		return append(found, Finding{Name: "tallies", Err: err})
	}
	snap, err := d.Registry.Current(ctx)
	if err != nil {
		return append(found, Finding{Name: "registry", Err: err})
	}
	found = append(found, groupsFinding(c, snap.Settings), countersFinding(snap, now.Format(time.DateOnly)), postersFinding(snap, typeset.In(c.Fonts...)), auditFinding(ctx, d.DB), jobsFinding(ctx, d.DB))
	b, err := d.Store.Balance(ctx)
	if err == nil && b.Responses != b.Counted {
		err = fmt.Errorf("there are %d responses and %d in the tallies: run `sipas recount --fix`", b.Responses, b.Counted)
	}
	return append(found, Finding{Name: "tallies", What: fmt.Sprintf("count all %d responses (`sipas recount` compares every cell)", b.Responses), Err: err})
}

// groupsFinding tells how answers are shown, which must be the same wherever the
// program works on the database.
func groupsFinding(c config.Config, s registry.Settings) Finding {
	when := "as soon as they are complete"
	if c.Show == config.ShowDaily {
		when = "once a day"
	}
	return Finding{Name: "groups", What: fmt.Sprintf("of %d people or more are shown %s; reports end on %s", s.SmallCell, when, s.CutOffs)}
}

// filesFinding looks who may read the file of a database and what SQLite puts
// beside it.
func filesFinding(path string) Finding {
	f := Finding{Name: "files", What: "the database is closed to other users"}
	open := ""
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if info, err := os.Stat(name); err == nil && info.Mode().Perm()&0o007 != 0 {
			open += " " + name
		}
	}
	if open != "" {
		f.Err = errors.New("every user of this machine can read what citizens wrote; run: chmod 600" + open)
	}
	return f
}

// encodingFindings say that a database cannot hold every text; of one that can
// there is nothing to say.
func encodingFindings(ctx context.Context, d *db.DB) []Finding {
	const mend = "make one with ENCODING 'UTF8' TEMPLATE template0 and move there with `sipas backup` and `sipas restore`"
	f := Finding{Name: "encoding"}
	switch name, err := d.Encoding(ctx); {
	case err != nil:
		f.Err = err
	case name == "UTF8":
		return nil
	case name == "SQL_ASCII":
		f.Warn = true
		f.What = "the database stores texts as SQL_ASCII, which checks nothing: " + mend
	default:
		f.Err = fmt.Errorf("the database stores texts as %s, which has no Vietnamese: %s", name, mend)
	}
	return []Finding{f}
}
