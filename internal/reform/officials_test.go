package reform_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/reform"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// TestOfficialsGoWithTheirCounter: at a split officials go where their counter does and
// can be placed only without one; without a successor they stay, and the plan says so.
func TestOfficialsGoWithTheirCounter(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p, desks := communes(t, st)
		elsewhere := p.desk("so", "xa-a")
		p.official("cb-quay", "xa-a", desks["xa-a"].ID)
		p.official("cb-so", "xa-a", elsewhere.ID)
		p.official("cb-khong", "xa-a", 0)
		p.official("cb-dat", "xa-a", desks["huyen"].ID)
		p.official("cb-huyen", "huyen", desks["xa-a"].ID)
		where := func() map[string]string {
			at := map[string]string{}
			for _, o := range p.snap().Officials {
				a, _ := p.snap().Tree.Agency(o.AgencyID)
				at[o.Code] = a.Code
			}
			return at
		}
		split := reform.Asked{Kind: reform.Split, From: []string{"xa-a"}, Into: []reform.Successor{{Code: "xa-b", Share: 4000}, {Code: "xa-c", Share: 6000}}, Day: "2025-07-01", Places: map[string]string{
			"service-point/" + string(desks["xa-a"].Code): "xa-c", "service-point/" + string(elsewhere.Code): "xa-c", "official/cb-dat": "xa-c",
		}}
		before := p.kept()
		made := p.apply(split)
		want := map[string]string{"cb-quay": "xa-c", "cb-so": "xa-c", "cb-khong": "xa-b", "cb-dat": "xa-c", "cb-huyen": "huyen"}
		if diff := cmp.Diff(want, where()); diff != "" {
			t.Errorf("after the split (-want +got):\n%s", diff)
		}
		if n := made.Steps.Count(reform.Official); n != 4 {
			t.Errorf("%d officials moved", n)
		}
		entries, err := audit.New(st.DB).List(t.Context(), audit.Filter{Action: "official.update", Limit: 10})
		if err != nil || len(entries) != 4 {
			t.Errorf("%d entries of officials, %v", len(entries), err)
		}

		// One who has moved on since is an obstacle.
		o, _ := p.snap().Official("cb-quay")
		to := func(code string) {
			a, _ := p.snap().Tree.ByCode(code)
			o.AgencyID = a.ID
			p.must(p.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error { return c.UpdateOfficials(t.Context(), []agency.Official{o}) }))
		}
		to("so")
		if found, err := p.reforms.Obstacles(t.Context(), p.snap(), made.ID); err != nil || !slices.Equal(found, []reform.Problem{{Key: reform.ProblemChanged, Value: "cb-quay"}}) {
			t.Errorf("%+v %v", found, err)
		}
		to("xa-c")
		p.must(p.reforms.Undo(t.Context(), testkit.Author(), made.ID))
		if diff := cmp.Diff(before, p.kept()); diff != "" {
			t.Errorf("undoing leaves (-before +after):\n%s", diff)
		}

		split.Places["official/cb-quay"] = "xa-b"
		plan, err := p.reforms.Plan(t.Context(), p.snap(), split)
		p.must(err)
		if len(plan.Problems) != 1 || plan.Problems[0].Key != reform.ProblemPlace {
			t.Errorf("placed beside their counter: %+v", plan.Problems)
		}
		alone := p.plan(reform.Asked{Kind: reform.Dissolve, From: []string{"xa-a"}, Day: "2025-07-01"})
		if len(alone.Remain) != 4 || alone.Steps.Count(reform.Official) != 0 {
			t.Errorf("without a successor: %+v", alone.Remain)
		}

		// An official of an agency that a reform made hangs on it.
		anew := p.apply(mergeIntoNew("xa-a"))
		p.official("cb-moi", "xa-moi", 0)
		if found, err := p.reforms.Obstacles(t.Context(), p.snap(), anew.ID); err != nil || len(found) != 1 || found[0].Key != reform.ProblemUsed {
			t.Errorf("%+v %v", found, err)
		}
	})
}

// TestReformsFromBeforeOfficials: what was kept when reforms said nothing of officials is
// read and undone; they are where they were left.
func TestReformsFromBeforeOfficials(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p, desks := communes(t, st)
		o := p.official("cb-1", "xa-a", desks["xa-a"].ID)
		before := p.kept()
		made := p.apply(mergeIntoNew("xa-a"))
		old := made.Steps
		old.Moves = slices.DeleteFunc(slices.Clone(old.Moves), func(m reform.Move) bool { return m.Thing == reform.Official })
		done, err := json.Marshal(old)
		p.must(err)
		_, err = st.Exec(t.Context(), "UPDATE reforms SET done = $1 WHERE id = $2", string(done), made.ID)
		p.must(err)
		p.must(p.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error { return c.UpdateOfficials(t.Context(), []agency.Official{o}) }))
		if found, err := p.reforms.Obstacles(t.Context(), p.snap(), made.ID); err != nil || len(found) > 0 {
			t.Fatalf("%+v %v", found, err)
		}
		p.must(p.reforms.Undo(t.Context(), testkit.Author(), made.ID))
		if diff := cmp.Diff(before, p.kept()); diff != "" {
			t.Errorf("undoing leaves (-before +after):\n%s", diff)
		}
	})
}
