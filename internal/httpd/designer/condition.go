package designer

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/studio"
	"sipas/internal/survey"
)

// conditionFields are those of the forms that make a condition: how its parts are
// joined, which part goes, or what is asked for by one more.
var conditionFields = []string{"sent", "element", "join", "drop", "about", "in", "least", "most"}

// What a condition may be about beside the answers to questions before.
const (
	aboutChannel = "channel"
	aboutField   = "field"
)

// logic is a draft with regard to when its questions are asked.
type logic struct{ opened }

// conditionBox shows when a question is asked.
type conditionBox struct {
	Element  studio.Key
	Path     string
	At       place `json:"-"`
	Sentence string
	Terms    []string
	Any      bool
	Plain    bool           // it can be taken apart here
	About    []httpd.Choice // what one more may ask for
	Asked    string         // what one more asks for, "" while that is not chosen
	Values   []httpd.Choice // of an answer that is one of some
	Bounds   bool           // the answer is a number
	Wrong    []string
}

// conditionOf is the box of a question. Asked is what one more condition is to be about.
func (o logic) conditionOf(e *studio.Element, at place, asked string) *conditionBox {
	box := &conditionBox{Element: e.Key, Path: pathOf(o.Info.ID), At: at, Plain: true}
	for _, p := range o.Problems {
		if p.Element == e.Key && p.Field == "show" {
			box.Wrong = append(box.Wrong, p.Text(o.page.Printer))
		}
	}
	if typed := e.Fields["show"]; typed != "" {
		box.Sentence = o.sentence(typed)
		terms, anyOf, plain := termsOf(typed)
		box.Any, box.Plain = anyOf, plain
		for _, c := range terms {
			box.Terms = append(box.Terms, o.words(c))
		}
	}
	box.About = o.abouts(e)
	if slices.ContainsFunc(box.About, func(c httpd.Choice) bool { return c.Value == asked }) {
		box.Asked = asked
		box.Values, box.Bounds = o.valuesOf(asked)
	}
	for i := range box.About {
		box.About[i].Chosen = box.About[i].Value == box.Asked
	}
	return box
}

// termsOf are the parts of a condition that all or some of must be so; plain tells
// whether none of them is such a condition again.
func termsOf(typed string) (terms []survey.Condition, anyOf, plain bool) {
	var c survey.Condition
	if typed == "" {
		return nil, false, true
	}
	if err := json.Unmarshal([]byte(typed), &c); err != nil {
		return nil, false, false
	}
	switch {
	case c.All != nil:
		terms = c.All
	case c.Any != nil:
		terms, anyOf = c.Any, true
	default:
		terms = []survey.Condition{c}
	}
	return terms, anyOf, !slices.ContainsFunc(terms, func(c survey.Condition) bool { return c.All != nil || c.Any != nil })
}

// abouts are the answers before a question that a condition may ask for, the channel and
// the field of service.
func (o logic) abouts(e *studio.Element) []httpd.Choice {
	var list []httpd.Choice
	number := 0
	for _, q := range o.Outline() {
		if q == e {
			break
		}
		if q.Kind != studio.KindQuestion {
			continue
		}
		number++
		kind := q.Fields["type"]
		text := o.page.T("studio.question-number", "n", o.page.Count(int64(number)), "text", httpd.Cut(o.name(q), 70))
		if rows := o.Rows(q.Key); kind == "grid" {
			for _, row := range rows {
				list = append(list, httpd.Choice{Value: string(q.Key) + "." + string(row.Key), Text: text + " · " + o.name(row)})
			}
		} else if values, bounds := o.valuesOf(string(q.Key)); len(values) > 0 || bounds {
			list = append(list, httpd.Choice{Value: string(q.Key), Text: text})
		}
	}
	list = append(list, httpd.Choice{Value: aboutChannel, Text: o.page.T("studio.about-channel")})
	return append(list, httpd.Choice{Value: aboutField, Text: o.page.T("studio.about-field")})
}

// valuesOf are the values that an answer may have, or the channels or fields there are;
// bounds tells that it is a number.
func (o logic) valuesOf(about string) (values []httpd.Choice, bounds bool) {
	switch about {
	case aboutChannel:
		for _, c := range agency.Channels() {
			values = append(values, httpd.Choice{Value: string(c), Text: o.page.T("channel." + string(c))})
		}
		return values, false
	case aboutField:
		for _, f := range o.fields {
			values = append(values, httpd.Choice{Value: f.Key, Text: f.Name.In(o.page.Language)})
		}
		return values, false
	}
	question, _, _ := strings.Cut(about, ".")
	q := o.Element(studio.Key(question))
	if q == nil {
		return nil, false
	}
	kind := q.Fields["type"]
	if kind == "number" {
		return nil, true
	}
	shape := survey.Question{Type: survey.QuestionType(kind), Levels: o.levelsOf(q)}.Shape()
	if slices.Contains(survey.Uses(survey.QuestionType(kind)), "choices") {
		for _, c := range o.Choices(q.Key) {
			values = append(values, httpd.Choice{Value: string(c.Key), Text: o.name(c)})
		}
		return values, false
	}
	for _, v := range shape.Values {
		values = append(values, httpd.Choice{Value: v, Text: o.valueName(q, v)})
	}
	for level := 1; level <= shape.Levels; level++ {
		values = append(values, httpd.Choice{Value: strconv.Itoa(level), Text: o.valueName(q, strconv.Itoa(level))})
	}
	if shape.Levels > 0 && q.Fields["no_opinion"] == "true" {
		values = append(values, httpd.Choice{Value: "0", Text: o.valueName(q, "0")})
	}
	return values, false
}

// valueName is a value in words.
func (o logic) valueName(q *studio.Element, value string) string {
	switch {
	case q.Fields["type"] == "nps":
		return value
	case q.Fields["type"] == "yes-no":
		return o.page.T("yes-no." + value)
	case o.levelsOf(q) == 3 && value != "0":
		return o.page.T("scale3." + value)
	}
	return o.page.T("level." + value)
}

// sentence is a condition in words.
func (o logic) sentence(typed string) string {
	var c survey.Condition
	if err := json.Unmarshal([]byte(typed), &c); err != nil {
		return typed
	}
	return o.words(c)
}

func (o logic) words(c survey.Condition) string {
	join := func(all []survey.Condition, word string) string {
		var texts []string
		for _, below := range all {
			text := o.words(below)
			if below.All != nil || below.Any != nil {
				text = "(" + text + ")"
			}
			texts = append(texts, text)
		}
		return strings.Join(texts, " "+word+" ")
	}
	list := func(values []string, about string) string {
		known, _ := o.valuesOf(about)
		var texts []string
		for _, v := range values {
			text := v
			if at := slices.IndexFunc(known, func(c httpd.Choice) bool { return c.Value == v }); at >= 0 {
				text = known[at].Text
			} else if e := o.Element(studio.Key(v)); e != nil {
				text = o.name(e)
			}
			texts = append(texts, "“"+text+"”")
		}
		return strings.Join(texts, ", ")
	}
	switch {
	case c.All != nil:
		return join(c.All, o.page.T("studio.and"))
	case c.Any != nil:
		return join(c.Any, o.page.T("studio.or"))
	case c.Channel != nil:
		var channels []string
		for _, one := range c.Channel {
			channels = append(channels, string(one))
		}
		return o.page.T("studio.if-channel", "values", list(channels, aboutChannel))
	case c.Field != nil:
		return o.page.T("studio.if-field", "values", list(c.Field, aboutField))
	}
	what := c.Question
	question, below, _ := strings.Cut(c.Question, ".")
	if e := o.Element(studio.Key(question)); e != nil {
		what = o.name(e)
	}
	if e := o.Element(studio.Key(below)); e != nil {
		what += " · " + o.name(e)
	}
	switch {
	case c.AtLeast != nil && c.AtMost != nil:
		return o.page.T("studio.if-between", "what", what, "least", strconv.Itoa(*c.AtLeast), "most", strconv.Itoa(*c.AtMost))
	case c.AtLeast != nil:
		return o.page.T("studio.if-least", "what", what, "least", strconv.Itoa(*c.AtLeast))
	case c.AtMost != nil:
		return o.page.T("studio.if-most", "what", what, "most", strconv.Itoa(*c.AtMost))
	}
	return o.page.T("studio.if-in", "what", what, "values", list(c.In, c.Question))
}

// setCondition makes the condition of a question another: it is one operation on that
// field.
func (s *desk) setCondition(r *httpd.Request) error {
	f, err := r.Fields()
	if err != nil {
		return err
	}
	at := placeOf(f)
	o, err := s.read(r, r.NewPage("draft", nil), at.Base)
	if err != nil {
		return err
	}
	op := studio.Operation{Sent: f.Get("sent"), Base: at.Base, Do: studio.DoSet, Element: studio.Key(f.Get("element")), Field: "show"}
	e := o.Element(op.Element)
	if e == nil || e.Kind != studio.KindQuestion {
		return s.answer(r, at, studio.Revision{}, refused("element", studio.RefusedUnknown))
	}
	if op.Value, err = (logic{o}).conditionAfter(e.Fields["show"], f); err != nil {
		return s.answer(r, at, studio.Revision{}, err)
	}
	made, err := s.k.Studio.Operate(r.Context(), r.Draft.ID, r.Editor(), op)
	return s.answer(r, at, made, err)
}

// conditionAfter is a condition as a form changes it.
func (o logic) conditionAfter(typed string, f httpd.Fields) (string, error) {
	if f.Get("drop") == "all" {
		return "", nil
	}
	terms, anyOf, _ := termsOf(typed)
	if join := f.Get("join"); join != "" {
		anyOf = join == "any"
	}
	if n, err := strconv.Atoi(f.Get("drop")); err == nil && n >= 0 && n < len(terms) {
		terms = slices.Delete(terms, n, n+1)
	}
	if about := f.Get("about"); about != "" {
		one, err := o.term(about, f)
		if err != nil {
			return "", err
		}
		terms = append(terms, one)
	}
	var c survey.Condition
	switch {
	case len(terms) == 0:
		return "", nil
	case len(terms) == 1:
		c = terms[0]
	case anyOf:
		c.Any = terms
	default:
		c.All = terms
	}
	content, err := json.Marshal(c)
	return string(content), err
}

// term is one more condition as a form says it.
func (o logic) term(about string, f httpd.Fields) (survey.Condition, error) {
	chosen := f.All("in")
	c := survey.Condition{}
	for _, bound := range []struct {
		name string
		into **int
	}{{"least", &c.AtLeast}, {"most", &c.AtMost}} {
		typed := strings.TrimSpace(f.Get(bound.name))
		if typed == "" {
			continue
		}
		n, err := strconv.Atoi(typed)
		if err != nil {
			return c, refused(bound.name, fault.ProblemWrongType)
		}
		*bound.into = &n
	}
	switch {
	case len(chosen) == 0 && c.AtLeast == nil && c.AtMost == nil:
		return c, refused("in", fault.ProblemRequired)
	case about == aboutChannel:
		for _, one := range chosen {
			c.Channel = append(c.Channel, agency.Channel(one))
		}
	case about == aboutField:
		c.Field = chosen
	default:
		c.Question, c.In = about, chosen
	}
	return c, nil
}
