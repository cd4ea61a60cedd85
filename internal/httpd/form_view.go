package httpd

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/intake"
	"sipas/internal/message"
	"sipas/internal/survey"
)

// formView is what the form's page shows.
type formView struct {
	Code       survey.Code
	Point      string
	Place      string
	Agency     string
	Title      string
	Intro      string
	Version    string
	Submission string
	Kiosk      bool          // one device for everybody: nothing may stay on it
	Headline   *questionView // of a quick form: the one question that matters
	Sections   []sectionView
	Fields     []optionView // of service to choose from; none where there is no choice
	Refusal    *refusalView // why an earlier try was not taken
}

type sectionView struct {
	Title     string
	Questions []questionView
}

// questionView is one question with what was answered before.
type questionView struct {
	Key      string
	Type     survey.QuestionType
	Text     string
	Required bool
	Big      bool // the one question of a quick form
	Options  []optionView
	Most     int    // characters of a text, or choices where not all are allowed
	Given    string // the text given
	If       int    // number of the condition that shows it; 0: always shown
	Problem  string
}

// optionView is one thing to choose.
type optionView struct {
	Value, Text string
	Chosen      bool
	Opens       string // numbers of the conditions that it fulfils, parted by spaces
}

// refusalView says on top of the form why it comes back.
type refusalView struct {
	Message string
	Items   []problemLink
	Anew    bool // it cannot be sent again; there is only a new form
}

type problemLink struct{ Anchor, Text string }

// formViewer turns a version of a survey into a page in one language, filled
// with the values given so far.
type formViewer struct {
	message.Printer
	language   string // of the survey; the printer may not have it
	version    *survey.Version
	given      url.Values
	problems   map[string]string // by question key
	conditions []survey.Condition
}

func (v *formViewer) view(form intake.Form) formView {
	d := v.version.Definition
	view := formView{
		Code: form.Point.Code, Point: form.Point.Name.In(v.language), Place: form.Point.Place,
		Agency: form.Agency.Name.In(v.language), Title: d.Title.In(v.language), Intro: d.Intro.In(v.language),
		Version: v.version.Name(), Kiosk: form.Point.Channel == survey.ChannelKiosk,
	}
	for _, q := range v.version.Questions() {
		if q.Show != nil && v.condition(*q.Show) == 0 {
			v.conditions = append(v.conditions, *q.Show)
		}
	}
	if len(form.Fields) > 1 {
		for _, f := range form.Fields {
			view.Fields = append(view.Fields, optionView{Value: f.Key, Text: f.Name.In(v.language), Chosen: v.given.Get(keyField) == f.Key})
		}
	}
	for _, s := range d.Sections {
		section := sectionView{Title: s.Title.In(v.language)}
		if d.Headline != "" && !slices.ContainsFunc(s.Questions, isScale) {
			section.Title = "" // a quick form spares what its questions say again
		}
		for _, q := range s.Questions {
			if q.Key == d.Headline {
				headline := v.question(q)
				headline.Big = true
				view.Headline = &headline
				continue
			}
			section.Questions = append(section.Questions, v.question(q))
		}
		if len(section.Questions) > 0 {
			view.Sections = append(view.Sections, section)
		}
	}
	return view
}

func isScale(q survey.Question) bool { return q.Type == survey.TypeScale }

func (v *formViewer) question(q survey.Question) questionView {
	view := questionView{
		Key: q.Key, Type: q.Type, Text: q.Text.In(v.language), Required: q.Required, Problem: v.problems[q.Key],
	}
	if q.Show != nil {
		view.If = v.condition(*q.Show)
	}
	given := v.given[answerPrefix+q.Key]
	option := func(value, text string) {
		view.Options = append(view.Options, optionView{value, text, slices.Contains(given, value), v.opens(q.Key, value)})
	}
	switch q.Type {
	case survey.TypeScale:
		for i, word := range []string{v.T("level.1"), v.T("level.2"), v.T("level.3"), v.T("level.4"), v.T("level.5")} {
			option(strconv.Itoa(i+1), word)
		}
		if q.NoOpinion {
			option("0", v.T("level.0"))
		}
	case survey.TypeSingle, survey.TypeMulti:
		for _, c := range q.Choices {
			option(c.Key, c.Text.In(v.language))
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
func (v *formViewer) condition(c survey.Condition) int {
	return 1 + slices.IndexFunc(v.conditions, func(o survey.Condition) bool {
		return o.Question == c.Question && slices.Equal(o.In, c.In)
	})
}

func (v *formViewer) opens(question, value string) string {
	var numbers []string
	for i, c := range v.conditions {
		if c.Question == question && slices.Contains(c.In, value) {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
	}
	return strings.Join(numbers, " ")
}

// refuse puts the problems of a refused submission beside their questions and
// returns the summary. An answer to a question that is not shown is taken out:
// nobody could take it back.
func (v *formViewer) refuse(f failure) *refusalView {
	refusal := &refusalView{Message: v.T(f.key, "seconds", f.retrySeconds())}
	v.problems = map[string]string{}
	for _, p := range problemMessages(v.Printer, f.problems) {
		key, isAnswer := strings.CutPrefix(p.Where, "answers.")
		q, known := v.version.Question(key)
		link := problemLink{Text: p.Message}
		switch {
		case isAnswer && known:
			link.Anchor, link.Text = key, q.Label(v.language)+": "+p.Message
			v.problems[key] = p.Message
			if p.Key == survey.ProblemHidden {
				link.Anchor = q.Show.Question
				v.given.Del(answerPrefix + key)
			}
		case p.Where == keyField:
			link.Anchor = keyField
		default:
			link.Text = p.Where + ": " + p.Message
		}
		refusal.Items = append(refusal.Items, link)
	}
	return refusal
}
