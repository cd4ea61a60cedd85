package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// place is whose answers one row counts, without the question.
type place struct {
	half     civil.HalfMonth
	version  int64
	field    string
	agency   int64
	channel  string
	point    int64
	campaign int64
	official int64
	mark     int
}

// rowKey is one row of one table of tallies, as the tests read it.
type rowKey struct {
	place
	table string
	what  string // item, question and choice
}

// rowSums is what a row shows, and what waits.
type rowSums struct{ shown, waits [8]int64 }

// sumGroup says which sums of a table are shown together, and which are people.
type sumGroup struct{ people, sums []int }

// rowTable is a table of tallies as the tests read it, written down a second time:
// they do not believe the store's own list.
type rowTable struct {
	name, what string
	sums       []string
	groups     []sumGroup
}

func rowTables() []rowTable {
	return []rowTable{
		{
			"tally_people", "''",
			[]string{"responses", "people", "all_satisfied", "share_sum", "share_sq_sum", "points_people", "points", "max_points"},
			[]sumGroup{{[]int{0}, []int{0}}, {[]int{1}, []int{1, 2, 3, 4}}, {[]int{5}, []int{5, 6, 7}}},
		},
		{
			"tally_scale", "CAST(item AS TEXT)",
			[]string{"n0", "n1", "n2", "n3", "n4", "n5"},
			[]sumGroup{{[]int{0}, []int{0}}, {[]int{1, 2, 3, 4, 5}, []int{1, 2, 3, 4, 5}}},
		},
		{"tally_choice", "question || '=' || choice", []string{"n"}, []sumGroup{{[]int{0}, []int{0}}}},
		{"tally_number", "question", []string{"n", "total", "squares"}, []sumGroup{{[]int{0}, []int{0, 1, 2}}}},
	}
}

func groupsOf(table string) []sumGroup {
	all := rowTables()
	return all[slices.IndexFunc(all, func(t rowTable) bool { return t.name == table })].groups
}

// size is how many people a group is, by some sums.
func (g sumGroup) size(sums [8]int64) (n int64) {
	for _, i := range g.people {
		n += sums[i]
	}
	return n
}

// readRows reads every row that has something.
func readRows(t testing.TB, st *testkit.Place) map[rowKey]rowSums {
	t.Helper()
	rows := map[rowKey]rowSums{}
	for _, table := range rowTables() {
		waits := make([]string, len(table.sums))
		for i, n := range table.sums {
			waits[i] = "w_" + n
		}
		query := "SELECT half_month, version_id, field_key, agency_id, channel, service_point_id, campaign_id, official_id, mark, " + table.what + ", " +
			strings.Join(slices.Concat(table.sums, waits), ", ") + " FROM " + table.name
		err := st.Query(t.Context(), query, nil, func(found *sql.Rows) error {
			k := rowKey{table: table.name}
			var r rowSums
			places := []any{&k.half, &k.version, &k.field, &k.agency, &k.channel, &k.point, &k.campaign, &k.official, &k.mark, &k.what}
			for i := range table.sums {
				places = append(places, &r.shown[i])
			}
			for i := range table.sums {
				places = append(places, &r.waits[i])
			}
			err := found.Scan(places...)
			if r != (rowSums{}) {
				rows[k] = r
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return rows
}

// province has units on three levels, counters of several fields, and a hospital.
type province struct {
	*testkit.Place
	points  []agency.ServicePoint
	version *survey.Version
	closing store.Closing
	find    store.Versions
}

// everybody is the question that nobody leaves out.
const everybody = "waited"

func everyTable() survey.Definition {
	worth := []int{2, 1, 0}
	least, most := -3, 20 // below zero, too: sums of what is left can be above those of all
	d := threeQuestions()
	d.Sections[0].Questions = append(d.Sections[0].Questions,
		survey.Question{Key: "visits", Type: "number", Text: text("Mấy lần?"), Min: &least, Max: &most},
		survey.Question{Key: everybody, Type: "number", Text: text("Mấy phút?"), Min: &least, Max: &most},
		survey.Question{Key: "fee", Type: "points", Text: text("Phí?"), Choices: []survey.Choice{
			{Key: "none", Text: text("Không"), Points: &worth[0]}, {Key: "little", Text: text("Ít"), Points: &worth[1]}, {Key: "much", Text: text("Nhiều"), Points: &worth[2]},
		}})
	return d
}

// buildProvince makes one under a single outermost agency, or under two.
func buildProvince(t testing.TB, st *testkit.Place, outermost int) province {
	t.Helper()
	ctx := t.Context()
	p := province{Place: st}
	for i, key := range []string{"dat-dai", "y-te"} {
		if err := st.AddServiceField(ctx, agency.ServiceField{Key: key, Name: text(key), Scope: agency.ScopeProcedures, Order: i}); err != nil {
			t.Fatal(err)
		}
	}
	add := func(code string, kind agency.Kind, parent int64) int64 {
		a, err := st.AddAgency(ctx, agency.Agency{Code: code, Name: text(code), Kind: kind, ParentID: parent})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	var err error
	if p.version, err = st.PublishVersion(ctx, everyTable(), morning); err != nil {
		t.Fatal(err)
	}
	tops := []int64{}
	for i := range outermost {
		tops = append(tops, add(fmt.Sprintf("top-%d", i), agency.KindProvince, 0))
	}
	health := add("health", agency.KindDepartment, tops[0])
	hospital := add("hospital", agency.KindHospital, health)
	commune := add("commune", agency.KindCommune, tops[len(tops)-1])
	for i, where := range []int64{health, health, hospital, commune, commune} {
		point := agency.ServicePoint{
			AgencyID: where, Name: text(fmt.Sprintf("Quầy %d", i)), SurveyKey: "pulse", Channel: agency.ChannelQR,
			FieldKeys: []string{"dat-dai", "y-te"}[:1+i%2], Active: true,
		}
		if point, err = st.AddServicePoint(ctx, point); err != nil {
			t.Fatal(err)
		}
		p.points = append(p.points, point)
	}
	snap, err := st.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p.find = snap.Version
	p.closing = store.Closing{Ends: civil.ReportCutOffs().Ends, Over: over, Tree: snap.Tree}
	return p
}

// inCampaign is a campaign, which ends again and again in the middle of quarters, and in
// some of the half months that end them.
const inCampaign = 7

func over(h civil.HalfMonth) []int64 {
	if month := h.Month() % 100; month%2 == 0 && h.Second() || month%6 == 0 {
		return []int64{inCampaign, 8}
	}
	return nil
}

// until is the closing of what is over before a half month.
func (p province) until(now civil.HalfMonth) store.Closing {
	c := p.closing
	c.Now = now
	return c
}

// empty forgets every answer.
func (p province) empty(t testing.TB) {
	t.Helper()
	for _, table := range store.Tables() {
		if table.Name == "tallies_made" {
			continue
		}
		if _, err := p.Exec(t.Context(), "DELETE FROM "+table.Name); err != nil {
			t.Fatal(err)
		}
	}
}
