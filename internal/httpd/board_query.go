package httpd

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/report"
)

// boardQuery is what an address asks the board for.
type boardQuery struct {
	report.Query
	agency string // code of the agency, "" for the whole of what the caller sees
	row    string // key of the row whose parts are listed, "" for the one that needs it most
	open   bool   // every row is shown with its details
}

// readBoardQuery reads and checks the address of a board. What it names badly
// is errQuery; an agency that does not exist for the caller is
// fault.ErrNotFound. Without an agency it is the caller's own.
func (s *Server) readBoardQuery(c *gin.Context, t registry.View) (boardQuery, error) {
	year, err := s.yearAsked(c)
	if err != nil {
		return boardQuery{}, err
	}
	period, err := civil.ParsePeriod(year, c.Query("period"))
	if err != nil {
		return boardQuery{}, fmt.Errorf("%w: %w", errQuery, err)
	}
	q := boardQuery{agency: c.Query("agency"), row: c.Query("row"), open: c.Query("open") == "1"}
	q.Query = report.Query{Period: period, AgencyID: t.Scope(), FieldKey: c.Query("field"), Channel: agency.Channel(c.Query("channel")), Detail: true}
	if q.Channel != "" && !slices.Contains(agency.Channels(), q.Channel) {
		return boardQuery{}, fmt.Errorf("channel %.40q: %w", q.Channel, errQuery)
	}
	if q.agency != "" {
		agency, err := t.Agency(q.agency)
		if err != nil {
			return boardQuery{}, err
		}
		q.AgencyID = agency.ID
	}
	return q, nil
}

// yearAsked is the year of the address, or else the one worth looking at.
func (s *Server) yearAsked(c *gin.Context) (int, error) {
	text := c.Query("year")
	if text == "" {
		snap, err := s.snapshot(c)
		if err != nil {
			return 0, err
		}
		_, first, err := s.Reports.Years(c.Request.Context(), snap)
		return first, err
	}
	year, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("year %.40q: %w", text, errQuery)
	}
	return year, nil
}

// values are the names and values of the query but one, for hidden inputs.
func (q boardQuery) values(without string) map[string]string {
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
func (q boardQuery) address(changes ...string) string {
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
