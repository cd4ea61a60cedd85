package registry

import (
	"fmt"
	"slices"
	"strings"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/target"
)

// View is the part of a snapshot that somebody may see. What lies outside of it
// cannot be named through it: it is as if it did not exist.
type View struct {
	snapshot *Snapshot
	who      access.Identity
}

// For is what somebody may see.
func (s *Snapshot) For(who access.Identity) View { return View{s, who} }

// nobody sees nothing, whatever their scope says.
func (v View) nobody() bool { return !slices.Contains(access.Roles(), v.who.Role) }

// Scope is the agency at the root of what may be seen, 0 for the whole province.
func (v View) Scope() int64 { return v.who.Scope }

// Agencies lists what may be seen, parents before children, siblings in order.
func (v View) Agencies() []agency.Agency {
	if v.nobody() {
		return nil
	}
	return v.snapshot.Tree.Subtree(v.who.Scope)
}

// Depth is how far an agency lies below the top of what may be seen.
func (v View) Depth(id int64) int {
	return v.snapshot.Tree.Depth(id) - v.snapshot.Tree.Depth(v.who.Scope)
}

// Sees tells whether an agency may be seen; 0 is the province as a whole.
func (v View) Sees(id int64) bool { return v.who.Covers(v.snapshot.Tree, id) }

// Agency finds an agency by its code. One that may not be seen is
// fault.ErrNotFound like one that does not exist.
func (v View) Agency(code string) (agency.Agency, error) {
	if a, ok := v.snapshot.Tree.ByCode(code); ok && v.Sees(a.ID) {
		return a, nil
	}
	return agency.Agency{}, fmt.Errorf("agency %.40q: %w", code, fault.ErrNotFound)
}

// Point finds a service point of an agency that may be seen by its code, else
// it is fault.ErrNotFound.
func (v View) Point(code agency.Code) (agency.ServicePoint, error) {
	if p, ok := v.snapshot.Point(code); ok && v.Sees(p.AgencyID) {
		return p, nil
	}
	return agency.ServicePoint{}, fmt.Errorf("service point %.40q: %w", code, fault.ErrNotFound)
}

// JudgedPoint finds a service point whose work is judged for an agency that may be seen,
// whosever it is, else it is fault.ErrNotFound.
func (v View) JudgedPoint(code agency.Code) (agency.ServicePoint, error) {
	if p, ok := v.snapshot.Point(code); ok && v.Sees(p.JudgedID) {
		return p, nil
	}
	return agency.ServicePoint{}, fmt.Errorf("service point %.40q: %w", code, fault.ErrNotFound)
}

// PointsNamed finds the service points of some codes with blanks between them, each as
// Point does: all or none.
func (v View) PointsNamed(codes string) (points []agency.ServicePoint, err error) {
	for code := range strings.FieldsSeq(codes) {
		p, err := v.Point(agency.Code(code))
		if err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	return points, nil
}

// Target finds a target of an agency that may be seen by its id, else it is
// fault.ErrNotFound.
func (v View) Target(id int64) (target.Target, error) {
	found, known := v.snapshot.Target(id)
	if !known || !v.Sees(found.AgencyID) {
		return target.Target{}, fmt.Errorf("target %d: %w", id, fault.ErrNotFound)
	}
	return found, nil
}

// Indicator finds an indicator by its id: they are the whole province's, and everybody
// reads its boards. Without it it is fault.ErrNotFound.
func (v View) Indicator(id int64) (target.Indicator, error) {
	found, known := v.snapshot.Indicator(id)
	if !known || v.nobody() {
		return target.Indicator{}, fmt.Errorf("indicator %d: %w", id, fault.ErrNotFound)
	}
	return found, nil
}

// Official finds an official of an agency that may be seen by their code, else it is
// fault.ErrNotFound.
func (v View) Official(code string) (agency.Official, error) {
	if o, ok := v.snapshot.Official(code); ok && v.Sees(o.AgencyID) {
		return o, nil
	}
	return agency.Official{}, fmt.Errorf("official %.40q: %w", code, fault.ErrNotFound)
}

// Rated finds an official whom the caller may read the figures of: an account reads those
// of the official that it belongs to by its login ("" for none), a manager those of all
// officials of the agency. The scope of either is exactly that agency, so that nobody above
// reads them by writing a login of their own beside an official. Whoever else asks, and
// where no officials are judged, it is fault.ErrNotFound.
func (v View) Rated(code, login string) (agency.Official, error) {
	if o, known := v.snapshot.Official(code); known && v.reads(o, login) {
		return o, nil
	}
	return agency.Official{}, fmt.Errorf("official %.40q: %w", code, fault.ErrNotFound)
}

func (v View) reads(o agency.Official, login string) bool {
	own, head := login != "" && login == o.Login, v.who.Role == access.Manager
	return v.snapshot.Settings.Officials && v.who.Scope == o.AgencyID && (own || head)
}

// RatedSelf finds the official whose login is the caller's and whose figures they read.
func (v View) RatedSelf(login string) (o agency.Official, ok bool) {
	for _, o := range v.snapshot.Officials {
		if login != "" && o.Login == login && v.reads(o, login) {
			return o, true
		}
	}
	return agency.Official{}, false
}

// PointByID finds a service point of an agency that may be seen by its id, else it is
// fault.ErrNotFound.
func (v View) PointByID(id int64) (agency.ServicePoint, error) {
	if p, ok := v.snapshot.PointByID(id); ok && v.Sees(p.AgencyID) {
		return p, nil
	}
	return agency.ServicePoint{}, fmt.Errorf("service point %d: %w", id, fault.ErrNotFound)
}

// Points lists the service points of the agencies that may be seen, agency by
// agency in the order of Agencies.
func (v View) Points() []agency.ServicePoint {
	if v.nobody() {
		return nil
	}
	return v.snapshot.PointsBelow(v.who.Scope)
}

// Kin is an agency that took over work of another, or whose work was taken over.
type Kin struct {
	agency.Agency
	Day string // when
}

// Heirs lists, as far as they may be seen, the agencies that took over the work of one.
func (v View) Heirs(id int64) []Kin {
	return v.kin(v.snapshot.heirs[id], func(s agency.Succession) int64 { return s.ToID })
}

// Forerunners lists, as far as they may be seen, the agencies whose work one took over.
func (v View) Forerunners(id int64) []Kin {
	return v.kin(v.snapshot.forerunners[id], func(s agency.Succession) int64 { return s.FromID })
}

func (v View) kin(links []agency.Succession, other func(agency.Succession) int64) (list []Kin) {
	for _, link := range links {
		if a, ok := v.snapshot.Tree.Agency(other(link)); ok && v.Sees(a.ID) {
			list = append(list, Kin{a, link.Day})
		}
	}
	return list
}
