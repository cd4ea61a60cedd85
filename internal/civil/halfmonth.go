package civil

import (
	"fmt"
	"time"
)

// HalfMonth is one half of a civil month: days 1 to 14, or 15 to the last. Every
// period of the plans and reports is made of whole ones. As a number it is its
// first day: 20251201 or 20251215.
type HalfMonth int

// secondHalf is the first day of a month's second half, since reports are due
// before the 20th and their figures end on the 14th (văn bản 581/BNV-CCHC).
const secondHalf = 15

// HalfMonthOf gives the half month that a civil day "2006-01-02" is in; 0 for
// what is no day.
func HalfMonthOf(day string) HalfMonth {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	return firstHalf(at.Year()*100 + int(at.Month())).half(at.Day() >= secondHalf)
}

// firstHalf is that of a month such as 202511.
func firstHalf(month int) HalfMonth { return HalfMonth(month*100 + 1) }

func (h HalfMonth) half(second bool) HalfMonth {
	if second {
		return h + secondHalf - 1
	}
	return h
}

// Month is the month that it is in, 202511 for November 2025.
func (h HalfMonth) Month() int { return int(h) / 100 }

// Year is the civil year that it is in.
func (h HalfMonth) Year() int { return int(h) / 10000 }

// Second tells whether it is the second half of its month.
func (h HalfMonth) Second() bool { return int(h)%100 == secondHalf }

// Next is the half month after it.
func (h HalfMonth) Next() HalfMonth {
	switch month := h.Month(); {
	case !h.Second():
		return h.half(true)
	case month%100 == 12:
		return firstHalf((month/100+1)*100 + 1)
	default:
		return firstHalf(month + 1)
	}
}

// Previous is the half month before it.
func (h HalfMonth) Previous() HalfMonth {
	switch month := h.Month(); {
	case h.Second():
		return firstHalf(month)
	case month%100 == 1:
		return firstHalf((month/100-1)*100 + 12).half(true)
	default:
		return firstHalf(month - 1).half(true)
	}
}

// From is its first day, "2006-01-02". The day after its last is Next().From().
func (h HalfMonth) From() string {
	return fmt.Sprintf("%04d-%02d-%02d", h.Year(), h.Month()%100, int(h)%100)
}

// Last is its last day, "2006-01-02".
func (h HalfMonth) Last() string {
	next := h.Next()
	return time.Date(next.Year(), time.Month(next.Month()%100), int(next)%100-1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// HalfMonths lists those from the first to before the end, in order.
func HalfMonths(first, end HalfMonth) []HalfMonth {
	var all []HalfMonth
	for h := first; h < end; h = h.Next() {
		all = append(all, h)
	}
	return all
}
