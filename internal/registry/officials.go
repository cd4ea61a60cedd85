package registry

import (
	"context"
	"database/sql"

	"sipas/internal/agency"
	"sipas/internal/db"
)

// readOfficials reads who serves at counters, in the order of their codes.
func readOfficials(ctx context.Context, tx *db.Tx) (officials []agency.Official, err error) {
	err = db.ScanAll(ctx, tx, "SELECT id, code, badge, agency_id, service_point_id, name, login, named, active FROM officials ORDER BY code", nil, func(rows *sql.Rows) error {
		var o agency.Official
		var named, active int
		err := rows.Scan(&o.ID, &o.Code, &o.Badge, &o.AgencyID, &o.PointID, &o.Name, &o.Login, &named, &active)
		o.Named, o.Active = named == 1, active == 1
		officials = append(officials, o)
		return err
	})
	return officials, db.Failed("list officials", err)
}

// Official finds an official by their code.
func (s *Snapshot) Official(code string) (o agency.Official, ok bool) {
	at, ok := s.officialCodes[code]
	if !ok {
		return agency.Official{}, false
	}
	return s.Officials[at], true
}

// OfficialByID finds an official by their id.
func (s *Snapshot) OfficialByID(id int64) (o agency.Official, ok bool) {
	at, ok := s.officialIDs[id]
	if !ok {
		return agency.Official{}, false
	}
	return s.Officials[at], true
}

// Badge finds an official by what the QR code of their badge says.
func (s *Snapshot) Badge(code agency.Code) (o agency.Official, ok bool) {
	at, ok := s.badges[code]
	if !ok {
		return agency.Official{}, false
	}
	return s.Officials[at], true
}

// arrangeOfficials makes what officials are looked up by.
func (s *Snapshot) arrangeOfficials() {
	s.officialCodes, s.officialIDs, s.badges = map[string]int{}, map[int64]int{}, map[agency.Code]int{}
	for i, o := range s.Officials {
		s.officialCodes[o.Code], s.officialIDs[o.ID], s.badges[o.Badge] = i, i, i
	}
}
