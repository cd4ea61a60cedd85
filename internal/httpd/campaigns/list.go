package campaigns

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// listPage is a year of campaigns.
type listPage struct {
	Year     int
	Before   string // addresses of the years beside it
	After    string
	Lines    []line
	Months   []month
	Today    int // its place in the strips, -1 in another year
	Width    int // of a strip
	Overlaps []string
	Gaps     []string
	Any      bool // there are any, in whichever year
	Done     string
}

// line is one campaign.
type line struct {
	Name, State, Survey, Days, Where, Channels string
	Mark                                       string // of the state, beside its word
	From, Wide                                 int    // of its strip
	To                                         string // where it is changed, "" for who may not
	Board                                      string // where its figures are, "" before it begins or for who may not
}

// month is where one begins in a strip.
type month struct{ Number, At, Wide int }

// list shows the campaigns of a year, with what overlaps and when there is none.
func (s side) list(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	now := s.now()
	year, err := yearAsked(r.Query("nam"), now.Day)
	if err != nil {
		return err
	}
	p, in := r.NewPage("campaigns", nil), yearOf(year)
	data := listPage{
		Year: year, Width: 1 + daysBetween(in.First, in.Last), Any: len(snap.Campaigns) > 0, Done: r.Done(), Today: -1,
		Before: httpd.AddressOf(path, "nam", year-1), After: httpd.AddressOf(path, "nam", year+1),
	}
	if in.First <= now.Day && now.Day <= in.Last {
		data.Today = daysBetween(in.First, now.Day)
	}
	for m := 1; m <= 12; m++ {
		first := time.Date(year, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
		data.Months = append(data.Months, month{m, first.YearDay() - 1, first.AddDate(0, 1, -1).Day()})
	}
	view := r.View(snap)
	for _, c := range snap.Campaigns {
		if c.LastDay < in.First || in.Last < c.FirstDay {
			continue
		}
		one := lineOf(p, snap, view, c, now)
		from, to := max(c.FirstDay, in.First), min(c.LastDay, in.Last)
		one.From, one.Wide = daysBetween(in.First, from), 1+daysBetween(from, to)
		if r.May(access.DesignSurveys) {
			one.To = pathOf(c.ID) + formEnd
		}
		if r.May(access.ViewBoard) && c.State(now) != campaign.Planned {
			one.Board = httpd.AddressOf("/bang", "campaign", c.ID)
		}
		data.Lines = append(data.Lines, one)
	}
	active := slices.DeleteFunc(slices.Clone(view.Points()), func(point agency.ServicePoint) bool { return !point.Active })
	for _, o := range snap.Campaigns.Overlaps(snap.Tree, active, in) {
		data.Overlaps = append(data.Overlaps, overlapWords(p, o))
	}
	if len(data.Lines) > 0 {
		for _, gap := range snap.Campaigns.Gaps(in) {
			data.Gaps = append(data.Gaps, daysWords(p, gap))
		}
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/campaigns", p)
}

// lineOf is a campaign in words.
func lineOf(p httpd.Page, snap *registry.Snapshot, view registry.View, c campaign.Campaign, now campaign.Moment) line {
	state := c.State(now)
	one := line{
		Name: c.Name.In(p.Language), State: p.T("campaigns.state-" + string(state)), Days: daysWords(p, c.Span()),
		Mark: map[campaign.State]string{campaign.Planned: "○", campaign.Running: "●", campaign.Over: "✓"}[state],
	}
	if v := snap.Version(c.VersionID); v != nil {
		one.Survey = versionWords(p, v.Definition.Title.In(p.Language), v.Number)
	}
	one.Where = whereWords(p, view, c)
	var channels []string
	for _, channel := range c.Channels {
		channels = append(channels, p.Channel(channel))
	}
	one.Channels = strings.Join(channels, ", ")
	return one
}

func versionWords(p httpd.Page, title string, number int) string {
	return p.T("campaigns.version", "title", title, "n", number)
}

// mostNamed is how many agencies and counters are named in a line.
const mostNamed = 4

// whereWords says where a campaign is, as far as the caller sees it.
func whereWords(p httpd.Page, view registry.View, c campaign.Campaign) string {
	if c.Everywhere() {
		return p.T("campaigns.everywhere")
	}
	agencies, points, others := seen(view, c)
	var names []string
	for _, a := range agencies {
		names = append(names, a.Name.In(p.Language))
	}
	for _, point := range points {
		names = append(names, point.Name.In(p.Language))
	}
	switch more := len(names) - mostNamed; {
	case more > 0:
		names = append(names[:mostNamed], p.T("campaigns.more", "n", more))
	case others:
		names = append(names, p.T("campaigns.others"))
	}
	return strings.Join(names, ", ")
}

// overlapWords says what counters ask while two campaigns want them.
func overlapWords(p httpd.Page, o campaign.Overlap) string {
	days, a, b := daysWords(p, o.Span), o.A.Name.In(p.Language), o.B.Name.In(p.Language)
	if o.AsksA > 0 && o.AsksB > 0 {
		return p.T("campaigns.overlap-both", "days", days, "a", a, "b", b, "asks-a", o.AsksA, "asks-b", o.AsksB)
	}
	if o.AsksA == 0 {
		a, b = b, a
	}
	return p.T("campaigns.overlap-one", "days", days, "a", a, "b", b, "n", max(o.AsksA, o.AsksB))
}

func daysWords(p httpd.Page, s campaign.Span) string {
	if s.First == s.Last {
		return p.Day(s.First)
	}
	return p.Day(s.First) + " – " + p.Day(s.Last)
}

// yearAsked is the year of the address, or that of today.
func yearAsked(typed, today string) (int, error) {
	if typed == "" {
		typed = today[:4]
	}
	year, err := strconv.Atoi(typed)
	if err != nil || year < 2000 || year > 2099 || strconv.Itoa(year) != typed {
		return 0, fmt.Errorf("year %.20q: %w", typed, httpd.ErrQuery)
	}
	return year, nil
}

func yearOf(year int) campaign.Span {
	return campaign.Span{First: fmt.Sprintf("%d-01-01", year), Last: fmt.Sprintf("%d-12-31", year)}
}

// daysBetween is how many days one civil day is after another.
func daysBetween(from, to string) int {
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, to)
	return int(b.Sub(a).Hours() / 24)
}
