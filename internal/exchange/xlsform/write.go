package xlsform

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/exchange/draft"
	"sipas/internal/spreadsheet"
	"sipas/internal/survey"
)

// writer writes one form.
type writer struct {
	languages []string
	names     []string // of languages, as headers say them
	survey    [][]string
	choices   [][]string
	marks     [][]string
	lists     map[string]bool
	taken     map[string]bool
	version   *survey.Version
}

// headed are names of languages as headers say them.
var headed = map[string]string{"vi": "Tiếng Việt (vi)", "en": "English (en)"}

// Write writes a survey as a workbook; version is its number. What XLSForm has no
// place for stands in the sheet _sipas, so that nothing is lost between us. The
// same survey makes the same bytes.
func Write(out io.Writer, d survey.Definition, version int) error {
	w := &writer{languages: d.Languages, lists: map[string]bool{}, taken: map[string]bool{}, version: survey.NewVersion(0, version, time.Time{}, d)}
	for _, language := range d.Languages {
		name := headed[language]
		if name == "" {
			name = language + " (" + language + ")"
		}
		w.names = append(w.names, name)
	}
	w.survey = [][]string{w.header("type", "name", "label", "hint", "required", "relevant", "appearance", "parameters", "constraint", "sipas_kind")}
	w.choices = [][]string{w.header("list_name", "name", "label", "sipas_points")}
	w.marks = [][]string{{"item", "part", "property", "language", "value"}}
	w.mark("", "", "method", "", d.Method)
	w.mark("", "", "headline", "", d.Headline)
	for _, language := range d.Languages {
		if d.Title[language] != d.Title["vi"] {
			w.mark("", "", "title", language, d.Title[language])
		}
	}
	w.markText("", "", "source", d.Source)
	for i, text := range d.Unverified {
		w.markText("", strconv.Itoa(i+1), "unverified", text)
	}
	for _, s := range d.Sections {
		w.taken[s.Key] = true
		for _, q := range s.Questions {
			w.taken[q.Key] = true
		}
	}
	if len(d.Intro) > 0 {
		w.row(line{kind: "note", name: w.free("intro"), label: d.Intro, mark: "intro"})
	}
	for _, s := range d.Sections {
		w.row(line{kind: "begin_group", name: s.Key, label: s.Title, mark: "section"})
		if len(s.Stem) > 0 {
			w.row(line{kind: "note", name: w.free("stem-" + s.Key), label: s.Stem, mark: "stem"})
		}
		for _, q := range s.Questions {
			w.question(q)
		}
		w.row(line{kind: "end_group", name: s.Key})
	}
	base := w.names[max(0, slices.Index(d.Languages, agency.FallbackLanguage))]
	settings := [][]string{{"form_title", "form_id", "version", "default_language"}, {d.Title.In("vi"), d.Key, strconv.Itoa(version), base}}
	return spreadsheet.WriteSheets(out, []spreadsheet.Sheet{
		sheetOf("survey", w.survey), sheetOf("choices", w.choices), sheetOf("settings", settings), sheetOf("_sipas", w.marks),
	})
}

func sheetOf(name string, rows [][]string) spreadsheet.Sheet {
	s := spreadsheet.Sheet{Name: name}
	for i, cells := range rows {
		row := spreadsheet.Row{Line: i + 1}
		for _, text := range cells {
			row.Cells = append(row.Cells, spreadsheet.Cell{Text: text})
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// header has each translated column once for each language.
func (w *writer) header(names ...string) []string {
	var all []string
	for _, name := range names {
		if name != "label" && name != "hint" {
			all = append(all, name)
			continue
		}
		for _, language := range w.names {
			all = append(all, name+"::"+language)
		}
	}
	return all
}

// texts gives a text in each language.
func (w *writer) texts(t agency.Text) []string {
	all := make([]string, len(w.languages))
	for i, language := range w.languages {
		all[i] = t[language]
	}
	return all
}

// mark says something that XLSForm has no place for.
func (w *writer) mark(item, part, property, language, value string) {
	if value != "" {
		w.marks = append(w.marks, []string{item, part, property, language, value})
	}
}

func (w *writer) markText(item, part, property string, t agency.Text) {
	for _, language := range w.languages {
		w.mark(item, part, property, language, t[language])
	}
}

// free is a name that nothing has.
func (w *writer) free(name string) string {
	for w.taken[name] {
		name += "-x"
	}
	w.taken[name] = true
	return name
}

// line is a row of the sheet survey.
type line struct {
	kind, name                                 string
	label, hint                                agency.Text
	required                                   bool
	relevant, looks, parameters, bounded, mark string
}

func (w *writer) row(l line) {
	required := ""
	if l.required {
		required = "yes"
	}
	w.survey = append(w.survey, slices.Concat([]string{l.kind, l.name}, w.texts(l.label), w.texts(l.hint),
		[]string{required, l.relevant, l.looks, l.parameters, l.bounded, l.mark}))
}

func (w *writer) choice(list, name string, label agency.Text, points string) {
	w.choices = append(w.choices, slices.Concat([]string{list, name}, w.texts(label), []string{points}))
}

// question writes a question as the row or rows that ask it.
func (w *writer) question(q survey.Question) {
	l := line{name: q.Key, label: q.Text, required: q.Required, mark: string(q.Type)}
	shape := q.Shape()
	if q.Show != nil {
		if expression, said := w.expression(*q.Show); said {
			l.relevant = expression
		} else {
			text, _ := json.Marshal(q.Show) // numbers and texts: never fails
			w.mark(q.Key, "", "show", "", string(text))
		}
	}
	switch {
	case len(shape.Rows) > 0:
		w.grid(q, l, shape)
	case shape.Levels > 0:
		l.kind, l.looks = "select_one "+w.scale(q, shape.Levels), "likert"
		w.row(l)
	case len(q.Choices) > 0:
		l.kind = "select_one " + own(q)
		if shape.Several {
			l.kind = "select_multiple " + own(q)
			if q.MaxChoices > 0 {
				l.bounded = fmt.Sprintf("count-selected(.) <= %d", q.MaxChoices)
			}
		}
		if q.RandomOrder {
			l.parameters = "randomize=true"
		}
		w.row(l)
		w.list(q, shape.Several)
	default:
		w.simple(q, l, shape)
	}
	w.rest(q)
}

// simple writes what is asked without choices. The type decides, for what it is in
// XLSForm is known of it alone.
func (w *writer) simple(q survey.Question, l line, shape survey.Shape) {
	switch kind := string(q.Type); kind {
	case "yes-no":
		l.kind = "select_one yes-no"
		if !w.lists["yes-no"] {
			w.lists["yes-no"] = true
			w.choice("yes-no", "yes", draft.Yes(), "")
			w.choice("yes-no", "no", draft.No(), "")
		}
	case "number":
		l.kind, l.hint = "integer", q.Unit
		l.bounded = between(q.Min, q.Max, strconv.Itoa)
	case "nps":
		l.kind, l.parameters = "range", "start=0 end=10 step=1"
	case "date":
		day := func(s string) string { return "date('" + s + "')" }
		l.kind, l.bounded = "date", between(some(q.From), some(q.To), day)
	case "information":
		l.kind = "note"
	default: // in the citizen's own words
		l.kind, l.looks = "text", "multiline"
		if q.MaxLength > 0 {
			l.bounded = fmt.Sprintf("string-length(.) <= %d", q.MaxLength)
		}
		if shape.Fields {
			l.looks = ""
		}
	}
	w.row(l)
}

func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// between is a constraint by two bounds, of which each may be missing.
func between[T any](least, most *T, said func(T) string) string {
	var both []string
	if least != nil {
		both = append(both, ". >= "+said(*least))
	}
	if most != nil {
		both = append(both, ". <= "+said(*most))
	}
	return strings.Join(both, " and ")
}

// grid writes a table of rows on one list.
func (w *writer) grid(q survey.Question, l line, shape survey.Shape) {
	list := w.scale(q, shape.Levels)
	required := l.required
	l.kind, l.looks, l.required = "begin_group", "table-list", false
	w.row(l)
	for _, r := range q.Rows {
		w.row(line{kind: "select_one " + list, name: q.Key + "." + r.Key, label: r.Text, required: required})
		w.markText(q.Key, q.Key+"."+r.Key, "short", r.Short)
	}
	w.row(line{kind: "end_group", name: q.Key})
	if q.Levels == 5 {
		w.mark(q.Key, "", "levels", "", "5")
	}
}

// none is the name of level 0, which no number may be compared with.
const none = "khong_y_kien"

// scale writes the list of a scale, once for all that have the same.
func (w *writer) scale(q survey.Question, levels int) string {
	name := fmt.Sprintf("scale%d", levels)
	if q.NoOpinion {
		name += "-no-opinion"
	}
	label := draft.NoOpinion()
	if len(q.NoOpinionText) > 0 {
		name, label = own(q), q.NoOpinionText
	}
	if w.lists[name] {
		return name
	}
	w.lists[name] = true
	for i, text := range draft.LevelTexts(levels) {
		w.choice(name, strconv.Itoa(i+1), text, "")
	}
	if q.NoOpinion {
		w.choice(name, none, label, "")
	}
	return name
}

// own is the name of the list that belongs to one question.
func own(q survey.Question) string { return "list." + q.Key }

// list writes the choices of a question, and the text of the one that stands for
// all others.
func (w *writer) list(q survey.Question, several bool) {
	for _, c := range q.Choices {
		points := ""
		if c.Points != nil {
			points = strconv.Itoa(*c.Points)
		}
		w.choice(own(q), c.Key, c.Text, points)
		w.markText(q.Key, c.Key, "note", c.Note)
		if c.Other && several {
			w.row(line{kind: "text", name: q.Key + "." + c.Key, label: c.Text, relevant: fmt.Sprintf("selected(${%s}, '%s')", q.Key, c.Key), mark: "other"})
		}
	}
}

// rest marks the properties that XLSForm has no place for.
func (w *writer) rest(q survey.Question) {
	w.markText(q.Key, "", "short", q.Short)
	w.markText(q.Key, "", "no_opinion_text", q.NoOpinionText)
	if q.Scored != nil {
		w.mark(q.Key, "", "scored", "", strconv.FormatBool(*q.Scored))
	}
	levels := make([]string, len(q.Satisfied))
	for i, level := range q.Satisfied {
		levels[i] = strconv.Itoa(level)
	}
	w.mark(q.Key, "", "satisfied", "", strings.Join(levels, " "))
}

// expression writes a condition; said is false if XLSForm has no words for it.
func (w *writer) expression(c survey.Condition) (text string, said bool) {
	list, word := c.All, " and "
	if list == nil {
		list, word = c.Any, " or "
	}
	if list != nil {
		parts := make([]string, len(list))
		for i, below := range list {
			if parts[i], said = w.expression(below); !said {
				return "", false
			}
			if strings.Contains(parts[i], " or ") || strings.Contains(parts[i], " and ") {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, word), true
	}
	if c.Question == "" {
		return "", false
	}
	ref := "${" + c.Question + "}"
	p, known := w.version.Part(c.Question)
	if !known {
		return "", false
	}
	var parts []string
	for _, in := range c.In {
		switch {
		case p.Several:
			parts = append(parts, fmt.Sprintf("selected(%s, '%s')", ref, in))
		case p.Scale && in == "0":
			parts = append(parts, fmt.Sprintf("%s = '%s'", ref, none))
		default:
			parts = append(parts, fmt.Sprintf("%s = '%s'", ref, in))
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, " or "), true
	}
	if c.AtLeast != nil {
		parts = append(parts, fmt.Sprintf("%s >= %d", ref, *c.AtLeast))
	}
	if c.AtMost != nil {
		parts = append(parts, fmt.Sprintf("%s <= %d", ref, *c.AtMost))
	}
	return strings.Join(parts, " and "), true
}
