package campaign

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sipas/internal/agency"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// The message keys of problems with a campaign, beside those of package fault.
const (
	ProblemDay     = "campaign-day"     // it is no day
	ProblemOrder   = "campaign-order"   // it ends before it begins
	ProblemLong    = "campaign-long"    // it is longer than five years
	ProblemPast    = "campaign-past"    // the day is over
	ProblemBegun   = "campaign-begun"   // it has begun, so this stays
	ProblemOver    = "campaign-over"    // it is over, so this stays
	ProblemIdle    = "campaign-idle"    // it does not run
	ProblemVersion = "campaign-version" // there is no such version to ask
	ProblemChannel = "campaign-channel" // there is no such channel
)

// mostName is the longest name of a campaign, in characters.
const mostName = 120

// Problems says what is wrong with a campaign by itself, by the names of its parts.
// Whether its version, agencies and counters exist is not known here.
func (c *Campaign) Problems() (found []fault.Problem) {
	add := func(where, key, limit string) {
		found = append(found, fault.Problem{Where: where, Key: key, Limit: limit})
	}
	for _, language := range []string{"vi", "en"} {
		name := c.Name[language]
		switch {
		case name == "" && language == agency.FallbackLanguage:
			add("name_"+language, fault.ProblemRequired, "")
		case utf8.RuneCountInString(name) > mostName:
			add("name_"+language, fault.ProblemTooLong, "120")
		case strings.ContainsFunc(name, unicode.IsControl):
			add("name_"+language, fault.ProblemControlCharacter, "")
		}
	}
	switch first, last := isDay(c.FirstDay), isDay(c.LastDay); {
	case !first || !last:
		if !first {
			add("first_day", ProblemDay, "")
		}
		if !last {
			add("last_day", ProblemDay, "")
		}
	case c.LastDay < c.FirstDay:
		add("last_day", ProblemOrder, "")
	case c.LastDay >= longest(c.FirstDay):
		add("last_day", ProblemLong, "")
	}
	if c.VersionID == 0 {
		add("version", ProblemVersion, "")
	}
	for _, channel := range c.Channels {
		if !slices.Contains(agency.Channels(), channel) {
			add("channels", ProblemChannel, "")
		}
	}
	return found
}

func isDay(day string) bool {
	_, err := time.Parse(time.DateOnly, day)
	return err == nil && day >= "2000" && day < "2100"
}

// longest is the first day on which no campaign is any more that begins on another.
func longest(day string) string {
	at, _ := time.Parse(time.DateOnly, day)
	return at.AddDate(5, 0, 0).Format(time.DateOnly)
}

// Becomes says why a campaign that is kept cannot become another, by the names of its
// parts, beside Problems: what was asked of people stays what it was. The zero Campaign
// is none yet.
func (c *Campaign) Becomes(next Campaign, now Moment) (found []fault.Problem) {
	add := func(where, key string, changed bool) {
		if changed {
			found = append(found, fault.Problem{Where: where, Key: key})
		}
	}
	state := Planned
	if c.ID != 0 {
		state = c.State(now)
	}
	if state == Planned {
		add("first_day", ProblemPast, isDay(next.FirstDay) && next.FirstDay < now.Day)
		return found
	}
	key := ProblemBegun
	if state == Over {
		key = ProblemOver
		add("last_day", key, next.LastDay != c.LastDay)
	} else {
		add("last_day", ProblemPast, isDay(next.LastDay) && next.LastDay < now.Day)
	}
	add("first_day", key, next.FirstDay != c.FirstDay)
	add("version", key, next.VersionID != c.VersionID)
	add("channels", key, !slices.Equal(next.Channels, c.Channels))
	add("agencies", key, !slices.Equal(next.AgencyIDs, c.AgencyIDs))
	add("points", key, !slices.Equal(next.PointIDs, c.PointIDs))
	return found
}

// Ended is the campaign as it is when it ends at once.
func (c Campaign) Ended(now Moment) Campaign {
	c.LastDay, c.EndedAt = min(c.LastDay, now.Day), now.At
	return c
}

// Put keeps a campaign as it is from now on, a new one if it has no id, and gives it
// with its id, and what it was, nil of a new one. Package asked writes the entry. Errors:
// fault.ErrNotFound; *fault.Invalid if something is wrong with it, or if what was asked
// of people would be another.
func Put(ctx context.Context, tx *db.Tx, next Campaign, now Moment) (kept Campaign, was any, err error) {
	next = next.normal()
	var before Campaign
	if next.ID != 0 {
		if before, err = find(ctx, tx, next.ID); err != nil {
			return next, nil, err
		}
		was = before.Entry()
	}
	if wrong := append(next.Problems(), before.Becomes(next, now)...); len(wrong) > 0 {
		return next, nil, &fault.Invalid{Problems: wrong}
	}
	kept, err = keep(ctx, tx, next)
	return kept, was, err
}

// Remove forgets a campaign that has not begun, and gives what it was. Errors:
// fault.ErrNotFound; fault.ErrConflict if it has begun.
func Remove(ctx context.Context, tx *db.Tx, id int64, now Moment) (Campaign, error) {
	before, err := find(ctx, tx, id)
	if err == nil && before.State(now) != Planned {
		err = fmt.Errorf("campaign %d has begun: %w", id, fault.ErrConflict)
	}
	if err == nil {
		err = forget(ctx, tx, id)
	}
	return before, err
}

func find(ctx context.Context, tx *db.Tx, id int64) (Campaign, error) {
	all, err := Read(ctx, tx)
	found := all.ByID(id)
	if err == nil && found == nil {
		err = fmt.Errorf("campaign %d: %w", id, fault.ErrNotFound)
	}
	if err != nil {
		return Campaign{}, err
	}
	return *found, nil
}
