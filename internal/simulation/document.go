package simulation

import (
	"sipas/internal/agency"
	"sipas/internal/score"
)

// Document is a result as programs read it.
type Document struct {
	Citizens  int                `json:"citizens"`
	Seed      uint64             `json:"seed"`
	Refused   int                `json:"refused"`
	Ways      int                `json:"ways"`
	Questions []QuestionDocument `json:"questions"`
	Asked     SpreadDocument     `json:"asked"`
	Minutes   SpreadDocument     `json:"minutes"`
	Figures   FiguresDocument    `json:"figures"`
}

// QuestionDocument is how many met a question.
type QuestionDocument struct {
	Question string              `json:"question"`
	Section  string              `json:"section"`
	Reached  int                 `json:"reached"`
	Never    bool                `json:"never"`
	Missed   []SituationDocument `json:"missed,omitempty"`
}

// SituationDocument is a channel or a service field.
type SituationDocument struct {
	Channel  agency.Channel `json:"channel,omitempty"`
	Field    string         `json:"field,omitempty"`
	Citizens int            `json:"citizens"`
}

// SpreadDocument is a Spread.
type SpreadDocument struct {
	Least  int `json:"least"`
	Median int `json:"median"`
	Most   int `json:"most"`
}

// FiguresDocument has the figures of the three crowds.
type FiguresDocument struct {
	Method      string        `json:"method"`
	Random      CrowdDocument `json:"random"`
	Satisfied   CrowdDocument `json:"satisfied"`
	Unsatisfied CrowdDocument `json:"unsatisfied"`
}

// CrowdDocument has those of one.
type CrowdDocument struct {
	Overall  FigureDocument          `json:"overall"`
	Sections []SectionFigureDocument `json:"sections"`
}

// SectionFigureDocument is that of a section.
type SectionFigureDocument struct {
	Section string `json:"section"`
	FigureDocument
}

// FigureDocument is a figure, unrounded; without data it has no value.
type FigureDocument struct {
	Value *float64 `json:"value,omitempty"`
}

// Document describes the result for programs.
func (r Result) Document() Document {
	d := Document{
		Citizens: r.Citizens, Seed: r.Seed, Refused: r.Refused, Ways: r.Ways, Questions: []QuestionDocument{},
		Asked: SpreadDocument(r.Asked), Minutes: SpreadDocument(r.Minutes()),
	}
	for _, q := range r.Questions {
		one := QuestionDocument{Question: q.Question.Key, Section: r.Survey.Sections[q.Section].Key, Reached: q.Reached, Never: q.Never}
		for _, in := range q.Missed {
			one.Missed = append(one.Missed, SituationDocument(in))
		}
		d.Questions = append(d.Questions, one)
	}
	d.Figures = FiguresDocument{r.Survey.Method, r.crowd(r.Random), r.crowd(r.Satisfied), r.crowd(r.Unsatisfied)}
	return d
}

func (r Result) crowd(f Figures) CrowdDocument {
	d := CrowdDocument{Overall: figure(f.Overall), Sections: []SectionFigureDocument{}}
	for i, x := range f.Sections {
		d.Sections = append(d.Sections, SectionFigureDocument{r.Survey.Sections[i].Key, figure(x)})
	}
	return d
}

func figure(x score.Index) FigureDocument {
	if !x.HasData {
		return FigureDocument{}
	}
	value := x.Value.Float()
	return FigureDocument{&value}
}
