package questionnaire

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/fault"
	"sipas/internal/survey"
)

// AnswerPrefix begins the form keys that are answers: a.KEY.
const AnswerPrefix = "a."

// The other keys of the form.
const (
	KeySubmission = "submission"
	KeyVersion    = "version"
	KeyLanguage   = "language"
	KeyField      = "field"
)

// FromFields reads the fields of a form-encoded submission by the types of the
// questions they answer. An empty value is an unanswered question. What has no
// place in the form, or is there twice, is *survey.Invalid; whether an answer
// fits its question is checked where it is accepted, so a level that is not a
// number is handed on as the text it is.
func FromFields(given url.Values, v *survey.Version) (survey.Submission, error) {
	s := survey.Submission{Answers: map[string]survey.Value{}}
	var found []fault.Problem
	for _, key := range slices.Sorted(maps.Keys(given)) {
		where, problem := decodeField(&s, v, key, given[key])
		if problem != "" && len(found) < fault.MaxProblems {
			found = append(found, fault.Problem{Where: where, Key: problem})
		}
	}
	if len(found) > 0 {
		return s, &fault.Invalid{Problems: found}
	}
	return s, nil
}

func decodeField(s *survey.Submission, v *survey.Version, key string, values []string) (where, problem string) {
	if question, ok := strings.CutPrefix(key, AnswerPrefix); ok {
		return "answers." + fault.Shortened(question), decodeAnswer(s, v, question, values)
	}
	var to *string
	switch {
	case key == KeySubmission:
		to = &s.ID
	case key == KeyVersion:
		to = &s.Version
	case key == KeyLanguage:
		to = &s.Language
	case key == KeyField:
		to = &s.FieldKey
	case serverFields[key]:
		return key, fault.ProblemServerField
	default:
		return fault.Shortened(key), fault.ProblemUnknownField
	}
	if len(values) != 1 {
		return key, fault.ProblemDuplicateKey
	}
	*to = values[0]
	return "", ""
}

func decodeAnswer(s *survey.Submission, v *survey.Version, key string, values []string) (problem string) {
	q, known := v.Question(key)
	if !known {
		return fault.ProblemUnknownQuestion
	}
	if q.Type == survey.TypeMulti {
		values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
		if len(values) > 0 {
			s.Answers[key] = survey.Value{Kind: survey.ValueChoices, Choices: values}
		}
		return ""
	}
	if len(values) != 1 {
		return fault.ProblemDuplicateKey
	}
	given := values[0]
	if given == "" {
		return ""
	}
	value := survey.Value{Kind: survey.ValueText, Text: given}
	switch q.Type {
	case survey.TypeScale:
		// Only a number written as people write it: not 05, +5, 5.0 or 1e1.
		if level, err := strconv.Atoi(given); err == nil && strconv.Itoa(level) == given {
			value = survey.Value{Kind: survey.ValueLevel, Level: level}
		}
	case survey.TypeText:
		value.Text = survey.CleanText(given)
	case survey.TypeSingle, survey.TypeMulti:
	}
	s.Answers[key] = value
	return ""
}
