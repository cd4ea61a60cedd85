package report

import (
	"context"
	"fmt"

	"sipas/internal/store"
)

// keptMonth is what was read of a month, so that a board made anew reads only the
// months that have changed since: of a year under way, the last one.
type keptMonth struct {
	changes int64 // of the month, before it was read
	rows    any   // a slice, nobody changes it
	bytes   int
}

// byMonth reads a year's tallies split by month. What is kept of a month is
// used as long as the month has not changed.
func byMonth[T any](ctx context.Context, r *reader, q store.TallyQuery, read func(context.Context, store.TallyQuery) ([]T, error), month func(T) int) ([]T, error) {
	key := fmt.Sprintf("%T %+v", *new(T), q)
	year, _ := r.months.find(key)
	first, last := 12, -1
	for m, k := range &year {
		if k.rows == nil || k.changes != r.changes[m] {
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
			year[m] = keptMonth{r.changes[m], split[m], bytesOf(split[m])}
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
