package province

import (
	"net/http"
	"slices"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/httpd/history"
	"sipas/internal/httpd/revision"
	"sipas/internal/registry"
	"sipas/internal/wording"
)

// agencyPages are the page of one agency and those by which agencies are made and
// changed.
type agencyPages struct{ *side }

// agencyPage is what one agency is, with the ways on from it.
type agencyPage struct {
	Agency            agency.Agency
	Kind              string
	English           string // its name, "" where it is no other
	Fate              string // since when it is no more, "" without an end
	Above             []office
	Heirs             []office
	Forerunners       []office
	Below             []office // right below it
	Hotline           string
	HotlineOf         string // the agency above that it is of, "" for its own
	Points            int64  // service points of its own
	PointsBelow       int64  // with those of all below it
	Found             string // address of the service points
	Targets           int64  // of its own, this year
	Year              string
	Done              string
	Change, Add, Home string           // addresses
	History           *history.History // nil for who may not read it
}

// office is an agency that a page leads to.
type office struct {
	Name, To string
	Note     string // "" for none
}

func agencyPath(code string) string { return agenciesPath + "/" + code }

func officeOf(p httpd.Page, a agency.Agency, note string) office {
	return office{a.Name.In(p.Language), agencyPath(a.Code), note}
}

func (s agencyPages) showAgency(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	a, view, p := *r.Agency, r.View(snap), r.NewPage("agency", nil)
	p.Title = a.Name.In(p.Language)
	data := agencyPage{
		Agency: a, Kind: p.T("kind." + string(a.Kind)), Fate: wording.Fate(p.Words, a, view.Heirs(a.ID), p.Today), Hotline: snap.Tree.Hotline(a.ID),
		Points: int64(len(snap.PointsOf(a.ID))), PointsBelow: int64(len(snap.PointsBelow(a.ID))),
		Found: httpd.AddressOf(pointsPath, "tim", a.Name["vi"]), Targets: ownTargets(snap, a.ID, p.Today[:4]), Year: p.Today[:4],
		Done: r.Done(), Change: agencyPath(a.Code) + "/sua", Add: httpd.AddressOf(agenciesPath+"/them", "agency", a.Code), Home: agenciesPath,
	}
	if data.English = a.Name["en"]; data.English == p.Title {
		data.English = ""
	}
	for _, above := range snap.Tree.Path(a.ID) {
		if above.ID != a.ID && view.Sees(above.ID) {
			data.Above = append(data.Above, officeOf(p, above, ""))
		}
	}
	for _, below := range snap.Tree.Children(a.ID) {
		data.Below = append(data.Below, officeOf(p, below, wording.Fate(p.Words, below, view.Heirs(below.ID), p.Today)))
	}
	for _, k := range view.Heirs(a.ID) {
		data.Heirs = append(data.Heirs, officeOf(p, k.Agency, p.T("agencies.from", "day", p.Day(k.Day))))
	}
	for _, k := range view.Forerunners(a.ID) {
		data.Forerunners = append(data.Forerunners, officeOf(p, k.Agency, p.T("agency.until", "day", p.Day(k.Day))))
	}
	if a.Hotline == "" && data.Hotline != "" {
		data.HotlineOf = p.T("agency.hotline-above")
		for _, above := range slices.Backward(snap.Tree.Path(a.ID)) {
			if above.Hotline != "" && view.Sees(above.ID) {
				data.HotlineOf = p.T("agency.hotline-of", "agency", above.Name.In(p.Language))
				break
			}
		}
	}
	if history.Readable(r) {
		if data.History, err = s.history(r, snap, p); err != nil {
			return err
		}
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/agency", p)
}

// ownTargets counts the targets of an agency alone in a year. Those of the province as
// a whole are its outermost agency's.
func ownTargets(snap *registry.Snapshot, id int64, year string) (n int64) {
	for _, t := range snap.Targets {
		if strconv.Itoa(t.Year) == year && (t.AgencyID == id || t.AgencyID == 0 && id == snap.Tree.Root()) {
			n++
		}
	}
	return n
}

func (s agencyPages) routes() []httpd.Route {
	var (
		form  = httpd.FormBody(httpd.OrdinaryBody)
		one   = []httpd.About{{In: httpd.Path, Name: "agency", Is: httpd.Agency}}
		above = []httpd.About{{In: httpd.Query, Name: "agency", Is: httpd.Agency, Optional: true}}
	)
	const add, path = agenciesPath + "/them", agenciesPath + "/:agency"
	return []httpd.Route{
		{Method: http.MethodGet, Path: add, Permission: access.Administer, About: above, Handle: s.showNewAgency},
		{Method: http.MethodPost, Path: add, Permission: access.Administer, About: nothing(), Asks: newAgencyFields(), Body: form, Handle: s.addAgency},
		{Method: http.MethodGet, Path: path, Permission: access.ViewPoints, About: one, Asks: []string{"da", history.Before}, Handle: s.showAgency},
		{Method: http.MethodGet, Path: path + "/sua", Permission: access.Administer, About: one, Handle: s.showChangeAgency},
		{Method: http.MethodPost, Path: path + "/sua", Permission: access.Administer, About: one, Asks: revision.WithOpened(agencyFields), Body: form, Handle: s.changeAgency},
	}
}
