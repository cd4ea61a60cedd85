// Package campaign is periods in which counters ask one version of a survey in the place
// of what they ask otherwise: which of them holds at a counter at a moment, what may be
// changed of one, and what a calendar of them shows.
//
// A counter asks its own survey, in the newest version, as long as no campaign holds
// there. Where several do, one is asked, by the rule that Before states.
package campaign

import (
	"cmp"
	"slices"
	"time"

	"sipas/internal/agency"
	"sipas/internal/civil"
)

// Campaign asks one version of a survey for some time.
type Campaign struct {
	ID        int64
	Name      agency.Text
	FirstDay  string // civil days, both of the campaign
	LastDay   string
	EndedAt   time.Time // when it was ended before its last day was over; zero: it was not
	VersionID int64
	Channels  []agency.Channel // nil: all
	// Where it is: at counters whose answers are about these agencies or those below
	// them, and at these counters. Without either it is everywhere. Both in order.
	AgencyIDs []int64
	PointIDs  []int64
}

// Late is how many days after its end an answer still counts to a campaign, if it was
// given to a form that was opened before: phones and tablets keep what they could not send.
const Late = 7

// Everywhere tells whether it is at all counters.
func (c *Campaign) Everywhere() bool { return len(c.AgencyIDs)+len(c.PointIDs) == 0 }

// Moment is when something is asked: a civil day is that of a time at the place.
type Moment struct {
	At  time.Time
	Day string
}

// MomentOf is a moment at a place.
func MomentOf(at time.Time, zone *time.Location) Moment {
	return Moment{at, at.In(zone).Format(time.DateOnly)}
}

// State is how far a campaign is.
type State string

// The states.
const (
	Planned State = "planned"
	Running State = "running"
	Over    State = "over"
)

// State tells how far it is.
func (c *Campaign) State(now Moment) State {
	switch {
	case now.Day < c.FirstDay:
		return Planned
	case now.Day > c.LastDay, !c.EndedAt.IsZero() && !now.At.Before(c.EndedAt):
		return Over
	}
	return Running
}

// Scope says how narrowly a campaign names a counter.
type Scope int

// The scopes. An agency further down is narrower: Below + how deep it is.
const (
	Nowhere Scope = iota
	All
	Below
	Named Scope = 1 << 20
)

// Covers tells how narrowly it names a counter, Nowhere if it does not, whenever it is.
func (c *Campaign) Covers(tree *agency.Tree, p *agency.ServicePoint) Scope {
	if len(c.Channels) > 0 && !slices.Contains(c.Channels, p.Channel) {
		return Nowhere
	}
	if c.Everywhere() {
		return All
	}
	if _, named := slices.BinarySearch(c.PointIDs, p.ID); named {
		return Named
	}
	narrowest := Nowhere
	for _, id := range c.AgencyIDs {
		if tree.Below(id, p.JudgedID) {
			narrowest = max(narrowest, Below+Scope(len(tree.Path(id))))
		}
	}
	return narrowest
}

// candidate is a campaign that covers a counter.
type candidate struct {
	*Campaign
	scope Scope
}

// before is the rule between campaigns that cover the same counter at the same time: the
// one that names it more narrowly is asked, a counter before an agency before all, and of
// agencies the nearer; then one for some channels before one for all; then the one that
// begins later; then the newer one. It gives a negative number if c is asked.
func (c candidate) before(o candidate) int {
	some := func(c candidate) int { return min(1, len(c.Channels)) }
	return cmp.Or(
		cmp.Compare(o.scope, c.scope), cmp.Compare(some(o), some(c)), cmp.Compare(o.FirstDay, c.FirstDay), cmp.Compare(o.ID, c.ID),
	)
}

// List are campaigns by their first day.
type List []Campaign

// ByID finds a campaign, nil if there is none.
func (l List) ByID(id int64) *Campaign {
	at := slices.IndexFunc(l, func(c Campaign) bool { return c.ID == id })
	if at < 0 {
		return nil
	}
	return &l[at]
}

// Holding is the campaign that a counter asks at a moment, nil if none runs there.
func (l List) Holding(tree *agency.Tree, p *agency.ServicePoint, now Moment) *Campaign {
	var asked candidate
	for i := range l {
		if l[i].FirstDay > now.Day { // and all that follow
			break
		}
		if l[i].State(now) != Running {
			continue
		}
		one := candidate{&l[i], l[i].Covers(tree, p)}
		if one.scope != Nowhere && (asked.Campaign == nil || one.before(asked) < 0) {
			asked = one
		}
	}
	return asked.Campaign
}

// Begun are the campaigns that cover a counter and have begun, whether they run or are
// over: a form of one may have been opened there.
func (l List) Begun(tree *agency.Tree, p *agency.ServicePoint, now Moment) (begun []*Campaign) {
	for i := range l {
		if c := &l[i]; c.State(now) != Planned && c.Covers(tree, p) != Nowhere {
			begun = append(begun, c)
		}
	}
	return begun
}

// Counts tells whether an answer of a day to a form of the campaign counts to it: not
// before it begins, nor long after its end.
func (c *Campaign) Counts(day string) bool {
	return c.FirstDay <= day && day <= dayAfter(c.LastDay, Late)
}

// EndingIn are the campaigns whose last day is in a half month, by their ids.
func (l List) EndingIn(h civil.HalfMonth) (ids []int64) {
	for i := range l {
		if civil.HalfMonthOf(l[i].LastDay) == h {
			ids = append(ids, l[i].ID)
		}
	}
	return ids
}

// dayAfter is the civil day so many days after another.
func dayAfter(day string, days int) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.AddDate(0, 0, days).Format(time.DateOnly)
}
