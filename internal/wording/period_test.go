package wording

import (
	"testing"

	"sipas/internal/civil"
)

// TestPeriodNames: a period of the reports and a span say their days, as people
// write them; a list says those of a year without it.
func TestPeriodNames(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ part, name, named, english string }{
		{"Y", "Năm 2026", "Cả năm", "2026"},
		{"Q1", "Quý 1/2026", "Quý 1", "Quarter 1 of 2026"},
		{"M05", "Tháng 5/2026", "Tháng 5", "Month 5 of 2026"},
		{"RY", "Năm 2026 (kỳ báo cáo 15/12/2025 – 14/12/2026)", "Cả năm (15/12 – 14/12)", "2026 (report period 15/12/2025 – 14/12/2026)"},
		{"RH1", "6 tháng đầu năm 2026 (kỳ báo cáo 15/12/2025 – 14/6/2026)", "6 tháng đầu năm (15/12 – 14/6)", "First half of 2026 (report period 15/12/2025 – 14/6/2026)"},
		{"RQ3", "Quý 3/2026 (kỳ báo cáo 15/6/2026 – 14/9/2026)", "Quý 3 (15/6 – 14/9)", "Quarter 3 of 2026 (report period 15/6/2026 – 14/9/2026)"},
		{"20260301-20270228", "Từ 1/3/2026 đến 28/2/2027", "Từ 1/3/2026 đến 28/2/2027", "From 1/3/2026 to 28/2/2027"},
	} {
		p, err := civil.ParsePeriod(2026, row.part)
		if err != nil {
			t.Fatal(err)
		}
		vi, en := words(t, "vi"), words(t, "en")
		if vi.Period(p) != row.name || vi.Part(p) != row.named || en.Period(p) != row.english {
			t.Errorf("%s is %q, %q, %q", row.part, vi.Period(p), vi.Part(p), en.Period(p))
		}
	}
}
