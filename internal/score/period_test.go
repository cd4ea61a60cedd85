package score

import (
	"testing"
	"time"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		part, text, from, to, due, previous, label string
		months                                     int
	}{
		{"", "2025", "2025-01-01", "2026-01-01", "2025-12-20", "2024", "period.year", 12},
		{"Y", "2025", "2025-01-01", "2026-01-01", "2025-12-20", "2024", "period.year", 12},
		{"H1", "2025-H1", "2025-01-01", "2025-07-01", "2025-06-20", "2024-H2", "period.half", 6},
		{"H2", "2025-H2", "2025-07-01", "2026-01-01", "", "2025-H1", "period.half", 6},
		{"9M", "2025-9M", "2025-01-01", "2025-10-01", "2025-09-20", "2024-9M", "period.nine-months", 9},
		{"Q1", "2025-Q1", "2025-01-01", "2025-04-01", "2025-03-20", "2024-Q4", "period.quarter", 3},
		{"Q2", "2025-Q2", "2025-04-01", "2025-07-01", "", "2025-Q1", "period.quarter", 3},
		{"Q3", "2025-Q3", "2025-07-01", "2025-10-01", "2025-09-20", "2025-Q2", "period.quarter", 3},
		{"Q4", "2025-Q4", "2025-10-01", "2026-01-01", "", "2025-Q3", "period.quarter", 3},
		{"M01", "2025-M01", "2025-01-01", "2025-02-01", "", "2024-M12", "period.month", 1},
		{"M12", "2025-M12", "2025-12-01", "2026-01-01", "", "2025-M11", "period.month", 1},
	} {
		p, err := ParsePeriod(2025, row.part)
		if err != nil {
			t.Errorf("%q: %v", row.part, err)
			continue
		}
		due, _ := p.DueBefore()
		previous, ok := p.Previous()
		if p.String() != row.text || p.From() != row.from || p.To() != row.to || due != row.due || !ok || previous.String() != row.previous ||
			p.LabelKey() != row.label || len(p.Months()) != row.months {
			t.Errorf("%q = %s, %s to %s, due before %q, after %s, %s, %v", row.part, p, p.From(), p.To(), due, previous, p.LabelKey(), p.Months())
		}
	}
}

// TestPeriodDays walks through every day of a leap year and its neighbours: a day is in a period exactly if its month is.
func TestPeriodDays(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"Y", "H1", "H2", "9M", "Q1", "Q2", "Q3", "Q4", "M01", "M02", "M12"} {
		p, err := ParsePeriod(2024, part)
		if err != nil {
			t.Fatal(err)
		}
		in := map[string]bool{}
		for _, month := range p.Months() {
			in[month] = true
		}
		for day := time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2026; day = day.AddDate(0, 0, 1) {
			if got := p.Contains(day.Format(time.DateOnly)); got != in[day.Format("2006-01")] {
				t.Errorf("%s contains %s: %v", p, day.Format(time.DateOnly), got)
			}
		}
	}
}

func TestBadPeriods(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"Q0", "Q5", "H3", "M00", "M13", "M1", "M001", "q1", "6M", "9M1", " Q1", "Q1 ", "y", "2025", "Q", "'; DROP TABLE"} {
		if p, err := ParsePeriod(2025, part); err == nil {
			t.Errorf("%q = %s, want an error", part, p)
		}
	}
	for _, year := range []int{1999, 2101, 0, -2025} {
		if p, err := ParsePeriod(year, "Q1"); err == nil {
			t.Errorf("year %d = %s, want an error", year, p)
		}
	}
	for _, year := range []int{FirstYear, LastYear} {
		p, err := ParsePeriod(year, "M01")
		if _, ok := p.Previous(); err != nil || ok != (year > FirstYear) {
			t.Errorf("year %d: %v, previous %v", year, err, ok)
		}
	}
}
