package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/db"
	"sipas/internal/survey"
	"sipas/internal/target"
)

// Snapshot is everything that administrators keep, as of one moment. Nobody may
// change it or anything it gives.
type Snapshot struct {
	// Revision is raised by every change: two snapshots of one revision are the
	// same.
	Revision   int64
	Settings   Settings
	Tree       *agency.Tree
	Fields     []agency.ServiceField // in order, the reserved ones last
	Points     []agency.ServicePoint // agency by agency, in the order of the tree
	Officials  []agency.Official     // in the order of their codes
	Indicators []target.Indicator    // in order
	Targets    []target.Target       // by year, in the order they were kept
	Surveys    []string              // keys of those that were published
	Campaigns  campaign.List

	successions []agency.Succession
	heirs       map[int64][]agency.Succession // those from each agency
	forerunners map[int64][]agency.Succession // those to each agency
	scopes      map[string]agency.FieldScope
	points      map[agency.Code]int // place in Points
	pointIDs    map[int64]int
	replaced    map[agency.Code]int64 // codes that service points had
	pointsOf    []int                 // place in Points where those of each agency of the tree begin, and the end
	versions    map[string][]*survey.Version
	versionIDs  map[int64]*survey.Version
	names       folded

	officialCodes map[string]int // place in Officials
	officialIDs   map[int64]int
	badges        map[agency.Code]int
	badgesBefore  map[agency.Code]int64 // badges that officials had
}

// load reads a snapshot in a transaction that sees one moment. Versions never
// change, so those of the snapshot before are not decoded again; it may be nil.
func load(ctx context.Context, tx *db.Tx, given map[string]string, before *Snapshot) (*Snapshot, error) {
	s := &Snapshot{}
	if err := tx.QueryRowContext(ctx, "SELECT revision FROM registry").Scan(&s.Revision); err != nil {
		return nil, fmt.Errorf("read revision: %w", err)
	}
	rows := tx.Rows(ctx)
	settings, err := readSettings(rows)
	if err != nil {
		return nil, err
	}
	if s.Settings, err = parseSettings(settings, given); err != nil {
		return nil, err
	}
	if err := s.Settings.readEmblems(ctx, tx, before); err != nil {
		return nil, err
	}
	agencies, err := readAgencies(rows)
	if err != nil {
		return nil, err
	}
	if s.successions, err = readSuccessions(rows); err != nil {
		return nil, err
	}
	if s.Fields, err = readFields(rows); err != nil {
		return nil, err
	}
	points, err := readPoints(ctx, tx, nil)
	if err != nil {
		return nil, err
	}
	if s.replaced, err = readReplaced(ctx, tx); err != nil {
		return nil, err
	}
	if s.Officials, err = readOfficials(ctx, tx); err != nil {
		return nil, err
	}
	if s.badgesBefore, err = readBadges(ctx, tx); err != nil {
		return nil, err
	}
	if s.Indicators, err = readIndicators(rows); err != nil {
		return nil, err
	}
	if s.Targets, err = readTargets(rows); err != nil {
		return nil, err
	}
	if err := s.readVersions(rows, before); err != nil {
		return nil, err
	}
	if s.Campaigns, err = campaign.Read(ctx, tx); err != nil {
		return nil, err
	}
	s.arrange(agencies, points)
	return s, nil
}

// arrange makes what is looked up.
func (s *Snapshot) arrange(agencies []agency.Agency, points []agency.ServicePoint) {
	s.Tree = agency.NewTree(agencies)
	of := map[int64][]agency.ServicePoint{}
	for from, to := 0, 0; from < len(points); from = to { // they come agency by agency
		for to < len(points) && points[to].AgencyID == points[from].AgencyID {
			to++
		}
		some := points[from:to:to]
		if before := of[points[from].AgencyID]; before != nil {
			some = append(before, some...)
		}
		of[points[from].AgencyID] = some
	}
	s.Points = make([]agency.ServicePoint, 0, len(points))
	for _, a := range s.Tree.All() {
		s.pointsOf = append(s.pointsOf, len(s.Points))
		s.Points = append(s.Points, of[a.ID]...)
	}
	s.pointsOf = append(s.pointsOf, len(s.Points))
	s.points, s.pointIDs = make(map[agency.Code]int, len(points)), make(map[int64]int, len(points))
	for i, p := range s.Points {
		s.points[p.Code], s.pointIDs[p.ID] = i, i
	}
	s.arrangeOfficials()
	s.heirs, s.forerunners = map[int64][]agency.Succession{}, map[int64][]agency.Succession{}
	for _, one := range s.successions {
		s.heirs[one.FromID] = append(s.heirs[one.FromID], one)
		s.forerunners[one.ToID] = append(s.forerunners[one.ToID], one)
	}
	s.scopes = make(map[string]agency.FieldScope, len(s.Fields))
	for _, f := range s.Fields {
		s.scopes[f.Key] = f.Scope
	}
}

// Point finds a service point by its code.
func (s *Snapshot) Point(code agency.Code) (p agency.ServicePoint, ok bool) {
	at, ok := s.points[code]
	if !ok {
		return agency.ServicePoint{}, false
	}
	return s.Points[at], true
}

// PointByID finds a service point by its id.
func (s *Snapshot) PointByID(id int64) (p agency.ServicePoint, ok bool) {
	at, ok := s.pointIDs[id]
	if !ok {
		return agency.ServicePoint{}, false
	}
	return s.Points[at], true
}

// Hotline is the number to report to about a service point: its own, or that of its
// agency.
func (s *Snapshot) Hotline(p agency.ServicePoint) string {
	return cmp.Or(p.Hotline, s.Tree.Hotline(p.AgencyID))
}

// PointsBelow lists the service points of an agency and of all below it; 0 is
// the whole province.
func (s *Snapshot) PointsBelow(id int64) []agency.ServicePoint {
	if id == 0 {
		return s.Points
	}
	from, to, ok := s.Tree.Span(id)
	if !ok {
		return nil
	}
	first, last := s.pointsOf[from], s.pointsOf[to]
	return s.Points[first:last:last]
}

// PointsOf lists the service points of an agency alone.
func (s *Snapshot) PointsOf(id int64) []agency.ServicePoint {
	from, _, ok := s.Tree.Span(id)
	if !ok {
		return nil
	}
	first, last := s.pointsOf[from], s.pointsOf[from+1]
	return s.Points[first:last:last]
}

// Field finds a service field by its key.
func (s *Snapshot) Field(key string) (f agency.ServiceField, ok bool) {
	at := slices.IndexFunc(s.Fields, func(f agency.ServiceField) bool { return f.Key == key })
	if at < 0 {
		return agency.ServiceField{}, false
	}
	return s.Fields[at], true
}

// Scopes are those of every service field.
func (s *Snapshot) Scopes() map[string]agency.FieldScope { return s.scopes }

// Successions lists every succession by day.
func (s *Snapshot) Successions() []agency.Succession { return s.successions }

// Versions lists the published versions of a survey, oldest first.
func (s *Snapshot) Versions(surveyKey string) []*survey.Version { return s.versions[surveyKey] }

// Newest is the version of a survey that is asked now, nil if none was published.
func (s *Snapshot) Newest(surveyKey string) *survey.Version {
	versions := s.versions[surveyKey]
	if len(versions) == 0 {
		return nil
	}
	return versions[len(versions)-1]
}

// Version finds a version by its id, nil for an unknown one.
func (s *Snapshot) Version(id int64) *survey.Version { return s.versionIDs[id] }
