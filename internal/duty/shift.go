// Package duty knows who serves at which counter at a moment: by shifts, and by what the
// queue systems of counters say.
package duty

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sipas/internal/fold"
)

// Shift says that an official serves at a service point, at the same hours of some days of
// the week.
type Shift struct {
	ID         int64
	OfficialID int64
	PointID    int64
	// FirstDay and LastDay are civil days, both of them days of the shift; LastDay is ""
	// where it has no end.
	FirstDay, LastDay string
	Weekdays          Weekdays
	From, To          Minute // To is the first minute after it
}

// holds tells whether the shift is on a day, at a minute of it.
func (s Shift) holds(at moment) bool {
	return s.on(at.day) && s.Weekdays.Has(at.weekday) && s.From <= at.minute && at.minute < s.To
}

// on tells whether a day is between the first and the last.
func (s Shift) on(day string) bool { return s.FirstDay <= day && (s.LastDay == "" || day <= s.LastDay) }

// Over tells whether the shift has no day any more from one on.
func (s Shift) Over(day string) bool { return s.LastDay != "" && s.LastDay < day }

// Meets tells whether two shifts share a minute.
func (s Shift) Meets(o Shift) bool {
	if s.Weekdays&o.Weekdays == 0 || s.From >= o.To || o.From >= s.To {
		return false
	}
	first := max(s.FirstDay, o.FirstDay)
	if s.Over(first) || o.Over(first) {
		return false // over before it begins; no day is read for that
	}
	day, err := time.Parse(time.DateOnly, first)
	for range 7 {
		text := day.Format(time.DateOnly)
		if err != nil || s.Over(text) || o.Over(text) {
			return false
		}
		if (s.Weekdays & o.Weekdays).Has(day.Weekday()) {
			return true
		}
		day = day.AddDate(0, 0, 1)
	}
	return false
}

// moment is a minute as shifts have it.
type moment struct {
	day     string
	weekday time.Weekday
	minute  Minute
}

func momentOf(at time.Time) moment {
	return moment{at.Format(time.DateOnly), at.Weekday(), Minute(at.Hour()*60 + at.Minute())}
}

// Minute is one of a day, from 0; 1440 is its end.
type Minute int

const lastMinute Minute = 24 * 60

// String is "07:30".
func (m Minute) String() string { return fmt.Sprintf("%02d:%02d", int(m)/60, int(m)%60) }

// ParseMinute reads "7:30", "07:30:00" or "7h30".
func ParseMinute(text string) (Minute, bool) {
	hours, minutes, cut := strings.Cut(strings.Replace(strings.ToLower(strings.TrimSpace(text)), "h", ":", 1), ":")
	if cut && minutes == "" {
		minutes = "00" // "7h"
	}
	minutes = strings.TrimSuffix(minutes, ":00")
	h, err := strconv.ParseUint(hours, 10, 8)
	n, wrong := strconv.ParseUint(minutes, 10, 8)
	m := Minute(h*60 + n)
	return m, err == nil && wrong == nil && len(minutes) == 2 && n < 60 && m <= lastMinute
}

// Weekdays are days of the week, a bit each: Monday 1 to Sunday 64.
type Weekdays int

// Working are the days on which offices are open.
const Working Weekdays = 1<<5 - 1

// weekdayNames are those of the days in their order, as Vietnamese calendars write them.
var weekdayNames = []string{"T2", "T3", "T4", "T5", "T6", "T7", "CN"}

// place is that of a day among weekdayNames.
func place(day time.Weekday) int { return (int(day) + 6) % 7 }

// Has tells whether a day is one of them.
func (w Weekdays) Has(day time.Weekday) bool { return w&(1<<place(day)) != 0 }

// String is "T2;T3;T4;T5;T6".
func (w Weekdays) String() string {
	var days []string
	for i, name := range weekdayNames {
		if w&(1<<i) != 0 {
			days = append(days, name)
		}
	}
	return strings.Join(days, ";")
}

// ParseWeekdays reads "T2;T4", "T2-T6", "2, 4, 6" or "CN"; "" are the days on which
// offices are open.
func ParseWeekdays(text string) (w Weekdays, ok bool) {
	if strings.TrimSpace(text) == "" {
		return Working, true
	}
	for part := range strings.FieldsFuncSeq(fold.Text(text), func(r rune) bool { return strings.ContainsRune(";, ", r) }) {
		first, last, ranged := strings.Cut(strings.ReplaceAll(part, "–", "-"), "-")
		from, known := weekday(first)
		to := from
		if ranged && known {
			to, known = weekday(last)
		}
		if !known || to < from {
			return 0, false
		}
		for at := from; at <= to; at++ {
			w |= 1 << at
		}
	}
	return w, w != 0
}

func weekday(text string) (at int, ok bool) {
	for i, name := range weekdayNames {
		if name = strings.ToLower(name); text == name || text == strings.TrimPrefix(name, "t") {
			return i, true
		}
	}
	return 0, false
}
