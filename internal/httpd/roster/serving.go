package roster

import (
	"encoding/json"
	"fmt"
	"net/http"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/strictjson"
)

// servingDocument says who serves at a service point now; nil takes back what was said.
type servingDocument struct {
	Official *string `json:"official"`
}

// serve takes what the queue system of a counter says.
func (s *side) serve(r *httpd.Request) error {
	body, err := r.JSON()
	if err != nil {
		return err
	}
	d, err := strictjson.NewDecoder(body)
	if err != nil {
		return err
	}
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(body, &sent); err != nil {
		return fmt.Errorf("%w: %w", strictjson.ErrMalformed, err)
	}
	none := string(sent["official"]) == "null"
	d.Members("body", "", func(key string) {
		switch {
		case key != "official":
			d.Add(fault.Shortened(key), fault.ProblemUnknownField)
			d.Value(key)
		case none:
			d.Value(key)
		default:
			d.Text(key)
		}
	})
	if !none && r.Official == nil {
		d.Add("official", fault.ProblemRequired)
	}
	if err := d.Err(); err != nil {
		return err
	}
	official := agency.Official{}
	if !none {
		official = *r.Official
	}
	if err := s.k.Duty.Serve(r.Context(), r.Author(audit.API), *r.Point, official); err != nil {
		return err
	}
	said := servingDocument{}
	if !none {
		said.Official = &official.Code
	}
	r.WriteJSON(http.StatusOK, said)
	return nil
}
