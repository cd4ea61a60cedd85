package official

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/report"
	"sipas/internal/wording"
)

// figures are how people judged an official in a year.
type figures struct {
	period civil.Period
	years  []int // to choose from, newest first
	least  int64 // people of a figure
	served []report.Served
}

// figuresPage is that in words.
type figuresPage struct {
	Name, Agency string
	Years        []httpd.Choice
	Year         int
	Least        string
	Served       []wording.Served
}

// read reads the figures of the year that the address names, or else of the one worth
// looking at.
func (s side) read(r *httpd.Request) (f figures, err error) {
	snap, err := r.Snapshot()
	if err != nil {
		return f, err
	}
	years, year, err := s.k.Reports.Years(r.Context(), snap)
	if err != nil {
		return f, err
	}
	if asked := r.Query("year"); asked != "" {
		if year, err = strconv.Atoi(asked); err != nil {
			return f, fmt.Errorf("year %.40q: %w", asked, httpd.ErrQuery)
		}
	}
	if f.period, err = civil.ParsePeriod(year, ""); err != nil {
		return f, fmt.Errorf("%w: %w", httpd.ErrQuery, err)
	}
	if f.years = years; !slices.Contains(years, year) {
		f.years = append(f.years, year)
	}
	f.least = report.EnoughServed(snap.Settings)
	f.served, err = s.k.Reports.Served(r.Context(), snap, r.Official.ID, f.period)
	return f, err
}

func (s side) showFigures(r *httpd.Request) error {
	f, err := s.read(r)
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("served", nil)
	data := figuresPage{Name: r.Official.Name, Year: f.period.Year, Least: p.Count(f.least)}
	if office, known := snap.Tree.Agency(r.Official.AgencyID); known {
		data.Agency = office.Name.In(p.Language)
	}
	for _, year := range f.years {
		text := strconv.Itoa(year)
		data.Years = append(data.Years, httpd.Choice{Value: text, Text: text, Chosen: year == f.period.Year})
	}
	for _, one := range f.served {
		data.Served = append(data.Served, p.Served(one))
	}
	p.Data = data
	r.Set("Cache-Control", "no-store")
	return r.Show(http.StatusOK, "desk/served", p)
}

// figuresDocument is how people judged an official, for programs.
type figuresDocument struct {
	Official string `json:"official"`
	report.APIPeriod
	LeastPeople int64              `json:"least_people"` // of a figure
	Surveys     []report.APIServed `json:"surveys"`
}

func (s side) giveFigures(r *httpd.Request) error {
	if err := r.NothingElse(); err != nil {
		return err
	}
	f, err := s.read(r)
	if err != nil {
		return err
	}
	document := figuresDocument{r.Official.Code, report.DescribePeriod(f.period), f.least, []report.APIServed{}}
	for _, one := range f.served {
		document.Surveys = append(document.Surveys, one.API())
	}
	r.WriteJSON(http.StatusOK, document)
	return nil
}
