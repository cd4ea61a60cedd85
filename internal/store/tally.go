package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/score"
	"sipas/internal/survey"
)

// tallyKey is what one row of a tally counts. Item, question and choice are zero
// in the tables that are not split by them.
type tallyKey struct {
	half     civil.HalfMonth
	version  int64
	item     int
	question string
	choice   string
	field    string
	agency   int64
	channel  agency.Channel
	point    int64
	campaign int64
	official int64
	mark     int
}

// dimension is one thing that tallies are split by: a column of their keys.
type dimension struct {
	name  Dimension
	place func(*tallyKey) any // where its value belongs: a *int64, *int, *string or a type of these
}

// dimensions are all there are, in the order of the keys. Columns, keys, sorting
// and reading follow from this list.
var dimensions = []dimension{
	{ByHalfMonth, func(k *tallyKey) any { return &k.half }},
	{byVersion, func(k *tallyKey) any { return &k.version }},
	{ByAgency, func(k *tallyKey) any { return &k.agency }},
	{byItem, func(k *tallyKey) any { return &k.item }},
	{byQuestion, func(k *tallyKey) any { return &k.question }},
	{byChoice, func(k *tallyKey) any { return &k.choice }},
	{ByField, func(k *tallyKey) any { return &k.field }},
	{ByPoint, func(k *tallyKey) any { return &k.point }},
	{ByChannel, func(k *tallyKey) any { return &k.channel }},
	{ByCampaign, func(k *tallyKey) any { return &k.campaign }},
	{byOfficial, func(k *tallyKey) any { return &k.official }},
	{byMark, func(k *tallyKey) any { return &k.mark }},
}

// isText tells whether its values are texts; else they are numbers.
func (d dimension) isText() bool {
	switch d.place(&tallyKey{}).(type) {
	case *string, *agency.Channel:
		return true
	}
	return false
}

// tallyTable is a table of tallies.
type tallyTable struct {
	name   string
	extra  []Dimension // those of byItem, byQuestion and byChoice that split it
	sums   []string    // of each there is what is shown, and under waiting() what waits
	groups []group
	// possible tells whether people can have answered so, as far as sums show it;
	// nil: whatever is not below zero.
	possible func(sums [mostSums]int64) bool
}

// group is sums that are shown together: when at least k people are among those
// that wait.
type group struct {
	people []int // the sums that say how many people they are
	sums   []int // all of them
}

// total is the only sum that may be below zero: of numbers that may.
const total = "total"

// mostSums is the number of sums of the widest table.
const mostSums = 8

var (
	// Who left all scale questions out is a response, and not one of the people;
	// those who answered questions with points are others again.
	peopleTable = tallyTable{"tally_people", nil, []string{
		"responses", "people", "all_satisfied", "share_sum", "share_sq_sum", "points_people", "points", "max_points",
	}, []group{{[]int{0}, []int{0}}, {[]int{1}, []int{1, 2, 3, 4}}, {[]int{5}, []int{5, 6, 7}}}, func(s [mostSums]int64) bool {
		return s[2] <= s[1] && s[6] <= s[7]
	}}
	// Who has no opinion is not among the people of an index.
	scaleTable = tallyTable{"tally_scale", []Dimension{byItem}, []string{"n0", "n1", "n2", "n3", "n4", "n5"},
		[]group{{[]int{0}, []int{0}}, {[]int{1, 2, 3, 4, 5}, []int{1, 2, 3, 4, 5}}}, nil}
	choiceTable = tallyTable{"tally_choice", []Dimension{byQuestion, byChoice}, []string{"n"}, []group{{[]int{0}, []int{0}}}, nil}
	// Points are 0, 1 and 2: so many gave one, and so many two.
	numberTable = tallyTable{"tally_number", []Dimension{byQuestion}, []string{"n", total, "squares"}, []group{{[]int{0}, []int{0, 1, 2}}}, func(s [mostSums]int64) bool {
		one, two := 2*s[1]-s[2], (s[2]-s[1])/2
		return one >= 0 && two >= 0 && one+two <= s[0]
	}}
)

// tallyTables are all there are. Whoever writes several writes them in this order.
var tallyTables = []tallyTable{peopleTable, scaleTable, choiceTable, numberTable}

// dimensions are those that split the table.
func (t tallyTable) dimensions() []dimension {
	return slices.DeleteFunc(slices.Clone(dimensions), func(d dimension) bool {
		return slices.Contains([]Dimension{byItem, byQuestion, byChoice}, d.name) && !slices.Contains(t.extra, d.name)
	})
}

// keys are the columns of the key, in its order.
func (t tallyTable) keys() []string {
	return mapSlice(t.dimensions(), func(d dimension) string { return string(d.name) })
}

// texts is how many columns of the key are texts.
func (t tallyTable) texts() (n int) {
	for _, d := range t.dimensions() {
		if d.isText() {
			n++
		}
	}
	return n
}

// waiting is the column of what waits of a sum.
func waiting(sum string) string { return "w_" + sum }

// counted is the sums of one row: what is shown, and what waits.
type counted struct{ shown, waits [mostSums]int64 }

func (c counted) plus(o counted) counted {
	for i := range c.shown {
		c.shown[i] += o.shown[i]
		c.waits[i] += o.waits[i]
	}
	return c
}

// size is how many people a group is, by some sums.
func (g group) size(sums [mostSums]int64) (n int64) {
	for _, i := range g.people {
		n += sums[i]
	}
	return n
}

// show shows the groups of which at least k people wait.
func (c *counted) show(t tallyTable, k int64) {
	for _, g := range t.groups {
		if g.size(c.waits) >= k {
			for _, i := range g.sums {
				c.shown[i], c.waits[i] = c.shown[i]+c.waits[i], 0
			}
		}
	}
}

// tallies are rows of each of tallyTables.
type tallies [4]map[tallyKey]counted

const (
	people = iota
	scale
	choices
	numbers
)

func newTallies() *tallies {
	t := &tallies{}
	for i := range t {
		t[i] = map[tallyKey]counted{}
	}
	return t
}

// wait adds sums that wait to a row of one of the tables.
func (t *tallies) wait(table int, k tallyKey, sums [mostSums]int64) {
	row := t[table][k]
	for i, n := range sums {
		row.waits[i] += n
	}
	t[table][k] = row
}

// add counts one response, times times: -1 takes it out.
func (t *tallies) add(k tallyKey, r survey.Response, times int64) { each(k, r, times, t.wait) }

// each gives what a response adds to which row, times times. What people are
// satisfied with is told by the levels as an index takes them, how many gave each
// level by those they gave.
func each(k tallyKey, r survey.Response, times int64, add func(table int, k tallyKey, sums [mostSums]int64)) {
	p := score.PersonOf(r.Judged).Add(score.PointsOf(r.Points))
	add(people, k, [mostSums]int64{
		times, times * p.N, times * p.AllSatisfied, times * p.ShareSum, times * p.ShareSqSum, times * p.PointsN, times * p.Points, times * p.MaxPoints,
	})
	for item, level := range r.Levels() {
		if level >= 0 {
			k := k
			k.item = item
			var n [mostSums]int64
			n[level] = times
			add(scale, k, n)
		}
	}
	for _, a := range r.Choices {
		for _, choice := range a.Choices {
			k := k
			k.question, k.choice = a.Question, choice
			add(choices, k, [mostSums]int64{times})
		}
	}
	for _, a := range r.Numbers {
		k := k
		k.question = a.Question
		add(numbers, k, [mostSums]int64{times, times * a.Value, times * a.Value * a.Value})
	}
}

// keyOfResponse is the row of tally_people that counts a response.
func keyOfResponse(r survey.Response) tallyKey {
	return tallyKey{
		half: civil.HalfMonthOf(r.Day), version: r.VersionID, field: r.FieldKey, agency: r.AgencyID, channel: r.Channel,
		point: r.ServicePointID, campaign: r.CampaignID, official: r.OfficialID, mark: r.Mark,
	}
}

// place is the row of tally_people that counts the same responses: the key
// without what the question was.
func (k tallyKey) place() tallyKey {
	k.item, k.question, k.choice = 0, "", ""
	return k
}

// writing is what writing the tallies as they are writes.
func (t *tallies) writing() writing {
	w := writing{}
	for _, rows := range t {
		for k, row := range rows {
			w.row(k, k.mark == 0 && row.shown != (counted{}).shown)
		}
	}
	return w
}

// addToTallies counts new responses, each table by one sorted upsert.
func (s tallier) addToTallies(ctx context.Context, tx *db.Tx, rs []*survey.Response) error {
	if len(rs) == 0 {
		return nil
	}
	t := s.batches.Get().(*tallies)
	defer s.batches.Put(t)
	for i := range t {
		clear(t[i])
	}
	for _, r := range rs {
		t.add(keyOfResponse(*r), *r, 1)
	}
	w, err := s.upsertTallies(ctx, tx, t, s.options.atOnce())
	if err != nil {
		return err
	}
	return s.noteChanges(ctx, tx, w)
}

// upsertTallies adds to the rows that there are. Where at least k responses wait
// then, what is complete of them is shown, in the same statement where something is
// added. Two batches that share a place wait for each other at its row of
// tally_people, so that the order of the others' rows does not matter. It tells what
// was written.
func (s tallier) upsertTallies(ctx context.Context, tx *db.Tx, t *tallies, k int64) (writing, error) {
	w := t.writing()
	complete := map[tallyKey]bool{}
	returned := func(rows *sql.Rows) error {
		place, waits, err := placeWaiting(rows)
		if place.lookedAt() && waits == 0 && t[people][place].waits[0] != 0 { // they came, and do not wait
			complete[place] = true
			w.row(place, true)
		}
		return err
	}
	for i, table := range tallyTables {
		added := sortedKeys(t[i])
		if i == people {
			if err := s.upsert(ctx, tx, table, added, t[i], k, " RETURNING "+placeAndWaiting(), returned); err != nil {
				return nil, err
			}
			continue
		}
		shown, rest := make([]tallyKey, 0, len(added)), make([]tallyKey, 0, len(added))
		for _, key := range added {
			if complete[key.place()] {
				shown = append(shown, key)
			} else {
				rest = append(rest, key)
			}
		}
		if err := s.upsert(ctx, tx, table, shown, t[i], k, "", nil); err != nil {
			return nil, err
		}
		if err := s.upsert(ctx, tx, table, rest, t[i], never, "", nil); err != nil {
			return nil, err
		}
	}
	return w, s.showComplete(ctx, tx, tallyTables[people+1:], slices.Collect(maps.Keys(complete)))
}

// upsert adds to rows of a table, and shows the groups of which at least k people
// wait then. returned is called for each row that the statement returns.
func (s tallier) upsert(ctx context.Context, tx *db.Tx, table tallyTable, keys []tallyKey, all map[tallyKey]counted, k int64, returning string, returned func(*sql.Rows) error) error {
	for part := range slices.Chunk(keys, s.db.MaxSetRows(table.texts())) {
		columns, shown := table.rows(part, all, k)
		query, args := s.db.InsertSet(table.name, columns, table.adding(columns, k, shown))
		var err error
		if returning == "" {
			_, err = tx.ExecContext(ctx, query, args...)
		} else {
			err = db.ScanAll(ctx, tx, query+returning, args, returned)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", table.name, err)
		}
	}
	return nil
}

// rows are the columns of some rows. What is complete by itself is shown, and anyShown
// tells whether anything is.
func (t tallyTable) rows(keys []tallyKey, all map[tallyKey]counted, k int64) (columns []db.Column, anyShown bool) {
	for _, d := range t.dimensions() {
		columns = append(columns, d.column(keys))
	}
	var shown, waits [mostSums][]int64
	for i, name := range t.sums {
		shown[i], waits[i] = make([]int64, len(keys)), make([]int64, len(keys))
		columns = append(columns, db.Column{Name: name, Type: "bigint", Values: shown[i]}, db.Column{Name: waiting(name), Type: "bigint", Values: waits[i]})
	}
	for n, key := range keys {
		row := all[key]
		if key.lookedAt() && k != never && (t.name != peopleTable.name || row.waits[0] >= k) {
			row.show(t, k)
		}
		for i := range t.sums {
			shown[i][n], waits[i][n] = row.shown[i], row.waits[i]
		}
		anyShown = anyShown || row.shown != (counted{}).shown
	}
	return someOf(columns), anyShown
}

// someOf leaves out the columns of which all values are 0, which must be what the table
// has by itself: a statement is as dear as it is long.
func someOf(columns []db.Column) []db.Column {
	return slices.DeleteFunc(columns, func(c db.Column) bool {
		values, numeric := c.Values.([]int64)
		return numeric && !slices.ContainsFunc(values, func(n int64) bool { return n != 0 })
	})
}

// column is the values of the dimension of some rows.
func (d dimension) column(keys []tallyKey) db.Column {
	if d.isText() {
		texts := make([]string, len(keys))
		for i := range keys {
			switch value := d.place(&keys[i]).(type) {
			case *string:
				texts[i] = *value
			case *agency.Channel:
				texts[i] = string(*value)
			}
		}
		return db.Column{Name: string(d.name), Type: "text", Values: texts}
	}
	numbers := make([]int64, len(keys))
	for i := range keys {
		switch value := d.place(&keys[i]).(type) {
		case *int64:
			numbers[i] = *value
		case *int:
			numbers[i] = int64(*value)
		case *civil.HalfMonth:
			numbers[i] = int64(*value)
		}
	}
	return db.Column{Name: string(d.name), Type: "bigint", Values: numbers}
}

// adding is the clause that adds columns to rows already there, of places that
// are looked at, and shows the groups of which at least k people wait then. k is
// never where nothing is looked at, and nothing is for what does not count. shown:
// some of what is added is itself shown, as a group or part of one.
func (t tallyTable) adding(columns []db.Column, k int64, shown bool) string {
	var set []string
	for _, g := range t.groups {
		together := func(i int) string {
			sum := fmt.Sprintf("%s.%s + excluded.%s", t.name, waiting(t.sums[i]), waiting(t.sums[i]))
			if shown {
				sum += " + excluded." + t.sums[i]
			}
			return sum
		}
		enough := fmt.Sprintf("%s.mark = 0 AND %s.service_point_id > 0 AND %s >= %d", t.name, t.name, strings.Join(mapSlice(g.people, together), " + "), k)
		if t.name == peopleTable.name {
			enough += fmt.Sprintf(" AND %s >= %d", together(0), k)
		}
		for _, i := range g.sums {
			n, w := t.sums[i], waiting(t.sums[i])
			if k != never {
				set = append(set,
					fmt.Sprintf("%s = %s.%s + excluded.%s + CASE WHEN %s THEN %s.%s + excluded.%s ELSE 0 END", n, t.name, n, n, enough, t.name, w, w),
					fmt.Sprintf("%s = CASE WHEN %s THEN 0 ELSE %s.%s + excluded.%s END", w, enough, t.name, w, w))
				continue
			}
			for _, name := range []string{n, w} {
				if slices.ContainsFunc(columns, func(c db.Column) bool { return c.Name == name }) {
					set = append(set, fmt.Sprintf("%s = %s.%s + excluded.%s", name, t.name, name, name))
				}
			}
		}
	}
	if len(set) == 0 {
		return "ON CONFLICT DO NOTHING"
	}
	return "ON CONFLICT (" + strings.Join(t.keys(), ", ") + ") DO UPDATE SET " + strings.Join(set, ", ")
}

// compare is the order of the keys of every table.
func (k tallyKey) compare(o tallyKey) int {
	return cmp.Or(
		cmp.Compare(k.half, o.half), cmp.Compare(k.version, o.version), cmp.Compare(k.agency, o.agency), cmp.Compare(k.item, o.item),
		strings.Compare(k.question, o.question), strings.Compare(k.choice, o.choice), strings.Compare(k.field, o.field),
		cmp.Compare(k.point, o.point), cmp.Compare(k.channel, o.channel), cmp.Compare(k.campaign, o.campaign), cmp.Compare(k.official, o.official), cmp.Compare(k.mark, o.mark),
	)
}

func sortedKeys(rows map[tallyKey]counted) []tallyKey {
	keys := slices.AppendSeq(make([]tallyKey, 0, len(rows)), maps.Keys(rows))
	slices.SortFunc(keys, tallyKey.compare)
	return keys
}
