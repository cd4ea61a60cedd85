package designer

import (
	"cmp"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/score"
	"sipas/internal/studio"
	"sipas/internal/survey"
)

// control is a field of an element with the form that sets it.
type control struct {
	ID              string
	Label, Hint     string
	Input           string // line, text, check or select
	Element         studio.Key
	Field, Language string
	Value           string
	Options         []httpd.Choice // of a select
	Wrong           []string
	At              place  `json:"-"`
	Path            string // where the form goes
}

// formID names the form of a field on the page.
func formID(e studio.Key, field, language string) string {
	id := "f-" + string(e) + "-" + field
	if language != "" {
		id += "-" + language
	}
	return id
}

// control is the form of one field.
func (o opened) control(e *studio.Element, field, language string, at place) control {
	c := control{
		ID: formID(e.Key, field, language), Element: e.Key, Field: field, Language: language, Value: e.Fields[studio.Cell(field, language)],
		At: at, Path: pathOf(o.Info.ID) + operateEnd, Label: o.label(e.Kind, field), Hint: o.hint(e.Kind, field),
	}
	if language != "" && len(o.Languages()) > 1 {
		c.Label += " · " + o.page.LanguageName(language)
	}
	if language != "" && language != agency.FallbackLanguage {
		c.Hint = ""
	}
	for _, p := range o.Problems {
		if p.Element == e.Key && p.Field == field && p.Language == language {
			c.Wrong = append(c.Wrong, p.Text(o.page.Printer))
		}
	}
	c.Input, c.Options = o.input(e, field)
	return c
}

// label is what a field is called: of the kind of element where it has a name of its own.
func (o opened) label(kind studio.Kind, field string) string {
	if own := string(kind) + "-" + field; o.page.Has("studio.field." + own) {
		field = own
	}
	return o.page.T("studio.field." + field)
}

// hint says what a field does, "" where its name says enough.
func (o opened) hint(kind studio.Kind, field string) string {
	if own := string(kind) + "-" + field; o.page.Has("studio.hint." + own) {
		field = own
	}
	if !o.page.Has("studio.hint." + field) {
		return ""
	}
	return o.page.T("studio.hint." + field)
}

// valueText is a value of a field in words, or as it is where it has none.
func (o opened) valueText(field, value string) string {
	name := field + "-" + cmp.Or(strings.ReplaceAll(value, " ", "-"), "none")
	if !o.page.Has("studio.value." + name) {
		return value
	}
	return o.page.T("studio.value." + name)
}

// input is how a field is filled in, and what there is to choose from.
func (o opened) input(e *studio.Element, field string) (input string, options []httpd.Choice) {
	value := e.Fields[field]
	choose := func(values ...string) (string, []httpd.Choice) {
		if !slices.Contains(values, value) {
			values = append(values, value) // as somebody else wrote it
		}
		for _, v := range values {
			options = append(options, httpd.Choice{Value: v, Text: o.valueText(field, v), Chosen: v == value})
		}
		return "select", options
	}
	switch field {
	case "required", "no_opinion", "other", "random_order":
		return "check", nil
	case "text", "intro", "stem", "note", "source":
		return "text", nil
	case "scored":
		return choose("", "false")
	case "satisfied":
		if o.levelsOf(e) == 3 {
			return choose("", "2 3")
		}
		return choose("", "5", "3 4 5")
	case "levels":
		return choose("", "3")
	case "points":
		return choose("", "2", "1", "0")
	case "type":
		for _, t := range survey.Types() {
			options = append(options, httpd.Choice{Value: string(t), Text: o.kindName(string(t)), Chosen: string(t) == value})
		}
		if !slices.ContainsFunc(options, func(c httpd.Choice) bool { return c.Chosen }) {
			options = append(options, httpd.Choice{Value: value, Text: value, Chosen: true})
		}
		return "select", options
	case "method":
		methods := []string{}
		for _, m := range score.Methods() {
			methods = append(methods, string(m))
		}
		return choose(methods...)
	case "headline":
		options = []httpd.Choice{{Text: o.valueText("headline", ""), Chosen: value == ""}}
		for _, q := range o.Outline() {
			if q.Fields["type"] == "scale5" || q.Kind == studio.KindQuestion && string(q.Key) == value {
				options = append(options, httpd.Choice{Value: string(q.Key), Text: o.name(q), Chosen: string(q.Key) == value})
			}
		}
		return "select", options
	}
	return "line", nil
}

func (o opened) levelsOf(e *studio.Element) int {
	if e.Fields["type"] == "scale3" || e.Fields["levels"] == "3" {
		return 3
	}
	return 5
}

// part is a choice or row in the editor of its question.
type part struct {
	Key   studio.Key
	Name  string
	Texts []control
	More  string // address of the rest of it
	Extra string // what the rest says, in short
}

// list are the choices or the rows of a question.
type list struct {
	Kind  studio.Kind
	Head  string
	Hint  string
	Wrong []string
	Parts []part
	Last  studio.Key
	Pasted
}

// Pasted is a list of lines that is looked at before it is made parts of.
type Pasted struct {
	Text  string
	Lines []httpd.Choice // Chosen: it is there already, and is left out
	New   int
}

// editor shows one element with all that can be set of it.
type editor struct {
	Key       studio.Key
	Kind      studio.Kind
	Name      string
	Within    string // the question that it is part of
	Back      string // its address
	Texts     []control
	Settings  []control
	Effect    string // what answers of the kind do to figures
	Lists     []list
	Condition *conditionBox
	Places    []httpd.Choice // where it may go
	Moves     bool
	Section   bool
	Depend    []string // what depends on it, once it is to be removed
	Remarks   []part
	Reports   []part
}

// editorOf is the editor of the chosen element; the survey's own where there is none.
func (o opened) editorOf(at place, asked string) editor {
	e := o.Element(at.Chosen)
	if e == nil || !o.Here(e.Key) || e.Kind == studio.KindReport || e.Kind == studio.KindRemark {
		e = o.Element(studio.Whole)
	}
	at.Chosen = e.Key
	ed := editor{Key: e.Key, Kind: e.Kind, Name: o.name(e), Section: e.Kind == studio.KindSection, Moves: e.Key != studio.Whole}
	plain, uses := o.fieldsOf(e)
	for _, field := range plain {
		ed.Texts = append(ed.Texts, o.controls(e, field, at)...)
	}
	for _, field := range uses {
		ed.Settings = append(ed.Settings, o.controls(e, field, at)...)
	}
	if e.In != "" {
		to := at
		to.Chosen = e.In
		ed.Within, ed.Back = o.name(o.Element(e.In)), to.address(o.Info.ID)
	}
	if e.Kind == studio.KindQuestion {
		if kind := e.Fields["type"]; o.page.Has("question-effect." + kind) {
			ed.Effect = o.page.T("question-effect." + kind)
		}
		uses := survey.Uses(survey.QuestionType(e.Fields["type"]))
		for _, kind := range []studio.Kind{studio.KindRow, studio.KindChoice} {
			if slices.Contains(uses, string(kind)+"s") {
				ed.Lists = append(ed.Lists, o.listOf(e, kind, at))
			}
		}
		ed.Condition = logic{o}.conditionOf(e, at, asked)
	}
	if e.Kind == studio.KindSection || e.Kind == studio.KindQuestion {
		ed.Places = o.placesFor(e)
	}
	if e.Key == studio.Whole {
		ed.Remarks, ed.Reports = o.asides(at)
	}
	return ed
}

// fieldsOf are the fields of an element that everyone of its kind has, and the others.
func (o opened) fieldsOf(e *studio.Element) (plain, uses []string) {
	switch e.Kind {
	case studio.KindSurvey:
		return []string{"title", "intro"}, []string{"code", "languages", "method", "headline", "source"}
	case studio.KindSection:
		return []string{"title", "stem"}, []string{"code"}
	case studio.KindChoice:
		if question := o.Element(e.In); question.Fields["type"] == "multi" {
			return []string{"text", "note"}, []string{"other", "code"}
		}
		return []string{"text", "note"}, []string{"points", "code"}
	case studio.KindRow:
		return []string{"text", "short"}, []string{"code"}
	}
	kind := survey.QuestionType(e.Fields["type"])
	plain, uses = []string{"text", "type"}, []string{"required"}
	for _, name := range survey.Uses(kind) {
		if name != "rows" && name != "choices" {
			uses = append(uses, name)
		}
	}
	if e.Fields["no_opinion"] == "true" && slices.Contains(uses, "no_opinion") {
		uses = append(uses, "no_opinion_text")
	}
	if survey.NamedKey(kind) == "" {
		uses = append(uses, "short", "code")
	}
	return plain, uses
}

// controls are those of a field: one, or one for each language.
func (o opened) controls(e *studio.Element, field string, at place) []control {
	spoken := slices.ContainsFunc(studio.FieldsOf(e.Kind), func(f studio.Field) bool { return f.Name == field && f.Spoken() })
	if !spoken {
		return []control{o.control(e, field, "", at)}
	}
	var list []control
	for _, language := range o.spoken() {
		list = append(list, o.control(e, field, language, at))
	}
	return list
}

func (o opened) listOf(question *studio.Element, kind studio.Kind, at place) list {
	l := list{Kind: kind, Head: o.page.T("studio.list." + string(kind)), Hint: o.page.T("studio.list-hint." + string(kind))}
	parts := o.Choices(question.Key)
	if kind == studio.KindRow {
		parts = o.Rows(question.Key)
	}
	for _, p := range o.Problems {
		if p.Element == question.Key && (p.Code == survey.FaultChoices && kind == studio.KindChoice || p.Code == survey.FaultRows && kind == studio.KindRow) {
			l.Wrong = append(l.Wrong, p.Text(o.page.Printer))
		}
	}
	for _, e := range parts {
		one := part{Key: e.Key, Name: o.name(e), Texts: o.controls(e, "text", at)}
		to := at
		to.Chosen = e.Key
		one.More = to.address(o.Info.ID)
		if e.Fields["points"] != "" {
			one.Extra = o.valueText("points", e.Fields["points"])
		}
		if e.Fields["other"] == "true" {
			one.Extra = o.page.T("studio.field.other")
		}
		l.Parts, l.Last = append(l.Parts, one), e.Key
	}
	return l
}

// asides are what of the survey nobody could check, and what a file said.
func (o opened) asides(at place) (remarks, reports []part) {
	for _, e := range o.Remarks() {
		remarks = append(remarks, part{Key: e.Key, Name: o.name(e), Texts: o.controls(e, "text", at)})
	}
	for _, e := range o.Reports() {
		one := part{Key: e.Key}
		for _, p := range o.Problems {
			if p.Element == e.Key {
				one.Name = p.Text(o.page.Printer)
			}
		}
		reports = append(reports, one)
	}
	return remarks, reports
}

// placesFor are those where a section or question may go: at the top, or behind another.
func (o opened) placesFor(e *studio.Element) []httpd.Choice {
	choices := []httpd.Choice{{Text: o.page.T("studio.place-first")}}
	number := 0
	for _, other := range o.Outline() {
		text := o.page.T("studio.place-section", "text", httpd.Cut(o.name(other), 60))
		if other.Kind == studio.KindQuestion {
			number++
			text = strings.Repeat("\u00a0", 3) + o.page.T("studio.place-after", "n", o.page.Count(int64(number)), "text", httpd.Cut(o.name(other), 60))
		}
		if other.Key != e.Key {
			choices = append(choices, httpd.Choice{Value: string(other.Key), Text: text})
		} else {
			choices[len(choices)-1].Chosen = true // where it is
		}
	}
	return choices
}
