package paper

import (
	"strings"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// shown is what stands above a question that not everybody answers: "Only if question 3
// is 1 or 2"; is tells whether a sheet of this channel has the question at all.
func (s *sheet) shown(q survey.Question) (words string, is bool) {
	if q.Show == nil {
		return "", true
	}
	var fields []string
	for _, f := range s.fields() {
		fields = append(fields, f.Key)
	}
	left, is := q.Show.OnPaper(s.form.Channel, fields)
	if !is {
		return "", false
	}
	said := s.said(left, false)
	if said == "" {
		return "", true
	}
	return s.form.Words.T("paper.only-if", "condition", said), true
}

// fields are those of the counter.
func (s *sheet) fields() []agency.ServiceField {
	if s.form.Counter == nil {
		return nil
	}
	return s.form.Counter.Fields
}

// said is a condition in words; one within another stands in brackets.
func (s *sheet) said(c survey.Condition, within bool) string {
	words := s.form.Words
	list, joint := c.All, words.T("paper.and")
	if list == nil {
		list, joint = c.Any, words.T("paper.or")
	}
	switch {
	case list != nil:
		parts := make([]string, len(list))
		for i, below := range list {
			parts[i] = s.said(below, true)
		}
		whole := strings.Join(parts, joint)
		if within {
			return "(" + whole + ")"
		}
		return whole
	case c.Field != nil:
		return words.T("paper.field-is", "values", s.oneOf(s.fieldNames(c.Field)))
	case c.Question == "":
		return ""
	}
	number := s.numbers[c.Question]
	values, listed := s.form.Version.Fulfilling(c)
	if !listed {
		return s.between(number, c)
	}
	part, _ := s.form.Version.Part(c.Question)
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = part.Question.Digits(value)
		if text := s.valueText(part.Question, value); text != "" {
			texts[i] = words.T("paper.value", "digits", texts[i], "text", text)
		}
	}
	if part.Several {
		return words.T("paper.has", "number", number, "values", s.oneOf(texts))
	}
	return words.T("paper.is", "number", number, "values", s.oneOf(texts))
}

// between is a condition on a number.
func (s *sheet) between(number string, c survey.Condition) string {
	words := s.form.Words
	switch {
	case c.AtLeast != nil && c.AtMost != nil:
		return words.T("paper.between", "number", number, "least", *c.AtLeast, "most", *c.AtMost)
	case c.AtLeast != nil:
		return words.T("paper.at-least", "number", number, "least", *c.AtLeast)
	}
	return words.T("paper.at-most", "number", number, "most", *c.AtMost)
}

// oneOf is a list of texts of which one is meant: "1, 2 or 3".
func (s *sheet) oneOf(texts []string) string {
	last := len(texts) - 1
	if last < 1 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:last], ", ") + s.form.Words.T("paper.or") + texts[last]
}

// valueText is what a chosen value is called beside its digits; "" for levels and numbers,
// which the digits say.
func (s *sheet) valueText(q survey.Question, value string) string {
	shape := q.Shape()
	for _, c := range shape.Choices {
		if c.Key == value {
			return c.Text.In(s.form.Language)
		}
	}
	for _, one := range shape.Values {
		if one == value && one != q.Digits(value) {
			return s.word(value)
		}
	}
	return ""
}

// word is what a value is called that needs no words of the survey's.
func (s *sheet) word(value string) string { return s.form.Words.T("yes-no." + value) }

func (s *sheet) fieldNames(keys []string) []string {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = key
		for _, f := range s.fields() {
			if f.Key == key {
				names[i] = f.Name.In(s.form.Language)
			}
		}
	}
	return names
}
