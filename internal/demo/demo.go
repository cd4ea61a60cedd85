// Package demo fills a database with made-up citizens: the agencies, counters
// and targets of Bình Thuận's plan 2021-2025, and answers that a seeded
// simulator gives through the same door as real ones.
package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/preset"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// DefaultResponses is how many answers a demonstration holds.
const DefaultResponses = 150_000

// Options say what is made up. The same seed, number and last day give the same
// answers.
type Options struct {
	Seed      uint64
	Responses int                   // 0: DefaultResponses
	Until     time.Time             // people come up to the day before; never before the end of 2025
	Progress  func(done, total int) // may be nil; never called twice at once
}

// citizens is how many people send at once. While half of them are in the
// transaction that commits, the other half wait for the next.
const citizens = 512

// Fill seeds an empty database with the preset binh-thuan, adds counters,
// hospitals, schools and communes, and has citizens answer there from 2021 on.
// Years after the plan get targets of the demonstration's own, and 2021 to 2024
// are published. Nothing but the intake's door is used, so every rule of acceptance
// holds. The database is marked as synthetic before the first answer.
//
// A Fill that was cut short goes on when it is called again with the same
// options and adds no answer twice. A database that holds agencies or accounts
// and is no demo is fault.ErrConflict.
func Fill(ctx context.Context, d *db.DB, reg *registry.Registry, st *store.Store, in *intake.Intake, o Options) error {
	if o.Responses == 0 {
		o.Responses = DefaultResponses
	}
	if err := fill(ctx, d, reg, st, in, o); err != nil {
		return fmt.Errorf("fill demo: %w", err)
	}
	return nil
}

// author stands in the audit log for what the demonstration makes up.
func author() audit.Author { return audit.Author{Name: ownPlan, Via: audit.Program} }

func fill(ctx context.Context, d *db.DB, reg *registry.Registry, st *store.Store, in *intake.Intake, o Options) error {
	if err := claim(ctx, d, reg); err != nil {
		return err
	}
	if err := preset.Apply(ctx, reg, author(), preset.Named("binh-thuan"), opening); err != nil {
		return err
	}
	points, err := open(ctx, reg)
	if err != nil {
		return err
	}
	snap, err := reg.Current(ctx)
	if err != nil {
		return err
	}
	s := newSimulator(o.Seed, daysUntil(o.Until), newest(snap))
	if err := live(ctx, d, reg, in, s, points, o); err != nil {
		return err
	}
	if err := handleFiles(ctx, reg, s, o.Responses); err != nil {
		return err
	}
	if err := addTargets(ctx, reg, o.Until.In(zone).Year()); err != nil {
		return err
	}
	if snap, err = reg.Current(ctx); err != nil {
		return err
	}
	if err := closeHalves(ctx, st, snap, o.Until); err != nil {
		return err
	}
	return publish(ctx, d, reg, st)
}

// closeHalves puts together what waits in the half months that are over, as the
// server would have done at the end of each.
func closeHalves(ctx context.Context, st *store.Store, snap *registry.Snapshot, until time.Time) error {
	today := opening.AddDate(0, 0, daysUntil(until)).Format(time.DateOnly)
	_, err := st.Close(ctx, store.Closing{Now: civil.HalfMonthOf(today), Ends: civil.ReportCutOffs().Ends, Tree: snap.Tree})
	return err
}

// claim marks an empty database as synthetic. One that is not empty must be
// marked already: real answers are never mixed with made-up ones.
func claim(ctx context.Context, d *db.DB, reg *registry.Registry) error {
	snap, err := reg.Current(ctx)
	if err != nil || snap.Settings.Synthetic {
		return err
	}
	users, err := auth.New(d, auth.Options{Now: func() time.Time { return opening }}).Users(ctx)
	if err != nil {
		return err
	}
	if len(snap.Tree.All())+len(users) > 0 {
		return fmt.Errorf("this database is no demo, choose another folder: %w", fault.ErrConflict)
	}
	return reg.Change(ctx, author(), func(c *registry.Change) error { return c.Set(ctx, registry.SettingSynthetic, "1") })
}

// newest gives the version that each survey asks now.
func newest(snap *registry.Snapshot) map[string]*survey.Version {
	versions := map[string]*survey.Version{}
	for _, key := range snap.Surveys {
		versions[key] = snap.Newest(key)
	}
	return versions
}

// live has the citizens come, with the reform on its day among them. Once that has
// begun, all who came before are there.
func live(ctx context.Context, d *db.DB, reg *registry.Registry, in *intake.Intake, s *simulator, points []agency.ServicePoint, o Options) error {
	visits := s.visits(o.Responses)
	after := slices.IndexFunc(visits, func(v visit) bool { return v.at.Format(time.DateOnly) >= reformDay })
	if after < 0 {
		after = len(visits)
	}
	snap, err := reg.Current(ctx)
	if err != nil {
		return err
	}
	done := counter{options: o}
	if reformed(snap) {
		for range after {
			done.add()
		}
	} else if err := send(ctx, in, s, points, visits[:after], &done); err != nil {
		return err
	}
	if err := merge(ctx, d, reg); err != nil {
		return err
	}
	return send(ctx, in, s, points, visits[after:], &done)
}

// send has the citizens come in the order of time, so that those who are
// written in one transaction fall into the same months.
func send(ctx context.Context, in *intake.Intake, s *simulator, points []agency.ServicePoint, visits []visit, done *counter) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan visit)
	var group sync.WaitGroup
	for range citizens {
		group.Go(func() {
			for v := range queue {
				if err := submit(ctx, in, string(points[v.desk].Code), s.submission(v), v.at); err != nil {
					stop(err)
					return
				}
				done.add()
			}
		})
	}
	for _, v := range visits {
		select {
		case queue <- v:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(queue)
	group.Wait()
	return context.Cause(ctx)
}

// tries bounds how often one answer is sent while the database is away, or too
// slow for a moment, as on a small machine that does other things: a minute.
const tries = 12

func submit(ctx context.Context, in *intake.Intake, code string, s survey.Submission, at time.Time) error {
	for try := 1; ; try++ {
		_, err := in.SubmitAt(ctx, code, s, at)
		var away *intake.Unavailable
		if !errors.As(err, &away) || try == tries {
			return err
		}
		select {
		case <-time.After(away.RetryAfter):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// counter reports progress, one call at a time.
type counter struct {
	options Options
	mu      sync.Mutex
	done    int
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	if c.options.Progress != nil {
		c.options.Progress(c.done, c.options.Responses)
	}
}
