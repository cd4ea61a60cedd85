package lime

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/exchange/draft"
	"sipas/internal/survey"
)

// asked is a question while it becomes one or several of ours.
type asked struct {
	r     *reader
	q     *question
	where string
	text  agency.Text
	whens []draft.When
}

// become makes what a kind of question is here. The letters are LimeSurvey's.
func (b *asked) become() {
	r, q := b.r, b.q
	switch q.kind {
	case "5":
		b.levels(b.add("", "scale5", b.text), "")
	case "L", "!", "O":
		b.single("", b.text, 0)
	case "M", "P":
		b.multi()
	case "Y":
		b.yesNo("", b.text)
	case "G":
		b.fixed("", b.text, []string{"F", "M"}, agency.Text{"vi": "Nữ", "en": "Female"}, agency.Text{"vi": "Nam", "en": "Male"})
	case "A":
		b.grid()
	case "B", "C", "E", "F", "H", "1", "K", "Q":
		b.rows()
	case ":", ";":
		b.cells()
	case "N":
		b.number("", b.text)
	case "S", "T", "U":
		b.words("", b.text)
	case "D":
		r.define(q, "", draft.Symbol{Question: b.add("", "date", b.text)})
	case "X":
		b.add("", "information", b.text).Required = false
		r.gone(q, "X")
	case "*":
		r.d.Warn(b.where, draft.ProblemComputed, q.code, b.text[r.d.Base]+" "+q.attribute("equation"))
		r.gone(q, "*")
	case "I", "R", "|":
		r.d.Warn(b.where, draft.ProblemUnsupported, q.kind, strings.TrimSpace(q.code+" "+b.text[r.d.Base]))
		r.gone(q, q.kind)
	default:
		r.d.Refuse(b.where, draft.ProblemUnknownType, q.kind, "")
		r.gone(q, q.kind)
	}
}

// add adds a question of ours, of the whole or of a row.
func (b *asked) add(below, kind string, text agency.Text) *draft.Question {
	q := &draft.Question{Where: b.where, When: b.whens}
	q.Type, q.Text, q.Required = survey.QuestionType(kind), text, b.q.mandatory == "Y"
	name := b.q.code
	if below != "" {
		name += "_" + below
	}
	b.r.d.Add(b.r.section, name, kind == "text" && name == survey.CommentQuestion, q)
	return q
}

// levels makes a question one of five levels, which nobody said are those of
// satisfaction.
func (b *asked) levels(q *draft.Question, row string) {
	scored := false
	q.Scored = &scored
	s := draft.Symbol{Question: q, Row: row, Levels: true, Codes: map[string]string{}}
	for level := 1; level <= 5; level++ {
		s.Order = append(s.Order, strconv.Itoa(level))
		s.Codes[strconv.Itoa(level)] = strconv.Itoa(level)
	}
	b.r.define(b.q, row, s)
	if row == "" {
		b.r.d.Warn(b.where, draft.ProblemNotScored, b.q.code, "")
	}
}

// joined is a text of a row behind that of its question.
func (b *asked) joined(text, row agency.Text) agency.Text {
	return b.r.d.Join(b.where, text, " – ", row)
}

// label is what a row or column says.
func (b *asked) label(sub *question) agency.Text {
	text := b.r.text(b.where, sub.text)
	if len(text) == 0 {
		b.r.d.Warn(b.where, draft.ProblemNoLabel, b.q.code+"_"+sub.code, "")
		text = b.r.same(sub.code)
	}
	return text
}

// grid is a table of five levels.
func (b *asked) grid() {
	g := b.add("", "grid", b.text)
	var keys draft.Keys
	for _, row := range b.q.rows {
		key := keys.Make(row.code)
		g.Rows = append(g.Rows, survey.Row{Key: key, Text: b.label(row)})
		b.levels(g, row.code)
		// Its address has the key, not the code.
		s, _ := b.r.d.Symbol(b.q.code + "_" + row.code)
		if s.Question == g {
			s.Row = key
			b.r.d.Replace(b.q.code+"_"+row.code, s)
			b.r.d.Replace(b.r.sid+"X"+b.q.group+"X"+b.q.id+row.code, s)
		}
	}
	b.r.d.Warn(b.where, draft.ProblemNotScored, b.q.code, "")
	if n := len(g.Rows); n == 0 || n > 50 {
		b.r.d.Refuse(b.where, draft.ProblemManyChoices, fmt.Sprint(n), "50")
	}
}

// rows makes a question of each row.
func (b *asked) rows() {
	if len(b.q.rows) == 0 {
		b.r.d.Refuse(b.where, draft.ProblemNoRows, b.q.code, "")
		return
	}
	b.r.d.Warn(b.where, draft.ProblemRows, b.q.code, fmt.Sprint(len(b.q.rows)))
	for _, row := range b.q.rows {
		text := b.joined(b.text, b.label(row))
		switch b.q.kind {
		case "B":
			q := b.add(row.code, "number", text)
			least, most := 1, 10
			q.Min, q.Max = &least, &most
			b.r.define(b.q, row.code, draft.Symbol{Question: q, Numbers: true})
		case "C":
			b.fixed(row.code, text, []string{"Y", "U", "N"}, draft.Yes(), agency.Text{"vi": "Chưa rõ", "en": "Uncertain"}, draft.No())
		case "E":
			b.fixed(row.code, text, []string{"I", "S", "D"},
				agency.Text{"vi": "Tăng", "en": "Increase"}, agency.Text{"vi": "Không đổi", "en": "Same"}, agency.Text{"vi": "Giảm", "en": "Decrease"})
		case "K":
			b.number(row.code, text)
		case "Q":
			b.words(row.code, text)
		case "1":
			for scale, header := range []string{"dualscale_headerA", "dualscale_headerB"} {
				b.single(fmt.Sprintf("%s_%d", row.code, scale), b.joined(text, b.r.text(b.where, b.q.attributes[header])), scale)
			}
		default:
			b.single(row.code, text, 0)
		}
	}
}

// cells makes a question of each cell.
func (b *asked) cells() {
	b.r.d.Warn(b.where, draft.ProblemCells, b.q.code, fmt.Sprint(len(b.q.rows)*len(b.q.columns)))
	if len(b.q.rows)*len(b.q.columns) == 0 {
		b.r.d.Refuse(b.where, draft.ProblemNoRows, b.q.code, "")
	}
	if len(b.q.rows)*len(b.q.columns) > 500 {
		b.r.d.Refuse(b.where, draft.ProblemTooMany, b.q.code, "200")
		return
	}
	for _, row := range b.q.rows {
		for _, column := range b.q.columns {
			name := row.code + "_" + column.code
			text := b.joined(b.joined(b.text, b.label(row)), b.label(column))
			switch {
			case b.q.kind == ";":
				b.words(name, text)
			case b.q.attribute("multiflexible_checkbox") == "1":
				q := b.add(name, "yes-no", text)
				b.r.define(b.q, name, draft.Symbol{Question: q, Codes: map[string]string{"1": "yes", "0": "no"}, Order: []string{"yes", "no"}})
			default:
				b.number(name, text)
			}
		}
	}
}

func (b *asked) yesNo(below string, text agency.Text) {
	q := b.add(below, "yes-no", text)
	b.r.define(b.q, below, draft.Symbol{Question: q, Codes: map[string]string{"Y": "yes", "N": "no"}, Order: []string{"yes", "no"}})
}

// fixed is a question whose answers LimeSurvey knows by itself.
func (b *asked) fixed(below string, text agency.Text, codes []string, texts ...agency.Text) {
	q := b.add(below, "single", text)
	s := draft.Symbol{Question: q, Codes: map[string]string{}}
	var keys draft.Keys
	for i, code := range codes {
		key := keys.Make(code)
		q.Choices = append(q.Choices, survey.Choice{Key: key, Text: b.r.both(texts[i])})
		s.Codes[code], s.Order = key, append(s.Order, key)
	}
	b.r.define(b.q, below, s)
}

// single is one choice of the answers on a scale, with what belongs to it.
func (b *asked) single(below string, text agency.Text, scale int) {
	answers := b.q.answers[scale]
	q := b.add(below, "single", text)
	s := draft.Symbol{Question: q, Codes: map[string]string{}}
	var keys draft.Keys
	for _, a := range answers {
		label := b.r.text(b.where, a.text)
		if len(label) == 0 {
			label = b.r.same(a.code)
		}
		key := keys.Make(a.code)
		q.Choices = append(q.Choices, survey.Choice{Key: key, Text: label})
		s.Codes[a.code], s.Order = key, append(s.Order, key)
	}
	other := ""
	if b.q.other == "Y" && below == "" {
		other = keys.Make("other")
		q.Choices = append(q.Choices, survey.Choice{Key: other, Text: b.otherText()})
		s.Codes["-oth-"], s.Order = other, append(s.Order, other)
	}
	if below == "" {
		b.draw(q)
	}
	if below == "" && len(answers) == 5 {
		b.r.d.Warn(b.where, draft.ProblemMaybeFive, b.q.code, "")
	}
	b.r.define(b.q, below, s)
	if below != "" {
		if row, at, dual := strings.Cut(below, "_"); dual { // CODE_ROW_0 is also CODE_ROW#0
			b.r.d.Define(b.q.code+"_"+row+"#"+at, s)
			b.r.d.Define(b.r.sid+"X"+b.q.group+"X"+b.q.id+row+"#"+at, s)
		}
	}
	if len(q.Choices) == 0 {
		b.r.d.Refuse(b.where, draft.ProblemFewChoices, b.q.code, "")
	}
	if other != "" {
		b.r.d.Warn(b.where, draft.ProblemOther, b.q.code, other)
		more := b.add("other", "text", b.otherText())
		more.Required, more.Show = false, &survey.Condition{Question: q.Key, In: []string{other}}
		b.r.define(b.q, "other", draft.Symbol{Question: more})
	}
	if b.q.kind == "O" {
		b.comment()
	}
}

// comment is what may be said beside a choice.
func (b *asked) comment() {
	b.r.d.Warn(b.where, draft.ProblemComment, b.q.code, "")
	more := b.add("comment", "text", b.r.both(agency.Text{"vi": "Ghi chú thêm", "en": "Comment"}))
	more.Required = false
	b.r.define(b.q, "comment", draft.Symbol{Question: more})
}

// otherText is what "other" is called.
func (b *asked) otherText() agency.Text {
	if text := b.r.text(b.where, b.q.attributes["other_replace_text"]); len(text) > 0 {
		return text
	}
	return b.r.both(agency.Text{"vi": "Khác", "en": "Other"})
}

// multi is several choices, which are the rows.
func (b *asked) multi() {
	rows := b.q.rows
	if len(rows) == 1 && b.q.other != "Y" { // a box to tick
		q := b.add("", "yes-no", b.joined(b.text, b.label(rows[0])))
		b.r.d.Warn(b.where, draft.ProblemAcknowledge, b.q.code, "")
		b.r.define(b.q, rows[0].code, draft.Symbol{Question: q, Item: "yes"})
		b.r.define(b.q, "", draft.Symbol{Question: q})
		return
	}
	q := b.add("", "multi", b.text)
	s := draft.Symbol{Question: q, Several: true, Codes: map[string]string{}}
	var keys draft.Keys
	item := func(code string, text agency.Text, other bool) {
		key := keys.Make(code)
		q.Choices = append(q.Choices, survey.Choice{Key: key, Text: text, Other: other})
		s.Codes[code], s.Order = key, append(s.Order, key)
		b.r.define(b.q, code, draft.Symbol{Question: q, Item: key})
	}
	for _, row := range rows {
		item(row.code, b.label(row), false)
	}
	if b.q.other == "Y" {
		item("other", b.otherText(), true)
	}
	b.r.define(b.q, "", s)
	if len(q.Choices) == 0 {
		b.r.d.Refuse(b.where, draft.ProblemFewChoices, b.q.code, "")
	}
	b.draw(q)
	if n, err := strconv.Atoi(b.q.attribute("max_answers")); err == nil && n > 0 && n < len(q.Choices) {
		q.MaxChoices = n
	}
	if b.q.kind == "P" {
		b.comment()
	}
}

// draw takes the choices of a question out of their order, where the answers have none.
func (b *asked) draw(q *draft.Question) {
	q.RandomOrder = b.q.attribute("random_order") == "1"
}

// number is a number, with its bounds.
func (b *asked) number(below string, text agency.Text) {
	q := b.add(below, "number", text)
	bound := func(names ...string) *int {
		for _, name := range names {
			if n, err := strconv.ParseFloat(b.q.attribute(name), 64); err == nil && math.Abs(n) <= 1e9 {
				whole := int(n)
				return &whole
			}
		}
		return nil
	}
	switch b.q.kind {
	case ":":
		q.Min, q.Max = bound("multiflexible_min"), bound("multiflexible_max")
	default:
		q.Min, q.Max = bound("min_num_value_n", "slider_min"), bound("max_num_value_n", "slider_max")
	}
	if q.Min != nil && q.Max != nil && *q.Min > *q.Max {
		b.r.d.Warn(b.where, draft.ProblemConstraint, b.q.code, fmt.Sprintf("%d, %d", *q.Min, *q.Max))
		q.Min, q.Max = nil, nil
	}
	q.Unit = b.r.text(b.where, b.q.attributes["suffix"])
	if b.q.attribute("num_value_int_only") != "1" && below == "" {
		b.r.d.Warn(b.where, draft.ProblemDecimal, b.q.code, "")
	}
	b.r.define(b.q, below, draft.Symbol{Question: q, Numbers: true})
}

// words is a text.
func (b *asked) words(below string, text agency.Text) {
	q := b.add(below, "text", text)
	if n, err := strconv.Atoi(b.q.attribute("maximum_chars")); err == nil && n > 0 {
		q.MaxLength = min(n, 10000)
	}
	b.r.define(b.q, below, draft.Symbol{Question: q})
}

// without are attributes that say something a question here cannot.
var without = []string{
	"random_order", "random_group", "array_filter", "array_filter_exclude", "exclude_all_others", "exclude_all_others_auto", "min_answers", "prefix",
	"em_validation_q", "em_validation_sq", "equals_num_value", "min_num_value", "max_num_value", "answer_order", "subquestion_order", "time_limit",
	"date_min", "date_max", "numbers_only", "slider_accuracy", "multiflexible_step", "other_numbers_only", "category_separator",
}

// attributes tells of those that say something.
func (b *asked) attributes() {
	var all []string
	for _, name := range without {
		value := b.q.attribute(name)
		if name == "random_order" && strings.Contains("L!OMP", b.q.kind) { // of choices: see draw
			continue
		}
		if value == "" || value == "0" || value == "N" || value == "normal" || name == "min_answers" && value == "1" && b.q.mandatory == "Y" {
			continue
		}
		all = append(all, name+"="+value)
	}
	if b.q.attribute("suffix") != "" && !slices.Contains([]string{"N", "K", ":"}, b.q.kind) {
		all = append(all, "suffix="+b.q.attribute("suffix"))
	}
	if len(all) > 0 {
		b.r.d.Warn(b.where, draft.ProblemProperty, b.q.code, strings.Join(all, ", "))
	}
}
