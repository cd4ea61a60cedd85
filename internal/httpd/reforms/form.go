package reforms

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/reform"
	"sipas/internal/registry"
)

// formPage is where somebody says what is to be done.
type formPage struct {
	httpd.Typed
	form
	Kinds       []httpd.Choice // to choose from, as long as none is
	Ends        []office
	Takers      []office
	Many        bool // there are so many agencies that they are looked for
	LookedFrom  string
	LookedInto  string
	MissingFrom bool // nothing was found
	MissingInto bool
	Made        string // what is chosen for a successor that is made
	Past        []pastLine
}

// office is an agency to choose.
type office struct {
	Code, Name, Above string
	Chosen            bool
	Share             string
}

// pastLine is a reform that was made.
type pastLine struct {
	To, Kind, Day, From string
	Undone              bool
}

const (
	// few is how many agencies are shown all at once; more are looked for.
	few = 50
	// found is how many of those that are looked for are shown.
	found = 20
	// rows is how many agencies can be made in a split.
	rows = 3
)

func (s side) ask(r *httpd.Request) error {
	return s.writeForm(r, http.StatusOK, readForm(r.Queries), nil)
}

// writeForm shows the form with what is wrong with it.
func (s side) writeForm(r *httpd.Request, status int, f form, problems []reform.Problem) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("reform", nil)
	data := formPage{form: f, Made: made, Typed: httpd.Typed{Values: map[string]string{"ngay": f.Day}}}
	if f.Kind == "" {
		for _, kind := range reform.Kinds() {
			data.Kinds = append(data.Kinds, httpd.Choice{Value: string(kind), Text: p.T("reform." + string(kind))})
		}
		if data.Past, err = s.past(r, p, snap); err != nil {
			return err
		}
	}
	for _, problem := range problems {
		data.Problems = append(data.Problems, httpd.Wrong{Where: where(problem), Text: problem.Text(r.Printer())})
	}
	data.LookedFrom, data.LookedInto = lookedFor(r, "tim-tu"), lookedFor(r, "tim-vao")
	data.offer(p, r.View(snap), s.today())
	p.Data = data
	return r.Show(status, "desk/reform", p)
}

func lookedFor(r *httpd.Request, name string) string {
	return strings.TrimSpace(httpd.Cut(r.Query(name), 100))
}

func (s side) today() string { return s.k.Now().In(s.k.Zone).Format(time.DateOnly) }

// offer puts together which agencies there are to choose from: all of a few, else those
// that were chosen before and those that are looked for.
func (d *formPage) offer(p httpd.Page, view registry.View, today string) {
	all := view.Agencies()
	d.Many = len(all) > few
	names := make(map[int64]string, len(all))
	for _, a := range all {
		names[a.ID] = a.Name.In(p.Language)
	}
	among := func(text string, chosen, fits func(agency.Agency) bool) (list []office, missing bool) {
		shown := all
		if d.Many {
			shown = nil
			if text != "" {
				shown, _ = view.Search(text).BestAgencies(found)
				missing = len(shown) == 0
			}
			for _, a := range all {
				if chosen(a) && !slices.ContainsFunc(shown, func(b agency.Agency) bool { return a.ID == b.ID }) {
					list = append(list, office{a.Code, names[a.ID], names[a.ParentID], true, d.shareOf(a.Code)})
				}
			}
		}
		for _, a := range shown {
			if chosen(a) || fits(a) {
				list = append(list, office{a.Code, names[a.ID], names[a.ParentID], chosen(a), d.shareOf(a.Code)})
			}
		}
		return list, missing
	}
	d.Ends, d.MissingFrom = among(d.LookedFrom, func(a agency.Agency) bool { return slices.Contains(d.From, a.Code) },
		func(a agency.Agency) bool { return a.ParentID != 0 && (a.ValidTo == "" || a.ValidTo > today) })
	d.Takers, d.MissingInto = among(d.LookedInto, func(a agency.Agency) bool { return a.Code == d.Into || d.shareOf(a.Code) != "" },
		func(a agency.Agency) bool { return a.ValidTo == "" })
	wanted := 1
	if d.Kind == reform.Split {
		wanted = rows
	}
	for len(d.New) < wanted {
		d.New = append(d.New, share{})
	}
}

func (f form) shareOf(code string) string {
	for _, s := range f.Shares {
		if s.Code == code {
			return s.Share
		}
	}
	return ""
}

// past lists what was done.
func (s side) past(r *httpd.Request, p httpd.Page, snap *registry.Snapshot) (lines []pastLine, err error) {
	all, err := s.reforms.All(r.Context())
	for _, one := range all {
		var names []string
		for _, e := range one.Steps.Ends {
			a, _ := snap.Tree.Agency(e.ID)
			names = append(names, a.Name.In(p.Language))
		}
		lines = append(lines, pastLine{reformPath(one.ID), p.T("reform." + string(one.Kind)), p.Day(one.Day), strings.Join(names, ", "), one.Undone()})
	}
	return lines, err
}
