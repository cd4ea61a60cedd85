package agency

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hours are when a service point is open, by weekdays; the zero Hours are not known.
// Holidays are no part of them.
type Hours struct {
	days [7][]hoursSpan // from Monday on, each in order
}

// hoursSpan is a part of a day in minutes since midnight, the last one not included.
type hoursSpan struct{ from, to int }

// MaxHours bounds hours as written, in characters.
const MaxHours = 200

// ParseHours reads hours as people write them: "Thứ 2-6: 7:30-11:30, 13:30-17:00; Thứ 7:
// 7:30-11:30", "T2-T6: 7h30 đến 11h30", "Mon-Fri: 8:00-17:00". Every part begins with its
// days. "" is Hours that are not known, and fits. ok is false for whatever says no time of
// a day, or says one twice.
func ParseHours(typed string) (h Hours, ok bool) {
	if len([]rune(typed)) > MaxHours {
		return Hours{}, false
	}
	words, ok := hoursWords(typed)
	if !ok {
		return Hours{}, false
	}
	r := hoursReader{words}
	for {
		for r.take(wordEnd) || r.take(wordComma) {
		}
		if len(r.words) == 0 {
			return h, true
		}
		days, ok := r.days()
		if !ok {
			return Hours{}, false
		}
		r.take(wordColon)
		spans, ok := r.spans()
		if !ok {
			return Hours{}, false
		}
		for _, day := range days {
			if !h.add(day, spans) {
				return Hours{}, false
			}
		}
	}
}

// add adds parts of a day; none may overlap another.
func (h *Hours) add(day int, spans []hoursSpan) bool {
	all := slices.Concat(h.days[day], spans)
	slices.SortFunc(all, func(a, b hoursSpan) int { return a.from - b.from })
	for i := 1; i < len(all); i++ {
		if all[i].from < all[i-1].to {
			return false
		}
	}
	h.days[day] = all
	return true
}

// Known tells whether anything is known.
func (h Hours) Known() bool {
	return slices.ContainsFunc(h.days[:], func(spans []hoursSpan) bool { return len(spans) > 0 })
}

// Open tells whether that is within the hours, by the civil day and time of at.
func (h Hours) Open(at time.Time) bool {
	minute := at.Hour()*60 + at.Minute()
	return slices.ContainsFunc(h.days[dayOf(at.Weekday())], func(s hoursSpan) bool { return s.from <= minute && minute < s.to })
}

// dayOf is the place of a weekday in a week that begins on Monday.
func dayOf(w time.Weekday) int { return (int(w) + 6) % 7 }

// hoursNames are how hours are written in a language.
type hoursNames struct {
	days  [7]string
	again [7]string // after another day: "Thứ 2, 4"
	daily string
}

func namesOfHours(language string) hoursNames {
	if language == "en" {
		days := [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
		return hoursNames{days, days, "Daily"}
	}
	return hoursNames{
		[7]string{"Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7", "Chủ nhật"},
		[7]string{"2", "3", "4", "5", "6", "7", "Chủ nhật"}, "Hằng ngày",
	}
}

// Text is the hours in a language, as ParseHours reads them again: days of equal hours
// together, in the order of the first of them.
func (h Hours) Text(language string) string {
	names := namesOfHours(language)
	var parts []string
	for day, spans := range h.days {
		alike := func(other []hoursSpan) bool { return slices.Equal(other, spans) }
		if len(spans) == 0 || slices.IndexFunc(h.days[:], alike) < day { // said before
			continue
		}
		var days []int
		for other := range h.days {
			if alike(h.days[other]) {
				days = append(days, other)
			}
		}
		var times []string
		for _, s := range spans {
			times = append(times, clock(s.from)+"-"+clock(s.to))
		}
		parts = append(parts, names.of(days)+": "+strings.Join(times, ", "))
	}
	return strings.Join(parts, "; ")
}

// of names days: "Thứ 2-6, Chủ nhật".
func (n hoursNames) of(days []int) string {
	if len(days) == len(n.days) {
		return n.daily
	}
	text := ""
	for i := 0; i < len(days); i++ {
		to := i
		for to+1 < len(days) && days[to+1] == days[to]+1 {
			to++
		}
		name := n.again[days[i]]
		if text == "" {
			name = n.days[days[i]]
		} else {
			text += ", "
		}
		text += name
		if to-i > 1 { // two days are a list
			text += "-" + n.again[days[to]]
			i = to
		}
	}
	return text
}

func clock(minute int) string { return fmt.Sprintf("%d:%02d", minute/60, minute%60) }
