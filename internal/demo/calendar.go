package demo

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"time"

	"sipas/internal/agency"
)

// zone is Vietnam's: seven hours ahead, without summer time since 1975.
var zone = time.FixedZone("ICT", 7*60*60)

// The story runs from the opening, 2021-01-01, for five years or longer.
var opening = time.Date(firstYear, 1, 1, 0, 0, 0, 0, zone)

const (
	firstYear = 2021
	fiveYears = 5*365 + 1 // days
)

// daysUntil is how many days the story has if it ends before a day begins.
func daysUntil(day time.Time) int {
	y, m, d := day.In(zone).Date()
	return max(fiveYears, int(time.Date(y, m, d, 0, 0, 0, 0, zone).Sub(opening)/(24*time.Hour)))
}

// visit is one citizen coming to a desk.
type visit struct {
	index int // of all, before they are sorted by time
	desk  int // in desks()
	at    time.Time
}

// quickShare is how many of all answer at a desk, by the quick form. The others are
// asked in the interviews of the yearly survey.
const quickShare = 0.9

// visits draws n visits, sorted by time.
func (s *simulator) visits(n int) []visit {
	quick, yearly := s.roster(quickForm), s.roster(sipasForm)
	all := make([]visit, n)
	for i := range all {
		rng := s.random(i, forVisit)
		r := quick
		if rng.Float64() < 1-quickShare {
			r = yearly
		}
		desk, day := r.draw(rng)
		all[i] = visit{index: i, desk: desk, at: opening.AddDate(0, 0, day).Add(clock(rng, s.desks[desk].channel))}
	}
	slices.SortFunc(all, func(a, b visit) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.index, b.index)) })
	return all
}

// roster says how likely each desk and day is: sums are running totals over
// the days of one desk after the other.
type roster struct {
	desks []int
	days  int
	sums  []float64
}

func (s *simulator) roster(form string) roster {
	r := roster{days: s.days}
	total := 0.0
	for i, d := range s.desks {
		if d.survey != form {
			continue
		}
		r.desks = append(r.desks, i)
		for day := range s.days {
			total += d.weight * d.visitors(opening.AddDate(0, 0, day))
			r.sums = append(r.sums, total)
		}
	}
	return r
}

// chance is how likely one who comes goes to a desk, the one at a place in desks, on one
// of some days.
func (r roster) chance(desk, from, before int) float64 {
	upTo := func(day int) float64 {
		if at := desk*r.days + day - 1; at >= 0 {
			return r.sums[at]
		}
		return 0
	}
	return (upTo(before) - upTo(from)) / r.sums[len(r.sums)-1]
}

func (r roster) draw(rng *rand.Rand) (desk, day int) {
	x := rng.Float64() * r.sums[len(r.sums)-1]
	i := min(sort.Search(len(r.sums), func(i int) bool { return r.sums[i] > x }), len(r.sums)-1)
	return r.desks[i/r.days], i % r.days
}

// visitors is how many come to the desk on a day, relative to an ordinary
// working day of 2023.
func (d desk) visitors(day time.Time) float64 {
	date := day.Format(time.DateOnly)
	if d.from != "" && date < d.from || d.to != "" && date >= d.to {
		return 0
	}
	n := 1.0
	switch weekday := day.Weekday(); {
	case weekday == time.Saturday && d.fields[0] == health:
		n = 0.4
	case (weekday == time.Saturday || weekday == time.Sunday) && d.channel == agency.ChannelOnline:
		n = 0.3
	case weekday == time.Saturday || weekday == time.Sunday:
		return 0
	case weekday == time.Monday:
		n = 1.25
	case weekday == time.Friday:
		n = 0.85
	}
	if holiday(day) && d.channel != agency.ChannelOnline {
		return 0
	}
	if d.survey == sipasForm { // interviews: 15 September to 15 November, as many every year
		if date[5:] < "09-15" || date[5:] > "11-15" {
			return 0
		}
		return n
	}
	if d.fields[0] == education {
		n *= [12]float64{0.8, 0.8, 1, 1, 1.4, 0.6, 0.4, 1.6, 1.8, 1, 1, 1}[day.Month()-1]
	} else {
		n *= [12]float64{0.9, 0.85, 1.15, 1.1, 1.05, 1, 1, 0.95, 1, 1, 1.05, 1.1}[day.Month()-1]
	}
	if date >= "2021-07-10" && date < "2021-10-10" && d.channel != agency.ChannelOnline {
		n *= 0.25 // the epidemic closed most counters
	}
	return n * tet(day) * crowd(day.Year())
}

// crowd is how many answer in a year, relative to 2023.
func crowd(year int) float64 { return [5]float64{0.55, 0.8, 1, 1.25, 1.5}[min(year-firstYear, 4)] }

// newYears are the first days of the lunar year.
const newYears = "2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17"

// tet is the lull around the lunar new year, 0 while offices are closed.
func tet(day time.Time) float64 {
	for date := range strings.FieldsSeq(newYears) {
		newYear, err := time.ParseInLocation(time.DateOnly, date, zone)
		if err != nil {
			return 1 // no such date stands above
		}
		away := int(math.Round(day.Sub(newYear).Hours() / 24))
		switch {
		case away >= -2 && away <= 5:
			return 0
		case away >= -9 && away <= 12:
			return 0.45
		}
	}
	return 1
}

func holiday(day time.Time) bool {
	return slices.Contains([]string{"01-01", "04-30", "05-01", "09-02", "09-03"}, day.Format("01-02"))
}

// clock draws the time of day: office hours, the morning busier, and the
// evening too where no office is needed.
func clock(rng *rand.Rand, channel agency.Channel) time.Duration {
	hour := func(from, to float64) time.Duration {
		return time.Duration((from + rng.Float64()*(to-from)) * float64(time.Hour)).Truncate(time.Microsecond)
	}
	switch x := rng.Float64(); {
	case channel == agency.ChannelOnline && x < 0.4:
		return hour(18, 22.5)
	case x < 0.75:
		return hour(7.5, 11.5)
	default:
		return hour(13.5, 17)
	}
}
