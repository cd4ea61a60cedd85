package preset

import (
	"encoding/csv"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/fold"
)

// TestProvincesOfToday: all communes since the reform, each under its official
// code, called the same in both languages; no counter is invented for what the
// reform made, and no target; what it ended has an end.
func TestProvincesOfToday(t *testing.T) {
	t.Parallel()
	var (
		communes = map[string]int{"phu-tho": 148, "lam-dong": 124, "tay-ninh": 96, "da-nang": 94, "ca-mau": 64}
		official = regexp.MustCompile(`^xa-\d{5}$`)
		name     = regexp.MustCompile(`^Ủy ban nhân dân (xã|phường|đặc khu) (.+)$`)
		english  = map[string]string{"xã": "commune", "phường": "ward", "đặc khu": "special zone"}
		codes    = map[string]string{} // of communes, and the preset they are in
		ended    = []string{"so-ke-hoach-va-dau-tu", "so-tai-nguyen-va-moi-truong", "so-giao-thong-van-tai", "so-thong-tin-va-truyen-thong"}
	)
	for _, key := range slices.Sorted(maps.Keys(communes)) {
		p, err := load(key)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, a := range p.agencies {
			if slices.Contains(ended, a.Code) && a.ValidTo != "2025-03-01" {
				t.Errorf("%s: %s is there until %q", key, a.Code, a.ValidTo)
			}
			if a.ValidFrom != "" && len(a.fields) > 0 {
				t.Errorf("%s: %s has a counter", key, a.Code)
			}
			if a.Kind != agency.KindCommune {
				continue
			}
			n++
			if !official.MatchString(a.Code) || codes[a.Code] != "" || a.parent != p.agencies[0].Code || a.ValidFrom != "2025-07-01" || a.ValidTo != "" {
				t.Errorf("%s: %+v, in %q too", key, a, codes[a.Code])
			}
			codes[a.Code] = key
			parts := name.FindStringSubmatch(a.Name["vi"])
			if parts == nil {
				t.Errorf("%s: %s is called %q", key, a.Code, a.Name["vi"])
				continue
			}
			kind, own := english[parts[1]], fold.Text(parts[2])
			want := "people's committee of " + own + " " + kind
			if strings.ContainsAny(own[:1], "123456789") { // Ward 2
				want = "people's committee of " + kind + " " + own
			}
			if strings.ToLower(a.Name["en"]) != want {
				t.Errorf("%s: %q is %q in English, want %q", key, a.Name["vi"], a.Name["en"], want)
			}
		}
		if n != communes[key] {
			t.Errorf("%s has %d communes, want %d", key, n, communes[key])
		}
	}
	for _, key := range []string{"phu-tho", "lam-dong", "da-nang", "tay-ninh"} {
		if targets, err := targetsOf(key); err != nil || len(targets) > 0 {
			t.Errorf("%s: %v, %v", key, targets, err)
		}
	}
}

// TestReleasedAgenciesStay: databases were seeded with these before the communes
// came.
func TestReleasedAgenciesStay(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"ca-mau": `ubnd-tinh,Ủy ban nhân dân tỉnh Cà Mau,People's Committee of Ca Mau Province,province,,
van-phong-ubnd,Văn phòng UBND tỉnh,Office of the Provincial People's Committee,department,ubnd-tinh,hanh-chinh
so-noi-vu,Sở Nội vụ,Department of Home Affairs,department,ubnd-tinh,hanh-chinh
so-tu-phap,Sở Tư pháp,Department of Justice,department,ubnd-tinh,hanh-chinh
so-tai-chinh,Sở Tài chính,Department of Finance,department,ubnd-tinh,hanh-chinh
so-thong-tin-va-truyen-thong,Sở Thông tin và Truyền thông,Department of Information and Communications,department,ubnd-tinh,hanh-chinh
so-khoa-hoc-va-cong-nghe,Sở Khoa học và Công nghệ,Department of Science and Technology,department,ubnd-tinh,hanh-chinh
`,
		"tay-ninh": `ubnd-tinh,Ủy ban nhân dân tỉnh Tây Ninh,People's Committee of Tay Ninh Province,province,,
so-tu-phap,Sở Tư pháp,Department of Justice,department,ubnd-tinh,hanh-chinh
trung-tam-phuc-vu-hanh-chinh-cong,Trung tâm Phục vụ hành chính công,Public Administration Service Centre,department,ubnd-tinh,dat-dai xay-dung dau-tu hanh-chinh
`,
	} {
		agencies, err := agenciesOf(key)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		w := csv.NewWriter(&got)
		for _, a := range agencies[:min(len(agencies), strings.Count(want, "\n"))] {
			if err := w.Write([]string{a.Code, a.Name["vi"], a.Name["en"], string(a.Kind), a.parent, strings.Join(a.fields, " ")}); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		if diff := cmp.Diff(want, got.String()); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}
