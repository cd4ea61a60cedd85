package access_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
)

// The policy, once more and the other way round: what each role may do, in the
// whole province (+) or in an agency's part of it too (.).
func TestPermissionsByRole(t *testing.T) {
	t.Parallel()
	want := map[access.Role]string{
		access.Administrator: "public. own-account. view-board. view-points. manage-points. design-surveys+ enter-responses. read-served. manage-accounts. read-log+ read-settings+ administer+",
		access.Designer:      "public. own-account. view-board. view-points. design-surveys+ read-served.",
		access.Manager:       "public. own-account. view-board. view-points. manage-points. enter-responses. read-served.",
		access.Viewer:        "public. own-account. view-board. view-points. read-served.",
		access.Entry:         "public. own-account. view-points. enter-responses. read-served.",
		access.CaseHandler:   "public. own-account. view-board. view-points. read-served.",
		access.Auditor:       "public. own-account. view-board. view-points. read-served. read-log+ read-settings+",
		"":                   "public.",
		"Administrator":      "public.",
	}
	for _, role := range append(access.Roles(), "", "Administrator") {
		var got []string
		for _, p := range append(access.Permissions(), "", "view") {
			whole, part := access.Identity{Role: role}.May(p), access.Identity{Role: role, Scope: 7}.May(p)
			switch {
			case part && whole:
				got = append(got, string(p)+".")
			case whole:
				got = append(got, string(p)+"+")
			case part:
				t.Errorf("%q of an agency may %q, of the province not", role, p)
			}
		}
		if diff := cmp.Diff(want[role], strings.Join(got, " ")); diff != "" {
			t.Errorf("%q:\n%s", role, diff)
		}
	}
}

// Who gives roles gives nobody more than they have themselves: within an agency's part
// nothing that they may not do there.
func TestNobodyGivesMoreThanTheyHave(t *testing.T) {
	t.Parallel()
	for _, giver := range access.Roles() {
		for _, scope := range []int64{0, 7} {
			who := access.Identity{Role: giver, Scope: scope}
			if !who.May(access.ManageAccounts) {
				continue
			}
			for _, given := range access.Roles() {
				for _, p := range access.Permissions() {
					if (access.Identity{Role: given, Scope: scope}).May(p) && !who.May(p) {
						t.Errorf("%s of %d makes a %s, who may %s", giver, scope, given, p)
					}
				}
			}
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
