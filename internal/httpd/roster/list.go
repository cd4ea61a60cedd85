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
	"sipas/internal/poster"
	"sipas/internal/registry"
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
	Print  string // the address of the badges of those found who serve; "" of none or too many
	Many   bool   // there are too many badges to print at once
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
	p := r.NewPage("officials", nil)
	page, all, err := s.find(r, snap, p.Language)
	if err != nil {
		return err
	}
	page.Off, page.Done, page.Found = !snap.Settings.Officials, r.Done(), int64(len(all))
	switch n := len(serving(all)); {
	case n > poster.AtOnce:
		page.Many = true
	case n > 0:
		page.Print = httpd.AddressOf(printPath, "tim", page.Search, "trang-thai", page.State)
	}
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

// find are the officials of the caller's scope whom the list is asked for, and what was
// asked.
func (s *side) find(r *httpd.Request, snap *registry.Snapshot, language string) (page listPage, all []line, err error) {
	page = listPage{Search: strings.TrimSpace(httpd.Cut(r.Query("tim"), 100)), State: r.Query("trang-thai")}
	if !slices.Contains([]string{"", stateServes, stateGone}, page.State) {
		return page, nil, fmt.Errorf("state %.20q: %w", page.State, httpd.ErrQuery)
	}
	view, wanted := r.View(snap), fold.Text(page.Search)
	for _, o := range snap.Officials {
		if !view.Sees(o.AgencyID) {
			continue
		}
		page.Any = true
		of, _ := snap.Tree.Agency(o.AgencyID)
		l := line{Official: o, Agency: of.Name.In(language)}
		if counter, err := view.PointByID(o.PointID); err == nil {
			l.Counter = counter.Name.In(language)
		}
		sought := fold.Text(strings.Join([]string{o.Name, o.Code, l.Agency, l.Counter, string(o.Badge), o.Badge.Grouped()}, "\n"))
		if page.State == "" || o.Active == (page.State == stateServes) {
			if fold.Find(sought, wanted) != fold.None {
				all = append(all, l)
			}
		}
	}
	return page, all, nil
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
