package store

import (
	"context"

	"gorm.io/gorm"

	"sipas/internal/agency"
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
func (s *Store) AddServicePoint(ctx context.Context, p agency.ServicePoint) (agency.ServicePoint, error) {
	if p.Code == "" {
		p.Code = agency.NewCode()
	}
	if p.JudgedID == 0 {
		p.JudgedID = p.AgencyID
	}
	row := pointRow{
		Code: string(p.Code), AgencyID: p.AgencyID, JudgedAgencyID: p.JudgedID, Name: writeText(p.Name),
		Place: p.Place, SurveyKey: p.SurveyKey, Channel: string(p.Channel), Active: flag(p.Active), AnswerLimit: p.Limit,
	}
	err := s.ormWrite.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		for i, key := range p.FieldKeys {
			if err := tx.Create(&pointFieldRow{row.ID, key, i}).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return agency.ServicePoint{}, failed("add service point", err)
	}
	p.ID = row.ID
	return p, nil
}

// SetServicePointActive opens or closes a service point for answers.
func (s *Store) SetServicePointActive(ctx context.Context, id int64, active bool) error {
	return changed("set service point active", s.ormWrite.WithContext(ctx).Model(&pointRow{}).
		Where("id = ?", id).Update("active", flag(active)))
}

// SetServicePointLimit gives it a limit of its own, as COUNT/PERIOD; "" for none.
func (s *Store) SetServicePointLimit(ctx context.Context, id int64, limit string) error {
	return changed("set service point limit", s.ormWrite.WithContext(ctx).Model(&pointRow{}).
		Where("id = ?", id).Update("answer_limit", limit))
}

// ServicePoints lists every service point, agency by agency.
func (s *Store) ServicePoints(ctx context.Context) ([]agency.ServicePoint, error) {
	var links []pointFieldRow
	if err := s.orm.WithContext(ctx).Order("service_point_id, sort").Find(&links).Error; err != nil {
		return nil, failed("list service points", err)
	}
	fields := map[int64][]string{}
	for _, l := range links {
		fields[l.ServicePointID] = append(fields[l.ServicePointID], l.FieldKey)
	}
	return list("list service points", s.orm.WithContext(ctx).Order("agency_id, id"), func(r pointRow) (agency.ServicePoint, error) {
		p := agency.ServicePoint{
			ID: r.ID, Code: agency.Code(r.Code), AgencyID: r.AgencyID, JudgedID: r.JudgedAgencyID, Place: r.Place,
			SurveyKey: r.SurveyKey, Channel: agency.Channel(r.Channel), FieldKeys: fields[r.ID], Active: r.Active == 1, Limit: r.AnswerLimit,
		}
		return p, readText(r.Name, &p.Name)
	})
}
