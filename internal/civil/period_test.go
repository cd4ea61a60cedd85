package civil

import (
	"testing"
	"time"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		part, canonical, from, to, due string
		months                         int
	}{
		{"", "Y", "2025-01-01", "2026-01-01", "2025-12-20", 12},
		{"Y", "Y", "2025-01-01", "2026-01-01", "2025-12-20", 12},
		{"H1", "H1", "2025-01-01", "2025-07-01", "2025-06-20", 6},
		{"H2", "H2", "2025-07-01", "2026-01-01", "", 6},
		{"9M", "9M", "2025-01-01", "2025-10-01", "2025-09-20", 9},
		{"Q1", "Q1", "2025-01-01", "2025-04-01", "2025-03-20", 3},
		{"Q2", "Q2", "2025-04-01", "2025-07-01", "", 3},
		{"Q3", "Q3", "2025-07-01", "2025-10-01", "2025-09-20", 3},
		{"Q4", "Q4", "2025-10-01", "2026-01-01", "", 3},
		{"M01", "M01", "2025-01-01", "2025-02-01", "", 1},
		{"M12", "M12", "2025-12-01", "2026-01-01", "", 1},
	} {
		p, err := ParsePeriod(2025, row.part)
		if err != nil {
			t.Errorf("%q: %v", row.part, err)
			continue
		}
		due, _ := p.DueBefore()
		if p.Part() != row.canonical || p.From() != row.from || p.To() != row.to || due != row.due || len(p.Months()) != row.months {
			t.Errorf("%q = %s, %s to %s, due before %q, %v", row.part, p.Part(), p.From(), p.To(), due, p.Months())
		}
	}
}

// TestPeriodParts: every part is read and printed alike.
func TestPeriodParts(t *testing.T) {
	t.Parallel()
	for _, part := range PeriodParts() {
		if p, err := ParsePeriod(2025, part); err != nil || p.Part() != part {
			t.Errorf("%q = %+v, %v", part, p, err)
		}
	}
}

// TestPeriodDays walks through every day of a leap year and its neighbours: a day is in a period exactly if its month is.
func TestPeriodDays(t *testing.T) {
	t.Parallel()
	for _, part := range PeriodParts() {
		p, err := ParsePeriod(2024, part)
		if err != nil {
			t.Fatal(err)
		}
		in := map[string]bool{}
		for _, month := range p.Months() {
			in[month] = true
		}
		for day := time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2026; day = day.AddDate(0, 0, 1) {
			date := day.Format(time.DateOnly)
			if got := p.From() <= date && date < p.To(); got != in[day.Format("2006-01")] {
				t.Errorf("%s contains %s: %v", part, date, got)
			}
		}
	}
}

func TestBadPeriods(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"Q0", "Q5", "H3", "M00", "M13", "M1", "M001", "q1", "6M", "9M1", " Q1", "Q1 ", "y", "2025", "Q", "'; DROP TABLE"} {
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
