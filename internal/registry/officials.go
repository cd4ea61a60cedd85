package registry

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// officials are the part of a change that is about who serves at counters.
type officials struct{ noted }

// OfficialSubject is how entries of the audit name an official: by their code.
func OfficialSubject(code string) string { return "official/" + code }

// OfficialSaid reads the official that an entry of the audit tells of, before or after it;
// ok is false where it tells of none.
func OfficialSaid(said any) (o agency.Official, ok bool) {
	raw, _ := said.(json.RawMessage)
	var entry officialEntry
	if json.Unmarshal(raw, &entry) != nil {
		return o, false
	}
	return agency.Official(entry), true
}

// AddOfficials keeps new officials, draws a badge for each, and writes both it and the
// id into them. A code in use is an error, and nothing is kept.
func (c officials) AddOfficials(ctx context.Context, added []agency.Official) error {
	for some := range slices.Chunk(added, c.tx.DB().MaxSetRows(officialTexts)) {
		badges, err := c.draw(ctx, len(some))
		if err != nil {
			return err
		}
		at := make(map[agency.Code]int, len(some))
		for i := range some {
			some[i].Badge = badges[i]
			at[badges[i]] = i
		}
		statement, args := c.tx.DB().InsertSet("officials", officialColumns(some), "RETURNING id, badge")
		err = db.ScanAll(ctx, c.tx, statement, args, func(rows *sql.Rows) error {
			var id int64
			var badge agency.Code
			err := rows.Scan(&id, &badge)
			some[at[badge]].ID = id
			return err
		})
		if err != nil {
			return db.Failed("add officials", err)
		}
		entries := make([]audit.Entry, len(some))
		for i, o := range some {
			entries[i] = c.Entry("official.add", OfficialSubject(o.Code), nil, officialEntry(o))
		}
		if err := audit.Append(ctx, c.tx, entries...); err != nil {
			return err
		}
	}
	return nil
}

// UpdateOfficials keeps what officials are from now on, by their ids; their codes and
// badges are not looked at. One that is not there is fault.ErrNotFound.
func (c officials) UpdateOfficials(ctx context.Context, changed []agency.Official) error {
	if len(changed) == 0 {
		return nil
	}
	known, err := readOfficials(ctx, c.tx)
	if err != nil {
		return err
	}
	before := make(map[int64]agency.Official, len(known))
	for _, o := range known {
		before[o.ID] = o
	}
	for some := range slices.Chunk(changed, c.tx.DB().MaxSetRows(officialTexts)) {
		some, entries := slices.Clone(some), make([]audit.Entry, len(some))
		for i, o := range some {
			was, found := before[o.ID]
			if !found {
				return db.Failed("update official", sql.ErrNoRows)
			}
			some[i].Code, some[i].Badge = was.Code, was.Badge
			entries[i] = c.Entry("official.update", OfficialSubject(was.Code), officialEntry(was), officialEntry(some[i]))
		}
		// They are there, so nothing is inserted.
		columns := append(officialColumns(some), db.Numbers("id", some, func(o agency.Official) int64 { return o.ID }))
		statement, args := c.tx.DB().InsertSet("officials", columns, "ON CONFLICT (id) DO UPDATE SET agency_id = excluded.agency_id, "+
			"service_point_id = excluded.service_point_id, name = excluded.name, login = excluded.login, named = excluded.named, active = excluded.active")
		if _, err := c.tx.ExecContext(ctx, statement, args...); err != nil {
			return db.Failed("update officials", err)
		}
		if err := audit.Append(ctx, c.tx, entries...); err != nil {
			return err
		}
	}
	return nil
}

// ReplaceBadge gives an official another badge, which it returns: the one before is
// lost. Nobody gets that again. Without the official it is fault.ErrNotFound.
func (c officials) ReplaceBadge(ctx context.Context, id int64) (agency.Code, error) {
	var code string
	var before agency.Code
	err := c.tx.QueryRowContext(ctx, "SELECT code, badge FROM officials WHERE id = $1", id).Scan(&code, &before)
	if err != nil {
		return "", db.Failed("find official", err)
	}
	drawn, err := c.draw(ctx, 1)
	if err != nil {
		return "", err
	}
	_, err = c.tx.ExecContext(ctx, "INSERT INTO replaced_badges (badge, official_id, replaced_at) VALUES ($1, $2, $3)", string(before), id, db.Micros(c.at))
	if err == nil {
		_, err = c.tx.ExecContext(ctx, "UPDATE officials SET badge = $1 WHERE id = $2", string(drawn[0]), id)
	}
	if err != nil {
		return "", db.Failed("replace badge", err)
	}
	return drawn[0], c.Note(ctx, "official.replace-badge", OfficialSubject(code), before, drawn[0])
}

// draw draws badges that nothing is or was called by: whoever holds a printed code must
// be led to what it was printed for.
func (c noted) draw(ctx context.Context, n int) ([]agency.Code, error) {
	var drawn []agency.Code
	for len(drawn) < n {
		fresh := make([]agency.Code, n-len(drawn))
		for i := range fresh {
			fresh[i] = agency.NewCode()
		}
		taken, err := c.taken(ctx, fresh, codesTaken)
		if err != nil {
			return nil, err
		}
		for _, code := range fresh {
			if !taken[code] && !slices.Contains(drawn, code) {
				drawn = append(drawn, code)
			}
		}
	}
	return drawn, nil
}

// Where codes are kept: those of service points, and badges.
const (
	badgesTaken = "SELECT badge AS code FROM officials UNION ALL SELECT badge FROM replaced_badges"
	codesTaken  = badgesTaken + " UNION ALL SELECT code FROM service_points UNION ALL SELECT code FROM replaced_codes"
)

// taken tells which codes are among kept ones.
func (c noted) taken(ctx context.Context, codes []agency.Code, kept string) (map[agency.Code]bool, error) {
	taken := map[agency.Code]bool{}
	with, args := c.tx.DB().WithSet("asked", []db.Column{db.Texts("code", codes, func(code agency.Code) string { return string(code) })})
	err := db.ScanAll(ctx, c.tx, with+"SELECT k.code FROM ("+kept+") k JOIN asked a ON a.code = k.code", args, func(rows *sql.Rows) error {
		var code agency.Code
		err := rows.Scan(&code)
		taken[code] = true
		return err
	})
	return taken, db.Failed("look for codes", err)
}

// noBadges refuses codes of service points that a badge has or had.
func (c noted) noBadges(ctx context.Context, points []agency.ServicePoint) error {
	codes := make([]agency.Code, len(points))
	for i, p := range points {
		codes[i] = p.Code
	}
	for some := range slices.Chunk(codes, c.tx.DB().MaxSetRows(1)) {
		taken, err := c.taken(ctx, some, badgesTaken)
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return fmt.Errorf("the code of a service point is a badge: %w", fault.ErrConflict)
		}
	}
	return nil
}

// officialTexts is how many texts a row of officials has.
const officialTexts = 4

// officialColumns are those of officials without the id.
func officialColumns(some []agency.Official) []db.Column {
	return []db.Column{
		db.Texts("code", some, func(o agency.Official) string { return o.Code }),
		db.Texts("badge", some, func(o agency.Official) string { return string(o.Badge) }),
		db.Numbers("agency_id", some, func(o agency.Official) int64 { return o.AgencyID }),
		db.Numbers("service_point_id", some, func(o agency.Official) int64 { return o.PointID }),
		db.Texts("name", some, func(o agency.Official) string { return o.Name }),
		db.Texts("login", some, func(o agency.Official) string { return o.Login }),
		db.Numbers("named", some, func(o agency.Official) int64 { return int64(db.Flag(o.Named)) }),
		db.Numbers("active", some, func(o agency.Official) int64 { return int64(db.Flag(o.Active)) }),
	}
}

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

// readBadges reads whose a replaced badge was.
func readBadges(ctx context.Context, tx *db.Tx) (map[agency.Code]int64, error) {
	replaced := map[agency.Code]int64{}
	err := db.ScanAll(ctx, tx, "SELECT badge, official_id FROM replaced_badges", nil, func(rows *sql.Rows) error {
		var badge agency.Code
		var id int64
		err := rows.Scan(&badge, &id)
		replaced[badge] = id
		return err
	})
	return replaced, db.Failed("list replaced badges", err)
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

// Badge finds an official by what the QR code of their badge says, or, replaced, by what
// one said that they had.
func (s *Snapshot) Badge(code agency.Code) (o agency.Official, replaced, ok bool) {
	if at, ok := s.badges[code]; ok {
		return s.Officials[at], false, true
	}
	o, ok = s.OfficialByID(s.badgesBefore[code])
	return o, ok, ok
}

// arrangeOfficials makes what officials are looked up by.
func (s *Snapshot) arrangeOfficials() {
	s.officialCodes, s.officialIDs, s.badges = map[string]int{}, map[int64]int{}, map[agency.Code]int{}
	for i, o := range s.Officials {
		s.officialCodes[o.Code], s.officialIDs[o.ID], s.badges[o.Badge] = i, i, i
	}
}
