package civil

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		part, canonical, from, to, due string
		halves                         int
	}{
		{"", "Y", "2025-01-01", "2026-01-01", "2025-12-20", 24},
		{"Y", "Y", "2025-01-01", "2026-01-01", "2025-12-20", 24},
		{"H1", "H1", "2025-01-01", "2025-07-01", "2025-06-20", 12},
		{"H2", "H2", "2025-07-01", "2026-01-01", "", 12},
		{"9M", "9M", "2025-01-01", "2025-10-01", "2025-09-20", 18},
		{"Q1", "Q1", "2025-01-01", "2025-04-01", "2025-03-20", 6},
		{"Q2", "Q2", "2025-04-01", "2025-07-01", "", 6},
		{"Q3", "Q3", "2025-07-01", "2025-10-01", "2025-09-20", 6},
		{"Q4", "Q4", "2025-10-01", "2026-01-01", "", 6},
		{"M01", "M01", "2025-01-01", "2025-02-01", "", 2},
		{"M12", "M12", "2025-12-01", "2026-01-01", "", 2},
		// Those of the reports to the ministry (văn bản 581/BNV-CCHC).
		{"RY", "RY", "2024-12-15", "2025-12-15", "2025-12-20", 24},
		{"RH1", "RH1", "2024-12-15", "2025-06-15", "2025-06-20", 12},
		{"RH2", "RH2", "2025-06-15", "2025-12-15", "", 12},
		{"R9M", "R9M", "2024-12-15", "2025-09-15", "2025-09-20", 18},
		{"RQ1", "RQ1", "2024-12-15", "2025-03-15", "2025-03-20", 6},
		{"RQ2", "RQ2", "2025-03-15", "2025-06-15", "", 6},
		{"RQ3", "RQ3", "2025-06-15", "2025-09-15", "2025-09-20", 6},
		{"RQ4", "RQ4", "2025-09-15", "2025-12-15", "", 6},
		{"20250301-20250414", "20250301-20250414", "2025-03-01", "2025-04-15", "", 3},
		{"20251215-20260114", "20251215-20260114", "2025-12-15", "2026-01-15", "", 2},
		{"20250215-20250228", "20250215-20250228", "2025-02-15", "2025-03-01", "", 1},
	} {
		p, err := ParsePeriod(2025, row.part)
		if err != nil {
			t.Errorf("%q: %v", row.part, err)
			continue
		}
		due, _ := p.DueBefore()
		if p.Part() != row.canonical || p.From() != row.from || p.To() != row.to || due != row.due || len(p.HalfMonths()) != row.halves {
			t.Errorf("%q = %s, %s to %s, due before %q, %v", row.part, p.Part(), p.From(), p.To(), due, p.HalfMonths())
		}
	}
}

// TestReportQuarter: the first report of 2026 counts from 15/12/2025 to
// 14/3/2026, both included, in whichever way it is named.
func TestReportQuarter(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"Q1", "RQ1"} {
		p, err := ParsePeriod(2026, Report.In(part))
		if err != nil || p.Year != 2026 || p.Days() != (Days{"2025-12-15", "2026-03-14"}) {
			t.Errorf("%s = %+v, %v, %v", part, p, p.Days(), err)
		}
	}
	if whole := Report.In(""); whole != "RY" {
		t.Errorf("the whole year of reports is %q", whole)
	}
	if part := Civil.In("Q1"); part != "Q1" {
		t.Errorf("a civil quarter is %q", part)
	}
}

// anyPeriod draws one of every kind.
func anyPeriod(t *rapid.T) Period {
	year := rapid.IntRange(FirstYear, LastYear-6).Draw(t, "year")
	if rapid.Bool().Draw(t, "span") {
		first := firstHalf(year*100 + rapid.IntRange(1, 12).Draw(t, "month")).half(rapid.Bool().Draw(t, "second"))
		last := first
		for range rapid.IntRange(0, longestSpan-1).Draw(t, "more") {
			last = last.Next()
		}
		p, err := ParseSpan(first.From(), last.Last())
		if err != nil || p.First() != first || p.Before() != last.Next() {
			t.Fatalf("%s to %s = %+v, %v", first.From(), last.Last(), p, err)
		}
		return p
	}
	p, err := ParsePeriod(year, rapid.SampledFrom(append(PeriodParts(), ReportParts()...)).Draw(t, "part"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPeriodsAreHalfMonths: a day is in a period exactly if its half month is
// one of the period's, which follow each other; year and part name it.
func TestPeriodsAreHalfMonths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPeriod(t)
		if same, err := ParsePeriod(p.Year, p.Part()); same != p || err != nil {
			t.Fatalf("%+v = %d %s is read as %+v, %v", p, p.Year, p.Part(), same, err)
		}
		in := map[HalfMonth]bool{}
		for _, h := range p.HalfMonths() {
			in[h] = true
		}
		at, err := time.Parse(time.DateOnly, p.First().Previous().From())
		if err != nil {
			t.Fatal(err)
		}
		end, days := p.Before().Next().From(), p.Days()
		for ; at.Format(time.DateOnly) < end; at = at.AddDate(0, 0, 1) {
			day := at.Format(time.DateOnly)
			want := in[HalfMonthOf(day)]
			if got := p.From() <= day && day < p.To(); got != want {
				t.Fatalf("%d %s has %s: %v, its half months: %v", p.Year, p.Part(), day, got, want)
			}
			if got := days.From <= day && day <= days.To; got != want {
				t.Fatalf("%d %s is %v: %s is in it: %v", p.Year, p.Part(), days, day, want)
			}
		}
		if at, err := time.Parse(time.DateOnly, days.From); err != nil || p.Calendar == Civil && at.Year() != p.Year {
			t.Fatalf("%d %s begins on %s, %v", p.Year, p.Part(), days.From, err)
		}
	})
}

// TestReportPeriodsMeet: the quarters of a year of reports are the year, as the
// civil ones are, and the next year begins where it ends.
func TestReportPeriodsMeet(t *testing.T) {
	t.Parallel()
	of := func(year int, c Calendar, part string) Period {
		p, err := ParsePeriod(year, c.In(part))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []Calendar{Civil, Report} {
		for _, row := range [][]string{{"Y", "Q1", "Q2", "Q3", "Q4"}, {"Y", "H1", "H2"}, {"9M", "Q1", "Q2", "Q3"}, {"Y", "9M", "Q4"}, {"H1", "Q1", "Q2"}} {
			whole, at := of(2024, c, row[0]), of(2023, c, "Y").Before()
			for _, part := range row[1:] {
				p := of(2024, c, part)
				if p.First() != at {
					t.Errorf("%s of %q begins with %d, not %d", part, c, p.First(), at)
				}
				at = p.Before()
			}
			if at != whole.Before() {
				t.Errorf("%v of %q end before %d, not %d", row[1:], c, at, whole.Before())
			}
		}
	}
}

// TestPeriodParts: every part is read and printed alike.
func TestPeriodParts(t *testing.T) {
	t.Parallel()
	for _, part := range append(PeriodParts(), ReportParts()...) {
		if p, err := ParsePeriod(2025, part); err != nil || p.Part() != part {
			t.Errorf("%q = %+v, %v", part, p, err)
		}
	}
}

func TestBadPeriods(t *testing.T) {
	t.Parallel()
	for _, part := range []string{
		"Q0", "Q5", "H3", "M00", "M13", "M1", "M001", "q1", "6M", "9M1", " Q1", "Q1 ", "y", "2025", "Q", "'; DROP TABLE",
		"R", "RM01", "RQ5", "rq1", "RRQ1", "R20250301-20250414", "20240301-20250414", "20250301-20250415", "20250302-20250414",
		"20250301", "20250301-", "-20250414", "20250301-20250414-", "20250415-20250414", "2025-03-01-2025-04-14", "+0250301-20250414",
	} {
		if p, err := ParsePeriod(2025, part); err == nil {
			t.Errorf("%q = %v, want an error", part, p)
		}
	}
	for _, year := range []int{1999, 2101, 0, -2025} {
		if p, err := ParsePeriod(year, "Q1"); err == nil {
			t.Errorf("year %d = %v, want an error", year, p)
		}
	}
	for _, year := range []int{FirstYear, LastYear} {
		if _, err := ParsePeriod(year, "M01"); err != nil {
			t.Errorf("year %d: %v", year, err)
		}
	}
}

func TestBadSpans(t *testing.T) {
	t.Parallel()
	for name, days := range map[string]Days{
		"in the middle of a half month": {"2025-03-02", "2025-03-14"},
		"ends in the middle":            {"2025-03-01", "2025-03-15"},
		"the 29th of a year without":    {"2025-02-15", "2025-02-29"},
		"the 28th of a leap year":       {"2024-02-15", "2024-02-28"},
		"backwards":                     {"2025-03-15", "2025-03-14"},
		"a day more than five years":    {"2020-01-01", "2025-01-14"},
		"before the first year":         {"1999-12-15", "2000-01-14"},
		"after the last":                {"2100-12-15", "2101-01-14"},
		"no days":                       {"", ""},
		"no end":                        {"2025-03-01", ""},
		"no such day":                   {"2025-03-01", "2025-04-31"},
		"as people write it":            {"1/3/2025", "14/3/2025"},
	} {
		if p, err := ParseSpan(days.From, days.To); !errors.Is(err, ErrSpan) {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
	if p, err := ParseSpan("2020-01-01", "2024-12-31"); err != nil || len(p.HalfMonths()) != longestSpan {
		t.Errorf("five years: %v, %v", p, err)
	}
}

func TestMonthsBefore(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		day    string
		months int
		want   string
	}{
		{"2026-11-27", 24, "2024-11-27"}, {"2026-11-27", 0, "2026-11-27"}, {"2026-03-31", 1, "2026-02-28"}, {"2024-03-31", 1, "2024-02-29"},
		{"2026-01-15", 1, "2025-12-15"}, {"2026-01-31", 14, "2024-11-30"}, {"2024-02-29", 12, "2023-02-28"}, {"x", 1, "x"},
	} {
		if got := MonthsBefore(test.day, test.months); got != test.want {
			t.Errorf("%d months before %s: %s, want %s", test.months, test.day, got, test.want)
		}
	}
}
