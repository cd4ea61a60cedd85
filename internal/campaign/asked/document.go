package asked

import (
	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/registry"
)

// Document is a campaign as programs read it.
type Document struct {
	ID       int64          `json:"id"`
	Name     agency.Text    `json:"name"`
	FirstDay string         `json:"first_day"`
	LastDay  string         `json:"last_day"` // included
	State    campaign.State `json:"state"`
	Survey   string         `json:"survey"`
	Version  string         `json:"version"`
	Channels []string       `json:"channels"` // empty: all
	Agencies []string       `json:"agencies"` // codes; with all below them
	Points   []string       `json:"points"`   // codes; both empty: everywhere
}

// Describe gives a campaign for programs.
func Describe(snap *registry.Snapshot, c campaign.Campaign, now campaign.Moment) Document {
	a := Of(snap, c)
	return Document{
		c.ID, c.Name, c.FirstDay, c.LastDay, c.State(now), snap.Version(c.VersionID).Definition.Key, a.Version, a.Channels, a.Agencies, a.Points,
	}
}
