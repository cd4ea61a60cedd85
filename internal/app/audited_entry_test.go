package app_test

import (
	"context"
	"log/slog"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/entry"
	"sipas/internal/intake"
	"sipas/internal/survey"
)

// entryChanges are those of batches of sheets.
func entryChanges() []change {
	day := auditDay.Format(time.DateOnly)
	cells := func(s *scene, level string) entry.Cells {
		headline := s.snap.Newest(s.point.SurveyKey).Definition.Headline
		return entry.Cells{"day": day, "a." + headline: level, "a.comment": saidInConfidence}
	}
	open := func(ctx context.Context, s *scene, book *entry.Book, by audit.Author) (entry.Batch, error) {
		return book.Open(ctx, by, s.snap, entry.Batch{
			PointID: s.point.ID, VersionID: s.snap.Newest(s.point.SurveyKey).ID, Channel: agency.ChannelPaper, Language: "vi", From: day, To: day, Expected: 1,
		})
	}
	// of does something with the first of all batches.
	of := func(name, entryOf string, do func(context.Context, *scene, *entry.Book, audit.Author, entry.Batch) error) change {
		return change{"entry.Book." + name, []string{entryOf + " entry-batch/N"}, func(ctx context.Context, s *scene, by audit.Author) error {
			log := slog.New(slog.DiscardHandler)
			in := intake.New(s.Registry, s.Store, intake.Options{Now: auditClock, Zone: time.UTC, Log: log})
			defer func() { _ = in.Close(ctx) }()
			book := entry.New(s.DB, s.Store, in, entry.Options{Now: auditClock, Zone: time.UTC, Log: log})
			all, err := book.All(ctx)
			if err != nil {
				return err
			}
			return do(ctx, s, book, by, append(all, entry.Batch{})[0])
		}}
	}
	id := survey.NewID(auditDay)
	return []change{
		of("Open", "entry-batch.open", func(ctx context.Context, s *scene, book *entry.Book, by audit.Author, _ entry.Batch) error {
			b, err := open(ctx, s, book, by)
			if err != nil {
				return err
			}
			return book.Put(ctx, s.snap, b, entry.Sheet{Number: 1, Typing: 1, By: "account 1", Cells: cells(s, "4")}, false)
		}),
		of("Close", "entry-batch.close", func(ctx context.Context, s *scene, book *entry.Book, by audit.Author, b entry.Batch) error {
			_, err := book.Close(ctx, by, s.snap, b, false)
			return err
		}),
		of("Correct", "entry-batch.correct", func(ctx context.Context, s *scene, book *entry.Book, by audit.Author, b entry.Batch) error {
			return book.Correct(ctx, by, s.snap, b, entry.Sheet{Number: 1, Typing: 1, By: "account 1", Cells: cells(s, "2")}, id)
		}),
		of("Open", "entry-batch.open", func(ctx context.Context, s *scene, book *entry.Book, by audit.Author, _ entry.Batch) error {
			_, err := open(ctx, s, book, by)
			return err
		}),
		of("Drop", "entry-batch.drop", func(ctx context.Context, s *scene, book *entry.Book, by audit.Author, b entry.Batch) error {
			return book.Drop(ctx, by, s.snap, b)
		}),
	}
}
