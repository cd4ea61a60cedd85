package registry

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/db"
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
)

// secret tells whether a setting may not stand in the audit log.
func secret(name string) bool { return name == SettingExportKey }

// Settings are the named values of a deployment.
type Settings struct {
	Province  agency.Text // its name, nil if it was never set
	Synthetic bool        // the citizens are made up, and every page must say so

	values map[string]string
}

// Value is a setting by its name, "" if it was never set.
func (s Settings) Value(name string) string { return s.values[name] }

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

func parseSettings(values map[string]string) (Settings, error) {
	s := Settings{Synthetic: values[SettingSynthetic] == "1", values: values}
	if name := values[SettingProvince]; name != "" {
		if err := json.Unmarshal([]byte(name), &s.Province); err != nil {
			return s, fmt.Errorf("read setting %s: %w", SettingProvince, err)
		}
	}
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
