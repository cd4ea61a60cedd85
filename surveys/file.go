package surveys

import (
	"sipas/internal/agency"
	"sipas/internal/survey"
)

// file is the form of a survey file. Its types differ from those of package
// survey in the names of their keys only.
type file struct {
	Key       string
	Languages []string
	Title     agency.Text
	Intro     agency.Text
	Method    string
	Headline  string
	Sections  []section
}

type section struct {
	Key       string
	Title     agency.Text
	Stem      agency.Text
	Questions []question
}

type question struct {
	Key           string
	Type          survey.QuestionType
	Required      bool
	Text          agency.Text
	Short         agency.Text
	NoOpinion     bool        `yaml:"no_opinion"`
	NoOpinionText agency.Text `yaml:"no_opinion_text"`
	Choices       []survey.Choice
	MaxChoices    int `yaml:"max_choices"`
	MaxLength     int `yaml:"max_length"`
	Show          *survey.Condition
}

func (f file) definition() survey.Definition {
	d := survey.Definition{
		Key: f.Key, Languages: f.Languages, Title: f.Title, Intro: f.Intro, Method: f.Method, Headline: f.Headline,
	}
	for _, s := range f.Sections {
		part := survey.Section{Key: s.Key, Title: s.Title, Stem: s.Stem}
		for _, q := range s.Questions {
			part.Questions = append(part.Questions, survey.Question(q))
		}
		d.Sections = append(d.Sections, part)
	}
	return d
}
