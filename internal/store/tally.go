package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/db"
	"sipas/internal/score"
	"sipas/internal/survey"
)

// cell is the grain of a tally: one service point, judged agency, field,
// version, channel and month. Days are not kept: every period of the plans is
// made of whole months, and a month's cell keeps boards small (see the ADR on
// the grain of tallies).
type cell struct {
	month     int
	versionID int64
	fieldKey  string
	agencyID  int64
	channel   agency.Channel
	pointID   int64
}

func cellOf(r survey.Response) cell {
	return cell{r.Month(), r.VersionID, r.FieldKey, r.AgencyID, r.Channel, r.ServicePointID}
}

func (c cell) compare(o cell) int {
	return cmp.Or(
		cmp.Compare(c.month, o.month), cmp.Compare(c.versionID, o.versionID), strings.Compare(c.fieldKey, o.fieldKey),
		cmp.Compare(c.agencyID, o.agencyID), cmp.Compare(c.channel, o.channel), cmp.Compare(c.pointID, o.pointID),
	)
}

type scaleCell struct {
	cell
	item int
}

type choiceCell struct {
	cell
	question, choice string
}

// peopleCount is what tally_people holds for a cell.
type peopleCount struct {
	responses int64
	people    score.People
}

// tallies are the counts of some responses, by cell.
type tallies struct {
	people map[cell]peopleCount
	scale  map[scaleCell]score.Counts
	choice map[choiceCell]int64
}

func newTallies() *tallies {
	return &tallies{map[cell]peopleCount{}, map[scaleCell]score.Counts{}, map[choiceCell]int64{}}
}

// add counts one response. What people are satisfied with is told by the levels
// as an index takes them, how many gave each level by those they gave.
func (t *tallies) add(c cell, levels, judged []int, chosen []survey.ChosenAnswer, points []int) {
	p := t.people[c]
	p.responses++
	p.people = p.people.Add(score.PersonOf(judged)).Add(score.PointsOf(points))
	t.people[c] = p
	for item, level := range levels {
		if level >= 0 {
			k := scaleCell{c, item}
			counts := t.scale[k]
			counts[level]++
			t.scale[k] = counts
		}
	}
	for _, a := range chosen {
		for _, choice := range a.Choices {
			t.choice[choiceCell{c, a.Question, choice}]++
		}
	}
}

// addToTallies counts new responses, each table by one sorted upsert.
func (s *Store) addToTallies(ctx context.Context, tx *db.Tx, rs []survey.Response) error {
	if len(rs) == 0 {
		return nil
	}
	t := newTallies()
	for _, r := range rs {
		t.add(cellOf(r), r.Levels(), r.Judged, r.Choices, r.Points)
	}
	if err := s.upsertTallies(ctx, tx, t); err != nil {
		return err
	}
	return s.noteChanges(ctx, tx, t)
}

func (s *Store) upsertTallies(ctx context.Context, tx *db.Tx, t *tallies) error {
	for _, set := range t.sets() {
		for _, columns := range set.chunks(s.db.MaxSetRows(len(set.rows))) {
			query, args := s.db.InsertSet(set.name, columns, set.adding())
			if _, err := tx.ExecContext(ctx, query, args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// tallyTable is the columns of a table of tallies: those of a cell, further
// keys, and sums.
type tallyTable struct {
	name       string
	keys, sums []string
}

var (
	cellNames   = []string{"month", "version_id", "field_key", "agency_id", "channel", "service_point_id"}
	peopleTable = tallyTable{"tally_people", nil, []string{
		"responses", "people", "all_satisfied", "share_sum", "share_sq_sum", "points_people", "points", "max_points",
	}}
	scaleTable  = tallyTable{"tally_scale", []string{"item"}, []string{"n0", "n1", "n2", "n3", "n4", "n5"}}
	choiceTable = tallyTable{"tally_choice", []string{"question", "choice"}, []string{"n"}}
)

func (t tallyTable) columns() []string { return slices.Concat(cellNames, t.keys, t.sums) }

// sums are those of peopleTable, in its order.
func (p peopleCount) sums() [8]int64 {
	q := p.people
	return [...]int64{p.responses, q.N, q.AllSatisfied, q.ShareSum, q.ShareSqSum, q.PointsN, q.Points, q.MaxPoints}
}

// peoplePlaces are where the sums of peopleTable belong, in its order.
func peoplePlaces(responses *int64, p *score.People) []any {
	return []any{responses, &p.N, &p.AllSatisfied, &p.ShareSum, &p.ShareSqSum, &p.PointsN, &p.Points, &p.MaxPoints}
}

// tallySet is rows of one table, sorted by key.
type tallySet struct {
	tallyTable
	rows []db.Column
}

// set makes rows of the values of each column, each a []int64 or a []string.
func (t tallyTable) set(values ...any) tallySet {
	rows := make([]db.Column, len(values))
	for i, name := range t.columns() {
		rows[i] = db.Column{Name: name, Type: "text", Values: values[i]}
		if _, numeric := values[i].([]int64); numeric {
			rows[i].Type = "bigint"
		}
	}
	return tallySet{t, rows}
}

// sets renders the tallies, each table's rows in the order of their keys.
func (t *tallies) sets() []tallySet {
	people := sortedKeys(t.people, cell.compare)
	scale := sortedKeys(t.scale, func(a, b scaleCell) int {
		return cmp.Or(a.compare(b.cell), cmp.Compare(a.item, b.item))
	})
	choice := sortedKeys(t.choice, func(a, b choiceCell) int {
		return cmp.Or(a.compare(b.cell), strings.Compare(a.question, b.question), strings.Compare(a.choice, b.choice))
	})

	peopleValues := cellValues(people)
	sums := mapSlice(people, func(c cell) [8]int64 { return t.people[c].sums() })
	for i := range peopleTable.sums {
		peopleValues = append(peopleValues, mapSlice(sums, func(s [8]int64) int64 { return s[i] }))
	}
	scaleValues := append(cellValues(mapSlice(scale, func(c scaleCell) cell { return c.cell })),
		mapSlice(scale, func(c scaleCell) int64 { return int64(c.item) }))
	counts := mapSlice(scale, func(c scaleCell) score.Counts { return t.scale[c] })
	for level := range scaleTable.sums {
		scaleValues = append(scaleValues, mapSlice(counts, func(n score.Counts) int64 { return n[level] }))
	}
	choiceValues := append(cellValues(mapSlice(choice, func(c choiceCell) cell { return c.cell })),
		mapSlice(choice, func(c choiceCell) string { return c.question }),
		mapSlice(choice, func(c choiceCell) string { return c.choice }),
		mapSlice(choice, func(c choiceCell) int64 { return t.choice[c] }))
	return []tallySet{peopleTable.set(peopleValues...), scaleTable.set(scaleValues...), choiceTable.set(choiceValues...)}
}

func sortedKeys[K comparable, V any](m map[K]V, compare func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}

// cellValues are the columns cellNames, in their order.
func cellValues(cells []cell) []any {
	return []any{
		mapSlice(cells, func(c cell) int64 { return int64(c.month) }),
		mapSlice(cells, func(c cell) int64 { return c.versionID }),
		mapSlice(cells, func(c cell) string { return c.fieldKey }),
		mapSlice(cells, func(c cell) int64 { return c.agencyID }),
		mapSlice(cells, func(c cell) string { return string(c.channel) }),
		mapSlice(cells, func(c cell) int64 { return c.pointID }),
	}
}

// places are where the columns cellNames belong, in their order.
func (c *cell) places() []any {
	return []any{&c.month, &c.versionID, &c.fieldKey, &c.agencyID, &c.channel, &c.pointID}
}

// adding is the clause that adds to rows already there.
func (t tallyTable) adding() string {
	sums := mapSlice(t.sums, func(name string) string { return name + " = " + t.name + "." + name + " + excluded." + name })
	return "ON CONFLICT (" + strings.Join(slices.Concat(cellNames, t.keys), ", ") + ") DO UPDATE SET " + strings.Join(sums, ", ")
}

// chunks cuts the rows into sets of at most the given number.
func (s tallySet) chunks(most int) [][]db.Column {
	rows := len(s.rows[0].Values.([]int64)) // the month
	var sets [][]db.Column
	for from := 0; from < rows; from += most {
		to := min(from+most, rows)
		part := slices.Clone(s.rows)
		for i := range part {
			switch vs := part[i].Values.(type) {
			case []int64:
				part[i].Values = vs[from:to]
			case []string:
				part[i].Values = vs[from:to]
			}
		}
		sets = append(sets, part)
	}
	return sets
}
