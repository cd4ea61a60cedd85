package board

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/report"
)

// query is what an address asks the board for.
type query struct {
	report.Query
	agency string // code of the agency, "" for the whole of what the caller sees
	row    string // key of the row whose parts are listed, "" for the one that needs it most
	open   bool   // every row is shown with its details
}

// readQuery reads and checks the address of a board. What it names badly is
// httpd.ErrQuery. Without an agency it is the caller's own.
func (s *side) readQuery(r *httpd.Request, snap *registry.Snapshot) (query, error) {
	year, err := s.yearAsked(r, snap)
	if err != nil {
		return query{}, err
	}
	period, err := civil.ParsePeriod(year, r.Query("period"))
	if err != nil {
		return query{}, fmt.Errorf("%w: %w", httpd.ErrQuery, err)
	}
	q := query{Query: report.Query{
		Period: period, AgencyID: r.View(snap).Scope(), FieldKey: r.Query("field"), Channel: agency.Channel(r.Query("channel")), Detail: true,
	}}
	if q.Channel != "" && !slices.Contains(agency.Channels(), q.Channel) {
		return query{}, fmt.Errorf("channel %.40q: %w", q.Channel, httpd.ErrQuery)
	}
	if r.Agency != nil {
		q.AgencyID, q.agency = r.Agency.ID, r.Agency.Code
	}
	return q, nil
}

// yearAsked is the year of the address, or else the one worth looking at.
func (s *side) yearAsked(r *httpd.Request, snap *registry.Snapshot) (int, error) {
	text := r.Query("year")
	if text == "" {
		_, first, err := s.k.Reports.Years(r.Context(), snap)
		return first, err
	}
	year, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("year %.40q: %w", text, httpd.ErrQuery)
	}
	return year, nil
}

// periodAsked reads a period that must be named in full.
func periodAsked(year, part string) (civil.Period, error) {
	y, err := strconv.Atoi(year)
	if err != nil {
		return civil.Period{}, fmt.Errorf("year %.40q: %w", year, httpd.ErrQuery)
	}
	period, err := civil.ParsePeriod(y, part)
	if err != nil {
		return civil.Period{}, fmt.Errorf("%w: %w", httpd.ErrQuery, err)
	}
	return period, nil
}

// values are the names and values of the query but one, for hidden inputs.
func (q query) values(without string) map[string]string {
	values := map[string]string{
		"year": strconv.Itoa(q.Period.Year), "agency": q.agency, "field": q.FieldKey, "channel": string(q.Channel), "row": q.row,
	}
	if q.Period.Kind != civil.Year {
		values["period"] = q.Period.Part()
	}
	values[without] = ""
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	return values
}

// address is the board with some of its query changed: pairs of name and
// value, "" takes the name away.
func (q query) address(changes ...string) string {
	values := url.Values{}
	for name, value := range q.values("") {
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
