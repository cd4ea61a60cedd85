package designer

import (
	"net/http"
	"slices"

	"sipas/internal/httpd"
	"sipas/internal/studio"
)

// historyPage lists what was done to a draft, the newest first.
type historyPage struct {
	Path, Back, Name string
	Past             []done
	Older            string
	Archived         bool
}

// done is one revision.
type done struct {
	Number       int
	At, By, What string
	Texts        []text
	Mine         bool // its reader may take it back
}

// text is what a field was and became.
type text struct{ Label, Was, Now string }

// mostDone are shown at once.
const mostDone = 100

func (s *desk) history(r *httpd.Request) error {
	p := r.NewPage("draft-history", nil)
	o, err := s.open(r, p, newest)
	if err != nil {
		return err
	}
	last := o.Revision
	if before := int(httpd.NumberOf(r.Query("truoc"))); before > 0 {
		last = min(last, before-1)
	}
	first := max(0, last-mostDone)
	past, err := s.k.Studio.Revisions(r.Context(), r.Draft.ID, first, last-first)
	if err != nil {
		return err
	}
	d := historyPage{Path: pathOf(o.Info.ID) + undoEnd, Back: pathOf(o.Info.ID), Name: o.name(o.Element(studio.Whole)), Archived: !o.Info.ArchivedAt.IsZero()}
	if first > 0 {
		d.Older = httpd.AddressOf(pathOf(o.Info.ID)+historyEnd, "truoc", first+1)
	}
	for _, one := range slices.Backward(past) {
		d.Past = append(d.Past, o.done(one, r.Editor(), one.At.In(s.k.Zone).Format("15:04 02/01/2006")))
	}
	p.Data = d
	return r.Show(http.StatusOK, "desk/draft-history", p)
}

// done is a revision in words.
func (o opened) done(r studio.Revision, reader studio.Author, at string) done {
	d := done{Number: r.Number, At: at, By: r.Author.Name, Mine: r.Author == reader && r.Undoes == 0 && o.Undo >= r.Number}
	if len(r.Effects) == 0 {
		d.What = o.page.T("studio.did-nothing")
		return d
	}
	first := r.Effects[0]
	name := ""
	if e := o.Element(first.Element); e != nil {
		name = httpd.Cut(o.name(e), 80)
	}
	d.What = o.page.T("studio.did-"+string(first.Do), "what", name)
	if r.Undoes > 0 {
		d.What = o.page.T("studio.did-undo", "n", o.page.Count(int64(r.Undoes))) + " " + d.What
	}
	for _, e := range r.Effects {
		if e.Do != studio.DoSet {
			continue
		}
		is := o.Element(e.Element)
		if is == nil {
			continue
		}
		field, language := e.Place()
		c := o.control(is, field, language, place{})
		one := text{c.Label, o.shown(c, e.Was), o.shown(c, e.Now)}
		if e.Was == e.Now {
			one.Was, one.Now = o.shown(c, e.Now), o.page.T("studio.still-fits")
		}
		d.Texts = append(d.Texts, one)
		if len(d.Texts) == 5 {
			break
		}
	}
	return d
}
