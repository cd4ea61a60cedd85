package xlsform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/exchange/draft"
	"sipas/internal/fold"
	"sipas/internal/survey"
)

// list is a list of choices.
type list struct {
	name    string
	where   string
	used    bool
	choices []choice
}

type choice struct {
	name   string // in the file
	where  string
	text   agency.Text
	points *int
}

// choices reads the sheet.
func (b *book) choices(s sheet) {
	duplicates, _ := b.settings.yes("allow_choice_duplicates")
	filters := map[string]bool{}
	for _, row := range s.rows {
		name := row.get("list_name")
		c := choice{name: row.get("name"), where: row.where}
		switch {
		case name == "" && c.name == "": // between lists people write what comes next
			for _, at := range ordered(row) {
				b.d.Warn(row.where, draft.ProblemProperty, at.raw, row.values[at])
			}
			continue
		case name == "":
			b.d.Refuse(row.where, draft.ProblemNoChoiceName, "list_name", c.name)
			continue
		}
		l := b.lists[name]
		if l == nil {
			l = &list{name: name, where: row.where}
			b.lists[name] = l
		}
		switch {
		case c.name == "":
			b.d.Refuse(row.where, draft.ProblemNoChoiceName, "name", name)
			continue
		case !duplicates && slices.ContainsFunc(l.choices, func(o choice) bool { return o.name == c.name }):
			b.d.Refuse(row.where, draft.ProblemChoiceTwice, c.name, name)
			continue
		}
		if c.text = b.d.Text(row.where, b.in(row, "label")); len(c.text) == 0 {
			c.text = b.named(c.name)
			b.d.Warn(row.where, draft.ProblemNoLabel, c.name, "")
		}
		if points := row.get("sipas_points"); points != "" {
			n, err := strconv.Atoi(strings.TrimSuffix(points, ".0"))
			if err != nil || n < 0 || n > 2 {
				b.d.Refuse(row.where, draft.ProblemMark, points, "sipas_points")
			} else {
				c.points = &n
			}
		}
		for _, c := range ordered(row) {
			if !slices.Contains([]string{"list_name", "name", "label", "sipas_points"}, c.name) && !filters[c.raw] {
				filters[c.raw] = true
				b.d.Warn(s.name, draft.ProblemColumn, c.raw, row.where)
			}
		}
		l.choices = append(l.choices, c)
	}
}

// named is a name in place of a text.
func (b *book) named(name string) agency.Text {
	texts := map[string]string{}
	for _, language := range b.d.Languages {
		texts[language] = name
	}
	return b.d.Text("", texts)
}

// unsure are codes of "no opinion" beside a scale.
var unsure = []string{"0", "9", "99", "khong_y_kien", "khong-y-kien", "no_opinion"}

// levels tells whether a list is a scale of so many levels: its codes from 1, in
// order, and perhaps one more that is no opinion.
func (l *list) levels(n int) (none *choice, is bool) {
	next := 1
	for i, c := range l.choices {
		switch {
		case c.name == strconv.Itoa(next) && next <= n:
			next++
		case none == nil && (i == 0 || i == len(l.choices)-1) && slices.Contains(unsure, strings.ToLower(c.name)):
			none = &l.choices[i]
		default:
			return nil, false
		}
	}
	return none, next == n+1
}

// yesNo gives the names of yes and no, if the list is these two.
func (l *list) yesNo() (yes, no string, is bool) {
	if len(l.choices) != 2 {
		return "", "", false
	}
	for _, c := range l.choices {
		switch strings.ToLower(c.name) {
		case "yes", "co", "có", "y", "true", "oui", "si", "1":
			yes = c.name
		case "no", "khong", "không", "n", "false", "non", "0":
			no = c.name
		}
		// 1 and 0 are many things.
		if c.name != "1" && c.name != "0" {
			continue
		}
		said := fold.Text(c.text.In("vi") + " " + c.text.In("en"))
		if !strings.Contains(said, map[string]string{"1": "co", "0": "khong"}[c.name]) && !strings.Contains(said, map[string]string{"1": "yes", "0": "no"}[c.name]) {
			return "", "", false
		}
	}
	return yes, no, yes != "" && no != ""
}

// taken makes the choices of a question of a list.
func (l *list) taken(points bool) (choices []survey.Choice, codes map[string]string, order []string) {
	codes = map[string]string{}
	var keys draft.Keys
	for _, c := range l.choices {
		key := keys.Make(c.name)
		if _, twice := codes[c.name]; !twice {
			codes[c.name] = key
		}
		taken := survey.Choice{Key: key, Text: c.text}
		if points {
			taken.Points = c.points
		}
		choices, order = append(choices, taken), append(order, key)
	}
	return choices, codes, order
}

// pointed tells whether all choices are worth points.
func (l *list) pointed() bool {
	return len(l.choices) > 0 && !slices.ContainsFunc(l.choices, func(c choice) bool { return c.points == nil })
}

// scale makes a question one with so many levels.
func (r *reader) scale(q *draft.Question, l *list, levels int, none *choice) draft.Symbol {
	s := draft.Symbol{Question: q, Codes: map[string]string{}, Levels: true}
	for _, c := range l.choices {
		level := c.name
		if none != nil && c.name == none.name {
			level = "0"
			q.NoOpinion = true
			if !r.marked {
				q.NoOpinionText = none.text
			}
		}
		s.Codes[c.name] = level
	}
	if q.NoOpinion {
		s.Order = []string{"0"}
	}
	for level := 1; level <= levels; level++ {
		s.Order = append(s.Order, fmt.Sprint(level))
	}
	return s
}
