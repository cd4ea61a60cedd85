// Package doctor finds out whether a server would run well with its settings,
// and what keeps it from that: settings, secret, clock, Redis, database, and
// what the database holds.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sipas/internal/config"
	"sipas/internal/limit"
)

// Finding is what a check found. What says it in a few words, Err what is wrong
// and what to do; Warn says that a server runs, and somebody should look.
type Finding struct {
	Name, What string
	Err        error
	Warn       bool
}

// Findings are those of every check.
func Findings(ctx context.Context, c config.Config, now time.Time) []Finding {
	return append([]Finding{
		{Name: "settings", What: "all can be used", Err: c.Validate()},
		secretFinding(c),
		clockFinding(c, now),
		redisFinding(ctx, c),
	}, databaseFindings(ctx, c, now)...)
}

// secretFinding looks at the key without making one.
func secretFinding(c config.Config) Finding {
	f := Finding{Name: "secret", What: "is set"}
	if c.Secret != "" {
		return f
	}
	if _, err := os.Stat(c.SecretFile); errors.Is(err, fs.ErrNotExist) {
		f.What = "file " + c.SecretFile + " will be made on the first start"
		if err := writable(filepath.Dir(c.SecretFile)); err != nil {
			f.Err = fmt.Errorf("file %s cannot be made on the first start: %w", c.SecretFile, err)
		}
		return f
	}
	f.What = "file " + c.SecretFile + " is good"
	_, f.Err = c.Key()
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

func clockFinding(c config.Config, now time.Time) Finding {
	f := Finding{Name: "clock"}
	zone, err := c.Location()
	if err != nil {
		f.Err = fmt.Errorf("SIPAS_TZ: %w", err)
		return f
	}
	f.What = "it is " + now.In(zone).Format("2006-01-02 15:04:05") + " in " + c.TZ
	if now.Year() < firstYear {
		f.Err = errors.New(f.What + ", which cannot be: set the clock of this machine")
	}
	return f
}

func redisFinding(ctx context.Context, c config.Config) Finding {
	f := Finding{Name: "redis", What: "is not used; limits are those of one server"}
	if c.RedisURL == "" {
		return f
	}
	f.What = "answers"
	shared, err := limit.NewRedis(c.RedisURL)
	if err != nil {
		f.Err = err
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
	f.Err = errors.Join(err, shared.Close())
	return f
}
