package designer

import (
	"maps"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/studio"
)

// opened is a draft as a page shows it.
type opened struct {
	*studio.Draft
	Info       studio.Info
	Problems   []studio.Problem
	Undo, Redo int
	fields     []agency.ServiceField // of the province
	page       httpd.Page
}

// open reads the draft that a request is about, with its past after a revision, and judges
// it.
func (s *desk) open(r *httpd.Request, p httpd.Page, after int) (opened, error) {
	o, err := s.read(r, p, after)
	if err != nil {
		return o, err
	}
	return s.judge(r, o)
}

// read reads the draft without what is wrong with it.
func (s *desk) read(r *httpd.Request, p httpd.Page, after int) (opened, error) {
	o := opened{page: p}
	snap, err := r.Snapshot()
	if err != nil {
		return o, err
	}
	o.fields = snap.Fields
	if o.Draft, o.Info, err = s.k.Studio.Draft(r.Context(), r.Draft.ID, after); err != nil {
		return o, err
	}
	return o, nil
}

// judge finds out what is wrong with a draft, and what its reader can undo.
func (s *desk) judge(r *httpd.Request, o opened) (opened, error) {
	snap, err := r.Snapshot()
	if err != nil {
		return o, err
	}
	o.Undo, o.Redo, err = s.k.Studio.Undoable(r.Context(), r.Draft.ID, r.Editor())
	o.Problems = o.Draft.Problems(o.Info, snap.Versions(o.Element(studio.Whole).Fields["code"]))
	return o, err
}

// name is what an element is called on pages.
func (o opened) name(e *studio.Element) string {
	field := "text"
	if e.Kind == studio.KindSection || e.Kind == studio.KindSurvey {
		field = "title"
	}
	if text := strings.Join(strings.Fields(e.Text(field, o.page.Language)), " "); text != "" {
		return text
	}
	if text := strings.Join(strings.Fields(e.Text("short", o.page.Language)), " "); text != "" {
		return text
	}
	return o.page.T("studio.unnamed")
}

// row is a section or question in the outline.
type row struct {
	Key     studio.Key
	Section bool
	Text    string
	Kind    string     // of a question, in words
	After   studio.Key // the row before it
	Marked  bool       // something keeps it from being published
	Chosen  bool
}

func (o opened) rows(chosen studio.Key) []row {
	marked := map[studio.Key]bool{}
	for _, p := range studio.Blocking(o.Problems) {
		marked[o.top(p.Element)] = true
	}
	var rows []row
	var before studio.Key
	for _, e := range o.Outline() {
		one := row{Key: e.Key, Section: e.Kind == studio.KindSection, Text: o.name(e), After: before, Marked: marked[e.Key], Chosen: o.top(chosen) == e.Key}
		if !one.Section {
			one.Kind = o.kindName(e.Fields["type"])
		}
		rows, before = append(rows, one), e.Key
	}
	return rows
}

// kindName is what a kind of question is called; one that is not there is as it is
// written.
func (o opened) kindName(kind string) string {
	if kind == "" || !o.page.Has("question-kind."+kind) {
		return kind
	}
	return o.page.T("question-kind." + kind)
}

// top is the question that an element is part of, or the element.
func (o opened) top(key studio.Key) studio.Key {
	if e := o.Element(key); e != nil && e.In != "" {
		return e.In
	}
	return key
}

// siblings are the elements that stand in one list with one, in their order.
func (o opened) siblings(e *studio.Element) []*studio.Element {
	switch e.Kind {
	case studio.KindSection, studio.KindQuestion:
		return o.Outline()
	case studio.KindChoice:
		return o.Choices(e.In)
	case studio.KindRow:
		return o.Rows(e.In)
	}
	return nil
}

// changed are the rows of the outline that are not as they were at a revision, and those
// that are gone since then.
func (o opened) changed(base int, chosen studio.Key) (rows []row, gone []studio.Key) {
	touched := map[studio.Key]bool{}
	for _, r := range o.Past {
		if r.Number <= base {
			continue
		}
		for _, e := range r.Effects {
			touched[e.Element] = true
		}
	}
	for _, one := range o.rows(chosen) {
		if touched[one.Key] {
			rows = append(rows, one)
		}
	}
	for key := range touched {
		if e := o.Element(key); e != nil && e.In == "" && e.Gone {
			gone = append(gone, key)
		}
	}
	slices.Sort(gone)
	return rows, gone
}

// problem is one of a draft on its page.
type problem struct {
	Text, At string
	Address  string
	Blocks   bool
}

func (o opened) problems(at place) []problem {
	var list []problem
	untranslated := map[string]int{} // by language: those with a page of their own
	for _, p := range o.Problems {
		if o.elsewhere(p) {
			untranslated[p.Language]++
			continue
		}
		e := o.Element(p.Element)
		to := at
		to.Chosen, to.View = p.Element, "sua"
		one := problem{Text: p.Text(o.page.Printer), At: o.name(o.Element(o.top(p.Element))), Address: to.address(o.Info.ID), Blocks: p.Blocks}
		switch {
		case e.Kind == studio.KindReport || e.Kind == studio.KindRemark:
			to.Chosen = studio.Whole
			one.Address, one.At = to.address(o.Info.ID)+"#row-"+string(e.Key), ""
		case p.Field != "":
			one.Address += "#" + formID(p.Element, p.Field, p.Language)
		}
		list = append(list, one)
	}
	for i, language := range slices.Sorted(maps.Keys(untranslated)) {
		list = slices.Insert(list, i, problem{
			Text: o.page.T("studio.untranslated", "n", o.page.Count(int64(untranslated[language]))), At: o.page.LanguageName(language), Blocks: true,
			Address: httpd.AddressOf(pathOf(o.Info.ID)+languagesEnd+"/"+language, "loc", "can-lam"),
		})
	}
	return list
}

// elsewhere tells whether a problem is a text that is missing in a language which the
// editor does not show: one line leads to all of them.
func (o opened) elsewhere(p studio.Problem) bool {
	return p.Code == studio.ProblemNoTranslation && p.Language != agency.FallbackLanguage && !slices.Contains(o.spoken(), p.Language)
}

// spoken are the languages that the editor shows beside each other: the others have a
// page of their own.
func (o opened) spoken() []string {
	languages := o.Languages()
	if len(languages) == 0 {
		return []string{agency.FallbackLanguage}
	}
	return languages[:min(2, len(languages))]
}
