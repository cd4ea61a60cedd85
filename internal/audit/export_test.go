package audit

import (
	"context"

	"sipas/internal/db"
)

// EncodedForTest is what is hashed of an entry with this number.
func EncodedForTest(e Entry, number int64, before string) (string, error) {
	r, err := e.row()
	r.Number = number
	return string(r.encoded(before)), err
}

// HashAnewForTest gives an entry the hash that fits what it says now, as
// somebody would who knows how it is made.
func HashAnewForTest(ctx context.Context, d *db.DB, number int64) error {
	var r row
	var before []string
	if err := d.Rows(ctx).Where("number = ?", number).Take(&r).Error; err != nil {
		return err
	}
	if err := d.Rows(ctx).Model(&row{}).Where("number = ?", number-1).Pluck("hash", &before).Error; err != nil {
		return err
	}
	_, err := d.Exec(ctx, "UPDATE audit_entries SET hash = $1 WHERE number = $2", r.hashed(append(before, "")[0]), number)
	return err
}
