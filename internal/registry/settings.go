package registry

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/emblem"
	"sipas/internal/score"
)

// The names of settings.
const (
	// SettingProvince is the province's name, JSON of language -> text.
	SettingProvince = "province"
	// SettingSynthetic is "1" where the citizens are made up, so that every
	// page says so.
	SettingSynthetic = "synthetic"
	// SettingExportKey is the key by which exports name responses.
	SettingExportKey = "export-key"
	// SettingLanguages are the languages that forms are offered in, "vi,en"; "" for
	// all that their surveys have.
	SettingLanguages = "languages"
	// SettingTextMonths is for how many months free texts are kept; "0" for ever. No flag
	// goes before it: who shortens it must be told what will be removed.
	SettingTextMonths = "text-months"
	// SettingOfficials is "1" where people are also asked about the official who served
	// them: off unless a province decides so.
	SettingOfficials = "officials"
)

// The names of settings that the operator may give instead, by flags of these names.
const (
	SettingSmallCell  = "small-cell"
	SettingMinSample  = "min-sample"
	SettingCutOffDays = "cut-off-days"
)

// Bounds of SettingTextMonths, and what it is where nobody has set it.
const (
	DefaultTextMonths = 24
	MostTextMonths    = 240
)

// secret tells whether a setting may not stand in the audit log.
func secret(name string) bool { return name == SettingExportKey }

// Settings are the named values of a deployment.
type Settings struct {
	Province  agency.Text // its name, nil if it was never set
	Synthetic bool        // the citizens are made up, and every page must say so
	Officials bool        // answers count for the official who served as well
	SmallCell int64       // k: answers are shown in groups of so many people; at least score.MinK
	MinSample int64       // fewer people give no standing; at least SmallCell
	CutOffs   civil.CutOffs

	TextMonths int // free texts are kept for so many months; 0: for ever

	Emblem       *emblem.Emblem // nil: none
	FormerEmblem bool           // there was another before, to which one may go back

	values, given map[string]string
}

// Value is a setting by its name as it is kept, "" if it was never set.
func (s Settings) Value(name string) string { return s.values[name] }

// Given tells whether the operator has given a setting when the server was started: it
// goes before what is kept.
func (s Settings) Given(name string) bool { return s.given[name] != "" }

// Offered are those of a survey's languages that forms are offered in.
func (s Settings) Offered(languages []string) []string {
	kept := s.values[SettingLanguages]
	if kept == "" {
		return languages
	}
	among := strings.Split(kept, ",")
	return slices.DeleteFunc(slices.Clone(languages), func(l string) bool {
		return l != agency.FallbackLanguage && !slices.Contains(among, l)
	})
}

// TextsBefore is the civil day before which free texts go, as of today; some is false
// where none go.
func (s Settings) TextsBefore(today string) (day string, some bool) {
	return civil.MonthsBefore(today, s.TextMonths), s.TextMonths > 0
}

type settingRow struct{ Name, Value string }

func (settingRow) TableName() string { return "settings" }

func readSettings(rows *gorm.DB) (map[string]string, error) {
	var all []settingRow
	if err := rows.Find(&all).Error; err != nil {
		return nil, db.Failed("list settings", err)
	}
	values := make(map[string]string, len(all))
	for _, r := range all {
		values[r.Name] = r.Value
	}
	return values, nil
}

// parseSettings makes settings of those that are kept and those that the operator gave.
func parseSettings(values, given map[string]string) (Settings, error) {
	s := Settings{
		Synthetic: values[SettingSynthetic] == "1", Officials: values[SettingOfficials] == "1", SmallCell: score.DefaultK, MinSample: score.DefaultMinN, CutOffs: civil.ReportCutOffs(), TextMonths: DefaultTextMonths,
		values: values, given: given,
	}
	if name := values[SettingProvince]; name != "" {
		if err := json.Unmarshal([]byte(name), &s.Province); err != nil {
			return s, fmt.Errorf("read setting %s: %w", SettingProvince, err)
		}
	}
	for name, read := range map[string]func(string) error{
		SettingSmallCell:  func(text string) (err error) { s.SmallCell, err = strconv.ParseInt(text, 10, 64); return err },
		SettingMinSample:  func(text string) (err error) { s.MinSample, err = strconv.ParseInt(text, 10, 64); return err },
		SettingTextMonths: func(text string) (err error) { s.TextMonths, err = strconv.Atoi(text); return err },
		SettingCutOffDays: func(text string) (err error) { s.CutOffs, err = civil.ParseCutOffs(text); return err },
	} {
		if text := cmp.Or(given[name], values[name]); text != "" {
			if err := read(text); err != nil {
				return s, fmt.Errorf("read setting %s: %w", name, err)
			}
		}
	}
	s.SmallCell = max(s.SmallCell, score.MinK)
	s.MinSample = max(s.MinSample, s.SmallCell)
	return s, nil
}

// Set keeps a named value of the deployment.
func (c *Change) Set(ctx context.Context, name, value string) error {
	values, err := readSettings(c.rows(ctx))
	if err != nil {
		return err
	}
	_, err = c.tx.ExecContext(ctx,
		"INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	if err != nil {
		return db.Failed("save setting", err)
	}
	var before, after any
	if !secret(name) {
		after = value
		if was, set := values[name]; set {
			before = was
		}
	}
	return c.Note(ctx, "setting.set", "setting/"+name, before, after)
}

// Keep gives a named value of the deployment; where there is none it is set to
// fresh, by whoever comes first.
func (r *Registry) Keep(ctx context.Context, by audit.Author, name, fresh string) (value string, err error) {
	err = r.Change(ctx, by, func(c *Change) error {
		values, err := readSettings(c.rows(ctx))
		if err != nil {
			return err
		}
		if value = values[name]; value != "" {
			return nil
		}
		value = fresh
		return c.Set(ctx, name, fresh)
	})
	return value, err
}
