package registry_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/registry"
)

// TestWhatIsOutsideDoesNotExist: the province 1 > (2 > 3, 4), seen by agency 2.
func TestWhatIsOutsideDoesNotExist(t *testing.T) {
	t.Parallel()
	s := registry.SnapshotForTest([]agency.Agency{
		{ID: 1, Code: "tinh"}, {ID: 2, ParentID: 1, Code: "so"}, {ID: 3, ParentID: 2, Code: "chi-nhanh"}, {ID: 4, ParentID: 1, Code: "xa"},
	}, []agency.ServicePoint{{ID: 1, Code: "POINT3", AgencyID: 3}, {ID: 2, Code: "POINT4", AgencyID: 4}})
	everything := []string{"tinh", "so", "chi-nhanh", "xa", "POINT3", "POINT4"}
	for what, c := range map[string]struct {
		who  access.Identity
		want []string
	}{
		"nobody":               {access.Identity{}, nil},
		"nobody with a scope":  {access.Identity{Scope: 2}, nil},
		"a role that is none":  {access.Identity{UserID: 1, Role: "root"}, nil},
		"of an agency long go": {access.Identity{UserID: 1, Role: access.Administrator, Scope: 77}, nil},
		"of a department":      {access.Identity{UserID: 1, Role: access.Viewer, Scope: 2}, []string{"so", "chi-nhanh", "POINT3"}},
		"of the province":      {access.Identity{UserID: 1, Role: access.Viewer}, everything},
	} {
		view := s.For(c.who)
		var named, listed []string
		for _, code := range append(slices.Clone(everything), "khong-co", "") {
			_, agencyErr := view.Agency(code)
			_, pointErr := view.Point(agency.Code(code))
			for _, err := range []error{agencyErr, pointErr} {
				switch {
				case err == nil:
					named = append(named, code)
				case !errors.Is(err, fault.ErrNotFound):
					t.Errorf("%s: %s: %v", what, code, err)
				}
			}
			if unknown := fmt.Sprintf("agency %q: not found", code); agencyErr != nil && agencyErr.Error() != unknown {
				t.Errorf("%s: %q tells more than that it is not found", what, agencyErr)
			}
		}
		for _, a := range view.Agencies() {
			listed = append(listed, a.Code)
		}
		for _, p := range view.Points() {
			listed = append(listed, string(p.Code))
		}
		if diff := cmp.Diff([2][]string{c.want, c.want}, [2][]string{named, listed}); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		if province := view.Sees(0); province != (what == "of the province") {
			t.Errorf("%s: sees the province as a whole: %v", what, province)
		}
	}
	if depth := s.For(access.Identity{Role: access.Viewer, Scope: 2}).Depth(3); depth != 1 {
		t.Errorf("the branch stands %d below the department", depth)
	}
}

func TestAViewIsWhatTheScopeCovers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		agencies := make([]agency.Agency, rapid.IntRange(0, 10).Draw(t, "agencies"))
		for i := range agencies {
			agencies[i] = agency.Agency{ID: int64(i + 1), Code: fmt.Sprint(i + 1), ParentID: rapid.Int64Range(0, int64(i)).Draw(t, "parent")}
		}
		agencies = rapid.Permutation(agencies).Draw(t, "order")
		var points []agency.ServicePoint
		for id := range rapid.Int64Range(0, 20).Draw(t, "points") * int64(min(1, len(agencies))) {
			points = append(points, agency.ServicePoint{
				ID: id + 1, Code: agency.Code(fmt.Sprint(id + 1)), AgencyID: rapid.SampledFrom(agencies).Draw(t, "whose").ID,
			})
		}
		s := registry.SnapshotForTest(agencies, points)
		if len(s.Points) != len(points) {
			t.Fatalf("%d points of %d", len(s.Points), len(points))
		}
		who := access.Identity{
			Role:  rapid.SampledFrom([]access.Role{access.Administrator, access.Viewer, ""}).Draw(t, "role"),
			Scope: rapid.Int64Range(0, int64(len(agencies))+1).Draw(t, "scope"),
		}
		view := s.For(who)
		covered := slices.DeleteFunc(slices.Clone(s.Tree.All()), func(a agency.Agency) bool { return !who.Covers(s.Tree, a.ID) })
		if got := view.Agencies(); len(got)+len(covered) > 0 && !cmp.Equal(covered, got) {
			t.Fatalf("agencies: %s", cmp.Diff(covered, got))
		}
		theirs := slices.DeleteFunc(slices.Clone(s.Points), func(p agency.ServicePoint) bool { return !who.Covers(s.Tree, p.AgencyID) })
		if got := view.Points(); len(got)+len(theirs) > 0 && !cmp.Equal(theirs, got) {
			t.Fatalf("points: %s", cmp.Diff(theirs, got))
		}
		for _, a := range s.Tree.All() {
			if _, err := view.Agency(a.Code); (err == nil) != view.Sees(a.ID) {
				t.Fatalf("agency %s: %v", a.Code, err)
			}
			own := slices.DeleteFunc(slices.Clone(s.Points), func(p agency.ServicePoint) bool { return p.AgencyID != a.ID })
			if got := s.PointsOf(a.ID); len(got)+len(own) > 0 && !cmp.Equal(own, got) {
				t.Fatalf("points of %d alone: %s", a.ID, cmp.Diff(own, got))
			}
		}
		for _, p := range points {
			if _, err := view.Point(p.Code); (err == nil) != view.Sees(p.AgencyID) {
				t.Fatalf("point %s: %v", p.Code, err)
			}
			if byID, ok := s.PointByID(p.ID); !ok || byID.Code != p.Code {
				t.Fatalf("point %d is %+v", p.ID, byID)
			}
		}
	})
}
