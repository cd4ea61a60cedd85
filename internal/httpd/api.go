package httpd

import (
	"crypto/sha256"
	_ "embed" // for the document
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/intake"
	"sipas/internal/survey"
)

// openAPI describes the routes under /api; a test holds both together.
//
//go:embed openapi.json
var openAPI []byte

// handleOpenAPI serves the description of the API. It changes with the program
// only, so clients may ask whether theirs is still the same.
func (s *Server) handleOpenAPI(c *gin.Context) error {
	sum := sha256.Sum256(openAPI)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "public, no-cache")
	if offered := c.GetHeader("If-None-Match"); offered == "*" || strings.Contains(offered, tag) {
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return nil
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", openAPI)
	return nil
}

// formDocument is all that a client needs to ask the questions of a service
// point and to send the answers.
type formDocument struct {
	Version   string         `json:"version"`
	Language  string         `json:"language"`
	Languages []string       `json:"languages"`
	Title     string         `json:"title"`
	Intro     string         `json:"intro,omitempty"`
	Point     coded          `json:"point"`
	Agency    coded          `json:"agency"`
	Fields    []named        `json:"fields,omitempty"`
	Sections  []named        `json:"sections"`
	Questions []formQuestion `json:"questions"`
}

// named is something with a key and a text in the reader's language.
type named struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}

// coded is something with a public code and a name in the reader's language.
type coded struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type formQuestion struct {
	Key        string              `json:"key"`
	Type       survey.QuestionType `json:"type"`
	Required   bool                `json:"required"`
	Section    string              `json:"section"`
	Text       string              `json:"text"`
	NoOpinion  bool                `json:"no_opinion,omitempty"`
	Choices    []named             `json:"choices"`
	MaxChoices int                 `json:"max_choices,omitempty"`
	MaxLength  int                 `json:"max_length,omitempty"`
	Show       *survey.Condition   `json:"show,omitempty"`
}

func (s *Server) handleAPIForm(c *gin.Context) error {
	form, err := s.Intake.Form(c.Request.Context(), c.Param("code"))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, describeForm(form, s.surveyLanguage(c, form.Version)))
	return nil
}

func describeForm(form intake.Form, language string) formDocument {
	d := form.Version.Definition
	document := formDocument{
		Version: form.Version.Name(), Language: language, Languages: d.Languages,
		Title: d.Title.In(language), Intro: d.Intro.In(language),
		Point:  coded{string(form.Point.Code), form.Point.Name.In(language)},
		Agency: coded{form.Agency.Code, form.Agency.Name.In(language)},
	}
	if len(form.Fields) > 1 {
		for _, f := range form.Fields {
			document.Fields = append(document.Fields, named{f.Key, f.Name.In(language)})
		}
	}
	for _, section := range d.Sections {
		document.Sections = append(document.Sections, named{section.Key, section.Title.In(language)})
		for _, q := range section.Questions {
			document.Questions = append(document.Questions, describeQuestion(q, section.Key, language))
		}
	}
	return document
}

// describeQuestion says every bound, also those that the definition leaves to
// its defaults.
func describeQuestion(q survey.Question, section, language string) formQuestion {
	described := formQuestion{
		Key: q.Key, Type: q.Type, Required: q.Required, Section: section, Text: q.Text.In(language),
		NoOpinion: q.NoOpinion, Choices: []named{}, MaxChoices: q.MaxChoices, MaxLength: q.MaxLength, Show: q.Show,
	}
	for _, choice := range q.Choices {
		described.Choices = append(described.Choices, named{choice.Key, choice.Text.In(language)})
	}
	if q.Type == survey.TypeMulti && q.MaxChoices == 0 {
		described.MaxChoices = len(q.Choices)
	}
	if q.Type == survey.TypeText && q.MaxLength == 0 {
		described.MaxLength = survey.DefaultMaxLength
	}
	return described
}
