package publication

import (
	"context"
	"fmt"
	"time"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/db"
)

// Publication is one edition of the public figures of a period. Its board
// never changes.
type Publication struct {
	ID      int64
	Year    int
	Period  string // the part of the year: "Y", "Q1", "H1", "9M", "M05"
	Edition int    // 1, 2, ... within year and period
	Board   []byte // JSON
	At      time.Time
	By      string // who published it
}

type publicationRow struct {
	ID          int64
	Year        int
	Period      string
	Edition     int
	Board       string
	PublishedAt int64
	PublishedBy string
}

func (publicationRow) TableName() string { return "publications" }

func (r publicationRow) domain() (Publication, error) {
	return Publication{
		ID: r.ID, Year: r.Year, Period: r.Period, Edition: r.Edition, Board: []byte(r.Board),
		At: db.FromMicros(r.PublishedAt), By: r.PublishedBy,
	}, nil
}

// publish keeps figures as the next edition of their period and returns them
// with id and edition. Two at the same moment for one period: one of them is
// fault.ErrConflict.
func (p *Publisher) publish(ctx context.Context, by audit.Author, made Publication) (Publication, error) {
	row := publicationRow{
		Year: made.Year, Period: made.Period, Board: string(made.Board), PublishedAt: db.Micros(made.At), PublishedBy: made.By,
	}
	doing := fmt.Sprintf("publish %d %s", made.Year, made.Period)
	err := p.db.Change(ctx, func(tx *db.Tx) error {
		err := tx.Rows(ctx).Model(&publicationRow{}).Where("year = ? AND period = ?", made.Year, made.Period).
			Select("COALESCE(MAX(edition), 0) + 1").Scan(&row.Edition).Error
		if err != nil {
			return db.Failed(doing, err)
		}
		if err := tx.Rows(ctx).Create(&row).Error; err != nil {
			return db.Failed(doing, err)
		}
		return audit.Append(ctx, tx, audit.Entry{
			At: made.At, Author: by, Action: "publication.publish", Subject: publicationSubject(made.Year, made.Period), After: map[string]int{"edition": row.Edition},
		})
	})
	if err != nil {
		return Publication{}, err
	}
	return row.domain()
}

func publicationSubject(year int, period string) string {
	return fmt.Sprintf("publication/%d/%s", year, period)
}

// Publications lists what is public: of each period the newest edition that was
// not withdrawn, newest year first.
func (p *Publisher) Publications(ctx context.Context) ([]Publication, error) {
	newest := p.db.Rows(ctx).Model(&publicationRow{}).Select("MAX(id)").
		Where("withdrawn_at IS NULL").Group("year, period")
	return db.List("list publications", p.db.Rows(ctx).Where("id IN (?)", newest).Order("year DESC, id DESC"), publicationRow.domain)
}

// Withdraw takes every edition of a period back from the public, as otherwise
// an earlier one would stand again; they stay on record. A period that is not
// public is fault.ErrNotFound.
func (p *Publisher) Withdraw(ctx context.Context, by audit.Author, period civil.Period) error {
	year, part := period.Year, period.Part()
	return p.db.Change(ctx, func(tx *db.Tx) error {
		err := db.Changed(fmt.Sprintf("withdraw %d %s", year, part), tx.Rows(ctx).Model(&publicationRow{}).
			Where("year = ? AND period = ? AND withdrawn_at IS NULL", year, part).Update("withdrawn_at", db.Micros(p.now())))
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: p.now(), Author: by, Action: "publication.withdraw", Subject: publicationSubject(year, part)})
	})
}

// Tables are those of the package.
func Tables() []db.Table { return []db.Table{{Name: "publications", Order: "id", Identity: true}} }
