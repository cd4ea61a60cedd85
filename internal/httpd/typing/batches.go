package typing

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/entry"
	"sipas/internal/fault"
	"sipas/internal/fold"
	"sipas/internal/httpd"
)

// perPage is how many lines are on one page of a list.
const perPage = 100

// listPage lists the batches of the caller's scope.
type listPage struct {
	Lines []line
	Pages httpd.Pages
	Done  string
}

// line is one batch; Typed counts its sheets of each time.
type line struct {
	named
	Typed [3]int
}

func (s *side) list(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	all, err := s.k.Entries.All(r.Context())
	if err != nil {
		return err
	}
	view := r.View(snap)
	all = slices.DeleteFunc(all, func(b entry.Batch) bool {
		_, err := view.PointByID(b.PointID)
		return err != nil
	})
	p, page := r.NewPage("batches", nil), listPage{Done: r.Done()}
	page.Pages, err = httpd.PageOf(r.Query("page"), len(all), perPage, func(n int) string { return httpd.AddressOf(listPath, "page", n) })
	if err != nil {
		return err
	}
	for _, b := range all[page.Pages.From:page.Pages.To] {
		l := line{named: name(snap, p, b)}
		if !b.Closed() {
			progress, err := s.k.Entries.ProgressOf(r.Context(), b)
			if err != nil {
				return err
			}
			l.Typed = progress.Typed
		}
		page.Lines = append(page.Lines, l)
	}
	p.Data = page
	return r.Show(http.StatusOK, "desk/batches", p)
}

// newFields are the fields of a new batch beside its counter.
var newFields = []string{"sheet_version", "channel", "sheet_language", "from_day", "to_day", "sheets", "twice"}

// fieldOf is the field of the form for what a problem of a batch is about.
var fieldOf = map[string]string{"version": "sheet_version", "language": "sheet_language", "from": "from_day", "to": "to_day", "expected": "sheets"}

// newPage asks for a counter, or opens a batch of one.
type newPage struct {
	httpd.Typed
	Counters  []counter // to choose from; empty once one is chosen
	Many      bool      // there are more counters than these
	Search    string
	Point     agency.ServicePoint
	Name      string
	Agency    string
	Versions  []httpd.Choice
	Languages []httpd.Choice // one or none: nothing to choose
	Channels  []httpd.Choice // one: nothing to choose
	Most      int
}

// counter is a service point to choose.
type counter struct{ Code, Name, Agency string }

// mostCounters is how many counters are offered at once.
const mostCounters = 50

// showNew asks which counter the sheets are of, and then about the sheets.
func (s *side) showNew(r *httpd.Request) error {
	if r.Point == nil {
		return s.chooseCounter(r)
	}
	return s.writeNew(r, http.StatusOK, r.Typed(map[string]string{}))
}

func (s *side) chooseCounter(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("batch-new", nil)
	page := newPage{Search: strings.TrimSpace(httpd.Cut(r.Query("tim"), 100))}
	wanted := fold.Text(page.Search)
	for _, point := range r.View(snap).Points() {
		if !point.Active {
			continue
		}
		office, _ := snap.Tree.Agency(point.AgencyID)
		c := counter{string(point.Code), point.Name.In(p.Language), office.Name.In(p.Language)}
		if fold.Find(fold.Text(strings.Join([]string{c.Name, c.Agency, c.Code, point.Code.Grouped()}, "\n")), wanted) == fold.None {
			continue
		}
		if page.Many = len(page.Counters) == mostCounters; page.Many {
			break
		}
		page.Counters = append(page.Counters, c)
	}
	p.Data = page
	return r.Show(http.StatusOK, "desk/batch-new", p)
}

func (s *side) writeNew(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, point := r.NewPage("batch-new", nil), *r.Point
	office, _ := snap.Tree.Agency(point.AgencyID)
	page := newPage{Typed: typed, Point: point, Name: point.Name.In(p.Language), Agency: office.Name.In(p.Language), Most: entry.MostSheets}
	versions := s.k.Entries.Versions(snap, point)
	if len(versions) == 0 {
		return fault.ErrNotFound // nothing is asked there
	}
	for _, v := range versions {
		text := p.T("entry.version", "title", v.Definition.Title.In(p.Language), "n", v.Number, "day", p.Day(v.PublishedAt.In(s.k.Zone).Format("2006-01-02")))
		page.Versions = append(page.Versions, httpd.Choice{Value: v.Name(), Text: text, Chosen: typed.Value("sheet_version") == v.Name()})
		for _, tag := range v.Definition.Languages {
			if !slices.ContainsFunc(page.Languages, func(c httpd.Choice) bool { return c.Value == tag }) {
				page.Languages = append(page.Languages, httpd.Choice{Value: tag, Text: p.LanguageName(tag), Chosen: typed.Value("sheet_language") == tag})
			}
		}
	}
	for _, c := range entry.Channels(point) {
		page.Channels = append(page.Channels, httpd.Choice{Value: string(c), Text: p.T("entry.by-" + string(c)), Chosen: typed.Value("channel") == string(c)})
	}
	p.Data = page
	return r.Show(status, "desk/batch-new", p)
}

// open opens a batch.
func (s *side) open(r *httpd.Request) error {
	typed, err := r.TypedFields(newFields...)
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	b := entry.Batch{PointID: r.Point.ID, Channel: agency.Channel(typed["channel"]), Language: typed["sheet_language"], Twice: typed["twice"] == "1"}
	if r.Point.Channel.Staffed() {
		b.Channel = r.Point.Channel
	}
	for _, v := range s.k.Entries.Versions(snap, *r.Point) {
		if v.Name() != typed["sheet_version"] {
			continue
		}
		if b.VersionID = v.ID; b.Language == "" {
			b.Language = v.Definition.Languages[0]
		}
	}
	b.From, _ = civil.ReadDay(strings.TrimSpace(typed["from_day"]))
	if b.To = b.From; strings.TrimSpace(typed["to_day"]) != "" {
		b.To, _ = civil.ReadDay(strings.TrimSpace(typed["to_day"]))
	}
	b.Expected, _ = strconv.Atoi(strings.TrimSpace(typed["sheets"]))
	b, err = s.k.Entries.Open(r.Context(), r.Author(audit.Web), snap, b)
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		problems := slices.Clone(invalid.Problems)
		for i, p := range problems {
			if field := fieldOf[p.Where]; field != "" {
				problems[i].Where = field
			}
		}
		return s.writeNew(r, http.StatusUnprocessableEntity, r.Typed(typed, problems...))
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(pathOf(b), "da", "batch-opened"))
	return nil
}

// batchPage is the page of a batch: how far it is, and what can be done next.
type batchPage struct {
	named
	Typed   [3]int
	May     [3]bool // the caller may type the first time, and the second
	Mine    int     // at which time the caller goes on; 0: at none
	Ready   bool    // everything was typed as often as it must be
	Sheets  int     // that can be corrected, once it is closed
	Until   string  // the last day on which they can
	Opened  string
	Closed  string
	Done    string
	Problem string
}

func (s *side) show(r *httpd.Request) error {
	page, p, err := s.batch(r)
	if err != nil {
		return err
	}
	page.Done = r.Done()
	p.Data = page
	return r.Show(http.StatusOK, "desk/batch", p)
}

func (s *side) batch(r *httpd.Request) (page batchPage, p httpd.Page, err error) {
	snap, err := r.Snapshot()
	if err != nil {
		return page, p, err
	}
	p = r.NewPage("batch", nil)
	b := *r.Batch
	page = batchPage{named: name(snap, p, b), Opened: p.Day(b.OpenedAt.In(s.k.Zone).Format("2006-01-02"))}
	if b.Closed() {
		numbers, err := s.k.Entries.Correctable(r.Context(), b)
		page.Sheets, page.Closed = len(numbers), p.Day(b.ClosedAt.In(s.k.Zone).Format("2006-01-02"))
		page.Until = p.Day(b.CorrectUntil().In(s.k.Zone).AddDate(0, 0, -1).Format("2006-01-02"))
		return page, p, err
	}
	progress, err := s.k.Entries.ProgressOf(r.Context(), b)
	if err != nil {
		return page, p, err
	}
	page.Typed, page.Ready = progress.Typed, true
	for typing := 1; typing <= b.Typings(); typing++ {
		if page.May[typing], err = s.k.Entries.MayType(r.Context(), b, typing, typist(r)); err != nil {
			return page, p, err
		}
		if progress.Typed[typing] < b.Expected {
			page.Ready = false
			if page.Mine == 0 && page.May[typing] {
				page.Mine = typing
			}
		}
	}
	return page, p, nil
}
