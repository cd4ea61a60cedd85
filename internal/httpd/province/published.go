package province

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/published"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/internal/wording"
)

// publishedPages are the pages of what others published: it is typed in, and stands
// beside the targets that it answers.
type publishedPages struct{ *side }

const publishedPath = targetsPath + "/cong-bo"

// publishedFields are the fields of the form beside the agency, which the kernel finds.
var publishedFields = []string{"index", "year", "value", "rank", "of", "source", "day"}

func (s publishedPages) routes() []httpd.Route {
	form, index := httpd.FormBody(httpd.OrdinaryBody), []httpd.About{{In: httpd.Path, Name: "published", Is: httpd.PublishedIndex}}
	const one = publishedPath + "/:published"
	return []httpd.Route{
		{Method: http.MethodGet, Path: publishedPath, Permission: access.Administer, About: nothing(), Asks: []string{"year", "index"}, Handle: s.showNew},
		{Method: http.MethodPost, Path: publishedPath, Permission: access.Administer, About: []httpd.About{placed()}, Asks: publishedFields, Body: form, Handle: s.keep},
		{Method: http.MethodGet, Path: one, Permission: access.Administer, About: index, Handle: s.show},
		{Method: http.MethodPost, Path: one, Permission: access.Administer, About: append(index, placed()), Asks: publishedFields, Body: form, Handle: s.keep},
		{Method: http.MethodPost, Path: one + "/bo", Permission: access.Administer, About: index, Body: form, Handle: s.remove},
	}
}

// publishedLine is an index as the page of targets shows it.
type publishedLine struct {
	Name, Result   string
	Agency, Source string
	Day            string // "" if it is not known
	To             string // where it is changed; "" for who may not
}

// answer is what was published of the rank that a target asks for.
type answer struct {
	Result   string // "" if nothing was
	Standing score.Standing
	Enter    string // where it is typed in; "" for who may not
}

// publishedLines are the indices of a year, as far as the caller may see them.
func publishedLines(snap *registry.Snapshot, view registry.View, p httpd.Page, all []published.Index, year int, may bool) (list []publishedLine) {
	for _, i := range all {
		if i.Year != year || i.AgencyID != 0 && !view.Sees(i.AgencyID) {
			continue
		}
		line := publishedLine{Name: i.Name, Result: resultOf(p, i), Source: i.Source, Day: i.Day}
		if office, known := snap.Tree.Agency(i.AgencyID); known {
			line.Agency = office.Name.In(p.Language)
		}
		if may {
			line.To = indexPath(i)
		}
		list = append(list, line)
	}
	return list
}

func indexPath(i published.Index) string { return publishedPath + "/" + strconv.FormatInt(i.ID, 10) }

// answerTo is what was published of the rank that a target asks for, nil where it asks
// for none.
func answerTo(p httpd.Page, all []published.Index, t target.Target, may bool) *answer {
	if t.Indicator.Index() == "" {
		return nil
	}
	i, known := published.Answers(all, t)
	switch {
	case known:
		return &answer{Result: resultOf(p, i), Standing: i.Judge(t)}
	case may:
		return &answer{Enter: httpd.AddressOf(publishedPath, "year", t.Year, "index", t.Indicator.Index())}
	}
	return &answer{}
}

// resultOf is what was published in words: "83,94 · hạng 18/34".
func resultOf(p httpd.Page, i published.Index) string {
	var parts []string
	if i.Value != "" {
		parts = append(parts, typedDecimal(i.Value, p.Language))
	}
	switch {
	case i.Rank > 0 && i.Of > 0:
		parts = append(parts, p.T("published.rank-of", "rank", i.Rank, "of", i.Of))
	case i.Rank > 0:
		parts = append(parts, p.T("published.rank", "rank", i.Rank))
	}
	return strings.Join(parts, " · ")
}

// typedDecimal is a decimal as people type it.
func typedDecimal(value, language string) string {
	if language == "vi" {
		return strings.Replace(value, ".", ",", 1)
	}
	return value
}

// publishedForm is the form of an index, new or to be changed.
type publishedForm struct {
	httpd.Typed
	Names  []string // to choose from; others may be typed
	Scopes []httpd.Choice
	Path   string
	Remove string // where it is removed; "" of a new one
	Back   string
}

func (s publishedPages) showNew(r *httpd.Request) error {
	year, err := targetPages(s).yearAsked(r)
	if err != nil {
		return err
	}
	return s.write(r, http.StatusOK, r.Typed(map[string]string{"year": strconv.Itoa(year), "index": httpd.Cut(r.Query("index"), 40)}))
}

func (s publishedPages) show(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	i := *r.Index
	office, _ := snap.Tree.Agency(i.AgencyID)
	values := map[string]string{
		"index": i.Name, "year": strconv.Itoa(i.Year), "agency": office.Code, "value": typedDecimal(i.Value, r.Printer().Language),
		"rank": number(i.Rank), "of": number(i.Of), "source": i.Source,
	}
	if i.Day != "" {
		values["day"] = wording.New(r.Printer()).Day(i.Day)
	}
	return s.write(r, http.StatusOK, r.Typed(values))
}

// number is a number as people type it, "" for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (s publishedPages) write(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("published-new", nil)
	form := publishedForm{Typed: typed, Path: publishedPath, Back: targetsPath, Names: indexNames(snap)}
	if r.Index != nil {
		p = r.NewPage("published", nil)
		form.Path, form.Remove, form.Back = indexPath(*r.Index), indexPath(*r.Index)+"/bo", httpd.AddressOf(targetsPath, "year", r.Index.Year)
	}
	form.Scopes = httpd.ScopeChoices(r.View(snap), p, typed.Value("agency"))
	p.Data = form
	return r.Show(status, "desk/published", p)
}

// indexNames are the indices that plans name: usually, and here.
func indexNames(snap *registry.Snapshot) []string {
	names := published.Names()
	for _, t := range snap.Targets {
		if name := t.Indicator.Index(); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (s publishedPages) keep(r *httpd.Request) error {
	typed, err := r.TypedFields(append([]string{"agency"}, publishedFields...)...)
	if err != nil {
		return err
	}
	i := readIndex(typed)
	if r.Index != nil {
		i.ID = r.Index.ID
	}
	if r.Agency != nil {
		i.AgencyID = r.Agency.ID
	}
	err = s.k.Published.Keep(r.Context(), r.Author(audit.Web), i)
	var invalid *fault.Invalid
	switch {
	case errors.As(err, &invalid):
		return s.write(r, http.StatusUnprocessableEntity, r.Typed(typed, invalid.Problems...))
	case errors.Is(err, fault.ErrConflict):
		return s.write(r, http.StatusUnprocessableEntity, r.Typed(typed, fault.Problem{Where: "index", Key: published.ProblemSame}))
	case err != nil:
		return err
	}
	r.LeadTo(httpd.AddressOf(targetsPath, "year", i.Year, "da", "saved"))
	return nil
}

// readIndex reads an index as it was typed. What cannot be read becomes what is found to
// be wrong with what else is.
func readIndex(typed map[string]string) published.Index {
	line := func(name string) string { return norm.NFC.String(strings.TrimSpace(typed[name])) }
	whole := func(name string) int {
		n, err := strconv.Atoi(line(name))
		if err != nil && line(name) != "" {
			return -1
		}
		return n
	}
	day := line("day")
	if known, ok := civil.ReadDay(day); ok {
		day = known
	}
	return published.Index{
		Name: target.IndexName(line("index")), Year: whole("year"), Value: strings.Replace(line("value"), ",", ".", 1),
		Rank: whole("rank"), Of: whole("of"), Source: line("source"), Day: day,
	}
}

func (s publishedPages) remove(r *httpd.Request) error {
	if err := s.k.Published.Remove(r.Context(), r.Author(audit.Web), r.Index.ID); err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(targetsPath, "year", r.Index.Year, "da", "index-removed"))
	return nil
}
