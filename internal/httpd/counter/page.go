package counter

import (
	"net/http"

	"sipas/internal/agency"
	"sipas/internal/arrival"
	"sipas/internal/campaign"
	"sipas/internal/httpd"
	"sipas/internal/httpd/history"
	"sipas/internal/registry"
)

// counterPage is the page of one counter.
type counterPage struct {
	Point   agency.ServicePoint
	Agency  string
	Lines   []line
	Address string // of its form, as scanned
	Posts   bool   // it has a poster
	Came    arrival.Came
	Figures *figures         // nil for who may not read them
	History *history.History // nil for who may not read it
	Done    string           // what was done just now, as a key
}

// line is one thing there is to say of a counter, and what there is to add to it.
type line struct{ Label, Value, Note string }

func (s *side) show(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	came, err := s.k.Arrivals.Of(r.Context(), []int64{r.Point.ID})
	if err != nil {
		return err
	}
	p, point, view := r.NewPage("counter", nil), *r.Point, r.View(snap)
	said := words(snap, view, p, point)
	p.Title = point.Name.In(p.Language)
	data := counterPage{
		Point: point, Agency: said["agency"], Lines: append(s.linesOf(p, point, said, snap.Hotline(point)), s.askedNow(p, snap, point, said["survey"])),
		Address: s.k.FormURL(point.Code), Posts: point.HasPoster(), Came: came[point.ID], Done: r.Done(),
	}
	if data.Figures, err = s.figures(r, snap, p); err != nil {
		return err
	}
	if history.Readable(r) {
		if data.History, err = s.history(r, snap, p); err != nil {
			return err
		}
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/counter", p)
}

// askedNow says which survey a counter asks at this moment, and why.
func (s *side) askedNow(p httpd.Page, snap *registry.Snapshot, point agency.ServicePoint, own string) line {
	c := snap.Campaigns.Holding(snap.Tree, &point, campaign.MomentOf(s.k.Now(), s.k.Zone))
	if c == nil {
		return line{p.T("point.asked-now"), own, p.T("point.asked-own")}
	}
	asked := snap.Version(c.VersionID).Definition.Title.In(p.Language)
	return line{p.T("point.asked-now"), asked, p.T("point.asked-campaign", "name", c.Name.In(p.Language), "day", p.Day(c.LastDay))}
}

// linesOf are what there is to say of a counter beside its name and agency; what has
// a default says so. hotline is the number to report to, whosever it is.
func (s *side) linesOf(p httpd.Page, point agency.ServicePoint, said map[string]string, hotline string) (list []line) {
	defaults := map[string]string{
		judged: p.T("point.judged-own"), "fields": p.T("point.all-fields"), "limit": p.T("point.limit-none"), ownHotline: p.T("point.hotline-none"),
	}
	notes := map[string]string{}
	if hours, _ := agency.ParseHours(point.Hours); hours.Known() && point.Active {
		notes["hours"] = p.T("point.outside")
		if hours.Open(s.k.Now().In(s.k.Zone)) {
			notes["hours"] = p.T("point.open-now")
		}
	}
	if hotline != "" && point.Hotline == "" {
		defaults[ownHotline], notes[ownHotline] = hotline, p.T("point.hotline-agency")
	}
	for _, column := range columns {
		value := said[column]
		if value == "" {
			value = defaults[column]
		}
		if column != "name_vi" && column != "agency" && value != "" {
			list = append(list, line{label(p, column), value, notes[column]})
		}
	}
	return list
}
