package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/db"
	"sipas/internal/score"
)

// Dimension is something tallies can be split by.
type Dimension string

// The dimensions. Version and, for scale tallies, item always split.
const (
	ByMonth   Dimension = "month"
	ByField   Dimension = "field_key"
	ByAgency  Dimension = "agency_id"
	ByPoint   Dimension = "service_point_id"
	ByChannel Dimension = "channel"
)

// TallyQuery says which cells are summed, and by what the sums are split.
// An empty list does not restrict.
type TallyQuery struct {
	FromMonth, ToMonth int // for example 202501 to 202512, both included
	AgencyIDs          []int64
	ServicePointIDs    []int64
	FieldKeys          []string
	VersionIDs         []int64
	Channels           []agency.Channel
	Items              []VersionItem // scale tallies only
	By                 []Dimension
}

// VersionItem names one scale question of one version.
type VersionItem struct {
	VersionID int64
	Item      int
}

// Cell says what a sum is of: the fields of the dimensions asked for are set.
type Cell struct {
	VersionID      int64
	Month          int
	FieldKey       string
	AgencyID       int64
	ServicePointID int64
	Channel        agency.Channel
}

// ScaleTally is how many people chose each level of one scale question.
type ScaleTally struct {
	Cell
	Item   int
	Counts score.Counts
}

// PeopleTally is the respondent-level sums of a cell.
type PeopleTally struct {
	Cell
	Responses int64
	People    score.People
}

// ChoiceTally is how many people chose one choice.
type ChoiceTally struct {
	Cell
	Question, Choice string
	N                int64
}

// ScaleTallies sums the counts of scale questions.
func (s *Store) ScaleTallies(ctx context.Context, q TallyQuery) ([]ScaleTally, error) {
	return readTallies(ctx, s, q, scaleTable, func(t *ScaleTally) (*Cell, []any) {
		c := &t.Counts
		return &t.Cell, []any{&t.Item, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5]}
	})
}

// PeopleTallies sums the respondent-level measures.
func (s *Store) PeopleTallies(ctx context.Context, q TallyQuery) ([]PeopleTally, error) {
	q.Items = nil
	return readTallies(ctx, s, q, peopleTable, func(t *PeopleTally) (*Cell, []any) {
		return &t.Cell, peoplePlaces(&t.Responses, &t.People)
	})
}

// ChoiceTallies sums how often each choice was chosen.
func (s *Store) ChoiceTallies(ctx context.Context, q TallyQuery) ([]ChoiceTally, error) {
	q.Items = nil
	return readTallies(ctx, s, q, choiceTable, func(t *ChoiceTally) (*Cell, []any) {
		return &t.Cell, []any{&t.Question, &t.Choice, &t.N}
	})
}

// Answered tells whether a year has at least so many responses. It reads no more
// rows than that.
func (s *Store) Answered(ctx context.Context, year int, least int64) (bool, error) {
	var n int64
	err := s.db.QueryRow(ctx, `SELECT CAST(COALESCE(SUM(responses), 0) AS BIGINT) FROM (
		SELECT responses FROM tally_people WHERE month BETWEEN $1 AND $2 AND responses > 0 LIMIT $3) counted`,
		year*100+1, year*100+12, least).Scan(&n)
	return n >= least, db.Failed("count the responses of a year", err)
}

// readTallies runs a query over one table: fields gives the places of its keys
// and sums.
func readTallies[T any](ctx context.Context, s *Store, q TallyQuery, table tallyTable, fields func(*T) (*Cell, []any)) ([]T, error) {
	query, args := q.render(table)
	var result []T
	keys := keys{}
	err := s.db.Query(ctx, query, args, func(rows *sql.Rows) error {
		var t T
		cell, rest := fields(&t)
		places := append(q.places(cell), rest...)
		err := rows.Scan(places...)
		keys.share(places)
		result = append(result, t)
		return err
	})
	if err != nil {
		return nil, db.Failed("read "+table.name, err)
	}
	return result, nil
}

// keys are the few texts that all rows of a table repeat, each kept once.
type keys map[string]string

func (k keys) share(places []any) {
	for _, place := range places {
		switch text := place.(type) {
		case *string:
			*text = k.one(*text)
		case *agency.Channel:
			*text = agency.Channel(k.one(string(*text)))
		}
	}
}

func (k keys) one(text string) string {
	known, ok := k[text]
	if !ok {
		known, k[text] = text, text
	}
	return known
}

// places are where the values of the grouping columns of a row belong.
func (q TallyQuery) places(c *Cell) []any {
	places := []any{&c.VersionID}
	for _, d := range q.By {
		switch d {
		case ByMonth:
			places = append(places, &c.Month)
		case ByField:
			places = append(places, &c.FieldKey)
		case ByAgency:
			places = append(places, &c.AgencyID)
		case ByPoint:
			places = append(places, &c.ServicePointID)
		case ByChannel:
			places = append(places, &c.Channel)
		}
	}
	return places
}

func (q TallyQuery) render(table tallyTable) (string, []any) {
	group := []string{"version_id"}
	for _, d := range q.By {
		group = append(group, string(d))
	}
	group = append(group, table.keys...)
	selected := append([]string{}, group...)
	for _, name := range table.sums {
		// A sum of bigint is numeric on Postgres; the counts stay far below 2^63.
		selected = append(selected, "CAST(SUM("+name+") AS BIGINT)")
	}
	w := where{}
	if months := monthsBetween(q.FromMonth, q.ToMonth); len(months) <= mostMonths {
		in(&w, "month", months)
	} else {
		w.add("month BETWEEN ? AND ?", q.FromMonth, q.ToMonth)
	}
	in(&w, "agency_id", q.AgencyIDs)
	in(&w, "service_point_id", q.ServicePointIDs)
	in(&w, "field_key", q.FieldKeys)
	in(&w, "version_id", q.VersionIDs)
	in(&w, "channel", q.Channels)
	if len(q.Items) > 0 {
		var pairs []string
		var args []any
		var items []int
		for _, it := range q.Items {
			pairs = append(pairs, "(version_id = ? AND item = ?)")
			args = append(args, it.VersionID, it.Item)
			if !slices.Contains(items, it.Item) {
				items = append(items, it.Item)
			}
		}
		in(&w, "item", items)
		w.add("("+strings.Join(pairs, " OR ")+")", args...)
	}
	slices.SortFunc(group, func(a, b string) int { return slices.Index(keyOrder[:], a) - slices.Index(keyOrder[:], b) })
	columns := strings.Join(group, ", ")
	return "SELECT " + strings.Join(selected, ", ") + " FROM " + table.name + " WHERE " + w.sql() +
		" GROUP BY " + columns + " ORDER BY " + columns, w.args
}

// keyOrder is the order of the columns in the keys of the tallies: grouped in
// it, rows come out of the key sorted.
var keyOrder = [...]string{
	"month", "version_id", "item", "question", "choice", "field_key", "agency_id", "channel", "service_point_id",
}

// mostMonths is up to how many months are listed one by one, which lets the
// databases seek by the whole key; BETWEEN would read every item of the span.
const mostMonths = 24

// monthsBetween lists the months from 202501 to 202512 and the like.
func monthsBetween(from, to int) []int {
	var months []int
	for m := from; m <= to && len(months) <= mostMonths; {
		months = append(months, m)
		if m++; m%100 > 12 {
			m += 88
		}
	}
	return months
}

// where collects the terms of a condition; `?` stands for an argument.
type where struct {
	terms []string
	args  []any
}

func (w *where) add(term string, args ...any) {
	w.terms = append(w.terms, term)
	w.args = append(w.args, args...)
}

// sql joins the terms and numbers their arguments: $1, $2, ...
func (w *where) sql() string {
	var b strings.Builder
	n := 0
	for _, c := range strings.Join(w.terms, " AND ") {
		if c == '?' {
			n++
			fmt.Fprintf(&b, "$%d", n)
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func in[T any](w *where, column string, values []T) {
	if len(values) == 0 {
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	w.add(column+" IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ")+")", args...)
}
