package report

import (
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/joined"
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
	reasons   []Reason       // what can be ticked as one, without figures
	numbered  map[choice]int // where each stands among them
	rules     []*rowRule
}

// choice names one choice of a question.
type choice struct{ question, choice string }

// question is a scale question that versions share by its key; the newest
// version says how it is called.
type question struct {
	key     string
	section string
	label   agency.Text
	items   []store.VersionItem
}

// measurements sorts the indicators by survey and method. A survey that was never
// published has a measurement without versions: the targets still show.
func (ref *reference) measurements() ([]*measurement, error) {
	var measurements []*measurement
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
			m := &measurement{surveyKey: indicator.SurveyKey, method: method, headline: headline}
			m.take(ref.asked(indicator.SurveyKey), indicator.Method == "")
			measurements = append(measurements, m)
		}
		measurements[at].rules = append(measurements[at].rules, rule)
	}
	return measurements, nil
}

// methodOf is a rule's method, or else the headline of the newest version.
func (ref *reference) methodOf(indicator target.Indicator) (score.Method, string, error) {
	key, headline := indicator.Method, ""
	if versions := ref.asked(indicator.SurveyKey); len(versions) > 0 {
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
// out, and collects the questions and reasons, the newest version's first.
func (m *measurement) take(versions []*survey.Version, declared bool) {
	m.numbered = map[choice]int{}
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
				m.offer(q)
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
	if !p.Counts(m.pointed()) {
		return
	}
	at := slices.IndexFunc(m.questions, func(known question) bool { return known.key == p.Key() })
	if at < 0 {
		at = len(m.questions)
		m.questions = append(m.questions, question{key: p.Key(), section: section, label: p.Label()})
	}
	if scale {
		m.questions[at].items = append(m.questions[at].items, store.VersionItem{VersionID: v.ID, Item: item})
	}
}

// offer takes the choices of a question that takes several into the reasons. A
// question with one choice asks something else, such as whether feedback was given,
// and its choices are no wishes.
func (m *measurement) offer(q survey.Question) {
	if !q.Shape().Several {
		return
	}
	for _, c := range q.Choices {
		if _, known := m.numbered[choice{q.Key, c.Key}]; !known {
			m.numbered[choice{q.Key, c.Key}] = len(m.reasons)
			m.reasons = append(m.reasons, Reason{Question: q.Key, Choice: c.Key, Label: c.Text})
		}
	}
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

// pointed tells whether the index is a sum of criteria that give points.
func (m *measurement) pointed() bool { return m.headline == "" && m.method == score.Points210 }

// title is the survey's name in the newest version.
func (m *measurement) title() agency.Text {
	if len(m.versions) == 0 {
		return nil
	}
	return m.versions[0].Definition.Title
}

// versionKey names the versions, those left out as well.
func (m *measurement) versionKey() string {
	if len(m.versions)+len(m.leftOut) == 0 {
		return ""
	}
	return fmt.Sprint(m.versionIDs(), m.leftOut)
}

func (m *measurement) versionIDs() []int64 {
	ids := make([]int64, len(m.versions))
	for i, v := range m.versions {
		ids[i] = v.ID
	}
	return ids
}

// asked are the questions to read: without detail the headline is enough.
func (m *measurement) asked(detail bool) []question {
	if m.single() && !detail {
		return m.questions[:min(1, len(m.questions))]
	}
	return m.questions
}

// items lists the levels to read, and which question each is.
func (m *measurement) items(detail bool) ([]store.VersionItem, map[store.VersionItem]int) {
	var items []store.VersionItem
	at := map[store.VersionItem]int{}
	for i, q := range m.asked(detail) {
		for _, it := range q.items {
			items = append(items, it)
			at[it] = i
		}
	}
	return items, at
}

// asksAll tells whether some items are all that its versions have.
func (m *measurement) asksAll(items []store.VersionItem) bool {
	all := 0
	for _, v := range m.versions {
		all += len(v.Scale())
	}
	return len(items) == all
}

// question is the place of a question, -1 for one that is not asked.
func (m *measurement) question(key string) int {
	return slices.IndexFunc(m.questions, func(q question) bool { return q.key == key })
}

// answers are those of nobody.
func (m *measurement) answers(detail bool) answers {
	var a answers
	if m.pointed() {
		a.criteria = make([]score.PointCounts, len(m.questions))
	} else {
		a.questions = make([]score.Counts, len(m.asked(detail)))
	}
	if detail {
		a.chosen = make([]int64, len(m.reasons))
	}
	return a
}

// index is the figure that the survey's headline or method makes.
func (m *measurement) index(a answers) score.Index {
	t := score.Tally{Questions: a.questions, People: a.people, Criteria: a.criteria}
	if m.single() && len(a.questions) > 0 {
		t.Headline = a.questions[0]
	}
	return m.method.Whole(m.single(), t)
}

// some tells whether anybody answered what the index is made of.
func (m *measurement) some(a *answers) bool {
	if m.single() {
		return len(a.questions) > 0 && a.questions[0].Valid() > 0
	}
	return a.people.N+a.people.PointsN > 0 || slices.ContainsFunc(a.questions, func(c score.Counts) bool { return c.Valid() > 0 }) ||
		slices.ContainsFunc(a.criteria, func(c score.PointCounts) bool { return c.Files() > 0 })
}

// reworded tells whether versions with answers word a counted question differently.
func (m *measurement) reworded(answered map[int64]bool) bool {
	return joined.Reworded(m.versions, m.headline, answered)
}
