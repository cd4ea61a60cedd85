package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/command"
	"sipas/internal/message"
	"sipas/internal/reform"
	"sipas/internal/registry"
	"sipas/internal/score"
)

// reformsHelp is the longer help of the commands that change which agencies there are.
type reformsHelp struct{}

// Help gives it.
func (reformsHelp) Help() string {
	return `A plan says what becomes of service points, officials, accounts, API keys, targets and agencies below; with --dry-run nothing else
happens. Codes of service points stay, and so do answers and targets of agencies that end. All of it is done or nothing. While
nothing was built on it, ` + "`sipas agencies undo`" + ` puts everything back.

Example:

  sipas agencies merge 22981 22984 --into xa-22981 --name xa-22981="Ủy ban nhân dân xã Vĩnh Hảo" --day 2025-07-01 --dry-run
  sipas agencies split 22978 --into xa-22978=95,xa-22972=5 --place user/phong-phu=xa-22972 --day 2025-07-01 --json
  sipas agencies dissolve huyen-tuy-phong --day 2025-07-01
  sipas agencies reforms --json
  sipas agencies undo 3 --dry-run`
}

// reforming is what the commands of all kinds have in common.
type reforming struct {
	reformsHelp
	command.Database
	command.Calendar
	Day      string            `required:"" placeholder:"DAY" help:"The first day without what ends, such as 2025-07-01."`
	Name     map[string]string `placeholder:"CODE=NAME" help:"A successor that is made: its code and its name in Vietnamese."`
	Place    map[string]string `placeholder:"THING=CODE" help:"To which successor something goes, if not to the first: service-point/CODE, official/CODE, user/LOGIN, token/NUMBER or agency/CODE."`
	DryRun   bool              `help:"Say what would change, and change nothing."`
	Plan     string            `placeholder:"HASH" help:"Carry out that plan only, as --dry-run --json told it."`
	JSON     bool              `name:"json" help:"Print JSON."`
	Language string            `default:"en" enum:"en,vi" help:"Language in which errors are told: en or vi."`
}

type agenciesMerge struct {
	reforming
	Codes []string `arg:"" help:"Codes of the agencies that end."`
	Into  string   `required:"" placeholder:"CODE" help:"Who takes over."`
}

// Run makes several agencies part of another.
func (c *agenciesMerge) Run(ctx context.Context, s *command.Session) error {
	return c.run(ctx, s, reform.Merge, c.Codes, []reform.Successor{{Code: c.Into}})
}

type agenciesSplit struct {
	reforming
	Code string   `arg:"" help:"Code of the agency that ends."`
	Into []string `required:"" placeholder:"CODE=PERCENT,..." help:"Who takes over how much of it."`
}

// Run divides an agency among several.
func (c *agenciesSplit) Run(ctx context.Context, s *command.Session) error {
	var into []reform.Successor
	for _, one := range c.Into {
		code, text, _ := strings.Cut(one, "=")
		share, err := score.ParseTarget(text)
		if err != nil {
			return command.UsageError(fmt.Sprintf("%q is no successor with its share: want CODE=PERCENT", one))
		}
		into = append(into, reform.Successor{Code: code, Share: int(share)})
	}
	return c.run(ctx, s, reform.Split, []string{c.Code}, into)
}

type agenciesDissolve struct {
	reforming
	Code string `arg:"" help:"Code of the agency that ends."`
	Into string `placeholder:"CODE" help:"Who takes over; without, its service points are closed, and agencies below it go to the one above."`
}

// Run ends an agency.
func (c *agenciesDissolve) Run(ctx context.Context, s *command.Session) error {
	var into []reform.Successor
	if c.Into != "" {
		into = []reform.Successor{{Code: c.Into}}
	}
	return c.run(ctx, s, reform.Dissolve, []string{c.Code}, into)
}

// on opens what keeps reforms.
func reformsOf(ctx context.Context, s *command.Session, database command.Database, calendar command.Calendar, do func(app.Database, *reform.Reforms, *time.Location) error) error {
	zone, err := calendar.Zone()
	if err != nil {
		return err
	}
	return database.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		return do(d, reform.New(d.DB, d.Registry, a, reform.Options{Now: s.Now, Zone: zone}), zone)
	})
}

// run works a plan out, tells it, and carries it out unless that is not wanted; anew if
// something was changed meanwhile.
func (c *reforming) run(ctx context.Context, s *command.Session, kind reform.Kind, from []string, into []reform.Successor) error {
	texts, err := command.Texts(c.Language)
	if err != nil {
		return err
	}
	for i, one := range into {
		if name, made := c.Name[one.Code]; made {
			into[i].Name = agency.Text{"vi": name}
		}
	}
	asked := reform.Asked{Kind: kind, From: from, Into: into, Day: c.Day, Places: c.Place}
	return reformsOf(ctx, s, c.Database, c.Calendar, func(d app.Database, reforms *reform.Reforms, _ *time.Location) error {
		plan, made, err := c.settle(ctx, d.Registry, reforms, asked)
		if err != nil {
			return err
		}
		if err := c.tell(s, plan, made, texts); err != nil {
			return err
		}
		if len(plan.Problems) > 0 || plan.Early && !c.DryRun {
			return command.ErrSaid
		}
		return nil
	})
}

// settle makes a plan, and carries it out where that is wanted and it can be.
func (c *reforming) settle(ctx context.Context, reg *registry.Registry, reforms *reform.Reforms, asked reform.Asked) (*reform.Plan, reform.Reform, error) {
	for n := 1; ; n++ {
		snap, err := reg.Load(ctx)
		if err != nil {
			return nil, reform.Reform{}, err
		}
		plan, err := reforms.Plan(ctx, snap, asked)
		if err != nil || c.DryRun || len(plan.Problems) > 0 || plan.Early {
			return plan, reform.Reform{}, err
		}
		if c.Plan != "" && c.Plan != plan.Hash() {
			return nil, reform.Reform{}, errors.New("the plan is another by now: look at it again with --dry-run")
		}
		made, err := reforms.Apply(ctx, command.Operator(), plan)
		if !errors.Is(err, reform.ErrStale) || n == attempts {
			return plan, made, err
		}
	}
}

// reformPlan is a plan for scripts.
type reformPlan struct {
	Kind        reform.Kind    `json:"kind"`
	Day         string         `json:"day"`
	From        []string       `json:"from"`
	Into        []string       `json:"into"`
	New         []string       `json:"new"` // of those that take over
	Moves       []reformMove   `json:"moves"`
	Successions []reformTaking `json:"successions"`
	Targets     int            `json:"targets"`   // that stay with what ends
	Accounts    []string       `json:"accounts"`  // that stay with what ends
	Officials   []string       `json:"officials"` // that do
	Revision    int64          `json:"revision"`
	Plan        string         `json:"plan"`  // its hash, for --plan
	Early       bool           `json:"early"` // the day has not come
	Errors      []reformError  `json:"errors"`
	Reform      int64          `json:"reform,omitempty"` // its number, once it is carried out
}

// reformMove is what becomes of one thing.
type reformMove struct {
	Thing      reform.Thing `json:"thing"`
	Name       string       `json:"name"`
	From       string       `json:"from"`
	To         string       `json:"to"`
	JudgedFrom string       `json:"judged_from,omitempty"`
	JudgedTo   string       `json:"judged_to,omitempty"`
	Closes     bool         `json:"closes,omitempty"`
}

type reformTaking struct {
	From  string      `json:"from"`
	To    string      `json:"to"`
	Share json.Number `json:"share_percent"`
}

type reformError struct {
	Where string `json:"where"`
	Text  string `json:"text"`
}

func errorsOf(problems []reform.Problem, texts message.Printer) []reformError {
	list := []reformError{}
	for _, p := range problems {
		list = append(list, reformError{p.Where, p.Text(texts)})
	}
	return list
}

func (c *reforming) tell(s *command.Session, plan *reform.Plan, made reform.Reform, texts message.Printer) error {
	code := func(id int64) string { return plan.Agency(id).Code }
	view := reformPlan{
		Kind: plan.Asked.Kind, Day: plan.Asked.Day, From: plan.Asked.From, Into: []string{}, New: []string{}, Moves: []reformMove{}, Successions: []reformTaking{},
		Targets: len(plan.Targets), Accounts: []string{}, Officials: []string{}, Revision: plan.Revision, Early: plan.Early, Errors: errorsOf(plan.Problems, texts), Reform: made.ID,
	}
	for _, one := range plan.Asked.Into {
		view.Into = append(view.Into, one.Code)
	}
	for _, m := range plan.Steps.Made {
		view.New = append(view.New, m.Code)
	}
	for _, m := range plan.Steps.Moves {
		view.Moves = append(view.Moves, reformMove{m.Thing, m.Name, code(m.From), code(m.To), code(m.JudgedFrom), code(m.JudgedTo), m.Closes})
	}
	for _, t := range plan.Steps.Successions {
		view.Successions = append(view.Successions, reformTaking{code(t.From), code(t.To), json.Number(reform.Percent(t.Share))})
	}
	for _, h := range plan.Stay {
		view.Accounts = append(view.Accounts, h.Name)
	}
	for _, o := range plan.Remain {
		view.Officials = append(view.Officials, o.Code)
	}
	if len(plan.Problems) == 0 {
		view.Plan = plan.Hash()
	}
	if c.JSON {
		return json.NewEncoder(s.Out).Encode(view)
	}
	for _, e := range view.Errors {
		s.Notef("%s: %s", e.Where, command.Printable(e.Text))
	}
	if len(view.Errors) > 0 {
		s.Printf("%d errors: nothing was changed\n", len(view.Errors))
		return nil
	}
	return c.print(s, view)
}

func (c *reforming) print(s *command.Session, view reformPlan) error {
	table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "WHAT\tNAME\tFROM\tTO") // shows at the flush
	for _, m := range view.Moves {
		from, to := m.From, m.To
		if m.From == m.To && !m.Closes { // only whose work is judged
			from, to = m.JudgedFrom+" (judged)", m.JudgedTo+" (judged)"
		}
		if m.Closes {
			to = "(closed)"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", m.Thing, command.Cell(m.Name), from, to)
	}
	for _, t := range view.Successions {
		_, _ = fmt.Fprintf(table, "succession\t%s%%\t%s\t%s\n", t.Share, t.From, t.To)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	s.Printf("targets that stay with what ends: %d; accounts that do: %d; officials that do: %d\n", view.Targets, len(view.Accounts), len(view.Officials))
	switch {
	case view.Reform != 0:
		s.Printf("done; `sipas agencies undo %d` puts it back\n", view.Reform)
	case view.Early:
		s.Printf("it can be carried out on %s or later\n", view.Day)
	default:
		s.Printf("nothing was changed: without --dry-run it is carried out\n")
	}
	return nil
}
