package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sipas/internal/civil"
	"sipas/internal/report"
)

// fillLarge writes the tallies of a large province as if so many people had
// answered, evenly over half months, service points and fields. There are no
// responses: boards read none.
func (p *province) fillLarge(ctx context.Context, l large) error {
	year := func(y int) civil.HalfMonth { return civil.HalfMonth(y*10_000 + 101) }
	surveys := []struct {
		key    string
		people int64
		halves []civil.HalfMonth
	}{
		{quickKey, l.quick, civil.HalfMonths(year(benchYear-l.years+1), year(benchYear+1))},
		{twelveKey, l.twelve, civil.HalfMonths(year(benchYear), year(benchYear+1))},
	}
	for _, s := range surveys {
		each := s.people / int64(len(s.halves)*l.points*2)
		for _, h := range s.halves { // a transaction each
			for _, statement := range p.tallies(s.key, h, each) {
				if _, err := p.Exec(ctx, statement); err != nil {
					return fmt.Errorf("fill: %w", err)
				}
			}
		}
	}
	for _, h := range surveys[0].halves {
		if _, err := p.Exec(ctx, "INSERT INTO half_month_changes (half_month, slot, writes, changes) VALUES ($1, 0, 1, 1)", h); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	if !p.SingleWriter() {
		if _, err := p.Exec(ctx, "VACUUM ANALYZE"); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	return p.closeHalves(ctx)
}

// tallies are the statements that count people, each of whom answered all scale
// questions of a survey, in a half month.
func (p *province) tallies(surveyKey string, h civil.HalfMonth, each int64) []string {
	v := p.versions[surveyKey]
	from := fmt.Sprintf(" FROM (SELECT p.id, p.judged_agency_id, p.channel, f.field_key, %d + (p.id * 7 + %d * 13) %% %d AS people "+
		"FROM service_points p JOIN service_point_fields f ON f.service_point_id = p.id) c", each-each/2, int(h)%9973, each/2*2+1)
	const keys = "half_month, version_id, field_key, agency_id, channel, service_point_id"
	place := fmt.Sprintf("SELECT %d, %d, c.field_key, c.judged_agency_id, c.channel, c.id", h, v.ID)
	var items []string
	for i := range v.Scale() {
		items = append(items, fmt.Sprintf("SELECT %d AS n", i))
	}
	all := []string{
		"INSERT INTO tally_people (" + keys + ", responses, people, all_satisfied, share_sum, share_sq_sum) " +
			place + ", c.people, c.people, c.people / 2, c.people * 44352, c.people * 2000000000" + from,
		"INSERT INTO tally_scale (" + keys + ", item, n1, n2, n3, n4, n5) " + place +
			", i.n, c.people / 20, c.people / 20, c.people / 10, c.people - c.people / 2 - c.people / 10 - c.people / 20 * 2, c.people / 2" + from +
			" CROSS JOIN (" + strings.Join(items, " UNION ALL ") + ") i",
	}
	for _, q := range v.Questions() {
		for _, choice := range q.Choices {
			all = append(all, "INSERT INTO tally_choice ("+keys+", question, choice, n) "+place+fmt.Sprintf(", '%s', '%s', c.people / 5", q.Key, choice.Key)+from)
		}
	}
	return all
}

// closeHalves does what a server does every hour: it closes the half months that
// are over, and stores what boards are made of.
func (p *province) closeHalves(ctx context.Context) error {
	closing, err := p.Closing(ctx, time.Now())
	if err != nil {
		return err
	}
	if _, err := p.Store.Close(ctx, closing); err != nil {
		return err
	}
	snap, err := p.Registry.Current(ctx)
	if err != nil {
		return err
	}
	_, err = report.New(p.Store, report.Options{Now: time.Now, Zone: time.UTC}).Store(ctx, snap, closing.Now)
	return err
}
