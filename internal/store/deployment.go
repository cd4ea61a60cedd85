package store

import (
	"context"
	"encoding/json"
	"fmt"

	"sipas/internal/agency"
)

// Deployment is whose database this is.
type Deployment struct {
	Province  agency.Text // its name, nil if it was never set
	Synthetic bool        // the citizens are made up, and every page must say so
}

// Deployment reads the settings that say so.
func (s *Store) Deployment(ctx context.Context) (Deployment, error) {
	var d Deployment
	name, err := s.Setting(ctx, SettingProvince)
	if err != nil {
		return d, fmt.Errorf("read deployment: %w", err)
	}
	if name != "" {
		if err := json.Unmarshal([]byte(name), &d.Province); err != nil {
			return d, fmt.Errorf("read setting %s: %w", SettingProvince, err)
		}
	}
	synthetic, err := s.Setting(ctx, SettingSynthetic)
	if err != nil {
		return d, fmt.Errorf("read deployment: %w", err)
	}
	d.Synthetic = synthetic == "1"
	return d, nil
}
