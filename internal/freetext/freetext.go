// Package freetext keeps what people wrote in their own words: apart from what is counted,
// so that it can go and every figure stays.
package freetext

import (
	"context"

	"sipas/internal/db"
	"sipas/internal/survey"
)

// Table is the package's own.
const Table = "response_texts"

// Tables are those of the package for dump and restore, behind the responses.
func Tables() []db.Table {
	return []db.Table{{Name: Table, Order: "service_point_id, response_id, question"}}
}

// Save keeps the texts of responses that are new, in the transaction that keeps them.
func Save(ctx context.Context, tx *db.Tx, fresh []*survey.Response) error {
	var points []int64
	var ids, questions, texts, days []string
	for _, r := range fresh {
		for _, t := range r.Texts {
			points, ids = append(points, r.ServicePointID), append(ids, r.ID)
			questions, texts, days = append(questions, t.Question), append(texts, t.Text), append(days, r.Day)
		}
	}
	most := tx.DB().MaxSetRows(5)
	for from := 0; from < len(ids); from += most {
		to := min(from+most, len(ids))
		query, args := tx.DB().InsertSet(Table, []db.Column{
			{Name: "service_point_id", Type: "bigint", Values: points[from:to]},
			{Name: "response_id", Type: "uuid", Values: ids[from:to]},
			{Name: "question", Type: "text", Values: questions[from:to]},
			{Name: "text", Type: "text", Values: texts[from:to]},
			{Name: "day", Type: "text", Values: days[from:to]},
		}, "")
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// Remove removes the texts of a response.
func Remove(ctx context.Context, tx *db.Tx, pointID int64, id string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM response_texts WHERE service_point_id = $1 AND response_id = $2", pointID, id)
	return err
}

// Count counts the texts of answers from before a civil day.
func Count(ctx context.Context, tx *db.Tx, before string) (n int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM response_texts WHERE day < $1", before).Scan(&n)
	return n, db.Failed("count texts", err)
}

// RemoveSome removes at most so many texts of answers from before a civil day, the oldest
// first, and tells how many.
func RemoveSome(ctx context.Context, tx *db.Tx, before string, most int) (n int64, err error) {
	removed, err := tx.ExecContext(ctx, "DELETE FROM response_texts WHERE (service_point_id, response_id, question) IN "+
		"(SELECT service_point_id, response_id, question FROM response_texts WHERE day < $1 ORDER BY day LIMIT $2)", before, most)
	if err == nil {
		n, err = removed.RowsAffected()
	}
	return n, db.Failed("remove texts", err)
}
