package report

import (
	"cmp"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/joined"
	"sipas/internal/score"
)

// details adds what stands behind a row.
func (c *counting) details(row *Row, counted *counted) {
	marks := joined.Marks(c.measurement.versions, c.measurement.headline, counted.asked)
	for i, month := range c.months {
		row.Trend = append(row.Trend, Month{month, c.measurement.figure(counted.months[i]), marks[i]})
	}
	row.Parts = c.namedParts(counted.parts, row.Targets)
	if !row.HasFigure() {
		return
	}
	if c.measurement.single() {
		row.Levels = counted.total.questions[0]
	}
	row.Factors, row.Drivers = c.measurement.factors(counted.total, *row)
	row.Reasons = c.measurement.chosenOf(counted.total, row.N)
}

// namedParts names the parts and sorts them worst first; those without a figure
// come last, in their own order.
func (c *counting) namedParts(counted []answers, targets []TargetStanding) []Part {
	var parts []Part
	seen := map[int64]bool{}
	for n, u := range c.parts {
		part := Part{Figure: c.measurement.figure(counted[n])}
		if u.point == 0 {
			a := c.ref.agency(u.agency)
			if !part.HasFigure() && !livesIn(a, c.query.Period) {
				continue
			}
			part.Agency = &a
		} else {
			p, ok := c.ref.PointByID(u.point)
			if !ok {
				continue
			}
			part.Point = &p
			seen[u.point] = true
		}
		part.Targets = c.judge(part.Figure, targets)
		parts = append(parts, part)
	}
	for n := range c.ref.Points {
		if c.query.PointID != 0 {
			break
		}
		// A copy: a board that is kept must not keep a whole snapshot.
		if p := c.ref.Points[n]; p.Active && p.JudgedID == c.agency && c.ref.asks(&p, c.measurement.surveyKey) && !seen[p.ID] {
			parts = append(parts, Part{Point: &p, Targets: c.judge(Figure{}, targets)})
		}
	}
	slices.SortStableFunc(parts, func(a, b Part) int {
		switch {
		case a.HasFigure() && b.HasFigure():
			return a.Index.Value.Cmp(b.Index.Value)
		case a.HasFigure():
			return -1
		case b.HasFigure():
			return 1
		}
		return 0
	})
	return parts
}

// livesIn tells whether an agency exists during any day of a period.
func livesIn(a agency.Agency, p civil.Period) bool {
	return (a.ValidFrom == "" || a.ValidFrom < p.To()) && (a.ValidTo == "" || p.From() < a.ValidTo)
}

// factors gives the figures beside a headline: the criteria, the other questions
// of a quick form, or else the sections.
func (m *measurement) factors(a answers, row Row) ([]Factor, []score.Driver) {
	var factors []Factor
	var sections []score.Section
	add := func(key string, name agency.Text, questions []score.Question, x score.Index) {
		factor := Factor{Key: key, Label: name, Figure: figureOf(x)}
		factors = append(factors, factor)
		if factor.HasFigure() {
			sections = append(sections, score.Section{Key: key, Questions: questions})
		}
	}
	switch {
	case m.pointed():
		for q, name := range m.questions {
			factors = append(factors, Factor{name.key, name.label, figureOf(score.Criterion(a.criteria[q]))})
		}
		return factors, nil
	case m.single():
		for q := 1; q < len(m.questions); q++ {
			name := m.questions[q]
			add(name.key, name.label, []score.Question{{Key: name.key, Counts: a.questions[q]}}, m.method.Question(a.questions[q]))
		}
	default:
		for _, section := range m.versions[0].Definition.Sections {
			var questions []score.Question
			var counts []score.Counts
			for q, name := range m.questions {
				if name.section == section.Key {
					questions = append(questions, score.Question{Key: name.key, Counts: a.questions[q]})
					counts = append(counts, a.questions[q])
				}
			}
			if len(questions) > 0 {
				add(section.Key, section.Title, questions, m.method.Section(counts))
			}
		}
	}
	aim, _ := row.Aim()
	return factors, score.Drivers(m.method, sections, aim)
}

// chosenOf gives the reasons, the most frequent first, with their share of so many
// people. Each choice is shown in groups of its own, so that more may have chosen it
// than are shown as people.
func (m *measurement) chosenOf(a answers, people int64) []Reason {
	list := slices.Clone(m.reasons)
	for i := range list {
		list[i].N = a.chosen[i]
		list[i].Share, _ = score.Ratio(min(a.chosen[i], people), people)
	}
	slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(b.N, a.N) })
	return list
}
