package studio

import (
	"encoding/json"
	"fmt"
	"slices"

	"sipas/internal/exchange/draft"
	"sipas/internal/survey"
)

// Blank is a draft with nothing in it but its languages and method.
func Blank(method string, languages ...string) *Draft {
	return From(survey.Definition{Languages: languages, Method: method}, draft.Report{})
}

// From makes a draft of a definition, with what there is to say of the file that it was
// read from.
func From(def survey.Definition, report draft.Report) *Draft {
	d := &Draft{Tree: newTree()}
	add := func(kind Kind, in Key, part any) *Element {
		e := &Element{Key: d.next(nil), Kind: kind, In: in, Fields: CellsOf(kind, part)}
		d.elements[e.Key] = e
		d.lists[e.list()] = append(d.lists[e.list()], e.Key)
		return e
	}
	conditions := map[*Element]survey.Condition{}
	for _, s := range def.Sections {
		add(KindSection, "", s)
		for _, q := range s.Questions {
			e := add(KindQuestion, "", q)
			for _, c := range q.Choices {
				add(KindChoice, e.Key, c)
			}
			for _, r := range q.Rows {
				add(KindRow, e.Key, r)
			}
			if q.Show != nil {
				conditions[e] = *q.Show
			}
		}
	}
	for _, text := range def.Unverified {
		add(KindRemark, "", map[string]any{"text": text})
	}
	d.keepReport(report)
	keyed := d.keyed()
	for e, c := range conditions {
		e.Fields["show"] = written(keyed.rename(c))
	}
	whole := d.elements[Whole]
	whole.Fields = CellsOf(KindSurvey, def)
	if def.Headline != "" {
		whole.Fields["headline"] = keyed.answer(def.Headline)
	}
	for _, e := range d.elements {
		for cell, text := range e.Fields {
			d.bytes += sizeOf(cell, text)
		}
	}
	return d
}

// keepReport keeps what a file said, each thing until somebody has seen to it.
func (d *Draft) keepReport(r draft.Report) {
	add := func(p draft.Problem, blocks bool) {
		e := &Element{Key: d.next(nil), Kind: KindReport, Fields: map[string]string{}}
		content, err := json.Marshal(p)
		if err == nil {
			e.Fields["said"] = string(content)
		}
		if blocks {
			e.Fields["blocks"] = "true"
		}
		d.elements[e.Key] = e
		d.lists[e.list()] = append(d.lists[e.list()], e.Key)
	}
	for _, p := range r.Errors {
		if !foundAnyway(p) {
			add(p, true)
		}
	}
	for _, p := range r.Warnings {
		add(p, false)
	}
}

// foundAnyway tells whether what a file said is a fault of the survey as a whole, which
// Problems finds for as long as it is there.
func foundAnyway(p draft.Problem) bool {
	return p.Where == "" && slices.Contains([]string{
		draft.ProblemInvalid, draft.ProblemNoQuestions, draft.ProblemTooMany, draft.ProblemUnknownMethod, draft.ProblemHeadline, draft.ProblemNoVietnamese,
	}, p.Key)
}

// built is a draft as a definition, and what is where in it.
type built struct {
	*Tree
	definition survey.Definition
	problems   []Problem // what could not be read, and is not in the definition
	sections   []Key
	questions  [][]Key // by section
	remarks    []Key
}

// Definition is the survey as it would be published. What cannot be read is not in it:
// see Problems.
func (d *Draft) Definition() survey.Definition { return d.build().definition }

func (d *Draft) build() *built {
	b := &built{Tree: d.Tree}
	languages := d.Languages()
	whole := d.elements[Whole]
	o, _ := whole.objectOf(languages, every)
	o["languages"] = languages
	b.problems = append(b.problems, languageProblems(languages)...)
	if headline := whole.Fields["headline"]; headline != "" {
		o["headline"] = d.coded().answer(headline)
	}
	var remarks []any
	for _, e := range d.Remarks() {
		text, _ := e.objectOf(languages, every)
		remarks = append(remarks, text["text"])
		b.remarks = append(b.remarks, e.Key)
	}
	o["unverified"] = remarks
	var sections []object
	for _, e := range d.Outline() {
		if e.Kind == KindSection {
			section, unread := e.objectOf(languages, every)
			sections = append(sections, section)
			b.unread(e, unread)
			b.sections, b.questions = append(b.sections, e.Key), append(b.questions, nil)
			continue
		}
		if len(sections) == 0 {
			b.problems = append(b.problems, Problem{Element: e.Key, Code: ProblemNoSection, Blocks: true})
			continue
		}
		at := len(sections) - 1
		questions, _ := sections[at]["questions"].([]object)
		sections[at]["questions"] = append(questions, b.question(e, languages))
		b.questions[at] = append(b.questions[at], e.Key)
	}
	o["sections"] = sections
	if content, err := json.Marshal(o); err != nil {
		b.problems = append(b.problems, Problem{Element: Whole, Code: ProblemUnread, Value: fmt.Sprint(err), Blocks: true})
	} else if err := json.Unmarshal(content, &b.definition); err != nil {
		b.problems = append(b.problems, Problem{Element: Whole, Code: ProblemUnread, Value: fmt.Sprint(err), Blocks: true})
	}
	return b
}

func every(string) bool { return true }

// Has tells whether a field of an element is in the survey: a question has only those of
// its type, whatever was typed into others while it was of another.
func (e *Element) Has(field string) bool {
	uses := survey.Uses(survey.QuestionType(e.Fields["type"]))
	own := []string{"choices", "no_opinion", "no_opinion_text", "satisfied", "scored", "levels", "random_order", "max_choices", "max_length", "min", "max", "unit", "from", "to"}
	switch {
	case e.Kind != KindQuestion || !slices.Contains(own, field):
		return true
	case field == "no_opinion_text":
		return slices.Contains(uses, "no_opinion") && e.Fields["no_opinion"] == "true"
	}
	return slices.Contains(uses, field)
}

// Parts are the choices and then the rows that a question of its type has.
func (d *Tree) Parts(question *Element) (parts []*Element) {
	uses := survey.Uses(survey.QuestionType(question.Fields["type"]))
	if slices.Contains(uses, "choices") {
		parts = append(parts, d.Choices(question.Key)...)
	}
	if slices.Contains(uses, "rows") {
		parts = append(parts, d.Rows(question.Key)...)
	}
	return parts
}

// question is one as JSON. What its type does not have stays in the draft.
func (b *built) question(e *Element, languages []string) object {
	uses := survey.Uses(survey.QuestionType(e.Fields["type"]))
	o, unread := e.objectOf(languages, e.Has)
	b.unread(e, unread)
	parts := func(name string, list []*Element) {
		if !slices.Contains(uses, name) {
			return
		}
		var all []object
		for _, part := range list {
			one, unread := part.objectOf(languages, every)
			b.unread(part, unread)
			all = append(all, one)
		}
		o[name] = all
	}
	parts("choices", b.Choices(e.Key))
	parts("rows", b.Rows(e.Key))
	if typed := e.Fields["show"]; typed != "" {
		c, err := readCondition(typed)
		if err != nil {
			b.problems = append(b.problems, Problem{Element: e.Key, Field: "show", Code: ProblemConditionUnread, Value: typed, Blocks: true})
			return o
		}
		o["show"] = b.coded().rename(*c)
	}
	return o
}

func (b *built) unread(e *Element, fields []Field) {
	for _, f := range fields {
		b.problems = append(b.problems, Problem{Element: e.Key, Field: f.Name, Code: ProblemUnread, Value: e.Fields[f.Name], Blocks: true})
	}
}

func languageProblems(languages []string) []Problem {
	var problems []Problem
	for _, l := range languages {
		if !IsLanguage(l) {
			problems = append(problems, Problem{Element: Whole, Field: "languages", Code: ProblemLanguage, Value: l, Blocks: true})
		}
	}
	if len(languages) > MostLanguages {
		problems = append(problems, Problem{Element: Whole, Field: "languages", Code: ProblemManyLanguages, Value: fmt.Sprint(MostLanguages), Blocks: true})
	}
	return problems
}

// element is the one at a place of the definition.
func (b *built) element(at survey.Place) Key {
	switch {
	case at.Remark > 0:
		return b.remarks[at.Remark-1]
	case at.Section == 0:
		return Whole
	case at.Question == 0:
		return b.sections[at.Section-1]
	}
	question := b.questions[at.Section-1][at.Question-1]
	switch {
	case at.Choice > 0:
		return b.Choices(question)[at.Choice-1].Key
	case at.Row > 0:
		return b.Rows(question)[at.Row-1].Key
	}
	return question
}
