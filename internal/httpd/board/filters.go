package board

import (
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/wording"
)

// filter is one choice of the form above the board.
type filter struct {
	Name, Label string
	Options     []option
	Groups      []group // of more options, which follow
	Set         bool    // something else than everything is chosen
}

type group struct {
	Label   string
	Options []option
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
func (f *filter) narrows() bool {
	return f.Name == "field" || f.Name == "channel" || f.Name == "campaign"
}

// chosen says what is chosen, with the filter's name.
func (f *filter) chosen() string {
	for _, o := range f.Options {
		if o.Selected {
			return f.Label + ": " + o.Text
		}
	}
	return f.Label
}

// choice is the form above the board. The period is chosen by its name or by
// its days; the other way has a form of its own below, so that no address names
// two.
type choice struct {
	Filters []filter
	Periods []filter   // the year and the part of it
	Days    civil.Days // of what is shown
	ByDays  bool
	Rest    map[string]string // what else is chosen, for the form below
	Agency  string            // code of the agency of a counter, which the forms keep
}

func choices(w wording.Words, sees registry.View, snap *registry.Snapshot, years []int, at sight) choice {
	today := civil.HalfMonthOf(at.day)
	if next := today.Next().Year(); next > today.Year() && !slices.Contains(years, next) {
		years = append([]int{next}, years...) // that of the reports has begun
	}
	period, of := at.query.Period, ""
	if at.query.PointID != 0 {
		of = at.query.agency
	}
	return choice{
		Agency:  of,
		Filters: filters(w, sees, snap, at),
		Periods: []filter{yearFilter(w, years, period.Year), periodFilter(w, period)},
		Days:    period.Days(),
		ByDays:  period.Kind == civil.Span,
		Rest:    at.query.values(append(periodNames(), "row")...),
	}
}

func filters(w wording.Words, t registry.View, snap *registry.Snapshot, at sight) []filter {
	q, list := at.query, []filter(nil)
	if q.PointID != 0 {
		list = append(list, counterFilter(w, snap, q))
	} else if len(t.Agencies()) > 1 {
		list = append(list, agencyFilter(w, t, at))
	}
	field := filter{Name: "field", Label: w.T("board.field")}
	field.add("", w.T("board.all-fields"), q.FieldKey == "")
	for _, f := range snap.Fields {
		if q.FieldKey == f.Key || !agency.UnsaidField(f.Key) {
			field.add(f.Key, f.Name.In(w.Language), q.FieldKey == f.Key)
		}
	}
	channel := filter{Name: "channel", Label: w.T("board.channel")}
	channel.add("", w.T("board.all-channels"), q.Channel == "")
	for _, ch := range agency.Channels() {
		channel.add(string(ch), w.Channel(ch), q.Channel == ch)
	}
	list = append(list, field, channel)
	if of := campaignFilter(w, snap, at); len(of.Options) > 1 {
		list = append(list, of)
	}
	return list
}

// campaignFilter lists the campaigns that have begun, the newest first.
func campaignFilter(w wording.Words, snap *registry.Snapshot, at sight) filter {
	f := filter{Name: "campaign", Label: w.T("board.campaign")}
	f.add("", w.T("board.all-answers"), at.query.Campaign == 0)
	for _, c := range slices.Backward(snap.Campaigns) {
		if c.FirstDay <= at.day {
			f.add(strconv.FormatInt(c.ID, 10), c.Name.In(w.Language), c.ID == at.query.Campaign)
		}
	}
	return f
}

// counterFilter lists the counters that are judged for the agency, and the one shown.
func counterFilter(w wording.Words, snap *registry.Snapshot, q query) filter {
	f := filter{Name: "point", Label: w.T("board.counter")}
	f.add("", w.T("board.all-counters"), false)
	for _, p := range snap.Points {
		if p.ID == q.PointID || p.Active && p.JudgedID == q.AgencyID {
			f.add(string(p.Code), p.Name.In(w.Language), p.ID == q.PointID)
		}
	}
	return f
}

func yearFilter(w wording.Words, list []int, asked int) filter {
	f := filter{Name: "year", Label: w.T("board.year")}
	if !slices.Contains(list, asked) {
		list = append([]int{asked}, list...)
	}
	for _, y := range list {
		f.Options = append(f.Options, option{strconv.Itoa(y), strconv.Itoa(y), y == asked})
	}
	return f
}

// periodFilter offers the civil periods and those of the reports, each by its
// part of the year, which tells the calendar too.
func periodFilter(w wording.Words, chosen civil.Period) filter {
	of := func(label string, parts []string) group {
		g := group{Label: label}
		for _, part := range parts {
			if period, err := civil.ParsePeriod(chosen.Year, part); err == nil {
				g.Options = append(g.Options, option{partInAddress(period), w.Part(period), period == chosen})
			}
		}
		return g
	}
	return filter{Name: "period", Label: w.T("board.period"), Groups: []group{
		of(w.T("board.civil-periods"), civil.PeriodParts()), of(w.T("board.report-periods"), civil.ReportParts()),
	}}
}

// agencyFilter lists what the caller may see; those below others are indented, and
// those that are no more marked.
func agencyFilter(w wording.Words, t registry.View, at sight) filter {
	f := filter{Name: "agency", Label: w.T("board.agency")}
	if t.Scope() == 0 {
		f.add("", w.T("board.whole"), at.AgencyID == 0)
	}
	for _, a := range t.Agencies() {
		text := strings.Repeat("\u00a0\u00a0\u00a0", t.Depth(a.ID)) + a.Name.In(w.Language)
		if ended := wording.Ended(w, a, at.day); ended != "" {
			text += " (" + ended + ")"
		}
		f.add(a.Code, text, at.AgencyID == a.ID)
	}
	return f
}
