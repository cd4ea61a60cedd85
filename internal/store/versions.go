package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"sipas/internal/fault"
	"sipas/internal/score"
	"sipas/internal/survey"
)

type versionRow struct {
	ID          int64
	SurveyKey   string
	Number      int
	Definition  string
	PublishedAt int64
}

func (versionRow) TableName() string { return "survey_versions" }

func (r versionRow) domain() (*survey.Version, error) {
	var d survey.Definition
	if err := json.Unmarshal([]byte(r.Definition), &d); err != nil {
		return nil, fmt.Errorf("read version %d of survey %s: %w", r.Number, r.SurveyKey, err)
	}
	return survey.NewVersion(r.ID, r.Number, fromMicros(r.PublishedAt), d), nil
}

// PublishVersion keeps a definition as the survey's next version. Publishing
// what the newest version already says returns that version. A definition that
// is wrong, or whose method cannot be computed from tallies, is refused.
func (s *Store) PublishVersion(ctx context.Context, d survey.Definition, at time.Time) (*survey.Version, error) {
	if wrong := append(d.Validate(), methodProblems(d)...); len(wrong) > 0 {
		return nil, fmt.Errorf("publish survey %s: %s", d.Key, strings.Join(wrong, "; "))
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil, failed("publish survey "+d.Key, err)
	}
	newest, err := s.newestVersion(ctx, d.Key)
	switch {
	case errors.Is(err, fault.ErrNotFound):
	case err != nil:
		return nil, failed("publish survey "+d.Key, err)
	case reflect.DeepEqual(normal(newest.Definition), normal(d)):
		return newest, nil
	}
	row := versionRow{SurveyKey: d.Key, Number: 1, Definition: string(text), PublishedAt: micros(at)}
	if newest != nil {
		row.Number = newest.Number + 1
	}
	if err := s.ormWrite.WithContext(ctx).Create(&row).Error; err != nil {
		return nil, failed("publish survey "+d.Key, err)
	}
	return row.domain()
}

func methodProblems(d survey.Definition) []string {
	method, err := score.ParseMethod(d.Method)
	switch {
	case err != nil:
		return []string{"method: " + err.Error()}
	case !method.Tallied():
		return []string{"method: " + d.Method + " needs questions of a kind that surveys cannot ask"}
	case method == score.SingleQuestion && d.Headline == "":
		return []string{"headline: " + d.Method + " needs one"}
	}
	return nil
}

// normal passes a definition through its stored form, so that empty and absent
// parts compare equal.
func normal(d survey.Definition) survey.Definition {
	var out survey.Definition
	if b, err := json.Marshal(d); err == nil {
		_ = json.Unmarshal(b, &out) // what Marshal wrote can be read
	}
	return out
}

func (s *Store) newestVersion(ctx context.Context, surveyKey string) (*survey.Version, error) {
	return one("find version", s.ormWrite.WithContext(ctx).Where("survey_key = ?", surveyKey).Order("number DESC"), versionRow.domain)
}

// Versions lists every published version, oldest first within each survey.
func (s *Store) Versions(ctx context.Context) ([]*survey.Version, error) {
	return list("list versions", s.orm.WithContext(ctx).Order("survey_key, number"), versionRow.domain)
}
