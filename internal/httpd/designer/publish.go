package designer

import (
	"errors"
	"net/http"

	"sipas/internal/audit"
	"sipas/internal/difference"
	"sipas/internal/httpd"
	"sipas/internal/studio"
	"sipas/internal/survey"
)

// publishPage says what publishing a draft would do.
type publishPage struct {
	Path, Back string
	Name       string
	Code       string
	Revision   int
	Over       int    // the newest version there is
	Version    string // that it would become
	Before     string // the version that it is compared with, "" for a new survey
	Breaks     bool
	Changes    []differing
	Problems   []problem
	Blocking   int
	Counters   int // that ask the survey now
	Questions  int
	Refused    string
	Done       string
}

// differing is one thing that differs from the version before.
type differing struct {
	What, Title string
	Was, Now    string
	Breaks      bool
}

func (s *desk) showPublish(r *httpd.Request) error {
	return s.writePublish(r, http.StatusOK, nil)
}

func (s *desk) writePublish(r *httpd.Request, status int, refused error) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("draft-publish", nil)
	o, err := s.open(r, p, newest)
	if err != nil {
		return err
	}
	def := o.Definition()
	versions := snap.Versions(def.Key)
	d := publishPage{
		Path: pathOf(o.Info.ID) + publishEnd, Back: pathOf(o.Info.ID), Name: o.name(o.Element(studio.Whole)), Code: def.Key, Revision: o.Revision,
		Problems: o.problems(place{Chosen: studio.Whole, View: "sua"}), Blocking: len(studio.Blocking(o.Problems)),
	}
	for _, section := range def.Sections {
		d.Questions += len(section.Questions)
	}
	if len(versions) > 0 {
		last := versions[len(versions)-1]
		d.Over, d.Before = last.Number, last.Name()
		for _, one := range difference.Compare(last.Definition, def) {
			d.Breaks = d.Breaks || one.Breaks
			d.Changes = append(d.Changes, o.told(one, last))
		}
	}
	d.Version = survey.NewVersion(0, d.Over+1, s.k.Now(), def).Name()
	for _, point := range snap.Points {
		if point.SurveyKey == def.Key && point.Active {
			d.Counters++
		}
	}
	if refused != nil {
		f := httpd.FailureOf(refused)
		d.Refused = p.T(f.Key)
	}
	p.Data = d
	return r.Show(status, "desk/draft-publish", p)
}

// told is a difference in words.
func (o opened) told(one difference.One, before *survey.Version) differing {
	c := differing{Title: one.Title, Was: one.Was, Now: one.Now, Breaks: one.Breaks}
	field := ""
	if one.Field != "" {
		field = o.label(one.Kind, one.Field)
		if one.Language != "" {
			field += " · " + o.page.LanguageName(one.Language)
		}
	}
	c.What = o.page.T("studio.differs-"+string(one.Sort), "what", o.page.T("studio.kind-"+string(one.Kind)), "field", field)
	if one.Sort == difference.Condition {
		c.Was, c.Now = "", ""
	}
	return c
}

func (s *desk) publish(r *httpd.Request) error {
	f, err := r.Fields()
	if err != nil {
		return err
	}
	_, err = s.k.Studio.Publish(r.Context(), r.Author(audit.Web), r.Draft.ID, int(httpd.NumberOf(f.Get("revision"))), int(httpd.NumberOf(f.Get("over"))))
	var unready *studio.Unready
	switch {
	case errors.As(err, &unready), errors.Is(err, studio.ErrOvertaken):
		failure := httpd.FailureOf(err)
		r.Announce(err, failure)
		return s.writePublish(r, failure.Status, err)
	case err != nil:
		return err
	}
	r.LeadTo(httpd.AddressOf(listPath, "da", "survey-published"))
	return nil
}
