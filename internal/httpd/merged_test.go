package httpd_test

import (
	"net/http"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/testkit"
)

// merged makes two communes with a counter each that were merged into a third on the
// first of July 2025.
func (h *harness) merged() {
	h.t.Helper()
	ctx := h.t.Context()
	ids := map[string]int64{}
	for _, a := range []agency.Agency{
		{Code: "xa-moi", Name: agency.Text{"vi": "Xã Mới"}, ValidFrom: "2025-07-01"},
		{Code: "xa-cu-mot", Name: agency.Text{"vi": "Xã Cũ Một"}, ValidTo: "2025-07-01"},
		{Code: "xa-cu-hai", Name: agency.Text{"vi": "Xã Cũ Hai"}, ValidTo: "2025-07-01"},
	} {
		a.ParentID, a.Kind = h.province.ID, agency.KindCommune
		kept, err := h.st.AddAgency(ctx, a)
		if err != nil {
			h.t.Fatal(err)
		}
		ids[a.Code] = kept.ID
	}
	for from, code := range map[string]string{"xa-cu-mot": "XACUMT23", "xa-cu-hai": "XACUHA23", "xa-moi": "XAMYYY23"} {
		p, err := h.st.AddServicePoint(ctx, agency.ServicePoint{
			Code: agency.Code(code), AgencyID: ids[from], Name: agency.Text{"vi": "Quầy của " + from}, SurveyKey: "quay-nhanh", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
		})
		if err == nil && from != "xa-moi" {
			err = h.st.AddSuccession(ctx, agency.Succession{FromID: ids[from], ToID: ids["xa-moi"], Day: "2025-07-01", Share: 10000})
		}
		if err != nil {
			h.t.Fatal(err)
		}
		h.points[code] = p
	}
}

// The board of a merged unit shows each of the former ones by itself in the year before
// the merger and in its own, and nothing that adds them up; nobody sees those outside of
// their scope. Units that are no more say so wherever they are, and are not offered.
func TestUnitsBeforeAMerger(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.merged()
		h.crowds(crowd{"XACUMT23", "dat-dai", "2025-03-10", 40, 0}, crowd{"XACUHA23", "dat-dai", "2025-03-10", 10, 30}, crowd{"XAMYYY23", "dat-dai", "2025-09-10", 20, 20})
		chief := h.signedIn(h.account(access.Administrator, 0))
		const before = "Trước khi sáp nhập: Năm 2025"
		units := []string{before, `<a href="/bang?agency=xa-cu-mot&amp;year=2025">Xã Cũ Một</a>`, `<a href="/bang?agency=xa-cu-hai&amp;year=2025">Xã Cũ Hai</a>`, "<b>100%</b>", "<b>25%</b>", "đến 1/7/2025"}
		mean := []string{"62,5%"}
		h.get(chief, "/bang?lang=vi&agency=xa-moi&year=2025").check(t, "the year of the merger", http.StatusOK, append(units, "<title>Đất đai: 50%</title>"), mean)
		h.get(chief, "/bang?lang=vi&agency=xa-moi&year=2026").check(t, "the year after", http.StatusOK, units, append(mean, "<title>Đất đai"))
		for what, path := range map[string]string{
			"two years after": "/bang?lang=vi&agency=xa-moi&year=2027", "a quarter whose year before is its own": "/bang?lang=vi&agency=xa-moi&year=2026&period=Q4",
			"a former one": "/bang?lang=vi&agency=xa-cu-mot&year=2025", "the province": "/bang?lang=vi&year=2025",
		} {
			h.get(chief, path).check(t, what, http.StatusOK, nil, []string{"Trước khi sáp nhập"})
		}
		h.get(h.signedIn(h.account(access.Viewer, h.agencyNow("xa-moi").ID)), "/bang?lang=vi&year=2026").check(t, "who sees the merged one only", http.StatusOK, []string{"Xã Mới"}, []string{"Xã Cũ", before})

		const ended = "không còn từ 1/7/2025"
		h.get(chief, "/bang?lang=vi&agency=xa-cu-mot&year=2025").check(t, "its board", http.StatusOK, []string{"Cơ quan này " + ended + ", nhập vào Xã Mới", "Xã Cũ Hai (" + ended + ")"}, nil)
		h.get(chief, "/bang?lang=vi&year=2025").check(t, "the board above", http.StatusOK, []string{"Xã Cũ Một</a> <small>" + ended}, nil)
		h.get(chief, "/quay?lang=vi").check(t, "counters", http.StatusOK, []string{"Xã Cũ Một</a> <small class=\"muted\">" + ended}, nil)
		for _, path := range []string{"/quay/them", "/chi-tieu/them", "/quan-tri/tai-khoan-moi", "/co-quan/them"} {
			h.get(chief, path+"?lang=vi").check(t, path, http.StatusOK, []string{"Xã Mới</option>"}, []string{"Xã Cũ"})
		}
		h.get(chief, "/quay/XACUMT23/sua?lang=vi").check(t, "one that is theirs", http.StatusOK, []string{`<option value="xa-cu-mot" selected>`, "Xã Cũ Một (" + ended + ")"}, []string{"Xã Cũ Hai"})
	})
}

// The tree shows who exists, or existed on a day, where they stand; what is looked for is
// shown opened, with those above it; and nobody sees more of it than their part.
func TestTheTreeOfAgencies(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.merged()
		for name, a := range map[string]agency.Agency{
			"Chi cục Đất đai": {Code: "chi-cuc-dat-dai", ParentID: h.environment.ID}, "Đội Mới": {Code: "doi-moi", ParentID: h.agencyNow("xa-cu-mot").ID},
		} {
			a.Name, a.Kind = agency.Text{"vi": name}, agency.KindDepartment
			if _, err := st.AddAgency(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		chief := h.signedIn(h.account(access.Administrator, 0))
		opened := func(path string, want int) {
			t.Helper()
			if got := strings.Count(h.get(chief, path).body, "<details open>"); got != want {
				t.Errorf("%s: %d are opened, want %d", path, got, want)
			}
		}
		h.get(chief, "/co-quan?lang=vi").check(t, "everything", http.StatusOK, []string{
			"9 cơ quan", "8 đơn vị bên dưới", `href="/co-quan/xa-cu-hai"`, "không còn từ 1/7/2025, nhập vào Xã Mới", "nhận nhiệm vụ của Xã Cũ", "từ 1/7/2025", "2 quầy",
		}, nil)
		opened("/co-quan", 1)
		h.get(chief, "/co-quan?lang=vi&tim=CHI+cuc").check(t, "what is looked for", http.StatusOK, []string{"1 cơ quan", "chi-cuc-dat-dai", h.environment.Name["vi"], h.province.Name["vi"]}, []string{h.construction.Name["vi"], "Xã"})
		opened("/co-quan?tim=CHI+cuc", 2)
		h.get(chief, "/co-quan?lang=vi&ngay=30/6/2025").check(t, "the day before", http.StatusOK, []string{"8 cơ quan", "ngày 30/6/2025", "Xã Cũ Một", "Xã Cũ Hai"}, []string{`"/co-quan/xa-moi"`})
		h.get(chief, "/co-quan?lang=vi&ngay=+1.7.2025+").check(t, "the day", http.StatusOK, []string{"7 cơ quan", `"/co-quan/xa-moi"`, `"/co-quan/doi-moi"`}, []string{`"/co-quan/xa-cu-mot"`})
		h.get(chief, "/co-quan?lang=vi&ngay=30/6/2025&tim=xa+moi").check(t, "who was not there yet", http.StatusOK, []string{"Không có cơ quan nào phù hợp"}, nil)
		h.get(chief, "/co-quan?lang=vi&ngay=30/2/2025").check(t, "no day", http.StatusUnprocessableEntity, []string{"không phải một ngày", `value="30/2/2025"`, "9 cơ quan"}, nil)
		viewer := h.signedIn(h.account(access.Viewer, h.environment.ID))
		for _, query := range []string{"", "&ngay=30/6/2025", "&tim=chi"} {
			h.get(viewer, "/co-quan?lang=vi"+query).check(t, "a department"+query, http.StatusOK, []string{"chi-cuc-dat-dai"}, []string{"Xã Cũ", h.construction.Name["vi"], "/co-quan/tinh"})
		}
	})
}
