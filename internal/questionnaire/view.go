package questionnaire

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/fault"
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
	If       int    // number of the condition that shows it; 0: always shown
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

// Refusal says on top of the form why it comes back.
type Refusal struct {
	Message string
	Items   []Link
	InPlace bool // the question itself says it all
	Anew    bool // it cannot be sent again; there is only a new form
}

// Link leads from the summary to the question it is about; Anchor may be "".
type Link struct{ Anchor, Text string }

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
	conditions []survey.Condition
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
	for _, q := range v.Version.Questions() {
		if q.Show != nil && v.condition(*q.Show) == 0 {
			v.conditions = append(v.conditions, *q.Show)
		}
	}
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
			if d.Headline != "" && view.Reasons == nil && q.Type == survey.TypeMulti && q.Show == nil {
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

func isScale(q survey.Question) bool { return q.Type == survey.TypeScale }

func (v *Viewer) question(q survey.Question) Question {
	view := Question{
		Key: q.Key, Type: q.Type, Text: q.Text.In(v.Language), Required: q.Required, Problem: v.problems[q.Key], Focus: v.focus == q.Key,
	}
	if q.Show != nil {
		view.If = v.condition(*q.Show)
	}
	given := v.Given[AnswerPrefix+q.Key]
	option := func(value, text, note string) {
		view.Options = append(view.Options, Option{value, text, slices.Contains(given, value), v.opens(q.Key, value), note})
	}
	switch q.Type {
	case survey.TypeScale:
		for i, word := range []string{v.T("level.1"), v.T("level.2"), v.T("level.3"), v.T("level.4"), v.T("level.5")} {
			option(strconv.Itoa(i+1), word, "")
		}
		switch {
		case len(q.NoOpinionText) > 0:
			option("0", q.NoOpinionText.In(v.Language), "")
		case q.NoOpinion:
			option("0", v.T("level.0"), "")
		}
	case survey.TypeSingle, survey.TypeMulti:
		for _, c := range q.Choices {
			option(c.Key, c.Text.In(v.Language), c.NoteIn(v.Language, v.hotline))
		}
		view.Most = q.MaxChoices
	case survey.TypeText:
		view.Given = strings.Join(given, "\n")
		view.Most = q.MaxLength
		if view.Most == 0 {
			view.Most = survey.DefaultMaxLength
		}
	}
	return view
}

// condition gives the number of a condition from 1, or 0.
func (v *Viewer) condition(c survey.Condition) int {
	return 1 + slices.IndexFunc(v.conditions, func(o survey.Condition) bool {
		return o.Question == c.Question && slices.Equal(o.In, c.In)
	})
}

func (v *Viewer) opens(question, value string) string {
	var numbers []string
	for i, c := range v.conditions {
		if c.Question == question && slices.Contains(c.In, value) {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
	}
	return strings.Join(numbers, " ")
}

// Refuse puts the problems of a refused submission beside their questions and
// returns the summary. An answer to a question that is not shown is taken out:
// nobody could take it back.
func (v *Viewer) Refuse(message string, problems []fault.Problem) *Refusal {
	refusal := &Refusal{Message: message}
	v.problems = map[string]string{}
	for _, p := range problems {
		key, isAnswer := strings.CutPrefix(p.Where, "answers.")
		q, known := v.Version.Question(key)
		said := Sentence(v.Printer, p)
		link := Link{Text: said}
		switch {
		case isAnswer && known:
			link.Anchor, link.Text = key, v.T("form.problem-at", "question", q.Text.In(v.Language), "problem", said)
			v.problems[key] = said
			if p.Key == fault.ProblemHidden {
				link.Anchor = q.Show.Question
				v.Given.Del(AnswerPrefix + key)
			}
		case p.Where == KeyField:
			link.Anchor, link.Text = KeyField, v.T("form.problem-at", "question", v.T("form.field"), "problem", said)
		default:
			link.Text = p.Where + ": " + said
		}
		refusal.Items = append(refusal.Items, link)
	}
	if d := v.Version.Definition; len(problems) == 1 && problems[0].Key == fault.ProblemRequired && d.Headline != "" &&
		problems[0].Where == "answers."+d.Headline {
		refusal.InPlace, v.focus = true, d.Headline
		v.problems[d.Headline] = v.T("form.missing")
	}
	return refusal
}

// Sentence says a problem in words.
func Sentence(p message.Printer, problem fault.Problem) string {
	return p.T("problem."+problem.Key, "limit", problem.Limit)
}
