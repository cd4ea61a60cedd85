package auth_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
	"sipas/internal/auth"
)

func TestPermissionsByRole(t *testing.T) {
	t.Parallel()
	admin, local := auth.Identity{UserID: 1, Role: auth.Administrator}, auth.Identity{UserID: 2, Role: auth.Administrator, Scope: 7}
	viewer, nobody, strange := auth.Identity{Name: "x", Role: auth.Viewer}, auth.Identity{}, auth.Identity{UserID: 3, Role: "Administrator"}
	want := map[auth.Permission][]auth.Identity{
		auth.Public:       {admin, local, viewer, nobody, strange},
		auth.ViewBoard:    {admin, local, viewer},
		auth.ManagePoints: {admin, local},
		auth.Administer:   {admin},
		"":                nil,
		"view":            nil,
	}
	for _, p := range auth.Permissions() {
		if _, covered := want[p]; !covered {
			t.Errorf("this test says nothing about %q", p)
		}
	}
	for p, allowed := range want {
		var got []auth.Identity
		for _, who := range []auth.Identity{admin, local, viewer, nobody, strange} {
			if who.May(p) {
				got = append(got, who)
			}
		}
		if diff := cmp.Diff(allowed, got); diff != "" {
			t.Errorf("%q:\n%s", p, diff)
		}
	}
}

// tree is 1 > (2 > 3, 4), and 5 beside it; 8 and 9 are each other's parents, and
// the parent of 6 does not exist.
var tree = []agency.Agency{
	{ID: 1}, {ID: 2, ParentID: 1}, {ID: 3, ParentID: 2}, {ID: 4, ParentID: 1}, {ID: 5},
	{ID: 6, ParentID: 77}, {ID: 8, ParentID: 9}, {ID: 9, ParentID: 8},
}

func TestInSubtree(t *testing.T) {
	t.Parallel()
	want := map[int64][]int64{
		0:  {0, 1, 2, 3, 4, 5, 6, 8, 9},
		1:  {1, 2, 3, 4},
		2:  {2, 3},
		3:  {3},
		5:  {5},
		8:  {8, 9},
		77: nil,
		-1: nil,
	}
	for root, inside := range want {
		var got []int64
		for _, id := range []int64{-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 77} {
			if auth.InSubtree(tree, root, id) {
				got = append(got, id)
			}
		}
		if diff := cmp.Diff(inside, got); diff != "" {
			t.Errorf("below %d:\n%s", root, diff)
		}
	}
}

func TestInSubtreeEndsInAnyGraph(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var agencies []agency.Agency
		ids := rapid.Int64Range(0, 8)
		for range rapid.IntRange(0, 12).Draw(t, "agencies") {
			agencies = append(agencies, agency.Agency{ID: ids.Draw(t, "id"), ParentID: ids.Draw(t, "parent")})
		}
		root, id := ids.Draw(t, "root"), ids.Draw(t, "asked")
		if auth.InSubtree(agencies, root, id) && !auth.InSubtree(agencies, 0, id) {
			t.Errorf("%d is below %d but not in the province", id, root)
		}
	})
}

func TestNobodyCoversAnything(t *testing.T) {
	t.Parallel()
	for _, who := range []auth.Identity{{}, {Role: "root"}, {Role: auth.Viewer, Scope: 5}} {
		for _, id := range []int64{0, 1, 3} {
			if who.Covers(tree, id) {
				t.Errorf("%+v covers %d", who, id)
			}
		}
	}
	province := auth.Identity{Role: auth.Viewer}
	if !province.Covers(tree, 0) || !province.Covers(tree, 3) || province.Covers(tree, 7) {
		t.Error("the scope of the whole province is not what is known of it")
	}
	part := auth.Identity{Role: auth.Administrator, Scope: 2}
	if !part.Covers(tree, 3) || part.Covers(tree, 1) || part.Covers(tree, 0) {
		t.Error("the scope of an agency is not its subtree")
	}
}
