package report_test

import (
	"database/sql"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/civil"
	"sipas/internal/publication"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// released are the people who came into the figures together, of one question.
type released struct {
	half    civil.HalfMonth
	field   string
	agency  int64
	channel agency.Channel
	point   int64 // 0 and less: held by the unit
	served  int64 // by this official, 0: nobody knows
	of      int64 // the campaign, 0: none
	item    int   // -1: a reason
	choice  string
	sums    [6]int64 // at each level; of a reason the first
}

func (r *released) people() (n int64) {
	if r.item < 0 {
		return r.sums[0]
	}
	for _, level := range r.sums[1:] {
		n += level
	}
	return n
}

// row is what a released group adds to: everything but the sums.
func (r released) row() released {
	r.sums = [6]int64{}
	return r
}

// TestDifferencesAreGroups: somebody reads every board of a year, of all units, service
// points, periods, fields and channels, knows the channel and the fields of every service
// point, and subtracts. The test learned, answer by answer, who came into the
// figures together. Each figure must be the sum of whole such groups, each of at
// least k people. Then nothing that can be computed of figures, by whatever sums and
// differences, is about fewer than k people; the plain differences are tried, too. Who
// heads an office also reads what is shown of its officials, and knows who sat at which
// counter when. Whoever reads boards reads those of each campaign, too, and knows when it
// was; the campaigns end in the middle of quarters.
func TestDifferencesAreGroups(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.office("phong", "so", agency.KindDepartment)
		p.point("phong-1", "phong", "quay-nhanh", "dat-dai", "xay-dung")
		y := year{province: p, random: rand.New(rand.NewPCG(7, 8)), tree: p.snap().Tree, rows: map[released]released{}}
		y.campaigns()
		y.live()
		if len(y.groups) < 100 {
			t.Fatalf("only %d groups: nothing is tested", len(y.groups))
		}
		for _, g := range y.groups {
			if g.people() < score.DefaultK {
				t.Errorf("%d people came into the figures together: %+v", g.people(), g)
			}
		}
		figures := y.figures()
		boards := len(figures)
		for _, official := range []int64{clerk, otherClerk} {
			figures = append(figures, y.served(official, parts()...)...)
		}
		if len(figures) < boards+100 {
			t.Errorf("only %d figures of officials: nothing is tested", len(figures)-boards)
		}
		some, counters := y.sumsOfGroups(figures)
		if some < 500 || counters < 200 {
			t.Errorf("only %d figures show anybody, %d of them on boards of service points", some, counters)
		}
		y.subtract(figures)
		y.subtractCampaigns(figures)
		y.counterLessOfficials(figures)
		y.editions()
	})
}

// year is a made-up year and what became of it.
type year struct {
	*province
	random *rand.Rand
	tree   *agency.Tree
	rows   map[released]released // by row: what it shows
	groups []released
	asked  []int64 // campaigns
}

// campaigns plans one for a quarter of the year, everywhere, and one within it, of some
// counters, which ends in the middle of a half month.
func (y *year) campaigns() {
	for _, c := range []campaign.Campaign{
		{FirstDay: "2025-03-01", LastDay: "2025-05-31"}, {FirstDay: "2025-04-10", LastDay: "2025-05-07", AgencyIDs: []int64{y.agencies["so"], y.agencies["xa"]}},
	} {
		c.Name, c.VersionID = agency.Text{"vi": "Đợt"}, y.versions["quay-nhanh"].ID
		kept, err := y.store.KeepCampaign(y.t.Context(), c, "2025-01-01")
		y.must(err)
		y.asked = append(y.asked, kept.ID)
	}
}

// live answers from January to December, in ones and fours, and closes each half
// month when it is over.
func (y *year) live() {
	opened := rand.New(rand.NewPCG(9, 10))
	closing := store.Closing{Ends: civil.ReportCutOffs().Ends, Over: y.snap().Campaigns.EndingIn, Tree: y.tree}
	names := []string{"so-1", "so-1", "so-2", "xa-1", "vien-1", "phong-1"}
	for month := 1; month <= 12; month++ {
		for range 15 {
			name := names[y.random.IntN(len(names))]
			point := y.points[name]
			a := answer{point: name, field: point.FieldKeys[y.random.IntN(min(2, len(point.FieldKeys)))], month: month, times: 1 + y.random.IntN(4)}
			a.channel = agency.Channels()[min(1, y.random.IntN(4))]
			a.scale = string("12345"[y.random.IntN(5)])
			for range 5 {
				a.scale += string(".12345"[y.random.IntN(6)])
			}
			a.reasons = [][]string{nil, {"waiting"}, {"attitude", "waiting"}}[y.random.IntN(3)]
			if now := (campaign.Moment{Day: a.onDay()}); opened.IntN(3) > 0 { // else the form was opened before
				if of := y.snap().Campaigns.Holding(y.tree, &point, now); of != nil {
					a.campaign = of.ID
				}
			}
			if name == "so-1" { // by turns, and now and then it is not said
				a.official = []int64{clerk, clerk, otherClerk, otherClerk, 0}[y.random.IntN(5)]
			}
			y.answered(a)
			y.learn()
		}
		for closing.Now < civil.HalfMonth(20250001+month*100).Next().Next() {
			if closing.Now == 0 {
				closing.Now = 20250101
			}
			_, err := y.store.Store.Close(y.t.Context(), closing)
			y.must(err)
			y.learn()
			closing.Now = closing.Now.Next()
		}
	}
	closing.Now = 20260115
	_, err := y.store.Store.Close(y.t.Context(), closing)
	y.must(err)
	y.learn()
}

// learn notes which rows show more than before.
func (y *year) learn() {
	add := func(now released) {
		before := y.rows[now.row()]
		y.rows[now.row()] = now
		if now.sums == before.sums {
			return
		}
		group := now
		for i := range group.sums {
			group.sums[i] -= before.sums[i]
		}
		if group.item >= 0 && group.people() == 0 {
			return // of no opinion
		}
		y.groups = append(y.groups, group)
	}
	key := "SELECT half_month, field_key, agency_id, channel, service_point_id, official_id, campaign_id, "
	version := []any{y.versions["quay-nhanh"].ID}
	y.must(y.store.Query(y.t.Context(), key+"item, n0, n1, n2, n3, n4, n5 FROM tally_scale WHERE version_id = $1", version, func(rows *sql.Rows) error {
		var r released
		s := &r.sums
		err := rows.Scan(&r.half, &r.field, &r.agency, &r.channel, &r.point, &r.served, &r.of, &r.item, &s[0], &s[1], &s[2], &s[3], &s[4], &s[5])
		add(r)
		return err
	}))
	y.must(y.store.Query(y.t.Context(), key+"choice, n FROM tally_choice WHERE version_id = $1", version, func(rows *sql.Rows) error {
		r := released{item: -1}
		err := rows.Scan(&r.half, &r.field, &r.agency, &r.channel, &r.point, &r.served, &r.of, &r.choice, &r.sums[0])
		add(r)
		return err
	}))
}

// clerk and otherClerk serve at one counter.
const clerk, otherClerk = 11, 12

// parts are the periods that are asked for.
func parts() []string {
	return slices.Concat(civil.PeriodParts(), []string{"20250115-20250430", "20250401-20250414", "20250501-20251114"})
}

// partsOfCampaigns are those of the periods for which the boards of campaigns are read: the
// whole year, their quarters and months, and days.
func partsOfCampaigns() []string {
	return []string{"Y", "Q1", "Q2", "M03", "M04", "M05", "RQ2", "20250401-20250414", "20250501-20251114"}
}

// figures reads every board of the year.
func (y *year) figures() []figure {
	var all []figure
	reporter, snap := y.reporter(), y.snap()
	for _, office := range []string{"tinh", "so", "xa", "vien", "phong"} {
		for _, part := range parts() {
			for _, channel := range []agency.Channel{"", agency.Channels()[0], agency.Channels()[1]} {
				for _, q := range y.boards(office) {
					for _, of := range append([]int64{0}, y.asked...) {
						if of != 0 && (channel != "" || !slices.Contains(partsOfCampaigns(), part)) {
							continue
						}
						q.Period, q.Channel, q.Campaign, q.Detail = y.period(part), channel, of, true
						b, err := reporter.Board(y.t.Context(), snap, q)
						y.must(err)
						all = append(all, figuresOf(b)...)
					}
				}
			}
		}
	}
	return slices.DeleteFunc(all, func(f figure) bool { return f.row.SurveyKey != "quay-nhanh" })
}

// holds tells whether a figure is about a group, by what everybody knows of boards.
func (y *year) holds(f *figure, g *released) bool {
	from, before := f.query.Period.First(), f.query.Period.Before()
	if f.month != 0 {
		from = civil.HalfMonth(f.month*100 + 1)
		before = from.Next().Next()
	}
	if g.half < from || g.half >= before || g.item != f.item || g.choice != f.choice {
		return false
	}
	if f.query.Channel != "" && g.channel != f.query.Channel || f.query.Campaign != 0 && g.of != f.query.Campaign {
		return false
	}
	unit := f.query.AgencyID
	switch {
	case f.served != 0:
		return g.served == f.served
	case f.query.PointID != 0:
		return g.point == f.query.PointID && y.covers(f, g)
	case f.part.Agency != nil:
		unit = f.part.Agency.ID
	case f.part.Point != nil:
		return g.point == f.part.Point.ID && y.covers(f, g)
	}
	return y.tree.Below(unit, g.agency) && y.covers(f, g)
}

// covers tells whether the row of a figure is about a field: in this year only the
// hospital serves y-te, and nothing else.
func (y *year) covers(f *figure, g *released) bool {
	switch f.row.Indicator {
	case target.IndicatorField:
		return f.row.FieldKey == g.field
	case target.IndicatorSurvey:
		return true
	}
	return g.field != "y-te" && g.field != agency.FieldUnsaid
}

// about is the set of the groups that a figure is about. What is done for each pair of
// figures and each group is done by pointers and bits: there are millions.
func (y *year) about(f *figure) *big.Int {
	set := new(big.Int)
	for i := range y.groups {
		if y.holds(f, &y.groups[i]) {
			set.SetBit(set, i, 1)
		}
	}
	return set
}

// sumsOfGroups wants every figure to be the sum of the groups it is about, at every
// level where it shows levels.
func (y *year) sumsOfGroups(figures []figure) (some, counters int) {
	for i := range figures {
		f := &figures[i]
		f.about = y.about(f)
		var people int64
		levels := make([]int64, 5)
		for n := range y.groups {
			if f.about.Bit(n) == 0 {
				continue
			}
			g := &y.groups[n]
			people += g.people()
			for level := range levels {
				levels[level] += g.sums[1+level]
			}
		}
		if f.people != people || f.levels != nil && !slices.Equal(f.levels, levels) {
			y.t.Errorf("%s: %d people, %v; whole groups make %d, %v", f.name, f.people, f.levels, people, levels)
		}
		if people > 0 {
			some++
			counters += int(min(f.query.PointID, 1))
		}
	}
	return some, counters
}

// subtract takes from each figure each other one that is a part of it.
func (y *year) subtract(figures []figure) {
	byRow := map[string][]*figure{}
	for i := range figures {
		f := &figures[i]
		if f.people > 0 && f.part.Agency == nil && f.part.Point == nil && f.served == 0 {
			row := fmt.Sprint(f.row.Key(), f.item, f.choice)
			byRow[row] = append(byRow[row], f)
		}
	}
	outside := new(big.Int)
	for _, all := range byRow {
		for _, whole := range all {
			for _, part := range all {
				d := whole.people - part.people
				if d != 0 && d < score.DefaultK && outside.AndNot(part.about, whole.about).Sign() == 0 {
					y.t.Errorf("%s (%d) less %s (%d) is about %d people", whole.name, whole.people, part.name, part.people, d)
				}
			}
		}
	}
}

// subtractCampaigns takes from each figure of a board those of the same board of each
// campaign, one after the other: who answered in none are a group, too.
func (y *year) subtractCampaigns(figures []figure) {
	of := map[string][]*figure{}
	same := func(f *figure) string {
		q := f.query
		q.Campaign = 0
		place := int64(0)
		if f.part.Agency != nil {
			place = f.part.Agency.ID
		} else if f.part.Point != nil {
			place = -f.part.Point.ID
		}
		return fmt.Sprint(q, f.row.Key(), f.item, f.choice, f.month, place)
	}
	for i := range figures {
		if f := &figures[i]; f.query.Campaign != 0 && f.people > 0 {
			of[same(f)] = append(of[same(f)], f)
		}
	}
	tried := 0
	for i := range figures {
		whole := &figures[i]
		if whole.query.Campaign != 0 || whole.served != 0 {
			continue
		}
		rest := whole.people
		for _, f := range of[same(whole)] {
			tried++
			rest -= f.people
			if d := whole.people - f.people; d != 0 && d < score.DefaultK {
				y.t.Errorf("%s (%d) less the campaign %d (%d) is about %d people", whole.name, whole.people, f.query.Campaign, f.people, d)
			}
		}
		if rest != 0 && rest < score.DefaultK {
			y.t.Errorf("%s (%d) less its campaigns is about %d people", whole.name, whole.people, rest)
		}
	}
	if tried < 200 {
		y.t.Errorf("only %d figures of campaigns were taken from those of the whole", tried)
	}
}

// counterLessOfficials takes what is shown of each official from what is shown of the
// counter where both sit, question by question: who were served by the other, or by nobody who is known, are
// groups, too.
func (y *year) counterLessOfficials(figures []figure) {
	tried := 0
	for i := range figures {
		counter := &figures[i]
		of := y.points["so-1"].ID
		if whose := counter.part.Point; (whose == nil || whose.ID != of) && counter.query.PointID != of || counter.month != 0 || counter.item < 0 ||
			counter.query.Channel != "" || counter.query.Campaign != 0 || counter.query.FieldKey != "" || counter.row.Indicator != target.IndicatorProcedures {
			continue
		}
		rest := counter.people
		for j := range figures {
			f := &figures[j]
			if f.served == 0 || f.item != counter.item || f.query.Period != counter.query.Period {
				continue
			}
			tried++
			rest -= f.people
			if d := counter.people - f.people; d != 0 && d < score.DefaultK {
				y.t.Errorf("%s (%d) less %s (%d) is about %d people", counter.name, counter.people, f.name, f.people, d)
			}
		}
		if rest != 0 && rest < score.DefaultK {
			y.t.Errorf("%s (%d) less both officials is about %d people", counter.name, counter.people, rest)
		}
	}
	if tried < 100 {
		y.t.Errorf("only %d figures of officials were taken from those of their counter", tried)
	}
}

// editions publishes a period twice, with answers in between: two editions differ by
// groups.
func (y *year) editions() {
	r := publication.New(y.store.DB, y.reporter(), func() time.Time { return noon })
	publish := func() map[string]int64 {
		e, err := r.Publish(y.t.Context(), y.snap(), y.period("Y"), editor)
		y.must(err)
		counts := map[string]int64{}
		for i, row := range e.Document.Rows {
			if row.N != nil {
				counts[fmt.Sprint(i)] = *row.N
			}
		}
		return counts
	}
	first := publish()
	grown := 0
	for range 9 {
		y.answered(answer{point: "so-2", month: 12, scale: "4"})
		second := publish()
		for row, n := range second {
			if d := n - first[row]; d != 0 {
				grown++
				if d < score.DefaultK {
					y.t.Errorf("row %s of two editions differs by %d people", row, d)
				}
			}
		}
		first = second
	}
	if grown == 0 {
		y.t.Error("no two editions differ")
	}
}
