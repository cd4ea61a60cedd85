package access_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
)

func TestPermissionsByRole(t *testing.T) {
	t.Parallel()
	admin, local := access.Identity{UserID: 1, Role: access.Administrator}, access.Identity{UserID: 2, Role: access.Administrator, Scope: 7}
	viewer, nobody, strange := access.Identity{Name: "x", Role: access.Viewer}, access.Identity{}, access.Identity{UserID: 3, Role: "Administrator"}
	want := map[access.Permission][]access.Identity{
		access.Public:       {admin, local, viewer, nobody, strange},
		access.ViewBoard:    {admin, local, viewer},
		access.ManagePoints: {admin, local},
		access.Administer:   {admin},
		"":                  nil,
		"view":              nil,
	}
	for _, p := range access.Permissions() {
		if _, covered := want[p]; !covered {
			t.Errorf("this test says nothing about %q", p)
		}
	}
	for p, allowed := range want {
		var got []access.Identity
		for _, who := range []access.Identity{admin, local, viewer, nobody, strange} {
			if who.May(p) {
				got = append(got, who)
			}
		}
		if diff := cmp.Diff(allowed, got); diff != "" {
			t.Errorf("%q:\n%s", p, diff)
		}
	}
}

// tree is 1 > (2 > 3, 4), and 5 beside it.
var tree = agency.NewTree([]agency.Agency{{ID: 1}, {ID: 2, ParentID: 1}, {ID: 3, ParentID: 2}, {ID: 4, ParentID: 1}, {ID: 5}})

func TestNobodyCoversAnything(t *testing.T) {
	t.Parallel()
	for _, who := range []access.Identity{{}, {Role: "root"}, {Role: access.Viewer, Scope: 5}} {
		for _, id := range []int64{0, 1, 3} {
			if who.Covers(tree, id) {
				t.Errorf("%+v covers %d", who, id)
			}
		}
	}
	province := access.Identity{Role: access.Viewer}
	if !province.Covers(tree, 0) || !province.Covers(tree, 3) || province.Covers(tree, 7) {
		t.Error("the scope of the whole province is not what is known of it")
	}
	part := access.Identity{Role: access.Administrator, Scope: 2}
	if !part.Covers(tree, 3) || part.Covers(tree, 1) || part.Covers(tree, 0) {
		t.Error("the scope of an agency is not its subtree")
	}
}
