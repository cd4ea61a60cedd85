package store

import (
	"context"
	"database/sql"
)

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
