package entry

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// Channels are those that sheets of a counter may have: its own, where staff fill in its
// forms, or else both. Whatever code a counter has, paper lies on the same desk.
func Channels(p agency.ServicePoint) []agency.Channel {
	if p.Channel.Staffed() {
		return []agency.Channel{p.Channel}
	}
	return []agency.Channel{agency.ChannelPaper, agency.ChannelInterviewer}
}

// Versions are those that sheets of a counter may be of: of its survey, the newest first,
// and of campaigns that have begun there.
func (k *Book) Versions(snap *registry.Snapshot, p agency.ServicePoint) []*survey.Version {
	versions := slices.Clone(snap.Versions(p.SurveyKey))
	slices.Reverse(versions)
	for _, c := range Channels(p) {
		p.Channel = c
		for _, begun := range snap.Campaigns.Begun(snap.Tree, &p, campaign.MomentOf(k.Now(), k.Zone)) {
			if v := snap.Version(begun.VersionID); v != nil && !slices.Contains(versions, v) {
				versions = append(versions, v)
			}
		}
	}
	return versions
}

// Form is what the sheets of a batch ask.
func (k *Book) Form(snap *registry.Snapshot, b Batch) (intake.Form, error) {
	point, known := snap.PointByID(b.PointID)
	version := snap.Version(b.VersionID)
	if !known || version == nil {
		return intake.Form{}, fmt.Errorf("form of batch %d: %w", b.ID, fault.ErrNotFound)
	}
	// Nobody scanned a code of the counter: however it asks, these are sheets.
	point.Channel = b.Channel
	owner, _ := snap.Tree.Agency(point.AgencyID)
	form := intake.Form{Code: point.Code, Point: point, Agency: owner, Head: snap.Tree.Head(point.AgencyID), Hotline: snap.Hotline(point), Version: version, Snapshot: snap}
	for _, key := range point.FieldKeys {
		field, _ := snap.Field(key)
		form.Fields = append(form.Fields, field)
	}
	return form, nil
}

// campaignOf is the campaign that a sheet counts to, as a form names it: the one that the
// counter asked on the day of the sheet, if that asked this version; else "".
func campaignOf(form intake.Form, at time.Time, zone *time.Location) string {
	c := form.Snapshot.Campaigns.Holding(form.Snapshot.Tree, &form.Point, campaign.MomentOf(at, zone))
	if c == nil || c.VersionID != form.Version.ID {
		return ""
	}
	return strconv.FormatInt(c.ID, 10)
}
