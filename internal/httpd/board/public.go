package board

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/publication"
	"sipas/internal/wording"
)

// publicPage is one publication, and which others there are.
type publicPage struct {
	Chosen  *publicView // nil: nothing was published yet
	Choices []option    // Value is the address
	Printed string      // the server's day, for paper
}

// publicView is a publication as it was published.
type publicView struct {
	wording.Board
	Publication publicationView
	Withdraw    bool // the caller may take it back
}

func publicAddress(year int, part string) string {
	return "/cong-khai?" + url.Values{"year": {strconv.Itoa(year)}, "period": {part}}.Encode()
}

// showPublic shows what was published, to everybody. Without a period
// in its address it is the longest of the newest year.
func (s *side) showPublic(r *httpd.Request) error {
	list, err := s.k.Publisher.Published(r.Context())
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, inOrder)
	p := r.NewPage("public", nil)
	data := publicPage{Printed: s.k.Now().In(s.k.Zone).Format("02/01/2006")}
	at := 0
	if year, part := r.Query("year"), r.Query("period"); year != "" || part != "" {
		at = slices.IndexFunc(list, func(x publication.Published) bool {
			return strconv.Itoa(x.Year) == year && (x.Period == part || part == "")
		})
		if at < 0 {
			return fault.ErrNotFound
		}
	}
	for i, published := range list {
		period, err := civil.ParsePeriod(published.Year, published.Period)
		if err != nil {
			return err
		}
		data.Choices = append(data.Choices, option{publicAddress(published.Year, published.Period), p.Period(period), i == at})
		if i == at {
			view := publicView{Board: p.Board(published.Board), Publication: s.publicationView(published.Publication)}
			view.Withdraw = r.May(access.Administer)
			data.Chosen = &view
			p.Title += " · " + view.Period
			p.Synthetic = p.Synthetic || published.Board.Synthetic
		}
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/public", p)
}

// inOrder puts the newest year first, and in it the whole year before its
// parts, the longer before the shorter and the later before the earlier.
func inOrder(a, b publication.Published) int {
	months := func(p publication.Published) int {
		period, _ := civil.ParsePeriod(p.Year, p.Period) // what is no period is refused when it is named
		return len(period.Months())
	}
	return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(months(b), months(a)), cmp.Compare(b.Period, a.Period))
}
