package counter

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/bulk"
	"sipas/internal/fold"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/registry"
	"sipas/internal/textfile"
)

// severalPage is the form of several new counters of an agency, and what they would be.
type severalPage struct {
	httpd.Typed
	choices
	Path, Back string
	Plan       *several // nil until it was checked
	Stale      bool     // something was changed since, so that this is another plan
	Done       string   // what was done just now, as a key
	Posters    string   // address of the posters of the agency that is named, "" for none
}

// several are counters to be made.
type several struct {
	New    []string // their names
	Known  []string // names that counters of the agency have already, of which none is made
	Seen   string   // tells one plan from another
	points []agency.ServicePoint
}

const (
	severalPath = listPath + "/them-nhieu"
	// mostAtOnce is how many counters are made at once; an agency has some ten.
	mostAtOnce = 200
	// place is where the number stands in a pattern of names.
	place = "#"
)

// severalFields are the fields of the form beside the agencies.
var severalFields = []string{"pattern", "from", "to", "names", "channel", "survey", "fields", "hours"}

func (s *side) showSeveral(r *httpd.Request) error {
	values := map[string]string{"channel": string(agency.ChannelQR), "fields": "", judged: "", "from": "1"}
	data := severalPage{Typed: r.Typed(values), Done: r.Done()}
	if r.Agency != nil {
		values["agency"] = r.Agency.Code
		data.Posters = httpd.AddressOf(listPath+"/poster.pdf", "agency", r.Agency.Code, "size", "A4")
	}
	return s.writeSeveral(r, http.StatusOK, data)
}

func (s *side) writeSeveral(r *httpd.Request, status int, data severalPage) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("points-new", nil)
	data.Path, data.Back, data.choices = severalPath, listPath, choicesOf(r.View(snap), snap, p, data.Typed)
	p.Data = data
	return r.Show(status, "desk/points-new", p)
}

// addSeveral shows which counters a form would make, or makes what was shown: all of
// them or none.
func (s *side) addSeveral(r *httpd.Request) error {
	typed, fields, err := typedCells(r, severalFields)
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	data := severalPage{Typed: httpd.Typed{Values: typed}}
	plan, wrong := planOf(r, snap, typed)
	if len(wrong) > 0 {
		data.Problems = wrong
		return s.writeSeveral(r, http.StatusUnprocessableEntity, data)
	}
	data.Plan = &plan
	if fields.Get("do") != "make" {
		return s.writeSeveral(r, http.StatusOK, data)
	}
	err = revision.ErrNotKept
	if fields.Get("seen") == plan.Seen && len(plan.points) > 0 {
		err = r.Change(func(c *registry.Change) error {
			if !c.Follows(snap) {
				return revision.ErrNotKept
			}
			for i := range plan.points {
				plan.points[i].Code = agency.NewCode()
			}
			return c.AddServicePoints(r.Context(), plan.points)
		})
	}
	if errors.Is(err, revision.ErrNotKept) {
		data.Stale = true
		return s.writeSeveral(r, http.StatusConflict, data)
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(severalPath, "agency", typed["agency"], "da", "points-added"))
	return nil
}

// planOf are the counters that a form makes, or what is wrong with it.
func planOf(r *httpd.Request, snap *registry.Snapshot, typed map[string]string) (plan several, wrong []httpd.Wrong) {
	names, wrong := namesOf(r, typed)
	known := map[string]bool{}
	if r.Agency != nil {
		for _, p := range snap.PointsOf(r.Agency.ID) {
			known[fold.Text(p.Name["vi"])] = true
		}
	}
	cells := map[string]string{"agency": typed["agency"], judged: typed[judged], "channel": typed["channel"], "survey": typed["survey"], "fields": typed["fields"]}
	for _, name := range names {
		if known[fold.Text(name)] {
			plan.Known = append(plan.Known, name)
			continue
		}
		known[fold.Text(name)] = true
		cells["name_vi"] = name
		p, faults := bulk.ReadPoint(snap, agency.ServicePoint{}, cells)
		for _, said := range append(revision.Mistakes(r, faults), readHours(r, &p, typed)...) {
			if said.Where == "name_vi" {
				said.Where = "names"
			}
			if !slices.Contains(wrong, said) { // each of them has the same channel
				wrong = append(wrong, said)
			}
		}
		plan.New, plan.points = append(plan.New, name), append(plan.points, p)
	}
	said, err := json.Marshal(plan.points)
	if err == nil {
		plan.Seen = audit.ContentOf(said).SHA256
	}
	return plan, wrong
}

// namesOf are the names that a form gives, by a pattern with numbers and one by one.
func namesOf(r *httpd.Request, typed map[string]string) (names []string, wrong []httpd.Wrong) {
	refuse := func(field, key string) {
		wrong = append(wrong, httpd.Wrong{Where: field, Text: r.Printer().T("several."+key, "most", strconv.Itoa(mostAtOnce))})
	}
	if pattern := typed["pattern"]; pattern != "" {
		from, errFrom := strconv.Atoi(typed["from"])
		to, errTo := strconv.Atoi(typed["to"])
		switch {
		case !strings.Contains(pattern, place):
			refuse("pattern", "no-place")
		case errFrom != nil || from < 0:
			refuse("from", "no-number")
		case errTo != nil || to < from || to-from >= mostAtOnce:
			refuse("to", "no-end")
		default:
			for n := from; n <= to; n++ {
				number := strconv.Itoa(n)
				for typed["from"][0] == '0' && len(number) < len(typed["from"]) { // 01 to 12
					number = "0" + number
				}
				names = append(names, strings.ReplaceAll(pattern, place, number))
			}
		}
	}
	for name := range strings.Lines(typed["names"]) {
		if name = textfile.OneLine(name); name != "" {
			names = append(names, name)
		}
	}
	switch {
	case len(names) == 0 && len(wrong) == 0:
		refuse("names", "no-name")
	case len(names) > mostAtOnce:
		refuse("names", "too-many")
	}
	return names, wrong
}
