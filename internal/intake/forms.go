package intake

import (
	"context"
	"errors"
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// Form is all that a client needs to ask at one service point.
type Form struct {
	Code  agency.Code // by which it is opened: of the service point, or of a badge
	Point agency.ServicePoint
	// Official is who served, as the badge says; nil where none was scanned, or where
	// officials are not asked about.
	Official *agency.Official
	Agency   agency.Agency
	Head     agency.Agency         // at the top, above Agency; zero if Agency is at the top
	Hotline  string                // to report to; "" if there is none
	Version  *survey.Version       // of the campaign, or else the newest of the counter's survey
	Campaign *campaign.Campaign    // that holds here now; nil: none
	Fields   []agency.ServiceField // to choose from; one or none: nothing to choose
	// Snapshot is what the form was made of.
	Snapshot *registry.Snapshot
	opened   campaign.Moment
}

// Languages are those that the form is offered in.
func (f Form) Languages() []string {
	if f.Version == nil { // of a badge at no counter
		return []string{agency.FallbackLanguage}
	}
	if f.Snapshot == nil {
		return f.Version.Definition.Languages
	}
	return f.Snapshot.Settings.Offered(f.Version.Definition.Languages)
}

// VersionNamed finds the version that a client was shown: somebody who opened the
// form before a new edition was published, or before a campaign began or ended, may
// still send it. An unknown name gives the one that is asked now, which the validation
// then finds to be another one.
func (f Form) VersionNamed(name string) *survey.Version {
	if f.Version != nil && f.Version.Name() == name || f.Snapshot == nil {
		return f.Version
	}
	for _, v := range f.Snapshot.Versions(f.Point.SurveyKey) {
		if v.Name() == name {
			return v
		}
	}
	for _, c := range f.Snapshot.Campaigns.Begun(f.Snapshot.Tree, &f.Point, f.opened) {
		if v := f.Snapshot.Version(c.VersionID); v.Name() == name {
			return v
		}
	}
	return f.Version
}

// CampaignName is how the form says by which campaign it asks, "" for none.
func (f Form) CampaignName() string {
	if f.Campaign == nil {
		return ""
	}
	return strconv.FormatInt(f.Campaign.ID, 10)
}

// campaignOf is the campaign that an answer counts to: the one by which its form asked,
// as the form says, 0 for none. That must have asked the same here, and not be over for
// long: what somebody makes up counts to none.
func (f Form) campaignOf(name string, r survey.Response) int64 {
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || f.Snapshot == nil {
		return 0
	}
	c := f.Snapshot.Campaigns.ByID(id)
	if c == nil || c.VersionID != r.VersionID || !c.Counts(r.Day) || c.Covers(f.Snapshot.Tree, &f.Point) == campaign.Nowhere {
		return 0
	}
	return id
}

// Form is FormAt of what is kept now.
func (in *Intake) Form(ctx context.Context, code string) (Form, error) {
	snap, err := in.registry.Current(ctx)
	if err != nil {
		return Form{}, Away(err)
	}
	return in.FormAt(ctx, snap, code)
}

// Away says that a form cannot be found while the registry cannot be read.
func Away(cause error) *Unavailable { return &Unavailable{RetryAfter: retryAfter, Cause: cause} }

// FormAt finds the form behind a code, however it was typed: of all that the text
// may mean, the first that is open. The code of a badge leads to the counter of its
// official. Errors: fault.ErrNotFound, fault.ErrClosed with the form that is closed,
// fault.ErrReplaced with the form whose code it was, as if it still were,
// fault.ErrNoCounter, *Unavailable of Form. It costs the same whether the code exists
// or not.
func (in *Intake) FormAt(ctx context.Context, snap *registry.Snapshot, code string) (Form, error) {
	closed, err := Form{}, fault.ErrNotFound
	for _, c := range agency.ReadCodes(code) {
		form, why := in.formBy(ctx, snap, c)
		switch {
		case why == nil:
			return form, nil
		case !errors.Is(why, fault.ErrNotFound):
			closed, err = form, why
		}
	}
	return closed, err
}

// formBy finds the form of one code.
func (in *Intake) formBy(ctx context.Context, snap *registry.Snapshot, code agency.Code) (Form, error) {
	if o, lost, ok := snap.Badge(code); ok {
		return in.formOfBadge(ctx, snap, code, o, lost)
	}
	p, known := snap.Point(code)
	had, replaced := snap.Replaced(code)
	if replaced {
		p, known = had, true
		p.Code = code // whoever has the old code is not to learn the new one
	}
	form, asks := in.formOf(snap, p, known)
	switch {
	case !asks:
		return Form{}, fault.ErrNotFound
	case replaced:
		return form, fault.ErrReplaced
	case !p.Active:
		return form, fault.ErrClosed
	}
	return form, nil
}

// formOf gives the form of a service point; ok is false where nothing is asked.
func (in *Intake) formOf(snap *registry.Snapshot, p agency.ServicePoint, known bool) (form Form, ok bool) {
	if !known {
		return Form{}, false
	}
	now := campaign.MomentOf(in.now(), in.zone)
	asked, version := snap.Campaigns.Holding(snap.Tree, &p, now), snap.Newest(p.SurveyKey)
	if asked != nil {
		version = snap.Version(asked.VersionID)
	}
	if version == nil {
		return Form{}, false // nothing published to ask
	}
	owner, _ := snap.Tree.Agency(p.AgencyID)
	form = Form{
		Code: p.Code, Point: p, Agency: owner, Head: snap.Tree.Head(p.AgencyID), Hotline: snap.Hotline(p),
		Version: version, Campaign: asked, Snapshot: snap, opened: now,
	}
	for _, key := range p.FieldKeys {
		field, _ := snap.Field(key)
		form.Fields = append(form.Fields, field)
	}
	return form, true
}

// Elsewhere is where else the agency asks everybody the same: an open service
// point of its own, nil where it has none. What reaches people anywhere goes
// first, and a kiosk reaches nobody.
func (f Form) Elsewhere() *agency.ServicePoint {
	var found *agency.ServicePoint
	for _, other := range f.Snapshot.PointsOf(f.Point.AgencyID) {
		if other.Active && other.SurveyKey == f.Point.SurveyKey &&
			(other.Channel == agency.ChannelOnline || other.Channel == agency.ChannelQR && found == nil) {
			found = &other
		}
	}
	return found
}
