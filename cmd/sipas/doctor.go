package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sipas/internal/app"
	"sipas/internal/audit"
	"sipas/internal/config"
	"sipas/internal/db"
	"sipas/internal/limit"
	"sipas/internal/registry"
)

// unjudged are the settings, hidden from kong's validation: what is wrong with
// them is for doctor to tell, beside everything else.
type unjudged struct{ config.Config }

type doctorCmd struct {
	unjudged

	File configFile `name:"config" placeholder:"FILE" help:"JSON file of settings; flags and the environment go first."`
	Live string     `placeholder:"URL|public" help:"Check nothing here, only that this address answers with 200; for the health check of a container. public asks SIPAS_PUBLIC_URL, and how requests arrive from there."`
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

// finding is what a check found. what says it in a few words, err what is wrong
// and what to do; warn says that a server runs, and somebody should look.
type finding struct {
	name, what string
	err        error
	warn       bool
}

// Run prints what every check found and fails if one did.
func (c *doctorCmd) Run(ctx context.Context, s *session) error {
	switch c.Live {
	case "":
	case "public":
		return c.livePublic(ctx, s)
	default:
		_, err := live(ctx, c.Live, nothing)
		return err
	}
	findings := []finding{
		{name: "settings", what: "all can be used", err: c.Config.Validate()},
		c.secretFinding(),
		c.clockFinding(s.now()),
		c.redisFinding(ctx),
	}
	findings = append(findings, c.databaseFindings(ctx, s.now())...)
	failed := 0
	for _, f := range findings {
		switch {
		case f.err != nil:
			failed++
			s.printf("FAIL  %-9s %s\n", f.name, explain(f.err))
		case f.warn:
			s.printf("warn  %-9s %s\n", f.name, f.what)
		default:
			s.printf("ok    %-9s %s\n", f.name, f.what)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(findings))
	}
	return nil
}

// secretFinding looks at the key without making one.
func (c *doctorCmd) secretFinding() finding {
	f := finding{name: "secret", what: "is set"}
	if c.Secret != "" {
		return f
	}
	if _, err := os.Stat(c.SecretFile); errors.Is(err, fs.ErrNotExist) {
		f.what = "file " + c.SecretFile + " will be made on the first start"
		if err := writable(filepath.Dir(c.SecretFile)); err != nil {
			f.err = fmt.Errorf("file %s cannot be made on the first start: %w", c.SecretFile, err)
		}
		return f
	}
	f.what = "file " + c.SecretFile + " is good"
	_, f.err = c.Key()
	return f
}

// writable fails if no file can be made in a folder.
func writable(folder string) error {
	file, err := os.CreateTemp(folder, ".sipas-*")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// firstYear is when this was written: an earlier clock is a clock that is wrong.
const firstYear = 2025

func (c *doctorCmd) clockFinding(now time.Time) finding {
	f := finding{name: "clock"}
	zone, err := c.Location()
	if err != nil {
		f.err = fmt.Errorf("SIPAS_TZ: %w", err)
		return f
	}
	f.what = "it is " + now.In(zone).Format("2006-01-02 15:04:05") + " in " + c.TZ
	if now.Year() < firstYear {
		f.err = errors.New(f.what + ", which cannot be: set the clock of this machine")
	}
	return f
}

func (c *doctorCmd) redisFinding(ctx context.Context) finding {
	f := finding{name: "redis", what: "is not used; limits are those of one server"}
	if c.RedisURL == "" {
		return f
	}
	f.what = "answers"
	shared, err := limit.NewRedis(c.RedisURL)
	if err != nil {
		f.err = err
		return f
	}
	err = shared.Take(ctx, "doctor", limit.Bucket{Name: "doctor", Rate: limit.Rate{Count: 1000, Per: time.Second}})
	var tooMany *limit.TooMany
	if errors.As(err, &tooMany) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("%w; until it answers, each server limits by itself", err)
	}
	f.err = errors.Join(err, shared.Close())
	return f
}

// filesFinding looks who may read the file of a database and what SQLite puts
// beside it.
func filesFinding(path string) finding {
	f := finding{name: "files", what: "the database is closed to other users"}
	open := ""
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if info, err := os.Stat(name); err == nil && info.Mode().Perm()&0o007 != 0 {
			open += " " + name
		}
	}
	if open != "" {
		f.err = errors.New("every user of this machine can read what citizens wrote; run: chmod 600" + open)
	}
	return f
}

// countersFinding names the counters that go on taking answers for agencies that
// were dissolved: closing them is for the province to decide.
func countersFinding(snap *registry.Snapshot, today string) finding {
	f := finding{name: "counters"}
	open, late := 0, ""
	for _, p := range listedPoints(snap.Points) {
		if p.Active {
			open++
			if judged, _ := snap.Tree.Agency(p.JudgedID); judged.ValidTo != "" && judged.ValidTo <= today {
				late += " " + p.Code.Grouped()
			}
		}
	}
	f.what = fmt.Sprintf("%d are open", open)
	if late != "" {
		f.warn = true
		f.what += "; these are of agencies that were dissolved, see `sipas service-points close`:" + late
	}
	return f
}

// encodingFindings say that a database cannot hold every text; of one that can
// there is nothing to say.
func encodingFindings(ctx context.Context, d *db.DB) []finding {
	const mend = "make one with ENCODING 'UTF8' TEMPLATE template0 and move there with `sipas backup` and `sipas restore`"
	f := finding{name: "encoding"}
	switch name, err := d.Encoding(ctx); {
	case err != nil:
		f.err = err
	case name == "UTF8":
		return nil
	case name == "SQL_ASCII":
		f.warn = true
		f.what = "the database stores texts as SQL_ASCII, which checks nothing: " + mend
	default:
		f.err = fmt.Errorf("the database stores texts as %s, which has no Vietnamese: %s", name, mend)
	}
	return []finding{f}
}

// auditFinding goes over every entry of the audit.
func auditFinding(ctx context.Context, d *db.DB) finding {
	seal, err := audit.New(d).Verify(ctx)
	return finding{name: "audit", what: fmt.Sprintf("%d entries, all as they were written; seal %s", seal.Entries, seal), err: err}
}

// databaseFindings are about the database: each needs the one before it.
func (c *doctorCmd) databaseFindings(ctx context.Context, now time.Time) (found []finding) {
	if zone, err := c.Location(); err == nil { // what is wrong with it is told of the clock
		now = now.In(zone)
	}
	if err := (database{DatabaseURL: c.DatabaseURL}).there(); err != nil {
		return append(found, finding{name: "database", err: err})
	}
	if path, ok := sqlitePath(c.DatabaseURL); ok {
		found = append(found, filesFinding(path))
	}
	d, err := app.OpenAnyDatabase(ctx, c.Config, quiet())
	if err != nil {
		return append(found, finding{name: "database", err: err})
	}
	defer func() {
		if err := d.Close(); err != nil {
			found = append(found, finding{name: "database", err: err})
		}
	}()
	found = append(found, finding{name: "database", what: d.Dialect() + " answers"})
	found = append(found, encodingFindings(ctx, d.DB)...)
	if err := d.CheckSchema(ctx); err != nil {
		return append(found, finding{name: "schema", err: err})
	}
	found = append(found, finding{name: "schema", what: "is this program's"})
	snap, err := d.Registry.Current(ctx)
	if err != nil {
		return append(found, finding{name: "registry", err: err})
	}
	found = append(found, countersFinding(snap, now.Format(time.DateOnly)), postersFinding(snap), auditFinding(ctx, d.DB), jobsFinding(ctx, d.DB))
	b, err := d.Store.Balance(ctx)
	if err == nil && b.Responses != b.Counted {
		err = fmt.Errorf("there are %d responses and %d in the tallies: run `sipas recount --fix`", b.Responses, b.Counted)
	}
	return append(found, finding{name: "tallies", what: fmt.Sprintf("count all %d responses (`sipas recount` compares every cell)", b.Responses), err: err})
}
