package registry_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/registry"
)

// TestSearch: names without marks, places, codes and agencies, the best first, and of
// a part of the province nothing else.
func TestSearch(t *testing.T) {
	t.Parallel()
	office := func(id, parent int64, code, vi, en string) agency.Agency {
		return agency.Agency{ID: id, ParentID: parent, Code: code, Name: agency.Text{"vi": vi, "en": en}}
	}
	point := func(id, of int64, code agency.Code, vi, place string) agency.ServicePoint {
		return agency.ServicePoint{ID: id, AgencyID: of, Code: code, Name: agency.Text{"vi": vi}, Place: place}
	}
	s := registry.SnapshotForTest([]agency.Agency{
		office(1, 0, "tinh", "UBND tỉnh Đắk Lắk", "Đắk Lắk Province"), office(2, 1, "so-xd", "Sở Xây dựng", "Department of Construction"),
		office(3, 1, "dak-lieng", "Xã Đắk Liêng", ""),
	}, []agency.ServicePoint{
		point(1, 3, "BCDFGH23", "Quầy 1", "Tầng 2"), point(2, 3, "BCDFGJ23", "Tầng trệt", ""), point(3, 2, "BCDFGK23", "Cấp phép xây dựng", "Quầy 12"),
	})
	whole := access.Identity{Role: access.Viewer}
	for _, c := range []struct {
		who    access.Identity
		text   string
		best   []string // agencies, then service points
		listed []string // service points in the order of lists
	}{
		{whole, "dak l", []string{"tinh", "dak-lieng", "BCDFGH23", "BCDFGJ23"}, []string{"BCDFGH23", "BCDFGJ23"}},
		{whole, " XÂY  dựng ", []string{"so-xd", "BCDFGK23"}, []string{"BCDFGK23"}},
		{whole, "construction", []string{"so-xd", "BCDFGK23"}, []string{"BCDFGK23"}},
		{whole, "bcdfgk-23", []string{"BCDFGK23"}, []string{"BCDFGK23"}},
		{whole, "tang", []string{"BCDFGH23", "BCDFGJ23"}, []string{"BCDFGH23", "BCDFGJ23"}},
		{whole, "quay 1", []string{"BCDFGK23", "BCDFGH23"}, []string{"BCDFGK23", "BCDFGH23"}},
		{whole, "huyện", nil, nil},
		{access.Identity{Role: access.Viewer, Scope: 3}, "quay 1", []string{"BCDFGH23"}, []string{"BCDFGH23"}},
		{access.Identity{Role: access.Viewer, Scope: 3}, "xay dung", nil, nil},
		{access.Identity{Role: access.Viewer, Scope: 3}, "bcdfgk-23", nil, nil},
		{access.Identity{}, "dak", nil, nil},
	} {
		search := s.For(c.who).Search(c.text)
		agencies, foundAgencies := search.BestAgencies(2)
		points, foundPoints := search.BestPoints(2)
		var best, listed []string
		for _, a := range agencies {
			best = append(best, a.Code)
		}
		for _, p := range points {
			best = append(best, string(p.Code))
		}
		for _, p := range search.Points() {
			listed = append(listed, string(p.Code))
		}
		if diff := cmp.Diff([][]string{c.best, c.listed}, [][]string{best, listed}); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
		if foundAgencies != len(search.Agencies()) || foundPoints != len(listed) {
			t.Errorf("%q: %d agencies and %d service points, which lists do not hold", c.text, foundAgencies, foundPoints)
		}
	}
}

// BenchmarkSearch measures looking for something among 100,000 service points, once
// their names are folded.
func BenchmarkSearch(b *testing.B) {
	agencies, points := make([]agency.Agency, 1000), make([]agency.ServicePoint, 100_000)
	for i := range agencies {
		agencies[i] = agency.Agency{ID: int64(i + 1), Code: fmt.Sprintf("xa-%d", i), Name: agency.Text{"vi": fmt.Sprintf("Xã Hàm Thuận %d", i)}}
	}
	for i := range points {
		points[i] = agency.ServicePoint{ID: int64(i + 1), AgencyID: int64(i/100 + 1), Code: agency.NewCode(), Name: agency.Text{"vi": fmt.Sprintf("Quầy %d · Đăng ký đất đai", i)}, Place: "Tầng trệt"}
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			registry.SnapshotForTest(agencies, points).For(access.Identity{Role: access.Viewer}).Search("dat dai")
		}
	})
	view := registry.SnapshotForTest(agencies, points).For(access.Identity{Role: access.Viewer})
	b.Run("next", func(b *testing.B) {
		for b.Loop() {
			view.Search("dat dai").BestPoints(10)
		}
	})
}
