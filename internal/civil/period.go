package civil

import (
	"fmt"
	"slices"
	"strconv"
)

// PeriodKind is the length of a reporting period.
type PeriodKind string

// The lengths.
const (
	Year       PeriodKind = "year"
	Half       PeriodKind = "half"        // six months, "6 tháng"
	NineMonths PeriodKind = "nine-months" // from January, "9 tháng"
	Quarter    PeriodKind = "quarter"
	Month      PeriodKind = "month"
)

// Years outside this range are refused as typing errors.
const (
	FirstYear = 2000
	LastYear  = 2100
)

// Period is a stretch of whole civil months of one year, in local days (Asia/Ho_Chi_Minh). Make it with ParsePeriod.
type Period struct {
	Year   int
	Kind   PeriodKind
	Number int // 1-4 for quarters, 1-2 for halves, 1-12 for months, otherwise 1
}

// PeriodParts lists the parts of a year that figures are given for, in the order people look for them.
func PeriodParts() []string {
	return []string{
		"Y", "H1", "9M", "H2", "Q1", "Q2", "Q3", "Q4",
		"M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12",
	}
}

// ParsePeriod reads the part of a year: one of PeriodParts, or "" for the whole.
func ParsePeriod(year int, part string) (Period, error) {
	if year < FirstYear || year > LastYear {
		return Period{}, fmt.Errorf("year %d is not between %d and %d", year, FirstYear, LastYear)
	}
	if part == "" {
		part = "Y"
	}
	if !slices.Contains(PeriodParts(), part) {
		return Period{}, fmt.Errorf("period %.20q is not a year (Y), half (H1, H2), nine months (9M), quarter (Q1 to Q4) or month (M01 to M12)", part)
	}
	number, err := strconv.Atoi(part[1:])
	if err != nil {
		number = 1 // of "Y" and "9M" there is one
	}
	kinds := map[byte]PeriodKind{'Y': Year, 'H': Half, '9': NineMonths, 'Q': Quarter, 'M': Month}
	return Period{year, kinds[part[0]], number}, nil
}

// step is the distance in months between the starts of two periods of a kind.
func (k PeriodKind) step() int {
	switch k {
	case Month:
		return 1
	case Quarter:
		return 3
	case Half:
		return 6
	default:
		return 12
	}
}

// Part is the text that ParsePeriod reads: "Y", "H1", "9M", "Q1", "M05".
func (p Period) Part() string {
	switch p.Kind {
	case Month:
		return fmt.Sprintf("M%02d", p.Number)
	case Quarter:
		return "Q" + strconv.Itoa(p.Number)
	case Half:
		return "H" + strconv.Itoa(p.Number)
	case NineMonths:
		return "9M"
	default:
		return "Y"
	}
}

// Months lists the months as "2006-01", in order.
func (p Period) Months() []string {
	first, last := p.bounds()
	months := make([]string, 0, 12)
	for m := first; m <= last; m++ {
		months = append(months, civilMonth(p.Year, m))
	}
	return months
}

// MonthsOfYear lists the months by their place in the year, 0 for January.
func (p Period) MonthsOfYear() []int {
	first, last := p.bounds()
	var months []int
	for m := first; m <= last; m++ {
		months = append(months, m-1)
	}
	return months
}

// bounds are the first and last month, 1 to 12.
func (p Period) bounds() (first, last int) {
	step := p.Kind.step()
	first = (p.Number-1)*step + 1
	if p.Kind == NineMonths {
		return first, 9
	}
	return first, first + step - 1
}

// From is the first civil day, "2006-01-02".
func (p Period) From() string {
	first, _ := p.bounds()
	return civilMonth(p.Year, first) + "-01"
}

// To is the civil day after the last: the period is From <= day < To.
func (p Period) To() string {
	_, last := p.bounds()
	if last == 12 {
		return civilMonth(p.Year+1, 1) + "-01"
	}
	return civilMonth(p.Year, last+1) + "-01"
}

// First is its first half month.
func (p Period) First() HalfMonth { return HalfMonthOf(p.From()) }

// Before is the half month after its last: the period is First <= half month < Before.
func (p Period) Before() HalfMonth { return HalfMonthOf(p.To()) }

// DueBefore is the civil day before which the report of the period must be in: the 20th of the quarter's last month, so the 19th is
// the last day in time (Quyết định 1204/QĐ-UBND of Vĩnh Phúc, 29/6/2022). It falls inside the period. Only the first quarter, six
// months, third quarter or nine months, and the year have a report; other periods give false.
func (p Period) DueBefore() (string, bool) {
	if !slices.Contains([]string{"Q1", "H1", "Q3", "9M", "Y"}, p.Part()) {
		return "", false
	}
	_, last := p.bounds()
	return civilMonth(p.Year, last) + "-20", true
}

func civilMonth(year, month int) string { return fmt.Sprintf("%04d-%02d", year, month) }
