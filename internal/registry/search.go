package registry

import (
	"strings"
	"sync"

	"sipas/internal/agency"
	"sipas/internal/fold"
)

// folded are the names of a snapshot as they are looked for. They are made when
// somebody looks for something first.
type folded struct {
	once     sync.Once
	agencies map[int64]string // by id
	points   []string         // by place in Points
}

// folded gives the names as they are looked for.
func (s *Snapshot) folded() *folded {
	s.names.once.Do(func() {
		s.names.agencies = make(map[int64]string, len(s.Tree.All()))
		for _, a := range s.Tree.All() {
			s.names.agencies[a.ID] = foldAll(a.Name, a.Code)
		}
		s.names.points = make([]string, len(s.Points))
		for i, p := range s.Points {
			s.names.points[i] = foldAll(p.Name, p.Place)
		}
	})
	return &s.names
}

// foldAll folds a name of any language and what else answers for the same thing, a line
// for each.
func foldAll(name agency.Text, other string) string {
	lines := []string{other}
	for _, text := range name {
		lines = append(lines, text)
	}
	return fold.Text(strings.Join(lines, "\n"))
}

// Search is something that is looked for in what somebody may see, whatever the
// capitals and marks.
type Search struct {
	view   View
	wanted string
	code   agency.Code // of a service point, where it is one
	names  *folded
}

// Search looks for a text; "" is everywhere.
func (v View) Search(text string) Search {
	code, _ := agency.ParseCode(text)
	return Search{v, fold.Text(strings.Join(strings.Fields(text), " ")), code, v.snapshot.folded()}
}

// Agencies lists those that hold it in their name or code, in the order of View.Agencies.
func (s Search) Agencies() []agency.Agency { return those(s.view.Agencies(), s.agencies()) }

// BestAgencies are at most n of Agencies, the best first, with how many those are.
func (s Search) BestAgencies(n int) ([]agency.Agency, int) {
	return fold.Best(s.view.Agencies(), n, s.agencies())
}

// Points lists the service points that hold it in their name or place, have it as their
// code, or are of an agency that holds it, in the order of View.Points.
func (s Search) Points() []agency.ServicePoint { return those(s.view.Points(), s.points()) }

// BestPoints are at most n of Points, the best first, with how many those are.
func (s Search) BestPoints(n int) ([]agency.ServicePoint, int) {
	return fold.Best(s.view.Points(), n, s.points())
}

// agencies ranks the agencies of the view by their places.
func (s Search) agencies() func(place int) fold.Rank {
	all := s.view.Agencies()
	return func(place int) fold.Rank { return fold.Find(s.names.agencies[all[place].ID], s.wanted) }
}

// points ranks the service points of the view by their places.
func (s Search) points() func(place int) fold.Rank {
	all := s.view.Points()
	if len(all) == 0 {
		return nil
	}
	first, offices := s.view.snapshot.pointIDs[all[0].ID], map[int64]bool{}
	for _, a := range s.Agencies() {
		offices[a.ID] = true
	}
	return func(place int) fold.Rank {
		p := all[place]
		if p.Code == s.code {
			return fold.Beginning
		}
		rank := fold.Find(s.names.points[first+place], s.wanted)
		if rank == fold.None && offices[p.AgencyID] {
			return fold.Inside
		}
		return rank
	}
}

// those are the ones that have a rank.
func those[T any](all []T, rank func(place int) fold.Rank) (found []T) {
	for i, one := range all {
		if rank(i) != fold.None {
			found = append(found, one)
		}
	}
	return found
}
