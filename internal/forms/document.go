package forms

import (
	"sipas/internal/intake"
	"sipas/internal/survey"
)

// Document is all that a client needs to ask the questions of a service
// point and to send the answers.
type Document struct {
	Version   string             `json:"version"`
	Campaign  string             `json:"campaign,omitempty"` // to be sent back, as the version is
	Language  string             `json:"language"`
	Languages []string           `json:"languages"`
	Title     string             `json:"title"`
	Intro     string             `json:"intro,omitempty"`
	Point     Coded              `json:"point"`
	Official  string             `json:"official,omitempty"` // who served, where the agency lets citizens read that name
	Agency    Coded              `json:"agency"`
	Head      *Coded             `json:"head,omitempty"`    // the agency at the top
	Hotline   string             `json:"hotline,omitempty"` // to report to
	Fields    []Named            `json:"fields,omitempty"`
	Sections  []DocumentSection  `json:"sections"`
	Questions []DocumentQuestion `json:"questions"`
}

// Named is something with a key and a text in the reader's language.
type Named struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}

// DocumentSection is a section. Its stem begins the sentence that each of its
// scale questions ends.
type DocumentSection struct {
	Named
	Stem string `json:"stem,omitempty"`
}

// DocumentChoice is a choice. Its note is for whoever chooses it.
type DocumentChoice struct {
	Named
	Note string `json:"note,omitempty"`
	// Other: a text may be sent beside it, as the answer QUESTION.CHOICE.
	Other bool `json:"other,omitempty"`
}

// Coded is something with a public code and a name in the reader's language.
type Coded struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// DocumentQuestion is a question with every bound of its answers.
type DocumentQuestion struct {
	Key       string              `json:"key"`
	Type      survey.QuestionType `json:"type"`
	Required  bool                `json:"required"`
	Section   string              `json:"section"`
	Text      string              `json:"text"`
	NoOpinion bool                `json:"no_opinion,omitempty"`
	// NoOpinionText is what level 0 is called, if not "no opinion".
	NoOpinionText string           `json:"no_opinion_text,omitempty"`
	Choices       []DocumentChoice `json:"choices"`
	MaxChoices    int              `json:"max_choices,omitempty"`
	MaxLength     int              `json:"max_length,omitempty"`
	// Levels and rows of a grid; each row is the answer QUESTION.ROW.
	Levels int               `json:"levels,omitempty"`
	Rows   []Named           `json:"rows,omitempty"`
	Min    *int              `json:"min,omitempty"`
	Max    *int              `json:"max,omitempty"`
	Unit   string            `json:"unit,omitempty"`
	From   string            `json:"from,omitempty"`
	To     string            `json:"to,omitempty"`
	Show   *survey.Condition `json:"show,omitempty"`
}

// Describe says in one language what a form asks, its options as a draw has them.
func Describe(form intake.Form, language string, draw int) Document {
	d := form.Version.Definition
	document := Document{
		Version: form.Version.Name(), Campaign: form.CampaignName(), Language: language, Languages: form.Languages(),
		Title: d.Title.In(language), Intro: d.Intro.In(language),
		Point:  Coded{string(form.Point.Code), form.Point.Name.In(language)},
		Agency: Coded{form.Agency.Code, form.Agency.Name.In(language)}, Hotline: form.Hotline,
	}
	document.Official = form.NamedOfficial()
	if form.Head.ID != 0 {
		document.Head = &Coded{form.Head.Code, form.Head.Name.In(language)}
	}
	if len(form.Fields) > 1 {
		for _, f := range form.Fields {
			document.Fields = append(document.Fields, Named{f.Key, f.Name.In(language)})
		}
	}
	for _, section := range d.Sections {
		document.Sections = append(document.Sections, DocumentSection{Named{section.Key, section.Title.In(language)}, section.Stem.In(language)})
		for _, q := range section.Questions {
			document.Questions = append(document.Questions, describeQuestion(q, section.Key, language, form.Hotline, draw))
		}
	}
	return document
}

// describeQuestion says every bound, also those that the definition leaves to
// its defaults.
func describeQuestion(q survey.Question, section, language, hotline string, draw int) DocumentQuestion {
	described := DocumentQuestion{
		Key: q.Key, Type: q.Type, Required: q.Required, Section: section, Text: q.Text.In(language),
		NoOpinion: q.NoOpinion, NoOpinionText: q.NoOpinionText.In(language), Choices: []DocumentChoice{}, MaxChoices: q.MaxChoices, MaxLength: q.MaxLength, Show: q.Show,
		Min: q.Min, Max: q.Max, Unit: q.Unit.In(language), From: q.From, To: q.To,
	}
	shape := q.Shape()
	for _, choice := range drawn(q, draw) {
		described.Choices = append(described.Choices, DocumentChoice{Named{choice.Key, choice.Text.In(language)}, choice.NoteIn(language, hotline), choice.Other})
	}
	for _, row := range shape.Rows {
		described.Levels = shape.Levels
		described.Rows = append(described.Rows, Named{row.Key, row.Text.In(language)})
	}
	switch {
	case shape.Several && q.MaxChoices == 0:
		described.MaxChoices = len(q.Choices)
	case shape.Text:
		described.MaxLength = shape.Most
	}
	return described
}
