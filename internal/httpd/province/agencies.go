package province

import (
	"net/http"
	"strings"

	"sipas/internal/httpd"
)

const agenciesPath = "/co-quan"

// agenciesPage is the tree of agencies, as far as the caller may see it.
type agenciesPage struct {
	Lines  []agencyLine // of this page
	Total  int64        // of all that are asked for
	Search string
	Pages  httpd.Pages
	Done   string // what was done just now, as a key
}

// agencyLine is one agency.
type agencyLine struct {
	Name, Code, Kind string
	Depth            int
	Above            string // the one above; only where the list is no tree, because it was searched
	Points           int64  // service points of its own
	From, Until      string // days, "" where there is none
}

// agenciesPerPage is how many agencies are on one page.
const agenciesPerPage = 100

// showAgencies lists the agencies, or those whose name or code holds what is looked
// for: capitals, accents and what stands between words make no difference.
func (s *side) showAgencies(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	view, p := r.View(snap), r.NewPage("agencies", nil)
	data := agenciesPage{Search: strings.TrimSpace(httpd.Cut(r.Query("tim"), 100))}
	found, names := view.Search(data.Search).Agencies(), map[int64]string{}
	for _, a := range view.Agencies() {
		names[a.ID] = a.Name.In(p.Language)
	}
	data.Total = int64(len(found))
	data.Pages, err = httpd.PageOf(r.Query("page"), len(found), agenciesPerPage, func(page int) string {
		return httpd.AddressOf(agenciesPath, "tim", data.Search, "page", page)
	})
	if err != nil {
		return err
	}
	for _, a := range found[data.Pages.From:data.Pages.To] {
		line := agencyLine{
			Name: names[a.ID], Code: a.Code, Kind: p.T("kind." + string(a.Kind)), Depth: view.Depth(a.ID),
			Points: int64(len(snap.PointsOf(a.ID))), From: a.ValidFrom, Until: a.ValidTo,
		}
		if data.Search != "" {
			line.Above = names[a.ParentID]
		}
		data.Lines = append(data.Lines, line)
	}
	data.Done = r.Done()
	p.Data = data
	return r.Show(http.StatusOK, "desk/agencies", p)
}
