package registry

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/db"
)

// maxTogether is how many service points are read and noted at once: a list of
// 100,000 passes in a few megabytes.
const maxTogether = 1000

// pointTexts is how many texts a row of service_points has.
const pointTexts = 8

// AddServicePoints keeps new service points, each with its code, and writes their
// ids into them: a few statements for hundreds. Without a judged agency, its own
// agency's work is judged. A code in use is an error, and nothing is kept.
func (c *Change) AddServicePoints(ctx context.Context, points []agency.ServicePoint) error {
	for i, p := range points {
		if p.JudgedID == 0 {
			points[i].JudgedID = p.AgencyID
		}
	}
	if err := c.noBadges(ctx, points); err != nil {
		return err
	}
	for some := range slices.Chunk(points, maxTogether) {
		if err := c.insertPoints(ctx, some); err != nil {
			return db.Failed("add service points", err)
		}
		entries := make([]audit.Entry, len(some))
		for i, p := range some {
			entries[i] = c.Entry("service-point.add", subjectOf(p.Code), nil, pointEntry(p))
		}
		if err := audit.Append(ctx, c.tx, entries...); err != nil {
			return err
		}
	}
	return nil
}

func (c *Change) insertPoints(ctx context.Context, points []agency.ServicePoint) error {
	at := make(map[agency.Code]int, len(points))
	for i, p := range points {
		at[p.Code] = i
	}
	for i := 0; i < len(points); {
		some := points[i:min(len(points), i+c.tx.DB().MaxSetRows(pointTexts))]
		i += len(some)
		statement, args := c.tx.DB().InsertSet("service_points", pointColumns(some), "RETURNING id, code")
		err := db.ScanAll(ctx, c.tx, statement, args, func(rows *sql.Rows) error {
			var id int64
			var code agency.Code
			err := rows.Scan(&id, &code)
			points[at[code]].ID = id
			return err
		})
		if err != nil {
			return err
		}
	}
	return c.insertPointFields(ctx, points)
}

// UpdateServicePoints keeps what service points are from now on, by their ids; their
// codes and their own limits are not looked at. One that is not there is
// fault.ErrNotFound.
func (c *Change) UpdateServicePoints(ctx context.Context, points []agency.ServicePoint) error {
	for some := range slices.Chunk(points, maxTogether) {
		if err := c.updatePoints(ctx, some); err != nil {
			return db.Failed("update service points", err)
		}
	}
	return nil
}

func (c *Change) updatePoints(ctx context.Context, points []agency.ServicePoint) error {
	ids := make([]int64, len(points))
	for i, p := range points {
		ids[i] = p.ID
	}
	known, err := readPoints(ctx, c.tx, ids)
	if err != nil {
		return err
	}
	before := make(map[int64]agency.ServicePoint, len(known))
	for _, p := range known {
		before[p.ID] = p
	}
	entries := make([]audit.Entry, len(points))
	for i, p := range points {
		was, found := before[p.ID]
		if !found {
			return sql.ErrNoRows
		}
		p.Code, p.Limit = was.Code, was.Limit
		entries[i] = c.Entry("service-point.update", subjectOf(p.Code), pointEntry(was), pointEntry(p))
	}
	for some := range slices.Chunk(points, c.tx.DB().MaxSetRows(pointTexts)) {
		// They are there, so nothing is inserted. UPDATE FROM would look at every row
		// of SQLite's for each of these.
		statement, args := c.tx.DB().InsertSet("service_points", append(pointColumns(some), db.Numbers("id", some, func(p agency.ServicePoint) int64 { return p.ID })),
			"ON CONFLICT (id) DO UPDATE SET agency_id = excluded.agency_id, judged_agency_id = excluded.judged_agency_id, name = excluded.name, "+
				"place = excluded.place, survey_key = excluded.survey_key, channel = excluded.channel, active = excluded.active, hours = excluded.hours, hotline = excluded.hotline")
		if _, err := c.tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	with, args := c.tx.DB().WithSet("changed", []db.Column{{Name: "id", Type: "bigint", Values: ids}})
	if _, err := c.tx.ExecContext(ctx, with+"DELETE FROM service_point_fields WHERE service_point_id IN (SELECT id FROM changed)", args...); err != nil {
		return err
	}
	if err := c.insertPointFields(ctx, points); err != nil {
		return err
	}
	return audit.Append(ctx, c.tx, entries...)
}

// SetServicePointsActive opens or closes service points for answers, each with its
// entry. Without one of them it is fault.ErrNotFound.
func (c *Change) SetServicePointsActive(ctx context.Context, ids []int64, active bool) error {
	action := "service-point.close"
	if active {
		action = "service-point.open"
	}
	for some := range slices.Chunk(ids, maxTogether) {
		known, err := readPoints(ctx, c.tx, some)
		if err == nil && len(known) != len(some) {
			err = sql.ErrNoRows
		}
		if err != nil {
			return db.Failed("set service points active", err)
		}
		with, args := c.tx.DB().WithSet("chosen", []db.Column{{Name: "id", Type: "bigint", Values: some}})
		if _, err := c.tx.ExecContext(ctx, fmt.Sprintf("%sUPDATE service_points SET active = %d WHERE id IN (SELECT id FROM chosen)", with, db.Flag(active)), args...); err != nil {
			return db.Failed("set service points active", err)
		}
		entries := make([]audit.Entry, len(known))
		for i, p := range known {
			entries[i] = c.Entry(action, subjectOf(p.Code), p.Active, active)
		}
		if err := audit.Append(ctx, c.tx, entries...); err != nil {
			return err
		}
	}
	return nil
}

// insertPointFields keeps which fields service points serve.
func (c *Change) insertPointFields(ctx context.Context, points []agency.ServicePoint) error {
	var links []pointFieldRow
	for _, p := range points {
		for i, key := range p.FieldKeys {
			links = append(links, pointFieldRow{p.ID, key, i})
		}
	}
	for some := range slices.Chunk(links, c.tx.DB().MaxSetRows(1)) {
		statement, args := c.tx.DB().InsertSet("service_point_fields", []db.Column{
			db.Numbers("service_point_id", some, func(l pointFieldRow) int64 { return l.ServicePointID }),
			db.Texts("field_key", some, func(l pointFieldRow) string { return l.FieldKey }),
			db.Numbers("sort", some, func(l pointFieldRow) int64 { return int64(l.Sort) }),
		}, "")
		if _, err := c.tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// pointColumns are those of service_points without the id.
func pointColumns(points []agency.ServicePoint) []db.Column {
	return []db.Column{
		db.Texts("code", points, func(p agency.ServicePoint) string { return string(p.Code) }),
		db.Numbers("agency_id", points, func(p agency.ServicePoint) int64 { return p.AgencyID }),
		db.Numbers("judged_agency_id", points, func(p agency.ServicePoint) int64 { return p.JudgedID }),
		db.Texts("name", points, func(p agency.ServicePoint) string { return writeText(p.Name) }),
		db.Texts("place", points, func(p agency.ServicePoint) string { return p.Place }),
		db.Texts("survey_key", points, func(p agency.ServicePoint) string { return p.SurveyKey }),
		db.Texts("channel", points, func(p agency.ServicePoint) string { return string(p.Channel) }),
		db.Numbers("active", points, func(p agency.ServicePoint) int64 { return int64(db.Flag(p.Active)) }),
		db.Texts("answer_limit", points, func(p agency.ServicePoint) string { return p.Limit }),
		db.Texts("hours", points, func(p agency.ServicePoint) string { return p.Hours }),
		db.Texts("hotline", points, func(p agency.ServicePoint) string { return p.Hotline }),
	}
}
