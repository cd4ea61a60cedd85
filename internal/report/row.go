package report

import (
	"context"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/target"
)

// section is one survey's share of a board.
type section struct {
	*builder
	reader   *reader
	feed     *feed
	families []*family
	entries  []entry // of the headline question or of people; with detail of all questions
	visible  visible
	// questions tells the same of each question of a quick form; without detail
	// of the headline question only.
	questions []visible
}

// answers is what was counted for one figure.
type answers struct {
	questions []score.Counts
	criteria  []score.PointCounts // instead of questions, of a feed that is pointed
	people    score.People
}

func (s *section) empty() answers {
	if s.feed.pointed() {
		return answers{criteria: make([]score.PointCounts, len(s.feed.questions))}
	}
	return answers{questions: make([]score.Counts, len(s.feed.questions))}
}

func (a *answers) add(e entry) {
	switch {
	case e.question >= 0 && a.criteria != nil:
		a.criteria[e.question][e.points] += e.chosen
	case e.question >= 0:
		a.questions[e.question] = a.questions[e.question].Add(e.counts)
	}
	a.people = a.people.Add(e.people)
}

// index is the figure that the survey's headline or method makes.
func (s *section) index(a answers) score.Index {
	switch f := s.feed; {
	case f.single() && f.method == score.SingleQuestion:
		return f.method.Overall(score.Tally{Headline: a.questions[0]})
	case f.single():
		return f.method.Question(a.questions[0])
	default:
		return f.method.Overall(score.Tally{Questions: a.questions, People: a.people, Criteria: s.enough(a.criteria)})
	}
}

// enough leaves out the criteria that fewer files were judged by than may be
// told about: their score could be had from the sum.
func (s *section) enough(criteria []score.PointCounts) []score.PointCounts {
	return slices.DeleteFunc(slices.Clone(criteria), func(c score.PointCounts) bool { return score.TooFew(c.Files(), s.smallCell) })
}

// asked is how many people an entry is about in the unit of the feed's index.
func (f *feed) asked(e entry) int64 {
	if f.pointed() || f.method == score.PointsRatio {
		return e.people.PointsN
	}
	return e.people.N
}

// own is the family of the board's agency.
func (s *section) own() *family { return s.families[len(s.families)-1] }

// counted calls f for the entries of a row about the board's agency and all
// below it, with the part each belongs to.
func (s *section) counted(entries []entry, row int, f func(e entry, part int)) {
	channel := channelLeaf(s.query.Channel, s.query.Channel)
	for n := range entries { // an entry is large: only those that count are copied
		e := &entries[n]
		if s.feed.signatures[e.subject][row] != '1' || e.channel != channel {
			continue
		}
		if part := s.own().part(e.unit); part >= 0 {
			f(*e, part)
		}
	}
}

// draft is a row with the answers it is made of.
type draft struct {
	Row
	total answers
}

// row makes one row without its details. It is nil if the row has neither
// answers nor a target to stand against.
func (s *section) row(ctx context.Context, i int, p *plan) (*draft, error) {
	total, versions := s.empty(), map[int64]bool{}
	months := monthsOf(s.query.Period)
	s.counted(s.entries, i, func(e entry, _ int) {
		if slices.Contains(months, e.month) {
			total.add(e)
			if e.question <= 0 && (e.counts.Valid() > 0 || s.feed.asked(e) > 0) {
				versions[e.version] = true
			}
		}
	})
	if s.feed.spread() && len(versions) > 0 {
		from, to := span(s.query.Period)
		answered, err := s.reader.overall(ctx, p, from, to, s.ref.subtree(s.agency))
		if err != nil {
			return nil, err
		}
		for _, e := range answered {
			total.add(e)
		}
	}
	row := draft{total: total, Row: Row{
		Indicator: p.rule.Kind, FieldKey: p.rule.FieldKey, SurveyKey: s.feed.surveyKey, SurveyTitle: s.feed.title(),
		Counts: p.rule.Counts, Method: s.feed.method,
		WordingChanged: s.feed.reworded(versions),
	}}
	if p.rule.Kind == target.IndicatorField {
		row.FieldName = s.ref.field(p.rule.FieldKey).Name
	}
	x := s.indexOf(total, len(versions) > 0)
	row.Figure = s.visible.figure(x, s.visible.whole, i, s.query.Period.Part())
	if row.HasFigure() && s.feed.single() && s.query.Detail {
		row.Levels = total.questions[0]
	}
	targets := s.ref.targetsFor(p.rule.Kind, p.rule.FieldKey, s.agency, s.query.Period.Year)
	own := slices.ContainsFunc(targets, func(t TargetStanding) bool { return !t.Inherited })
	if p.rule.Counts {
		row.Targets = s.judge(row.Figure, targets)
	}
	if len(versions) > 0 || p.rule.Counts && (own || len(targets) > 0 && s.serves(p)) {
		return &row, nil
	}
	return nil, nil
}

// indexOf is index, or none without questions or answers.
func (s *section) indexOf(a answers, answered bool) score.Index {
	if !answered || s.feed.single() && len(a.questions) == 0 {
		return score.Index{Method: s.feed.method}
	}
	return s.index(a)
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
func (s *section) serves(p *plan) bool {
	return slices.ContainsFunc(s.ref.Points, func(point agency.ServicePoint) bool {
		return point.SurveyKey == s.feed.surveyKey && s.ref.Tree.Below(s.agency, point.JudgedID) &&
			slices.ContainsFunc(point.FieldKeys, func(k string) bool {
				return p.covers(k, s.ref.agency(point.JudgedID).Kind)
			})
	})
}

// year is the span of the whole year, as 202501 and 202512.
func (s *section) year() (from, to int) {
	return s.query.Period.Year*100 + 1, s.query.Period.Year*100 + 12
}

// byMonth reads or picks the answers of a row for each month of the year.
func (s *section) byMonth(ctx context.Context, i int, p *plan) ([12]answers, error) {
	var months [12]answers
	for m := range months {
		months[m] = s.empty()
	}
	s.counted(s.entries, i, func(e entry, _ int) { months[e.month].add(e) })
	if !s.feed.spread() {
		return months, nil
	}
	from, to := s.year()
	entries, err := s.reader.overall(ctx, p, from, to, s.ref.subtree(s.agency), store.ByMonth)
	for _, e := range entries {
		months[e.month].add(e)
	}
	return months, err
}

// byPart reads or picks the answers of a row in the period for each part.
func (s *section) byPart(ctx context.Context, i int, p *plan) ([]answers, error) {
	parts := make([]answers, len(s.own().parts))
	for n := range parts {
		parts[n] = s.empty()
	}
	months := monthsOf(s.query.Period)
	s.counted(s.entries, i, func(e entry, part int) {
		if slices.Contains(months, e.month) {
			parts[part].add(e)
		}
	})
	if !s.feed.spread() || len(parts) == 0 {
		return parts, nil
	}
	from, to := span(s.query.Period)
	entries, err := s.reader.overall(ctx, p, from, to, s.ref.subtree(s.agency), store.ByAgency)
	if err != nil {
		return nil, err
	}
	if s.agency != 0 {
		own, err := s.reader.overall(ctx, p, from, to, []int64{s.agency}, store.ByAgency, store.ByPoint)
		if err != nil {
			return nil, err
		}
		entries = append(entries, own...)
	}
	for _, e := range entries {
		// The agency's own answers come once more by service point.
		if part := s.own().part(e.unit); part >= 0 {
			parts[part].add(e)
		}
	}
	return parts, nil
}
