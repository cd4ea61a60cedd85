package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

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
	channel   survey.Channel
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

// add counts one response.
func (t *tallies) add(c cell, levels []int, chosen []survey.ChosenAnswer, points []int) {
	p := t.people[c]
	p.responses++
	p.people = p.people.Add(score.PersonOf(levels)).Add(score.PointsOf(points))
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
func (s *Store) addToTallies(ctx context.Context, tx *sql.Tx, rs []survey.Response) error {
	if len(rs) == 0 {
		return nil
	}
	t := newTallies()
	for _, r := range rs {
		t.add(cellOf(r), r.Levels(), r.Choices, r.Points)
	}
	return s.upsertTallies(ctx, tx, t)
}

func (s *Store) upsertTallies(ctx context.Context, tx *sql.Tx, t *tallies) error {
	for _, set := range t.sets() {
		for _, columns := range set.chunks(s.dialect.maxSetRows(len(set.columns))) {
			query, args := s.dialect.insertSet(set.table, columns, set.adding())
			if _, err := tx.ExecContext(ctx, query, args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// tallySet is the rows of one tally table, sorted by key: the first keys
// columns are the key, the others are added to what is there.
type tallySet struct {
	table   string
	columns []column
	keys    int
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
	var sets []tallySet
	if len(people) > 0 {
		count := func(name string, of func(peopleCount) int64) column {
			return column{name, "bigint", mapSlice(people, func(c cell) int64 { return of(t.people[c]) })}
		}
		columns := cellColumns(people)
		sets = append(sets, tallySet{"tally_people", append(columns,
			count("responses", func(p peopleCount) int64 { return p.responses }),
			count("people", func(p peopleCount) int64 { return p.people.N }),
			count("all_satisfied", func(p peopleCount) int64 { return p.people.AllSatisfied }),
			count("share_sum", func(p peopleCount) int64 { return p.people.ShareSum }),
			count("share_sq_sum", func(p peopleCount) int64 { return p.people.ShareSqSum }),
			count("points_people", func(p peopleCount) int64 { return p.people.PointsN }),
			count("points", func(p peopleCount) int64 { return p.people.Points }),
			count("max_points", func(p peopleCount) int64 { return p.people.MaxPoints }),
		), len(columns)})
	}
	if len(scale) > 0 {
		columns := append(cellColumns(mapSlice(scale, func(c scaleCell) cell { return c.cell })),
			column{"item", "integer", mapSlice(scale, func(c scaleCell) int64 { return int64(c.item) })})
		keys := len(columns)
		for level, name := range levelColumns {
			columns = append(columns, column{name, "bigint", mapSlice(scale, func(c scaleCell) int64 { return t.scale[c][level] })})
		}
		sets = append(sets, tallySet{"tally_scale", columns, keys})
	}
	if len(choice) > 0 {
		columns := append(cellColumns(mapSlice(choice, func(c choiceCell) cell { return c.cell })),
			column{"question", "text", mapSlice(choice, func(c choiceCell) string { return c.question })},
			column{"choice", "text", mapSlice(choice, func(c choiceCell) string { return c.choice })})
		sets = append(sets, tallySet{"tally_choice",
			append(columns, column{"n", "bigint", mapSlice(choice, func(c choiceCell) int64 { return t.choice[c] })}), len(columns)})
	}
	return sets
}

// levelColumns are the columns of score.Counts, by level.
var levelColumns = [...]string{"n0", "n1", "n2", "n3", "n4", "n5"}

func sortedKeys[K comparable, V any](m map[K]V, compare func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}

func cellColumns(cells []cell) []column {
	return []column{
		{"month", "integer", mapSlice(cells, func(c cell) int64 { return int64(c.month) })},
		{"version_id", "bigint", mapSlice(cells, func(c cell) int64 { return c.versionID })},
		{"field_key", "text", mapSlice(cells, func(c cell) string { return c.fieldKey })},
		{"agency_id", "bigint", mapSlice(cells, func(c cell) int64 { return c.agencyID })},
		{"channel", "text", mapSlice(cells, func(c cell) string { return string(c.channel) })},
		{"service_point_id", "bigint", mapSlice(cells, func(c cell) int64 { return c.pointID })},
	}
}

// adding is the clause that adds to rows already there.
func (s tallySet) adding() string {
	var keys, sums []string
	for i, c := range s.columns {
		if i < s.keys {
			keys = append(keys, c.name)
		} else {
			sums = append(sums, c.name+" = "+s.table+"."+c.name+" + excluded."+c.name)
		}
	}
	return "ON CONFLICT (" + strings.Join(keys, ", ") + ") DO UPDATE SET " + strings.Join(sums, ", ")
}

// chunks cuts the rows into sets of at most the given number.
func (s tallySet) chunks(most int) [][]column {
	rows := len(s.columns[0].values.([]int64)) // the month
	var sets [][]column
	for from := 0; from < rows; from += most {
		to := min(from+most, rows)
		part := slices.Clone(s.columns)
		for i := range part {
			switch vs := part[i].values.(type) {
			case []int64:
				part[i].values = vs[from:to]
			case []string:
				part[i].values = vs[from:to]
			}
		}
		sets = append(sets, part)
	}
	return sets
}
