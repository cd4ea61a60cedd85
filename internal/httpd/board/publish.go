package board

import (
	"net/http"
	"strconv"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/publication"
	"sipas/internal/report"
)

// publishView is what the board says about making its figures public.
type publishView struct {
	To        string // the page that says what publishing would do
	Published *publicationView
}

// publicationView is one edition that the public sees.
type publicationView struct {
	ID       int64
	Edition  int
	Day      string
	By       string
	See      string // its address
	Withdraw string // the page that says what withdrawing would do
}

func (s *side) publicationView(p publication.Publication) publicationView {
	id := strconv.FormatInt(p.ID, 10)
	return publicationView{
		ID: p.ID, Edition: p.Edition, Day: p.At.In(s.k.Zone).Format("02/01/2006"), By: p.By,
		See: publicAddress(p.Year, p.Period), Withdraw: "/bang/thu-hoi?id=" + id,
	}
}

func (s *side) publishLink(r *httpd.Request, period civil.Period) (*publishView, error) {
	v := &publishView{To: "/bang/cong-bo?year=" + strconv.Itoa(period.Year) + "&period=" + period.Part()}
	list, err := s.k.Publisher.Publications(r.Context())
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if p.Year == period.Year && p.Period == period.Part() {
			published := s.publicationView(p)
			v.Published = &published
		}
	}
	return v, nil
}

// publishPage says what publishing will do before it is done.
type publishPage struct {
	Period     string
	Year       int
	Part       string
	Shown      int // rows with a figure
	Unfinished bool
	Now        *publicationView // what it replaces, nil: nothing
	Back       string
}

func (s *side) showPublish(r *httpd.Request) error {
	period, err := namedBy(r.Query).read()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	board, err := s.k.Reports.Board(r.Context(), snap, report.Query{Period: period})
	if err != nil {
		return err
	}
	view, err := s.publishLink(r, period)
	if err != nil {
		return err
	}
	p := r.NewPage("publish", nil)
	data := publishPage{
		Period: p.Period(period), Year: period.Year, Part: period.Part(), Now: view.Published,
		Unfinished: s.k.Now().In(s.k.Zone).Format("2006-01-02") < period.To(),
		Back:       query{Query: report.Query{Period: period}}.address(),
	}
	for _, r := range board.Rows {
		if r.HasFigure() {
			data.Shown++
		}
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/publish", p)
}

// publish makes the figures of a period public as they are now.
func (s *side) publish(r *httpd.Request) error {
	form, err := r.Fields()
	if err != nil {
		return err
	}
	period, err := namedBy(form.Get).read()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	if _, err := s.k.Publisher.Publish(r.Context(), snap, period, r.Author(audit.Web)); err != nil {
		return err
	}
	r.LeadTo(publicAddress(period.Year, period.Part()))
	return nil
}

// withdrawPage says what withdrawing will do before it is done.
type withdrawPage struct {
	Period string
	It     publicationView
	Back   string
}

func (s *side) showWithdraw(r *httpd.Request) error {
	period, err := periodOf(r.Publication)
	if err != nil {
		return err
	}
	p := r.NewPage("withdraw", nil)
	p.Data = withdrawPage{
		Period: p.Period(period), It: s.publicationView(*r.Publication),
		Back: query{Query: report.Query{Period: period}}.address(),
	}
	return r.Show(http.StatusOK, "desk/withdraw", p)
}

// withdraw takes a period back, if what its page showed is still what is public.
func (s *side) withdraw(r *httpd.Request) error {
	period, err := periodOf(r.Publication)
	if err != nil {
		return err
	}
	if err := s.k.Publisher.Withdraw(r.Context(), r.Author(audit.Web), period); err != nil {
		return err
	}
	r.LeadTo("/cong-khai")
	return nil
}

func periodOf(p *publication.Publication) (civil.Period, error) {
	return civil.ParsePeriod(p.Year, p.Period)
}
