package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sipas/internal/fault"
)

// Failed says what an error hindered and turns it into a kind of package fault
// where it is one. Without an error it is nil.
func Failed(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, sql.ErrNoRows):
		err = fault.ErrNotFound
	case errors.Is(err, gorm.ErrDuplicatedKey):
		err = fmt.Errorf("%w: %w", fault.ErrConflict, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// One reads the only row of a query. Without it, it is fault.ErrNotFound.
func One[R, T any](doing string, q *gorm.DB, domain func(R) (T, error)) (T, error) {
	var row R
	if err := q.Take(&row).Error; err != nil {
		var none T
		return none, Failed(doing, err)
	}
	v, err := domain(row)
	return v, Failed(doing, err)
}

// List reads rows and turns each into its domain type.
func List[R, T any](doing string, q *gorm.DB, domain func(R) (T, error)) ([]T, error) {
	var rows []R
	if err := q.Find(&rows).Error; err != nil {
		return nil, Failed(doing, err)
	}
	result := make([]T, 0, len(rows))
	for _, r := range rows {
		v, err := domain(r)
		if err != nil {
			return nil, Failed(doing, err)
		}
		result = append(result, v)
	}
	return result, nil
}

// Changed is fault.ErrNotFound if an update met no row.
func Changed(doing string, res *gorm.DB) error {
	if res.Error == nil && res.RowsAffected == 0 {
		return Failed(doing, fault.ErrNotFound)
	}
	return Failed(doing, res.Error)
}

// OrNull makes a value optional: the zero value is NULL.
func OrNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// OrZero reads an optional value: NULL is the zero value.
func OrZero[T any](v *T) T {
	if v == nil {
		var zero T
		return zero
	}
	return *v
}

// Moment reads an optional time: NULL is the zero time.
func Moment(us *int64) time.Time {
	if us == nil {
		return time.Time{}
	}
	return FromMicros(*us)
}

// Micros is how both databases keep a moment: microseconds since 1970.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// FromMicros reads what Micros made, in UTC.
func FromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

// Flag is how both databases keep yes and no.
func Flag(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// Querier is a pool or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// ScanAll runs a query and hands over each row.
func ScanAll(ctx context.Context, q Querier, query string, args []any, row func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := row(rows); err != nil {
			return Closing(rows, err)
		}
	}
	return Closing(rows, rows.Err())
}

// Closing closes rows and returns the first error.
func Closing(rows *sql.Rows, err error) error {
	if closeErr := rows.Close(); err == nil {
		err = closeErr
	}
	return err
}
