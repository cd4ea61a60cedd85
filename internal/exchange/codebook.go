package exchange

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/exchange/draft"
	"sipas/internal/spreadsheet"
	"sipas/internal/survey"
)

// variable is a column of the responses as `sipas export` writes them.
type variable struct {
	name       string // survey.question
	section    int
	question   agency.Text
	label      agency.Text
	stem       agency.Text
	kind       survey.QuestionType
	categories []category
	min, max   *int
	from, to   string
	day        bool // it is a date
	several    bool // choices stand in one cell, with blanks between
	ordered    bool
	universe   string // the condition under which it is asked
}

type category struct {
	value   string
	text    agency.Text
	missing bool // it counts in no figure
}

// variables are the columns of a version: not the texts of citizens, which no file
// has, nor what stands beside the answers.
func variables(v *survey.Version) []variable {
	sections := map[string]int{}
	for i, s := range v.Definition.Sections {
		for _, q := range s.Questions {
			sections[q.Key] = i
		}
	}
	var all []variable
	for _, p := range v.Parts() {
		if p.Free || p.Reserved {
			continue
		}
		q, shape := p.Question, p.Question.Shape()
		at := sections[q.Key]
		x := variable{
			name: v.Definition.Key + "." + p.Key(), section: at, question: p.Text, label: p.Label(), kind: q.Type,
			min: shape.Min, max: shape.Max, from: shape.From, to: shape.To, several: p.Several, ordered: p.Scale, day: shape.Day,
		}
		if p.Below != "" {
			x.stem = q.Text
		} else if p.Scale {
			x.stem = v.Definition.Sections[at].Stem
		}
		if q.Show != nil {
			x.universe = said(*q.Show)
		}
		if p.Scale {
			if shape.NoOpinion {
				text := draft.NoOpinion()
				if len(q.NoOpinionText) > 0 {
					text = q.NoOpinionText
				}
				x.categories = append(x.categories, category{"0", text, true})
			}
			for i, text := range draft.LevelTexts(shape.Levels) {
				x.categories = append(x.categories, category{strconv.Itoa(i + 1), text, false})
			}
		}
		for _, c := range shape.Choices {
			x.categories = append(x.categories, category{c.Key, c.Text, false})
		}
		for _, value := range shape.Values {
			text := agency.Text{"vi": value, "en": value}
			switch value {
			case "yes":
				text = draft.Yes()
			case "no":
				text = draft.No()
			}
			x.categories = append(x.categories, category{value, text, false})
		}
		all = append(all, x)
	}
	return all
}

// said is a condition in signs that every reader of codebooks knows.
func said(c survey.Condition) string {
	list, word := c.All, " and "
	if list == nil {
		list, word = c.Any, " or "
	}
	var parts []string
	switch {
	case list != nil:
		for _, below := range list {
			parts = append(parts, "("+said(below)+")")
		}
		return strings.Join(parts, word)
	case c.Channel != nil:
		return fmt.Sprintf("channel in %v", c.Channel)
	case c.Field != nil:
		return fmt.Sprintf("field in %v", c.Field)
	case len(c.In) > 0:
		return fmt.Sprintf("%s in %v", c.Question, c.In)
	}
	if c.AtLeast != nil {
		parts = append(parts, fmt.Sprintf("%s >= %d", c.Question, *c.AtLeast))
	}
	if c.AtMost != nil {
		parts = append(parts, fmt.Sprintf("%s <= %d", c.Question, *c.AtMost))
	}
	return strings.Join(parts, " and ")
}

// codebook writes a row for each variable and one for each of its values.
func codebook(w io.Writer, v *survey.Version) error {
	d := v.Definition
	return spreadsheet.Write(w, spreadsheet.CSV, func(row func(...string) error) error {
		write := func(cells []string, texts ...agency.Text) error {
			for _, language := range d.Languages {
				for _, t := range texts {
					cells = append(cells, t[language])
				}
			}
			return row(cells...)
		}
		header := []string{"variable", "version", "section", "type", "value", "missing", "min", "max", "several", "asked_if"}
		for _, language := range d.Languages {
			header = append(header, "label_"+language, "text_"+language)
		}
		if err := row(header...); err != nil {
			return err
		}
		for _, x := range variables(v) {
			least, most := x.bounds()
			err := write([]string{x.name, v.Name(), d.Sections[x.section].Key, string(x.kind), "", "", least, most, yes(x.several), x.universe}, x.label, x.question)
			if err != nil {
				return err
			}
			for _, c := range x.categories {
				if err := write([]string{x.name, v.Name(), "", "", c.value, yes(c.missing), "", "", "", ""}, c.text, nil); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// bounds are the least and the greatest value, "" where there is none.
func (x variable) bounds() (least, most string) {
	least, most = x.from, x.to
	if x.min != nil {
		least = strconv.Itoa(*x.min)
	}
	if x.max != nil {
		most = strconv.Itoa(*x.max)
	}
	return least, most
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}
