package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sipas/internal/agency"
	"sipas/internal/db"
	"sipas/internal/fault"
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
		ID: r.ID, Code: r.Code, ParentID: db.OrZero(r.ParentID), Kind: agency.Kind(r.Kind),
		ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Order: r.Sort, Hotline: r.Hotline,
	}
	return a, readText(r.Name, &a.Name)
}

// AddAgency keeps a new agency and returns it with its id. A code in use is
// fault.ErrConflict.
func (c *Change) AddAgency(ctx context.Context, a agency.Agency) (agency.Agency, error) {
	row := agencyRow{
		Code: a.Code, ParentID: db.OrNull(a.ParentID), Kind: string(a.Kind), Name: writeText(a.Name),
		ValidFrom: a.ValidFrom, ValidTo: a.ValidTo, Sort: a.Order, Hotline: a.Hotline,
	}
	if err := c.rows(ctx).Create(&row).Error; err != nil {
		return agency.Agency{}, db.Failed("add agency "+a.Code, err)
	}
	a.ID = row.ID
	return a, c.Note(ctx, "agency.add", "agency/"+a.Code, nil, agencyEntry(a))
}

// UpdateAgency keeps what an agency is from now on, by its id; its hotline is not
// looked at. Without the agency it is fault.ErrNotFound.
func (c *Change) UpdateAgency(ctx context.Context, a agency.Agency) error {
	before, err := c.agency(ctx, a.ID)
	if err != nil {
		return err
	}
	a.Hotline = before.Hotline
	err = db.Changed("update agency "+a.Code, c.rows(ctx).Model(&agencyRow{}).Where("id = ?", a.ID).Updates(map[string]any{
		"code": a.Code, "parent_id": db.OrNull(a.ParentID), "kind": string(a.Kind), "name": writeText(a.Name),
		"valid_from": a.ValidFrom, "valid_to": a.ValidTo, "sort": a.Order,
	}))
	if err != nil {
		return err
	}
	return c.Note(ctx, "agency.update", "agency/"+before.Code, agencyEntry(before), agencyEntry(a))
}

// RemoveAgency forgets an agency that nothing hangs on. Errors: fault.ErrNotFound;
// fault.ErrConflict if something does, such as an answer about its work.
func (c *Change) RemoveAgency(ctx context.Context, id int64) error {
	before, err := c.agency(ctx, id)
	if err != nil {
		return err
	}
	removed := c.rows(ctx).Delete(&agencyRow{ID: id})
	if errors.Is(removed.Error, gorm.ErrForeignKeyViolated) {
		return fmt.Errorf("remove agency %s: %w: %w", before.Code, fault.ErrConflict, removed.Error)
	}
	if err := db.Changed("remove agency "+before.Code, removed); err != nil {
		return err
	}
	return c.Note(ctx, "agency.remove", "agency/"+before.Code, agencyEntry(before), nil)
}

func readAgencies(rows *gorm.DB) ([]agency.Agency, error) {
	return db.List("list agencies", rows.Order("sort, id"), agencyRow.domain)
}

// SetHotline keeps the hotline of an agency, "" to have that of the one above.
// Without the agency it is fault.ErrNotFound.
func (c *Change) SetHotline(ctx context.Context, id int64, number string) error {
	before, err := c.agency(ctx, id)
	if err != nil {
		return err
	}
	if err := db.Changed("set hotline", c.rows(ctx).Model(&agencyRow{}).Where("id = ?", id).Update("hotline", number)); err != nil {
		return err
	}
	return c.Note(ctx, "agency.set-hotline", "agency/"+before.Code, before.Hotline, number)
}

func (c *Change) agency(ctx context.Context, id int64) (agency.Agency, error) {
	return db.One("find agency", c.rows(ctx).Where("id = ?", id), agencyRow.domain)
}

type successionRow struct {
	FromID, ToID int64
	Day          string
	Share        int
}

func (successionRow) TableName() string { return "successions" }

// AddSuccession keeps that one agency took over the work of another.
func (c *Change) AddSuccession(ctx context.Context, su agency.Succession) error {
	row := successionRow(su)
	if err := c.rows(ctx).Create(&row).Error; err != nil {
		return db.Failed("add succession", err)
	}
	from, err := c.agency(ctx, su.FromID)
	if err != nil {
		return err
	}
	return c.Note(ctx, "succession.add", "agency/"+from.Code, nil, successionEntry(su))
}

// RemoveSuccession forgets that one agency took over the work of another. Without
// that it is fault.ErrNotFound.
func (c *Change) RemoveSuccession(ctx context.Context, su agency.Succession) error {
	from, err := c.agency(ctx, su.FromID)
	if err != nil {
		return err
	}
	removed := c.rows(ctx).Where("from_id = ? AND to_id = ? AND day = ? AND share = ?", su.FromID, su.ToID, su.Day, su.Share).Delete(&successionRow{})
	if err := db.Changed("remove succession", removed); err != nil {
		return err
	}
	return c.Note(ctx, "succession.remove", "agency/"+from.Code, successionEntry(su), nil)
}

func readSuccessions(rows *gorm.DB) ([]agency.Succession, error) {
	return db.List("list successions", rows.Order("day, from_id, to_id"), func(r successionRow) (agency.Succession, error) {
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

// AddServiceField keeps a new service field. A key in use is fault.ErrConflict.
func (c *Change) AddServiceField(ctx context.Context, f agency.ServiceField) error {
	row := fieldRow{Key: f.Key, Name: writeText(f.Name), Scope: string(f.Scope), Sort: f.Order}
	if err := c.rows(ctx).Create(&row).Error; err != nil {
		return db.Failed("add service field "+f.Key, err)
	}
	return c.Note(ctx, "service-field.add", "service-field/"+f.Key, nil, fieldEntry(f))
}

func readFields(rows *gorm.DB) ([]agency.ServiceField, error) {
	return db.List("list service fields", rows.Order("sort, key"), func(r fieldRow) (agency.ServiceField, error) {
		f := agency.ServiceField{Key: r.Key, Scope: agency.FieldScope(r.Scope), Order: r.Sort}
		return f, readText(r.Name, &f.Name)
	})
}

func writeText(t agency.Text) string {
	b, err := json.Marshal(t)
	if err != nil {
		return "{}" // a map of strings always marshals
	}
	return string(b)
}

func readText(s string, into *agency.Text) error {
	if err := json.Unmarshal([]byte(s), into); err != nil {
		return fmt.Errorf("read text: %w", err)
	}
	return nil
}
