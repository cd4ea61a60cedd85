package counter

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// history is who did what to a counter, the newest first, whatever codes it had.
type history struct {
	Events []event
	Older  string // address of those before, "" if there are none
}

// event is one change in words.
type event struct {
	At, Author, Via, What string
	Changes               []change
}

// change is what one thing was and is, "" for nothing.
type change struct{ Label, Before, After string }

const eventsPerPage = 20

func (s *side) history(r *httpd.Request, snap *registry.Snapshot, p httpd.Page) (*history, error) {
	f := audit.Filter{Limit: eventsPerPage + 1, Newest: true}
	for _, code := range append(snap.FormerCodes(r.Point.ID), r.Point.Code) {
		f.Subjects = append(f.Subjects, registry.SubjectOf(code))
	}
	if below := r.Query("truoc"); below != "" {
		var err error
		if f.Below, err = strconv.ParseInt(below, 10, 64); err != nil || f.Below < 1 {
			return nil, fmt.Errorf("entry %.20q: %w", below, httpd.ErrQuery)
		}
	}
	entries, err := s.k.Audit.List(r.Context(), f)
	if err != nil {
		return nil, err
	}
	slices.Reverse(entries)
	h := &history{}
	if len(entries) > eventsPerPage {
		entries = entries[:eventsPerPage]
		h.Older = httpd.AddressOf(pathOf(r.Point.Code), "truoc", entries[eventsPerPage-1].Number) + "#lich-su"
	}
	view := r.View(snap)
	for _, e := range entries {
		h.Events = append(h.Events, event{
			At: e.At.In(s.k.Zone).Format("15:04 02/01/2006"), Author: e.Author.Name, Via: p.T("log.via-" + e.Author.Via),
			What: p.Action(e.Action), Changes: changesOf(snap, view, p, e),
		})
	}
	return h, nil
}

// changesOf says what an entry changed: of a counter that was there, which of its
// columns; of its limit and its code, what they were.
func changesOf(snap *registry.Snapshot, view registry.View, p httpd.Page, e audit.Entry) (list []change) {
	before, was := registry.PointSaid(e.Before)
	after, is := registry.PointSaid(e.After)
	if was && is {
		one, other := words(snap, view, p, before), words(snap, view, p, after)
		for _, column := range columns {
			if one[column] != other[column] {
				list = append(list, change{label(p, column), one[column], other[column]})
			}
		}
		if before.Active != after.Active {
			list = append(list, change{p.T("points.state"), stateWords(p, before), stateWords(p, after)})
		}
		return list
	}
	one, other := text(e.Before), text(e.After)
	switch e.Action {
	case "service-point.set-limit":
		return []change{{label(p, "limit"), limitWords(p, one), limitWords(p, other)}}
	case "service-point.recode":
		return []change{{p.T("point.code"), agency.Code(one).Grouped(), agency.Code(other).Grouped()}}
	}
	return nil
}

func stateWords(p httpd.Page, point agency.ServicePoint) string {
	if point.Active {
		return p.T("points.open")
	}
	return p.T("points.closed")
}

// text is what an entry says where that is a text.
func text(said any) (text string) {
	raw, _ := said.(json.RawMessage)
	_ = json.Unmarshal(raw, &text) // "" where it is none
	return text
}
