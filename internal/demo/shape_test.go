package demo

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/procedure"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/surveys"
)

const seed = 2025

// builtIn gives the versions that a fresh database has.
func builtIn(t *testing.T) map[string]*survey.Version {
	t.Helper()
	definitions, err := surveys.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]*survey.Version{}
	for i, d := range definitions {
		versions[d.Key] = survey.NewVersion(int64(i+1), 1, opening, d)
	}
	return versions
}

// accept turns a visit into a response, as the intake does.
func accept(t *testing.T, s *simulator, v visit) survey.Response {
	t.Helper()
	d := s.desks[v.desk]
	r, err := survey.Accepting{
		Point:   agency.ServicePoint{ID: int64(v.desk + 1), Channel: d.channel, FieldKeys: d.fields},
		Version: s.versions[d.survey],
		Scopes: map[string]agency.FieldScope{
			land: agency.ScopeProcedures, construction: agency.ScopeProcedures, investment: agency.ScopeProcedures, other: agency.ScopeProcedures,
			health: agency.ScopePublic, education: agency.ScopePublic,
		},
		At: v.at, Zone: zone,
	}.Accept(s.submission(v))
	if err != nil {
		t.Fatalf("%v: %v", v, err)
	}
	return r
}

// story is what the figures of five years are computed from.
type story struct {
	fields    map[string]score.Counts // by indicator and year: overall, or all questions
	points    map[string]int          // by desk and year
	months    map[string]int          // by month, "2021-07", of the quick form
	factors   map[string]score.Counts // by desk and question of the quick form, in 2025
	channels  map[string]score.Counts // by channel and field, in 2025, of desks like any other
	onward    map[agency.Channel]int  // who answered more than the one question
	people    map[agency.Channel]int
	texts     int
	reasons   int
	responses int
	ids       map[string]bool
}

func tell(t *testing.T, n int) story {
	t.Helper()
	s := newSimulator(seed, fiveYears, builtIn(t))
	st := story{
		fields: map[string]score.Counts{}, points: map[string]int{}, ids: map[string]bool{},
		months: map[string]int{}, factors: map[string]score.Counts{}, channels: map[string]score.Counts{},
		onward: map[agency.Channel]int{}, people: map[agency.Channel]int{},
	}
	procedures := []string{land, construction, investment, other}
	for _, v := range s.visits(n) {
		r := accept(t, s, v)
		st.responses++
		st.ids[r.ID] = true
		st.texts += len(r.Texts)
		st.points[fmt.Sprint(v.desk, " ", r.Day[:4])]++
		form := s.desks[v.desk].survey
		st.people[r.Channel]++
		if form == quickForm {
			st.quick(s, v, r)
		}
		for i, level := range r.Levels() {
			var names []string
			switch {
			case level < 0 || form == quickForm && i > 0:
				continue
			case form == sipasForm:
				names = []string{"SIPAS"}
			default:
				names = []string{r.FieldKey}
				if slices.Contains(procedures, r.FieldKey) {
					names = append(names, "TTHC")
				}
			}
			for _, name := range names {
				count(st.fields, name+" "+r.Day[:4], level)
			}
		}
		for _, chosen := range r.Choices {
			if chosen.Question == "reasons" {
				st.reasons++
			}
		}
	}
	return st
}

// quick counts an answer to the quick form.
func (st story) quick(s *simulator, v visit, r survey.Response) {
	d := s.desks[v.desk]
	st.months[r.Day[:7]]++
	levels := r.Levels()
	if slices.ContainsFunc(levels[1:], func(level int) bool { return level >= 0 }) {
		st.onward[r.Channel]++
	}
	if r.Day[:4] != "2025" {
		return
	}
	for i, p := range s.versions[quickForm].Scale() {
		if levels[i] >= 0 {
			count(st.factors, fmt.Sprint(v.desk, " ", p.Key()), levels[i])
		}
	}
	if d.shift == 0 && d.faults == nil {
		count(st.channels, string(r.Channel)+" "+r.FieldKey, levels[0])
	}
}

func count(in map[string]score.Counts, key string, level int) {
	counts := in[key]
	counts[level]++
	in[key] = counts
}

// satisfied is the index of some counts, in percent.
func satisfied(t *testing.T, of map[string]score.Counts, key string) float64 {
	t.Helper()
	x, ok := score.Ratio(of[key].Satisfied(), of[key].Valid())
	if !ok {
		t.Fatalf("no data for %s", key)
	}
	return x.Float()
}

// TestShape holds the whole story to what it is meant to show: in 2025 some
// targets are met and some missed.
func TestShape(t *testing.T) {
	t.Parallel()
	const n = DefaultResponses
	st := tell(t, n)
	if st.responses != n || len(st.ids) != n {
		t.Errorf("%d responses with %d ids, want %d", st.responses, len(st.ids), n)
	}
	index := func(key string) float64 {
		t.Helper()
		return satisfied(t, st.fields, key)
	}
	for key, band := range map[string][2]float64{
		land:         {81, 83},     // target 85
		construction: {85.5, 87.5}, // 85
		investment:   {88, 90.5},   // 85
		health:       {82.5, 84.5}, // 85
		education:    {86.5, 89},   // 85
		"TTHC":       {84, 88},     // 90
		"SIPAS":      {88.2, 89.8}, // 90
	} {
		for year := firstYear; year <= 2025; year++ {
			key := fmt.Sprint(key, " ", year)
			t.Logf("%-14s %6.2f of %d", key, index(key), st.fields[key].Valid())
		}
		if x := index(key + " 2025"); x < band[0] || x > band[1] {
			t.Errorf("%s in 2025: %.2f, want %v", key, x, band)
		}
	}

	st.checkYears(t)
	st.checkFiles(t, newSimulator(seed, fiveYears, builtIn(t)))
	st.checkChannels(t)
	st.checkDesks(t)

	quiet, scarce := 0, 0
	for _, n := range st.points {
		switch {
		case n < 5:
			scarce++
		case n < 30:
			quiet++
		}
	}
	t.Logf("%d desks; years of a desk with fewer than 5 people: %d, than 30: %d; %d texts, %d reasons", len(desks()), scarce, quiet, st.texts, st.reasons)
	if scarce < 3 || quiet < 8 {
		t.Errorf("years of a desk with fewer than 5 people: %d, than 30: %d; too few to see suppression", scarce, quiet)
	}
	if st.texts < n/200 || st.reasons < n/20 {
		t.Errorf("%d texts and %d reasons", st.texts, st.reasons)
	}
}

// checkYears: land is worst and mends slowly, health suffers in 2022,
// investment comes to lead; more come every year, but not during the epidemic
// and around the lunar new year.
func (st story) checkYears(t *testing.T) {
	t.Helper()
	named := []string{land, construction, investment, health, education}
	people := map[int]int{}
	for month, n := range st.months {
		var year int
		if _, err := fmt.Sscanf(month, "%d-", &year); err != nil {
			t.Fatal(err)
		}
		people[year] += n
	}
	for year := firstYear; year <= 2025; year++ {
		in := func(field string, year int) float64 { return satisfied(t, st.fields, fmt.Sprint(field, " ", year)) }
		worst := slices.MinFunc(named, func(a, b string) int { return cmp.Compare(in(a, year), in(b, year)) })
		best := slices.MaxFunc(named, func(a, b string) int { return cmp.Compare(in(a, year), in(b, year)) })
		if worst != land || year == 2025 && best != investment {
			t.Errorf("%d: %s is worst and %s best", year, worst, best)
		}
		if year == firstYear {
			continue
		}
		if gain := in(land, year) - in(land, year-1); gain <= 0 || gain > 5 {
			t.Errorf("land gains %.2f points in %d", gain, year)
		}
		if gain := in(health, year) - in(health, year-1); (gain < 0) != (year == 2022) {
			t.Errorf("health gains %.2f points in %d", gain, year)
		}
		if people[year] <= people[year-1] {
			t.Errorf("%d people in %d, %d the year before", people[year], year, people[year-1])
		}
		if st.months[fmt.Sprint(year, "-02")] >= st.months[fmt.Sprint(year, "-03")] {
			t.Errorf("%d: as many people in February as in March", year)
		}
	}
	if st.months["2021-08"] > st.months["2021-06"]/2 {
		t.Errorf("the epidemic: %d people in June 2021, %d in August", st.months["2021-06"], st.months["2021-08"])
	}
}

// checkFiles: of those whose file was handled in a year fewer than a third answer, more
// every year, and files of land are most often late.
func (st story) checkFiles(t *testing.T, s *simulator) {
	t.Helper()
	var all []agency.Agency
	for i, code := range []string{"so-tai-nguyen-va-moi-truong", "so-xay-dung", "so-ke-hoach-va-dau-tu", "so-tu-phap"} {
		all = append(all, agency.Agency{ID: int64(i + 1), Code: code, Kind: agency.KindDepartment})
	}
	procedures := map[string]procedure.Procedure{}
	for i, e := range examples() {
		procedures[e.code] = procedure.Procedure{ID: int64(i), Code: e.code}
	}
	r, before := s.roster(quickForm), map[string]float64{}
	for year := firstYear; year <= 2025; year++ {
		worst := ""
		late := map[string]float64{}
		for _, a := range all {
			var sum procedure.Counts
			for _, half := range civil.HalfMonths(civil.HalfMonth(year*10000+101), civil.HalfMonth((year+1)*10000+101)) {
				for _, f := range s.filesOf(half, r, agency.NewTree([]agency.Agency{a}), procedures, DefaultResponses) {
					sum = sum.Plus(f.Counts)
				}
			}
			answered := 0
			for i, d := range s.desks {
				if d.agency == a.Code && d.survey == quickForm {
					answered += st.points[fmt.Sprint(i, " ", year)]
				}
			}
			rate := float64(answered) / float64(sum.Handled)
			late[a.Code] = float64(sum.Late) / float64(sum.Handled)
			t.Logf("%d %-28s %5d files, late %.3f, answered %.3f", year, a.Code, sum.Handled, late[a.Code], rate)
			if rate < 0.03 || rate > 0.3 || rate < before[a.Code]-0.02 || late[a.Code] > 0.25 {
				t.Errorf("%d %s: %.3f answer, %.3f are late", year, a.Code, rate, late[a.Code])
			}
			before[a.Code] = rate
			if late[a.Code] > late[worst] {
				worst = a.Code
			}
		}
		if worst != all[0].Code {
			t.Errorf("%d: most often late is %s", year, worst)
		}
	}
}

// checkChannels: people are harsher online than at a kiosk, and there than on
// their own phone at the counter; at the kiosk fewest go on after one question.
func (st story) checkChannels(t *testing.T) {
	t.Helper()
	mean := func(channel agency.Channel) (sum float64) {
		for _, field := range []string{land, construction, investment} {
			sum += satisfied(t, st.channels, string(channel)+" "+field) / 3
		}
		return sum
	}
	onward := func(channel agency.Channel) float64 { return float64(st.onward[channel]) / float64(st.people[channel]) }
	t.Logf("satisfied online %.1f, kiosk %.1f, QR %.1f; onward %.2f, %.2f, %.2f", mean(agency.ChannelOnline), mean(agency.ChannelKiosk), mean(agency.ChannelQR),
		onward(agency.ChannelOnline), onward(agency.ChannelKiosk), onward(agency.ChannelQR))
	if mean(agency.ChannelOnline)+0.5 > mean(agency.ChannelKiosk) || mean(agency.ChannelKiosk)+0.5 > mean(agency.ChannelQR) {
		t.Error("people online are not harsher than at a kiosk, or these than at the counter")
	}
	if onward(agency.ChannelKiosk)+0.1 > onward(agency.ChannelQR) || onward(agency.ChannelQR)+0.1 > onward(agency.ChannelOnline) {
		t.Error("at the kiosk not fewest, or online not most go on after one question")
	}
	if st.people[agency.ChannelInterviewer] == 0 || len(st.people) != 4 {
		t.Errorf("people by channel: %v", st.people)
	}
}

// checkDesks: a counter that is bad lies below its field in everything, and
// furthest in what is bad about it.
func (st story) checkDesks(t *testing.T) {
	t.Helper()
	all := desks()
	bad := 0
	for i, d := range all {
		if d.shift > -0.15 || d.faults == nil {
			continue
		}
		bad++
		// how far a question is below the other desks of the field, in points
		below := func(question string) float64 {
			var others score.Counts
			for j, o := range all {
				if j != i && o.survey == quickForm && len(o.fields) == 1 && o.fields[0] == d.fields[0] && o.faults == nil {
					for level, n := range st.factors[fmt.Sprint(j, " ", question)] {
						others[level] += n
					}
				}
			}
			key := fmt.Sprint(i, " ", question)
			return satisfied(t, map[string]score.Counts{key: others}, key) - satisfied(t, st.factors, key)
		}
		depth := map[string]float64{}
		for _, question := range []string{"overall", "access", "procedure", "staff", "result", "feedback"} {
			depth[question] = below(question)
		}
		worst := slices.MaxFunc(slices.Collect(maps.Keys(depth)), func(a, b string) int { return cmp.Compare(depth[a], depth[b]) })
		if _, faulty := d.faults[worst]; !faulty {
			t.Errorf("%s: worst is %s", d.vi, worst)
		}
		t.Logf("%s, points below its field: %v", d.vi, depth)
		for question, points := range depth {
			_, faulty := d.faults[question]
			if points < 1.5 || faulty && points < depth["overall"]+5 {
				t.Errorf("%s: %s is %.1f points below its field, the whole %.1f", d.vi, question, points, depth["overall"])
			}
		}
	}
	if bad != 3 {
		t.Errorf("%d bad counters, want 3", bad)
	}
}
