package wording

import (
	"slices"
	"strings"

	"sipas/internal/report"
)

// finding says the board in a sentence or three. Each is true by itself.
func (w Words) finding(b *report.Board) []string {
	f := b.Finding
	if !slices.ContainsFunc(b.Rows, func(r report.Row) bool { return r.HasFigure() || r.Withheld }) {
		if b.FieldKey != "" || b.Channel != "" {
			return []string{w.T("board.finding-unfit")}
		}
		if b.Point != nil {
			return []string{w.T("board.finding-counter", "k", b.SmallCell)}
		}
		return []string{w.T("board.finding-empty")}
	}
	if f.Targets() == 0 {
		return []string{w.T("board.finding-no-targets", "year", b.Period.Year)}
	}
	var said []string
	switch {
	case f.Met+f.Missed == 0: // the last sentence says it all
	case f.Targets() == 1 && f.Met == 1:
		said = append(said, w.T("board.finding-one-met"))
	case f.Targets() == 1:
		said = append(said, w.T("board.finding-one-missed"))
	case f.Met == f.Targets():
		said = append(said, w.T("board.finding-all", "all", f.Targets()))
	case f.Met == 0:
		said = append(said, w.T("board.finding-none", "all", f.Targets()))
	default:
		said = append(said, w.T("board.finding-some", "met", f.Met, "all", f.Targets()))
	}
	if worst := f.Worst; worst != nil {
		said = append(said, w.shortfall(b.Rows[worst.Row], worst, f.Targets() == 1))
	}
	if f.NotEnough > 0 {
		said = append(said, w.T("board.finding-unsure", "n", f.NotEnough))
	}
	return said
}

// shortfall says how far the target is that is missed most, or that is the only one.
func (w Words) shortfall(r report.Row, s *report.Shortfall, only bool) string {
	t := r.Targets[s.Target]
	key := "board.finding-worst"
	switch {
	case only && t.BeyondChance:
		key = "board.finding-short"
	case only:
		key = "board.finding-short-chance"
	case !t.BeyondChance:
		key = "board.finding-worst-chance"
	}
	factor := ""
	if s.Factor != nil {
		factor = w.T("board.finding-factor", "factor", s.Factor.Label.In(w.Language))
	}
	return w.T(key, "name", w.Indicator(r.Indicator, r.FieldName), "gap", strings.TrimPrefix(w.gap(t.Gap, usually(r.Figure)), "−"),
		"target", w.Target(t.Target), "factor", factor)
}
