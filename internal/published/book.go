package published

import (
	"context"
	"fmt"
	"time"

	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// Book keeps the indices of a database.
type Book struct {
	db  *db.DB
	now func() time.Time
}

// New makes a Book on an open database.
func New(d *db.DB, now func() time.Time) *Book { return &Book{d, now} }

type indexRow struct {
	ID       int64
	Name     string
	Year     int
	AgencyID *int64
	Value    string
	Rank     int
	Ranked   int
	Source   string
	Day      string
}

func (indexRow) TableName() string { return "published_indices" }

func (r indexRow) domain() (Index, error) {
	return Index{
		ID: r.ID, Name: r.Name, Year: r.Year, AgencyID: db.OrZero(r.AgencyID), Value: r.Value, Rank: r.Rank, Of: r.Ranked, Source: r.Source, Day: r.Day,
	}, nil
}

// entry is what the audit says of an index.
type entry struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Year     int    `json:"year"`
	AgencyID int64  `json:"agency_id,omitempty"` // 0: the whole province
	Value    string `json:"value,omitempty"`
	Rank     int    `json:"rank,omitempty"`
	Of       int    `json:"of,omitempty"`
	Source   string `json:"source"`
	Day      string `json:"day,omitempty"`
}

// All lists every index, the newest years first.
func (b *Book) All(ctx context.Context) ([]Index, error) {
	return db.List("list published indices", b.db.Rows(ctx).Order("year DESC, name, id"), indexRow.domain)
}

// ByID finds an index; without it, it is fault.ErrNotFound.
func (b *Book) ByID(ctx context.Context, id int64) (Index, error) {
	return db.One("find published index", b.db.Rows(ctx).Where("id = ?", id), indexRow.domain)
}

// Keep keeps a new index, or changes the one with its id. Errors: *fault.Invalid,
// fault.ErrNotFound; fault.ErrConflict where there is another one of its name, year
// and agency.
func (b *Book) Keep(ctx context.Context, by audit.Author, i Index) error {
	if found := i.Problems(); len(found) > 0 {
		return &fault.Invalid{Problems: found}
	}
	return b.db.Change(ctx, func(tx *db.Tx) error {
		rows, row, action := tx.Rows(ctx), rowOf(i), "published-index.add"
		var before any
		if i.ID == 0 {
			if err := rows.Create(&row).Error; err != nil {
				return db.Failed("add published index", err)
			}
		} else {
			was, err := db.One("find published index", tx.Rows(ctx).Where("id = ?", i.ID), indexRow.domain)
			if err != nil {
				return err
			}
			if err := rows.Save(&row).Error; err != nil {
				return db.Failed("change published index", err)
			}
			before, action = entry(was), "published-index.change"
		}
		i.ID = row.ID
		return audit.Append(ctx, tx, audit.Entry{At: b.now(), Author: by, Action: action, Subject: i.subject(), Before: before, After: entry(i)})
	})
}

// Remove forgets an index; without it, it is fault.ErrNotFound.
func (b *Book) Remove(ctx context.Context, by audit.Author, id int64) error {
	return b.db.Change(ctx, func(tx *db.Tx) error {
		was, err := db.One("find published index", tx.Rows(ctx).Where("id = ?", id), indexRow.domain)
		if err != nil {
			return err
		}
		if err := db.Changed("remove published index", tx.Rows(ctx).Delete(&indexRow{ID: id})); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: b.now(), Author: by, Action: "published-index.remove", Subject: was.subject(), Before: entry(was)})
	})
}

func rowOf(i Index) indexRow {
	return indexRow{ID: i.ID, Name: i.Name, Year: i.Year, AgencyID: db.OrNull(i.AgencyID), Value: i.Value, Rank: i.Rank, Ranked: i.Of, Source: i.Source, Day: i.Day}
}

func (i Index) subject() string { return fmt.Sprintf("published-index/%s/%d", i.Name, i.Year) }

// Tables are those of the package for dump and restore.
func Tables() []db.Table { return []db.Table{{Name: "published_indices", Order: "id", Identity: true}} }
