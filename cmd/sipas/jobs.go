package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/jobs"
)

type jobsCmd struct {
	jobsHelp

	List  jobsListCmd  `cmd:"" default:"withargs" help:"List them, the newest first (the default)."`
	Retry jobsRetryCmd `cmd:"" help:"Have one begin at once that was given up, or that waits after a failure."`
}

// jobsHelp is the longer help of the command and of each part of it.
type jobsHelp struct{}

// Help gives it.
func (jobsHelp) Help() string {
	return `What the server does later: chores that come again and again, and work that a change has asked for. One that fails is tried
again, later each time; after 16 attempts it is given up (failed).

Example:

  sipas jobs list
  sipas jobs list --state failed --json
  sipas jobs retry 27`
}

type jobsListCmd struct {
	jobsHelp
	command.Database
	command.Calendar
	State string `enum:"open,waiting,running,failed,done,all" default:"open" help:"Which to list: open (all but those that are done), waiting, running, failed, done, all."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// jobLine is one job for scripts.
type jobLine struct {
	ID       int64      `json:"id"`
	Kind     string     `json:"kind"`
	Key      string     `json:"key"`
	State    jobs.State `json:"state"`
	Attempts int        `json:"attempts"`
	Created  time.Time  `json:"created"`
	Due      *time.Time `json:"due,omitempty"`   // of one that waits
	Ended    *time.Time `json:"ended,omitempty"` // its last attempt
	Error    string     `json:"error,omitempty"` // of its last attempt
}

// Run lists the jobs.
func (c *jobsListCmd) Run(ctx context.Context, s *command.Session) error {
	zone, err := c.Zone()
	if err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		found, err := jobs.List(ctx, d.DB, c.states()...)
		if err != nil {
			return err
		}
		lines := make([]jobLine, len(found))
		for i, e := range found {
			lines[i] = jobLine{ID: e.ID, Kind: e.Kind, Key: e.Key, State: e.State, Attempts: e.Attempts, Created: e.Created, Ended: db.OrNull(e.Ended), Error: e.Error}
			if e.State == jobs.Waiting {
				lines[i].Due = &e.Due
			}
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(lines)
		}
		at := func(moment *time.Time) string {
			if moment == nil {
				return "-"
			}
			return moment.In(zone).Format("2006-01-02 15:04")
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tKIND\tKEY\tSTATE\tATTEMPTS\tDUE\tENDED\tERROR") // shows at the flush
		for _, l := range lines {
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", l.ID, command.Cell(l.Kind), command.Cell(l.Key), l.State, l.Attempts, at(l.Due), at(l.Ended), command.Cell(l.Error))
		}
		return table.Flush()
	})
}

func (c *jobsListCmd) states() []jobs.State {
	switch c.State {
	case "open":
		return []jobs.State{jobs.Waiting, jobs.Running, jobs.Failed}
	case "all":
		return []jobs.State{jobs.Waiting, jobs.Running, jobs.Failed, jobs.Done}
	}
	return []jobs.State{jobs.State(c.State)}
}

type jobsRetryCmd struct {
	jobsHelp
	command.Database
	ID int64 `arg:"" help:"Its number in the list."`
}

// Run has a job begin at once.
func (c *jobsRetryCmd) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		err := jobs.Retry(ctx, d.DB, c.ID)
		switch {
		case errors.Is(err, fault.ErrConflict):
			return errors.New("another job that does the same waits already: see `sipas jobs list`")
		case err != nil:
			return command.Already(err, fmt.Sprintf("no job %d waits or was given up: see `sipas jobs list`", c.ID))
		}
		s.Printf("job %d begins as soon as a server has hands for it\n", c.ID)
		return nil
	})
}
