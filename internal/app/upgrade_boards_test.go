package app_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"maps"
	"net/url"
	"strconv"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// place is where answers wait for each other: at a service point, or later at a unit.
type place struct {
	agency, holder, version int64
	field                   string
	channel                 agency.Channel
}

// counter is what people said of one thing at a place.
type counter struct {
	place
	thing string // a question's key, came or judged
}

const (
	came   = "(who answered)"
	judged = "(who judged something)"
)

// levels are people by what they said: 0 for what everybody says.
type levels [6]int

func (l levels) people() (n int) {
	for _, one := range l {
		n += one
	}
	return n
}

func (l levels) and(o levels) levels {
	for i := range l {
		l[i] += o[i]
	}
	return l
}

// groups is the rule of boards once more, with nothing of the program's own
// counting: answers in the order in which they came are shown together when k
// have come to a place, each thing of which k people said something.
type groups struct {
	k     int
	snap  *registry.Snapshot
	waits map[counter]levels
	shown map[civil.HalfMonth]map[counter]levels
}

func (g *groups) show(h civil.HalfMonth, c counter) {
	if l := g.waits[c]; l.people() >= g.k {
		if g.shown[h] == nil {
			g.shown[h] = map[counter]levels{}
		}
		g.shown[h][c] = g.shown[h][c].and(l)
		delete(g.waits, c)
	}
}

func (g *groups) wait(c counter, l levels) { g.waits[c] = g.waits[c].and(l) }

// answer is one person's answer.
func (g *groups) answer(h civil.HalfMonth, at place, said map[string]levels) {
	for thing, l := range said {
		g.wait(counter{at, thing}, l)
	}
	if g.waits[counter{at, came}].people() < g.k {
		return
	}
	for c := range maps.Clone(g.waits) {
		if c.place == at {
			g.show(h, c)
		}
	}
}

// end is the end of a half month: at a cut-off day what waits is put together in
// the agency, and where that is still too few, in the one above. What waits where
// somebody has come since it was looked at stays apart until k have.
func (g *groups) end(h civil.HalfMonth) {
	if !civil.ReportCutOffs().Ends(h) {
		return
	}
	waited := g.waits
	g.waits = map[counter]levels{}
	fresh := &groups{waits: map[counter]levels{}}
	for c, l := range waited {
		to := g
		if waited[counter{c.place, came}].people() > 0 {
			to = fresh
		}
		if a, _ := g.snap.Tree.Agency(c.agency); c.holder > 0 && a.Kind.Administrative() {
			c.holder = 0
		} else if c.holder > 0 {
			c.holder = -1
		}
		c.channel = ""
		to.wait(c, l)
	}
	const deepest = 10
	for depth := deepest; depth >= 0; depth-- {
		at := func(waits map[counter]levels) map[counter]levels {
			here := maps.Clone(waits)
			maps.DeleteFunc(here, func(c counter, _ levels) bool { return len(g.snap.Tree.Path(c.agency)) != depth })
			return here
		}
		here := at(fresh.waits)
		for c, l := range here {
			delete(fresh.waits, c)
			if here[counter{c.place, came}].people() >= g.k {
				g.wait(c, l)
				continue
			}
			c.agency = g.above(c.agency)
			fresh.wait(c, l)
		}
		for c := range at(g.waits) {
			g.show(h, c)
			if l, left := g.waits[c]; left {
				delete(g.waits, c)
				c.agency = g.above(c.agency)
				g.wait(c, l)
			}
		}
	}
	for c, l := range fresh.waits {
		g.wait(c, l)
	}
}

// above is the agency above one, and of the whole province itself.
func (g *groups) above(id int64) int64 {
	if a, _ := g.snap.Tree.Agency(id); id != g.snap.Tree.Root() {
		return a.ParentID
	}
	return id
}

// groupsOf reads the responses of an upgraded database.
func groupsOf(t *testing.T, st *testkit.Place, k int) *groups {
	t.Helper()
	snap, err := st.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g := &groups{k: k, snap: snap, waits: map[counter]levels{}, shown: map[civil.HalfMonth]map[counter]levels{}}
	var half civil.HalfMonth
	until := func(h civil.HalfMonth) {
		for ; half != 0 && half < h; half = half.Next() {
			g.end(half)
		}
		half = h
	}
	const query = "SELECT agency_id, service_point_id, version_id, field_key, channel, day, scale, choices FROM responses ORDER BY received_at, service_point_id, id"
	err = st.Query(t.Context(), query, nil, func(rows *sql.Rows) error {
		var at place
		var r survey.Response
		var choices string
		if err := rows.Scan(&at.agency, &at.holder, &at.version, &at.field, &at.channel, &r.Day, &r.Scale, &choices); err != nil {
			return err
		}
		r.Choices, r.Values = survey.ReadAnswers(choices)
		version := snap.Version(at.version)
		until(civil.HalfMonthOf(r.Day))
		said := map[string]levels{came: {1}}
		for item, level := range r.Levels() {
			if level > 0 {
				var l levels
				l[level] = 1
				said[version.Scale()[item].Key()], said[judged] = l, levels{1}
			}
		}
		for _, chosen := range r.Choices {
			if len(version.Points([]survey.ChosenAnswer{chosen})) > 0 {
				said[chosen.Question] = levels{1}
			}
		}
		g.answer(half, at, said)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	until(civil.HalfMonthOf(time.Now().UTC().Format(time.DateOnly)))
	return g
}

// boardFigures is what is compared of a row of a board.
type boardFigures struct {
	N       int
	Levels  [5]int         // without detail: none
	Months  map[string]int // by month, with detail
	Factors map[string]int // people by question
	Parts   map[string]int // people by agency below
}

// boardRow is what is read of it.
type boardRow struct {
	Indicator, Survey, Method string
	Field                     string
	N                         int
	Percent                   *float64
	Levels                    map[string]int
	Months, Factors, Parts    []struct {
		Month, Key string
		Agency     struct{ Code string }
		N          int
		Percent    *float64
	}
}

func (r boardRow) name() string { return r.Indicator + " " + r.Field + " " + r.Survey }

func rowsOfBoard(t *testing.T, body any) []boardRow {
	t.Helper()
	var board struct{ Rows []boardRow }
	if err := json.Unmarshal(asJSON(t, body), &board); err != nil {
		t.Fatal(err)
	}
	return board.Rows
}

// figures are those that a board says, where it says any.
func (r boardRow) figures() boardFigures {
	f := boardFigures{N: r.N, Months: map[string]int{}, Factors: map[string]int{}, Parts: map[string]int{}}
	for i := range f.Levels {
		f.Levels[i] = r.Levels["n"+strconv.Itoa(i+1)]
	}
	for _, m := range r.Months {
		f.Months[m.Month] = m.N
	}
	for _, q := range r.Factors {
		if r.Method != string(score.Sipas2023) { // whose factors are of several questions each
			f.Factors[q.Key] = q.N
		}
	}
	for _, p := range r.Parts {
		if p.Agency.Code != "" {
			f.Parts[p.Agency.Code] = p.N
		}
	}
	return f
}

// figuresOf counts what a row of a board should say. Of months, questions and
// agencies it counts those that the board has.
func (g *groups) figuresOf(t *testing.T, row boardRow, asked url.Values, own string) boardFigures {
	t.Helper()
	year, err := strconv.Atoi(asked.Get("year"))
	if err != nil {
		t.Fatal(err)
	}
	period, err := civil.ParsePeriod(year, cmp.Or(asked.Get("period"), "Y"))
	if err != nil {
		t.Fatal(err)
	}
	about := g.snap.Tree.Root()
	if code := cmp.Or(asked.Get("agency"), own); code != "" {
		a, known := g.snap.Tree.ByCode(code)
		if !known {
			t.Fatalf("there is no agency %s", code)
		}
		about = a.ID
	}
	newest := g.snap.Newest(row.Survey).Definition
	count := func(thing string, below int64, halves []civil.HalfMonth) (sum levels) {
		for _, h := range halves {
			for c, l := range g.shown[h] {
				definition := g.snap.Version(c.version).Definition
				switch f, _ := g.snap.Field(c.field); {
				case c.thing != thing, definition.Key != row.Survey, definition.Headline != newest.Headline,
					below != 0 && !g.snap.Tree.Below(below, c.agency),
					asked.Get("channel") != "" && string(c.channel) != asked.Get("channel"),
					row.Field != "" && c.field != row.Field,
					row.Field == "" && row.Indicator == "TTHC" && f.Scope != agency.ScopeProcedures:
					continue
				}
				sum = sum.and(l)
			}
		}
		return sum
	}
	people := func(below int64, halves []civil.HalfMonth) (n int) {
		if row.Method == string(score.SingleQuestion) {
			return count(newest.Headline, below, halves).people()
		}
		// Each question and criterion has its groups: there are as many as answered one.
		for _, p := range g.snap.Newest(row.Survey).Parts() {
			n = max(n, count(p.Key(), below, halves).people())
		}
		return max(n, count(judged, below, halves).people())
	}
	f := row.figures()
	f.N = people(about, period.HalfMonths())
	if f.Levels = [5]int{}; len(row.Levels) > 0 {
		all := count(newest.Headline, about, period.HalfMonths())
		f.Levels = [5]int(all[1:])
	}
	for month := range f.Months {
		first := civil.HalfMonthOf(month + "-01")
		f.Months[month] = people(about, []civil.HalfMonth{first, first.Next()})
	}
	for key := range f.Factors {
		f.Factors[key] = count(key, about, period.HalfMonths()).people()
	}
	for code := range f.Parts {
		a, _ := g.snap.Tree.ByCode(code)
		f.Parts[code] = people(a.ID, period.HalfMonths())
	}
	return f
}

// without leaves out what the release did not show: people without a figure.
func (f boardFigures) without(row boardRow) boardFigures {
	for _, m := range row.Months {
		if m.Percent == nil {
			delete(f.Months, m.Month)
		}
	}
	for _, q := range row.Factors {
		if q.Percent == nil {
			delete(f.Factors, q.Key)
		}
	}
	for _, p := range row.Parts {
		if p.Percent == nil {
			delete(f.Parts, p.Agency.Code)
		}
	}
	return f
}

// boardsOf compares boards in two steps: the answers of the database, each shown at
// once, are what the release said; the same, shown by groups of k in order of
// arrival and put together at the cut-off days, are what the program says now.
type boardsOf struct {
	plain, grouped *groups
	own            map[string]string // the agency that a key is for
	compared       int
}

func readBoards(t *testing.T, url string) *boardsOf {
	t.Helper()
	st := testkit.OpenStore(t, url)
	return &boardsOf{
		plain: groupsOf(t, st, 1), grouped: groupsOf(t, st, score.DefaultK),
		own: map[string]string{"agency": "so-tai-nguyen-va-moi-truong"},
	}
}

func (b *boardsOf) check(t *testing.T, q question, release, now reply) {
	t.Helper()
	address, err := url.Parse(q.Get)
	if err != nil || release.Status != now.Status {
		t.Fatalf("%s: status %d, the release %d, %v", q.Get, now.Status, release.Status, err)
	}
	shown := map[string]boardRow{}
	for _, row := range rowsOfBoard(t, now.Body) {
		shown[row.name()] = row
		want := b.grouped.figuresOf(t, row, address.Query(), b.own[q.As])
		if d := diff.Diff(want, row.figures()); d != "" {
			t.Errorf("%s as %s, row %s (-groups +board):\n%s", q.Get, q.As, row.name(), d)
		}
		b.compared++
	}
	for _, row := range rowsOfBoard(t, release.Body) {
		if row.Percent == nil {
			continue
		}
		figures := b.plain.figuresOf(t, row, address.Query(), b.own[q.As]).without(row)
		if d := diff.Diff(row.figures().without(row), figures); d != "" {
			t.Errorf("%s as %s, row %s (-release +answers):\n%s", q.Get, q.As, row.name(), d)
		}
		if _, there := shown[row.name()]; !there && b.grouped.figuresOf(t, row, address.Query(), b.own[q.As]).N > 0 {
			t.Errorf("%s as %s has no row %s", q.Get, q.As, row.name())
		}
		b.compared++
	}
}
