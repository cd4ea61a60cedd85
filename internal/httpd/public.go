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
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/survey"
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
			return survey.ErrNotFound
		}
	}
	for i, published := range list {
		period, err := score.ParsePeriod(published.Year, published.Period)
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
		period, _ := score.ParsePeriod(p.Year, p.Period) // what is no period is refused when it is named
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
		row.Figure = p.publicFigure(row.Name, r)
		if r.WordingChanged {
			row.Notes = append(row.Notes, p.T("board.wording-changed"))
		}
		if r.LeftOut {
			row.Notes = append(row.Notes, p.T("board.left-out"))
		}
		for _, f := range r.Factors {
			if f.Percent != nil && f.N != nil {
				row.Factors = append(row.Factors, barView{Label: f.Label.In(p.Language), Value: p.published(*f.Percent) + "%", N: p.Count(*f.N), At: *f.Percent})
			}
		}
		slices.SortStableFunc(row.Factors, weakestFirst)
		if trend, ok := p.trend(row.Name, p.publicMonths(r), p.publicTicks(r)); ok {
			row.Spark = trend.Sparkline()
		}
		rows = append(rows, row)
		if m := p.T("method." + r.Method); !slices.Contains(methods, m) {
			methods = append(methods, m)
		}
	}
	return rows, methods
}

func weakestFirst(a, b barView) int { return cmp.Compare(a.At, b.At) }

func (p page) publicTicks(r report.PublicRow) []chart.Tick {
	var ticks []chart.Tick
	for _, t := range r.Targets {
		ticks = append(ticks, chart.Tick{Value: t.Percent, Label: p.published(t.Percent) + "%"})
	}
	return ticks
}

// publicMonths are the twelve months of the year; those that are not listed
// are empty.
func (p page) publicMonths(r report.PublicRow) []chart.Point {
	points := make([]chart.Point, 12)
	for i := range points {
		points[i].Label = p.T("board.month", "n", i+1)
	}
	for _, m := range r.Months {
		month, ok := monthOf(m.Key)
		switch {
		case !ok:
		case m.Hidden:
			points[month-1].State = chart.Hidden
		case m.Percent != nil:
			points[month-1].State, points[month-1].Value, points[month-1].Print = chart.Shown, *m.Percent, p.published(*m.Percent)+"%"
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

// publicFigure prints a published figure with the decimals it was published with.
func (p page) publicFigure(name string, r report.PublicRow) figureView {
	v := figureView{Hidden: r.Hidden, Empty: !r.Hidden && r.Percent == nil}
	var bar chart.Bullet
	for _, t := range r.Targets {
		standing := standingView{
			Standing: t.Standing, Target: p.published(t.Percent) + "%", Plan: p.plan(t.Plan), Lead: t.LeadAgency, Note: t.Note,
		}
		if t.Gap != nil {
			standing.Gap = p.signed(*t.Gap)
		}
		standing.ByChance = t.Standing != score.NotEnoughData && r.Low != nil && r.High != nil && *r.Low <= t.Percent && t.Percent <= *r.High
		v.Standings = append(v.Standings, standing)
		bar.Standing = hardest(bar.Standing, t.Standing)
	}
	if r.Percent == nil || r.N == nil {
		return v
	}
	unit, percent := "", score.Method(r.Method).IsPercent()
	if percent {
		unit = "%"
	}
	v.N, v.Value = p.Count(*r.N), p.published(*r.Percent)+unit
	if r.Low != nil && r.High != nil {
		v.Low, v.High = p.published(*r.Low)+unit, p.published(*r.High)+unit
		bar.HasInterval, bar.Low, bar.High = true, *r.Low, *r.High
	}
	if percent {
		bar.Title, bar.HasValue, bar.Value, bar.Targets = name+": "+v.Value, true, *r.Percent, p.publicTicks(r)
		v.Bullet = bar.SVG()
	}
	return v
}
