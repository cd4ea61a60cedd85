package reform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/registry"
)

// Plan works out what a reform would do.
func (r *Reforms) Plan(ctx context.Context, snap *registry.Snapshot, asked Asked) (*Plan, error) {
	holders, err := r.accounts.Holders(ctx)
	if err != nil {
		return nil, err
	}
	return Make(snap, holders, asked, r.today()), nil
}

// Apply carries a plan out, all of it in one change, of which every step has its entry
// in the audit. Errors: ErrWrong, ErrEarly, ErrStale.
func (r *Reforms) Apply(ctx context.Context, by audit.Author, p *Plan) (made Reform, err error) {
	switch {
	case len(p.Problems) > 0:
		return Reform{}, ErrWrong
	case p.Early:
		return Reform{}, ErrEarly
	}
	err = r.registry.Change(ctx, by, func(c *registry.Change) error {
		if !c.Follows(p.snap) {
			return ErrStale
		}
		holders, err := r.accounts.HoldersIn(ctx, c.Tx())
		if err != nil {
			return err
		}
		if Make(p.snap, holders, p.Asked, r.today()).Hash() != p.Hash() {
			return ErrStale
		}
		ids := map[int64]int64{}
		for _, m := range p.Steps.Made {
			kept, err := c.AddAgency(ctx, p.made[m.ID])
			if err != nil {
				return err
			}
			ids[m.ID] = kept.ID
		}
		w := work{c, r.accounts, by, p.snap}
		steps := p.Steps.with(ids)
		if err := w.carry(ctx, steps, p.Asked.Day); err != nil {
			return err
		}
		made, err = r.keep(ctx, c, by, p, steps)
		return err
	})
	if err != nil {
		return Reform{}, fmt.Errorf("%s agencies: %w", p.Asked.Kind, err)
	}
	return made, nil
}

// keep keeps what was done, for undoing it.
func (r *Reforms) keep(ctx context.Context, c *registry.Change, by audit.Author, p *Plan, steps Steps) (Reform, error) {
	done, err := json.Marshal(steps)
	if err != nil {
		return Reform{}, err
	}
	row := reformRow{
		Kind: string(p.Asked.Kind), Day: p.Asked.Day, MadeAt: db.Micros(r.options.Now()), MadeBy: by.Name, Revision: p.Revision, Done: string(done),
	}
	if err := c.Tx().Rows(ctx).Create(&row).Error; err != nil {
		return Reform{}, db.Failed("keep reform", err)
	}
	made, err := row.domain()
	if err != nil {
		return Reform{}, err
	}
	return made, c.Note(ctx, "reform."+row.Kind, subject(row.ID), nil, entry{
		Day: row.Day, From: p.Asked.From, Into: p.Asked.Into, Agencies: steps.Count(Office), Points: steps.Count(Point), Officials: steps.Count(Official),
		Accounts: steps.Count(Account), Tokens: steps.Count(Token),
	})
}

func subject(id int64) string { return "reform/" + strconv.FormatInt(id, 10) }

// entry is what the audit says of a reform beside its steps.
type entry struct {
	Day       string      `json:"day"`
	From      []string    `json:"from"`
	Into      []Successor `json:"into,omitempty"`
	Agencies  int         `json:"agencies"`
	Points    int         `json:"service_points"`
	Officials int         `json:"officials"`
	Accounts  int         `json:"accounts"`
	Tokens    int         `json:"tokens"`
}

// work carries steps out within a change.
type work struct {
	*registry.Change
	accounts *auth.Auth
	by       audit.Author
	snap     *registry.Snapshot
}

// carry does the steps of a reform: what moves, moves before the agencies end.
func (w work) carry(ctx context.Context, s Steps, day string) error {
	if err := w.move(ctx, s.Moves); err != nil {
		return err
	}
	for _, e := range s.Ends {
		if err := w.endOn(ctx, e.ID, day); err != nil {
			return err
		}
	}
	for _, t := range s.Successions {
		if err := w.AddSuccession(ctx, t.on(day)); err != nil {
			return err
		}
	}
	return nil
}

func (w work) endOn(ctx context.Context, id int64, day string) error {
	a, _ := w.snap.Tree.Agency(id)
	a.ValidTo = day
	return w.UpdateAgency(ctx, a)
}

// move moves things, each from where it is known to be.
func (w work) move(ctx context.Context, moves []Move) error {
	var points []agency.ServicePoint
	var officials []agency.Official
	for _, m := range moves {
		var err error
		switch m.Thing {
		case Office:
			a, _ := w.snap.Tree.Agency(m.ID)
			a.ParentID = m.To
			err = w.UpdateAgency(ctx, a)
		case Point:
			point, _ := w.snap.PointByID(m.ID)
			point.AgencyID, point.JudgedID = m.To, m.JudgedTo
			point.Active = (point.Active || m.Opens) && !m.Closes
			points = append(points, point)
		case Official:
			o, _ := w.snap.OfficialByID(m.ID)
			o.AgencyID = m.To
			officials = append(officials, o)
		case Account, Token:
			err = w.accounts.Rescope(ctx, w.Tx(), w.by, m.holder(), m.To)
		}
		if errors.Is(err, auth.ErrUsersChanged) {
			err = ErrStale
		}
		if err != nil {
			return err
		}
	}
	if err := w.UpdateServicePoints(ctx, points); err != nil {
		return err
	}
	return w.UpdateOfficials(ctx, officials)
}

// Obstacles says why a reform cannot be undone; nothing: it can.
func (r *Reforms) Obstacles(ctx context.Context, snap *registry.Snapshot, id int64) ([]Problem, error) {
	all, err := r.All(ctx)
	if err != nil {
		return nil, err
	}
	one, err := among(all, id)
	if err != nil {
		return nil, err
	}
	holders, err := r.accounts.Holders(ctx)
	return one.obstacles(snap, holders, all), err
}

// Undo puts everything back as it was before a reform, in one change, if nothing was
// built on it. Errors: fault.ErrNotFound; ErrWrong, see Obstacles; ErrAnswered.
func (r *Reforms) Undo(ctx context.Context, by audit.Author, id int64) error {
	err := r.registry.Change(ctx, by, func(c *registry.Change) error {
		all, err := readReforms(c.Tx().Rows(ctx))
		if err != nil {
			return err
		}
		one, err := among(all, id)
		if err != nil {
			return err
		}
		snap, err := c.Now(ctx)
		if err != nil {
			return err
		}
		holders, err := r.accounts.HoldersIn(ctx, c.Tx())
		if err != nil {
			return err
		}
		if len(one.obstacles(snap, holders, all)) > 0 {
			return ErrWrong
		}
		w := work{c, r.accounts, by, snap}
		if err := w.putBack(ctx, one); err != nil {
			return err
		}
		undone := c.Tx().Rows(ctx).Model(&reformRow{}).Where("id = ?", id).Update("undone_at", db.Micros(r.options.Now()))
		if err := db.Changed("undo reform", undone); err != nil {
			return err
		}
		return c.Note(ctx, "reform.undo", subject(id), nil, nil)
	})
	if err != nil {
		return fmt.Errorf("undo reform %d: %w", id, err)
	}
	return nil
}

// putBack does the steps the other way round.
func (w work) putBack(ctx context.Context, one Reform) error {
	for _, t := range one.Steps.Successions {
		if err := w.RemoveSuccession(ctx, t.on(one.Day)); err != nil {
			return err
		}
	}
	for _, e := range one.Steps.Ends {
		if err := w.endOn(ctx, e.ID, e.Was); err != nil {
			return err
		}
	}
	back := make([]Move, len(one.Steps.Moves))
	for i, m := range one.Steps.Moves {
		back[i] = m.back()
	}
	if err := w.move(ctx, back); err != nil {
		return err
	}
	for _, m := range one.Steps.Made {
		err := w.RemoveAgency(ctx, m.ID)
		if errors.Is(err, fault.ErrConflict) {
			return ErrAnswered
		}
		if err != nil {
			return err
		}
	}
	return nil
}
