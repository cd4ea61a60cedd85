package report_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/report"
	"sipas/internal/store"
)

// figure is a number of people that a board shows, with all that it says of them.
type figure struct {
	name   string
	people int64
	says   string
	// What it is about, as an attacker knows it.
	query  report.Query
	row    report.Row
	item   int    // of the quick form; -1 of a reason
	choice string // of a reason
	month  int    // of the year, 0: the period of the query
	part   report.Part
	served int64    // by this official, 0: by whomever
	levels []int64  // 1 to 5, where the board has them
	about  *big.Int // of the groups, by their numbers: see year.about
}

// figuresOf takes a board apart.
func figuresOf(b *report.Board) []figure {
	var all []figure
	for _, row := range b.Rows {
		name := fmt.Sprintf("%s of %d at %d, %s, channel %q, campaign %d: ", row.Key(), b.AgencyID, b.PointID, b.Period.Part(), b.Channel, b.Campaign)
		add := func(what string, people int64, says any, f figure) {
			f.name, f.people, f.says, f.query, f.row = name+what, people, fmt.Sprint(says), b.Query, row
			all = append(all, f)
		}
		says := func(f report.Figure) string { return f.Index.Display(2) + fmt.Sprint(f.Index.Low, f.Index.High) }
		headline := figure{}
		if b.Detail && row.N > 0 {
			headline.levels = row.Levels[1:]
		}
		add("row", row.N, says(row.Figure)+fmt.Sprint(headline.levels), headline)
		for i, factor := range row.Factors {
			add("factor "+factor.Key, factor.N, says(factor.Figure), figure{item: i + 1})
		}
		for _, reason := range row.Reasons {
			add("reason "+reason.Choice, reason.N, "", figure{item: -1, choice: reason.Choice})
		}
		for _, month := range row.Trend {
			add(fmt.Sprint("month ", month.Month), month.N, says(month.Figure), figure{month: month.Month})
		}
		for _, part := range row.Parts {
			what := ""
			if part.Agency != nil {
				what = part.Agency.Code
			} else {
				what = string(part.Point.Code)
			}
			add("part "+what, part.N, says(part.Figure), figure{part: part})
		}
	}
	return all
}

// boards are the queries of an agency and of each of its service points.
func (p *province) boards(office string) []report.Query {
	all := []report.Query{{AgencyID: p.agencies[office]}}
	for _, name := range slices.Sorted(maps.Keys(p.points)) {
		if point := p.points[name]; point.JudgedID == p.agencies[office] {
			all = append(all, report.Query{AgencyID: point.JudgedID, PointID: point.ID})
		}
	}
	return all
}

// look reads boards as everybody may who may see a province: each with detail and
// without, of some units with their service points, periods and channels.
func (p *province) look(r *report.Reporter, offices, parts []string, channels []agency.Channel) map[string]figure {
	p.t.Helper()
	seen := map[string]figure{}
	snap := p.snap()
	for _, office := range offices {
		for _, part := range parts {
			for _, channel := range channels {
				for _, detail := range []bool{true, false}[:1+min(1, len(channel))] {
					for _, q := range p.boards(office) {
						q.Period, q.Channel, q.Detail = p.period(part), channel, detail
						b, err := r.Board(p.t.Context(), snap, q)
						p.must(err)
						for _, f := range figuresOf(b) {
							seen[fmt.Sprint(f.name, detail)] = f
						}
					}
				}
			}
		}
	}
	return seen
}

// served reads what is shown of an official: each question of the quick form, of
// however few people. The pages of figures show less.
func (p *province) served(official int64, parts ...string) []figure {
	p.t.Helper()
	var all []figure
	for _, part := range parts {
		period := p.period(part)
		tallies, err := p.store.ScaleTallies(p.t.Context(), store.TallyQuery{
			From: period.First(), Before: period.Before(), OfficialID: official, VersionIDs: []int64{p.versions["quay-nhanh"].ID},
		})
		p.must(err)
		for _, s := range tallies {
			all = append(all, figure{
				name: fmt.Sprintf("official %d, %s, question %d", official, part, s.Item), people: s.Counts.Valid(), levels: s.Counts[1:],
				query: report.Query{Period: period}, row: report.Row{SurveyKey: "quay-nhanh"}, item: s.Item, served: official,
			})
		}
	}
	return all
}

// moved lists what two looks tell apart, and wants each figure to stand still or to
// move by at least k people, all in one direction, at every level. An index of many
// questions may move without its people, since each question has groups of its own,
// and the people of a section are those of the question that most answered: 8 of one
// after 5 of another.
func moved(t *testing.T, when string, before, now map[string]figure, sign, k int64) (names []string) {
	t.Helper()
	for name, f := range now {
		b := before[name] // without one, nobody
		d := f.people - b.people
		switch {
		case d == 0 && b.name != "" && f.says != b.says && f.row.SurveyKey == "quay-nhanh":
			t.Errorf("%s: %s says %s, then %s, of the same %d people", when, name, b.says, f.says, f.people)
		case d != 0 && d*sign < k && (f.item <= 0 || f.row.SurveyKey == "quay-nhanh"):
			t.Errorf("%s: %s moves by %d people", when, name, d)
		case f.people != 0 && f.people < k:
			t.Errorf("%s: %s shows %d people", when, name, f.people)
		}
		for level, n := range f.levels {
			if b.levels != nil && (n-b.levels[level])*sign < 0 {
				t.Errorf("%s: %s, of level %d there were %d, and now %d", when, name, level+1, b.levels[level], n)
			}
		}
		if d != 0 || f.says != b.says && b.name != "" {
			names = append(names, name)
		}
	}
	for name, b := range before {
		if _, there := now[name]; !there && b.people != 0 && (sign > 0 || b.people < k) {
			t.Errorf("%s: %s is gone, of %d people", when, name, b.people)
		}
	}
	slices.Sort(names)
	return names
}
