package counter

import (
	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/httpd"
	"sipas/internal/httpd/history"
	"sipas/internal/registry"
)

// history is who did what to a counter, whatever codes it had.
func (s *side) history(r *httpd.Request, snap *registry.Snapshot, p httpd.Page) (*history.History, error) {
	var about []audit.About
	for _, code := range append(snap.FormerCodes(r.Point.ID), r.Point.Code) {
		about = append(about, registry.AboutPoint(code))
	}
	view := r.View(snap)
	return history.Of(r, s.k, p, about, pathOf(r.Point.Code), func(e audit.Entry) []history.Change { return changesOf(snap, view, p, e) })
}

// changesOf says what an entry changed: of a counter that was there, which of its
// columns; of its limit and its code, what they were.
func changesOf(snap *registry.Snapshot, view registry.View, p httpd.Page, e audit.Entry) []history.Change {
	before, was := registry.PointSaid(e.Before)
	after, is := registry.PointSaid(e.After)
	if was && is {
		list := history.Differences(columns, func(column string) string { return label(p, column) }, words(snap, view, p, before), words(snap, view, p, after))
		if before.Active != after.Active {
			list = append(list, history.Change{Label: p.T("points.state"), Before: stateWords(p, before), After: stateWords(p, after)})
		}
		return list
	}
	one, other := history.Text(e.Before), history.Text(e.After)
	switch e.Action {
	case "service-point.set-limit":
		return []history.Change{{Label: label(p, "limit"), Before: limitWords(p, one), After: limitWords(p, other)}}
	case "service-point.recode":
		return []history.Change{{Label: p.T("point.code"), Before: agency.Code(one).Grouped(), After: agency.Code(other).Grouped()}}
	}
	return nil
}

func stateWords(p httpd.Page, point agency.ServicePoint) string {
	if point.Active {
		return p.T("points.open")
	}
	return p.T("points.closed")
}
