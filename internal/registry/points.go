package registry

import (
	"context"

	"gorm.io/gorm"

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
		p.Code = agency.NewCode()
	}
	if p.JudgedID == 0 {
		p.JudgedID = p.AgencyID
	}
	row := pointRow{
		Code: string(p.Code), AgencyID: p.AgencyID, JudgedAgencyID: p.JudgedID, Name: writeText(p.Name),
		Place: p.Place, SurveyKey: p.SurveyKey, Channel: string(p.Channel), Active: db.Flag(p.Active), AnswerLimit: p.Limit,
	}
	if err := c.rows(ctx).Create(&row).Error; err != nil {
		return agency.ServicePoint{}, db.Failed("add service point", err)
	}
	for i, key := range p.FieldKeys {
		if err := c.rows(ctx).Create(&pointFieldRow{row.ID, key, i}).Error; err != nil {
			return agency.ServicePoint{}, db.Failed("add service point", err)
		}
	}
	p.ID = row.ID
	return p, c.Note(ctx, "service-point.add", subject(p.Code), nil, pointEntry(p))
}

func subject(code agency.Code) string { return "service-point/" + string(code) }

// SetServicePointActive opens or closes a service point for answers. Without it
// it is fault.ErrNotFound.
func (c *Change) SetServicePointActive(ctx context.Context, id int64, active bool) error {
	before, err := c.point(ctx, id)
	if err != nil {
		return err
	}
	if err := db.Changed("set service point active", c.rows(ctx).Model(&pointRow{}).Where("id = ?", id).Update("active", db.Flag(active))); err != nil {
		return err
	}
	action := "service-point.close"
	if active {
		action = "service-point.open"
	}
	return c.Note(ctx, action, subject(agency.Code(before.Code)), before.Active == 1, active)
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
	return c.Note(ctx, "service-point.set-limit", subject(agency.Code(before.Code)), before.AnswerLimit, limit)
}

func (c *Change) point(ctx context.Context, id int64) (pointRow, error) {
	return db.One("find service point", c.rows(ctx).Where("id = ?", id), func(r pointRow) (pointRow, error) { return r, nil })
}

func readPoints(rows *gorm.DB) ([]agency.ServicePoint, error) {
	var links []pointFieldRow
	if err := rows.Order("service_point_id, sort").Find(&links).Error; err != nil {
		return nil, db.Failed("list service points", err)
	}
	fields := map[int64][]string{}
	for _, l := range links {
		fields[l.ServicePointID] = append(fields[l.ServicePointID], l.FieldKey)
	}
	return db.List("list service points", rows.Order("agency_id, id"), func(r pointRow) (agency.ServicePoint, error) {
		p := agency.ServicePoint{
			ID: r.ID, Code: agency.Code(r.Code), AgencyID: r.AgencyID, JudgedID: r.JudgedAgencyID, Place: r.Place,
			SurveyKey: r.SurveyKey, Channel: agency.Channel(r.Channel), FieldKeys: fields[r.ID], Active: r.Active == 1, Limit: r.AnswerLimit,
		}
		return p, readText(r.Name, &p.Name)
	})
}
