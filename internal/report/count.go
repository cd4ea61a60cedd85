package report

import (
	"context"
	"slices"

	"sipas/internal/civil"
	"sipas/internal/store"
)

// counting adds up what the rows of one measurement count about a board's agency.
type counting struct {
	*builder
	measurement *measurement
	months      []int // with detail
	parts       []unit
	under       map[int64]int // agency -> the part that it is or lies under
	rows        []*counted
	covering    map[work][]*counted
	leftOut     bool // versions that are not counted were answered
}

// unit is a part of the board's agency: a child agency, or one of its service points.
type unit struct{ agency, point int64 }

// work is what decides which rows count an answer.
type work struct {
	field          string
	administrative bool
}

// counted is what was counted for one row.
type counted struct {
	rule     *rowRule
	total    answers
	versions map[int64]bool // that were answered
	months   []answers
	asked    []map[int64]bool // versions, by month
	parts    []answers
}

// count reads and adds up.
func (b *builder) count(ctx context.Context, m *measurement) (*counting, error) {
	c := &counting{builder: b, measurement: m, under: map[int64]int{}, covering: map[work][]*counted{}}
	for _, rule := range m.rules {
		if b.wanted(rule) {
			c.rows = append(c.rows, &counted{rule: rule, total: m.answers(b.query.Detail), versions: map[int64]bool{}})
		}
	}
	if b.query.Detail {
		c.split()
	}
	from := b.reader(m, 0)
	if b.query.PointID != 0 {
		from = b.reader(m, b.agency)
		from.reading.whole = b.query.Detail
	}
	sheets, err := from.sheets(ctx, c.halves)
	if err != nil {
		return nil, err
	}
	for i, s := range sheets {
		c.add(s, c.halves[i])
	}
	if b.query.Detail && b.query.PointID == 0 && b.agency != 0 {
		err = c.addPoints(ctx)
	}
	return c, err
}

// split prepares the months and the child agencies; nothing lies below a service point.
func (c *counting) split() {
	for _, h := range c.halves {
		if h.Year() == c.query.Period.Year && !slices.Contains(c.months, h.Month()) {
			c.months = append(c.months, h.Month())
		}
	}
	for _, child := range c.ref.Tree.Children(c.agency) {
		if c.query.PointID != 0 {
			break
		}
		for _, below := range c.ref.Tree.Subtree(child.ID) {
			c.under[below.ID] = len(c.parts)
		}
		c.parts = append(c.parts, unit{agency: child.ID})
	}
	for _, row := range c.rows {
		for range c.months {
			row.months, row.asked = append(row.months, c.measurement.answers(false)), append(row.asked, map[int64]bool{})
		}
		for range c.parts {
			row.parts = append(row.parts, c.measurement.answers(false))
		}
	}
}

// add adds the sheet of a half month.
func (c *counting) add(s *sheet, h civil.HalfMonth) {
	inside := c.query.Period.First() <= h && h < c.query.Period.Before()
	month := slices.Index(c.months, h.Month())
	for i := range s.rows {
		t := &s.rows[i]
		if !c.holds(t.agency, t.holder) {
			continue
		}
		part, isPart := c.under[t.agency]
		for _, row := range c.counts(t) {
			if month >= 0 {
				row.months[month].add(&t.answers)
				if c.measurement.some(&t.answers) {
					row.asked[month][t.version] = true
				}
			}
			if !inside {
				continue
			}
			row.total.add(&t.answers)
			if c.measurement.some(&t.answers) {
				row.versions[t.version] = true
			}
			if isPart {
				row.parts[part].add(&t.answers)
			}
		}
	}
	if inside && !c.leftOut {
		c.leftOut = slices.ContainsFunc(s.leftOut, func(id int64) bool { return c.holds(id, id) })
	}
}

// addPoints adds the agency's own service points to the parts.
func (c *counting) addPoints(ctx context.Context) error {
	sheets, err := c.reader(c.measurement, c.agency).sheets(ctx, civil.HalfMonths(c.query.Period.First(), c.query.Period.Before()))
	if err != nil {
		return err
	}
	var points []int64
	for _, s := range sheets {
		for i := range s.rows {
			if id := s.rows[i].holder; id > 0 {
				points = append(points, id)
			}
		}
	}
	slices.Sort(points)
	points = slices.Compact(points)
	children := len(c.parts)
	for _, id := range points {
		c.parts = append(c.parts, unit{c.agency, id})
		for _, row := range c.rows {
			row.parts = append(row.parts, c.measurement.answers(false))
		}
	}
	for _, s := range sheets {
		for i := range s.rows {
			t := &s.rows[i]
			at, isPoint := slices.BinarySearch(points, t.holder)
			if !isPoint {
				continue // held by the agency, which is none of its parts
			}
			for _, row := range c.counts(t) {
				row.parts[children+at].add(&t.answers)
			}
		}
	}
	return nil
}

// counts lists the rows that count a tally.
func (c *counting) counts(t *tally) []*counted {
	w := work{t.field, c.ref.administrative(t)}
	rows, known := c.covering[w]
	if !known {
		for _, row := range c.rows {
			if row.rule.covers(w.field, w.administrative) {
				rows = append(rows, row)
			}
		}
		c.covering[w] = rows
	}
	return rows
}

// administrative tells whether a tally is about the work of a state administrative
// agency. What units hold says so itself: an agency holds what hospitals below it
// had waiting, too.
func (ref *reference) administrative(t *tally) bool {
	switch t.holder {
	case store.HeldByUnit:
		return true
	case store.HeldOfPublicServices:
		return false
	default:
		return ref.agency(t.agency).Kind.Administrative()
	}
}

// holds tells whether an agency is the board's or lies below it, or a holder is the
// board's service point. The board of the whole province holds what is about no agency
// that is known any more, too.
func (c *counting) holds(agency, holder int64) bool {
	if c.query.PointID != 0 {
		return holder == c.query.PointID
	}
	return c.agency == c.ref.root || c.ref.Tree.Below(c.agency, agency)
}

// reader reads sheets, of one agency by service point or of all agencies.
func (b *builder) reader(m *measurement, points int64) *reader {
	return &reader{b.Reporter, m, reading{
		versions: m.versionKey(), method: m.method, headline: m.headline,
		fields: slices.ContainsFunc(m.rules, (*rowRule).byField), channel: b.query.Channel, campaign: b.query.Campaign, points: points,
	}, b.changes, b.asked}
}
