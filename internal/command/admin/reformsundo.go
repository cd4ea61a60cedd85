package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/reform"
)

type agenciesReforms struct {
	reformsHelp
	command.Database
	command.Calendar
	JSON bool `name:"json" help:"Print JSON."`
}

// reformLine is one reform for scripts.
type reformLine struct {
	Number int64       `json:"reform"`
	Kind   reform.Kind `json:"kind"`
	Day    string      `json:"day"`
	From   []string    `json:"from"`
	Into   []string    `json:"into"`
	Made   time.Time   `json:"made"`
	By     string      `json:"by"`
	Undone *time.Time  `json:"undone"` // null while it holds
}

// Run lists what was done, the newest first.
func (c *agenciesReforms) Run(ctx context.Context, s *command.Session) error {
	return reformsOf(ctx, s, c.Database, c.Calendar, func(d app.Database, reforms *reform.Reforms, zone *time.Location) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		all, err := reforms.All(ctx)
		if err != nil {
			return err
		}
		lines := []reformLine{}
		for _, one := range all {
			line := reformLine{one.ID, one.Kind, one.Day, []string{}, []string{}, one.At, one.By, nil}
			for _, e := range one.Steps.Ends {
				ended, _ := snap.Tree.Agency(e.ID)
				line.From = append(line.From, ended.Code)
			}
			for _, id := range one.Steps.Takers {
				taker, known := snap.Tree.Agency(id)
				if made, ok := one.Steps.MadeOne(id); ok && !known { // it is gone since that was undone
					taker.Code = made.Code
				}
				line.Into = append(line.Into, taker.Code)
			}
			if one.Undone() {
				line.Undone = &one.UndoneAt
			}
			lines = append(lines, line)
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "REFORM\tKIND\tDAY\tFROM\tINTO\tBY\tUNDONE") // shows at the flush
		for _, l := range lines {
			undone := ""
			if l.Undone != nil {
				undone = l.Undone.In(zone).Format(time.DateOnly)
			}
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Number, l.Kind, l.Day, strings.Join(l.From, ","), strings.Join(l.Into, ","), command.Cell(l.By), undone)
		}
		return table.Flush()
	})
}

type agenciesUndo struct {
	reformsHelp
	command.Database
	command.Calendar
	Reform   int64  `arg:"" help:"Number of the reform: see reforms."`
	DryRun   bool   `help:"Say whether it can be undone, and change nothing."`
	JSON     bool   `name:"json" help:"Print JSON."`
	Language string `default:"en" enum:"en,vi" help:"Language in which errors are told: en or vi."`
}

// undoing is what came of undoing, for scripts.
type undoing struct {
	Reform int64         `json:"reform"`
	Undone bool          `json:"undone"`
	Errors []reformError `json:"errors"`
}

// Run puts everything back as it was before a reform.
func (c *agenciesUndo) Run(ctx context.Context, s *command.Session) error {
	texts, err := command.Texts(c.Language)
	if err != nil {
		return err
	}
	return reformsOf(ctx, s, c.Database, c.Calendar, func(d app.Database, reforms *reform.Reforms, _ *time.Location) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		found, err := reforms.Obstacles(ctx, snap, c.Reform)
		if err != nil {
			return command.Already(err, fmt.Sprintf("there is no reform %d: see `sipas agencies reforms`", c.Reform))
		}
		result := undoing{Reform: c.Reform, Errors: errorsOf(found, texts)}
		if len(found) == 0 && !c.DryRun {
			err := reforms.Undo(ctx, command.Operator(), c.Reform)
			if errors.Is(err, reform.ErrAnswered) {
				err = errors.New("citizens have answered about an agency that it made, so it stays; correct it with another reform")
			}
			if err != nil {
				return err
			}
			result.Undone = true
		}
		return c.tell(s, result)
	})
}

func (c *agenciesUndo) tell(s *command.Session, result undoing) (err error) {
	switch {
	case c.JSON:
		err = json.NewEncoder(s.Out).Encode(result)
	case result.Undone:
		s.Printf("reform %d is undone\n", result.Reform)
	case len(result.Errors) == 0:
		s.Printf("reform %d can be undone\n", result.Reform)
	default:
		for _, e := range result.Errors {
			s.Notef("%s", command.Printable(e.Text))
		}
		s.Printf("reform %d cannot be undone: nothing was changed\n", result.Reform)
	}
	if err == nil && len(result.Errors) > 0 {
		err = command.ErrSaid
	}
	return err
}
