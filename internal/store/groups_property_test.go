package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestGroupsHoldWhateverHappens plays random answers, removals, marks, closings
// and rises of k, and checks after each step what is promised of the tallies.
func TestGroupsHoldWhateverHappens(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		games := 8
		if st.Dialect() == "postgres" {
			games = 2
		} else if _, err := st.Exec(t.Context(), "PRAGMA synchronous = OFF"); err != nil {
			t.Fatal(err)
		}
		one := buildProvince(t, st, 1)
		for seed := range games {
			one.empty(t)
			newGame(t, one, uint64(seed)).play(45)
		}
	})
}

// TestGroupsHoldUnderSeveralOutermostAgencies: what waits last is at none of them.
func TestGroupsHoldUnderSeveralOutermostAgencies(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		newGame(t, buildProvince(t, st, 2), 100).play(60)
	})
}

// game is a run of steps on one province, with its own record of the answers.
type game struct {
	*testing.T
	province
	random  *rand.Rand
	tallies *store.Store
	k       int64
	now     civil.HalfMonth
	clock   int
	kept    []survey.Response
	before  map[rowKey]rowSums
	rows    map[rowKey]rowSums
	changes map[civil.HalfMonth]store.Changes
}

func newGame(t *testing.T, p province, seed uint64) *game {
	g := &game{T: t, province: p, random: rand.New(rand.NewPCG(seed, 8)), k: 3, now: 20251215, rows: map[rowKey]rowSums{}}
	g.tallies = store.New(p.DB, store.Options{K: func() int64 { return g.k }})
	return g
}

func (g *game) play(steps int) {
	for range steps {
		switch g.random.IntN(14) {
		case 0:
			g.remove()
		case 1, 2:
			g.mark()
		case 3, 4:
			g.over()
		case 5:
			g.repeat()
		case 6:
			if g.k < 6 && g.random.IntN(4) == 0 {
				g.k++ // the store goes on
			}
		default:
			g.answer()
		}
	}
}

// response draws what somebody says.
func (g *game) response(point agency.ServicePoint) survey.Response {
	g.clock++
	r := survey.Response{
		ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", g.clock), ServicePointID: point.ID, AgencyID: point.AgencyID,
		FieldKey: point.FieldKeys[g.random.IntN(len(point.FieldKeys))], VersionID: g.version.ID, Channel: point.Channel, Language: "vi",
		At: g.moment(g.now), Day: g.now.From(), Receipt: agency.NewCode(), Fingerprint: "f",
		Scale: string(".12345"[g.random.IntN(6)]) + string(".012345"[g.random.IntN(7)]),
	}
	if g.random.IntN(8) == 0 {
		r.CampaignID = inCampaign
	}
	if chosen := [][]string{nil, {"slow"}, {"far"}, {"slow", "far"}}[g.random.IntN(4)]; chosen != nil {
		r.Choices = append(r.Choices, survey.ChosenAnswer{Question: "reasons", Choices: chosen})
	}
	if fee := g.random.IntN(4); fee < 3 {
		r.Choices = append(r.Choices, survey.ChosenAnswer{Question: "fee", Choices: []string{[]string{"none", "little", "much"}[fee]}})
	}
	r.Values = []survey.KeptValue{{Question: everybody, Value: strconv.Itoa(g.clock % 7)}}
	if n := g.random.IntN(8); n < 6 {
		r.Values = append(r.Values, survey.KeptValue{Question: "visits", Value: strconv.Itoa(n - 3)})
	}
	g.version.Judge(&r)
	return r
}

// moment is the next second of a half month.
func (g *game) moment(h civil.HalfMonth) time.Time {
	at, err := time.Parse(time.DateOnly, h.From())
	if err != nil {
		g.Fatalf("%v", err)
	}
	return at.Add(time.Duration(g.clock) * time.Second)
}

// answer sends a batch, mostly from one point, now and then late.
func (g *game) answer() {
	home := g.points[g.random.IntN(len(g.points))]
	late := g.random.IntN(10) == 0
	var batch []survey.Response
	for range 1 + g.random.IntN(12) {
		point := home
		if g.random.IntN(4) == 0 {
			point = g.points[g.random.IntN(len(g.points))]
		}
		r := g.response(point)
		if point.ID%2 == 1 { // of the others nobody knows who serves
			r.OfficialID = []int64{0, 11, 12}[g.random.IntN(3)]
		}
		if late {
			r.Day = "2025-12-14" // a half month that was over from the beginning
		}
		batch = append(batch, r)
	}
	if _, err := g.tallies.SaveResponses(g.Context(), batch); err != nil {
		g.Fatalf("save: %v", err)
	}
	g.kept = append(g.kept, batch...)
	g.check("answers", 1)
}

func (g *game) remove() {
	if len(g.kept) == 0 {
		return
	}
	i := g.random.IntN(len(g.kept))
	point := agency.ServicePoint{ID: g.kept[i].ServicePointID}
	if err := g.tallies.RemoveResponse(g.Context(), testkit.Author(), g.moment(g.now), point, g.kept[i].Receipt, g.find); err != nil {
		g.Fatalf("remove: %v", err)
	}
	g.kept = slices.Delete(g.kept, i, i+1)
	g.check("a removal", -1)
}

// mark sets some answers of one point aside, or counts them again.
func (g *game) mark() {
	if len(g.kept) == 0 {
		return
	}
	point := g.kept[g.random.IntN(len(g.kept))].ServicePointID
	mark := g.random.IntN(2)
	var ids []string
	for i := range g.kept {
		if g.kept[i].ServicePointID == point && len(ids) < 10 && g.random.IntN(3) > 0 {
			ids = append(ids, g.kept[i].ID)
			g.kept[i].Mark = mark
		}
	}
	if _, err := g.tallies.Mark(g.Context(), testkit.Author(), g.moment(g.now), agency.ServicePoint{ID: point}, ids, mark, g.find); err != nil {
		g.Fatalf("mark: %v", err)
	}
	g.check("a mark", int64(1-2*mark))
}

// over lets some half months pass, and closes them at once or later.
func (g *game) over() {
	for range 1 + g.random.IntN(3) {
		ended := g.now
		g.now = g.now.Next()
		if g.random.IntN(4) == 0 {
			continue
		}
		if _, err := g.tallies.Close(g.Context(), g.until(g.now)); err != nil {
			g.Fatalf("close: %v", err)
		}
		g.check("a closing", 1)
		g.checkClosed(ended)
	}
}

// repeat does what must change nothing.
func (g *game) repeat() {
	if _, err := g.tallies.Close(g.Context(), g.until(g.now)); err != nil {
		g.Fatalf("close: %v", err)
	}
	g.check("a closing", 1)
	before := g.rows
	if again, err := g.tallies.Close(g.Context(), g.until(g.now)); err != nil || len(again.HalfMonths) > 0 {
		g.Fatalf("closed again: %+v, %v", again, err)
	}
	if err := g.tallies.Show(g.Context(), g.now); err != nil {
		g.Fatalf("show: %v", err)
	}
	if found, err := g.tallies.Mend(g.Context(), testkit.Author(), g.moment(g.now), g.find, g.until(g.now), nil); err != nil || found.Drift != 0 {
		g.Fatalf("mend: %+v, %v", found, err)
	}
	g.rows = readRows(g.T, g.Place)
	for k := range union(before, g.rows) {
		if before[k] != g.rows[k] {
			g.Fatalf("repeating changed %+v: %+v, then %+v", k, before[k], g.rows[k])
		}
	}
	g.before = before
	g.checkChanges("repeating")
}

// check compares the tallies with those before the step, and with the answers.
// sign tells whether figures may grow or fall.
func (g *game) check(step string, sign int64) {
	before, now := g.rows, readRows(g.T, g.Place)
	g.before, g.rows = before, now
	g.checkChanges(step)
	came := map[place]bool{} // where responses were shown, or taken out of what is
	for k := range union(before, now) {
		if d := now[k].shown[0] - before[k].shown[0]; k.table == "tally_people" && d != 0 {
			came[k.place] = true
			k.half = 0
			came[k.place] = true
		}
	}
	for k := range union(before, now) {
		for _, group := range groupsOf(k.table) {
			g.checkGroup(step, k, group, sign, came)
		}
	}
	g.checkEverybody(step)
	g.checkTotals(step)
	found, err := g.tallies.Recount(g.Context(), g.find, nil)
	if err != nil || found.Drift != 0 || found.Responses != int64(len(g.kept)) {
		g.Fatalf("after %s: recount %+v, %v of %d", step, found, err, len(g.kept))
	}
}

// checkChanges wants a slot of a half month to have changed where something else is
// shown, and only there: an answer that waits is no reason to make boards again.
func (g *game) checkChanges(step string) {
	before := g.changes
	now, err := g.tallies.Changes(g.Context(), 0, 99991231)
	if err != nil {
		g.Fatalf("changes: %v", err)
	}
	g.changes = now
	type slot struct {
		half civil.HalfMonth
		slot int
	}
	shown := map[slot]bool{}
	for k := range union(g.before, g.rows) {
		if g.before[k].shown != g.rows[k].shown {
			shown[slot{k.half, store.SlotOf(k.agency)}] = true
		}
	}
	for h, changes := range now {
		for i, n := range changes {
			if rose := n > before[h][i]; rose != shown[slot{h, i}] || n < before[h][i] {
				g.Fatalf("after %s the changes of %s, slot %d, are %d and were %d; something else is shown: %v", step, h.From(), i, n, before[h][i], shown[slot{h, i}])
			}
			delete(shown, slot{h, i})
		}
	}
	if len(shown) > 0 {
		g.Fatalf("after %s something else is shown in %v, and no change was counted", step, shown)
	}
}

// checkGroup checks one group of one row: see ADR 0027.
func (g *game) checkGroup(step string, k rowKey, group sumGroup, sign int64, came map[place]bool) {
	before, now := g.before[k], g.rows[k]
	moved := group.size(now.shown) - group.size(before.shown)
	if moved != 0 && moved*sign < g.k {
		g.Fatalf("after %s %d people moved in %+v: %+v, then %+v", step, moved, k, before, now)
	}
	for _, i := range group.sums {
		if moved == 0 && now.shown[i] != before.shown[i] {
			g.Fatalf("after %s a figure moved and nobody with it in %+v: %+v, then %+v", step, k, before, now)
		}
	}
	if n := group.size(now.shown); n != 0 && n < 3 {
		g.Fatalf("after %s %d people are shown in %+v", step, n, k)
	}
	if s := now.shown; k.table == "tally_people" && (s[2] > s[1] || s[6] > s[7]) {
		g.Fatalf("after %s more are satisfied, or more points given, than there are in %+v: %v", step, k, s)
	}
	if s := now.shown; k.what == "fee" && (2*s[1] < s[2] || s[2] < s[1] || s[0] < 2*s[1]-s[2]+(s[2]-s[1])/2) {
		g.Fatalf("after %s nobody can have given the points of %+v: %v", step, k, s)
	}
	if k.mark != 0 && now.shown != [8]int64{} {
		g.Fatalf("what does not count is shown: %+v %+v", k, now)
	}
	at := k.place
	if at.half = 0; sign > 0 {
		at = k.place
	}
	if moved != 0 && k.point > 0 && !came[at] {
		g.Fatalf("after %s %d people moved in %+v, and no responses: who completed the group is known", step, moved, k)
	}
	if step == "answers" && k.mark == 0 && came[k.place] && group.size(now.waits) >= g.k {
		g.Fatalf("%d people wait in %+v although responses were shown", group.size(now.waits), k)
	}
	if step == "answers" && moved != 0 && k.table == "tally_people" && k.mark == 0 && now.waits[0] >= g.k {
		g.Fatalf("%d responses wait in %+v", now.waits[0], k)
	}
}

// checkEverybody wants as many answers to a question that nobody leaves out to wait
// as people do, everywhere: so it lacks no more than they, fewer than k. What was taken
// out goes where the answers fit, which tells nothing of who waits.
func (g *game) checkEverybody(step string) {
	for k := range g.rows {
		people, answers := rowKey{place: k.place, table: "tally_people"}, rowKey{place: k.place, table: "tally_number", what: everybody}
		if n := g.rows[answers].waits[0]; k.mark == 0 && n != g.rows[people].waits[0] {
			g.Fatalf("after %s %d answers wait of %d people, in %+v", step, n, g.rows[people].waits[0], answers)
		}
	}
}

// checkTotals wants what is shown and what waits to be what the answers say, to
// the last one, each question at each level by itself.
func (g *game) checkTotals(step string) {
	type cell struct {
		table, what, field string
		campaign           int64
		counts             bool
	}
	totals := map[cell][8]int64{}
	add := func(c cell, times int64, sums ...int64) {
		total := totals[c]
		for i, n := range sums {
			total[i] += times * n
		}
		totals[c] = total
	}
	for k, r := range g.rows {
		c := cell{k.table, k.what, k.field, k.campaign, k.mark <= 0}
		add(c, 1, r.shown[:]...)
		add(c, 1, r.waits[:]...)
	}
	for _, r := range g.kept {
		c := cell{field: r.FieldKey, campaign: r.CampaignID, counts: r.Mark == 0}
		c.table = "tally_people"
		add(c, -1, peopleOf(r)...)
		c.table = "tally_scale"
		for item, level := range r.Scale {
			if level != '.' {
				c.what = strconv.Itoa(item)
				n := make([]int64, 6)
				n[level-'0'] = 1
				add(c, -1, n...)
			}
		}
		for _, chosen := range r.Choices {
			for _, choice := range chosen.Choices {
				c.table, c.what = "tally_choice", chosen.Question+"="+choice
				add(c, -1, 1)
			}
			if chosen.Question == "fee" {
				c.table, c.what = "tally_number", "fee"
				n := map[string]int64{"none": 2, "little": 1, "much": 0}[chosen.Choices[0]]
				add(c, -1, 1, n, n*n)
			}
		}
		for _, v := range r.Values {
			n, _ := strconv.ParseInt(v.Value, 10, 64)
			c.table, c.what = "tally_number", v.Question
			add(c, -1, 1, n, n*n)
		}
	}
	for c, left := range totals {
		if left != [8]int64{} {
			g.Fatalf("after %s the tallies have %v more than the answers, of %+v", step, left, c)
		}
	}
}

// peopleOf is what an answer is in tally_people: of two levels, each half a share.
func peopleOf(r survey.Response) []int64 {
	sums := make([]int64, 8)
	sums[0] = 1
	var valid, satisfied int64
	for _, level := range r.Scale {
		if level >= '1' {
			valid++
		}
		if level >= '4' {
			satisfied++
		}
	}
	if valid > 0 {
		share := satisfied * 55440 / valid
		sums[1], sums[3], sums[4] = 1, share, share*share
		if valid == satisfied {
			sums[2] = 1
		}
	}
	for _, chosen := range r.Choices {
		if chosen.Question == "fee" {
			sums[5], sums[6], sums[7] = 1, map[string]int64{"none": 2, "little": 1, "much": 0}[chosen.Choices[0]], 2
		}
	}
	return sums
}

// checkClosed wants nothing to wait any more in what is over; after a cut-off day, and of
// a campaign after its end, nothing but fewer than k people of each row, at the province.
func (g *game) checkClosed(ended civil.HalfMonth) {
	for k, r := range g.rows {
		if r.waits == [8]int64{} {
			continue
		}
		if k.half <= ended {
			g.Fatalf("%s is over, and somebody waits in %+v: %+v", ended.From(), k, r)
		}
		if cut := g.closing.Ends(ended) || slices.Contains(g.closing.Over(ended), k.campaign); !cut || k.mark != 0 {
			continue
		}
		if k.point > 0 || k.agency != g.closing.Tree.Root() || k.channel != "" || k.official != 0 {
			g.Fatalf("after the cut-off somebody waits below the province in %+v: %+v", k, r)
		}
		of := rowKey{place: k.place, table: "tally_people"}
		responses := g.rows[of].waits[0]
		for _, group := range groupsOf(k.table) {
			// Where one to k-1 responses came, showing a question that some leave out
			// would tell of them.
			tells := responses > 0 && responses < g.k && k.what != everybody
			if n := group.size(r.waits); n >= g.k && !tells {
				g.Fatalf("after the cut-off %d people wait at the province in %+v", n, k)
			}
		}
	}
}

func union(a, b map[rowKey]rowSums) map[rowKey]bool {
	keys := map[rowKey]bool{}
	for _, rows := range []map[rowKey]rowSums{a, b} {
		for k := range rows {
			keys[k] = true
		}
	}
	return keys
}
