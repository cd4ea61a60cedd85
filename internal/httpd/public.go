package httpd

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/auth"
	"sipas/internal/chart"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/report"
)

// publicPage is one publication, and which others there are.
type publicPage struct {
	Chosen  *publicView // nil: nothing was published yet
	Choices []option    // Value is the address
	Printed string      // the server's day, for paper
}

// publicView is a publication as it was published.
type publicView struct {
	Period      string
	Publication publicationView
	Rows        []publicRow
	Methods     []string
	K, MinN     int64
	Withdraw    bool // the caller may take it back
}

type publicRow struct {
	Key     string
	Name    string
	Survey  string
	Counts  bool
	Figure  figureView
	Spark   template.HTML
	Factors []barView
	Notes   []string
}

func publicAddress(year int, part string) string {
	return "/cong-khai?" + url.Values{"year": {strconv.Itoa(year)}, "period": {part}}.Encode()
}

// handlePublicBoard shows what was published, to everybody. Without a period
// in its address it is the longest of the newest year.
func (s *Server) handlePublicBoard(c *gin.Context) error {
	list, err := s.Reports.Published(c.Request.Context())
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, inOrder)
	p := s.newPage(c, "public", nil)
	data := publicPage{Printed: s.Now().In(s.Zone).Format("02/01/2006")}
	at := 0
	if year, part := c.Query("year"), c.Query("period"); year != "" || part != "" {
		at = slices.IndexFunc(list, func(x report.Published) bool {
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
		data.Choices = append(data.Choices, option{publicAddress(published.Year, published.Period), p.period(period), i == at})
		if i == at {
			view := publicView{
				Period: p.period(period), Publication: s.publicationView(published.Publication),
				K: published.Board.SmallCell, MinN: published.Board.MinSample,
			}
			view.Rows, view.Methods = p.publicRows(published.Board)
			view.Withdraw = p.Who != nil && p.Who.May(auth.Administer)
			data.Chosen = &view
			p.Title += " · " + view.Period
			p.Synthetic = p.Synthetic || published.Board.Synthetic
		}
	}
	p.Data = data
	return s.render(c, http.StatusOK, "desk/public", p)
}

// inOrder puts the newest year first, and in it the whole year before its
// parts, the longer before the shorter and the later before the earlier.
func inOrder(a, b report.Published) int {
	months := func(p report.Published) int {
		period, _ := civil.ParsePeriod(p.Year, p.Period) // what is no period is refused when it is named
		return len(period.Months())
	}
	return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(months(b), months(a)), cmp.Compare(b.Period, a.Period))
}

func (p page) publicRows(b report.PublicBoard) (rows []publicRow, methods []string) {
	for _, r := range b.Rows {
		field := ""
		if r.Field != nil {
			field = *r.Field
		}
		row := publicRow{
			Key: rowKey(r.Indicator, r.Survey, field), Name: p.indicator(r.Indicator, r.FieldName),
			Survey: r.SurveyTitle.In(p.Language), Counts: r.Counts,
		}
		figure, targets := r.Figure(b.Exact)
		row.Figure = p.figure(figure, targets)
		row.Figure.Bullet = p.bullet(row.Name, figure, targets, true)
		if r.WordingChanged {
			row.Notes = append(row.Notes, p.T("board.wording-changed"))
		}
		if r.LeftOut {
			row.Notes = append(row.Notes, p.T("board.left-out"))
		}
		for _, published := range r.Factors {
			if f := published.Figure(r, b.Exact); f.HasFigure() {
				row.Factors = append(row.Factors, barView{
					Label: published.Label.In(p.Language), Value: f.Index.DisplayIn(p.Language, usually(figure)), N: p.Count(f.N), At: width(f.Index),
				})
			}
		}
		slices.SortStableFunc(row.Factors, weakestFirst)
		if trend, ok := p.trend(row.Name, p.publicMonths(r, b.Exact), p.ticks(targets)); ok {
			row.Spark = trend.Sparkline()
		}
		rows = append(rows, row)
		if m := p.T("method." + string(figure.Index.Method)); !slices.Contains(methods, m) {
			methods = append(methods, m)
		}
	}
	return rows, methods
}

func weakestFirst(a, b barView) int { return cmp.Compare(a.At, b.At) }

// publicMonths are the twelve months of the year; those that are not listed
// are empty.
func (p page) publicMonths(r report.PublicRow, exact bool) []chart.Point {
	points := make([]chart.Point, 12)
	for i := range points {
		points[i] = p.month(i+1, report.Figure{})
	}
	for _, m := range r.Months {
		if month, ok := monthOf(m.Key); ok {
			points[month-1] = p.month(month, m.Figure(r, exact))
		}
	}
	return points
}

// monthOf reads the month of "2025-05".
func monthOf(key string) (month int, ok bool) {
	_, text, _ := strings.Cut(key, "-")
	month, err := strconv.Atoi(text)
	return month, err == nil && month >= 1 && month <= 12
}
