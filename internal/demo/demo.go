// Package demo fills a database with made-up citizens: the agencies, counters
// and targets of Bình Thuận's plan 2021-2025, and answers that a seeded
// simulator gives through the same door as real ones.
package demo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/preset"
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
// in must be an Intake on st that has not been asked for a form yet, as it
// would not know the new counters. A Fill that was cut short goes on when it is
// called again with the same options and adds no answer twice. A database that
// holds agencies or accounts and is no demo is survey.ErrConflict.
func Fill(ctx context.Context, st *store.Store, in *intake.Intake, o Options) error {
	if o.Responses == 0 {
		o.Responses = DefaultResponses
	}
	if err := claim(ctx, st); err != nil {
		return fmt.Errorf("fill demo: %w", err)
	}
	if err := preset.Apply(ctx, st, "binh-thuan", opening); err != nil {
		return fmt.Errorf("fill demo: %w", err)
	}
	points, err := open(ctx, st)
	if err != nil {
		return fmt.Errorf("fill demo: %w", err)
	}
	versions, err := newest(ctx, st)
	if err != nil {
		return fmt.Errorf("fill demo: %w", err)
	}
	if err := send(ctx, in, newSimulator(o.Seed, daysUntil(o.Until), versions), points, o); err != nil {
		return fmt.Errorf("fill demo: %w", err)
	}
	if err := shut(ctx, st, points); err != nil {
		return fmt.Errorf("fill demo: %w", err)
	}
	if err := addTargets(ctx, st, o.Until.In(zone).Year()); err != nil {
		return fmt.Errorf("fill demo: %w", err)
	}
	if err := publish(ctx, st); err != nil {
		return fmt.Errorf("fill demo: %w", err)
	}
	return nil
}

// claim marks an empty database as synthetic. One that is not empty must be
// marked already: real answers are never mixed with made-up ones.
func claim(ctx context.Context, st *store.Store) error {
	deployment, err := st.Deployment(ctx)
	if err != nil || deployment.Synthetic {
		return err
	}
	agencies, err := st.Agencies(ctx)
	if err != nil {
		return err
	}
	users, err := st.Users(ctx)
	if err != nil {
		return err
	}
	if len(agencies)+len(users) > 0 {
		return fmt.Errorf("this database is no demo, choose another folder: %w", fault.ErrConflict)
	}
	return st.SaveSetting(ctx, store.SettingSynthetic, "1")
}

// newest gives the version that each survey asks now.
func newest(ctx context.Context, st *store.Store) (map[string]*survey.Version, error) {
	all, err := st.Versions(ctx)
	if err != nil {
		return nil, err
	}
	versions := map[string]*survey.Version{}
	for _, v := range all { // oldest first
		versions[v.Definition.Key] = v
	}
	return versions, nil
}

// send has the citizens come in the order of time, so that those who are
// written in one transaction fall into the same months.
func send(ctx context.Context, in *intake.Intake, s *simulator, points []agency.ServicePoint, o Options) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan visit)
	var done counter
	var group sync.WaitGroup
	for range citizens {
		group.Go(func() {
			for v := range queue {
				if err := submit(ctx, in, string(points[v.desk].Code), s.submission(v), v.at); err != nil {
					stop(err)
					return
				}
				done.add(o)
			}
		})
	}
	for _, v := range s.visits(o.Responses) {
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
	mu   sync.Mutex
	done int
}

func (c *counter) add(o Options) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	if o.Progress != nil {
		o.Progress(c.done, o.Responses)
	}
}
