package registry

import (
	"context"
	"database/sql"

	"sipas/internal/agency"
	"sipas/internal/db"
)

// RecodeServicePoint gives a service point another code, which it returns: the one
// before is known to whom it should not be. Nobody gets that again. Without the
// service point it is fault.ErrNotFound.
func (c *Change) RecodeServicePoint(ctx context.Context, id int64) (agency.Code, error) {
	before, err := c.point(ctx, id)
	if err != nil {
		return "", err
	}
	_, err = c.tx.ExecContext(ctx, "INSERT INTO replaced_codes (code, service_point_id, replaced_at) VALUES ($1, $2, $3)", before.Code, id, db.Micros(c.at))
	if err != nil {
		return "", db.Failed("recode service point", err)
	}
	drawn, err := c.draw(ctx, 1)
	if err != nil {
		return "", err
	}
	code := drawn[0]
	if err := db.Changed("recode service point", c.rows(ctx).Model(&pointRow{}).Where("id = ?", id).Update("code", string(code))); err != nil {
		return "", err
	}
	return code, c.Note(ctx, "service-point.recode", subjectOf(agency.Code(before.Code)), before.Code, code)
}

// readReplaced reads which service point a code was of.
func readReplaced(ctx context.Context, tx *db.Tx) (map[agency.Code]int64, error) {
	replaced := map[agency.Code]int64{}
	err := db.ScanAll(ctx, tx, "SELECT code, service_point_id FROM replaced_codes", nil, func(rows *sql.Rows) error {
		var code agency.Code
		var id int64
		err := rows.Scan(&code, &id)
		replaced[code] = id
		return err
	})
	return replaced, db.Failed("list replaced codes", err)
}

// FormerCodes are the codes that a service point had before the one that it has.
func (s *Snapshot) FormerCodes(id int64) (codes []agency.Code) {
	for code, of := range s.replaced {
		if of == id {
			codes = append(codes, code)
		}
	}
	return codes
}

// Replaced finds a service point by a code that it had.
func (s *Snapshot) Replaced(code agency.Code) (p agency.ServicePoint, ok bool) {
	id, ok := s.replaced[code]
	if !ok {
		return agency.ServicePoint{}, false
	}
	return s.PointByID(id)
}
