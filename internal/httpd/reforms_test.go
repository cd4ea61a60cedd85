package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/reform"
	"sipas/internal/testkit"
)

var planHash = regexp.MustCompile(`name="ke-hoach" value="([0-9a-f]{64})"`)

func (h *harness) reforms() *reform.Reforms {
	return reform.New(h.st.DB, h.st.Registry, h.deps.Auth, reform.Options{Now: h.clock.Now, Zone: h.deps.Zone})
}

// reformed merges a commune into another, and gives the address of what was done.
func (h *harness) reformed() string {
	h.t.Helper()
	for _, code := range []string{"xa-cu", "xa-moi"} {
		if _, err := h.st.AddAgency(h.t.Context(), agency.Agency{Code: code, ParentID: h.snapshot().Tree.Root(), Kind: agency.KindCommune, Name: agency.Text{"vi": "Xã " + code}}); err != nil {
			h.t.Fatal(err)
		}
	}
	plan, err := h.reforms().Plan(h.t.Context(), h.snapshot(), reform.Asked{
		Kind: reform.Merge, From: []string{"xa-cu"}, Into: []reform.Successor{{Code: "xa-moi"}}, Day: "2025-07-01",
	})
	if err != nil {
		h.t.Fatal(err)
	}
	made, err := h.reforms().Apply(h.t.Context(), testkit.Author(), plan)
	if err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprintf("/co-quan/sap-xep/%d", made.ID)
}

// An administrator merges an agency into a new one: the plan is looked at, goes stale, is
// made anew and carried out; who is signed in sees the successor at once, posters go on;
// and it is undone.
func TestReformsInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.officialsOfBoth()
		admin, local := h.signedIn(h.manager()), h.signedIn(h.account(access.Manager, h.environment.ID))
		h.get(admin, "/co-quan?lang=vi").check(t, "the list", http.StatusOK, []string{`href="/co-quan/sap-xep"`}, nil)
		h.get(admin, "/co-quan/sap-xep?lang=vi").check(t, "the kinds", http.StatusOK, []string{"Sáp nhập", "Chia tách", "Giải thể"}, nil)
		h.get(admin, "/co-quan/sap-xep?lang=vi&viec=merge").check(t, "the form", http.StatusOK, []string{h.environment.Name["vi"], "Đơn vị mới"}, nil)
		asked := url.Values{"viec": {"merge"}, "tu": {h.environment.Code}, "vao": {"+"}, "ma-moi": {"so-gop"}, "ten-moi": {"Sở <Gộp>"}, "ngay": {"30/2/2025"}}
		wrong := h.get(admin, "/co-quan/sap-xep/xem-truoc?lang=vi&"+asked.Encode())
		wrong.check(t, "no day", http.StatusUnprocessableEntity, []string{`href="#f-ngay"`, "30/2/2025", `value="Sở &lt;Gộp&gt;"`}, []string{"<Gộp>"})
		asked.Set("ngay", " 1/7/2025 ")
		plan := h.get(admin, "/co-quan/sap-xep/xem-truoc?"+asked.Encode())
		plan.check(t, "the plan", http.StatusOK, []string{"từ ngày 1/7/2025", "Sở &lt;Gộp&gt;", "Thực hiện", "Cán bộ Một Cửa", "Cán bộ đi theo quầy"}, []string{"<Gộp>", "Phạm Thị"})
		alone := url.Values{"viec": {"dissolve"}, "tu": {h.environment.Code}, "ngay": {"1/7/2025"}}
		h.get(admin, "/co-quan/sap-xep/xem-truoc?"+alone.Encode()).check(t, "without a successor", http.StatusOK, []string{"1 cán bộ vẫn thuộc đơn vị cũ"}, []string{"Lê Văn"})

		carry := func(from reply) reply {
			hash := planHash.FindStringSubmatch(from.body)
			if hash == nil {
				t.Fatalf("no plan in %d %s", from.status, from.body)
			}
			asked.Set("do", "lam")
			asked.Set("ke-hoach", hash[1])
			return h.post(admin, "/co-quan/sap-xep", asked)
		}
		h.account(access.Viewer, h.environment.ID) // no change of the registry
		stale := carry(plan)
		stale.check(t, "stale", http.StatusConflict, []string{"Đây là kế hoạch mới"}, nil)
		if _, made := h.snapshot().Tree.ByCode("so-gop"); made {
			t.Fatal("a stale plan was carried out")
		}
		done := carry(stale)
		done.check(t, "done", http.StatusSeeOther, nil, nil)
		to := done.header.Get("Location")
		h.get(admin, to+"&lang=vi").check(t, "what was done", http.StatusOK, []string{"Đã thực hiện", "Hoàn tác", "Sở &lt;Gộp&gt;", "Cán bộ Một Cửa"}, nil)
		carry(stale).check(t, "done twice", http.StatusUnprocessableEntity, []string{"so-gop"}, nil)
		h.get(local, "/quay?lang=vi").check(t, "who is signed in", http.StatusOK, []string{"Sở &lt;Gộp&gt;", codeLand}, nil)
		h.get(h.client(), "/q/"+codeLand).check(t, "its poster", http.StatusOK, []string{"Sở &lt;Gộp&gt;"}, nil)
		one, _, _ := strings.Cut(to, "?")
		h.post(local, one+"/hoan-tac", url.Values{}).check(t, "somebody else", http.StatusForbidden, nil, nil)

		undone := h.post(admin, one+"/hoan-tac", url.Values{})
		undone.check(t, "undone", http.StatusSeeOther, nil, nil)
		h.get(admin, undone.header.Get("Location")).check(t, "what was undone", http.StatusOK, []string{"Đã hoàn tác", "Sở &lt;Gộp&gt;"}, nil)
		h.get(local, "/quay").check(t, "who is signed in", http.StatusOK, []string{h.environment.Name["vi"], codeLand}, []string{"Gộp"})
		h.post(admin, one+"/hoan-tac", url.Values{}).check(t, "undone twice", http.StatusConflict, nil, nil)

		done = carry(h.get(admin, "/co-quan/sap-xep/xem-truoc?"+asked.Encode()))
		one, _, _ = strings.Cut(done.header.Get("Location"), "?")
		h.answer(codeLand, 1, 5)
		h.post(admin, one+"/hoan-tac", url.Values{}).check(t, "with answers", http.StatusConflict, []string{"Người dân đã đánh giá"}, nil)
	})
}
