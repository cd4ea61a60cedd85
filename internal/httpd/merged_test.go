package httpd_test

import (
	"net/http"
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
		h.get(chief, "/quay/XACUMT23?lang=vi").check(t, "one that is theirs", http.StatusOK, []string{`<option value="xa-cu-mot" selected>`, "Xã Cũ Một (" + ended + ")"}, []string{"Xã Cũ Hai"})
	})
}
