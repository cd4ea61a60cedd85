package report

import (
	"context"
	"fmt"
	"slices"
	"unsafe"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/score"
	"sipas/internal/store"
)

// sheet is what a measurement reads of one half month, for the whole province:
// the boards of all units, fields and periods are made of the same sheets. Nobody
// changes one.
type sheet struct {
	since
	rows    []tally
	leftOut []int64 // agencies about which versions that are not counted were answered, or the points where
}

// since tells how fresh something is: how often the tallies that it was read of had
// changed before, and when that was asked, by the Reporter's own count.
type since struct {
	changes store.Changes
	asked   int64
}

// tally is what was answered about an agency, in a field where the measurement has
// rules that look at it.
type tally struct {
	version, agency int64
	holder          int64 // a service point, anyPoint, or a unit: see store.HeldByUnit
	field           string
	answers
}

// answers are counts, as an index is made of them. Which of them there are depends
// on the measurement.
type answers struct {
	questions []score.Counts
	criteria  []score.PointCounts // instead of questions, where these give points
	people    score.People
	chosen    []int64 // people who chose each of the reasons
}

// add adds as much of b as a counts.
func (a *answers) add(b *answers) {
	for i := range a.questions {
		a.questions[i] = a.questions[i].Add(b.questions[i])
	}
	for i := range a.criteria {
		a.criteria[i] = a.criteria[i].Add(b.criteria[i])
	}
	for i := range a.chosen {
		a.chosen[i] += b.chosen[i]
	}
	a.people = a.people.Add(b.people)
}

// reading says what sheets are read for. It names everything that decides what
// is in them beside the tallies, so sheets outlive changes of what administrators keep.
// A board without detail is made of the sheets of one with it.
type reading struct {
	versions string // their ids, with those left out
	method   score.Method
	headline string
	fields   bool // split by field
	channel  agency.Channel
	campaign int64
	points   int64 // of this agency only, split by service point; 0: all agencies
	whole    bool  // of service points, for their boards, more than the index
}

// detail tells whether all questions are in it, and the reasons: on the board of an
// agency only the index of a service point is shown.
func (g reading) detail() bool { return g.points == 0 || g.whole }

// sheetKey names one sheet.
type sheetKey struct {
	reading
	half civil.HalfMonth
}

// reader reads the sheets of a measurement.
type reader struct {
	*Reporter
	measurement *measurement
	reading     reading
	changes     map[civil.HalfMonth]store.Changes // before anything was read
	asked       int64                             // when that was
}

// sheets gives the sheets of some half months, in order. What has changed is read:
// of a sheet that is kept the slots that have, and half months without one, neighbours
// in one go. Whoever wants the same at the same time waits.
func (r *reader) sheets(ctx context.Context, halves []civil.HalfMonth) ([]*sheet, error) {
	all := make([]*sheet, len(halves))
	if r.reading.versions == "" {
		for i := range all {
			all[i] = &sheet{}
		}
		return all, nil
	}
	done, err := r.reads.Take(ctx, r.reading)
	if err != nil {
		return nil, err
	}
	defer done()
	for i, h := range halves {
		kept, ok := r.kept.Find(sheetKey{r.reading, h})
		if !ok {
			continue
		}
		// One that was asked for later is as fresh, whatever has changed since.
		if slots := r.changedSlots(kept, h); len(slots) > 0 && kept.asked < r.asked {
			if kept, err = r.readSlots(ctx, h, slots, kept); err != nil {
				return nil, r.failed(err)
			}
			r.kept.Keep(sheetKey{r.reading, h}, kept, r.bytes(kept))
		}
		all[i] = kept
	}
	if err := r.restore(ctx, halves, all); err != nil {
		return nil, err
	}
	for from := 0; from < len(halves); from++ {
		to := from
		for to < len(halves) && all[to] == nil {
			to++
		}
		if to == from {
			continue
		}
		if err := r.read(ctx, halves[from:to], nil, all[from:to]); err != nil {
			return nil, r.failed(err)
		}
		for i := from; i < to; i++ {
			r.kept.Keep(sheetKey{r.reading, halves[i]}, all[i], r.bytes(all[i]))
		}
	}
	return all, nil
}

func (r *reader) failed(err error) error {
	return fmt.Errorf("read survey %s: %w", r.measurement.surveyKey, err)
}

// changedSlots lists the slots of agencies whose tallies have changed since a sheet was read.
func (r *reader) changedSlots(s *sheet, h civil.HalfMonth) (slots []int) {
	now := r.changes[h]
	for slot := range now {
		of := r.reading.points == 0 || store.SlotOf(r.reading.points) == slot
		if of && s.changes[slot] != now[slot] {
			slots = append(slots, slot)
		}
	}
	return slots
}

// readSlots gives a sheet of which some slots are read again.
func (r *reader) readSlots(ctx context.Context, h civil.HalfMonth, slots []int, before *sheet) (*sheet, error) {
	now := make([]*sheet, 1)
	if err := r.read(ctx, []civil.HalfMonth{h}, slots, now); err != nil {
		return nil, err
	}
	if r.reading.points != 0 { // it has one slot
		return now[0], nil
	}
	for i := range before.rows {
		if t := &before.rows[i]; !slices.Contains(slots, store.SlotOf(t.agency)) {
			now[0].rows = append(now[0].rows, *t)
		}
	}
	for _, id := range before.leftOut {
		if !slices.Contains(slots, store.SlotOf(id)) {
			now[0].leftOut = append(now[0].leftOut, id)
		}
	}
	return now[0], nil
}

// read fills the sheets of half months that follow each other, with the agencies of
// some slots; of all of them if none is named.
func (r *reader) read(ctx context.Context, halves []civil.HalfMonth, slots []int, into []*sheet) error {
	q := store.TallyQuery{
		From: halves[0], Before: halves[len(halves)-1].Next(), VersionIDs: r.measurement.versionIDs(), Slots: slots, CampaignID: r.reading.campaign,
		By: []store.Dimension{store.ByHalfMonth, store.ByAgency},
	}
	if r.reading.channel != "" {
		q.Channels = []agency.Channel{r.reading.channel}
	}
	c := collector{measurement: r.measurement, detail: r.reading.detail(), sheets: map[civil.HalfMonth]*sheet{}, places: map[place]int{}}
	for i, h := range halves {
		into[i] = &sheet{since: since{r.changes[h], r.asked}}
		c.sheets[h] = into[i]
	}
	if len(r.measurement.leftOut) > 0 && r.reading.detail() {
		others := q
		others.VersionIDs = r.measurement.leftOut
		if r.reading.points != 0 {
			others.AgencyIDs, others.Holders, others.By = []int64{r.reading.points}, store.Points, []store.Dimension{store.ByHalfMonth, store.ByPoint}
		}
		tallies, err := r.store.PeopleTallies(ctx, others)
		if err != nil {
			return err
		}
		for _, t := range tallies {
			c.sheets[t.HalfMonth].leftOut = append(c.sheets[t.HalfMonth].leftOut, t.AgencyID+t.ServicePointID) // one of them is 0
		}
	}
	if len(r.measurement.versions) == 0 {
		return nil
	}
	if r.reading.fields {
		q.By = append(q.By, store.ByField)
	}
	held := q
	q.Holders = store.Points
	if r.reading.points != 0 {
		q.AgencyIDs, q.By = []int64{r.reading.points}, append(q.By, store.ByPoint)
		return r.readTables(ctx, q, &c)
	}
	// Those of points are added up by agency as they come out of the key.
	held.Holders, held.By = store.Units, append(slices.Clone(q.By), store.ByPoint)
	if err := r.readTables(ctx, held, &c); err != nil {
		return err
	}
	c.anyPoint = true
	if len(slots) > 0 {
		var err error
		if q.AgencyIDs, err = r.store.Agencies(ctx, q); err != nil || len(q.AgencyIDs) == 0 {
			return err
		}
	}
	return r.readTables(ctx, q, &c)
}

// readTables reads each table that the measurement is made of.
func (r *reader) readTables(ctx context.Context, q store.TallyQuery, c *collector) error {
	m := r.measurement
	if items, at := m.items(c.detail); len(items) > 0 { // none would be all
		q := q
		if !m.asksAll(items) {
			q.Items = items
		}
		tallies, err := r.store.ScaleTallies(ctx, q)
		if err != nil {
			return err
		}
		for _, t := range tallies {
			question := &c.of(t.Cell).questions[at[store.VersionItem{VersionID: t.VersionID, Item: t.Item}]]
			*question = question.Add(m.judged(t))
		}
	}
	switch {
	case m.pointed():
		tallies, err := r.store.NumberTallies(ctx, q)
		if err != nil {
			return err
		}
		for _, t := range tallies {
			if at := m.question(t.Question); at >= 0 {
				criterion := &c.of(t.Cell).criteria[at]
				*criterion = criterion.Add(pointsOf(t))
			}
		}
	case !m.single():
		tallies, err := r.store.PeopleTallies(ctx, q)
		if err != nil {
			return err
		}
		for _, t := range tallies {
			a := c.of(t.Cell)
			a.people = a.people.Add(t.People)
		}
	}
	if !c.detail || len(m.reasons) == 0 {
		return nil
	}
	tallies, err := r.store.ChoiceTallies(ctx, q)
	if err != nil {
		return err
	}
	for _, t := range tallies {
		if at, ok := m.numbered[choice{t.Question, t.Choice}]; ok {
			c.of(t.Cell).chosen[at] += t.N
		}
	}
	return nil
}

// pointsOf tells how many people gave 0, 1 and 2 points: these are all there are,
// so that their number, sum and sum of squares say it.
func pointsOf(t store.NumberTally) score.PointCounts {
	one, two := 2*t.Total-t.Squares, (t.Squares-t.Total)/2
	return score.PointCounts{t.N - one - two, one, two}
}

// collector puts what is read of several tables together.
type collector struct {
	measurement *measurement
	detail      bool
	sheets      map[civil.HalfMonth]*sheet
	places      map[place]int // of a tally among the rows of its sheet
	anyPoint    bool          // what is read is of service points, whichever they are
}

// anyPoint is the holder of what is not split by service point.
const anyPoint = 1

type place struct {
	half                    civil.HalfMonth
	version, agency, holder int64
	field                   string
}

// of finds the answers that a sum of tallies belongs to.
func (c *collector) of(cell store.Cell) *answers {
	holder := cell.ServicePointID
	if c.anyPoint {
		holder = anyPoint
	}
	s := c.sheets[cell.HalfMonth]
	at := place{cell.HalfMonth, cell.VersionID, cell.AgencyID, holder, cell.FieldKey}
	n, known := c.places[at]
	if !known {
		n = len(s.rows)
		c.places[at] = n
		s.rows = append(s.rows, tally{cell.VersionID, cell.AgencyID, holder, cell.FieldKey, c.measurement.answers(c.detail)})
	}
	return &s.rows[n].answers
}

// bytes is what a sheet takes in memory. Texts of fields are the few of one read.
func (r *reader) bytes(s *sheet) int {
	bytes := int(unsafe.Sizeof(*s)) + len(s.leftOut)*8
	for i := range s.rows {
		a := &s.rows[i].answers
		bytes += int(unsafe.Sizeof(s.rows[i])) + len(a.questions)*int(unsafe.Sizeof(score.Counts{})) +
			len(a.criteria)*int(unsafe.Sizeof(score.PointCounts{})) + len(a.chosen)*8
	}
	return bytes
}
