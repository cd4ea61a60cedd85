package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/target"
)

// feed is one survey with the rows that its answers make by one method.
type feed struct {
	surveyKey string
	method    score.Method
	headline  string // "" for the method's overall
	versions  []*survey.Version
	leftOut   []int64 // versions with another headline or method
	questions []question
	points    map[versionChoice]given // what choices are worth by Points210; its questions are criteria
	rows      []*plan
	kinds     map[int64]agency.Kind

	signatures []string     // of each leaf of the subject axis, which rows count it
	leaf       map[work]int // where each kind of work belongs
}

// question is a scale question that versions share by its key; the newest
// version says how it is called.
type question struct {
	key     string
	section string
	label   agency.Text
	items   []store.VersionItem
}

// ofKind lists the agencies among some, nil for all, that are state
// administrative agencies, or those that are not.
func (f *feed) ofKind(administrative bool, among []int64) []int64 {
	if among == nil {
		among = slices.Sorted(maps.Keys(f.kinds))
	}
	return slices.DeleteFunc(slices.Clone(among), func(id int64) bool { return f.kinds[id].Administrative() != administrative })
}

// versionChoice is a choice of a question of a version, given the points of one
// of the feed's criteria for it.
type versionChoice struct {
	version          int64
	question, choice string
}

type given struct{ criterion, points int }

// plan is a row to be made: a rule with the fields and agencies it is about. At
// the desk of a department of health people come for a procedure, whatever its
// field is called: a public service is what hospitals, stations and schools do.
type plan struct {
	rule           target.Indicator
	administrative []string // fields that count of state administrative agencies; nil: all
	others         []string // fields that count of hospitals, stations and schools; nil: all
}

func (p *plan) of(kind agency.Kind) []string {
	if kind.Administrative() {
		return p.administrative
	}
	return p.others
}

func (p *plan) covers(field string, kind agency.Kind) bool {
	fields := p.of(kind)
	return fields == nil || slices.Contains(fields, field)
}

func (ref *reference) plan(rule target.Indicator) *plan {
	none := []string{}
	switch p := (&plan{rule: rule, administrative: none, others: none}); rule.Kind {
	case target.IndicatorField:
		p.others = []string{rule.FieldKey}
		if ref.field(rule.FieldKey).Scope != agency.ScopePublic {
			p.administrative = p.others
		}
		return p
	case target.IndicatorProcedures:
		for _, f := range ref.Fields {
			switch f.Scope {
			case agency.ScopeProcedures:
				p.administrative, p.others = append(p.administrative, f.Key), append(p.others, f.Key)
			case agency.ScopePublic:
				p.administrative = append(p.administrative, f.Key)
			case agency.ScopeUnknown:
			}
		}
		return p
	case target.IndicatorSIPAS:
		p.administrative = nil
		return p
	}
	return nil
}

// feeds sorts the rules by survey and method. Rules whose survey was never
// published are given with a feed without versions: their targets still show.
func (ref *reference) feeds() ([]*feed, error) {
	var feeds []*feed
	kinds := make(map[int64]agency.Kind, len(ref.Tree.All()))
	for _, a := range ref.Tree.All() {
		kinds[a.ID] = a.Kind
	}
	for _, rule := range ref.rules() {
		p := ref.plan(rule)
		if p == nil {
			continue
		}
		method, headline, err := ref.methodOf(rule)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(feeds, func(f *feed) bool {
			return f.surveyKey == rule.SurveyKey && f.method == method && f.headline == headline
		})
		if at < 0 {
			at = len(feeds)
			f := &feed{surveyKey: rule.SurveyKey, method: method, headline: headline, kinds: kinds}
			f.take(ref.Versions(rule.SurveyKey), rule.Method == "")
			feeds = append(feeds, f)
		}
		feeds[at].rows = append(feeds[at].rows, p)
	}
	for _, f := range feeds {
		f.sortSubjects(ref.Fields)
	}
	return feeds, nil
}

// methodOf is a rule's method, or else the headline of the newest version.
func (ref *reference) methodOf(rule target.Indicator) (score.Method, string, error) {
	key, headline := rule.Method, ""
	if versions := ref.Versions(rule.SurveyKey); len(versions) > 0 {
		d := versions[len(versions)-1].Definition
		if key == "" {
			key, headline = d.Method, d.Headline
		} else if score.Method(key) == score.SingleQuestion {
			headline = d.Headline
		}
	}
	method, err := score.ParseMethod(key)
	if err != nil {
		return "", "", fmt.Errorf("indicator %s of survey %s: %w", rule.Kind, rule.SurveyKey, err)
	}
	return method, headline, nil
}

// take sorts the versions into those whose answers are added up and those left
// out, and collects the scale questions, the newest version's first.
func (f *feed) take(versions []*survey.Version, declared bool) {
	f.points = map[versionChoice]given{}
	for _, v := range slices.Backward(versions) {
		d := v.Definition
		if m, err := score.ParseMethod(d.Method); declared && (err != nil || m != f.method || d.Headline != f.headline) {
			f.leftOut = append(f.leftOut, v.ID)
			continue
		}
		f.versions = append(f.versions, v)
		for _, s := range d.Sections {
			for _, q := range s.Questions {
				for _, p := range v.PartsOf(q) {
					f.ask(v, s.Key, p)
				}
			}
		}
	}
	// The headline comes first, so that a board without detail needs no more.
	slices.SortStableFunc(f.questions, func(a, b question) int {
		switch f.headline {
		case a.key:
			return -1
		case b.key:
			return 1
		}
		return 0
	})
}

// ask takes an answer of a version into the questions, if the index is made of
// such answers.
func (f *feed) ask(v *survey.Version, section string, p survey.Part) {
	item, scale := v.Position(p.Key())
	if counted := f.pointed() && p.Question.Pointed() || !f.pointed() && scale && p.Question.Scores(); !counted {
		return
	}
	at := slices.IndexFunc(f.questions, func(known question) bool { return known.key == p.Key() })
	if at < 0 {
		at = len(f.questions)
		f.questions = append(f.questions, question{key: p.Key(), section: section, label: p.Label()})
	}
	if f.pointed() {
		for _, c := range p.Question.Choices {
			f.points[versionChoice{v.ID, p.Key(), c.Key}] = given{at, *c.Points}
		}
		return
	}
	f.questions[at].items = append(f.questions[at].items, store.VersionItem{VersionID: v.ID, Item: item})
}

// judged gives the people of a tally at each level as its version judges them.
func (f *feed) judged(t store.ScaleTally) score.Counts {
	at := slices.IndexFunc(f.versions, func(v *survey.Version) bool { return v.ID == t.VersionID })
	if at < 0 {
		return t.Counts
	}
	return f.versions[at].JudgedCounts(t.Item, t.Counts, f.method == score.MeanScore)
}

// single tells whether one question makes the index.
func (f *feed) single() bool { return f.headline != "" }

// spread tells whether the index is made of many scale questions, which are too
// many to be read by unit and month.
func (f *feed) spread() bool { return !f.single() && !f.pointed() }

// pointed tells whether the index is a sum of criteria that give points.
func (f *feed) pointed() bool { return f.headline == "" && f.method == score.Points210 }

// title is the survey's name in the newest version.
func (f *feed) title() agency.Text {
	if len(f.versions) == 0 {
		return nil
	}
	return f.versions[0].Definition.Title
}

func (f *feed) versionIDs() []int64 {
	ids := make([]int64, len(f.versions))
	for i, v := range f.versions {
		ids[i] = v.ID
	}
	return ids
}

// items lists the scale questions to read, and which question each is.
func (f *feed) items(detail bool) ([]store.VersionItem, map[store.VersionItem]int) {
	questions := f.questions
	if f.single() && !detail {
		questions = questions[:1]
	}
	var items []store.VersionItem
	at := map[store.VersionItem]int{}
	for i, q := range questions {
		for _, it := range q.items {
			items = append(items, it)
			at[it] = i
		}
	}
	return items, at
}

// work is what decides which rows count an answer.
type work struct {
	field          string
	administrative bool
}

// sortSubjects finds the leaves of the subject axis: kinds of work that the
// same rows count are one leaf.
func (f *feed) sortSubjects(fields []agency.ServiceField) {
	signatures := map[work]string{}
	for _, field := range fields {
		for _, kind := range agency.Kinds() {
			signature := make([]byte, len(f.rows))
			for i, p := range f.rows {
				signature[i] = '0'
				if p.covers(field.Key, kind) {
					signature[i] = '1'
				}
			}
			if strings.Contains(string(signature), "1") {
				signatures[work{field.Key, kind.Administrative()}] = string(signature)
			}
		}
	}
	f.signatures = slices.Compact(slices.Sorted(maps.Values(signatures)))
	f.leaf = make(map[work]int, len(signatures))
	for w, signature := range signatures {
		f.leaf[w] = slices.Index(f.signatures, signature)
	}
}

// subject is the leaf of answers of a field about an agency, -1 where no row
// counts them.
func (f *feed) subject(field string, agency int64) int {
	if leaf, ok := f.leaf[work{field, f.kinds[agency].Administrative()}]; ok {
		return leaf
	}
	return -1
}

// subjects is the axis of rows, in their order.
func (f *feed) subjects() *axis {
	sets := make([][]int, len(f.rows))
	for i := range f.rows {
		for leaf, signature := range f.signatures {
			if signature[i] == '1' {
				sets[i] = append(sets[i], leaf)
			}
		}
	}
	return newAxis(len(f.signatures), sets)
}

// reworded tells whether versions with answers word a counted question
// differently in a language they share.
func (f *feed) reworded(answered map[int64]bool) bool {
	first := map[string]agency.Text{}
	for _, v := range f.versions {
		if !answered[v.ID] {
			continue
		}
		for _, p := range v.Scale() {
			if f.single() && p.Key() != f.headline {
				continue
			}
			known, seen := first[p.Key()]
			if !seen {
				first[p.Key()] = p.Text
				continue
			}
			if !sameWording(known, p.Text) {
				return true
			}
		}
	}
	return false
}

func sameWording(a, b agency.Text) bool {
	for language, text := range a {
		if other, both := b[language]; both && text != other {
			return false
		}
	}
	return true
}
