package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"sipas/internal/app"
	"sipas/internal/audit"
	"sipas/internal/command"
)

type auditCmd struct {
	auditHelp

	List   auditListCmd   `cmd:"" default:"withargs" help:"List who changed what, the oldest first (the default)."`
	Verify auditVerifyCmd `cmd:"" help:"Prove that no entry was changed, removed or added; ends with 1 if one was."`
}

// auditHelp is the longer help of the command and of each part of it.
type auditHelp struct{}

// Help gives it.
func (auditHelp) Help() string {
	return `The seal that verify prints is the number of entries and the hash of the last. Noted somewhere else, it also finds an audit that was
written anew from its beginning: docs/operations.md.

Example:

  sipas audit list --limit 20
  sipas audit list --json --action service-point --author "Quản trị tỉnh"
  sipas audit verify
  sipas audit verify --expect 2:adf34c71bfc2ba7f94937e29de3b6a446fa08f919f98fd1cc5fe41f061816c68`
}

type auditListCmd struct {
	auditHelp
	command.Database
	command.Calendar
	Limit  int    `placeholder:"N" help:"At most so many: the newest, or with --after the first behind it (default: all)."`
	After  int64  `placeholder:"NUMBER" help:"Only entries behind this one."`
	Action string `placeholder:"PREFIX" help:"Only actions that begin so, such as service-point or user.add."`
	Author string `placeholder:"NAME" help:"Only what this author changed."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// Run lists the entries.
func (c *auditListCmd) Run(ctx context.Context, s *command.Session) error {
	if c.Limit < 0 || c.After < 0 {
		return command.UsageError("--limit and --after cannot be negative")
	}
	zone, err := c.Zone()
	if err != nil {
		return err
	}
	return readAudit(ctx, c.Database, func(log *audit.Log) error {
		if c.JSON {
			return c.printJSON(ctx, s, log)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "NUMBER\tTIME\tAUTHOR\tVIA\tACTION\tSUBJECT\tCHANGE") // shows at the flush
		err := c.each(ctx, log, func(e audit.Entry) error {
			_, err := fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Number, e.At.In(zone).Format(time.DateTime),
				command.Cell(e.Author.Name), command.Cell(e.Author.Via), command.Cell(e.Action), command.Cell(e.Subject), command.Cell(changeOf(e)))
			return err
		})
		return errors.Join(err, table.Flush())
	})
}

// auditPage is how many entries are read at once when there is no limit.
const auditPage = 500

// each hands over the entries that are asked for, in the order of their numbers.
func (c *auditListCmd) each(ctx context.Context, log *audit.Log, visit func(audit.Entry) error) error {
	f := audit.Filter{After: c.After, Action: c.Action, Author: c.Author, Limit: cmp.Or(c.Limit, auditPage)}
	f.Newest = c.Limit > 0 && c.After == 0
	for {
		entries, err := log.List(ctx, f)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := visit(e); err != nil {
				return err
			}
			f.After = e.Number
		}
		if c.Limit > 0 || len(entries) < auditPage {
			return nil
		}
	}
}

// auditLine is one entry for scripts.
type auditLine struct {
	Number  int64       `json:"number"`
	At      time.Time   `json:"at"`
	Author  auditAuthor `json:"author"`
	Action  string      `json:"action"`
	Subject string      `json:"subject"`
	Before  any         `json:"before"` // null: there was nothing
	After   any         `json:"after"`  // null: nothing is left
	Hash    string      `json:"hash"`
}

type auditAuthor struct {
	Name string `json:"name"`
	User int64  `json:"user"` // number of the account, 0: none
	Via  string `json:"via"`
}

// printJSON prints an array with a line for each entry.
func (c *auditListCmd) printJSON(ctx context.Context, s *command.Session, log *audit.Log) error {
	before, after := "[", "[]\n"
	err := c.each(ctx, log, func(e audit.Entry) error {
		author := auditAuthor{e.Author.Name, e.Author.UserID, e.Author.Via}
		line, err := json.Marshal(auditLine{e.Number, e.At, author, e.Action, e.Subject, e.Before, e.After, e.Hash})
		s.Printf("%s%s", before, line)
		before, after = ",\n", "]\n"
		return err
	})
	s.Printf("%s", after)
	return err
}

// mostOfChange is how many characters of a change stand in a table.
const mostOfChange = 120

// changeOf is what an entry says of before and after, as much of it as a table
// has room for.
func changeOf(e audit.Entry) string {
	text := func(v any) string {
		if raw, ok := v.(json.RawMessage); ok {
			return string(raw)
		}
		return "-"
	}
	change := text(e.Before) + " -> " + text(e.After)
	if runes := []rune(change); len(runes) > mostOfChange {
		return string(runes[:mostOfChange]) + "…"
	}
	return change
}

type auditVerifyCmd struct {
	auditHelp
	command.Database
	Expect string `placeholder:"SEAL" help:"A seal that was noted: the audit must still begin with what it stands for."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// auditProof is what verify found, for scripts.
type auditProof struct {
	Entries int64        `json:"entries"` // as far as each fits the one before
	Seal    string       `json:"seal"`
	Broken  *auditBroken `json:"broken"` // null: nothing is
}

type auditBroken struct {
	Number int64       `json:"number"`
	Fault  audit.Fault `json:"fault"`
	Detail string      `json:"detail"`
}

// Run verifies, and fails if the audit is not what was written.
func (c *auditVerifyCmd) Run(ctx context.Context, s *command.Session) error {
	var noted []audit.Seal
	if c.Expect != "" {
		seal, err := audit.ParseSeal(c.Expect)
		if err != nil {
			return command.UsageError(fmt.Sprintf("--expect: %v", err))
		}
		noted = append(noted, seal)
	}
	return readAudit(ctx, c.Database, func(log *audit.Log) error {
		seal, err := log.Verify(ctx, noted...)
		var broken *audit.Broken
		if err != nil && !errors.As(err, &broken) {
			return err
		}
		switch {
		case c.JSON:
			proof := auditProof{Entries: seal.Entries, Seal: seal.String()}
			if broken != nil {
				proof.Broken = &auditBroken{broken.Number, broken.Fault, broken.Detail}
			}
			if err := json.NewEncoder(s.Out).Encode(proof); err != nil {
				return err
			}
		case broken == nil:
			s.Printf("all %d entries are as they were written; seal %s\n", seal.Entries, seal)
		}
		return err
	})
}

// readAudit opens the database for who reads the audit.
func readAudit(ctx context.Context, d command.Database, work func(*audit.Log) error) error {
	return d.With(ctx, func(opened app.Database) error { return work(audit.New(opened.DB)) })
}
