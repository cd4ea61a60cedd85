package typing

import (
	"encoding/json"

	"sipas/internal/forms"
	"sipas/internal/survey"
)

// asPrinted gives the questions of a form in the order that the paper has, whatever the
// form itself puts first.
func asPrinted(v *survey.Version, language string, view forms.View) (sections []forms.Section) {
	byKey := map[string]forms.Question{}
	for _, q := range []*forms.Question{view.Headline, view.Reasons} {
		if q != nil {
			asked := *q
			asked.Big, asked.Nothing = false, false // what was left blank is left blank
			byKey[q.Key] = asked
		}
	}
	for _, s := range view.Sections {
		for _, q := range s.Questions {
			byKey[q.Key] = q
		}
	}
	for _, s := range v.Definition.Sections {
		section := forms.Section{Title: s.Title.In(language), Stem: s.Stem.In(language)}
		for _, q := range s.Questions {
			if asked, shown := byKey[q.Key]; shown {
				section.Questions = append(section.Questions, asked)
			}
		}
		if len(section.Questions) > 0 {
			sections = append(sections, section)
		}
	}
	return sections
}

// printed tells the page's script what stands on paper: the digits of each value, and the
// numbers of questions.
func printed(v *survey.Version) (digits, numbers string) {
	values, called, known := map[string]map[string]string{}, map[string]string{}, v.Numbers()
	for _, p := range v.Parts() {
		name := p.Key()
		if !p.Reserved {
			name = forms.AnswerPrefix + name
		}
		if number := known[p.Key()]; number != "" {
			called[name] = number
		}
		q, shape := p.Question, p.Question.Shape()
		of := map[string]string{}
		for _, value := range shape.Values {
			of[value] = q.Digits(value)
		}
		for _, c := range shape.Choices {
			of[c.Key] = q.Digits(c.Key)
		}
		if len(of) > 0 {
			values[name] = of
		}
	}
	return asJSON(values), asJSON(called)
}

// asJSON writes texts, which cannot fail.
func asJSON(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
