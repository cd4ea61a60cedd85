package roster

import (
	"fmt"
	"net/http"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/duty"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/httpd/history"
	"sipas/internal/registry"
)

// officialPage is the page of one official.
type officialPage struct {
	agency.Official
	Office, Counter string
	At              string // code of the counter, "" where the caller may not see it
	Where           string // where they serve now, "" where nobody knows
	Address         string // of the badge, as scanned
	Shifts          []shiftLine
	Off             bool // citizens are not asked about officials
	Served          bool // the caller may read how people judged them
	History         *history.History
	Done            string
}

func (s *side) show(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	o, p, view := *r.Official, r.NewPage("official", nil), r.View(snap)
	p.Title = o.Name
	office, _ := snap.Tree.Agency(o.AgencyID)
	data := officialPage{Official: o, Office: office.Name.In(p.Language), Address: s.k.FormURL(o.Badge), Off: !snap.Settings.Officials, Done: r.Done()}
	if counter, err := view.PointByID(o.PointID); err == nil {
		data.Counter, data.At = counter.Name.In(p.Language), string(counter.Code)
	}
	if id, ok := s.k.Duty.Where(r.Context(), o.ID, s.k.Now()); ok {
		if counter, err := view.PointByID(id); err == nil {
			data.Where = counter.Name.In(p.Language)
		}
	}
	shifts, err := s.k.Duty.Of(r.Context(), o.ID)
	if err != nil {
		return err
	}
	if data.Shifts, err = s.tell(r, p, shifts); err != nil {
		return err
	}
	if data.Served, err = r.MayReadServed(view, o.Code); err != nil {
		return err
	}
	if history.Readable(r) {
		about := []audit.About{{Subject: registry.OfficialSubject(o.Code)}}
		if data.History, err = history.Of(r, s.k, p, about, pathOf(o.Code), changesOf(snap, view, p)); err != nil {
			return err
		}
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/official", p)
}

// changesOf says what an entry changed of an official.
func changesOf(snap *registry.Snapshot, view registry.View, p httpd.Page) func(audit.Entry) []history.Change {
	return func(e audit.Entry) []history.Change {
		before, was := registry.OfficialSaid(e.Before)
		after, is := registry.OfficialSaid(e.After)
		switch {
		case e.Action == "official.replace-badge":
			return []history.Change{{Label: p.T("official.badge"), Before: agency.Code(history.Text(e.Before)).Grouped(), After: agency.Code(history.Text(e.After)).Grouped()}}
		case e.Action != "official.update" || !was || !is:
			return nil
		}
		return history.Differences(append([]string{"agency", seatField}, cells...), func(column string) string { return label(p, column) },
			said(snap, view, p, before), said(snap, view, p, after))
	}
}

// said is an official in the reader's words, by column.
func said(snap *registry.Snapshot, view registry.View, p httpd.Page, o agency.Official) map[string]string {
	yesNo := map[bool]string{true: p.T("official.yes"), false: p.T("official.no")}
	words := map[string]string{"name": o.Name, "login": o.Login, "named": yesNo[o.Named], "active": yesNo[o.Active], "agency": p.T("point.somebody-else"), seatField: ""}
	if office, known := snap.Tree.Agency(o.AgencyID); known && view.Sees(office.ID) {
		words["agency"] = office.Name.In(p.Language)
	}
	if counter, err := view.PointByID(o.PointID); err == nil {
		words[seatField] = counter.Name.In(p.Language) + " (" + counter.Code.Grouped() + ")"
	}
	return words
}

// draw draws the code of the badge.
func (s *side) draw(r *httpd.Request) error {
	image, err := s.images.SVG(s.k.FormURL(r.Official.Badge), r.Official.Badge.Grouped())
	if err != nil {
		return fmt.Errorf("QR image: %w", err)
	}
	r.WriteTagged(image.ETag, "image/svg+xml", image.Content)
	return nil
}

// badgePage is the page before a badge is replaced.
type badgePage struct {
	agency.Official
	Path, Back string
}

func (s *side) askToReplace(r *httpd.Request) error {
	path := pathOf(r.Official.Code)
	return r.Show(http.StatusOK, "desk/official-badge", r.NewPage("official-badge", badgePage{*r.Official, path + badgeEnd, path}))
}

// replace gives an official another badge: who scans the one before is told so.
func (s *side) replace(r *httpd.Request) error {
	err := r.Change(func(c *registry.Change) error {
		kept, _, err := keptNow(r, c)
		if err == nil {
			_, err = c.ReplaceBadge(r.Context(), kept.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(pathOf(r.Official.Code), "da", "badge-replaced"))
	return nil
}

// dropShift takes a shift of the official out.
func (s *side) dropShift(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	id := httpd.NumberOf(fields.Get("shift"))
	if id == 0 {
		return fault.ErrNotFound
	}
	err = r.Change(func(c *registry.Change) error {
		kept, now, err := keptNow(r, c)
		if err != nil {
			return err
		}
		return duty.Remove(r.Context(), c.Tx(), c.Entry, kept.ID, id, named(now))
	})
	if err != nil {
		return err
	}
	s.k.Duty.Forget()
	r.LeadTo(httpd.AddressOf(pathOf(r.Official.Code), "da", "shift-removed"))
	return nil
}
