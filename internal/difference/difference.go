// Package difference tells what differs between two surveys, and whether figures of both
// may be compared.
package difference

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"sipas/internal/studio"
	"sipas/internal/survey"
)

// Sort is what sort of thing differs between two surveys.
type Sort string

// The sorts.
const (
	Added     Sort = "added"
	Removed   Sort = "removed"
	Moved     Sort = "moved"
	Wording   Sort = "wording"   // of a text
	Scoring   Sort = "scoring"   // what figures are made of
	Condition Sort = "condition" // when it is asked
	Setting   Sort = "setting"   // everything else
)

// One is a thing that differs between two surveys. Sections, questions, choices
// and rows are the same where their codes are.
type One struct {
	Sort     Sort
	Kind     studio.Kind // of what differs
	Question string
	Code     string // of what differs; of the survey ""
	Title    string // what it is called, in the later survey if it is there
	Field    string
	Language string
	Was, Now string
	// Breaks says that figures before and after it are not of the same thing, so that no
	// line may join them.
	Breaks bool
}

// Compare lists what differs between two surveys, in the order of the later one.
func Compare(before, after survey.Definition) []One {
	c := comparison{}
	c.fields(One{Kind: studio.KindSurvey}, studio.CellsOf(studio.KindSurvey, before), studio.CellsOf(studio.KindSurvey, after), false)
	var was, now []piece
	for _, d := range []struct {
		of   survey.Definition
		into *[]piece
	}{{before, &was}, {after, &now}} {
		for _, s := range d.of.Sections {
			*d.into = append(*d.into, piece{kind: studio.KindSection, code: s.Key, cells: studio.CellsOf(studio.KindSection, s)})
			for _, q := range s.Questions {
				*d.into = append(*d.into, questionPiece(s, q))
			}
		}
	}
	c.pieces("", was, now)
	return c.found
}

// piece is a thing with a code.
type piece struct {
	kind        studio.Kind
	code        string
	cells       map[string]string
	scored      bool // answers of it are counted in an index
	stem        map[string]string
	show        string
	parts, rows []piece
}

func questionPiece(s survey.Section, q survey.Question) piece {
	p := piece{kind: studio.KindQuestion, code: q.Key, cells: studio.CellsOf(studio.KindQuestion, q)}
	shape := q.Shape()
	p.scored = shape.Levels > 0 || q.Pointed()
	if shape.Levels > 0 {
		p.stem = s.Stem
	}
	if q.Show != nil {
		if content, err := json.Marshal(q.Show); err == nil {
			p.show = string(content)
		}
	}
	for _, one := range q.Choices {
		p.parts = append(p.parts, piece{kind: studio.KindChoice, code: one.Key, cells: studio.CellsOf(studio.KindChoice, one), scored: q.Pointed()})
	}
	for _, one := range q.Rows {
		p.rows = append(p.rows, piece{kind: studio.KindRow, code: one.Key, cells: studio.CellsOf(studio.KindRow, one), scored: true})
	}
	return p
}

func (p piece) title() string {
	if text := p.cells["text@vi"]; text != "" {
		return text
	}
	return p.cells["title@vi"]
}

type comparison struct{ found []One }

// pieces compares two lists, of a question's parts or of the whole survey.
func (c *comparison) pieces(question string, was, now []piece) {
	find := func(among []piece, p piece) int {
		return slices.IndexFunc(among, func(o piece) bool { return o.code == p.code && o.kind == p.kind })
	}
	stay := inOrder(was, now)
	for _, p := range now {
		d := One{Kind: p.kind, Question: question, Code: p.code, Title: p.title()}
		at := find(was, p)
		if at < 0 {
			d.Sort = Added
			d.Breaks = p.kind == studio.KindChoice && p.scored
			c.found = append(c.found, d)
			continue
		}
		if !stay[p.kind][p.code] {
			moved := d
			moved.Sort = Moved
			c.found = append(c.found, moved)
		}
		c.piece(d, was[at], p)
	}
	for _, p := range was {
		if find(now, p) < 0 {
			c.found = append(c.found, One{Sort: Removed, Kind: p.kind, Question: question, Code: p.code, Title: p.title(), Breaks: p.kind == studio.KindChoice && p.scored})
		}
	}
}

// piece compares what is on both sides.
func (c *comparison) piece(d One, was, now piece) {
	scored := was.scored || now.scored
	c.fields(d, was.cells, now.cells, scored)
	if was.show != now.show {
		d.Sort, d.Field, d.Was, d.Now = Condition, "show", was.show, now.show
		c.found = append(c.found, d)
	}
	if d.Kind != studio.KindQuestion {
		return
	}
	if scored && was.stem["vi"] != now.stem["vi"] {
		d.Sort, d.Field, d.Language, d.Was, d.Now, d.Breaks = Wording, "stem", "vi", was.stem["vi"], now.stem["vi"], true
		c.found = append(c.found, d)
	}
	c.pieces(d.Code, was.parts, now.parts)
	c.pieces(d.Code, was.rows, now.rows)
}

// fields compares those of one thing. Scored tells whether figures are made of it.
func (c *comparison) fields(d One, was, now map[string]string, scored bool) {
	cells := map[string]bool{}
	for cell := range was {
		cells[cell] = true
	}
	for cell := range now {
		cells[cell] = true
	}
	for _, cell := range slices.Sorted(maps.Keys(cells)) {
		if was[cell] == now[cell] || cell == "code" && d.Kind != studio.KindSurvey {
			continue
		}
		d.Field, d.Language = studio.SplitCell(cell)
		d.Was, d.Now = was[cell], now[cell]
		switch {
		case d.Language != "":
			d.Sort = Wording
			d.Breaks = scored && d.Field == "text" && d.Language == "vi" && !alike(d.Was, d.Now)
		case slices.Contains([]string{"method", "headline", "satisfied", "scored", "levels", "points", "type", "no_opinion"}, d.Field):
			d.Sort = Scoring
			d.Breaks = scored && d.Field != "no_opinion" || d.Field == "method" || d.Field == "headline"
		default:
			d.Sort, d.Breaks = Setting, false
		}
		c.found = append(c.found, d)
	}
}

// alike tells whether texts differ in blanks and marks at the end only.
func alike(a, b string) bool {
	plain := func(s string) string { return strings.TrimRight(strings.Join(strings.Fields(s), " "), " .?:…*") }
	return plain(a) == plain(b)
}

// inOrder are those that need not be moved for the one order to become the other: a
// longest common part of both.
func inOrder(was, now []piece) map[studio.Kind]map[string]bool {
	long := make([][]int, len(was)+1)
	for i := range long {
		long[i] = make([]int, len(now)+1)
	}
	same := func(i, j int) bool { return was[i].code == now[j].code && was[i].kind == now[j].kind }
	for i := len(was) - 1; i >= 0; i-- {
		for j := len(now) - 1; j >= 0; j-- {
			if long[i][j] = max(long[i+1][j], long[i][j+1]); same(i, j) {
				long[i][j] = long[i+1][j+1] + 1
			}
		}
	}
	stay := map[studio.Kind]map[string]bool{studio.KindSection: {}, studio.KindQuestion: {}, studio.KindChoice: {}, studio.KindRow: {}}
	for i, j := 0, 0; i < len(was) && j < len(now); {
		switch {
		case same(i, j):
			stay[was[i].kind][was[i].code] = true
			i, j = i+1, j+1
		case long[i+1][j] >= long[i][j+1]:
			i++
		default:
			j++
		}
	}
	return stay
}
