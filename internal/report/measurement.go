package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/lattice"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/target"
)

// measurement is one survey, measured by one method: the versions whose answers
// are added up, the questions asked, and the rows that it makes.
type measurement struct {
	surveyKey string
	method    score.Method
	headline  string // "" for the method's overall
	versions  []*survey.Version
	leftOut   []int64 // versions with another headline or method
	questions []question
	points    map[versionChoice]given // what choices are worth by Points210; its questions are criteria
	rules     []*rowRule
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
func (m *measurement) ofKind(administrative bool, among []int64) []int64 {
	if among == nil {
		among = slices.Sorted(maps.Keys(m.kinds))
	}
	return slices.DeleteFunc(slices.Clone(among), func(id int64) bool { return m.kinds[id].Administrative() != administrative })
}

// versionChoice is a choice of a question of a version, given the points of one
// of the measurement's criteria for it.
type versionChoice struct {
	version          int64
	question, choice string
}

type given struct{ criterion, points int }

// measurements sorts the indicators by survey and method. A survey that was never
// published has a measurement without versions: the targets still show.
func (ref *reference) measurements() ([]*measurement, error) {
	var measurements []*measurement
	kinds := make(map[int64]agency.Kind, len(ref.Tree.All()))
	for _, a := range ref.Tree.All() {
		kinds[a.ID] = a.Kind
	}
	for _, indicator := range ref.indicators() {
		rule := ref.rowRule(indicator)
		if rule == nil {
			continue
		}
		method, headline, err := ref.methodOf(indicator)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(measurements, func(m *measurement) bool {
			return m.surveyKey == indicator.SurveyKey && m.method == method && m.headline == headline
		})
		if at < 0 {
			at = len(measurements)
			m := &measurement{surveyKey: indicator.SurveyKey, method: method, headline: headline, kinds: kinds}
			m.take(ref.Versions(indicator.SurveyKey), indicator.Method == "")
			measurements = append(measurements, m)
		}
		measurements[at].rules = append(measurements[at].rules, rule)
	}
	for _, m := range measurements {
		m.sortSubjects(ref.Fields)
	}
	return measurements, nil
}

// methodOf is a rule's method, or else the headline of the newest version.
func (ref *reference) methodOf(indicator target.Indicator) (score.Method, string, error) {
	key, headline := indicator.Method, ""
	if versions := ref.Versions(indicator.SurveyKey); len(versions) > 0 {
		d := versions[len(versions)-1].Definition
		if key == "" {
			key, headline = d.Method, d.Headline
		} else if score.Method(key) == score.SingleQuestion {
			headline = d.Headline
		}
	}
	method, err := score.ParseMethod(key)
	if err != nil {
		return "", "", fmt.Errorf("indicator %s of survey %s: %w", indicator.Kind, indicator.SurveyKey, err)
	}
	return method, headline, nil
}

// take sorts the versions into those whose answers are added up and those left
// out, and collects the scale questions, the newest version's first.
func (m *measurement) take(versions []*survey.Version, declared bool) {
	m.points = map[versionChoice]given{}
	for _, v := range slices.Backward(versions) {
		d := v.Definition
		if method, err := score.ParseMethod(d.Method); declared && (err != nil || method != m.method || d.Headline != m.headline) || m.judgesOtherwise(v) {
			m.leftOut = append(m.leftOut, v.ID)
			continue
		}
		m.versions = append(m.versions, v)
		for _, s := range d.Sections {
			for _, q := range s.Questions {
				for _, p := range v.PartsOf(q) {
					m.ask(v, s.Key, p)
				}
			}
		}
	}
	// The headline comes first, so that a board without detail needs no more.
	slices.SortStableFunc(m.questions, func(a, b question) int {
		switch m.headline {
		case a.key:
			return -1
		case b.key:
			return 1
		}
		return 0
	})
}

// judgesOtherwise tells whether a version takes other levels for satisfied than
// the newest does at a question that both ask: that is another method.
func (m *measurement) judgesOtherwise(v *survey.Version) bool {
	if len(m.versions) == 0 {
		return false
	}
	for _, p := range v.Scale() {
		if newest, both := m.versions[0].Part(p.Key()); both && newest.Scale && !newest.JudgedLike(p) {
			return true
		}
	}
	return false
}

// ask takes an answer of a version into the questions, if the index is made of
// such answers.
func (m *measurement) ask(v *survey.Version, section string, p survey.Part) {
	item, scale := v.Position(p.Key())
	if counted := m.pointed() && p.Question.Pointed() || !m.pointed() && scale && p.Question.Scores(); !counted {
		return
	}
	at := slices.IndexFunc(m.questions, func(known question) bool { return known.key == p.Key() })
	if at < 0 {
		at = len(m.questions)
		m.questions = append(m.questions, question{key: p.Key(), section: section, label: p.Label()})
	}
	if m.pointed() {
		for _, c := range p.Question.Choices {
			m.points[versionChoice{v.ID, p.Key(), c.Key}] = given{at, *c.Points}
		}
		return
	}
	m.questions[at].items = append(m.questions[at].items, store.VersionItem{VersionID: v.ID, Item: item})
}

// judged gives the people of a tally at each level as its version judges them.
func (m *measurement) judged(t store.ScaleTally) score.Counts {
	at := slices.IndexFunc(m.versions, func(v *survey.Version) bool { return v.ID == t.VersionID })
	if at < 0 {
		return t.Counts
	}
	return m.versions[at].JudgedCounts(t.Item, t.Counts, m.method == score.MeanScore)
}

// single tells whether one question makes the index.
func (m *measurement) single() bool { return m.headline != "" }

// spread tells whether the index is made of many scale questions, which are too
// many to be read by unit and month.
func (m *measurement) spread() bool { return !m.single() && !m.pointed() }

// pointed tells whether the index is a sum of criteria that give points.
func (m *measurement) pointed() bool { return m.headline == "" && m.method == score.Points210 }

// title is the survey's name in the newest version.
func (m *measurement) title() agency.Text {
	if len(m.versions) == 0 {
		return nil
	}
	return m.versions[0].Definition.Title
}

func (m *measurement) versionIDs() []int64 {
	ids := make([]int64, len(m.versions))
	for i, v := range m.versions {
		ids[i] = v.ID
	}
	return ids
}

// items lists the scale questions to read, and which question each is.
func (m *measurement) items(detail bool) ([]store.VersionItem, map[store.VersionItem]int) {
	questions := m.questions
	if m.single() && !detail {
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
func (m *measurement) sortSubjects(fields []agency.ServiceField) {
	signatures := map[work]string{}
	for _, field := range fields {
		for _, kind := range agency.Kinds() {
			signature := make([]byte, len(m.rules))
			for i, rule := range m.rules {
				signature[i] = '0'
				if rule.covers(field.Key, kind) {
					signature[i] = '1'
				}
			}
			if strings.Contains(string(signature), "1") {
				signatures[work{field.Key, kind.Administrative()}] = string(signature)
			}
		}
	}
	m.signatures = slices.Compact(slices.Sorted(maps.Values(signatures)))
	m.leaf = make(map[work]int, len(signatures))
	for w, signature := range signatures {
		m.leaf[w] = slices.Index(m.signatures, signature)
	}
}

// subject is the leaf of answers of a field about an agency, -1 where no row
// counts them.
func (m *measurement) subject(field string, agency int64) int {
	if leaf, ok := m.leaf[work{field, m.kinds[agency].Administrative()}]; ok {
		return leaf
	}
	return -1
}

// subjects is the axis of rows, in their order.
func (m *measurement) subjects() *lattice.Axis {
	sets := make([][]int, len(m.rules))
	for i := range m.rules {
		for leaf, signature := range m.signatures {
			if signature[i] == '1' {
				sets[i] = append(sets[i], leaf)
			}
		}
	}
	return lattice.NewAxis(len(m.signatures), sets)
}

// reworded tells whether versions with answers word a counted question
// differently in a language they share.
func (m *measurement) reworded(answered map[int64]bool) bool {
	first := map[string]agency.Text{}
	for _, v := range m.versions {
		if !answered[v.ID] {
			continue
		}
		for _, p := range v.Scale() {
			if m.single() && p.Key() != m.headline {
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
