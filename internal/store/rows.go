package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sipas/internal/agency"
	"sipas/internal/fault"
)

// failed says what an error hindered and turns it into a kind of package
// survey where it is one. Without an error it is nil.
func failed(doing string, err error) error {
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

// one reads the only row of a query. Without it, it is survey.ErrNotFound.
func one[R, T any](doing string, q *gorm.DB, domain func(R) (T, error)) (T, error) {
	var row R
	if err := q.Take(&row).Error; err != nil {
		var none T
		return none, failed(doing, err)
	}
	v, err := domain(row)
	return v, failed(doing, err)
}

// list reads rows and turns each into its domain type.
func list[R, T any](doing string, q *gorm.DB, domain func(R) (T, error)) ([]T, error) {
	var rows []R
	if err := q.Find(&rows).Error; err != nil {
		return nil, failed(doing, err)
	}
	result := make([]T, 0, len(rows))
	for _, r := range rows {
		v, err := domain(r)
		if err != nil {
			return nil, failed(doing, err)
		}
		result = append(result, v)
	}
	return result, nil
}

// changed is survey.ErrNotFound if an update met no row.
func changed(doing string, res *gorm.DB) error {
	if res.Error == nil && res.RowsAffected == 0 {
		return failed(doing, fault.ErrNotFound)
	}
	return failed(doing, res.Error)
}

// orNull makes a value optional: the zero value is NULL.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// orZero reads an optional value: NULL is the zero value.
func orZero[T any](v *T) T {
	if v == nil {
		var zero T
		return zero
	}
	return *v
}

// moment reads an optional time: NULL is the zero time.
func moment(us *int64) time.Time {
	if us == nil {
		return time.Time{}
	}
	return fromMicros(*us)
}

func micros(t time.Time) int64 { return t.UnixMicro() }

func fromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

// flag is how both databases keep yes and no.
func flag(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func writeText(t agency.Text) string {
	b, err := json.Marshal(t)
	if err != nil {
		return "{}" // a map of strings always marshals
	}
	return string(b)
}

func readText(s string, into *agency.Text) error {
	if err := json.Unmarshal([]byte(s), into); err != nil {
		return fmt.Errorf("read text: %w", err)
	}
	return nil
}

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// scanAll runs a query and hands over each row.
func scanAll(ctx context.Context, q querier, query string, args []any, row func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := row(rows); err != nil {
			return closing(rows, err)
		}
	}
	return closing(rows, rows.Err())
}

// closing closes rows and returns the first error.
func closing(rows *sql.Rows, err error) error {
	if closeErr := rows.Close(); err == nil {
		err = closeErr
	}
	return err
}
