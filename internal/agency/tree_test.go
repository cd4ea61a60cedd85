package agency_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
)

// TestWhatStandsAbove: whoever has no hotline has the nearest one above.
func TestWhatStandsAbove(t *testing.T) {
	t.Parallel()
	tree := agency.NewTree([]agency.Agency{
		{ID: 1, Code: "province", Hotline: "1"}, {ID: 2, ParentID: 1, Code: "department", Hotline: "2"},
		{ID: 3, ParentID: 2, Code: "branch"}, {ID: 4, ParentID: 1, Code: "commune"}, {ID: 5, Code: "alone"},
	})
	for id, want := range map[int64][2]string{
		1: {"1", ""}, 2: {"2", "province"}, 3: {"2", "province"}, 4: {"1", "province"}, 5: {"", ""}, 9: {"", ""},
	} {
		if got := [2]string{tree.Hotline(id), tree.Head(id).Code}; got != want {
			t.Errorf("agency %d: %q, want %q", id, got, want)
		}
	}
	for code, want := range map[string]int64{"branch": 3, "alone": 5, "nowhere": 0} {
		if a, ok := tree.ByCode(code); a.ID != want || ok != (want != 0) {
			t.Errorf("%s: %+v, %v", code, a, ok)
		}
	}
	if root := tree.Root(); root != 0 {
		t.Errorf("two stand outermost, and the root is %d", root)
	}
	if root := agency.NewTree([]agency.Agency{{ID: 3, ParentID: 7}, {ID: 4, ParentID: 3}}).Root(); root != 3 {
		t.Errorf("the root is %d, want 3", root)
	}
}

// TestBelow: 1 > (2 > 3, 4), and 5 beside it; 8 and 9 are each other's parents,
// and the parent of 6 does not exist.
func TestBelow(t *testing.T) {
	t.Parallel()
	tree := agency.NewTree([]agency.Agency{
		{ID: 1}, {ID: 2, ParentID: 1}, {ID: 3, ParentID: 2}, {ID: 4, ParentID: 1}, {ID: 5},
		{ID: 6, ParentID: 77}, {ID: 8, ParentID: 9}, {ID: 9, ParentID: 8},
	})
	want := map[int64][]int64{
		0:  {0, 1, 2, 3, 4, 5, 6, 8, 9},
		1:  {1, 2, 3, 4},
		2:  {2, 3},
		3:  {3},
		5:  {5},
		8:  {8, 9},
		9:  {9}, // the first given of a circle is outermost
		77: nil,
		-1: nil,
	}
	for root, inside := range want {
		var got []int64
		for _, id := range []int64{-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 77} {
			if tree.Below(root, id) {
				got = append(got, id)
			}
		}
		if diff := cmp.Diff(inside, got); diff != "" {
			t.Errorf("below %d:\n%s", root, diff)
		}
	}
}

func TestBelowIsWalkingUpwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "agencies")
		all, parents := make([]agency.Agency, n), map[int64]int64{}
		for i := range all { // a parent has a smaller id, or is nobody: 0 and 99
			id := int64(i + 1)
			all[i] = agency.Agency{ID: id, ParentID: rapid.SampledFrom([]int64{0, 99, id - 1, id / 2, id / 3}).Draw(t, "parent")}
			parents[id] = all[i].ParentID
		}
		all = rapid.Permutation(all).Draw(t, "order")
		tree := agency.NewTree(all)
		agree(t, tree, all)
		order := map[int64]int{}
		for i, a := range all {
			order[a.ID] = i
		}
		for root := range parents {
			for id := range parents {
				above := id
				for above != root && parents[above] != 0 {
					above = parents[above]
				}
				if got := tree.Below(root, id); got != (above == root) {
					t.Fatalf("Below(%d, %d) = %v", root, id, got)
				}
			}
			if !slices.IsSortedFunc(tree.Children(root), func(a, b agency.Agency) int { return order[a.ID] - order[b.ID] }) {
				t.Fatalf("the children of %d are not in the order given", root)
			}
		}
	})
}

// TestTreesEndInAnyGraph: circles, which no data should hold, are cut, so that
// whatever walks up or down comes to an end.
func TestTreesEndInAnyGraph(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []agency.Agency
		for _, id := range rapid.Permutation([]int64{1, 2, 3, 4, 5, 6, 7}).Draw(t, "order") {
			all = append(all, agency.Agency{ID: id, ParentID: rapid.Int64Range(0, 8).Draw(t, "parent")})
		}
		agree(t, agency.NewTree(all), all)
	})
}

// agree checks that a tree holds every agency once and that everything it says
// about their places fits.
func agree(t *rapid.T, tree *agency.Tree, all []agency.Agency) {
	ids := func(list []agency.Agency) []int64 {
		ids := []int64{}
		for _, a := range list {
			ids = append(ids, a.ID)
		}
		return ids
	}
	if given, kept := slices.Sorted(slices.Values(ids(all))), slices.Sorted(slices.Values(ids(tree.All()))); !slices.Equal(given, kept) {
		t.Fatalf("given %v, kept %v", given, kept)
	}
	// below walks down.
	var below func(id int64, depth int) []int64
	below = func(id int64, depth int) (found []int64) {
		if depth > len(all) {
			t.Fatalf("walking down from %d does not end", id)
		}
		for _, child := range tree.Children(id) {
			if got := tree.Depth(child.ID); got != depth {
				t.Fatalf("Depth(%d) = %d, want %d", child.ID, got, depth)
			}
			found = append(append(found, child.ID), below(child.ID, depth+1)...)
		}
		return found
	}
	if walked := below(0, 0); !slices.Equal(walked, ids(tree.All())) {
		t.Fatalf("walking down visits %v, there are %v", walked, ids(tree.All()))
	}
	for _, a := range all {
		subtree, path := ids(tree.Subtree(a.ID)), ids(tree.Path(a.ID))
		if want := append([]int64{a.ID}, below(a.ID, tree.Depth(a.ID)+1)...); !slices.Equal(subtree, want) {
			t.Fatalf("Subtree(%d) = %v, want %v", a.ID, subtree, want)
		}
		if from, to, ok := tree.Span(a.ID); !ok || !slices.Equal(ids(tree.All()[from:to]), subtree) {
			t.Fatalf("Span(%d) = %d, %d, %v", a.ID, from, to, ok)
		}
		if len(path) != tree.Depth(a.ID)+1 {
			t.Fatalf("Path(%d) = %v at depth %d", a.ID, path, tree.Depth(a.ID))
		}
		for _, other := range all {
			lies := tree.Below(other.ID, a.ID)
			if lies != slices.Contains(path, other.ID) || lies != slices.Contains(ids(tree.Subtree(other.ID)), a.ID) {
				t.Fatalf("Below(%d, %d) = %v, with the path %v", other.ID, a.ID, lies, path)
			}
		}
		if !tree.Below(0, a.ID) || tree.Below(99, a.ID) || tree.Below(a.ID, 0) {
			t.Fatalf("%d is not in the province, or below nobody", a.ID)
		}
		tree.Hotline(a.ID)
		tree.Head(a.ID)
	}
}
