package main

import (
	"testing"

	"sipas/internal/civil"
)

// TestStretch: what is asked for by name is the days that boards of that name
// have.
func TestStretch(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		given stretch
		want  civil.Days
	}{
		{stretch{}, civil.Days{}},
		{stretch{From: "2025-11-20"}, civil.Days{From: "2025-11-20"}},
		{stretch{Year: 2026}, civil.Days{From: "2026-01-01", To: "2026-12-31"}},
		{stretch{Year: 2026, Period: "Q1"}, civil.Days{From: "2026-01-01", To: "2026-03-31"}},
		{stretch{Year: 2026, Named: "report"}, civil.Days{From: "2025-12-15", To: "2026-12-14"}},
		{stretch{Year: 2026, Period: "Q1", Named: "report"}, civil.Days{From: "2025-12-15", To: "2026-03-14"}},
		{stretch{Year: 2026, Period: "RH1"}, civil.Days{From: "2025-12-15", To: "2026-06-14"}},
	} {
		if got, err := row.given.days(); got != row.want || err != nil {
			t.Errorf("%+v: %v, %v", row.given, got, err)
		}
	}
	for _, bad := range []stretch{
		{Period: "Q1"}, {Named: "report"}, {Year: 2026, Named: "lunar"}, {Year: 2026, Period: "M01", Named: "report"}, {Year: 2026, Period: "Q5"},
		{Year: 26}, {Year: 2026, From: "2026-01-01"}, {Period: "Q1", To: "2026-01-01"}, {From: "2025-02-29"}, {From: "2025-02-01", To: "2025-01-01"},
	} {
		if got, err := bad.days(); err == nil {
			t.Errorf("%+v: %v, want an error", bad, got)
		}
	}
}
