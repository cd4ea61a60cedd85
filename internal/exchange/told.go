package exchange

import (
	"time"

	"sipas/internal/exchange/draft"
	"sipas/internal/message"
	"sipas/internal/survey"
)

// Told is what a file says, for programs: what the survey would be, and what there is to
// say of it.
type Told struct {
	Key       string         `json:"key"`
	Languages []string       `json:"languages"`
	Sections  []ToldSection  `json:"sections"`
	Questions []ToldQuestion `json:"questions"`
	Warnings  []ToldProblem  `json:"warnings"`
	Errors    []ToldProblem  `json:"errors"`
	Version   string         `json:"version,omitempty"` // that it was published as
}

// ToldSection is one of a survey; its items are the answers that are levels.
type ToldSection struct {
	Key   string `json:"key"`
	Items int    `json:"items"`
}

// ToldQuestion is one of a survey, in one language.
type ToldQuestion struct {
	Key  string `json:"key"`
	Type string `json:"type"`
	Text string `json:"text"`
}

// ToldProblem is one thing to say, in words. Mendable is an error with which a draft may be
// made: it keeps from publishing until somebody has seen to it.
type ToldProblem struct {
	Where    string `json:"where"` // a sheet and row, or a table and code; "" is the file
	Text     string `json:"text"`
	Mendable bool   `json:"mendable,omitempty"`
}

// Tell tells what was read of a file in the language of a printer.
func Tell(d survey.Definition, report draft.Report, printer message.Printer) Told {
	t := Told{Key: d.Key, Languages: append([]string{}, d.Languages...), Sections: Sections(d), Questions: []ToldQuestion{}}
	for _, s := range d.Sections {
		for _, q := range s.Questions {
			t.Questions = append(t.Questions, ToldQuestion{q.Key, string(q.Type), InAny(q.Text, printer.Language, d.Languages)})
		}
	}
	t.Warnings, t.Errors = toldOf(report.Warnings, printer, false), toldOf(report.Errors, printer, true)
	return t
}

// InAny is a text in a language, or in the first of others that it has: a survey of another
// program may have no Vietnamese.
func InAny(t map[string]string, language string, others []string) string {
	for _, one := range append([]string{language, "vi"}, others...) {
		if t[one] != "" {
			return t[one]
		}
	}
	return ""
}

func toldOf(problems []draft.Problem, printer message.Printer, errors bool) []ToldProblem {
	list := make([]ToldProblem, len(problems))
	for i, p := range problems {
		list[i] = ToldProblem{p.Where, p.Text(printer), errors && p.Mendable()}
	}
	return list
}

// Sections counts the items of each section.
func Sections(d survey.Definition) []ToldSection {
	at, all := map[string]int{}, make([]ToldSection, len(d.Sections))
	for i, s := range d.Sections {
		all[i].Key = s.Key
		for _, q := range s.Questions {
			at[q.Key] = i
		}
	}
	for _, p := range survey.NewVersion(0, 0, time.Time{}, d).Scale() {
		all[at[p.Question.Key]].Items++
	}
	return all
}
