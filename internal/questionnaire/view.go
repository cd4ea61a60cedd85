package questionnaire

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/intake"
	"sipas/internal/message"
	"sipas/internal/survey"
)

// View is what the form's page shows.
type View struct {
	Code       agency.Code
	Point      string
	Place      string
	Agency     string
	Head       string // the agency at the top, whose name stands above Agency's; "" if that is it
	Hotline    string // to report to; "" if there is none
	Dialled    string // Hotline as a telephone takes it
	Title      string
	Intro      string
	Version    string
	Submission string
	Channel    agency.Channel
	Kiosk      bool      // one device for everybody: nothing may stay on it
	Last       string    // the receipt of the sheet before this one, where staff fill them in
	Headline   *Question // of a quick form: the one question that matters
	Reasons    *Question // of a quick form: what should be better, the first thing to ask whoever is not satisfied
	Sections   []Section
	Fields     []Option // of service to choose from; none where there is no choice
	Refusal    *Refusal // why an earlier try was not taken
}

// Pressed tells whether one press on a face is the whole answer: on a kiosk
// that asks a quick form.
func (v View) Pressed() bool { return v.Kiosk && v.Headline != nil }

// Folds tells whether all but the headline is behind "anything else?": on a
// citizen's own phone, but not where staff copy a sheet.
func (v View) Folds() bool { return v.Headline != nil && !v.Channel.Staffed() }

// Section is a section of a View.
type Section struct {
	Title     string
	Stem      string // of its scale questions, to read once
	Questions []Question
}

// Question is one question with what was answered before.
type Question struct {
	Key      string
	Type     survey.QuestionType
	Stem     string // begins the sentence that Text ends, for whoever hears one question at a time
	Text     string
	Required bool
	Big      bool // the one question of a quick form
	Options  []Option
	Most     int    // characters of a text, or choices where not all are allowed
	Given    string // the text given
	If       int    // number of the condition that shows it; 0: none that has one
	Show     string // the condition that shows it where it has no number, as the page's script reads it
	Problem  string
	Focus    bool // it is the only one with a problem, and the eye belongs there
	Nothing  bool // it offers "nothing", which is not an answer and is not sent
}

// Option is one thing to choose.
type Option struct {
	Value, Text string
	Chosen      bool
	Opens       string // numbers of the conditions that it fulfils, parted by spaces
	Note        string // for whoever chooses it
}

// Viewer turns a version of a survey into a page in one language, filled
// with the values given so far.
type Viewer struct {
	message.Printer
	Language   string // of the survey; the printer may not have it
	Version    *survey.Version
	Given      url.Values        // what was answered before, by the keys of the form
	problems   map[string]string // by question key
	hotline    string
	focus      string // the question that says itself why the form comes back
	conditions conditions
}

// View fills the page of a form.
func (v *Viewer) View(form intake.Form) View {
	d := v.Version.Definition
	view := View{
		Code: form.Point.Code, Point: form.Point.Name.In(v.Language), Place: form.Point.Place,
		Agency: form.Agency.Name.In(v.Language), Head: form.Head.Name.In(v.Language), Hotline: form.Hotline,
		Dialled: agency.Dialled(form.Hotline), Title: d.Title.In(v.Language), Intro: d.Intro.In(v.Language),
		Version: v.Version.Name(), Channel: form.Point.Channel, Kiosk: form.Point.Channel == agency.ChannelKiosk,
	}
	v.hotline = form.Hotline
	v.conditions = newConditions(form, v.Version)
	if len(form.Fields) > 1 {
		for _, f := range form.Fields {
			view.Fields = append(view.Fields, Option{Value: f.Key, Text: f.Name.In(v.Language), Chosen: v.Given.Get(KeyField) == f.Key})
		}
	}
	for _, s := range d.Sections {
		section := v.section(s, d.Headline != "")
		for _, q := range s.Questions {
			if q.Key == d.Headline {
				headline := v.question(q)
				headline.Big = true
				view.Headline = &headline
				continue
			}
			asked := v.question(q)
			if isScale(q) {
				asked.Stem = s.Stem.In(v.Language)
			}
			if d.Headline != "" && view.Reasons == nil && q.Shape().Several && q.Show == nil {
				asked.Nothing = true
				view.Reasons = &asked
				continue
			}
			section.Questions = append(section.Questions, asked)
		}
		if len(section.Questions) > 0 {
			view.Sections = append(view.Sections, section)
		}
	}
	return view
}

// section begins a section. A quick form has one line above its questions, and
// none that they say again.
func (v *Viewer) section(s survey.Section, quick bool) Section {
	title, stem := s.Title.In(v.Language), s.Stem.In(v.Language)
	switch {
	case !quick:
		return Section{Title: title, Stem: stem}
	case !slices.ContainsFunc(s.Questions, isScale):
		return Section{}
	case stem != "":
		return Section{Title: stem}
	}
	return Section{Title: title}
}

func isScale(q survey.Question) bool { return q.Shape().Levels > 0 }

func (v *Viewer) question(q survey.Question) Question {
	view := Question{
		Key: q.Key, Type: q.Type, Text: q.Text.In(v.Language), Required: q.Required, Problem: v.problems[q.Key], Focus: v.focus == q.Key,
	}
	if q.Show != nil {
		view.If, view.Show = v.conditions.of(*q.Show)
	}
	shape := q.Shape()
	given := v.Given[AnswerPrefix+q.Key]
	if shape.Levels > 0 {
		view.Options = v.levels(q, shape, given)
	}
	for _, c := range shape.Choices {
		view.Options = append(view.Options, v.option(q.Key, c.Key, c.Text.In(v.Language), c.NoteIn(v.Language, v.hotline), given))
	}
	view.Most = shape.Most
	if shape.Text {
		view.Given = strings.Join(given, "\n")
	}
	return view
}

func (v *Viewer) option(address, value, text, note string, given []string) Option {
	return Option{value, text, slices.Contains(given, value), v.conditions.opened(address, value), note}
}

// levels are the options of a scale; no opinion is the last.
func (v *Viewer) levels(q survey.Question, shape survey.Shape, given []string) []Option {
	var options []Option
	for level := range shape.Levels {
		value := strconv.Itoa(level + 1)
		options = append(options, v.option(q.Key, value, v.T("level."+value), "", given))
	}
	switch {
	case len(q.NoOpinionText) > 0:
		return append(options, v.option(q.Key, "0", q.NoOpinionText.In(v.Language), "", given))
	case shape.NoOpinion:
		return append(options, v.option(q.Key, "0", v.T("level.0"), "", given))
	}
	return options
}
