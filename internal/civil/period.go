package civil

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
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
	Span       PeriodKind = "span" // of any half months
)

// Calendar tells where the quarters of a year begin.
type Calendar string

// The calendars.
const (
	Civil Calendar = "" // on the 1st of January
	// Report is the one of reports to the Ministry of Home Affairs: what is due
	// before the 20th of March cannot hold all of March, so each of its periods
	// begins and ends half a month before the civil one (văn bản 581/BNV-CCHC).
	Report Calendar = "report"
)

// Years outside this range are refused as typing errors.
const (
	FirstYear = 2000
	LastYear  = 2100
)

// Period is a stretch of whole half months, in local days (Asia/Ho_Chi_Minh).
// Make it with ParsePeriod or ParseSpan; equal ones are ==.
type Period struct {
	Year     int // whose targets it is held against; of a Span that of its first day
	Kind     PeriodKind
	Number   int // 1-4 for quarters, 1-2 for halves, 1-12 for months, otherwise 1
	Calendar Calendar
	// Of a Span only; First and Before tell both of any period.
	SpanFirst, SpanBefore HalfMonth
}

// PeriodParts lists the parts of a civil year that figures are given for, in the order people look for them.
func PeriodParts() []string {
	return append(longParts(),
		"M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12",
	)
}

// ReportParts lists those of a year of reports, which has no months.
func ReportParts() []string {
	parts := longParts()
	for i := range parts {
		parts[i] = reportMark + parts[i]
	}
	return parts
}

func longParts() []string { return []string{"Y", "H1", "9M", "H2", "Q1", "Q2", "Q3", "Q4"} }

// reportMark begins the names of parts of a year of reports.
const reportMark = "R"

// In names a part of a year in a calendar, as ParsePeriod reads it: "Q1" is "RQ1" in that of reports. One that names its calendar
// already stays.
func (c Calendar) In(part string) string {
	switch {
	case c != Report || strings.HasPrefix(part, reportMark):
		return part
	case part == "":
		return reportMark + "Y"
	}
	return reportMark + part
}

// errPart says what parts of a year there are.
var errPart = errors.New("not a year (Y), half (H1, H2), nine months (9M), quarter (Q1 to Q4), one of these of the reports " +
	"(RY to RQ4), a month (M01 to M12), or a span of that year such as 20260301-20260414")

// ParsePeriod reads the part of a year: one of PeriodParts or ReportParts, a span as Part writes it, or "" for the whole.
func ParsePeriod(year int, part string) (Period, error) {
	if year < FirstYear || year > LastYear {
		return Period{}, fmt.Errorf("year %d is not between %d and %d", year, FirstYear, LastYear)
	}
	if part == "" {
		part = "Y"
	}
	p := Period{Year: year}
	name, report := strings.CutPrefix(part, reportMark)
	switch {
	case report && slices.Contains(longParts(), name):
		p.Calendar = Report
	case !slices.Contains(PeriodParts(), part):
		if span, ok := spanNamed(part); ok && span.Year == year {
			return span, nil
		}
		return Period{}, fmt.Errorf("period %.20q: %w", part, errPart)
	}
	number, err := strconv.Atoi(name[1:])
	if err != nil {
		number = 1 // of "Y" and "9M" there is one
	}
	kinds := map[byte]PeriodKind{'Y': Year, 'H': Half, '9': NineMonths, 'Q': Quarter, 'M': Month}
	p.Kind, p.Number = kinds[name[0]], number
	return p, nil
}

// Part is the text that ParsePeriod reads: "Y", "H1", "9M", "Q1", "M05"; "RQ1" in the calendar of reports; of a span its first and
// last day, "20260301-20260414".
func (p Period) Part() string {
	switch p.Kind {
	case Span:
		return p.spanName()
	case Month:
		return fmt.Sprintf("M%02d", p.Number)
	case Quarter:
		return p.Calendar.In("Q" + strconv.Itoa(p.Number))
	case Half:
		return p.Calendar.In("H" + strconv.Itoa(p.Number))
	case NineMonths:
		return p.Calendar.In("9M")
	default:
		return p.Calendar.In("Y")
	}
}

// bounds are the first and last month of the civil period of that name, as
// 202511. A span has none.
func (p Period) bounds() (first, last int) {
	year, n := p.Year*100, p.Number
	switch p.Kind {
	case Month:
		return year + n, year + n
	case Quarter:
		return year + 3*n - 2, year + 3*n
	case Half:
		return year + 6*n - 5, year + 6*n
	case NineMonths:
		return year + 1, year + 9
	case Year, Span:
	}
	return year + 1, year + 12
}

// First is its first half month.
func (p Period) First() HalfMonth {
	if p.Kind == Span {
		return p.SpanFirst
	}
	first, _ := p.bounds()
	return p.begins(firstHalf(first))
}

// Before is the half month after its last: the period is First <= half month < Before.
func (p Period) Before() HalfMonth {
	if p.Kind == Span {
		return p.SpanBefore
	}
	_, last := p.bounds()
	return p.begins(firstHalf(last).half(true).Next())
}

// begins moves what begins in the civil calendar to that of the period.
func (p Period) begins(h HalfMonth) HalfMonth {
	if p.Calendar == Report {
		return h.Previous()
	}
	return h
}

// HalfMonths lists its half months, in order.
func (p Period) HalfMonths() []HalfMonth { return HalfMonths(p.First(), p.Before()) }

// From is the first civil day, "2006-01-02".
func (p Period) From() string { return p.First().From() }

// To is the civil day after the last: the period is From <= day < To.
func (p Period) To() string { return p.Before().From() }

// Days are its first and last civil day.
func (p Period) Days() Days { return Days{p.From(), p.Before().Previous().Last()} }

// DueBefore is the civil day before which the report of the period must be in: the 20th of the quarter's last month, so the 19th is
// the last day in time (Quyết định 1204/QĐ-UBND of Vĩnh Phúc, 29/6/2022). It falls inside a civil period, and after the end of one
// of the calendar of reports. Only the first quarter, six months, third quarter or nine months, and the year have a report; other
// periods give false.
func (p Period) DueBefore() (string, bool) {
	if !slices.Contains([]string{"Q1", "H1", "Q3", "9M", "Y"}, strings.TrimPrefix(p.Part(), reportMark)) {
		return "", false
	}
	_, last := p.bounds()
	return time.Date(last/100, time.Month(last%100), 20, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
}
