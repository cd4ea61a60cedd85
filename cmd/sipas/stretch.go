package main

import (
	"errors"
	"fmt"
	"time"

	"sipas/internal/civil"
)

// stretch is how commands are told a stretch of time: by its days, or by the
// name of its period as boards call it.
type stretch struct {
	From   string `placeholder:"DAY" help:"First civil day, such as 2025-01-01."`
	To     string `placeholder:"DAY" help:"Last civil day."`
	Year   int    `placeholder:"YEAR" help:"Instead of days: the year of the period."`
	Period string `placeholder:"PART" help:"The part of the year: Y (the default), H1, H2, 9M, Q1 to Q4, M01 to M12."`
	Named  string `name:"calendar" placeholder:"report" help:"report: the period of that name in reports to the ministry; Q1 of 2026 is 15/12/2025 to 14/3/2026."`
}

// days are those it names; all if it names none.
func (s stretch) days() (civil.Days, error) {
	if s.Year == 0 && s.Period == "" && s.Named == "" {
		return s.fromTo()
	}
	calendar := civil.Calendar(s.Named)
	switch {
	case s.From != "" || s.To != "":
		return civil.Days{}, errors.New("give --from and --to, or --year with --period and --calendar, not both")
	case s.Year == 0:
		return civil.Days{}, errors.New("--period and --calendar need --year")
	case calendar != civil.Civil && calendar != civil.Report:
		return civil.Days{}, fmt.Errorf("%q is no calendar; report is one, and without --calendar it is the civil one", s.Named)
	}
	period, err := civil.ParsePeriod(s.Year, calendar.In(s.Period))
	if err != nil {
		return civil.Days{}, err
	}
	return period.Days(), nil
}

func (s stretch) fromTo() (civil.Days, error) {
	for _, day := range []string{s.From, s.To} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return civil.Days{}, fmt.Errorf("%q is no day; give one such as 2025-12-31", day)
		}
	}
	if s.From != "" && s.To != "" && s.From > s.To {
		return civil.Days{}, errors.New("--from is after --to")
	}
	return civil.Days{From: s.From, To: s.To}, nil
}
