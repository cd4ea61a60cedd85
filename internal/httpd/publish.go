package httpd

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/fault"
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

func (s *Server) publicationView(p report.Publication) publicationView {
	id := strconv.FormatInt(p.ID, 10)
	return publicationView{
		ID: p.ID, Edition: p.Edition, Day: p.At.In(s.Zone).Format("02/01/2006"), By: p.By,
		See: publicAddress(p.Year, p.Period), Withdraw: "/bang/thu-hoi?id=" + id,
	}
}

func (s *Server) publishLink(c *gin.Context, period civil.Period) (*publishView, error) {
	v := &publishView{To: "/bang/cong-bo?year=" + strconv.Itoa(period.Year) + "&period=" + period.Part()}
	list, err := s.Reports.Publications(c.Request.Context())
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
	Hidden     int // rows without, as too few people answered
	Unfinished bool
	Now        *publicationView // what it replaces, nil: nothing
	Back       string
}

func (s *Server) handlePublishShow(c *gin.Context) error {
	period, err := periodAsked(c.Query("year"), c.Query("period"))
	if err != nil {
		return err
	}
	snap, err := s.snapshot(c)
	if err != nil {
		return err
	}
	board, err := s.Reports.Board(c.Request.Context(), snap, report.Query{Period: period})
	if err != nil {
		return err
	}
	view, err := s.publishLink(c, period)
	if err != nil {
		return err
	}
	p := s.newPage(c, "publish", nil)
	data := publishPage{
		Period: p.Period(period), Year: period.Year, Part: period.Part(), Now: view.Published,
		Unfinished: s.Now().In(s.Zone).Format("2006-01-02") < period.To(),
		Back:       boardQuery{Query: report.Query{Period: period}}.address(),
	}
	for _, r := range board.Rows {
		if r.HasFigure() {
			data.Shown++
		} else if r.Hidden {
			data.Hidden++
		}
	}
	p.Data = data
	return s.render(c, http.StatusOK, "desk/publish", p)
}

func periodAsked(year, part string) (civil.Period, error) {
	y, err := strconv.Atoi(year)
	if err != nil {
		return civil.Period{}, fmt.Errorf("year %.40q: %w", year, errQuery)
	}
	period, err := civil.ParsePeriod(y, part)
	if err != nil {
		return civil.Period{}, fmt.Errorf("%w: %w", errQuery, err)
	}
	return period, nil
}

// handleBoardPublish makes the figures of a period public as they are now.
func (s *Server) handleBoardPublish(c *gin.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	period, err := periodAsked(form.Get("year"), form.Get("period"))
	if err != nil {
		return err
	}
	snap, err := s.snapshot(c)
	if err != nil {
		return err
	}
	if _, err := s.Reports.Publish(c.Request.Context(), snap, period, author(c, audit.Web)); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, publicAddress(period.Year, period.Part()))
	return nil
}

// withdrawPage says what withdrawing will do before it is done.
type withdrawPage struct {
	Period string
	It     publicationView
	Back   string
}

func (s *Server) handleWithdrawShow(c *gin.Context) error {
	published, period, err := s.publicationAsked(c, c.Query("id"))
	if err != nil {
		return err
	}
	p := s.newPage(c, "withdraw", nil)
	p.Data = withdrawPage{
		Period: p.Period(period), It: s.publicationView(published),
		Back: boardQuery{Query: report.Query{Period: period}}.address(),
	}
	return s.render(c, http.StatusOK, "desk/withdraw", p)
}

// publicationAsked finds what is public now.
func (s *Server) publicationAsked(c *gin.Context, id string) (report.Publication, civil.Period, error) {
	list, err := s.Reports.Publications(c.Request.Context())
	if err != nil {
		return report.Publication{}, civil.Period{}, err
	}
	at := slices.IndexFunc(list, func(p report.Publication) bool { return strconv.FormatInt(p.ID, 10) == id })
	if at < 0 {
		return report.Publication{}, civil.Period{}, fmt.Errorf("publication %.40q: %w", id, fault.ErrNotFound)
	}
	period, err := civil.ParsePeriod(list[at].Year, list[at].Period)
	return list[at], period, err
}

// handleBoardWithdraw takes a period back, if what its page showed is still what is public.
func (s *Server) handleBoardWithdraw(c *gin.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	_, period, err := s.publicationAsked(c, form.Get("id"))
	if err != nil {
		return err
	}
	if err := s.Reports.Withdraw(c.Request.Context(), author(c, audit.Web), period); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/cong-khai")
	return nil
}
