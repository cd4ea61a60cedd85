package reform_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/reform"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// communes are a province with a district of three communes, and a department at which
// the work of one of them is judged too.
func communes(t *testing.T, st *testkit.Place) (p *province, desks map[string]agency.ServicePoint) {
	p = newProvince(t, st)
	desks = map[string]agency.ServicePoint{}
	for _, a := range []struct {
		code, parent string
		kind         agency.Kind
	}{
		{"tinh", "", agency.KindProvince},
		{"so", "tinh", agency.KindDepartment},
		{"huyen", "tinh", agency.KindDistrict},
		{"xa-a", "huyen", agency.KindCommune},
		{"xa-b", "huyen", agency.KindCommune},
		{"xa-c", "huyen", agency.KindCommune},
		{"tram-a", "xa-a", agency.KindHospital},
	} {
		p.office(a.code, a.parent, a.kind)
		desks[a.code] = p.desk(a.code, a.code)
	}
	p.account("xa-a", "xa-a")
	p.token("xa-a", "xa-a")
	return p, desks
}

func mergeInto(code string, from ...string) reform.Asked {
	return reform.Asked{Kind: reform.Merge, From: from, Into: []reform.Successor{{Code: code}}, Day: "2025-07-01"}
}

func mergeIntoNew(from ...string) reform.Asked {
	asked := mergeInto("xa-moi", from...)
	asked.Into[0].Name = agency.Text{"vi": "Xã mới"}
	return asked
}

// TestPlanGoesStale: a plan holds only as long as nothing of what it was made of was
// changed, accounts included; made anew it can be carried out.
func TestPlanGoesStale(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p, desks := communes(t, st)
		stale := func(what string, change func()) {
			t.Helper()
			plan, before := p.plan(mergeIntoNew("xa-a", "xa-b")), p.kept()
			change()
			changed := p.kept()
			if before == changed {
				t.Fatalf("%s changes nothing", what)
			}
			if _, err := p.reforms.Apply(t.Context(), testkit.Author(), plan); !errors.Is(err, reform.ErrStale) {
				t.Errorf("after %s: %v, want stale", what, err)
			}
			if diff := cmp.Diff(changed, p.kept()); diff != "" {
				t.Errorf("after %s the stale plan changed:\n%s", what, diff)
			}
			if anew := p.plan(plan.Asked); anew.Hash() == plan.Hash() {
				t.Errorf("after %s the plan made anew is the same", what)
			}
		}
		stale("closing a counter", func() { p.must(p.SetServicePointActive(t.Context(), desks["xa-b"].ID, false)) })
		stale("a new account", func() { p.account("moi", "xa-b") })
		stale("a token that is revoked", func() {
			tokens, err := p.Tokens(t.Context())
			p.must(err)
			p.must(p.RevokeToken(t.Context(), testkit.Author(), tokens[0].ID))
		})
		stale("an account of another scope", func() {
			u, err := p.UserByLogin(t.Context(), "moi")
			p.must(err)
			so, _ := p.snap().Tree.ByCode("so")
			u.AgencyID = so.ID
			p.must(p.UpdateUser(t.Context(), testkit.Author(), u))
		})
		plan := p.plan(mergeIntoNew("xa-a", "xa-b"))
		_, err := p.reforms.Apply(t.Context(), testkit.Author(), plan)
		p.must(err)
		if _, err := p.reforms.Apply(t.Context(), testkit.Author(), plan); !errors.Is(err, reform.ErrStale) {
			t.Errorf("carried out twice: %v", err)
		}
	})
}

// TestUndoing: a reform is undone while nothing was built on it, and afterwards says
// why not.
func TestUndoing(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p, desks := communes(t, st)
		at := func(code string) agency.Agency {
			a, _ := p.snap().Tree.ByCode(code)
			return a
		}
		point := func(code string, change func(*agency.ServicePoint)) {
			found, _ := p.snap().PointByID(desks[code].ID)
			change(&found)
			p.must(p.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
				return c.UpdateServicePoints(t.Context(), []agency.ServicePoint{found})
			}))
		}
		move := func(code, to string) {
			a := at(code)
			a.ParentID = at(to).ID
			p.must(p.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error { return c.UpdateAgency(t.Context(), a) }))
		}
		scope := func(code string) {
			u, err := p.UserByLogin(t.Context(), "xa-a")
			p.must(err)
			u.AgencyID = at(code).ID
			p.must(p.UpdateUser(t.Context(), testkit.Author(), u))
		}
		var later reform.Reform
		for _, c := range []struct {
			name       string
			built, off func() // what is built on it, and taken away again
			key        string
		}{
			{"a counter has moved on", func() { point("xa-a", func(p *agency.ServicePoint) { p.AgencyID = at("so").ID }) },
				func() { point("xa-a", func(p *agency.ServicePoint) { p.AgencyID = at("xa-moi").ID }) }, reform.ProblemChanged},
			{"an agency has moved on", func() { move("tram-a", "huyen") }, func() { move("tram-a", "xa-moi") }, reform.ProblemChanged},
			{"an account has another scope", func() { scope("so") }, func() { scope("xa-moi") }, reform.ProblemChanged},
			{"a later reform", func() { later = p.apply(mergeInto("xa-c", "tram-a")) },
				func() { p.must(p.reforms.Undo(t.Context(), testkit.Author(), later.ID)) }, reform.ProblemBuiltOn},
			{"a target of the new one", func() {
				p.must(p.AddTarget(t.Context(), target.Target{Plan: "KH", Indicator: target.IndicatorProcedures, AgencyID: at("xa-moi").ID, Year: 2026, Percent: 9000}))
			}, func() {
				p.must(p.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error { return c.RemoveTarget(t.Context(), p.snap().Targets[0].ID) }))
			}, reform.ProblemUsed},
			{"an account of the new one", func() { p.account("khac", "xa-moi") }, func() {
				u, err := p.UserByLogin(t.Context(), "khac")
				p.must(err)
				u.AgencyID = 0
				p.must(p.UpdateUser(t.Context(), testkit.Author(), u))
			}, reform.ProblemUsed},
			{"another name of a counter", func() { point("xa-a", func(p *agency.ServicePoint) { p.Place = "Tầng 2" }) }, func() {}, ""},
		} {
			made := p.apply(mergeIntoNew("xa-a", "xa-b"))
			c.built()
			found, err := p.reforms.Obstacles(t.Context(), p.snap(), made.ID)
			p.must(err)
			key := ""
			if len(found) > 0 {
				key = found[0].Key
			}
			if key != c.key {
				t.Errorf("%s: %+v", c.name, found)
			}
			if err := p.reforms.Undo(t.Context(), testkit.Author(), made.ID); errors.Is(err, reform.ErrWrong) != (c.key != "") {
				t.Errorf("%s: %v", c.name, err)
			}
			if c.key != "" {
				c.off()
				p.must(p.reforms.Undo(t.Context(), testkit.Author(), made.ID))
			}
			if err := p.reforms.Undo(t.Context(), testkit.Author(), made.ID); !errors.Is(err, reform.ErrWrong) {
				t.Errorf("%s: undone twice: %v", c.name, err)
			}
		}
		if renamed, _ := p.snap().PointByID(desks["xa-a"].ID); renamed.Place != "Tầng 2" || renamed.AgencyID != at("xa-a").ID {
			t.Errorf("what was changed meanwhile is %+v", renamed)
		}

		into := p.apply(mergeInto("xa-c", "xa-a"))
		p.answers(desks["xa-a"].ID, 5)
		p.must(p.reforms.Undo(t.Context(), testkit.Author(), into.ID)) // they stay with whom they are about
		if row := p.row(at("xa-c").ID); row.N != 5 {
			t.Errorf("%d answers about who took over", row.N)
		}
		anew := p.apply(mergeIntoNew("xa-a"))
		p.answers(desks["xa-a"].ID, 1)
		before := p.kept()
		if err := p.reforms.Undo(t.Context(), testkit.Author(), anew.ID); !errors.Is(err, reform.ErrAnswered) {
			t.Errorf("undoing what has answers: %v", err)
		}
		if diff := cmp.Diff(before, p.kept()); diff != "" {
			t.Errorf("what cannot be undone was changed:\n%s", diff)
		}
	})
}

// TestWhatCannotBeDone says why, and changes nothing.
func TestWhatCannotBeDone(t *testing.T) {
	t.Parallel()
	p, _ := communes(t, testkit.SQLite(t))
	p.today = "2025-12-31"
	split := func(a, b int, into ...string) reform.Asked {
		return reform.Asked{Kind: reform.Split, From: []string{"xa-a"}, Into: []reform.Successor{{Code: into[0], Share: a}, {Code: into[1], Share: b}}, Day: "2025-07-01"}
	}
	with := func(a reform.Asked, change func(*reform.Asked)) reform.Asked { change(&a); return a }
	p.apply(mergeInto("xa-b", "xa-c"))
	for name, c := range map[string]struct {
		asked reform.Asked
		want  string
	}{
		"no kind":            {with(mergeInto("xa-b", "xa-a"), func(a *reform.Asked) { a.Kind = "" }), "kind kind-unknown "},
		"nobody ends":        {mergeInto("xa-b"), "from no-agency "},
		"unknown":            {mergeInto("xa-b", "xa-x"), "from unknown xa-x"},
		"twice":              {mergeInto("xa-b", "xa-a", "xa-a"), "from twice Đơn vị xa-a"},
		"the province":       {mergeInto("xa-b", "tinh"), "from top Đơn vị tinh"},
		"ended before":       {mergeInto("xa-b", "xa-c"), "from ended Đơn vị xa-c"},
		"into the ended":     {mergeInto("xa-c", "xa-a"), "into ended Đơn vị xa-c"},
		"into itself":        {mergeInto("xa-a", "xa-a"), "into ends-too Đơn vị xa-a"},
		"into what is below": {mergeInto("tram-a", "xa-a"), "into below Đơn vị tram-a"},
		"into nobody":        {reform.Asked{Kind: reform.Merge, From: []string{"xa-a"}, Day: "2025-07-01"}, "into no-successor "},
		"no day":             {with(mergeInto("xa-b", "xa-a"), func(a *reform.Asked) { a.Day = "2025-02-30" }), "day day 2025-02-30"},
		"a code like that":   {with(mergeIntoNew("xa-a"), func(a *reform.Asked) { a.Into[0].Code = "xa_a" }), "into alike xa_a"},
		"no code":            {with(mergeIntoNew("xa-a"), func(a *reform.Asked) { a.Into[0].Code = "xã" }), "into code xã"},
		"no name":            {with(mergeIntoNew("xa-a"), func(a *reform.Asked) { a.Into[0].Name = agency.Text{"vi": " "} }), "into name xa-moi"},
		"shares too small":   {split(2000, 7000, "xa-b", "so"), "share sum 90"},
		"a share of all":     {split(10000, 0, "xa-b", "so"), "share share xa-b"},
		"split into one":     {with(split(5000, 5000, "xa-b", "so"), func(a *reform.Asked) { a.Into = a.Into[:1] }), "into two-successors "},
		"split of several":   {with(split(5000, 5000, "so", "huyen"), func(a *reform.Asked) { a.From = append(a.From, "xa-b") }), "from one-agency "},
		"a place of no kind": {with(split(5000, 5000, "xa-b", "so"), func(a *reform.Asked) { a.Places = map[string]string{"user/xa-a": "huyen"} }), "place place user/xa-a"},
	} {
		plan, err := p.reforms.Plan(t.Context(), p.snap(), c.asked)
		p.must(err)
		got := "nothing"
		if len(plan.Problems) > 0 {
			got = plan.Problems[0].Where + " " + plan.Problems[0].Key + " " + plan.Problems[0].Value
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if _, err := p.reforms.Apply(t.Context(), testkit.Author(), plan); !errors.Is(err, reform.ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	early := with(mergeInto("xa-b", "xa-a"), func(a *reform.Asked) { a.Day = "2026-01-01" })
	if _, err := p.reforms.Apply(t.Context(), testkit.Author(), p.plan(early)); !errors.Is(err, reform.ErrEarly) {
		t.Errorf("before the day: %v", err)
	}
}

// TestWhatWaitsAtDissolvedUnitsIsShown: too few answered at two communes before they
// ended. At the cut-off day they are shown together, at what stands above.
func TestWhatWaitsAtDissolvedUnitsIsShown(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p, desks := communes(t, st)
		p.answers(desks["xa-a"].ID, 3)
		p.answers(desks["xa-b"].ID, 3)
		p.apply(mergeInto("xa-c", "xa-a", "xa-b"))
		p.apply(reform.Asked{Kind: reform.Dissolve, From: []string{"huyen"}, Day: "2025-07-01"})
		snap := p.snap()
		district, _ := snap.Tree.ByCode("huyen")
		if row := p.row(district.ID); row.N != 0 {
			t.Fatalf("%d are shown at once", row.N)
		}
		_, err := p.Store.Close(t.Context(), store.Closing{Now: civil.HalfMonthOf("2025-10-01"), Ends: civil.ReportCutOffs().Ends, Tree: snap.Tree})
		p.must(err)
		if row, whole := p.row(district.ID), p.row(0); row.N != 6 || whole.N != 6 {
			t.Errorf("%d are shown at the district that ended, %d in the province", row.N, whole.N)
		}
	})
}

// TestScopesFollowAtOnce: who is signed in sees what the successor has.
func TestScopesFollowAtOnce(t *testing.T) {
	t.Parallel()
	p, _ := communes(t, testkit.SQLite(t))
	p.apply(mergeInto("xa-b", "xa-a"))
	u, err := p.UserByLogin(t.Context(), "xa-a")
	p.must(err)
	snap := p.snap()
	seen := map[string]bool{}
	for _, point := range snap.For(access.Identity{UserID: u.ID, Role: access.Role(u.Role), Scope: u.AgencyID}).Points() {
		seen[point.Name["vi"]] = true
	}
	if diff := cmp.Diff(map[string]bool{"Quầy của xa-a": true, "Quầy của xa-b": true, "Quầy của tram-a": true}, seen); diff != "" {
		t.Errorf("service points that they see (-want +got):\n%s", diff)
	}
	holders, err := p.Holders(t.Context())
	p.must(err)
	b, _ := snap.Tree.ByCode("xa-b")
	for _, h := range holders {
		if h.AgencyID != b.ID {
			t.Errorf("%+v did not follow", h)
		}
	}
}
