// Package wording puts a board into words, decimals and charts of one language,
// for any medium: a page, a document, a sheet, a message.
//
// What it makes holds no address, no markup and nobody's permissions. Whoever
// shows it lays links beside it, draws the charts it has as data, and takes
// labels from the same catalogue (Words is a message.Printer).
package wording

import (
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/message"
	"sipas/internal/score"
	"sipas/internal/target"
)

// Words writes boards in one language.
type Words struct{ message.Printer }

// New makes the Words of a printer's language.
func New(p message.Printer) Words { return Words{p} }

// Day is a civil day, 2025-07-01, as people write it.
func (w Words) Day(civilDay string) string { return day(civilDay) }

// Count writes a number of people or responses.
func (w Words) Count(n int64) string { return score.FormatCount(w.Language, n) }

// Channel names a channel.
func (w Words) Channel(c agency.Channel) string { return w.T("channel." + string(c)) }

// Period names a period with its year. One of the reports says its days, as
// nobody takes a quarter to begin in December.
func (w Words) Period(of civil.Period) string {
	days := of.Days()
	if of.Kind == civil.Span {
		return w.T("period.span", "from", day(days.From), "to", day(days.To))
	}
	name := w.T("period."+PeriodName(of), "year", of.Year, "number", of.Number)
	if of.Calendar == civil.Report {
		return w.T("period.of-reports", "period", name, "from", day(days.From), "to", day(days.To))
	}
	return name
}

// Part names a period within its year.
func (w Words) Part(of civil.Period) string {
	if of.Kind == civil.Span {
		return w.Period(of)
	}
	name := w.T("part."+PeriodName(of), "number", of.Number)
	if of.Calendar == civil.Report {
		days := of.Days()
		return w.T("part.of-reports", "part", name, "from", dayOfYear(days.From), "to", dayOfYear(days.To))
	}
	return name
}

// day writes a civil day as people do: 1/3/2026.
func day(civilDay string) string { return dayOfYear(civilDay) + "/" + civilDay[:4] }

// dayOfYear writes it without its year.
func dayOfYear(civilDay string) string {
	return strings.TrimPrefix(civilDay[8:], "0") + "/" + strings.TrimPrefix(civilDay[5:7], "0")
}

// PeriodName is what catalogues call a kind of period that has a name. It tells
// the halves of a year apart, which have names of their own.
func PeriodName(p civil.Period) string {
	if p.Kind == civil.Half {
		return string(p.Kind) + "-" + strconv.Itoa(p.Number)
	}
	return string(p.Kind)
}

// Indicator names what a row is about.
func (w Words) Indicator(kind target.IndicatorKind, field agency.Text) string {
	if kind == target.IndicatorField {
		return field.In(w.Language)
	}
	if index := kind.Index(); index != "" {
		return w.T("target.rank-of", "index", index)
	}
	return w.T("indicator." + string(kind))
}

// Target says what is to be reached, or passed.
func (w Words) Target(t target.Target) string {
	switch {
	case t.Indicator.Index() == "":
	case t.Comparator == target.Above:
		return w.T("target.rank-above", "rank", t.Rank())
	default:
		return w.T("target.rank", "rank", t.Rank())
	}
	percent := score.Target(t.Percent).Number().Percent(w.Language, 2)
	if t.Comparator == target.Above {
		return w.T("board.target-above", "target", percent)
	}
	return percent
}

// tick is a target where there is room for a number: "85%", ">85%".
func (w Words) tick(t target.Target) string {
	percent := score.Target(t.Percent).Number().Percent(w.Language, 2)
	if t.Comparator == target.Above {
		return ">" + percent
	}
	return percent
}

// Plan names a source document: plans are kept as "3612/KH-UBND 2021-09-29".
func (w Words) Plan(text string) string {
	number, day, ok := strings.Cut(text, " ")
	parts := strings.Split(day, "-")
	if !ok || len(parts) != 3 {
		return text
	}
	return w.T("board.plan", "number", number, "date", parts[2]+"/"+parts[1]+"/"+parts[0])
}
