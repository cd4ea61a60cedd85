package province

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/arrival"
	"sipas/internal/httpd"
	"sipas/internal/qr"
	"sipas/internal/registry"
	"sipas/internal/typeset"
	"sipas/internal/wording"
)

const pointsPath = "/quay"

// pointsPage lists the service points of the caller's scope, by agency.
type pointsPage struct {
	Groups []pointGroup // of this page
	Open   int64        // of all
	Closed int64
	Found  int64  // of those that are looked for
	Search string // what is looked for; "" for all
	State  string // "open", "closed" or "silent"; "" for all
	Pages  httpd.Pages
	Done   string // what was done just now, as a key
	Choice pointChoice
	heard  map[int64]bool // ids of those to which something came in this half month, where that is asked for
}

// pointsPerPage is how many service points are on one page: a province has
// thousands.
const pointsPerPage = 100

// pointGroup is one agency with its service points.
type pointGroup struct {
	Name   string
	Code   string
	Ended  string // since when it is no more, "" of one that is
	Posts  bool   // one of its service points has a poster
	Points []pointLine
}

// pointLine is one service point.
type pointLine struct {
	Name    string
	Place   string
	Code    agency.Code
	Fields  []string
	Channel agency.Channel
	Active  bool
	Posts   bool // it has a poster
	// Unprintable is what a poster of it would show a question mark for.
	Unprintable string
	Came        arrival.Came
}

func (s *side) showPoints(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("points", nil)
	data, err := s.listPoints(r, snap, p, r.Query)
	if err != nil {
		return err
	}
	data.Done = r.Done()
	p.Data = data
	return r.Show(http.StatusOK, "desk/points", p)
}

// listPoints lists a page of the service points that the caller may see: the one
// asked for, or the one with the service point that is named. value is what was asked.
func (s *side) listPoints(r *httpd.Request, snap *registry.Snapshot, on httpd.Page, value func(name string) string) (page pointsPage, err error) {
	if page, err = s.lookedFor(r, value); err != nil {
		return page, err
	}
	all := page.wanted(r.View(snap))
	page.Found = int64(len(all))
	asked := value("page")
	if asked == "" && r.Point != nil {
		at := slices.IndexFunc(all, func(p agency.ServicePoint) bool { return p.ID == r.Point.ID })
		asked = strconv.Itoa(at/pointsPerPage + 1)
	}
	page.Pages, err = httpd.PageOf(asked, len(all), pointsPerPage, func(n int) string {
		return httpd.AddressOf(pointsPath, "tim", page.Search, "state", page.State, "page", n)
	})
	if err != nil {
		return page, err
	}
	names := map[string]string{}
	for _, f := range snap.Fields {
		names[f.Key] = f.Name.In(on.Language)
	}
	shown := all[page.Pages.From:page.Pages.To]
	ids := make([]int64, len(shown))
	for i, p := range shown {
		ids[i] = p.ID
	}
	came, err := s.k.Arrivals.Of(r.Context(), ids)
	if err != nil {
		return page, err
	}
	for _, p := range shown {
		of, known := snap.Tree.Agency(p.AgencyID)
		if !known {
			continue
		}
		if last := len(page.Groups) - 1; last < 0 || page.Groups[last].Code != of.Code {
			posts := slices.ContainsFunc(snap.PointsOf(of.ID), agency.ServicePoint.HasPoster)
			page.Groups = append(page.Groups, pointGroup{Name: of.Name.In(on.Language), Code: of.Code, Ended: wording.Ended(on.Words, of, on.Today), Posts: posts})
		}
		group := &page.Groups[len(page.Groups)-1]
		line := lineOf(p, of, names, on.Language, s.k.Fonts)
		line.Came = came[p.ID]
		group.Points = append(group.Points, line)
	}
	page.Choice = choiceOn(page, on, value("chon"))
	return page, nil
}

// lookedFor is a page that says what is looked for, and nothing yet of what is found.
func (s *side) lookedFor(r *httpd.Request, value func(name string) string) (page pointsPage, err error) {
	page.Search, page.State = strings.TrimSpace(httpd.Cut(value("tim"), 100)), value("state")
	if !slices.Contains([]string{"", stateOpen, stateClosed, stateSilent}, page.State) {
		return page, fmt.Errorf("state %.20q: %w", page.State, httpd.ErrQuery)
	}
	if page.State == stateSilent {
		page.heard, err = s.k.Arrivals.Heard(r.Context())
	}
	return page, err
}

// The states of a service point, as they are asked for. Silent are those that are open
// and to which nothing came in this half month.
const (
	stateOpen   = "open"
	stateClosed = "closed"
	stateSilent = "silent"
)

func stateOf(p agency.ServicePoint) string {
	if p.Active {
		return stateOpen
	}
	return stateClosed
}

// wanted counts service points and leaves those that are looked for: by their name,
// place, code or agency, whatever the capitals and accents.
func (page *pointsPage) wanted(view registry.View) (found []agency.ServicePoint) {
	for _, p := range view.Points() {
		if p.Active {
			page.Open++
		} else {
			page.Closed++
		}
	}
	for _, p := range view.Search(page.Search).Points() {
		if state := stateOf(p); page.State == "" || page.State == state || page.State == stateSilent && state == stateOpen && !page.heard[p.ID] {
			found = append(found, p)
		}
	}
	return found
}

// lineOf is one service point of an agency; fields are the names of fields.
func lineOf(p agency.ServicePoint, of agency.Agency, fields map[string]string, language string, fonts *typeset.Fonts) pointLine {
	line := pointLine{Name: p.Name.In(language), Place: p.Place, Code: p.Code, Channel: p.Channel, Active: p.Active, Posts: p.HasPoster()}
	if line.Posts {
		for _, u := range (qr.Poster{Agency: of.Name.In("vi"), Point: p.Name.In("vi"), Place: p.Place}).Unprintable(fonts) {
			line.Unprintable += string(u.Characters)
		}
	}
	for _, key := range p.FieldKeys {
		line.Fields = append(line.Fields, fields[key])
	}
	return line
}
