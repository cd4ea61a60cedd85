// Package retention removes what is kept no longer than the province decides: free texts,
// for good.
package retention

import (
	"context"
	"fmt"
	"time"

	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/freetext"
)

// atOnce is how many texts a transaction removes: citizens' answers wait for no more.
const atOnce = 500

// Entry is what the audit says of a removal.
type Entry struct {
	Before string `json:"before"` // the civil day
	Texts  int64  `json:"texts"`  // that there were
}

// ForgetTexts removes the texts of answers from before a civil day, for good, and tells how
// many. Levels and choices stay, and so does every figure. The run has one entry, in its
// first transaction: how many texts it finds. What a run that is cut off leaves is the next
// one's, with an entry of its own. After an error some may be left, or traces of those
// removed in the database's files; the next run tries both again.
func ForgetTexts(ctx context.Context, d *db.DB, by audit.Author, at time.Time, before string) (n int64, err error) {
	for more := true; more; {
		var some int64
		err := d.Change(ctx, func(tx *db.Tx) (err error) {
			if n == 0 {
				found, err := freetext.Count(ctx, tx, before)
				if err != nil || found == 0 {
					return err
				}
				if err := audit.Append(ctx, tx, audit.Entry{At: at, Author: by, Action: "response.forget-texts", Subject: "texts", After: Entry{before, found}}); err != nil {
					return err
				}
			}
			some, err = freetext.RemoveSome(ctx, tx, before, atOnce)
			return err
		})
		if err != nil {
			return n, fmt.Errorf("forget texts: %w", err)
		}
		n, more = n+some, some == atOnce
	}
	return n, db.Failed("clear the files of texts", d.Scrub(ctx, freetext.Table))
}
