package store

import (
	"context"

	"sipas/internal/agency"
)

type agencyRow struct {
	ID        int64
	Code      string
	ParentID  *int64
	Kind      string
	Name      string
	ValidFrom string
	ValidTo   string
	Sort      int
	Hotline   string
}

func (agencyRow) TableName() string { return "agencies" }

func (r agencyRow) domain() (agency.Agency, error) {
	a := agency.Agency{
		ID: r.ID, Code: r.Code, ParentID: orZero(r.ParentID), Kind: agency.AgencyKind(r.Kind),
		ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Order: r.Sort, Hotline: r.Hotline,
	}
	return a, readText(r.Name, &a.Name)
}

// AddAgency keeps a new agency and returns it with its id. A code in use is
// survey.ErrConflict.
func (s *Store) AddAgency(ctx context.Context, a agency.Agency) (agency.Agency, error) {
	row := agencyRow{
		Code: a.Code, ParentID: orNull(a.ParentID), Kind: string(a.Kind), Name: writeText(a.Name),
		ValidFrom: a.ValidFrom, ValidTo: a.ValidTo, Sort: a.Order, Hotline: a.Hotline,
	}
	if err := s.ormWrite.WithContext(ctx).Create(&row).Error; err != nil {
		return agency.Agency{}, failed("add agency "+a.Code, err)
	}
	a.ID = row.ID
	return a, nil
}

// Agencies lists every agency, parents and siblings in their order.
func (s *Store) Agencies(ctx context.Context) ([]agency.Agency, error) {
	return list("list agencies", s.orm.WithContext(ctx).Order("sort, id"), agencyRow.domain)
}

// SetHotline keeps the hotline of an agency, "" to have that of the one above.
func (s *Store) SetHotline(ctx context.Context, id int64, number string) error {
	return changed("set hotline", s.ormWrite.WithContext(ctx).Model(&agencyRow{}).Where("id = ?", id).Update("hotline", number))
}

type successionRow struct {
	FromID, ToID int64
	Day          string
	Share        int
}

func (successionRow) TableName() string { return "successions" }

// AddSuccession keeps that one agency took over the work of another.
func (s *Store) AddSuccession(ctx context.Context, su agency.Succession) error {
	row := successionRow(su)
	return failed("add succession", s.ormWrite.WithContext(ctx).Create(&row).Error)
}

// Successions lists every succession by day.
func (s *Store) Successions(ctx context.Context) ([]agency.Succession, error) {
	return list("list successions", s.orm.WithContext(ctx).Order("day, from_id, to_id"), func(r successionRow) (agency.Succession, error) {
		return agency.Succession(r), nil
	})
}

type fieldRow struct {
	Key   string
	Name  string
	Scope string
	Sort  int
}

func (fieldRow) TableName() string { return "service_fields" }

// AddServiceField keeps a new service field. A key in use is survey.ErrConflict.
func (s *Store) AddServiceField(ctx context.Context, f agency.ServiceField) error {
	row := fieldRow{Key: f.Key, Name: writeText(f.Name), Scope: string(f.Scope), Sort: f.Order}
	return failed("add service field "+f.Key, s.ormWrite.WithContext(ctx).Create(&row).Error)
}

// ServiceFields lists every service field in order, the reserved ones last.
func (s *Store) ServiceFields(ctx context.Context) ([]agency.ServiceField, error) {
	return list("list service fields", s.orm.WithContext(ctx).Order("sort, key"), func(r fieldRow) (agency.ServiceField, error) {
		f := agency.ServiceField{Key: r.Key, Scope: agency.FieldScope(r.Scope), Order: r.Sort}
		return f, readText(r.Name, &f.Name)
	})
}

// Setting reads one named value of the deployment, "" if it was never set.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	var values []string
	err := s.orm.WithContext(ctx).Table("settings").Where("name = ?", name).Pluck("value", &values).Error
	if err != nil || len(values) == 0 {
		return "", failed("read setting", err)
	}
	return values[0], nil
}

// SaveSetting keeps a named value of the deployment.
func (s *Store) SaveSetting(ctx context.Context, name, value string) error {
	_, err := s.write.ExecContext(ctx,
		"INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return failed("save setting", err)
}

// KeepSetting gives a named value of the deployment; where there is none it is
// set to fresh, by whoever comes first.
func (s *Store) KeepSetting(ctx context.Context, name, fresh string) (string, error) {
	value, err := s.Setting(ctx, name)
	if value != "" || err != nil {
		return value, err
	}
	if _, err := s.write.ExecContext(ctx,
		"INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, fresh); err != nil {
		return "", failed("keep setting", err)
	}
	return s.Setting(ctx, name)
}

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
