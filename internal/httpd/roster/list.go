package roster

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/duty"
	"sipas/internal/fold"
	"sipas/internal/httpd"
)

// perPage is how many lines are on one page of a list.
const perPage = 100

// listPage lists the officials of the caller's scope.
type listPage struct {
	Lines  []line
	Found  int64
	Any    bool   // there are any
	Search string // what is looked for; "" for all
	State  string // "dang" serve, "thoi" no longer; "" for all
	Off    bool   // citizens are not asked about officials
	Pages  httpd.Pages
	Done   string
}

// line is one official.
type line struct {
	agency.Official
	Agency, Counter string
}

// The states of an official, as they are asked for.
const (
	stateServes = "dang"
	stateGone   = "thoi"
)

func (s *side) list(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, view := r.NewPage("officials", nil), r.View(snap)
	page := listPage{Search: strings.TrimSpace(httpd.Cut(r.Query("tim"), 100)), State: r.Query("trang-thai"), Off: !snap.Settings.Officials, Done: r.Done()}
	if !slices.Contains([]string{"", stateServes, stateGone}, page.State) {
		return fmt.Errorf("state %.20q: %w", page.State, httpd.ErrQuery)
	}
	wanted := fold.Text(page.Search)
	var all []line
	for _, o := range snap.Officials {
		if !view.Sees(o.AgencyID) {
			continue
		}
		page.Any = true
		of, _ := snap.Tree.Agency(o.AgencyID)
		l := line{Official: o, Agency: of.Name.In(p.Language)}
		if counter, err := view.PointByID(o.PointID); err == nil {
			l.Counter = counter.Name.In(p.Language)
		}
		sought := fold.Text(strings.Join([]string{o.Name, o.Code, l.Agency, l.Counter, string(o.Badge), o.Badge.Grouped()}, "\n"))
		if page.State == "" || o.Active == (page.State == stateServes) {
			if fold.Find(sought, wanted) != fold.None {
				all = append(all, l)
			}
		}
	}
	page.Found = int64(len(all))
	page.Pages, err = httpd.PageOf(r.Query("page"), len(all), perPage, func(n int) string {
		return httpd.AddressOf(listPath, "tim", page.Search, "trang-thai", page.State, "page", n)
	})
	if err != nil {
		return err
	}
	page.Lines = all[page.Pages.From:page.Pages.To]
	p.Data = page
	return r.Show(http.StatusOK, "desk/officials", p)
}

// shiftLine is one shift in words.
type shiftLine struct {
	ID                                    int64
	Official, Name, Counter, Code, Agency string // Code is that of the counter, "" where the caller may not see it
	Days, Weekdays, Hours                 string
	Over                                  bool
}

// shiftsPage lists the shifts of the officials of the caller's scope that are not over.
type shiftsPage struct {
	Lines []shiftLine
	Total int64
	Pages httpd.Pages
	Done  string
}

func (s *side) listShifts(r *httpd.Request) error {
	shifts, err := s.k.Duty.Shifts(r.Context())
	if err != nil {
		return err
	}
	p := r.NewPage("shifts", nil)
	all, err := s.tell(r, p, shifts)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(l shiftLine) bool { return l.Over })
	page := shiftsPage{Total: int64(len(all)), Done: r.Done()}
	page.Pages, err = httpd.PageOf(r.Query("page"), len(all), perPage, func(n int) string { return httpd.AddressOf(shiftsPath, "page", n) })
	if err != nil {
		return err
	}
	page.Lines = all[page.Pages.From:page.Pages.To]
	p.Data = page
	return r.Show(http.StatusOK, "desk/shifts", p)
}

// tell says shifts in words, as far as the caller may see their officials.
func (s *side) tell(r *httpd.Request, p httpd.Page, shifts []duty.Shift) (lines []shiftLine, err error) {
	snap, err := r.Snapshot()
	if err != nil {
		return nil, err
	}
	view, today := r.View(snap), s.k.Now().In(s.k.Zone).Format(time.DateOnly)
	for _, one := range shifts {
		o, known := snap.OfficialByID(one.OfficialID)
		if !known || !view.Sees(o.AgencyID) {
			continue
		}
		of, _ := snap.Tree.Agency(o.AgencyID)
		l := shiftLine{
			ID: one.ID, Official: o.Code, Name: o.Name, Agency: of.Name.In(p.Language), Weekdays: weekdays(p, one.Weekdays),
			Hours: one.From.String() + "–" + one.To.String(), Days: p.T("shifts.from", "day", p.Day(one.FirstDay)), Over: one.Over(today),
			Counter: p.T("point.somebody-else"),
		}
		if one.LastDay != "" {
			l.Days = p.Day(one.FirstDay) + " – " + p.Day(one.LastDay)
		}
		if counter, err := view.PointByID(one.PointID); err == nil {
			l.Counter, l.Code = counter.Name.In(p.Language), string(counter.Code)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// weekdays are days of the week in words.
func weekdays(p httpd.Page, w duty.Weekdays) string {
	if w == duty.Working {
		return p.T("shifts.working")
	}
	var days []string
	for day := range time.Weekday(7) {
		if day = (day + 1) % 7; w.Has(day) {
			days = append(days, p.T("weekday."+strconv.Itoa(int(day))))
		}
	}
	return strings.Join(days, ", ")
}
