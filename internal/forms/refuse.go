package forms

import (
	"strings"

	"sipas/internal/fault"
	"sipas/internal/message"
	"sipas/internal/survey"
)

// Refusal says on top of the form why it comes back.
type Refusal struct {
	Message string
	Items   []Link
	InPlace bool // the question itself says it all
	Anew    bool // it cannot be sent again; there is only a new form
}

// Link leads from the summary to the question it is about; Anchor may be "".
type Link struct{ Anchor, Text string }

// Refuse puts the problems of a refused submission beside their questions and
// returns the summary. An answer to a question that is not shown is taken out:
// nobody could take it back.
func (v *Viewer) Refuse(message string, problems []fault.Problem) *Refusal {
	refusal := &Refusal{Message: message}
	v.problems = map[string]string{}
	for _, p := range problems {
		said := Sentence(v.Printer, p)
		link := Link{Text: said}
		part, asked := v.asked(p.Where)
		switch {
		case asked:
			link.Anchor, link.Text = part.Key(), v.T("form.problem-at", "question", part.Text.In(v.Language), "problem", said)
			v.problems[part.Key()] = said
			if p.Key == fault.ProblemHidden {
				link.Anchor = shownBy(part)
				v.Given.Del(nameOf(part))
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

// asked finds the answer of the form that a problem is about.
func (v *Viewer) asked(where string) (survey.Part, bool) {
	if address, isAnswer := strings.CutPrefix(where, "answers."); isAnswer {
		return v.Version.Part(address)
	}
	part, known := v.Version.Reserved(where)
	return part, known && asks(v.Version, where)
}

// nameOf is the name of the form's field for an answer.
func nameOf(p survey.Part) string {
	if p.Reserved {
		return p.Key()
	}
	return AnswerPrefix + p.Key()
}

// shownBy is the address of the answer that shows another; "" where it is not
// one alone.
func shownBy(p survey.Part) string {
	for _, c := range []*survey.Condition{p.Show, p.Question.Show} {
		if c != nil {
			return c.Question
		}
	}
	return ""
}

// Sentence says a problem in words.
func Sentence(p message.Printer, problem fault.Problem) string {
	return p.T("problem."+problem.Key, "limit", problem.Limit)
}
