package designer

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"sipas/internal/fault"
	"sipas/internal/forms"
	"sipas/internal/httpd"
	"sipas/internal/studio"
	"sipas/internal/survey"
)

// askedField is the query that says which answer a new condition is to be about.
const askedField = "hoi"

// draftPage is the page on which a draft is made.
type draftPage struct {
	ID        int64
	Path      string
	Name      string
	At        place
	Revision  int
	State     string // when it was kept, and by whom
	Archived  bool
	Continues string
	Undo      bool
	Redo      bool
	Rows      []row
	Gone      []part // what can be taken back
	Left      []studio.Key
	Editor    editor
	Problems  []problem
	Unlisted  int // problems more
	Blocking  int
	Kinds     []httpd.Choice
	Languages []string
	Tabs      []tab
	Clash     *clash
	Refused   []string // why what was asked for was not done
	Done      string
}

// tab is a part of the page, of which a narrow screen shows one.
type tab struct {
	Name, Text, Address string
	Here                bool
}

// clash is what somebody typed, beside what somebody else has made of the same.
type clash struct {
	Control      control // to send mine once more
	Mine, Theirs string
	By           string
	Said         string
	Text         bool   // both are texts
	Keep         string // address of the page with theirs
}

func (s *desk) show(r *httpd.Request) error {
	p := r.NewPage("draft", nil)
	at := placeOf(queried{r})
	after := newest
	if at.Part {
		after = at.Base
	}
	o, err := s.open(r, p, after)
	if err != nil {
		return err
	}
	return s.write(r, http.StatusOK, o, p, pageOf(s.k.Zone, o, at, r.Query(askedField), r.Done()), at)
}

// queried are the fields of a place as a query says them.
type queried struct{ *httpd.Request }

// Get gives one.
func (q queried) Get(name string) string { return q.Query(name) }

// pageOf is a draft as it is now.
func pageOf(zone *time.Location, o opened, at place, asked, done string) draftPage {
	if e := o.Element(at.Chosen); e == nil || !o.Here(at.Chosen) {
		at.Chosen = studio.Whole
	}
	at.Base = o.Revision
	d := draftPage{
		ID: o.Info.ID, Path: pathOf(o.Info.ID), Name: o.name(o.Element(studio.Whole)), At: at, Revision: o.Revision,
		Archived: !o.Info.ArchivedAt.IsZero(), Continues: o.Info.Continues, Undo: o.Undo > 0, Redo: o.Redo > 0, Rows: o.rows(at.Chosen),
		Editor: o.editorOf(at, asked), Problems: o.problems(at), Blocking: len(studio.Blocking(o.Problems)), Languages: o.Languages(), Done: done,
	}
	d.At.Chosen = d.Editor.Key
	if more := len(d.Problems) - listed; more > 0 {
		d.Problems, d.Unlisted = d.Problems[:listed], more
	}
	d.State = o.page.T("studio.saved", "at", o.Info.ChangedAt.In(zone).Format("15:04"), "by", o.Info.ChangedBy)
	for _, e := range o.Gone() {
		d.Gone = append(d.Gone, part{Key: e.Key, Name: o.name(e)})
	}
	for _, t := range survey.Types() {
		d.Kinds = append(d.Kinds, httpd.Choice{Value: string(t), Text: o.kindName(string(t)), Chosen: t == "scale5"})
	}
	for _, name := range []string{"khung", "sua", "xem"} {
		to := at
		to.View = name
		d.Tabs = append(d.Tabs, tab{name, o.page.T("studio.view-" + name), to.address(o.Info.ID), name == at.View})
	}
	return d
}

// answer answers a form of the page: with what changed of it to a script, with the page
// anew to a browser. Err is why nothing was done.
func (s *desk) answer(r *httpd.Request, at place, made studio.Revision, err error) error {
	status, f := http.StatusOK, httpd.Failure{}
	if err != nil {
		f = httpd.FailureOf(err)
		if status = f.Status; status != http.StatusConflict && status != http.StatusUnprocessableEntity {
			return err
		}
		r.Announce(err, f)
	}
	for _, e := range made.Effects {
		if e.Do == studio.DoAdd && e.In == "" {
			at.Chosen = e.Element
			break
		}
	}
	if err == nil && !at.Part {
		r.LeadTo(at.address(r.Draft.ID) + "#bien-tap")
		return nil
	}
	p := r.NewPage("draft", nil)
	o, unread := s.open(r, p, at.Base)
	if unread != nil {
		return unread
	}
	d := pageOf(s.k.Zone, o, at, "", "")
	var met *studio.Conflict
	switch {
	case errors.As(err, &met):
		d.Clash = o.clash(met, at)
	case err != nil:
		d.Refused = []string{p.T(f.Key)}
		for _, one := range f.Problems {
			d.Refused = append(d.Refused, forms.Sentence(p.Printer, one))
		}
	}
	return s.write(r, status, o, p, d, at)
}

// write answers with the page, or to a script with what changed of it.
func (s *desk) write(r *httpd.Request, status int, o opened, p httpd.Page, d draftPage, at place) error {
	p.Title = d.Name
	if !at.Part {
		p.Data = d
		return r.Show(status, "desk/draft", p)
	}
	d.Rows, d.Left = o.changed(at.Base, d.At.Chosen)
	p.Data = d
	html, err := s.k.RenderPart("desk/draft", "changed", p)
	if err != nil {
		return err
	}
	return r.WriteHTML(status, []byte(html))
}

// clash tells both sides of a conflict.
func (o opened) clash(met *studio.Conflict, at place) *clash {
	c := &clash{By: met.By.Author.Name, Mine: met.Mine.Now, Theirs: met.Theirs.Now, Keep: at.address(o.Info.ID)}
	e := o.Element(met.Mine.Element)
	both := met.Mine.Do == studio.DoSet && met.Theirs.Do == studio.DoSet
	if e != nil && both && o.Here(e.Key) {
		field, language := met.Mine.Place()
		at.Base = o.Revision
		c.Text, c.Control = true, o.control(e, field, language, at)
		c.Control.Value = met.Mine.Now
		c.Said = o.page.T("studio.clash-text", "what", c.Control.Label)
		c.Mine, c.Theirs = o.shown(c.Control, met.Mine.Now), o.shown(c.Control, met.Theirs.Now)
		return c
	}
	what := ""
	if theirs := o.Element(o.top(met.Theirs.Element)); theirs != nil {
		what = o.name(theirs)
	}
	c.Said = o.page.T("studio.clash-"+string(met.Theirs.Do), "what", what)
	return c
}

// shown is what a control says where a value is chosen.
func (o opened) shown(c control, value string) string {
	if c.Field == "show" {
		return logic{o}.sentence(value)
	}
	if at := slices.IndexFunc(c.Options, func(one httpd.Choice) bool { return one.Value == value }); at >= 0 {
		return c.Options[at].Text
	}
	return value
}

func (s *desk) undo(r *httpd.Request) error {
	f, err := r.Fields()
	if err != nil {
		return err
	}
	made, err := s.k.Studio.Undo(r.Context(), r.Draft.ID, r.Editor(), int(httpd.NumberOf(f.Get("revision"))))
	return s.answer(r, placeOf(f), studio.Revision{Number: made.Number}, err)
}

func (s *desk) redo(r *httpd.Request) error {
	f, err := r.Fields()
	if err != nil {
		return err
	}
	made, err := s.k.Studio.Redo(r.Context(), r.Draft.ID, r.Editor())
	return s.answer(r, placeOf(f), studio.Revision{Number: made.Number}, err)
}

func refused(where, key string) error {
	return &fault.Invalid{Problems: []fault.Problem{{Where: where, Key: key}}}
}
