package registry

import (
	"context"
	"database/sql"

	"sipas/internal/agency"
	"sipas/internal/db"
)

type pointRow struct {
	ID             int64
	Code           string
	AgencyID       int64
	JudgedAgencyID int64
	Name           string
	Place          string
	SurveyKey      string
	Channel        string
	Active         int
	AnswerLimit    string
	Hours          string
	Hotline        string
}

func (pointRow) TableName() string { return "service_points" }

type pointFieldRow struct {
	ServicePointID int64
	FieldKey       string
	Sort           int
}

func (pointFieldRow) TableName() string { return "service_point_fields" }

// AddServicePoint keeps a new service point and returns it with its id; where
// it has no code yet, a fresh one is drawn. Without a judged agency, its own
// agency's work is judged.
func (c *Change) AddServicePoint(ctx context.Context, p agency.ServicePoint) (agency.ServicePoint, error) {
	if p.Code == "" {
		drawn, err := c.draw(ctx, 1)
		if err != nil {
			return p, err
		}
		p.Code = drawn[0]
	}
	points := []agency.ServicePoint{p}
	err := c.AddServicePoints(ctx, points)
	return points[0], err
}

// subjectOf is how entries of the audit name a service point: by the code that it had
// at that moment.
func subjectOf(code agency.Code) string { return "service-point/" + string(code) }

// SetServicePointActive opens or closes a service point for answers. Without it
// it is fault.ErrNotFound.
func (c *Change) SetServicePointActive(ctx context.Context, id int64, active bool) error {
	return c.SetServicePointsActive(ctx, []int64{id}, active)
}

// SetServicePointLimit gives it a limit of its own, as COUNT/PERIOD; "" for
// none. Without it it is fault.ErrNotFound.
func (c *Change) SetServicePointLimit(ctx context.Context, id int64, limit string) error {
	before, err := c.point(ctx, id)
	if err != nil {
		return err
	}
	if err := db.Changed("set service point limit", c.rows(ctx).Model(&pointRow{}).Where("id = ?", id).Update("answer_limit", limit)); err != nil {
		return err
	}
	return c.Note(ctx, "service-point.set-limit", subjectOf(agency.Code(before.Code)), before.AnswerLimit, limit)
}

// ServicePoint reads a service point as the change has left it so far, whatever a
// snapshot says of it. Without it it is fault.ErrNotFound.
func (c *Change) ServicePoint(ctx context.Context, id int64) (agency.ServicePoint, error) {
	points, err := readPoints(ctx, c.tx, []int64{id})
	if err == nil && len(points) == 0 {
		err = db.Failed("find service point", sql.ErrNoRows)
	}
	if err != nil {
		return agency.ServicePoint{}, err
	}
	return points[0], nil
}

func (c *Change) point(ctx context.Context, id int64) (pointRow, error) {
	return db.One("find service point", c.rows(ctx).Where("id = ?", id), func(r pointRow) (pointRow, error) { return r, nil })
}

// readPoints reads all service points, or only those with some ids, agency by
// agency. There may be 100,000, so rows are read one by one, and what many of them
// say is kept once.
func readPoints(ctx context.Context, tx *db.Tx, only []int64) ([]agency.ServicePoint, error) {
	with, where := "", func(string) string { return "" }
	var args []any
	if only != nil {
		with, args = tx.DB().WithSet("chosen", []db.Column{{Name: "id", Type: "bigint", Values: only}})
		where = func(column string) string { return " WHERE " + column + " IN (SELECT id FROM chosen)" }
	}
	var points []agency.ServicePoint
	at, once := map[int64]int{}, map[string]string{}
	shared := func(s string) string {
		if known, ok := once[s]; ok {
			return known
		}
		once[s] = s
		return s
	}
	err := db.ScanAll(ctx, tx, with+"SELECT id, code, agency_id, judged_agency_id, name, place, survey_key, channel, active, answer_limit, hours, hotline "+
		"FROM service_points"+where("id")+" ORDER BY agency_id, id", args, func(rows *sql.Rows) error {
		var p agency.ServicePoint
		var name, surveyKey, channel, hours, hotline string
		var active int
		err := rows.Scan(&p.ID, &p.Code, &p.AgencyID, &p.JudgedID, &name, &p.Place, &surveyKey, &channel, &active, &p.Limit, &hours, &hotline)
		if err != nil {
			return err
		}
		p.SurveyKey, p.Channel, p.Active = shared(surveyKey), agency.Channel(shared(channel)), active == 1
		p.Hours, p.Hotline = shared(hours), shared(hotline)
		at[p.ID] = len(points)
		points = append(points, p)
		return readText(name, &points[len(points)-1].Name)
	})
	if err != nil {
		return nil, db.Failed("list service points", err)
	}
	err = db.ScanAll(ctx, tx, with+"SELECT service_point_id, field_key FROM service_point_fields"+where("service_point_id")+
		" ORDER BY service_point_id, sort", args, func(rows *sql.Rows) error {
		var id int64
		var key string
		err := rows.Scan(&id, &key)
		if i, known := at[id]; known {
			points[i].FieldKeys = append(points[i].FieldKeys, shared(key))
		}
		return err
	})
	return points, db.Failed("list service points", err)
}
