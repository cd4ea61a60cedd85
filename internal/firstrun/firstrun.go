// Package firstrun says what a province still has to do before it can begin. Each step
// follows from what is kept: nothing of it is remembered, so it can be left and taken up.
package firstrun

import (
	"context"
	"slices"
	"time"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/preset"
	"sipas/internal/registry"
	"sipas/internal/report"
)

// Setting names the setting that says, by Away, that nobody wants to be led to the steps.
const (
	Setting = "first-run"
	Away    = "away"
)

// The steps, in their order.
const (
	Province = "province"
	Zone     = "zone"
	Agencies = "agencies"
	Points   = "points"
	Targets  = "targets"
	Accounts = "accounts"
	Trial    = "trial"
)

// Step is one thing to do.
type Step struct {
	Key  string
	Done bool
	N    int64 // how many of its things there are
}

// Steps lists the steps as far as they are done, as of a moment at the place.
func Steps(ctx context.Context, snap *registry.Snapshot, accounts *auth.Auth, reports *report.Reporter, now time.Time) ([]Step, error) {
	users, err := accounts.Users(ctx)
	if err != nil {
		return nil, err
	}
	answered, err := reports.Answered(ctx)
	if err != nil {
		return nil, err
	}
	agencies, open, targets, people := int64(len(snap.Tree.All())), int64(0), int64(0), int64(0)
	for _, p := range snap.Points {
		if p.Active {
			open++
		}
	}
	for _, t := range snap.Targets {
		if t.Year == now.Year() {
			targets++
		}
	}
	for _, u := range users {
		if !u.Disabled() {
			people++
		}
	}
	return []Step{
		{Province, Chosen(snap), 0},
		{Zone, true, 0},
		{Agencies, agencies > 1, agencies},
		{Points, open > 0, open},
		{Targets, targets > 0, targets},
		{Accounts, people > 1, people},
		{Trial, answered, 0},
	}, nil
}

// Chosen tells whether it is said which province this is, so that there are fields,
// indicators and surveys.
func Chosen(snap *registry.Snapshot) bool { return snap.Settings.Value(preset.Setting) != "" }

// Pending tells whether a step is left, and whoever administers the province is to be led
// there.
func Pending(snap *registry.Snapshot, steps []Step) bool {
	return snap.Settings.Value(Setting) != Away && slices.ContainsFunc(steps, func(s Step) bool { return !s.Done })
}

// Tried is the service point to try: an open one with a printed code, else an open one that
// citizens answer at.
func Tried(snap *registry.Snapshot) (point agency.ServicePoint, ok bool) {
	for _, p := range snap.Points {
		if p.Active && p.HasPoster() {
			return p, true
		}
		if p.Active && !p.Channel.Staffed() && !ok {
			point, ok = p, true
		}
	}
	return point, ok
}
