package httpd_test

import (
	"fmt"
	"net/http"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/testkit"
)

// planned keeps a campaign at some counters, which begins today.
func (h *harness) planned(lastDay, survey string, counters ...string) campaign.Campaign {
	h.t.Helper()
	c := campaign.Campaign{
		Name: agency.Text{"vi": "Khảo sát cuối năm", "en": "End of the year"}, FirstDay: "2025-11-20", LastDay: lastDay, VersionID: h.snapshot().Newest(survey).ID,
	}
	for _, code := range counters {
		c.PointIDs = append(c.PointIDs, h.points[code].ID)
	}
	kept, err := h.st.KeepCampaign(h.t.Context(), c, "2025-11-20")
	if err != nil {
		h.t.Fatal(err)
	}
	return kept
}

// TestACampaignIsAnswered: by the page and by programs, whose answers count to it as
// their form says; its figures are shown alone, and with those of the survey.
func TestACampaignIsAnswered(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		phone := h.client()
		before := h.openForm(phone, codeLand)
		c := h.planned("2025-12-31", "quay-nhanh", codeLand)
		asked := fmt.Sprint(c.ID)
		if in := h.openForm(phone, codeLand); before.Get("campaign") != "" || in.Get("campaign") != asked {
			t.Fatalf("the form names campaign %q, and before it %q", in.Get("campaign"), before.Get("campaign"))
		}
		if in := h.openForm(phone, codeDesk); in.Has("campaign") {
			t.Errorf("another counter names campaign %q", in.Get("campaign"))
		}
		client := h.api(newContract(t, h.http.Client().Transport))
		h.get(client, "/api/v1/service-points/"+codeLand+"/form").check(t, "form for programs", http.StatusOK, []string{`"campaign":"` + asked + `"`}, nil)
		for i := range 10 {
			body := `{"version":"quay-nhanh.1","answers":{"overall":5}}`
			if i < 5 {
				body = `{"version":"quay-nhanh.1","campaign":"` + asked + `","answers":{"overall":2}}`
			}
			h.send(client, codeLand, h.newKey(), body).check(t, "answer", http.StatusCreated, nil, nil)
		}
		// One that is refused comes back as it was opened.
		opened := h.openForm(h.client(), codeLand)
		opened.Set("a.overall", "9")
		h.post(h.client(), "/q/"+codeLand, opened).check(t, "refused", http.StatusUnprocessableEntity, []string{`name="campaign" value="` + asked + `"`}, nil)

		token := h.token(access.Viewer, 0)
		h.get(client, "/api/v1/board?field=dat-dai", token...).check(t, "ordinary board", http.StatusOK, []string{`"n":10`}, []string{"campaign"})
		h.get(client, "/api/v1/board?campaign="+asked, token...).check(t, "board of the campaign", http.StatusOK,
			[]string{`"n":5`, `"indicator":"SURVEY"`, `"from":"2025-11-15","to":"2025-12-31"`, `"campaign":{"id":` + asked + `,"name":{"en":"End of the year","vi":"Khảo sát cuối năm"},"first_day":"2025-11-20","last_day":"2025-12-31"}`}, []string{`"n":10`})
		h.get(client, "/api/v1/board?campaign=99", token...).check(t, "no campaign", http.StatusNotFound, nil, nil)
		reader := h.signedIn(h.account(access.Viewer, 0))
		const said = "Chỉ số liệu của đợt khảo sát “Khảo sát cuối năm” (20/11/2025 – 31/12/2025)."
		h.get(reader, "/bang?campaign="+asked).check(t, "page of the campaign", http.StatusOK, []string{said, "Toàn bộ phiếu của đợt khảo sát", "Đợt khảo sát: Khảo sát cuối năm"}, nil)
		h.get(reader, "/bang?year=2025").check(t, "ordinary page", http.StatusOK, []string{`<option value="` + asked + `">Khảo sát cuối năm</option>`}, []string{said})
		h.get(reader, "/bang?campaign=x").check(t, "no campaign", http.StatusNotFound, nil, nil)
	})
}
