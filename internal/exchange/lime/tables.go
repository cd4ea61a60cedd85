package lime

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// question is one of a file, or a row or column of one.
type question struct {
	id, parent, group     string
	code, kind, relevance string
	other, mandatory      string
	scale, order          int
	text, help            map[string]string
	attributes            map[string]map[string]string // name -> language, "" for all -> value
	rows, columns         []*question                  // subquestions on scale 0 and 1
	answers               map[int][]answer             // by scale
}

// answer is one that is offered.
type answer struct {
	code  string
	text  map[string]string
	order int
}

// group is a page of a survey.
type group struct {
	id, relevance string
	order         int
	name, about   map[string]string
	questions     []*question
}

// attribute is one that has no language, or that of the first.
func (q *question) attribute(name string) string {
	for _, language := range slices.Sorted(maps.Keys(q.attributes[name])) {
		if v := q.attributes[name][language]; v != "" {
			return v
		}
	}
	return ""
}

// split tells whether texts stand in tables of their own, as they do since 2019. The
// number of the version does not tell: some builds before it have the tables.
func (f *file) split() bool { return len(f.tables["question_l10ns"]) > 0 }

// texts gives a text by what it belongs to. In the old layout the table itself has a
// row for each language, in the new one a table of its own has.
func (f *file) texts(table, l10n, id, column string) map[string]map[string]string {
	all := map[string]map[string]string{}
	from := table
	if f.split() {
		from = l10n
	}
	for _, r := range f.tables[from] {
		key := r[id]
		if all[key] == nil {
			all[key] = map[string]string{}
		}
		if r[column] != "" && all[key][r["language"]] == "" {
			all[key][r["language"]] = r[column]
		}
	}
	return all
}

// groups puts the file together: groups with their questions, in order.
func (f *file) groups() []*group {
	names, abouts := f.texts("groups", "group_l10ns", "gid", "group_name"), f.texts("groups", "group_l10ns", "gid", "description")
	var groups []*group
	byID := map[string]*group{}
	for _, r := range f.tables["groups"] {
		if id := r["gid"]; byID[id] == nil {
			byID[id] = &group{id: id, relevance: r["grelevance"], order: r.number("group_order"), name: names[id], about: abouts[id]}
			groups = append(groups, byID[id])
		}
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(a.order, b.order) })
	for _, q := range f.questions() {
		g := byID[q.group]
		if g == nil {
			g = &group{id: q.group}
			byID[q.group], groups = g, append(groups, g)
		}
		g.questions = append(g.questions, q)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.questions, func(a, b *question) int { return cmp.Compare(a.order, b.order) })
	}
	return groups
}

// questions reads questions with their rows, columns, answers and attributes.
func (f *file) questions() []*question {
	text, help := f.texts("questions", "question_l10ns", "qid", "question"), f.texts("questions", "question_l10ns", "qid", "help")
	below := text
	if !f.split() {
		below = f.texts("subquestions", "", "qid", "question")
	}
	var all, parts []*question
	byID := map[string]*question{}
	for _, table := range []string{"questions", "subquestions"} {
		for _, r := range f.tables[table] {
			id := r["qid"]
			if byID[id] != nil { // in another language
				continue
			}
			q := &question{
				id: id, parent: r["parent_qid"], group: r["gid"], code: r["title"], kind: r["type"], relevance: r["relevance"],
				other: r["other"], mandatory: r["mandatory"], scale: r.number("scale_id"), order: r.number("question_order"),
				text: text[id], help: help[id], attributes: map[string]map[string]string{}, answers: map[int][]answer{},
			}
			byID[id] = q
			if table == "questions" && (q.parent == "" || q.parent == "0") {
				all = append(all, q)
				continue
			}
			if q.text = below[id]; len(q.text) == 0 {
				q.text = text[id]
			}
			parts = append(parts, q)
		}
	}
	slices.SortStableFunc(parts, func(a, b *question) int { return cmp.Compare(a.order, b.order) })
	for _, sub := range parts {
		switch q := byID[sub.parent]; {
		case q == nil:
			f.orphans = append(f.orphans, sub)
		case sub.scale == 1:
			q.columns = append(q.columns, sub)
		default:
			q.rows = append(q.rows, sub)
		}
	}
	f.answers(byID)
	for _, r := range f.tables["question_attributes"] {
		if q := byID[r["qid"]]; q != nil && r["value"] != "" {
			name := r["attribute"]
			if q.attributes[name] == nil {
				q.attributes[name] = map[string]string{}
			}
			q.attributes[name][r["language"]] = r["value"]
		}
	}
	return all
}

// answers reads those that questions offer.
func (f *file) answers(questions map[string]*question) {
	l10n := map[string]map[string]string{}
	if f.split() {
		l10n = f.texts("answers", "answer_l10ns", "aid", "answer")
	}
	type place struct {
		id, code string
		scale    int
	}
	known := map[place]int{}
	for _, r := range f.tables["answers"] {
		q, scale := questions[r["qid"]], r.number("scale_id")
		if q == nil {
			continue
		}
		key := place{q.id, r["code"], scale}
		at, twice := known[key]
		if !twice {
			at = len(q.answers[scale])
			known[key] = at
			a := answer{code: r["code"], text: map[string]string{}, order: r.number("sortorder")}
			maps.Copy(a.text, l10n[r["aid"]])
			q.answers[scale] = append(q.answers[scale], a)
		}
		if a := q.answers[scale][at]; r["answer"] != "" && a.text[r["language"]] == "" {
			a.text[r["language"]] = r["answer"]
		}
	}
	for _, q := range questions {
		for _, list := range q.answers {
			slices.SortStableFunc(list, func(a, b answer) int { return cmp.Or(cmp.Compare(a.order, b.order), strings.Compare(a.code, b.code)) })
		}
	}
}
