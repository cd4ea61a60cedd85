package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"sipas/internal/audit"
	"sipas/internal/db"
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
	return survey.NewVersion(r.ID, r.Number, db.FromMicros(r.PublishedAt), d), nil
}

// PublishVersion keeps a definition as the survey's next version. Publishing
// what the newest version already says returns that version. A definition that
// is wrong, or whose method cannot be computed from tallies, is refused.
func (c *Change) PublishVersion(ctx context.Context, d survey.Definition, at time.Time) (*survey.Version, error) {
	if wrong := Faults(d); len(wrong) > 0 {
		texts := make([]string, len(wrong))
		for i, f := range wrong {
			texts[i] = f.Text
		}
		return nil, fmt.Errorf("publish survey %s: %s", d.Key, strings.Join(texts, "; "))
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil, db.Failed("publish survey "+d.Key, err)
	}
	newest, err := c.newestVersion(ctx, d.Key)
	switch {
	case errors.Is(err, fault.ErrNotFound):
	case err != nil:
		return nil, db.Failed("publish survey "+d.Key, err)
	case reflect.DeepEqual(normal(newest.Definition), normal(d)):
		return newest, nil
	}
	row := versionRow{SurveyKey: d.Key, Number: 1, Definition: string(text), PublishedAt: db.Micros(at)}
	if newest != nil {
		row.Number = newest.Number + 1
	}
	if err := c.rows(ctx).Create(&row).Error; err != nil {
		return nil, db.Failed("publish survey "+d.Key, err)
	}
	v, err := row.domain()
	if err != nil {
		return nil, err
	}
	return v, c.Note(ctx, "survey.publish", "survey/"+v.Name(), nil, audit.ContentOf(text))
}

// The codes of faults that a definition has by its method.
const (
	FaultMethod     = "method"
	FaultNotTallied = "method-not-tallied"
	FaultNoHeadline = "no-headline"
)

// Faults lists everything for which PublishVersion refuses a definition.
func Faults(d survey.Definition) []survey.Fault {
	faults := d.Faults()
	method, err := score.ParseMethod(d.Method)
	add := func(field, code, text string) {
		faults = append(faults, survey.Fault{Place: survey.Place{Field: field}, Code: code, Value: d.Method, Text: field + ": " + text})
	}
	switch {
	case err != nil:
		add("method", FaultMethod, err.Error())
	case !method.Tallied():
		add("method", FaultNotTallied, d.Method+" needs a question that a survey cannot name yet")
	case method == score.SingleQuestion && d.Headline == "":
		add("headline", FaultNoHeadline, d.Method+" needs one")
	}
	return faults
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

func (c *Change) newestVersion(ctx context.Context, surveyKey string) (*survey.Version, error) {
	return db.One("find version", c.rows(ctx).Where("survey_key = ?", surveyKey).Order("number DESC"), versionRow.domain)
}

// readVersions reads the published versions. One that the snapshot before has
// is taken from there: it cannot have changed.
func (s *Snapshot) readVersions(rows *gorm.DB, before *Snapshot) error {
	s.versions, s.versionIDs = map[string][]*survey.Version{}, map[int64]*survey.Version{}
	known := map[int64]*survey.Version{}
	if before != nil {
		known = before.versionIDs
	}
	var ids []int64
	if err := rows.Model(&versionRow{}).Order("survey_key, number").Pluck("id", &ids).Error; err != nil {
		return db.Failed("list versions", err)
	}
	missing := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return known[id] != nil })
	decoded := map[int64]*survey.Version{}
	for part := range slices.Chunk(missing, 100) {
		versions, err := db.List("list versions", rows.Where("id IN ?", part), versionRow.domain)
		if err != nil {
			return err
		}
		for _, v := range versions {
			decoded[v.ID] = v
		}
	}
	for _, id := range ids {
		v := known[id]
		if v == nil {
			v = decoded[id]
		}
		key := v.Definition.Key
		if s.versions[key] == nil {
			s.Surveys = append(s.Surveys, key)
		}
		s.versions[key] = append(s.versions[key], v)
		s.versionIDs[id] = v
	}
	return nil
}
