// Package asked is campaigns as people and programs name them: the version of the survey
// by its name, agencies and counters by their codes, days as they are typed; and the
// changes of campaigns.
package asked

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/registry"
)

// Campaign is a campaign by names.
type Campaign struct {
	NameVi, NameEn string
	FirstDay       string // "2026-11-20" or "20/11/2026"
	LastDay        string
	Version        string // "sipas.2", or the survey alone for its newest version
	Channels       []string
	Agencies       []string // codes
	Points         []string // codes
}

// The message keys of problems with names.
const (
	ProblemAgency = "campaign-agency" // there is none; the limit is its code
	ProblemPoint  = "campaign-point"  // there is none; the limit is its code
)

// Put keeps a campaign in a change as it is from now on, with its entry. Errors: those of
// campaign.Put.
func Put(ctx context.Context, c *registry.Change, next campaign.Campaign, now campaign.Moment) (campaign.Campaign, error) {
	kept, was, err := campaign.Put(ctx, c.Tx(), next, now)
	if err != nil {
		return next, err
	}
	action := "campaign.update"
	if was == nil {
		action = "campaign.add"
	}
	return kept, c.Note(ctx, action, subject(kept.ID), was, kept.Entry())
}

// Remove forgets a campaign that has not begun, with its entry. Errors: those of
// campaign.Remove.
func Remove(ctx context.Context, c *registry.Change, id int64, now campaign.Moment) error {
	before, err := campaign.Remove(ctx, c.Tx(), id, now)
	if err != nil {
		return err
	}
	return c.Note(ctx, "campaign.remove", subject(id), before.Entry(), nil)
}

func subject(id int64) string { return fmt.Sprint("campaign/", id) }

// Keep keeps a campaign in a change: the one with an id as it is named from now on, or a
// new one for 0. Errors: those of campaign.Put.
func (a Campaign) Keep(ctx context.Context, c *registry.Change, id int64, now campaign.Moment) (campaign.Campaign, error) {
	snap, kept, err := find(ctx, c, id)
	if err != nil {
		return kept, err
	}
	next, wrong := a.read(snap, kept)
	if len(wrong) > 0 {
		return kept, &fault.Invalid{Problems: append(next.Problems(), wrong...)}
	}
	return Put(ctx, c, next, now)
}

// End ends a campaign that runs, at once, in a change. Errors: fault.ErrNotFound;
// fault.ErrConflict if it does not run.
func End(ctx context.Context, c *registry.Change, id int64, now campaign.Moment) (campaign.Campaign, error) {
	_, of, err := find(ctx, c, id)
	if err == nil && of.State(now) != campaign.Running {
		err = fmt.Errorf("campaign %d does not run: %w", id, fault.ErrConflict)
	}
	if err != nil {
		return of, err
	}
	return Put(ctx, c, of.Ended(now), now)
}

// Move moves the last day of a campaign in a change. Errors: those of campaign.Put.
func Move(ctx context.Context, c *registry.Change, id int64, lastDay string, now campaign.Moment) (campaign.Campaign, error) {
	_, of, err := find(ctx, c, id)
	if err != nil {
		return of, err
	}
	of.LastDay = dayOf(lastDay)
	return Put(ctx, c, of, now)
}

// find finds a campaign as the change has left it so far; 0 is a new one.
func find(ctx context.Context, c *registry.Change, id int64) (*registry.Snapshot, campaign.Campaign, error) {
	snap, err := c.Now(ctx)
	if err != nil || id == 0 {
		return snap, campaign.Campaign{}, err
	}
	of := snap.Campaigns.ByID(id)
	if of == nil {
		return nil, campaign.Campaign{}, fmt.Errorf("campaign %d: %w", id, fault.ErrNotFound)
	}
	return snap, *of, nil
}

// read reads it over a campaign that is kept, or a new one, beside what is kept now. What
// cannot be read is a problem; what is wrong with what was read, campaign.Put says.
func (a Campaign) read(snap *registry.Snapshot, kept campaign.Campaign) (campaign.Campaign, []fault.Problem) {
	next := kept
	var found []fault.Problem
	next.Name = agency.Text{}
	for language, name := range map[string]string{"vi": a.NameVi, "en": a.NameEn} {
		if name = strings.TrimSpace(name); name != "" {
			next.Name[language] = name
		}
	}
	next.FirstDay, next.LastDay = dayOf(a.FirstDay), dayOf(a.LastDay)
	next.VersionID = versionNamed(snap, a.Version)
	next.Channels, next.AgencyIDs, next.PointIDs = nil, nil, nil
	for _, name := range a.Channels {
		next.Channels = append(next.Channels, agency.Channel(name))
	}
	for _, code := range a.Agencies {
		of, known := snap.Tree.ByCode(strings.TrimSpace(code))
		if !known {
			found = append(found, fault.Problem{Where: "agencies", Key: ProblemAgency, Limit: fault.Shortened(code)})
		}
		next.AgencyIDs = append(next.AgencyIDs, of.ID)
	}
	for _, code := range a.Points {
		id, known := pointNamed(snap, code)
		if !known {
			found = append(found, fault.Problem{Where: "points", Key: ProblemPoint, Limit: fault.Shortened(code)})
		}
		next.PointIDs = append(next.PointIDs, id)
	}
	return next, found[:min(len(found), fault.MaxProblems)]
}

// Of is a campaign by its names.
func Of(snap *registry.Snapshot, c campaign.Campaign) Campaign {
	a := Campaign{NameVi: c.Name["vi"], NameEn: c.Name["en"], FirstDay: c.FirstDay, LastDay: c.LastDay, Channels: []string{}, Agencies: []string{}, Points: []string{}}
	if v := snap.Version(c.VersionID); v != nil {
		a.Version = v.Name()
	}
	for _, one := range c.Channels {
		a.Channels = append(a.Channels, string(one))
	}
	for _, id := range c.AgencyIDs {
		of, _ := snap.Tree.Agency(id)
		a.Agencies = append(a.Agencies, of.Code)
	}
	for _, id := range c.PointIDs {
		p, _ := snap.PointByID(id)
		a.Points = append(a.Points, string(p.Code))
	}
	return a
}

// dayOf reads a day as people type it; what is none stays as it is, for who judges it.
func dayOf(typed string) string {
	typed = strings.TrimSpace(typed)
	if day, ok := civil.ReadDay(typed); ok {
		return day
	}
	return typed
}

// versionNamed finds a version by its name, or the newest of a survey; 0 if there is none.
func versionNamed(snap *registry.Snapshot, name string) int64 {
	name = strings.TrimSpace(name)
	if newest := snap.Newest(name); newest != nil {
		return newest.ID
	}
	key, _, _ := strings.Cut(name, ".")
	versions := snap.Versions(key)
	for _, v := range slices.Backward(versions) {
		if v.Name() == name {
			return v.ID
		}
	}
	return 0
}

func pointNamed(snap *registry.Snapshot, typed string) (id int64, known bool) {
	for _, code := range agency.ReadCodes(typed) {
		if p, ok := snap.Point(code); ok {
			return p.ID, true
		}
	}
	return 0, false
}
