package province

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/target"
)

const targetsPath = "/chi-tieu"

// targetPages are the pages of targets.
type targetPages struct{ *side }

// targetsPage is what plans ask for in a year, and how that compares with the years
// beside it.
type targetsPage struct {
	Year      int
	Years     []httpd.Choice
	Lines     []targetLine    // in the order of the boards
	Log       bool            // the reader may read what was done to targets
	Grid      []targetRow     // of the whole province; none where the plans are of one year
	Span      []int           // the years of the grid
	New       string          // where one is added; "" for who may not
	Copy      *targetCopy     // nil unless a year before has some and this one none
	Done      string          // what was done just now, as a key
	Published []publishedLine // what others published of the year
	Enter     string          // where that is typed in; "" for who may not
}

// targetRow is an indicator with the targets of each year of the grid.
type targetRow struct {
	Name  string
	Years [][]string
}

// targetLine is one target.
type targetLine struct {
	Indicator  string
	Value      string
	Agency     string // "" for the whole province
	Plan, Lead string
	With       string // who helps the lead agency
	Note       string
	To         string  // where it is changed; "" for who may not
	History    string  // what was done to it; "" for who may not read that
	Answer     *answer // nil unless a rank is asked for
}

// targetCopy offers the targets of a year for the one that is shown.
type targetCopy struct {
	From  int
	Count int64
}

func (s targetPages) showTargets(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	year, err := s.yearAsked(r)
	if err != nil {
		return err
	}
	p := r.NewPage("targets", nil)
	data := targetsPage{Year: year, Years: s.years(snap, year)}
	data.Done = r.Done()
	may, log, view := r.May(access.Administer), r.May(access.ReadLog), r.View(snap)
	data.Log = log
	indices, err := s.k.Published.All(r.Context())
	if err != nil {
		return err
	}
	indicators := indicatorsOf(snap, p)
	for _, i := range indicators {
		for _, t := range snap.Targets {
			if t.Year == year && indicatorKey(t) == i.Value && (t.AgencyID == 0 || view.Sees(t.AgencyID)) {
				line := lineOfTarget(snap, p, t, may)
				if log && !may { // else its form leads there
					line.History = targetPath(t.ID) + historyEnd
				}
				line.Answer = answerTo(p, indices, t, may)
				data.Lines = append(data.Lines, line)
			}
		}
	}
	data.Published = publishedLines(snap, view, p, indices, year, may)
	data.Span, data.Grid = targetGrid(snap, p, indicators, year)
	if may {
		data.New, data.Enter = httpd.AddressOf(targetsPath+"/them", "year", year), httpd.AddressOf(publishedPath, "year", year)
		if len(data.Lines) == 0 {
			data.Copy = copyFor(snap, year)
		}
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/targets", p)
}

func lineOfTarget(snap *registry.Snapshot, p httpd.Page, t target.Target, may bool) targetLine {
	field, _ := snap.Field(t.FieldKey)
	line := targetLine{Indicator: p.Indicator(t.Indicator, field.Name), Value: p.Target(t), Plan: p.Plan(t.Plan), Lead: t.LeadAgency, With: t.CoAgencies, Note: t.Note.In(p.Language)}
	if office, known := snap.Tree.Agency(t.AgencyID); known {
		line.Agency = office.Name.In(p.Language)
	}
	if may {
		line.To = targetPath(t.ID)
	}
	return line
}

// gridYears is how many years stand beside each other.
const gridYears = 5

// targetGrid lays the targets of the whole province out by indicator and year: those
// of a year and of the years before it that have some.
func targetGrid(snap *registry.Snapshot, p httpd.Page, indicators []httpd.Choice, year int) (span []int, rows []targetRow) {
	values := map[string]map[int][]string{}
	for _, t := range snap.Targets {
		if t.AgencyID != 0 || t.Year > year {
			continue
		}
		if !slices.Contains(span, t.Year) {
			span = append(span, t.Year)
		}
		key := indicatorKey(t)
		if values[key] == nil {
			values[key] = map[int][]string{}
		}
		values[key][t.Year] = append(values[key][t.Year], p.Target(t))
	}
	if len(span) < 2 {
		return nil, nil
	}
	span = span[max(0, len(span)-gridYears):]
	for _, i := range indicators {
		if target.IndicatorKind(i.Value).Index() != "" && values[i.Value] == nil {
			continue // of ranks, only what plans ask for
		}
		row := targetRow{Name: i.Text}
		for _, at := range span {
			row.Years = append(row.Years, values[i.Value][at])
		}
		rows = append(rows, row)
	}
	return span, rows
}

func targetPath(id int64) string { return targetsPath + "/" + strconv.FormatInt(id, 10) }

// yearAsked is the year of the address, or else the present one.
func (s targetPages) yearAsked(r *httpd.Request) (int, error) {
	text := r.Query("year")
	if text == "" {
		return s.thisYear(), nil
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < target.FirstYear || year > target.LastYear {
		return 0, httpd.ErrQuery
	}
	return year, nil
}

func (s targetPages) thisYear() int { return s.k.Now().In(s.k.Zone).Year() }

// years are those to choose from: with targets, this one and the next.
func (s targetPages) years(snap *registry.Snapshot, shown int) (list []httpd.Choice) {
	known := map[int]bool{shown: true, s.thisYear(): true, s.thisYear() + 1: true}
	for _, t := range snap.Targets {
		known[t.Year] = true
	}
	all := slices.Sorted(maps.Keys(known))
	slices.Reverse(all)
	for _, year := range all {
		text := strconv.Itoa(year)
		list = append(list, httpd.Choice{Value: text, Text: text, Chosen: year == shown})
	}
	return list
}

// copyFor is the nearest year before that has targets.
func copyFor(snap *registry.Snapshot, year int) *targetCopy {
	var nearest *targetCopy
	for _, t := range snap.Targets { // by year
		switch {
		case t.Year >= year:
			return nearest
		case nearest == nil || nearest.From != t.Year:
			nearest = &targetCopy{From: t.Year}
		}
		nearest.Count++
	}
	return nearest
}

// indicatorsOf are the indicators that a target may be for: procedures, service by
// agencies, each service field, and ranks of indices that others publish. The value is
// that of indicatorKey.
func indicatorsOf(snap *registry.Snapshot, p httpd.Page) (list []httpd.Choice) {
	for _, kind := range []target.IndicatorKind{target.IndicatorProcedures, target.IndicatorSIPAS} {
		list = append(list, httpd.Choice{Value: string(kind), Text: p.Indicator(kind, nil)})
	}
	for _, f := range snap.Fields {
		if !agency.UnsaidField(f.Key) {
			t := target.Target{Indicator: target.IndicatorField, FieldKey: f.Key}
			list = append(list, httpd.Choice{Value: indicatorKey(t), Text: p.Indicator(t.Indicator, f.Name)})
		}
	}
	for _, name := range indexNames(snap) {
		kind := target.RankOf(name)
		list = append(list, httpd.Choice{Value: string(kind), Text: p.Indicator(kind, nil)})
	}
	return list
}

// indicatorKey names the indicator of a target in one word.
func indicatorKey(t target.Target) string {
	if t.Indicator == target.IndicatorField {
		return string(t.Indicator) + ":" + t.FieldKey
	}
	return string(t.Indicator)
}

// copyTargets takes the targets of another year over.
func (s targetPages) copyTargets(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	from, wrong := strconv.Atoi(fields.Get("from"))
	to, wrongToo := strconv.Atoi(fields.Get("year"))
	if wrong != nil || wrongToo != nil {
		return fault.ErrNotFound
	}
	err = r.Change(func(c *registry.Change) error {
		copied, err := c.CopyTargets(r.Context(), from, to)
		if err == nil && copied == 0 {
			err = fault.ErrNotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(targetsPath, "year", to, "da", "copied"))
	return nil
}
