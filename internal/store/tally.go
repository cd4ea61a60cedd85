package store

import (
	"cmp"
	"context"
	"fmt"
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
	{ByPoint, func(k *tallyKey) any { return &k.point }},
	{ByField, func(k *tallyKey) any { return &k.field }},
	{ByChannel, func(k *tallyKey) any { return &k.channel }},
	{ByCampaign, func(k *tallyKey) any { return &k.campaign }},
	{byMark, func(k *tallyKey) any { return &k.mark }},
}

// tallyTable is a table of tallies.
type tallyTable struct {
	name   string
	extra  []Dimension // those of byItem, byQuestion and byChoice that split it
	sums   []string    // of each there is what is shown, and under waiting() what waits
	groups []group
}

// group is sums that are shown together: when at least k people are among those
// that wait.
type group struct {
	people []int // the sums that say how many people they are
	sums   []int // all of them
}

// mostSums is the number of sums of the widest table.
const mostSums = 8

var (
	// Who left all scale questions out is a response, and not one of the people;
	// those who answered questions with points are others again.
	peopleTable = tallyTable{"tally_people", nil, []string{
		"responses", "people", "all_satisfied", "share_sum", "share_sq_sum", "points_people", "points", "max_points",
	}, []group{{[]int{0}, []int{0}}, {[]int{1}, []int{1, 2, 3, 4}}, {[]int{5}, []int{5, 6, 7}}}}
	// Who has no opinion is not among the people of an index.
	scaleTable = tallyTable{"tally_scale", []Dimension{byItem}, []string{"n0", "n1", "n2", "n3", "n4", "n5"},
		[]group{{[]int{0}, []int{0}}, {[]int{1, 2, 3, 4, 5}, []int{1, 2, 3, 4, 5}}}}
	choiceTable = tallyTable{"tally_choice", []Dimension{byQuestion, byChoice}, []string{"n"}, []group{{[]int{0}, []int{0}}}}
	numberTable = tallyTable{"tally_number", []Dimension{byQuestion}, []string{"n", "total", "squares"}, []group{{[]int{0}, []int{0, 1, 2}}}}
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
		switch d.place(&tallyKey{}).(type) {
		case *string, *agency.Channel:
			n++
		}
	}
	return n
}

// waiting is the column of what waits of a sum.
func waiting(sum string) string { return "w_" + sum }

func (t tallyTable) columns() []string {
	return slices.Concat(t.keys(), t.sums, mapSlice(t.sums, waiting))
}

// counted is the sums of one row: what is shown, and what waits.
type counted struct{ shown, waits [mostSums]int64 }

func (c counted) all() (sums [mostSums]int64) {
	for i := range sums {
		sums[i] = c.shown[i] + c.waits[i]
	}
	return sums
}

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

// tallying counts responses one by one.
type tallying struct {
	*tallies
	k int64 // how many who wait are shown; 0: nobody is
}

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
func (t tallying) wait(table int, k tallyKey, sums ...int64) {
	row := t.tallies[table][k]
	for i, n := range sums {
		row.waits[i] += n
	}
	if t.k > 0 {
		row.show(tallyTables[table], t.k)
	}
	t.tallies[table][k] = row
}

// add counts one response, times times: -1 takes it out. What people are
// satisfied with is told by the levels as an index takes them, how many gave each
// level by those they gave.
func (t tallying) add(k tallyKey, r survey.Response, times int64) {
	p := score.PersonOf(r.Judged).Add(score.PointsOf(r.Points))
	t.wait(people, k, times, times*p.N, times*p.AllSatisfied, times*p.ShareSum, times*p.ShareSqSum, times*p.PointsN, times*p.Points, times*p.MaxPoints)
	for item, level := range r.Levels() {
		if level >= 0 {
			k := k
			k.item = item
			var n [6]int64
			n[level] = times
			t.wait(scale, k, n[:]...)
		}
	}
	for _, a := range r.Choices {
		for _, choice := range a.Choices {
			k := k
			k.question, k.choice = a.Question, choice
			t.wait(choices, k, times)
		}
	}
	for _, a := range r.Numbers {
		k := k
		k.question = a.Question
		t.wait(numbers, k, times, times*a.Value, times*a.Value*a.Value)
	}
}

// keyOfResponse is the row of tally_people that counts a response.
func keyOfResponse(r survey.Response) tallyKey {
	return tallyKey{
		half: civil.HalfMonthOf(r.Day), version: r.VersionID, field: r.FieldKey, agency: r.AgencyID, channel: r.Channel,
		point: r.ServicePointID, campaign: r.CampaignID, mark: r.Mark,
	}
}

// halves lists the half months that the tallies are of.
func (t *tallies) halves() []civil.HalfMonth {
	var halves []civil.HalfMonth
	for _, rows := range t {
		for k := range rows {
			halves = append(halves, k.half)
		}
	}
	slices.Sort(halves)
	return slices.Compact(halves)
}

// addToTallies counts new responses, each table by one sorted upsert.
func (s *Store) addToTallies(ctx context.Context, tx *db.Tx, rs []survey.Response) error {
	if len(rs) == 0 {
		return nil
	}
	t := newTallies()
	for _, r := range rs {
		tallying{tallies: t}.add(keyOfResponse(r), r, 1)
	}
	if err := s.upsertTallies(ctx, tx, t, s.options.atOnce()); err != nil {
		return err
	}
	return s.noteChanges(ctx, tx, t.halves())
}

// upsertTallies adds to the rows that there are. What waits in a row together with
// what is added is shown if it is at least k people.
func (s *Store) upsertTallies(ctx context.Context, tx *db.Tx, t *tallies, k int64) error {
	for i, table := range tallyTables {
		keys := sortedKeys(t[i])
		for part := range slices.Chunk(keys, s.db.MaxSetRows(table.texts())) {
			columns, shown := table.rows(part, t[i], k)
			query, args := s.db.InsertSet(table.name, columns, table.adding(k, shown))
			if _, err := tx.ExecContext(ctx, query, args...); err != nil {
				return fmt.Errorf("%s: %w", table.name, err)
			}
		}
	}
	return nil
}

// rows are the columns of some rows, but for those of which all are 0: that is
// what the table has by itself, and a statement is as dear as it is long. What is at
// least k people by itself is shown, and anyShown tells whether there is such a row.
func (t tallyTable) rows(keys []tallyKey, all map[tallyKey]counted, k int64) (columns []db.Column, anyShown bool) {
	for _, d := range t.dimensions() {
		columns = append(columns, d.column(keys))
	}
	shown := make([][]int64, len(t.sums))
	waits := make([][]int64, len(t.sums))
	for i := range t.sums {
		shown[i], waits[i] = make([]int64, len(keys)), make([]int64, len(keys))
	}
	for n, key := range keys {
		row := all[key]
		row.show(t, k)
		for i := range t.sums {
			shown[i][n], waits[i][n] = row.shown[i], row.waits[i]
			anyShown = anyShown || row.shown[i] != 0
		}
	}
	for i, name := range t.sums {
		columns = append(columns, db.Column{Name: name, Type: "bigint", Values: shown[i]}, db.Column{Name: waiting(name), Type: "bigint", Values: waits[i]})
	}
	return slices.DeleteFunc(columns, func(c db.Column) bool {
		values, numeric := c.Values.([]int64)
		return numeric && !slices.ContainsFunc(values, func(n int64) bool { return n != 0 })
	}), anyShown
}

// column is the values of the dimension of some rows.
func (d dimension) column(keys []tallyKey) db.Column {
	texts, numbers := make([]string, len(keys)), make([]int64, len(keys))
	isText := false
	for i := range keys {
		switch value := d.place(&keys[i]).(type) {
		case *string:
			texts[i], isText = *value, true
		case *agency.Channel:
			texts[i], isText = string(*value), true
		case *int64:
			numbers[i] = *value
		case *int:
			numbers[i] = int64(*value)
		case *civil.HalfMonth:
			numbers[i] = int64(*value)
		}
	}
	if isText {
		return db.Column{Name: string(d.name), Type: "text", Values: texts}
	}
	return db.Column{Name: string(d.name), Type: "bigint", Values: numbers}
}

// adding is the clause that adds to rows already there, and shows the groups of
// which at least k people wait then. shown: some of what is added is itself shown.
func (t tallyTable) adding(k int64, shown bool) string {
	var set []string
	for _, g := range t.groups {
		together := func(i int) string {
			n := t.sums[i]
			sum := t.name + "." + waiting(n) + " + excluded." + waiting(n)
			if shown {
				sum += " + excluded." + n
			}
			return sum
		}
		people := strings.Join(mapSlice(g.people, together), " + ")
		for _, i := range g.sums {
			n := t.sums[i]
			set = append(set,
				fmt.Sprintf("%s = %s.%s + CASE WHEN %s >= %d THEN %s ELSE 0 END", n, t.name, n, people, k, together(i)),
				fmt.Sprintf("%s = CASE WHEN %s >= %d THEN 0 ELSE %s END", waiting(n), people, k, together(i)))
		}
	}
	return "ON CONFLICT (" + strings.Join(t.keys(), ", ") + ") DO UPDATE SET " + strings.Join(set, ", ")
}

// compare is the order of the keys of every table.
func (k tallyKey) compare(o tallyKey) int {
	return cmp.Or(
		cmp.Compare(k.half, o.half), cmp.Compare(k.version, o.version), cmp.Compare(k.agency, o.agency), cmp.Compare(k.item, o.item),
		strings.Compare(k.question, o.question), strings.Compare(k.choice, o.choice), cmp.Compare(k.point, o.point),
		strings.Compare(k.field, o.field), cmp.Compare(k.channel, o.channel), cmp.Compare(k.campaign, o.campaign), cmp.Compare(k.mark, o.mark),
	)
}

func sortedKeys(rows map[tallyKey]counted) []tallyKey {
	keys := make([]tallyKey, 0, len(rows))
	for k := range rows {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, tallyKey.compare)
	return keys
}
