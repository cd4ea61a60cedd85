package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/score"
)

// details adds what stands behind the rows.
func (b *rowBuilder) details(ctx context.Context, made map[*rowRule]*countedRow) error {
	reasons, err := b.readReasons(ctx)
	if err != nil {
		return err
	}
	for i, rule := range b.measurement.rules {
		row, ok := made[rule]
		if !ok {
			continue
		}
		if err := b.trendAndParts(ctx, &row.Row, i, rule); err != nil {
			return err
		}
		if row.HasFigure() {
			row.Factors, row.Drivers = b.factors(row, i)
			row.Reasons = reasons.of(b, i, row.Row)
		}
	}
	return nil
}

func (b *rowBuilder) trendAndParts(ctx context.Context, row *Row, i int, rule *rowRule) error {
	months, err := b.byMonth(ctx, i, rule)
	if err != nil {
		return err
	}
	for m, a := range &months {
		part := fmt.Sprintf("M%02d", m+1)
		x := b.indexOf(a, true)
		row.Trend = append(row.Trend, Month{b.query.Period.Year*100 + m + 1, b.visible.figure(x, b.visible.whole, i, part)})
	}
	if row.Hidden {
		return nil
	}
	parts, err := b.byPart(ctx, i, rule)
	if err != nil {
		return err
	}
	row.Parts = b.parts(parts, i, *row)
	return nil
}

// parts names the parts and sorts them worst first; those without a figure come
// last, in their own order, so that the order tells nothing about them.
func (b *rowBuilder) parts(counted []answers, i int, row Row) []Part {
	var parts []Part
	seen := map[int64]bool{}
	for n, u := range b.own().parts {
		part := Part{Figure: b.visible.figure(b.indexOf(counted[n], true), n, i, b.query.Period.Part())}
		if u.point == 0 {
			a := b.ref.agency(u.agency)
			if !part.HasFigure() && !part.Hidden && !livesIn(a, b.query.Period) {
				continue
			}
			part.Agency = &a
		} else {
			p, ok := b.ref.PointByID(u.point)
			if !ok {
				continue
			}
			part.Point = &p
			seen[u.point] = true
		}
		part.Targets = b.judge(part.Figure, row.Targets)
		parts = append(parts, part)
	}
	for n := range b.ref.Points {
		// A copy: a board that is kept must not keep a whole snapshot.
		if p := b.ref.Points[n]; p.Active && p.JudgedID == b.agency && p.SurveyKey == b.measurement.surveyKey && !seen[p.ID] {
			parts = append(parts, Part{Point: &p, Targets: b.judge(Figure{}, row.Targets)})
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

// factors gives the figures beside a headline: the other questions of a quick
// form, or else the sections.
func (b *rowBuilder) factors(row *countedRow, i int) ([]Factor, []score.Driver) {
	var factors []Factor
	var sections []score.Section
	add := func(key string, name agency.Text, questions []score.Question, figure Figure) {
		factors = append(factors, Factor{key, name, figure})
		if figure.HasFigure() {
			sections = append(sections, score.Section{Key: key, Questions: questions})
		}
	}
	if b.measurement.pointed() {
		for q, name := range b.measurement.questions {
			c := row.total.criteria[q]
			figure := visible{}.figure(score.Criterion(c), 0, 0, "")
			if score.TooFew(c.Files(), b.smallCell) {
				figure = Figure{Hidden: true}
			}
			factors = append(factors, Factor{name.key, name.label, figure})
		}
		return factors, nil
	}
	if b.measurement.single() {
		for q := 1; q < len(b.measurement.questions); q++ {
			name := b.measurement.questions[q]
			x := b.measurement.method.Question(row.total.questions[q])
			figure := b.questions[q].figure(x, b.questions[q].whole, i, b.query.Period.Part())
			add(name.key, name.label, []score.Question{{Key: name.key, Counts: row.total.questions[q]}}, figure)
		}
	} else {
		for _, sec := range b.measurement.versions[0].Definition.Sections {
			var questions []score.Question
			var counts []score.Counts
			small := false
			for q, name := range b.measurement.questions {
				if name.section == sec.Key {
					questions = append(questions, score.Question{Key: name.key, Counts: row.total.questions[q]})
					counts = append(counts, row.total.questions[q])
					small = small || score.TooFew(row.total.questions[q].Valid(), b.smallCell)
				}
			}
			if x := b.measurement.method.Section(counts); len(questions) == 0 {
				continue
			} else if small {
				add(sec.Key, sec.Title, questions, Figure{Hidden: true})
			} else {
				add(sec.Key, sec.Title, questions, visible{}.figure(x, 0, 0, ""))
			}
		}
	}
	aim, _ := row.Aim()
	return factors, score.Drivers(b.measurement.method, sections, aim)
}

// reasons is what people of a survey could tick as reasons: the choices of its
// questions that take several. A question with one choice asks something else,
// such as whether feedback was given, and its choices are no wishes.
type reasons struct {
	names   []Reason // without figures
	sums    []sum
	visible []visible
}

func (b *rowBuilder) readReasons(ctx context.Context) (reasons, error) {
	var r reasons
	number := map[choice]int{}
	for _, v := range b.measurement.versions {
		for _, q := range v.Questions() {
			if !q.Shape().Several {
				continue
			}
			for _, c := range q.Choices {
				if _, known := number[choice{q.Key, c.Key}]; !known {
					number[choice{q.Key, c.Key}] = len(r.names)
					r.names = append(r.names, Reason{Question: q.Key, Choice: c.Key, Label: c.Text})
				}
			}
		}
	}
	if len(r.names) == 0 {
		return r, nil
	}
	var err error
	if r.sums, err = b.reader.choices(ctx, number); err != nil {
		return r, err
	}
	r.visible = b.protectEach(r.sums, len(r.names), func(s sum) int64 { return s.chosen })
	return r, nil
}

// of gives the reasons of a row, the most frequent first, hidden ones last.
func (r reasons) of(b *rowBuilder, i int, row Row) []Reason {
	list := slices.Clone(r.names)
	months := b.query.Period.MonthsOfYear()
	b.counted(r.sums, i, func(s sum, _ int) {
		if slices.Contains(months, s.month) {
			list[s.question].N += s.chosen
		}
	})
	for n := range list {
		if r.visible[n].hides(r.visible[n].whole, i, b.query.Period.Part()) {
			list[n].N, list[n].Hidden = 0, true
		} else {
			list[n].Share, _ = score.Ratio(list[n].N, row.N)
		}
	}
	slices.SortStableFunc(list, func(a, b Reason) int {
		if a.Hidden != b.Hidden {
			return cmp.Compare(btoi(a.Hidden), btoi(b.Hidden))
		}
		return cmp.Compare(b.N, a.N)
	})
	return list
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
