package designer

import (
	"net/http"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/simulation"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/surveys"
)

// listPage lists the surveys that are made, that are published, and that the library has.
type listPage struct {
	Drafts    []draftLine
	Archived  []draftLine
	Published []publishedLine
	Library   []libraryLine
	New, Done string
}

type draftLine struct {
	Path, Title, Code, Continues string
	At, By                       string
	Changed                      bool // since it was published
	Published                    bool
}

type publishedLine struct {
	Key, Title, Version, At string
	Questions, Counters     int
	Languages               []string
	Draft                   string // address of the draft of its next version
}

type libraryLine struct {
	Key, Title, Intro, Method, Source string
	Questions, Minutes                int
	Languages                         []string
	Unverified                        int
}

func (s *desk) list(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("surveys", nil)
	d := listPage{New: newPath, Done: r.Done()}
	next := map[string]string{} // by the survey of which a draft is the next version
	for _, archived := range []bool{false, true} {
		drafts, err := s.k.Studio.List(r.Context(), archived)
		if err != nil {
			return err
		}
		for _, info := range drafts {
			line := draftLine{
				Path: pathOf(info.ID), Title: info.Title, Code: info.Code, Continues: info.Continues, By: info.ChangedBy,
				At: info.ChangedAt.In(s.k.Zone).Format("15:04 02/01/2006"), Changed: info.Revision > info.Published, Published: info.Published > 0,
			}
			if line.Title == "" {
				line.Title = p.T("studio.unnamed")
			}
			if archived {
				d.Archived = append(d.Archived, line)
				continue
			}
			d.Drafts = append(d.Drafts, line)
			if info.Continues != "" && next[info.Continues] == "" {
				next[info.Continues] = line.Path
			}
		}
	}
	d.Published = publishedLines(s.k.Zone, snap, p, next)
	if d.Library, err = library(p); err != nil {
		return err
	}
	p.Data = d
	return r.Show(http.StatusOK, "desk/surveys", p)
}

func publishedLines(zone *time.Location, snap *registry.Snapshot, p httpd.Page, next map[string]string) (list []publishedLine) {
	counters := map[string]int{}
	for _, point := range snap.Points {
		if point.Active {
			counters[point.SurveyKey]++
		}
	}
	for _, key := range snap.Surveys {
		v := snap.Newest(key)
		def := v.Definition
		list = append(list, publishedLine{
			Key: def.Key, Title: def.Title.In(p.Language), Version: v.Name(), At: v.PublishedAt.In(zone).Format("02/01/2006"),
			Questions: questionsOf(def), Counters: counters[def.Key], Languages: def.Languages, Draft: next[def.Key],
		})
	}
	return list
}

func questionsOf(def survey.Definition) (n int) {
	for _, section := range def.Sections {
		n += len(section.Questions)
	}
	return n
}

// library lists the surveys that the program has.
func library(p httpd.Page) (list []libraryLine, err error) {
	all, err := surveys.Library()
	for _, def := range all {
		asked := len(survey.NewVersion(0, 0, time.Time{}, def).Parts())
		list = append(list, libraryLine{
			Key: def.Key, Title: def.Title.In(p.Language), Intro: def.Intro.In(p.Language), Source: def.Source.In(p.Language),
			Method: p.T("method." + def.Method), Questions: questionsOf(def), Minutes: simulation.Minutes(asked), Languages: def.Languages, Unverified: len(def.Unverified),
		})
	}
	return list, err
}

// begin makes a draft and leads to it.
func (s *desk) begin(r *httpd.Request) error {
	f, err := r.Fields()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	origin := studio.BlankOrigin(string(score.DefaultMethod), agency.FallbackLanguage, "en")
	if from := f.Get("from"); from != "blank" {
		if origin, err = studio.FindOrigin(snap, from, f.Get("survey"), 0); err != nil {
			return err
		}
	}
	info, err := s.k.Studio.Create(r.Context(), r.Author(audit.Web), origin)
	if err != nil {
		return err
	}
	r.LeadTo(pathOf(info.ID))
	return nil
}

func (s *desk) archive(r *httpd.Request) error {
	f, err := r.Fields()
	if err != nil {
		return err
	}
	done := "draft-back"
	if f.Get("archived") != "" {
		done = "draft-archived"
	}
	if err := s.k.Studio.Archive(r.Context(), r.Author(audit.Web), r.Draft.ID, f.Get("archived") != ""); err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(listPath, "da", done))
	return nil
}
