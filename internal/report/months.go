package report

import (
	"context"
	"fmt"
	"time"

	"sipas/internal/store"
)

// keptMonth is what was read of a month, so that a board made anew reads only the
// months in which somebody has answered since: of a year under way, the last one.
type keptMonth struct {
	read      time.Time
	responses int64 // of the month, counted before it was read
	rows      any   // a slice, nobody changes it
	bytes     int
}

// asOf is when a board is made, and the responses of its year until then.
type asOf struct {
	now       time.Time
	responses [12]int64
}

func (a asOf) holds(k keptMonth, month int) bool {
	return k.rows != nil && k.responses == a.responses[month] && a.now.Sub(k.read) <= oldestBoard
}

// byMonth reads a year's tallies split by month. What is kept of a month is
// used as long as the month's count is the same.
func byMonth[T any](ctx context.Context, r *reader, q store.TallyQuery, read func(context.Context, store.TallyQuery) ([]T, error), month func(T) int) ([]T, error) {
	key := fmt.Sprintf("%T %+v", *new(T), q)
	year, _ := r.months.find(key)
	first, last := 12, -1
	for m, k := range &year {
		if !r.asOf.holds(k, m) {
			first, last = min(first, m), m
		}
	}
	if last >= 0 {
		q.FromMonth, q.ToMonth = r.query.Period.Year*100+first+1, r.query.Period.Year*100+last+1
		rows, err := read(ctx, q)
		if err != nil {
			return nil, err
		}
		split := make([][]T, 12)
		for _, row := range rows {
			m := month(row)%100 - 1
			split[m] = append(split[m], row)
		}
		for m := first; m <= last; m++ {
			year[m] = keptMonth{r.asOf.now, r.asOf.responses[m], split[m], bytesOf(split[m])}
		}
		bytes := len(key)
		for _, k := range &year {
			bytes += k.bytes
		}
		r.months.keep(key, year, bytes)
	}
	var all []T
	for _, k := range &year {
		rows, _ := k.rows.([]T)
		all = append(all, rows...)
	}
	return all, nil
}
