package board

import (
	"fmt"
	"strconv"

	"sipas/internal/civil"
	"sipas/internal/httpd"
)

// named is how an address, a form or a document names a period: by year, part
// and calendar, or by its first and last day.
type named struct{ year, period, calendar, from, to string }

// periodNames are what values are called that name a period.
func periodNames() []string { return []string{"year", "period", "calendar", "from", "to"} }

func namedBy(value func(name string) string) named {
	return named{value("year"), value("period"), value("calendar"), value("from"), value("to")}
}

// typed is what people typed as days, as a program would name it.
func (n named) typed() named {
	for _, day := range []*string{&n.from, &n.to} {
		if known, ok := civil.ReadDay(*day); ok {
			*day = known
		}
	}
	return n
}

// byDays tells whether it names days and no part of a year.
func (n named) byDays() bool { return n.from != "" || n.to != "" }

// read gives the period, which must be named in full and in one way; else it is
// httpd.ErrQuery.
func (n named) read() (civil.Period, error) {
	period, err := n.parse()
	if err != nil {
		return civil.Period{}, fmt.Errorf("%w: %w", httpd.ErrQuery, err)
	}
	return period, nil
}

func (n named) parse() (civil.Period, error) {
	calendar := civil.Calendar(n.calendar)
	switch {
	case n.byDays() && n != (named{from: n.from, to: n.to}):
		return civil.Period{}, fmt.Errorf("days %.40q to %.40q beside another period", n.from, n.to)
	case n.byDays():
		return civil.ParseSpan(n.from, n.to)
	case calendar != civil.Civil && calendar != civil.Report:
		return civil.Period{}, fmt.Errorf("calendar %.40q", n.calendar)
	}
	year, err := strconv.Atoi(n.year)
	if err != nil {
		return civil.Period{}, fmt.Errorf("year %.40q", n.year)
	}
	return civil.ParsePeriod(year, calendar.In(n.period))
}
