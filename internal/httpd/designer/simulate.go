package designer

import (
	"net/http"
	"strconv"
	"strings"

	"sipas/internal/httpd"
	"sipas/internal/score"
	"sipas/internal/simulation"
	"sipas/internal/studio"
)

// seedField is the query that names which made-up citizens try a draft.
const seedField = "hat"

// simulatePage is what came of trying a draft with made-up citizens.
type simulatePage struct {
	Back, Publish string
	Name          string
	Others        string // address with other citizens
	Problems      []problem
	Blocking      int
	Citizens      string
	Unmet         int // questions that nobody met
	Refused       int
	Ways          int
	Asked         simulation.Spread
	Minutes       simulation.Spread
	Sections      []metSection
	Figures       []crowdLine
	Method        string
	Percent       bool
}

// metSection is a section with who met its questions.
type metSection struct {
	Title     string
	Questions []metQuestion
}

// metQuestion is a bar; what is said of it is Note.
type metQuestion struct {
	Label, Value, Note string
	At                 float64
	Address            string // in the editor
	Unmet              bool
}

// crowdLine is one figure as the three crowds make it.
type crowdLine struct {
	Label                          string
	Random, Satisfied, Unsatisfied string // "" without data
}

func (s *desk) simulate(r *httpd.Request) error {
	p := r.NewPage("draft-simulate", nil)
	o, err := s.open(r, p, newest)
	if err != nil {
		return err
	}
	seed := httpd.NumberOf(r.Query(seedField))
	path := pathOf(o.Info.ID)
	d := simulatePage{
		Back: path, Publish: path + publishEnd, Name: o.name(o.Element(studio.Whole)), Blocking: len(studio.Blocking(o.Problems)),
		Others: httpd.AddressOf(path+simulateEnd, seedField, strconv.FormatInt(seed+1, 10)),
	}
	if d.Blocking > 0 {
		d.Problems = o.problems(place{Chosen: studio.Whole, View: "sua"})
	} else {
		result, err := simulation.Run(r.Context(), simulation.Plan{Survey: o.Definition(), Fields: o.fields, Seed: uint64(seed)})
		if err != nil {
			return err
		}
		d.say(o, result)
	}
	p.Data = d
	return r.Show(http.StatusOK, "desk/draft-simulate", p)
}

// say puts the result in words.
func (d *simulatePage) say(o opened, r simulation.Result) {
	p := o.page
	d.Citizens, d.Refused, d.Ways, d.Asked, d.Minutes = score.FormatCount(p.Language, int64(r.Citizens)), r.Refused, r.Ways, r.Asked, r.Minutes()
	var questions []*studio.Element // as the survey has them: each stands in a section, or something blocked
	for _, e := range o.Outline() {
		if e.Kind == studio.KindQuestion {
			questions = append(questions, e)
		}
	}
	for i, section := range r.Survey.Sections {
		met := metSection{Title: section.Title.In(p.Language)}
		for j, q := range r.Questions {
			if q.Section != i {
				continue
			}
			share := 100 * float64(q.Reached) / float64(r.Citizens)
			one := metQuestion{
				Label: o.name(questions[j]), Value: score.FormatFloat(p.Language, share, 1) + "%", At: share,
				Address: place{Chosen: questions[j].Key, View: "sua"}.address(o.Info.ID), Unmet: q.Reached == 0,
			}
			switch {
			case q.Never:
				one.Note = p.T("studio.never-met")
			case one.Unmet:
				one.Note = p.T("studio.not-met", "n", d.Citizens)
			case len(q.Missed) > 0:
				one.Note = p.T("studio.missed-in", "where", strings.Join(situations(o, q.Missed), ", "))
			}
			if one.Unmet {
				d.Unmet++
			}
			met.Questions = append(met.Questions, one)
		}
		d.Sections = append(d.Sections, met)
	}
	method, _ := score.ParseMethod(r.Survey.Method) // an unknown one would have blocked
	d.Method, d.Percent = p.T("method."+string(method)), method.IsPercent()
	shown := func(x score.Index) string { return x.DisplayIn(p.Language, 1) }
	d.Figures = []crowdLine{{p.T("studio.figure-overall"), shown(r.Random.Overall), shown(r.Satisfied.Overall), shown(r.Unsatisfied.Overall)}}
	for i, section := range r.Survey.Sections {
		if len(r.Survey.Sections) == 1 || !r.Satisfied.Sections[i].HasData {
			continue
		}
		d.Figures = append(d.Figures, crowdLine{
			section.Title.In(p.Language), shown(r.Random.Sections[i]), shown(r.Satisfied.Sections[i]), shown(r.Unsatisfied.Sections[i]),
		})
	}
}

// situations names channels and service fields.
func situations(o opened, list []simulation.Situation) (names []string) {
	for _, in := range list {
		name := ""
		if in.Channel != "" {
			name = o.page.T("channel." + string(in.Channel))
		}
		for _, f := range o.fields {
			if f.Key == in.Field {
				name = f.Name.In(o.page.Language)
			}
		}
		names = append(names, name)
	}
	return names
}
