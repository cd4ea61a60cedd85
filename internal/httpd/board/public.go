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
	at, found := asksFor(list, namedBy(r.Query))
	if !found {
		return fault.ErrNotFound
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

// asksFor finds the publication that an address names, or of a year alone the
// first one.
func asksFor(list []publication.Published, n named) (int, bool) {
	if n == (named{}) {
		return 0, true
	}
	at := -1
	if n == (named{year: n.year}) {
		at = slices.IndexFunc(list, func(x publication.Published) bool { return strconv.Itoa(x.Year) == n.year })
	} else if period, err := n.read(); err == nil {
		at = slices.IndexFunc(list, func(x publication.Published) bool { return x.Year == period.Year && x.Period == period.Part() })
	}
	return at, at >= 0
}

// inOrder puts the newest year first, and in it the whole year before its
// parts, the longer before the shorter, the later before the earlier, and the
// civil before what the reports call alike.
func inOrder(a, b publication.Published) int {
	of := func(p publication.Published) (period civil.Period, halves int) {
		period, _ = civil.ParsePeriod(p.Year, p.Period) // what is no period is refused when it is named
		return period, len(period.HalfMonths())
	}
	first, long := of(a)
	second, longer := of(b)
	return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(longer, long), cmp.Compare(second.First(), first.First()), cmp.Compare(a.Period, b.Period))
}
