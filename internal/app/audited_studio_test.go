package app_test

import (
	"context"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/studio"
)

// draftChanges are those of who makes surveys; the operations on a draft are a log of
// their own.
func draftChanges() []change {
	kept := func(s *scene) *studio.Studio { return studio.New(s.DB, s.Registry, auditClock) }
	first := func(ctx context.Context, s *scene) (int64, error) {
		list, err := kept(s).List(ctx, false)
		if err != nil || len(list) == 0 {
			return 0, err
		}
		return list[0].ID, nil
	}
	return []change{
		{"studio.Studio.Create", []string{"draft.create draft/N"}, func(ctx context.Context, s *scene, by audit.Author) error {
			from := s.snap.Newest(s.point.SurveyKey).Definition
			from.Key, from.Title = "phieu-khac", agency.Text{"vi": "Phiếu khác", "en": "Another"}
			_, err := kept(s).Create(ctx, by, studio.Origin{Definition: from})
			return err
		}},
		{"studio.Studio.Publish", []string{"survey.publish survey/phieu-khac.1", "draft.publish draft/N"}, func(ctx context.Context, s *scene, by audit.Author) error {
			id, err := first(ctx, s)
			if err == nil {
				_, err = kept(s).Publish(ctx, by, id, 0, 0)
			}
			return err
		}},
		{"studio.Studio.Archive", []string{"draft.archive draft/N"}, func(ctx context.Context, s *scene, by audit.Author) error {
			id, err := first(ctx, s)
			if err == nil {
				err = kept(s).Archive(ctx, by, id, true)
			}
			return err
		}},
	}
}
