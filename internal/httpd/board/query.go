package board

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/report"
)

// query is what an address asks the board for.
type query struct {
	report.Query
	agency string      // code of the agency, "" for the whole of what the caller sees
	point  agency.Code // of the service point, "" for all
	row    string      // key of the row whose parts are listed, "" for the one that needs it most
	open   bool        // every row is shown with its details
	page   string      // of the parts of the row, "" for the first
}

// readQuery reads and checks the address of a board, which names a period. What it names
// badly is httpd.ErrQuery. Without an agency it is the caller's own, or the one that a service
// point is judged for.
func (s *side) readQuery(r *httpd.Request, snap *registry.Snapshot, n named) (query, error) {
	of, err := campaignAsked(r, snap)
	if err != nil {
		return query{}, err
	}
	period, err := s.periodAsked(r, snap, n.or(of))
	if err != nil {
		return query{}, err
	}
	q := query{Query: report.Query{
		Period: period, AgencyID: r.View(snap).Scope(), FieldKey: r.Query("field"), Channel: agency.Channel(r.Query("channel")), Detail: true,
	}}
	if of != nil {
		q.Campaign = of.ID
	}
	if q.Channel != "" && !slices.Contains(agency.Channels(), q.Channel) {
		return query{}, fmt.Errorf("channel %.40q: %w", q.Channel, httpd.ErrQuery)
	}
	if r.Point != nil {
		q.PointID, q.point = r.Point.ID, r.Point.Code
	}
	if judged := cmp.Or(r.Agency, r.Judged); judged != nil {
		q.AgencyID, q.agency = judged.ID, judged.Code
	}
	return q, nil
}

// campaignAsked is the campaign that the address names, nil for none.
func campaignAsked(r *httpd.Request, snap *registry.Snapshot) (*campaign.Campaign, error) {
	name := r.Query("campaign")
	if name == "" {
		return nil, nil
	}
	of := snap.Campaigns.ByID(httpd.NumberOf(name))
	if of == nil {
		return nil, fmt.Errorf("campaign %.40q: %w", name, fault.ErrNotFound)
	}
	return of, nil
}

// or is the days of a campaign where neither a period nor a year is named.
func (n named) or(of *campaign.Campaign) named {
	if of == nil || n != (named{}) {
		return n
	}
	n.from, n.to = civil.HalfMonthOf(of.FirstDay).From(), civil.HalfMonthOf(of.LastDay).Last()
	if _, err := n.read(); err != nil { // with the half months at its ends it is too long
		return named{year: of.FirstDay[:4]}
	}
	return n
}

// periodAsked is the one of the address; without a year it is of the one worth
// looking at.
func (s *side) periodAsked(r *httpd.Request, snap *registry.Snapshot, n named) (civil.Period, error) {
	if n.year == "" && !n.byDays() {
		_, first, err := s.k.Reports.Years(r.Context(), snap)
		if err != nil {
			return civil.Period{}, err
		}
		n.year = strconv.Itoa(first)
	}
	return n.read()
}

// values are the names and values of the query but some, for hidden inputs.
func (q query) values(without ...string) map[string]string {
	values := map[string]string{"agency": q.agency, "point": string(q.point), "field": q.FieldKey, "channel": string(q.Channel), "row": q.row}
	if q.Campaign != 0 {
		values["campaign"] = strconv.FormatInt(q.Campaign, 10)
	}
	if q.Period.Kind == civil.Span {
		days := q.Period.Days()
		values["from"], values["to"] = days.From, days.To
	} else {
		values["year"], values["period"] = strconv.Itoa(q.Period.Year), partInAddress(q.Period)
	}
	for _, name := range without {
		values[name] = ""
	}
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	return values
}

// partInAddress is "" for a whole year: its address names no part.
func partInAddress(p civil.Period) string {
	if p.Kind == civil.Year && p.Calendar == civil.Civil {
		return ""
	}
	return p.Part()
}

// address is the board with some of its query changed: pairs of name and
// value, "" takes the name away.
func (q query) address(changes ...string) string {
	values := url.Values{}
	for name, value := range q.values() {
		values.Set(name, value)
	}
	for i := 0; i+1 < len(changes); i += 2 {
		values.Del(changes[i])
		if changes[i+1] != "" {
			values.Set(changes[i], changes[i+1])
		}
	}
	return "/bang?" + values.Encode()
}

// addresses gives the board with one thing of its query changed to many values:
// a province has a thousand agencies.
func (q query) addresses(name string) func(value string) string {
	const place = "x"
	before, after, _ := strings.Cut(q.address(name, place), name+"="+place)
	return func(value string) string { return before + name + "=" + url.QueryEscape(value) + after }
}
