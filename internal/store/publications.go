package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
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
		At: fromMicros(r.PublishedAt), By: r.PublishedBy,
	}, nil
}

// Publish keeps figures as the next edition of their period and returns them
// with id and edition. Two at the same moment for one period: one of them is
// survey.ErrConflict.
func (s *Store) Publish(ctx context.Context, p Publication) (Publication, error) {
	row := publicationRow{
		Year: p.Year, Period: p.Period, Board: string(p.Board), PublishedAt: micros(p.At), PublishedBy: p.By,
	}
	err := s.ormWrite.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		err := tx.Model(&publicationRow{}).Where("year = ? AND period = ?", p.Year, p.Period).
			Select("COALESCE(MAX(edition), 0) + 1").Scan(&row.Edition).Error
		if err != nil {
			return err
		}
		return tx.Create(&row).Error
	})
	if err != nil {
		return Publication{}, failed(fmt.Sprintf("publish %d %s", p.Year, p.Period), err)
	}
	return row.domain()
}

// Published lists what is public: of each period the newest edition that was
// not withdrawn, newest year first.
func (s *Store) Published(ctx context.Context) ([]Publication, error) {
	newest := s.orm.WithContext(ctx).Model(&publicationRow{}).Select("MAX(id)").
		Where("withdrawn_at IS NULL").Group("year, period")
	return list("list publications", s.orm.WithContext(ctx).Where("id IN (?)", newest).Order("year DESC, id DESC"), publicationRow.domain)
}

// Withdraw takes every edition of a period back from the public, as otherwise
// an earlier one would stand again; they stay on record. A period that is not
// public is survey.ErrNotFound.
func (s *Store) Withdraw(ctx context.Context, year int, period string, at time.Time) error {
	return changed(fmt.Sprintf("withdraw %d %s", year, period), s.ormWrite.WithContext(ctx).Model(&publicationRow{}).
		Where("year = ? AND period = ? AND withdrawn_at IS NULL", year, period).Update("withdrawn_at", micros(at)))
}
