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
)

// Figures reads what is shown of the tallies.
type Figures struct{ from *db.DB }

// Dimension is something tallies can be split by.
type Dimension string

// The dimensions. Version always splits, and so do item, question and choice where
// a table has them.
const (
	ByHalfMonth Dimension = "half_month"
	ByField     Dimension = "field_key"
	ByAgency    Dimension = "agency_id"
	ByPoint     Dimension = "service_point_id"
	ByChannel   Dimension = "channel"
	ByCampaign  Dimension = "campaign_id"

	byVersion  Dimension = "version_id"
	byItem     Dimension = "item"
	byQuestion Dimension = "question"
	byChoice   Dimension = "choice"
	byOfficial Dimension = "official_id"
	byMark     Dimension = "mark"
)

// TallyQuery says which cells are summed, and by what the sums are split. Only
// what is shown is summed, of responses that count. An empty list does not restrict.
type TallyQuery struct {
	From, Before civil.HalfMonth // the first, and the one after the last
	AgencyIDs    []int64
	FieldKeys    []string
	VersionIDs   []int64
	Channels     []agency.Channel
	Slots        []int         // of the agencies
	OfficialID   int64         // who served; 0: whoever did
	CampaignID   int64         // 0: all, and what is of none
	Items        []VersionItem // scale tallies only
	Holders      Holders
	By           []Dimension
}

// VersionItem names one scale question of one version.
type VersionItem struct {
	VersionID int64
	Item      int
}

// Cell says what a sum is of: the fields of the dimensions asked for are set.
type Cell struct {
	VersionID      int64
	HalfMonth      civil.HalfMonth
	FieldKey       string
	AgencyID       int64
	ServicePointID int64 // or HeldByUnit, HeldOfPublicServices
	Channel        agency.Channel
	CampaignID     int64
}

// Who holds a tally, in the place of a service point. What waited at the points
// at a cut-off day is held by larger units; that of hospitals, stations and
// schools apart from that of agencies, since other indicators count it.
const (
	HeldByUnit           = 0
	HeldOfPublicServices = -1
)

// Holders tells the tallies of service points from those that units hold.
type Holders int

// The holders. Units have few tallies, and of these an index.
const (
	Everybody Holders = iota
	Points
	Units
)

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

// NumberTally is the numbers that people gave to one question. A question with
// points is such a one, too.
type NumberTally struct {
	Cell
	Question          string
	N, Total, Squares int64 // people, the sum of their numbers, and of the squares
}

// ScaleTallies sums the counts of scale questions.
func (f Figures) ScaleTallies(ctx context.Context, q TallyQuery) ([]ScaleTally, error) {
	return readTallies(ctx, f, q, scaleTable, func(t *ScaleTally) (*Cell, []any) {
		c := &t.Counts
		return &t.Cell, []any{&t.Item, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5]}
	})
}

// PeopleTallies sums the respondent-level measures.
func (f Figures) PeopleTallies(ctx context.Context, q TallyQuery) ([]PeopleTally, error) {
	q.Items = nil
	return readTallies(ctx, f, q, peopleTable, func(t *PeopleTally) (*Cell, []any) {
		p := &t.People
		return &t.Cell, []any{&t.Responses, &p.N, &p.AllSatisfied, &p.ShareSum, &p.ShareSqSum, &p.PointsN, &p.Points, &p.MaxPoints}
	})
}

// ChoiceTallies sums how often each choice was chosen.
func (f Figures) ChoiceTallies(ctx context.Context, q TallyQuery) ([]ChoiceTally, error) {
	q.Items = nil
	return readTallies(ctx, f, q, choiceTable, func(t *ChoiceTally) (*Cell, []any) {
		return &t.Cell, []any{&t.Question, &t.Choice, &t.N}
	})
}

// NumberTallies sums the numbers given.
func (f Figures) NumberTallies(ctx context.Context, q TallyQuery) ([]NumberTally, error) {
	q.Items = nil
	return readTallies(ctx, f, q, numberTable, func(t *NumberTally) (*Cell, []any) {
		return &t.Cell, []any{&t.Question, &t.N, &t.Total, &t.Squares}
	})
}

// Answered tells whether at least so many responses of a year are shown. It reads
// no more rows than that: in the order of the key, else Postgres would rather look
// for them from the beginning of the table.
func (f Figures) Answered(ctx context.Context, year int, least int64) (bool, error) {
	var n int64
	err := f.from.QueryRow(ctx, `SELECT CAST(COALESCE(SUM(responses), 0) AS BIGINT) FROM (
		SELECT responses FROM tally_people WHERE half_month BETWEEN $1 AND $2 AND mark = 0 AND responses > 0 ORDER BY half_month LIMIT $3) counted`,
		year*10000, year*10000+9999, least).Scan(&n)
	return n >= least, db.Failed("count the responses of a year", err)
}

// Agencies lists the judged agencies that service points have tallies of. A query
// that names those of some slots can seek them.
func (f Figures) Agencies(ctx context.Context, q TallyQuery) ([]int64, error) {
	q.Holders, q.Items = Points, nil
	w := q.where()
	var ids []int64
	err := f.from.Query(ctx, "SELECT DISTINCT agency_id FROM tally_people WHERE "+w.sql(), w.args, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, db.Failed("list the agencies of tallies", err)
}

// readTallies runs a query over one table: fields gives the places of its keys
// and sums.
func readTallies[T any](ctx context.Context, f Figures, q TallyQuery, table tallyTable, fields func(*T) (*Cell, []any)) ([]T, error) {
	query, args := q.render(table)
	var result []T
	var t T
	cell, rest := fields(&t)
	places, keys := append(q.places(cell), rest...), keys{}
	err := f.from.Query(ctx, query, args, func(rows *sql.Rows) error {
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
		places = append(places, map[Dimension]any{
			ByHalfMonth: &c.HalfMonth, ByField: &c.FieldKey, ByAgency: &c.AgencyID, ByPoint: &c.ServicePointID,
			ByChannel: &c.Channel, ByCampaign: &c.CampaignID,
		}[d])
	}
	return places
}

func (q TallyQuery) render(table tallyTable) (string, []any) {
	group := append([]Dimension{byVersion}, q.By...)
	group = append(group, table.extra...)
	named := func(d Dimension) string { return string(d) }
	selected := mapSlice(group, named)
	for _, name := range table.sums {
		// A sum of bigint is numeric on Postgres; the counts stay far below 2^63.
		selected = append(selected, "CAST(SUM("+name+") AS BIGINT)")
	}
	w := q.where()
	// Grouped in the order of the key, rows come out of it sorted.
	place := func(d Dimension) int {
		return slices.IndexFunc(dimensions, func(o dimension) bool { return o.name == d })
	}
	slices.SortStableFunc(group, func(a, b Dimension) int { return cmp.Compare(place(a), place(b)) })
	columns := strings.Join(mapSlice(group, named), ", ")
	return "SELECT " + strings.Join(selected, ", ") + " FROM " + table.name + " WHERE " + w.sql() +
		" GROUP BY " + columns + " HAVING " + table.someShown() + " ORDER BY " + columns, w.args
}

// where is the condition on the cells.
func (q TallyQuery) where() where {
	w := where{}
	if halves := civil.HalfMonths(q.From, q.Before); len(halves) <= mostHalves {
		in(&w, string(ByHalfMonth), halves)
	} else {
		w.add("half_month >= ? AND half_month < ?", q.From, q.Before)
	}
	w.add("mark = 0")
	switch q.Holders {
	case Everybody:
	case Points:
		w.add("service_point_id > 0")
	case Units:
		w.add("service_point_id <= 0")
	}
	in(&w, "agency_id", q.AgencyIDs)
	in(&w, fmt.Sprintf("agency_id %% %d", Slots), q.Slots)
	in(&w, "field_key", q.FieldKeys)
	in(&w, "version_id", q.VersionIDs)
	in(&w, "channel", q.Channels)
	if q.OfficialID != 0 { // said twice, so that SQLite seeks by the index of those that have one
		w.add("official_id > 0 AND official_id = ?", q.OfficialID)
	}
	if q.CampaignID != 0 {
		w.add("campaign_id = ?", q.CampaignID)
	}
	q.only(&w)
	return w
}

// only leaves the questions asked for, of each version.
func (q TallyQuery) only(w *where) {
	items := map[int64][]int{}
	for _, it := range q.Items {
		items[it.VersionID] = append(items[it.VersionID], it.Item)
	}
	var of where
	for _, version := range slices.Sorted(maps.Keys(items)) {
		var one where
		one.add("version_id = ?", version)
		in(&one, "item", items[version])
		of.add("("+strings.Join(one.terms, " AND ")+")", one.args...)
	}
	if len(of.terms) > 0 {
		w.add("("+strings.Join(of.terms, " OR ")+")", of.args...)
	}
}

// someShown is the condition that something is shown in a sum. At a unit it may be
// people alone, whose responses were shown below it.
func (t tallyTable) someShown() string {
	var some []string
	for _, g := range t.groups {
		some = append(some, strings.Join(mapSlice(g.people, func(i int) string { return "SUM(" + t.sums[i] + ")" }), " + ")+" <> 0")
	}
	return "(" + strings.Join(some, " OR ") + ")"
}

// mostHalves is up to how many half months are listed one by one, which lets the
// databases seek by the whole key; BETWEEN would read every item of the span.
const mostHalves = 48

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
