package campaign

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/db"
)

// Read lists the campaigns that are kept, by their first day.
func Read(ctx context.Context, tx *db.Tx) (List, error) {
	var all List
	err := db.ScanAll(ctx, tx, "SELECT id, name, first_day, last_day, ended_at, version_id, channels FROM campaigns ORDER BY first_day, id", nil, func(rows *sql.Rows) error {
		var c Campaign
		var name []byte
		var channels string
		var ended int64
		if err := rows.Scan(&c.ID, &name, &c.FirstDay, &c.LastDay, &ended, &c.VersionID, &channels); err != nil {
			return err
		}
		if ended != 0 {
			c.EndedAt = db.FromMicros(ended)
		}
		if channels != "" {
			for one := range strings.SplitSeq(channels, ";") {
				c.Channels = append(c.Channels, agency.Channel(one))
			}
		}
		all = append(all, c)
		return json.Unmarshal(name, &all[len(all)-1].Name)
	})
	if err != nil {
		return nil, db.Failed("list campaigns", err)
	}
	for _, of := range []struct {
		query string
		ids   func(*Campaign) *[]int64
	}{
		{"SELECT campaign_id, agency_id FROM campaign_agencies ORDER BY agency_id", func(c *Campaign) *[]int64 { return &c.AgencyIDs }},
		{"SELECT campaign_id, point_id FROM campaign_points ORDER BY point_id", func(c *Campaign) *[]int64 { return &c.PointIDs }},
	} {
		err := db.ScanAll(ctx, tx, of.query, nil, func(rows *sql.Rows) error {
			var campaign, id int64
			err := rows.Scan(&campaign, &id)
			if c := all.ByID(campaign); c != nil {
				ids := of.ids(c)
				*ids = append(*ids, id)
			}
			return err
		})
		if err != nil {
			return nil, db.Failed("list where campaigns are", err)
		}
	}
	return all, nil
}

// keep writes a campaign as a row, a new one if it has no id yet, which it returns.
func keep(ctx context.Context, tx *db.Tx, c Campaign) (Campaign, error) {
	name, err := json.Marshal(c.Name)
	if err != nil {
		return c, err
	}
	var ended int64
	if !c.EndedAt.IsZero() {
		ended = db.Micros(c.EndedAt)
	}
	channels := make([]string, len(c.Channels))
	for i, one := range c.Channels {
		channels[i] = string(one)
	}
	values := []any{string(name), c.FirstDay, c.LastDay, ended, c.VersionID, strings.Join(channels, ";")}
	if c.ID == 0 {
		err = tx.QueryRowContext(ctx, "INSERT INTO campaigns (name, first_day, last_day, ended_at, version_id, channels) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id", values...).Scan(&c.ID)
	} else if err = unplace(ctx, tx, c.ID); err == nil {
		_, err = tx.ExecContext(ctx, "UPDATE campaigns SET name = $1, first_day = $2, last_day = $3, ended_at = $4, version_id = $5, channels = $6 WHERE id = $7", append(values, c.ID)...)
	}
	if err != nil {
		return c, db.Failed("keep campaign", err)
	}
	for _, of := range []struct {
		table, column string
		ids           []int64
	}{{"campaign_agencies", "agency_id", c.AgencyIDs}, {"campaign_points", "point_id", c.PointIDs}} {
		for some := range slices.Chunk(of.ids, tx.DB().MaxSetRows(0)) {
			statement, args := tx.DB().InsertSet(of.table, []db.Column{
				db.Numbers("campaign_id", some, func(int64) int64 { return c.ID }), db.Numbers(of.column, some, func(id int64) int64 { return id }),
			}, "")
			if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
				return c, db.Failed("keep where a campaign is", err)
			}
		}
	}
	return c, nil
}

// forget removes the row of a campaign.
func forget(ctx context.Context, tx *db.Tx, id int64) error {
	err := unplace(ctx, tx, id)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM campaigns WHERE id = $1", id)
	}
	return db.Failed("remove campaign", err)
}

// unplace removes where a campaign is.
func unplace(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM campaign_agencies WHERE campaign_id = $1", id)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM campaign_points WHERE campaign_id = $1", id)
	}
	return err
}

// normal has each list in its order, and nothing twice.
func (c Campaign) normal() Campaign {
	sorted := func(ids []int64) []int64 { return slices.Compact(slices.Sorted(slices.Values(ids))) }
	c.AgencyIDs, c.PointIDs = sorted(c.AgencyIDs), sorted(c.PointIDs)
	place := func(of agency.Channel) int { return slices.Index(agency.Channels(), of) }
	c.Channels = slices.Compact(slices.SortedFunc(slices.Values(c.Channels), func(a, b agency.Channel) int { return cmp.Compare(place(a), place(b)) }))
	if len(c.Channels) == len(agency.Channels()) {
		c.Channels = nil
	}
	return c
}

// Entry is what the audit says of a campaign.
type Entry struct {
	ID        int64            `json:"id"`
	Name      agency.Text      `json:"name"`
	FirstDay  string           `json:"first_day"`
	LastDay   string           `json:"last_day"`
	Ended     bool             `json:"ended,omitempty"` // before its last day was over
	VersionID int64            `json:"version_id"`
	Channels  []agency.Channel `json:"channels,omitempty"`
	AgencyIDs []int64          `json:"agencies,omitempty"`
	PointIDs  []int64          `json:"service_points,omitempty"`
}

// Entry is what the audit says of it.
func (c Campaign) Entry() Entry {
	return Entry{c.ID, c.Name, c.FirstDay, c.LastDay, !c.EndedAt.IsZero(), c.VersionID, c.Channels, c.AgencyIDs, c.PointIDs}
}

// Tables are those of the package, in the order in which rows may be inserted.
func Tables() []db.Table {
	return []db.Table{
		{Name: "campaigns", Order: "id", Identity: true}, {Name: "campaign_agencies", Order: "campaign_id, agency_id"},
		{Name: "campaign_points", Order: "campaign_id, point_id"},
	}
}
