package forms

import (
	"cmp"
	"net/url"
	"slices"
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
	KeyCampaign   = "campaign"
	KeyLanguage   = "language"
	KeyField      = "field"

	ownFields = 6 // those that every form of ours has beside its answers
)

// FromFields reads the fields of a form-encoded submission by the types of the
// questions they answer. An empty value is an unanswered question. What has no
// place in the form, or is there twice, is *fault.Invalid; whether an answer
// fits its question is checked where it is accepted, so a level that is not a
// number is handed on as the text it is.
func FromFields(given url.Values, v *survey.Version) (survey.Submission, error) {
	s := survey.Submission{Answers: make(map[string]survey.Value, max(0, len(given)-ownFields))}
	var found []fault.Problem
	for key, values := range given {
		if where, problem := decodeField(&s, v, key, values); problem != "" {
			found = append(found, fault.Problem{Where: where, Key: problem})
		}
	}
	if len(found) == 0 {
		return s, nil
	}
	slices.SortFunc(found, func(a, b fault.Problem) int {
		return cmp.Or(strings.Compare(a.Where, b.Where), strings.Compare(a.Key, b.Key))
	})
	return s, &fault.Invalid{Problems: found[:min(len(found), fault.MaxProblems)]}
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
	case key == KeyCampaign:
		to = &s.Campaign
	case key == KeyLanguage:
		to = &s.Language
	case key == KeyField:
		to = &s.FieldKey
	case key == survey.ProcedureQuestion && asks(v, key):
		to = &s.Procedure
	case key == KeyScreen, key == KeyTurn:
		return "", ""
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
	part, known := v.Part(key)
	if !known {
		return fault.ProblemUnknownQuestion
	}
	value, answered, once := part.Typed(values)
	switch {
	case !once:
		return fault.ProblemDuplicateKey
	case answered:
		s.Answers[key] = value
	}
	return ""
}

// asks tells whether the form itself has a question beside its answers.
func asks(v *survey.Version, name string) bool {
	part, known := v.Reserved(name)
	return known && len(part.Question.Text) > 0
}
