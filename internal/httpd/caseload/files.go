package caseload

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/procedure"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/score"
)

// filesPage is the files that agencies handled in a period, or one of them by procedure.
type filesPage struct {
	Periods []httpd.Choice
	Period  string // in words
	Asked   string // the period, as an address has it
	Agency  *agencyOf
	Lines   []fileLine // of this page
	Total   fileLine
	Pages   httpd.Pages
	Done    string // what was done just now, as a key
	Ever    bool   // some are kept, of whatever period
	Mix     *mix   // of one agency; nil where it handled nothing then
}

// agencyOf is the agency whose files are shown by procedure.
type agencyOf struct{ Name, Code string }

// fileLine is what was handled by an agency, or of a procedure.
type fileLine struct {
	Name, Code                     string
	To                             string // the agency by procedure
	Handled, OnTime, Late, Answers int64
	Share                          string // handled on time, in percent; "–" of none
	Rate                           string // answers in percent of files handled; "–" of none
}

// showFiles shows what the agencies that the caller may see have handled, each by itself.
func (s side) showFiles(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("files", nil)
	data := filesPage{Done: r.Done()}
	var period civil.Period
	err = s.k.Procedures.Read(r.Context(), func(kept procedure.Reader) error {
		seen := r.View(snap).Agencies()
		newest, err := kept.Newest(r.Context(), ids(seen))
		if err != nil {
			return err
		}
		data.Ever = newest != 0
		today := civil.HalfMonthOf(p.Today)
		if newest == 0 {
			newest = today
		}
		if period, err = asked(r.Query("ky"), newest); err != nil {
			return err
		}
		data.Asked, data.Period, data.Periods = address(period), p.Period(period), choices(p, today, period)
		if r.Agency != nil {
			data.Agency = &agencyOf{r.Agency.Name.In(p.Language), r.Agency.Code}
			return s.byProcedure(r, p, kept, period, snap, &data)
		}
		return s.byAgency(r, p, kept, period, snap, seen, &data)
	})
	if err != nil {
		return err
	}
	for i := range data.Lines {
		data.Lines[i].inWords(p.Language)
		data.Total.add(data.Lines[i])
	}
	data.Total.inWords(p.Language)
	lines := data.Lines
	data.Pages, err = httpd.PageOf(r.Query("page"), len(lines), perPage, func(page int) string {
		code := ""
		if data.Agency != nil {
			code = data.Agency.Code
		}
		return httpd.AddressOf(filesPath, "agency", code, "ky", data.Asked, "page", page)
	})
	if err != nil {
		return err
	}
	data.Lines = lines[data.Pages.From:data.Pages.To]
	p.Data = data
	return r.Show(http.StatusOK, "desk/files", p)
}

// byAgency lists agencies that handled files, in the order of the tree, with the answers
// given at their own service points.
func (s side) byAgency(r *httpd.Request, p httpd.Page, kept procedure.Reader, period civil.Period, snap *registry.Snapshot, seen []agency.Agency, data *filesPage) error {
	sums, err := kept.ByAgency(r.Context(), ids(seen), period.First(), period.Before())
	if err != nil {
		return err
	}
	given, err := s.k.Reports.Answers(r.Context(), period.First(), period.Before())
	if err != nil {
		return err
	}
	answers := atOwnPoints(snap, given)
	for _, a := range seen {
		sum, some := sums[a.ID]
		if !some {
			continue
		}
		line := fileLine{
			Name: a.Name.In(p.Language), Code: a.Code, Handled: sum.Handled, OnTime: sum.OnTime(), Late: sum.Late, Answers: answers[a.ID],
			To: httpd.AddressOf(filesPath, "agency", a.Code, "ky", data.Asked),
		}
		data.Lines = append(data.Lines, line)
	}
	return nil
}

// atOwnPoints is how many answers were given at the service points of each agency. One at
// which its own agency is judged may have come from another that ended: what was answered
// before is about that one, as its files are.
func atOwnPoints(snap *registry.Snapshot, given map[report.Given]int64) map[int64]int64 {
	answers := map[int64]int64{}
	for of, n := range given {
		point, known := snap.PointByID(of.PointID)
		switch {
		case known && point.JudgedID == point.AgencyID:
			answers[of.AgencyID] += n
		case known:
			answers[point.AgencyID] += n
		}
	}
	return answers
}

// byProcedure lists what the agency that is named handled, the most first.
func (s side) byProcedure(r *httpd.Request, p httpd.Page, kept procedure.Reader, period civil.Period, snap *registry.Snapshot, data *filesPage) error {
	sums, err := kept.ByProcedure(r.Context(), []int64{r.Agency.ID}, period.First(), period.Before())
	if err != nil {
		return err
	}
	all, err := kept.Named(r.Context(), slices.Collect(maps.Keys(sums)))
	if err != nil {
		return err
	}
	handled := map[string]int64{} // by service field
	for _, of := range all {
		sum := sums[of.ID]
		handled[of.FieldKey] += sum.Handled
		data.Lines = append(data.Lines, fileLine{Name: of.Name.In(p.Language), Code: of.Code, Handled: sum.Handled, OnTime: sum.OnTime(), Late: sum.Late})
	}
	slices.SortStableFunc(data.Lines, func(a, b fileLine) int { return cmp.Compare(b.Handled, a.Handled) })
	if len(data.Lines) > 0 {
		data.Mix, err = s.mixOf(r, p, snap, period, handled)
	}
	return err
}

func ids(all []agency.Agency) []int64 {
	some := make([]int64, len(all))
	for i, a := range all {
		some[i] = a.ID
	}
	return some
}

func (l *fileLine) add(o fileLine) {
	l.Handled, l.OnTime, l.Late, l.Answers = l.Handled+o.Handled, l.OnTime+o.OnTime, l.Late+o.Late, l.Answers+o.Answers
}

func (l *fileLine) inWords(language string) {
	percent := func(n int64) string {
		share, some := score.NewNumber(100*n, l.Handled)
		if !some {
			return "–"
		}
		return share.Percent(language, 1)
	}
	l.Share, l.Rate = percent(l.OnTime), percent(l.Answers)
}

// asked reads which period is asked for; without one it is a half month.
func asked(text string, usual civil.HalfMonth) (civil.Period, error) {
	if text == "" {
		return civil.ParseSpan(usual.From(), usual.Last())
	}
	year, part, _ := strings.Cut(text, "-")
	number, err := strconv.Atoi(year)
	if err != nil {
		return civil.Period{}, fmt.Errorf("period %.40q: %w", text, httpd.ErrQuery)
	}
	period, err := civil.ParsePeriod(number, part)
	if err != nil {
		return civil.Period{}, fmt.Errorf("%w: %w", httpd.ErrQuery, err)
	}
	return period, nil
}

// address is how an address names a period.
func address(of civil.Period) string { return fmt.Sprintf("%d-%s", of.Year, of.Part()) }

// halvesOffered is how many half months there are to choose from: a year.
const halvesOffered = 24

// choices are the periods to choose from, newest first: half months, then quarters and
// years of as long; and the one that is shown.
func choices(p httpd.Page, today civil.HalfMonth, shown civil.Period) []httpd.Choice {
	var all []civil.Period
	half := today
	for range halvesOffered {
		if span, err := civil.ParseSpan(half.From(), half.Last()); err == nil {
			all = append(all, span)
		}
		half = half.Previous()
	}
	for year := today.Year(); year >= today.Year()-1; year-- {
		for _, part := range []string{"Q4", "Q3", "Q2", "Q1", "Y"} {
			if period, err := civil.ParsePeriod(year, part); err == nil && period.First() <= today {
				all = append(all, period)
			}
		}
	}
	if !slices.Contains(all, shown) {
		all = append(all, shown)
	}
	offered := make([]httpd.Choice, len(all))
	for i, of := range all {
		offered[i] = httpd.Choice{Value: address(of), Text: p.Period(of), Chosen: of == shown}
	}
	return offered
}
