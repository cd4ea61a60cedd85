package board

import (
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// filter is one choice of the form above the board.
type filter struct {
	Name, Label string
	Options     []option
	Set         bool // something else than everything is chosen
}

type option struct {
	Value, Text string
	Selected    bool
}

func (f *filter) add(value, text string, selected bool) {
	f.Options = append(f.Options, option{value, text, selected})
	f.Set = f.Set || selected && len(f.Options) > 1
}

// narrows tells whether the filter leaves out answers of the agency and period.
func (f *filter) narrows() bool { return f.Name == "field" || f.Name == "channel" }

// chosen says what is chosen, with the filter's name.
func (f *filter) chosen() string {
	for _, o := range f.Options {
		if o.Selected {
			return f.Label + ": " + o.Text
		}
	}
	return f.Label
}

func (s *side) filters(r *httpd.Request, p httpd.Page, snap *registry.Snapshot, q query) ([]filter, error) {
	years, _, err := s.k.Reports.Years(r.Context(), snap)
	if err != nil {
		return nil, err
	}
	t := r.View(snap)
	list := []filter{
		yearFilter(p, years, q.Period.Year),
		periodFilter(p, q.Period),
	}
	if len(t.Agencies()) > 1 {
		list = append(list, agencyFilter(p, t, q))
	}
	field := filter{Name: "field", Label: p.T("board.field")}
	field.add("", p.T("board.all-fields"), q.FieldKey == "")
	for _, f := range snap.Fields {
		if q.FieldKey == f.Key || !agency.UnsaidField(f.Key) {
			field.add(f.Key, f.Name.In(p.Language), q.FieldKey == f.Key)
		}
	}
	channel := filter{Name: "channel", Label: p.T("board.channel")}
	channel.add("", p.T("board.all-channels"), q.Channel == "")
	for _, ch := range agency.Channels() {
		channel.add(string(ch), p.Channel(ch), q.Channel == ch)
	}
	return append(list, field, channel), nil
}

func yearFilter(p httpd.Page, list []int, asked int) filter {
	f := filter{Name: "year", Label: p.T("board.year")}
	if !slices.Contains(list, asked) {
		list = append([]int{asked}, list...)
	}
	for _, y := range list {
		f.Options = append(f.Options, option{strconv.Itoa(y), strconv.Itoa(y), y == asked})
	}
	return f
}

func periodFilter(p httpd.Page, asked civil.Period) filter {
	f := filter{Name: "period", Label: p.T("board.period")}
	for _, part := range civil.PeriodParts() {
		period, err := civil.ParsePeriod(asked.Year, part)
		if err != nil {
			continue
		}
		if period.Kind == civil.Year {
			part = "" // the address of a year names no part
		}
		f.Options = append(f.Options, option{part, p.Part(period), period == asked})
	}
	return f
}

// agencyFilter lists what the caller may see; those below others are indented.
func agencyFilter(p httpd.Page, t registry.View, q query) filter {
	f := filter{Name: "agency", Label: p.T("board.agency")}
	if t.Scope() == 0 {
		f.add("", p.T("board.whole"), q.AgencyID == 0)
	}
	for _, a := range t.Agencies() {
		indent := strings.Repeat("\u00a0\u00a0\u00a0", t.Depth(a.ID))
		f.add(a.Code, indent+a.Name.In(p.Language), q.AgencyID == a.ID)
	}
	return f
}
