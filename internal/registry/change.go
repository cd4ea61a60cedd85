package registry

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sipas/internal/audit"
	"sipas/internal/db"
)

// Change is a change under way. What is done with it is seen all together once
// it is committed, or not at all, and stands in the audit log with its author.
type Change struct {
	noted
	targets
	emblems
	officials
	before int64             // the revision that it makes another of
	given  map[string]string // see Options
}

// noted is the transaction of a change and who makes it.
type noted struct {
	tx *db.Tx
	by audit.Author
	at time.Time
}

// Change makes a change: f does as many things as belong together, each of which
// writes its entry into the audit log, and every instance sees them within two
// seconds. If f fails, nothing was changed.
func (r *Registry) Change(ctx context.Context, by audit.Author, f func(c *Change) error) error {
	defer r.forget() // also after an error: the commit may have gone through
	return r.db.Change(ctx, func(tx *db.Tx) error {
		// At first, so that changes of several instances wait for each other.
		if _, err := tx.ExecContext(ctx, "UPDATE registry SET revision = revision + 1"); err != nil {
			return fmt.Errorf("raise revision: %w", err)
		}
		var revision int64
		if err := tx.QueryRowContext(ctx, "SELECT revision FROM registry").Scan(&revision); err != nil {
			return fmt.Errorf("read revision: %w", err)
		}
		made := noted{tx, by, r.now()}
		return f(&Change{made, targets{made}, emblems{made}, officials{made}, revision - 1, r.given})
	})
}

// Tx is the transaction of the change, for what other packages keep and belongs
// to it.
func (c noted) Tx() *db.Tx { return c.tx }

// Follows tells whether nothing was changed since a snapshot was taken, so that what
// was made up with it in mind still holds.
func (c *Change) Follows(s *Snapshot) bool { return c.before == s.Revision }

// Now reads what administrators keep as the change has left it so far.
func (c *Change) Now(ctx context.Context) (*Snapshot, error) { return load(ctx, c.tx, c.given, nil) }

func (c noted) rows(ctx context.Context) *gorm.DB { return c.tx.Rows(ctx) }

// Tables are those of the package, in the order in which rows may be inserted.
func Tables() []db.Table {
	return []db.Table{
		{Name: "settings", Order: "name"},
		{Name: "emblems", Order: "place"},
		// An agency has more ancestors than its parent.
		{Name: "agencies", Order: `(WITH RECURSIVE up (id) AS (SELECT agencies.parent_id UNION SELECT a.parent_id FROM agencies a JOIN up ON a.id = up.id)
			SELECT COUNT(id) FROM up), id`, Identity: true},
		{Name: "successions", Order: "from_id, to_id"},
		{Name: "service_fields", Order: "key"},
		{Name: "service_points", Order: "id", Identity: true},
		{Name: "service_point_fields", Order: "service_point_id, sort, field_key"},
		{Name: "replaced_codes", Order: "code"},
		{Name: "officials", Order: "id", Identity: true},
		{Name: "replaced_badges", Order: "badge"},
		{Name: "survey_versions", Order: "id", Identity: true},
		{Name: "indicators", Order: "id", Identity: true},
		{Name: "targets", Order: "id", Identity: true},
	}
}
