package intake

import (
	"context"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/registry"
)

// formOfBadge finds the form that the badge of an official opens: that of the counter
// where they serve now, or else of their own. One that is lost, or whose official serves
// no longer, says so.
func (in *Intake) formOfBadge(ctx context.Context, snap *registry.Snapshot, badge agency.Code, o agency.Official, lost bool) (Form, error) {
	point, known := snap.PointByID(in.counterOf(ctx, o))
	// Somebody's own phone is no kiosk, and sheets of staff are for who was let in.
	known = known && !point.Channel.Staffed()
	point.Channel = agency.ChannelQR
	form, asks := in.formOf(snap, point, known)
	if !asks {
		owner, _ := snap.Tree.Agency(o.AgencyID)
		form = Form{Agency: owner, Head: snap.Tree.Head(o.AgencyID), Hotline: snap.Tree.Hotline(o.AgencyID), Snapshot: snap}
	}
	form.Code = badge
	if snap.Settings.Officials {
		form.Official = &o
	}
	switch {
	case lost || !o.Active:
		return form, fault.ErrReplaced
	case !asks:
		return form, fault.ErrNoCounter
	case !point.Active:
		return form, fault.ErrClosed
	}
	return form, nil
}

// counterOf is where an official serves now, 0 where nobody knows.
func (in *Intake) counterOf(ctx context.Context, o agency.Official) int64 {
	if in.duty != nil {
		if point, ok := in.duty.Where(ctx, o.ID, in.now()); ok {
			return point
		}
	}
	return o.PointID
}

// served is who served the sender of an answer, 0 where nobody knows or it is not
// asked: whose badge was scanned, or who is on duty at the counter.
func (in *Intake) served(ctx context.Context, form Form, at time.Time) int64 {
	switch {
	case !form.Snapshot.Settings.Officials || form.Point.Channel.Staffed():
		return 0
	case form.Official != nil:
		return form.Official.ID
	case in.duty == nil:
		return 0
	}
	id, _ := in.duty.At(ctx, form.Point.ID, at)
	if o, known := form.Snapshot.OfficialByID(id); !known || !o.Active {
		return 0
	}
	return id
}

// NamedOfficial is the name of who served, where their agency lets citizens read it;
// else "".
func (f Form) NamedOfficial() string {
	if f.Official == nil || !f.Official.Named {
		return ""
	}
	return f.Official.Name
}
