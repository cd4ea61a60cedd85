package forms

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
	Action     string // address that takes the answers
	Preview    bool   // it is a draft, and nothing of it is kept
	Point      string
	Place      string
	Official   string // who served, where the agency lets citizens read that name
	Agency     string
	Head       string // the agency at the top, whose name stands above Agency's; "" if that is it
	Hotline    string // to report to; "" if there is none
	Dialled    string // Hotline as a telephone takes it
	Title      string
	Intro      string
	Version    string
	Campaign   string // by which it is asked, "" for none
	Submission string
	Channel    agency.Channel
	Drawn      bool      // the options of the next form stand otherwise
	Kiosk      bool      // one device for everybody: nothing may stay on it
	Last       string    // the receipt of the sheet before this one, where staff fill them in
	Headline   *Question // of a quick form: the one question that matters
	Reasons    *Question // of a quick form: what should be better, the first thing to ask whoever is not satisfied
	Sections   []Section
	Field      *Question // for which service somebody came; nil where there is no choice or the survey itself asks
	Refusal    *Refusal  // why an earlier try was not taken
	Screen     int       // of a form that is asked screen by screen, from 1; 0: it is one
	Screens    int       // how many there are
	Carried    []Carried // what was answered on the others
	Turned     bool      // somebody came here from another screen
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
	Key      string // the address of its answer
	Name     string // of its fields in the form
	Type     survey.QuestionType
	Stem     string // begins the sentence that Text ends, for whoever hears one question at a time
	Text     string
	Required bool
	Big      bool // the one question of a quick form
	Several  bool // options may be taken together
	Three    bool // it is a scale of three levels
	Options  []Option
	Rows     []Question // of a grid, each a scale of its own
	Most     int        // characters of a text, or choices where not all are allowed
	Given    string     // the text given
	Unit     string     // of a number
	Limits   string     // of a number or date
	If       int        // number of the condition that shows it; 0: none that has one
	Show     string     // the condition that shows it where it has no number, as the page's script reads it
	Problem  string
	Focus    bool // it is the only one with a problem, and the eye belongs there
	Nothing  bool // it offers "nothing", which is not an answer and is not sent
}

// Option is one thing to choose.
type Option struct {
	Value, Text string
	Face        int // of a level, from 1 to 5; 0: none
	Chosen      bool
	Opens       string    // numbers of the conditions that it fulfils, parted by spaces
	Note        string    // for whoever chooses it
	Other       *Question // asks whoever chooses it for a text
}

// Viewer turns a version of a survey into a page in one language, filled
// with the values given so far.
type Viewer struct {
	message.Printer
	Language   string // of the survey; the printer may not have it
	Version    *survey.Version
	Given      url.Values        // what was answered before, by the keys of the form
	Submission string            // the id under which the form is sent
	Draw       int               // of options without an order of their own: see Draw
	problems   map[string]string // by question key
	hotline    string
	focus      string // the question that says itself why the form comes back
	fields     []agency.ServiceField
	conditions conditions
}

// View fills the page of a form.
func (v *Viewer) View(form intake.Form) View {
	d := v.Version.Definition
	view := View{
		Code: form.Code, Action: form.Code.Path(), Point: form.Point.Name.In(v.Language), Place: form.Point.Place,
		Agency: form.Agency.Name.In(v.Language), Head: form.Head.Name.In(v.Language), Hotline: form.Hotline,
		Dialled: agency.Dialled(form.Hotline), Title: d.Title.In(v.Language), Intro: d.Intro.In(v.Language),
		Version: v.Version.Name(), Campaign: form.CampaignName(), Submission: v.Submission, Channel: form.Point.Channel, Kiosk: form.Point.Channel == agency.ChannelKiosk,
	}
	if v.Given.Get(KeyVersion) == view.Version { // it comes back as it was opened
		view.Campaign = v.Given.Get(KeyCampaign)
	}
	view.Official, view.Drawn = form.NamedOfficial(), v.Draw > 0
	v.hotline = form.Hotline
	v.conditions = newConditions(form, v.Version)
	v.fields = form.Fields
	if field, known := v.Version.Reserved(KeyField); known && !asks(v.Version, KeyField) && len(form.Fields) > 1 {
		asked := v.question(field.Question)
		asked.Text = v.T("form.field")
		view.Field = &asked
	}
	for _, s := range d.Sections {
		section := v.section(s, d.Headline != "")
		for _, q := range s.Questions {
			if q.Shape().Fields && len(form.Fields) < 2 {
				continue // there is nothing to choose
			}
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
	shape, parts, name := q.Shape(), v.Version.PartsOf(q), ""
	if len(parts) > 0 {
		name = nameOf(parts[0])
	}
	given := v.Given[name]
	view := Question{
		Key: q.Key, Name: name, Type: q.Type, Text: q.Text.In(v.Language), Required: q.Required,
		Problem: v.problems[q.Key], Focus: v.focus == q.Key, Several: shape.Several, Three: shape.Levels == 3,
		Most: shape.Most, Given: strings.Join(given, "\n"), Unit: shape.Unit.In(v.Language), Limits: shape.Limits,
	}
	if q.Show != nil {
		view.If, view.Show = v.conditions.of(*q.Show)
	}
	for _, p := range parts {
		switch {
		case p.Scale && p.Below == "":
			view.Options = v.levels(p, shape)
		case p.Scale:
			view.Rows = append(view.Rows, Question{
				Key: p.Key(), Name: AnswerPrefix + p.Key(), Type: q.Type, Stem: view.Text, Text: p.Text.In(v.Language), Required: p.Required,
				Options: v.levels(p, shape), Problem: v.problems[p.Key()], Three: view.Three,
			})
		}
	}
	for _, c := range drawn(q, v.Draw) {
		option := v.option(q.Key, c.Key, c.Text.In(v.Language), given)
		option.Note = c.NoteIn(v.Language, v.hotline)
		if c.Other {
			option.Other = v.other(q.Key + "." + c.Key)
		}
		view.Options = append(view.Options, option)
	}
	for _, value := range shape.Values {
		view.Options = append(view.Options, v.option(q.Key, value, value, given))
	}
	if shape.Fields {
		for _, f := range v.fields {
			view.Options = append(view.Options, v.option(q.Key, f.Key, f.Name.In(v.Language), given))
		}
	}
	return view
}

func (v *Viewer) option(address, value, text string, given []string) Option {
	return Option{Value: value, Text: text, Chosen: slices.Contains(given, value), Opens: v.conditions.opened(address, value)}
}

// other asks for the text of whoever chooses "other".
func (v *Viewer) other(address string) *Question {
	part, _ := v.Version.Part(address)
	view := Question{
		Key: address, Name: AnswerPrefix + address, Text: part.Text.In(v.Language), Most: part.Most,
		Given: v.Given.Get(AnswerPrefix + address), Problem: v.problems[address],
	}
	if part.Show != nil {
		view.If, view.Show = v.conditions.of(*part.Show)
	}
	return &view
}

// levels are the options of a scale; no opinion is the last. A scale of five has
// its words here, and the others in their templates.
func (v *Viewer) levels(p survey.Part, shape survey.Shape) []Option {
	given := v.Given[AnswerPrefix+p.Key()]
	var options []Option
	for level := 1; level <= shape.Levels; level++ {
		value := strconv.Itoa(level)
		option := v.option(p.Key(), value, "", given)
		option.Face = 1 + (level-1)*4/(shape.Levels-1)
		if shape.Levels == 5 {
			option.Text = v.T("level." + value)
		}
		options = append(options, option)
	}
	switch {
	case len(p.Question.NoOpinionText) > 0:
		return append(options, v.option(p.Key(), "0", p.Question.NoOpinionText.In(v.Language), given))
	case shape.NoOpinion:
		return append(options, v.option(p.Key(), "0", v.T("level.0"), given))
	}
	return options
}
