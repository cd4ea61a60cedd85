package province

import (
	"net/http"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/wording"
)

const agenciesPath = "/co-quan"

// agenciesPage is the tree of agencies, as far as the caller may see it.
type agenciesPage struct {
	Tree   []branch
	Found  int64  // of all that are asked for
	Search string // what is looked for; "" for all
	Typed  string // a day as it was typed; "" for any time
	Day    string // the day, "" for none
	Wrong  bool   // what was typed is no day
	Done   string // what was done just now, as a key
}

// branch is one agency with those below it.
type branch struct {
	Name, Code, Kind string
	Points           int64  // service points of its own
	Since            string // the day from which it is, "" where there is none
	Fate             string // since when it is no more, "" without an end
	Formed           string // whose work it took over, "" for nobody's
	Below            []branch
	Count            int64 // of those below, wherever
	Open             bool  // those below are shown at first
}

// showAgencies shows the tree of agencies, whole or as far as it holds what is looked for,
// at any time or with those only that existed on a day.
func (s *side) showAgencies(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, status := r.NewPage("agencies", nil), http.StatusOK
	data := agenciesPage{Search: strings.TrimSpace(httpd.Cut(r.Query("tim"), 100)), Typed: strings.TrimSpace(httpd.Cut(r.Query("ngay"), 40)), Done: r.Done()}
	if data.Typed != "" {
		day, ok := civil.ReadDay(data.Typed)
		if data.Day, data.Wrong = day, !ok; !ok {
			status = http.StatusUnprocessableEntity
		}
	}
	view := r.View(snap)
	grown := forest{snap: snap, view: view, page: p, all: data.Search == "", day: data.Day, found: map[int64]bool{}}
	for _, a := range view.Search(data.Search).Agencies() {
		if data.Day == "" || a.Lives(data.Day) {
			grown.found[a.ID] = true
		}
	}
	data.Found = int64(len(grown.found))
	outermost := snap.Tree.Children(0)
	if top, ok := snap.Tree.Agency(view.Scope()); ok {
		outermost = []agency.Agency{top}
	}
	data.Tree = grown.grow(outermost, true)
	p.Data = data
	return r.Show(status, "desk/agencies", p)
}

// forest is what a tree of agencies grows of.
type forest struct {
	snap  *registry.Snapshot
	view  registry.View
	page  httpd.Page
	found map[int64]bool // the agencies that are asked for
	all   bool           // nothing is looked for by name
	day   string         // on which they exist; "" for any
}

// grow makes branches of agencies: those that are found, and those above them. Who hangs
// on one that did not exist on the day hangs on the next above that did.
func (f forest) grow(agencies []agency.Agency, top bool) (list []branch) {
	for _, a := range agencies {
		below := f.grow(f.snap.Tree.Children(a.ID), false)
		switch {
		case f.day != "" && !a.Lives(f.day):
			list = append(list, below...)
			continue
		case !f.found[a.ID] && len(below) == 0:
			continue
		}
		p := f.page
		b := branch{
			Name: a.Name.In(p.Language), Code: a.Code, Kind: p.T("kind." + string(a.Kind)), Points: int64(len(f.snap.PointsOf(a.ID))), Since: a.ValidFrom,
			Fate: wording.Fate(p.Words, a, f.view.Heirs(a.ID), p.Today), Formed: wording.Formed(p.Words, f.view.Forerunners(a.ID)),
			Below: below, Open: top || !f.all,
		}
		for _, one := range below {
			b.Count += 1 + one.Count
		}
		list = append(list, b)
	}
	return list
}
