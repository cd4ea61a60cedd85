package translations

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/studio"
	"sipas/internal/translation"
)

// textsPage shows the texts of a draft beside those in one language.
type textsPage struct {
	Path, Back, Draft string
	Name              string // of the draft
	Tag, Language     string
	Revision          int
	Archived, Offered bool
	translation.Progress
	Rows     []row
	Filter   string
	Filters  []httpd.Choice
	Page     httpd.Pages
	Clashes  int               // texts that somebody else has changed too
	Gone     []translation.Met // those of what was removed
	Refused  string            // why nothing was kept
	Done     string
	Beside   bool // English is shown
	Anything bool // there is something to translate
}

// row is one text.
type row struct {
	translation.Text
	ID     string // on the page
	Name   string // "element.field", as the form says it
	What   string // what it is, in words
	Value  string // of the field
	Fits   bool
	Lines  int
	Theirs *translation.Met
}

// rowsShown are on one page.
const rowsShown = 100

// pending is the filter of what somebody has to look at.
const pending = "can-lam"

// sent is what a form of the page says.
type sent struct {
	filter, page string
	base         int
	written      []translation.Written
	met          []translation.Met
	refused      string
}

func (s *side) show(r *httpd.Request) error {
	return s.write(r, http.StatusOK, sent{filter: r.Query("loc"), page: r.Query("trang")})
}

// write shows the page; what was sent and not kept stays in its fields.
func (s *side) write(r *httpd.Request, status int, kept sent) error {
	tag, err := language(r)
	if err != nil {
		return err
	}
	d, info, err := s.draft(r)
	if err != nil {
		return err
	}
	p := r.NewPage("draft-language", nil)
	texts := translation.Texts(d, tag)
	data := textsPage{
		Path: languagePath(info.ID, tag), Back: languagesPath(info.ID), Draft: draftPath(info.ID), Name: nameOf(d, p), Tag: tag, Language: languageName(p, tag),
		Revision: d.Revision, Archived: !info.ArchivedAt.IsZero(), Offered: offered(d, tag), Progress: translation.ProgressOf(texts),
		Clashes: len(kept.met), Refused: kept.refused, Beside: tag != "en", Anything: len(texts) > 0,
	}
	if status == http.StatusOK {
		data.Done = r.Done()
	}
	if kept.filter == pending {
		data.Filter = pending
	}
	data.Filters = []httpd.Choice{
		{Value: data.Path, Text: p.T("translation.filter-all"), Chosen: data.Filter == ""},
		{Value: httpd.AddressOf(data.Path, "loc", pending), Text: p.T("translation.filter-pending"), Chosen: data.Filter == pending},
	}
	typed := map[studio.Spot]translation.Written{}
	for _, w := range kept.written {
		typed[w.Spot] = w
	}
	shown := slices.DeleteFunc(slices.Clone(texts), func(t translation.Text) bool {
		_, back := typed[t.Spot]
		return len(typed) > 0 && !back || len(typed) == 0 && data.Filter == pending && !t.Pending()
	})
	if len(typed) > 0 { // all that was sent and nothing else, wherever it stands by now
		kept.page = ""
	}
	data.Page, err = httpd.PageOf(kept.page, len(shown), rowsShown, func(page int) string {
		return httpd.AddressOf(data.Path, "loc", data.Filter, "trang", page)
	})
	if err != nil {
		return err
	}
	for _, m := range kept.met {
		if m.Gone {
			data.Gone = append(data.Gone, m)
		}
	}
	numbers := numbersOf(d)
	for _, t := range shown[data.Page.From:data.Page.To] {
		data.Rows = append(data.Rows, rowOf(p, t, numbers, typed, kept.met))
	}
	p.Data = data
	p.Title = p.T("title.draft-language-of", "language", data.Language)
	return r.Show(status, "desk/draft-language", p)
}

func rowOf(p httpd.Page, t translation.Text, numbers map[studio.Key]int, typed map[studio.Spot]translation.Written, met []translation.Met) row {
	one := row{Text: t, ID: "t-" + string(t.Element) + "-" + t.Field, Name: string(t.Element) + "." + t.Field, Value: t.Target}
	one.What = what(p, t, numbers)
	if w, sent := typed[t.Spot]; sent {
		one.Value, one.Fits = w.Value, w.Fits
	}
	if at := slices.IndexFunc(met, func(m translation.Met) bool { return m.Spot == t.Spot }); at >= 0 {
		one.Theirs = &met[at]
	}
	one.Lines = min(12, max(2, strings.Count(t.Source, "\n")+1, len([]rune(t.Source))/38+1))
	return one
}

// what says what a text is: question 3, name for charts.
func what(p httpd.Page, t translation.Text, numbers map[studio.Key]int) string {
	kind := p.T("studio.kind-" + string(t.Kind))
	if n := numbers[t.Element]; n > 0 {
		kind += " " + p.Count(int64(n))
	}
	if t.Field == "text" && t.Kind != studio.KindSurvey {
		return kind
	}
	field := t.Field
	if own := string(t.Kind) + "-" + field; p.Has("studio.field." + own) {
		field = own
	}
	return kind + " · " + p.T("studio.field."+field)
}

// numbersOf are the numbers of questions and sections, as people count them.
func numbersOf(d *studio.Draft) map[studio.Key]int {
	numbers, next := map[studio.Key]int{}, map[studio.Kind]int{}
	for _, e := range d.Outline() {
		next[e.Kind]++
		numbers[e.Key] = next[e.Kind]
	}
	return numbers
}

// keep keeps what was changed on the page, as one operation.
func (s *side) keep(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	tag, err := language(r)
	if err != nil {
		return err
	}
	kept := sent{filter: fields.Get("loc"), page: fields.Get("trang"), base: int(httpd.NumberOf(fields.Get("base")))}
	if kept.written, err = writtenIn(fields); err != nil {
		return err
	}
	d, info, err := s.draft(r)
	if err != nil {
		return err
	}
	op, met, known := translation.Edited(d, tag, kept.base, kept.written)
	if !known {
		return invalid("base", studio.RefusedRevision)
	}
	if kept.met = met; len(met) > 0 {
		return s.write(r, http.StatusConflict, kept)
	}
	done := "translated-nothing"
	if len(op.Texts) > 0 {
		done = "translated"
		_, err = s.k.Studio.Operate(r.Context(), info.ID, r.Editor(), op)
	}
	if err != nil {
		f := httpd.FailureOf(err)
		if f.Status != http.StatusConflict && f.Status != http.StatusUnprocessableEntity {
			return err
		}
		r.Announce(err, f)
		kept.refused = r.Printer().T(f.Key)
		return s.write(r, f.Status, kept)
	}
	page := kept.page
	if page == "1" {
		page = ""
	}
	r.LeadTo(httpd.AddressOf(languagePath(info.ID, tag), "loc", kept.filter, "trang", page, "da", done))
	return nil
}

// writtenIn reads the texts of a form: a place and a text each.
func writtenIn(f httpd.Fields) ([]translation.Written, error) {
	names, values, fits := f.All("muc"), f.All("loi"), f.All("dung")
	if len(names) != len(values) || len(names) > rowsShown {
		return nil, invalid("muc", fault.ProblemWrongType)
	}
	var written []translation.Written
	for i, name := range names {
		element, field, whole := strings.Cut(name, ".")
		if !whole {
			return nil, invalid("muc."+strconv.Itoa(i), fault.ProblemWrongType)
		}
		written = append(written, translation.Written{
			Spot: studio.Spot{Element: studio.Key(element), Field: field}, Value: translation.Clean(values[i]), Fits: slices.Contains(fits, name),
		})
	}
	return written, nil
}

func invalid(where, key string) error {
	return &fault.Invalid{Problems: []fault.Problem{{Where: where, Key: key}}}
}
