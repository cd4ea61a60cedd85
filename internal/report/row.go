package report

import (
	"context"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/target"
)

// rowBuilder makes the rows of one measurement.
type rowBuilder struct {
	*builder
	reader      *reader
	measurement *measurement
	breakdowns  []*breakdown
	sums        []sum // of the headline question or of people; with detail of all questions
	visible     visible
	// questions tells the same of each question of a quick form; without detail
	// of the headline question only.
	questions []visible
}

// answers is what was counted for one figure.
type answers struct {
	questions []score.Counts
	criteria  []score.PointCounts // instead of questions, where it gives points
	people    score.People
}

func (b *rowBuilder) empty() answers {
	if b.measurement.pointed() {
		return answers{criteria: make([]score.PointCounts, len(b.measurement.questions))}
	}
	return answers{questions: make([]score.Counts, len(b.measurement.questions))}
}

func (a *answers) add(s sum) {
	switch {
	case s.question >= 0 && a.criteria != nil:
		a.criteria[s.question][s.points] += s.chosen
	case s.question >= 0:
		a.questions[s.question] = a.questions[s.question].Add(s.counts)
	}
	a.people = a.people.Add(s.people)
}

// index is the figure that the survey's headline or method makes.
func (b *rowBuilder) index(a answers) score.Index {
	switch m := b.measurement; {
	case m.single() && m.method == score.SingleQuestion:
		return m.method.Overall(score.Tally{Headline: a.questions[0]})
	case m.single():
		return m.method.Question(a.questions[0])
	default:
		return m.method.Overall(score.Tally{Questions: a.questions, People: a.people, Criteria: b.enough(a.criteria)})
	}
}

// enough leaves out the criteria that fewer files were judged by than may be
// told about: their score could be had from the sum.
func (b *rowBuilder) enough(criteria []score.PointCounts) []score.PointCounts {
	return slices.DeleteFunc(slices.Clone(criteria), func(c score.PointCounts) bool { return score.TooFew(c.Files(), b.smallCell) })
}

// asked is how many people a sum is about, in the unit of the index.
func (m *measurement) asked(s sum) int64 {
	if m.pointed() || m.method == score.PointsRatio {
		return s.people.PointsN
	}
	return s.people.N
}

// own is the breakdown of the board's agency.
func (b *rowBuilder) own() *breakdown { return b.breakdowns[len(b.breakdowns)-1] }

// counted calls f for the sums of a row about the board's agency and all
// below it, with the part each belongs to.
func (b *rowBuilder) counted(sums []sum, row int, f func(s sum, part int)) {
	channel := channelLeaf(b.query.Channel, b.query.Channel)
	for n := range sums { // a sum is large: only those that count are copied
		s := &sums[n]
		if b.measurement.signatures[s.subject][row] != '1' || s.channel != channel {
			continue
		}
		if part := b.own().part(s.unit); part >= 0 {
			f(*s, part)
		}
	}
}

// countedRow is a row with the answers it is made of.
type countedRow struct {
	Row
	total answers
}

// row makes one row without its details. It is nil if the row has neither
// answers nor a target to stand against.
func (b *rowBuilder) row(ctx context.Context, i int, rule *rowRule) (*countedRow, error) {
	total, versions := b.empty(), map[int64]bool{}
	months := b.query.Period.MonthsOfYear()
	b.counted(b.sums, i, func(s sum, _ int) {
		if slices.Contains(months, s.month) {
			total.add(s)
			if s.question <= 0 && (s.counts.Valid() > 0 || b.measurement.asked(s) > 0) {
				versions[s.version] = true
			}
		}
	})
	if b.measurement.spread() && len(versions) > 0 {
		from, to := span(b.query.Period)
		answered, err := b.reader.overall(ctx, rule, from, to, b.ref.subtree(b.agency))
		if err != nil {
			return nil, err
		}
		for _, s := range answered {
			total.add(s)
		}
	}
	row := countedRow{total: total, Row: Row{
		Indicator: rule.indicator.Kind, FieldKey: rule.indicator.FieldKey, SurveyKey: b.measurement.surveyKey, SurveyTitle: b.measurement.title(),
		Counts: rule.indicator.Counts, Method: b.measurement.method,
		WordingChanged: b.measurement.reworded(versions),
	}}
	if rule.indicator.Kind == target.IndicatorField {
		row.FieldName = b.ref.field(rule.indicator.FieldKey).Name
	}
	x := b.indexOf(total, len(versions) > 0)
	row.Figure = b.visible.figure(x, b.visible.whole, i, b.query.Period.Part())
	if row.HasFigure() && b.measurement.single() && b.query.Detail {
		row.Levels = total.questions[0]
	}
	targets := b.ref.targetsFor(rule.indicator.Kind, rule.indicator.FieldKey, b.agency, b.query.Period.Year)
	own := slices.ContainsFunc(targets, func(t TargetStanding) bool { return !t.Inherited })
	if rule.indicator.Counts {
		row.Targets = b.judge(row.Figure, targets)
	}
	if len(versions) > 0 || rule.indicator.Counts && (own || len(targets) > 0 && b.serves(rule)) {
		return &row, nil
	}
	return nil, nil
}

// indexOf is index, or none without questions or answers.
func (b *rowBuilder) indexOf(a answers, answered bool) score.Index {
	if !answered || b.measurement.single() && len(a.questions) == 0 {
		return score.Index{Method: b.measurement.method}
	}
	return b.index(a)
}

// HasFigure tells whether there is a number to show.
func (f Figure) HasFigure() bool { return !f.Hidden && f.Index.HasData }

// judge holds a figure against targets. Hidden figures and figures that are no
// percentages stand nowhere.
func (b *builder) judge(f Figure, targets []TargetStanding) []TargetStanding {
	judged := slices.Clone(targets)
	for i := range judged {
		t := &judged[i]
		t.Verdict = score.Verdict{Standing: score.NotEnoughData}
		if f.HasFigure() && f.Index.Method.IsPercent() {
			t.Verdict = score.Judge(f.Index, score.Target(t.Percent), t.Comparator == target.Above, b.minSample)
		}
	}
	return judged
}

// serves tells whether a service point of the agency asks the survey about the
// row's fields.
func (b *rowBuilder) serves(rule *rowRule) bool {
	return slices.ContainsFunc(b.ref.Points, func(point agency.ServicePoint) bool {
		return point.SurveyKey == b.measurement.surveyKey && b.ref.Tree.Below(b.agency, point.JudgedID) &&
			slices.ContainsFunc(point.FieldKeys, func(k string) bool {
				return rule.covers(k, b.ref.agency(point.JudgedID).Kind)
			})
	})
}

// year is the span of the whole year, as 202501 and 202512.
func (b *rowBuilder) year() (from, to int) {
	return b.query.Period.Year*100 + 1, b.query.Period.Year*100 + 12
}

// byMonth reads or picks the answers of a row for each month of the year.
func (b *rowBuilder) byMonth(ctx context.Context, i int, rule *rowRule) ([12]answers, error) {
	var months [12]answers
	for m := range months {
		months[m] = b.empty()
	}
	b.counted(b.sums, i, func(s sum, _ int) { months[s.month].add(s) })
	if !b.measurement.spread() {
		return months, nil
	}
	from, to := b.year()
	sums, err := b.reader.overall(ctx, rule, from, to, b.ref.subtree(b.agency), store.ByMonth)
	for _, s := range sums {
		months[s.month].add(s)
	}
	return months, err
}

// byPart reads or picks the answers of a row in the period for each part.
func (b *rowBuilder) byPart(ctx context.Context, i int, rule *rowRule) ([]answers, error) {
	parts := make([]answers, len(b.own().parts))
	for n := range parts {
		parts[n] = b.empty()
	}
	months := b.query.Period.MonthsOfYear()
	b.counted(b.sums, i, func(s sum, part int) {
		if slices.Contains(months, s.month) {
			parts[part].add(s)
		}
	})
	if !b.measurement.spread() || len(parts) == 0 {
		return parts, nil
	}
	from, to := span(b.query.Period)
	sums, err := b.reader.overall(ctx, rule, from, to, b.ref.subtree(b.agency), store.ByAgency)
	if err != nil {
		return nil, err
	}
	if b.agency != 0 {
		own, err := b.reader.overall(ctx, rule, from, to, []int64{b.agency}, store.ByAgency, store.ByPoint)
		if err != nil {
			return nil, err
		}
		sums = append(sums, own...)
	}
	for _, s := range sums {
		// The agency's own answers come once more by service point.
		if part := b.own().part(s.unit); part >= 0 {
			parts[part].add(s)
		}
	}
	return parts, nil
}
