package civil

import (
	"testing"
	"time"
)

// TestHalfMonths walks through every day of five years, a leap year among them:
// half months begin on the 1st and the 15th and nowhere else, and what is before
// and after one is the day before and after.
func TestHalfMonths(t *testing.T) {
	t.Parallel()
	before := HalfMonthOf("2022-12-31")
	for at := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2028; at = at.AddDate(0, 0, 1) {
		day := at.Format(time.DateOnly)
		h, yesterday := HalfMonthOf(day), at.AddDate(0, 0, -1).Format(time.DateOnly)
		begins := at.Day() == 1 || at.Day() == 15
		switch {
		case h.From() > day || day > h.Last() || h.Year() != at.Year() || h.Month() != at.Year()*100+int(at.Month()):
			t.Errorf("%s is in %d, %s to %s", day, h, h.From(), h.Last())
		case begins != (h.From() == day) || begins != (h != before):
			t.Errorf("%s: %d after %d", day, h, before)
		case begins && (before.Next() != h || h.Previous() != before || before.Last() != yesterday || h.Second() != (at.Day() == 15)):
			t.Errorf("%s: %d is not next to %d, which ends on %s", day, h, before, before.Last())
		}
		before = h
	}
	for _, no := range []string{"", "2025-03", "2025-02-29", "2025-13-01", "2025-1-1", "20250301", "2025-03-xx", "2025-03-01 "} {
		if h := HalfMonthOf(no); h != 0 {
			t.Errorf("%q is in %d", no, h)
		}
	}
	if all := HalfMonths(20251215, 20251215); len(all) != 0 {
		t.Errorf("from one to before itself: %v", all)
	}
}

func TestCutOffs(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ text, canonical, ends, goes string }{
		{"14/3,14/6,14/9,14/12", "14/3,14/6,14/9,14/12", "2026-03-14", "2026-03-31"},
		{" 31/12 , 30/6", "31/12,30/6", "2025-12-31", "2025-12-14"},
		{"28/2", "28/2", "2024-02-29", "2024-02-14"},
		{"29/2", "28/2", "2025-02-28", "2025-01-31"},
		{"14/02", "14/2", "2025-02-14", "2025-02-28"},
	} {
		cuts, err := ParseCutOffs(row.text)
		if err != nil || cuts.String() != row.canonical || !cuts.Ends(HalfMonthOf(row.ends)) || cuts.Ends(HalfMonthOf(row.goes)) {
			t.Errorf("%q = %v, %v", row.text, cuts, err)
		}
		if again, err := ParseCutOffs(cuts.String()); err != nil || again.String() != cuts.String() {
			t.Errorf("%q is written %q and read as %v, %v", row.text, cuts, again, err)
		}
	}
	for _, text := range []string{"", ",", "14", "14/3,", "15/3", "13/3", "30/3", "31/4", "30/2", "0/1", "14/0", "14/13", "14/3/2025", "14-3", "-14/3", "2025-03-14"} {
		if cuts, err := ParseCutOffs(text); err == nil {
			t.Errorf("%q = %v, want an error", text, cuts)
		}
	}
}

// TestReportCutOffs: every period of the reports ends with one, so what it shows
// is whole.
func TestReportCutOffs(t *testing.T) {
	t.Parallel()
	for _, part := range ReportParts() {
		p, err := ParsePeriod(2026, part)
		if err != nil || !ReportCutOffs().Ends(p.Before().Previous()) || !ReportCutOffs().Ends(p.First().Previous()) {
			t.Errorf("%s %v: %v", part, p.Days(), err)
		}
	}
}
