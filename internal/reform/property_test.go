package reform_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/reform"
	"sipas/internal/registry"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// TestNothingIsLostWhateverIsReformed plays random mergers, splits, dissolutions,
// moves, answers and undoings, and holds what is kept against a model of its own.
func TestNothingIsLostWhateverIsReformed(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		steps := 70
		if st.Dialect() == "postgres" {
			steps = 25
		} else if _, err := st.Exec(t.Context(), "PRAGMA synchronous = OFF"); err != nil {
			t.Fatal(err)
		}
		g := newGame(t, st)
		for range steps {
			g.step()
		}
		g.check()
		t.Logf("%v of %d agencies; %d answers; officials went %d times", g.did, len(g.parent), g.said, g.moved)
		if g.moved == 0 {
			t.Error("no official went anywhere")
		}
		for _, what := range []string{"merge", "split", "dissolve", "move", "answer", "undo"} {
			if g.did[what] == 0 {
				t.Errorf("nothing was tried of %s", what)
			}
		}
	})
}

// game has its own record of who belongs where.
type game struct {
	*province
	random  *rand.Rand
	parent  map[string]string // of agencies, by code
	ended   map[string]bool   // agencies
	owner   map[string]string // of service points, by code
	judged  map[string]string //
	open    map[string]bool   //
	scope   map[string]string // of accounts and tokens
	staff   map[string]string // agencies of officials, by code
	seat    map[string]string // their service points, "" for none
	moved   int               // officials who went to another agency
	counted map[string]int64  // answers about the work of each agency
	next    int
	did     map[string]int
	targets []target.Target
}

func newGame(t *testing.T, st *testkit.Place) *game {
	g := &game{
		province: newProvince(t, st), random: rand.New(rand.NewPCG(6, 9)), parent: map[string]string{}, ended: map[string]bool{}, owner: map[string]string{},
		judged: map[string]string{}, open: map[string]bool{}, scope: map[string]string{}, staff: map[string]string{}, seat: map[string]string{}, counted: map[string]int64{}, did: map[string]int{},
	}
	add := func(code, parent string, kind agency.Kind) {
		a := g.office(code, parent, kind)
		g.parent[code] = parent
		g.must(g.AddTarget(t.Context(), target.Target{Plan: "KH", Indicator: target.IndicatorProcedures, AgencyID: a.ID, Year: 2025, Percent: 8500}))
	}
	desk := func(of, judged string) agency.ServicePoint {
		point := g.desk(of, judged)
		code := string(point.Code)
		g.owner[code], g.judged[code], g.open[code] = of, judged, true
		return point
	}
	serves := func(of string, at agency.ServicePoint) {
		code := fmt.Sprintf("cb-%d", len(g.staff))
		g.official(code, of, at.ID)
		g.staff[code], g.seat[code] = of, string(at.Code)
	}
	add("tinh", "", agency.KindProvince)
	for d := range 3 {
		district := fmt.Sprintf("huyen-%c", 'a'+d)
		add(district, "tinh", agency.KindDistrict)
		g.account(district, district)
		g.scope[district] = district
		for c := range 4 {
			commune := fmt.Sprintf("%s-xa-%c", district, 'a'+c)
			add(commune, district, agency.KindCommune)
			counter := desk(commune, commune)
			serves(commune, counter)
			serves(commune, agency.ServicePoint{})
			serves(district, counter)
			g.account(commune, commune)
			g.scope[commune] = commune
		}
		serves(district, desk(district, district))
		serves(district+"-xa-b", desk(district, district+"-xa-b")) // a file may be handed in elsewhere
		g.token(district, district+"-xa-c")
		g.scope["token "+district] = district + "-xa-c"
	}
	g.targets = g.snap().Targets
	return g
}

// living are the agencies that may be reformed.
func (g *game) living() (codes []string) {
	for _, code := range slices.Sorted(maps.Keys(g.parent)) {
		if code != "tinh" && !g.ended[code] {
			codes = append(codes, code)
		}
	}
	return codes
}

func (g *game) below(root, code string) bool {
	for ; code != ""; code = g.parent[code] {
		if code == root {
			return true
		}
	}
	return false
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (g *game) step() {
	if g.random.IntN(3) == 0 {
		at, err := time.Parse(time.DateOnly, g.today)
		g.must(err)
		g.today = at.AddDate(0, 0, 1).Format(time.DateOnly)
	}
	switch g.random.IntN(8) {
	case 0:
		g.move()
	case 1, 2, 3:
		g.reform()
	default:
		g.answer()
	}
}

func (g *game) answer() {
	code := pick(g.random, slices.Sorted(maps.Keys(g.owner)))
	if !g.open[code] {
		return
	}
	point, _ := g.snap().Point(agency.Code(code))
	people := 5 + g.random.IntN(3) // they are shown at once
	g.answers(point.ID, people)
	g.counted[g.judged[code]] += int64(people)
	g.did["answer"]++
}

// move moves an agency to another place.
func (g *game) move() {
	code, to := pick(g.random, g.living()), pick(g.random, append(g.living(), "tinh"))
	if g.below(code, to) {
		return
	}
	snap := g.snap()
	a, _ := snap.Tree.ByCode(code)
	above, _ := snap.Tree.ByCode(to)
	a.ParentID = above.ID
	g.must(g.Registry.Change(g.Context(), testkit.Author(), func(c *registry.Change) error { return c.UpdateAgency(g.Context(), a) }))
	g.parent[code] = to
	g.did["move"]++
}

func (g *game) reform() {
	if len(g.living()) < 6 {
		return
	}
	asked := reform.Asked{Kind: pick(g.random, reform.Kinds()), Day: g.today, Places: map[string]string{}}
	from := 1
	if asked.Kind == reform.Merge {
		from = 1 + g.random.IntN(3)
	}
	into := 1
	switch {
	case asked.Kind == reform.Split:
		into = 2
	case asked.Kind == reform.Dissolve:
		into = g.random.IntN(2)
	}
	snap := g.snap()
	for _, code := range g.shuffled() {
		a, _ := snap.Tree.ByCode(code)
		switch {
		case len(asked.From) < from:
			if a.ValidFrom < g.today {
				asked.From = append(asked.From, code)
			}
		case len(asked.Into) < into && !slices.ContainsFunc(asked.From, func(end string) bool { return g.below(end, code) }):
			asked.Into = append(asked.Into, reform.Successor{Code: code})
		}
	}
	if len(asked.From) == 0 || len(asked.Into) < into {
		return
	}
	for i := range asked.Into {
		if asked.Kind == reform.Split {
			asked.Into[i].Share = []int{2500, 7500}[i]
		}
		if g.random.IntN(2) == 0 {
			g.next++
			asked.Into[i].Code, asked.Into[i].Name = fmt.Sprintf("moi-x%dx", g.next*2), agency.Text{"vi": "Đơn vị mới"}
		}
	}
	plan, err := g.reforms.Plan(g.Context(), g.snap(), asked)
	g.must(err)
	if len(plan.Problems) > 0 { // they were joined before
		if plan.Problems[0].Key != reform.ProblemSucceeded {
			g.Fatalf("%+v: %+v", asked, plan.Problems)
		}
		return
	}
	if asked.Kind == reform.Split {
		for _, m := range plan.Steps.Moves {
			if !m.Follows {
				asked.Places[m.Key()] = pick(g.random, asked.Into).Code
			}
		}
	}
	before := g.kept()
	made := g.apply(asked)
	g.did[string(asked.Kind)]++
	if g.random.IntN(3) == 0 {
		g.must(g.reforms.Undo(g.Context(), testkit.Author(), made.ID))
		if diff := cmp.Diff(before, g.kept()); diff != "" {
			g.Fatalf("undoing %+v leaves (-before +after):\n%s", asked, diff)
		}
		g.did["undo"]++
		return
	}
	g.follow(asked)
	g.check()
}

func (g *game) shuffled() []string {
	all := g.living()
	g.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// follow does in the model what was asked, by the rules of the domain.
func (g *game) follow(asked reform.Asked) {
	ends := map[string]bool{}
	for _, code := range asked.From {
		ends[code], g.ended[code] = true, true
	}
	above := func(code string) string {
		for ends[code] {
			code = g.parent[code]
		}
		return code
	}
	taker := func(thing reform.Thing, name string) string {
		if len(asked.Into) == 0 {
			return ""
		}
		if placed := asked.Places[string(thing)+"/"+name]; placed != "" {
			return placed
		}
		return asked.Into[0].Code
	}
	for _, s := range asked.Into {
		if s.Name != nil {
			g.parent[s.Code] = above(asked.From[0])
		}
	}
	for code, parent := range g.parent {
		if ends[parent] && !g.ended[code] {
			if g.parent[code] = taker(reform.Office, code); g.parent[code] == "" {
				g.parent[code] = above(parent)
			}
		}
	}
	for code, of := range g.staff {
		if !ends[of] || len(asked.Into) == 0 {
			continue
		}
		g.staff[code] = taker(reform.Official, code)
		if seat := g.seat[code]; seat != "" && (ends[g.owner[seat]] || ends[g.judged[seat]]) {
			g.staff[code] = taker(reform.Point, seat)
		}
		g.moved++
	}
	for code, owner := range g.owner {
		to := taker(reform.Point, code)
		if ends[owner] && to == "" {
			g.open[code] = false
			continue
		}
		if ends[owner] {
			g.owner[code] = to
		}
		if ends[g.judged[code]] {
			if g.judged[code] = to; to == "" {
				g.judged[code] = owner
			}
		}
	}
	tokens := map[string]string{}
	holders, err := g.Holders(g.Context())
	g.must(err)
	for _, h := range holders {
		if h.Token {
			tokens["token "+h.Name] = h.Handle()
		}
	}
	for name, scope := range g.scope {
		if !ends[scope] {
			continue
		}
		to := taker(reform.Account, name)
		if handle, is := tokens[name]; is {
			to = taker(reform.Token, handle)
		}
		if to != "" {
			g.scope[name] = to
		}
	}
}

// check holds everything against the model.
func (g *game) check() {
	g.Helper()
	snap := g.snap()
	code := func(id int64) string {
		a, _ := snap.Tree.Agency(id)
		return a.Code
	}
	parent, ended := map[string]string{}, map[string]bool{}
	for _, a := range snap.Tree.All() {
		parent[a.Code] = code(a.ParentID)
		if a.ValidTo != "" {
			ended[a.Code] = true
		}
	}
	owner, judged, open := map[string]string{}, map[string]string{}, map[string]bool{}
	for _, p := range snap.Points {
		owner[string(p.Code)], judged[string(p.Code)], open[string(p.Code)] = code(p.AgencyID), code(p.JudgedID), p.Active
		if p.Active && (ended[code(p.AgencyID)] || ended[code(p.JudgedID)]) {
			g.Errorf("%s takes answers about what has ended", p.Code)
		}
	}
	staff, seat := map[string]string{}, map[string]string{}
	for _, o := range snap.Officials {
		at, _ := snap.PointByID(o.PointID)
		staff[o.Code], seat[o.Code] = code(o.AgencyID), string(at.Code)
	}
	scope := map[string]string{}
	holders, err := g.Holders(g.Context())
	g.must(err)
	for _, h := range holders {
		name := h.Name
		if h.Token {
			name = "token " + name
		}
		scope[name] = code(h.AgencyID)
	}
	for what, diff := range map[string]string{
		"the tree": cmp.Diff(g.parent, parent), "who has ended": cmp.Diff(g.ended, ended), "whose service points": cmp.Diff(g.owner, owner),
		"whose work": cmp.Diff(g.judged, judged), "what is open": cmp.Diff(g.open, open), "who may see what": cmp.Diff(g.scope, scope),
		"whose officials": cmp.Diff(g.staff, staff), "where they serve": cmp.Diff(g.seat, seat),
		"targets": cmp.Diff(g.targets, snap.Targets),
	} {
		if diff != "" {
			g.Fatalf("%s (-model +kept):\n%s", what, diff)
		}
	}
	g.checkFigures(snap)
}

// checkFigures goes through every board from the province downwards: each counts the
// answers about the agencies that it holds, once, and shows all of it in its parts.
func (g *game) checkFigures(snap *registry.Snapshot) {
	g.Helper()
	reached := 0
	for _, a := range snap.Tree.All() {
		var want, parts int64
		for _, below := range snap.Tree.Subtree(a.ID) {
			want += g.counted[below.Code]
		}
		row := g.row(a.ID)
		for _, part := range row.Parts {
			parts += part.N
		}
		if row.N != want || parts != want {
			g.Fatalf("the board of %s says %d, its parts %d, want %d", a.Code, row.N, parts, want)
		}
		if want > 0 {
			reached++
		}
		if len(row.Targets) != 1 && want > 0 {
			g.Fatalf("the board of %s has %d targets", a.Code, len(row.Targets))
		}
	}
	counted, err := g.Recount(g.Context(), false, nil)
	g.must(err)
	if counted.Drift != 0 || counted.Responses != int64(g.said) {
		g.Fatalf("recount: %+v, want %d responses", counted, g.said)
	}
}
