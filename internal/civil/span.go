package civil

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// longestSpan is how many half months a span has at most: five years.
const longestSpan = 5 * 24

// ErrSpan says that two days are no span: what to give instead.
var ErrSpan = errors.New("a span begins on the 1st or 15th, ends on a 14th or the last day of a month, and is no longer than five years")

// ParseSpan reads the first and the last civil day of a span, both as "2006-01-02". What it refuses is ErrSpan.
func ParseSpan(from, to string) (Period, error) {
	first, last := HalfMonthOf(from), HalfMonthOf(to)
	switch {
	case first == 0 || first.From() != from:
		return Period{}, fmt.Errorf("from %.20q: %w", from, ErrSpan)
	case last == 0 || last.Last() != to:
		return Period{}, fmt.Errorf("to %.20q: %w", to, ErrSpan)
	case first > last, first.Year() < FirstYear, last.Year() > LastYear, len(HalfMonths(first, last.Next())) > longestSpan:
		return Period{}, fmt.Errorf("from %s to %s: %w", from, to, ErrSpan)
	}
	return Period{Year: first.Year(), Kind: Span, Number: 1, SpanFirst: first, SpanBefore: last.Next()}, nil
}

// spanName is what Part says of a span: a half month is written as its first
// day.
func (p Period) spanName() string {
	last := strings.ReplaceAll(p.SpanBefore.Previous().Last(), "-", "")
	return fmt.Sprintf("%d-%s", p.SpanFirst, last)
}

// spanNamed reads what spanName writes.
func spanNamed(text string) (Period, bool) {
	from, to, _ := strings.Cut(text, "-")
	p, err := ParseSpan(dashed(from), dashed(to))
	return p, err == nil
}

// dashed turns 20060102 into 2006-01-02, and anything else into no day.
func dashed(day string) string {
	at, err := time.Parse("20060102", day)
	if err != nil {
		return ""
	}
	return at.Format(time.DateOnly)
}
