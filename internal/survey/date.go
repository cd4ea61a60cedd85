package survey

import (
	"strings"
	"time"

	"sipas/internal/fault"
)

const typeDate QuestionType = "date"

// date is the kind of a question that is answered with a day.
type date struct{ plain }

// Days that have no bounds of their own are in these.
const firstDay, lastDay = "1900-01-01", "2100-12-31"

func (kinds) Date() Kind { return date{} }

func (date) name() QuestionType { return typeDate }
func (date) uses() []string     { return []string{"from", "to"} }

// bounds are the first and the last day that may be given.
func (date) bounds(q Question) (first, last string) {
	first, last = firstDay, lastDay
	if q.From != "" {
		first = q.From
	}
	if q.To != "" {
		last = q.To
	}
	return first, last
}

func (k date) check(v *validator, at string, q Question) {
	first, last := k.bounds(q)
	for _, day := range []string{first, last} {
		if !isDay(day) {
			v.of("from").add(at, FaultDay, "", "from and to must be days like 2026-11-20")
			return
		}
	}
	if first > last || first < firstDay || last > lastDay {
		v.of("from").add(at, FaultDays, firstDay+" – "+lastDay, "from and to must be in order and within %s and %s", firstDay, lastDay)
	}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// typed reads a day as people write it, 20/11/2026 or 5.1.2026, and as clients
// send it. What is none is handed on, to be refused where it is read.
func (date) typed(_ Part, written string) Value {
	text := strings.NewReplacer(" ", "", ".", "/", "-", "/").Replace(strings.TrimSpace(written))
	for _, form := range []string{"2/1/2006", "2006/1/2"} {
		if day, err := time.Parse(form, text); err == nil {
			return Value{Kind: ValueText, Text: day.Format(time.DateOnly)}
		}
	}
	return Value{Kind: ValueText, Text: written}
}

func (k date) read(r *reader, p Part, v Value) {
	first, last := k.bounds(p.Question)
	switch {
	case v.Kind != ValueText:
		r.problems.add(p.where(), fault.ProblemWrongType)
	case !isDay(v.Text):
		r.problems.add(p.where(), fault.ProblemNotDate)
	case v.Text < first || v.Text > last:
		r.problems.over(p.where(), fault.ProblemOutOfRange, k.limits(p.Question))
	default:
		r.keep(p, v.Text)
	}
}

// limits are the bounds as people read them.
func (k date) limits(q Question) string {
	first, last := k.bounds(q)
	return asWritten(first) + " – " + asWritten(last)
}

func asWritten(day string) string { return day[8:] + "/" + day[5:7] + "/" + day[:4] }

func (date) value(p Part, r Response) (Value, bool) {
	day := r.kept(p)
	return Value{Kind: ValueText, Text: day}, day != ""
}

func (k date) shape(q Question) Shape {
	s := Shape{Day: true, From: q.From, To: q.To}
	if isDay(q.From) && isDay(q.To) { // of a draft they may be anything
		s.Limits = k.limits(q)
	}
	return s
}
