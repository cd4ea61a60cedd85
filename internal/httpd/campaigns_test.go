package httpd_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/testkit"
)

// hiddenWas finds what a form showed when it was opened.
var hiddenWas = regexp.MustCompile(`<input type="hidden" name="(was\.[a-z_]+)" value="([^"]*)">`)

// planned keeps a campaign at some counters, which begins today.
func (h *harness) planned(lastDay, survey string, counters ...string) campaign.Campaign {
	h.t.Helper()
	c := campaign.Campaign{
		Name: agency.Text{"vi": "Khảo sát cuối năm", "en": "End of the year"}, FirstDay: "2025-11-20", LastDay: lastDay, VersionID: h.snapshot().Newest(survey).ID,
	}
	for _, code := range counters {
		p, _ := h.snapshot().Point(agency.Code(code))
		c.PointIDs = append(c.PointIDs, p.ID)
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

// TestCampaignsOnTheDesk: a designer plans, changes and ends a campaign by plain forms;
// the calendar tells what overlaps and by which rule, a counter's page what it asks now
// and why; others read, and nobody changes what people have answered by.
func TestCampaignsOnTheDesk(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		designer, reader := h.signedIn(h.account(access.Designer, 0)), h.signedIn(h.account(access.Viewer, h.environment.ID))
		h.get(designer, "/khao-sat/dot").check(t, "none", http.StatusOK, []string{"Chưa có đợt khảo sát nào", "/khao-sat/dot/them", `aria-current="page">Khảo sát</a>`}, nil)
		h.get(reader, "/khao-sat/dot").check(t, "none to read", http.StatusOK, []string{"Chưa có đợt khảo sát nào"}, []string{"/khao-sat/dot/them"})
		h.get(reader, "/khao-sat/dot/them").check(t, "not a reader's", http.StatusForbidden, nil, nil)

		form := url.Values{
			"campaign_vi": {"Đợt \"một\" <i>"}, "campaign_en": {""}, "first_day": {"19/11/2025"}, "last_day": {"1/13/2025"}, "version": {""}, "at": {"all"}, "channels": {"qr"},
		}
		h.post(designer, "/khao-sat/dot/them", form).check(t, "wrong", http.StatusUnprocessableEntity,
			[]string{"Cần sửa", "Cần một ngày có thật", "Ngày này đã qua", "chọn một bộ câu hỏi", `value="19/11/2025"`, "Đợt &#34;một&#34; &lt;i&gt;", `value="qr" checked`}, []string{"<i>"})
		form.Set("at", "some")
		form.Set("first_day", "20/11/2025")
		form.Set("last_day", "31/12/2025")
		form.Set("version", "sipas.1")
		h.post(designer, "/khao-sat/dot/them", form).check(t, "nowhere", http.StatusUnprocessableEntity, []string{"ít nhất một cơ quan hoặc một quầy"}, nil)
		form["agencies"] = []string{h.environment.Code}
		form.Set("do", "look")
		h.post(designer, "/khao-sat/dot/them", form).check(t, "looked", http.StatusOK, []string{`value="` + h.environment.Code + `" checked`}, []string{"Cần sửa"})
		form.Del("do")
		added := h.post(designer, "/khao-sat/dot/them", form)
		added.check(t, "added", http.StatusSeeOther, nil, nil)
		list := h.get(designer, added.header.Get("Location"))
		list.check(t, "list", http.StatusOK, []string{"Đã thêm đợt khảo sát", "Đang diễn ra", "20/11/2025 – 31/12/2025", "1/1/2025 – 19/11/2025", "Không có hai đợt nào"}, []string{"<i>"})

		h.planned("2025-12-10", "quay-nhanh")
		h.get(designer, "/khao-sat/dot?nam=2025").check(t, "overlap", http.StatusOK, []string{"20/11/2025 – 10/12/2025: “Đợt", "các quầy ấy hỏi theo “Đợt", "Quầy hỏi theo đợt nêu quầy hẹp hơn"}, nil)
		h.get(designer, "/khao-sat/dot?nam=2026").check(t, "another year", http.StatusOK, []string{"Năm này không có đợt khảo sát nào"}, nil)
		h.get(designer, "/khao-sat/dot?nam=x").check(t, "no year", http.StatusBadRequest, nil, nil)
		h.get(reader, "/khao-sat/dot?nam=2025").check(t, "read", http.StatusOK, []string{"/bang?campaign=1"}, []string{"/sua"})

		administrator := h.signedIn(h.account(access.Administrator, 0))
		h.get(administrator, "/quay/"+codeLand).check(t, "counter", http.StatusOK, []string{"Đang hỏi", "theo đợt khảo sát “Đợt", "đến hết ngày 31/12/2025"}, nil)
		h.get(administrator, "/quay/"+codeDesk).check(t, "another counter", http.StatusOK, []string{"theo đợt khảo sát “Khảo sát cuối năm”, đến hết ngày 10/12/2025"}, nil)

		const first = "/khao-sat/dot/1"
		page := h.get(designer, first+"/sua")
		page.check(t, "form of one that runs", http.StatusOK, []string{"Đợt đã bắt đầu", "Kết thúc ngay", `name="last_day" value="31/12/2025"`}, []string{`name="version"`, "Bỏ đợt"})
		changed := url.Values{}
		for _, field := range hiddenWas.FindAllStringSubmatch(page.body, -1) {
			changed.Set(field[1], html.UnescapeString(field[2]))
		}
		changed.Set("campaign_vi", "Đợt hai")
		changed.Set("last_day", "30/11/2025")
		changed.Set("version", "quay-nhanh.1") // which the form does not have
		h.post(reader, first+"/sua", changed).check(t, "not a reader's", http.StatusForbidden, nil, nil)
		h.post(designer, first+"/sua", changed).check(t, "changed", http.StatusSeeOther, nil, nil)
		c := h.snapshot().Campaigns.ByID(1)
		if c.LastDay != "2025-11-30" || c.Name["vi"] != "Đợt hai" || c.VersionID != h.snapshot().Newest("sipas").ID || len(c.AgencyIDs) != 1 {
			t.Errorf("it is %+v", c)
		}
		changed.Set("last_day", "1/11/2025")
		h.post(designer, first+"/sua", changed).check(t, "changed meanwhile", http.StatusConflict, []string{"f-last_day-wrong"}, nil)
		h.post(designer, first+"/bo", nil).check(t, "not removed", http.StatusSeeOther, nil, nil)
		h.post(designer, first+"/ket-thuc", nil).check(t, "ended", http.StatusSeeOther, nil, nil)
		h.clock.Advance(1)
		if c := h.snapshot().Campaigns.ByID(1); c == nil || c.LastDay != "2025-11-20" || c.EndedAt.IsZero() {
			t.Errorf("ended it is %+v", c)
		}
		h.get(administrator, "/quay/"+codeLand).check(t, "counter afterwards", http.StatusOK, []string{"theo đợt khảo sát “Khảo sát cuối năm”"}, nil)
		h.get(designer, first+"/sua").check(t, "form of one that is over", http.StatusOK, []string{"chỉ còn sửa được tên"}, []string{"Kết thúc ngay"})
		h.get(designer, "/khao-sat/dot/9/sua").check(t, "no campaign", http.StatusNotFound, nil, nil)

		later := url.Values{"campaign_vi": {"Sang năm"}, "first_day": {"1/1/2026"}, "last_day": {"31/1/2026"}, "version": {"quay-nhanh.1"}, "at": {"all"}}
		h.post(designer, "/khao-sat/dot/them", later).check(t, "planned", http.StatusSeeOther, nil, nil)
		h.get(designer, "/khao-sat/dot/3/sua").check(t, "form of one that is planned", http.StatusOK, []string{"Bỏ đợt", `name="first_day" value="1/1/2026"`}, []string{"Kết thúc ngay"})
		h.post(designer, "/khao-sat/dot/3/bo", nil).check(t, "removed", http.StatusSeeOther, nil, nil)
		if len(h.snapshot().Campaigns) != 2 {
			t.Errorf("%d campaigns are left", len(h.snapshot().Campaigns))
		}
	})
}

// TestCampaignsForPrograms: what the pages can do, programs can, with what is wrong by the
// members of what they sent; of what they may not see they learn no codes.
func TestCampaignsForPrograms(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.api(newContract(t, h.http.Client().Transport))
	designer := append(h.token(access.Designer, 0), "Content-Type", jsonType)
	reader := append(h.token(access.Viewer, h.environment.ID), "Content-Type", jsonType)
	const path = "/api/v1/campaigns"
	body := `{"name":{"vi":"Đợt"},"first_day":"2025-11-20","last_day":"2025-12-31","version":"sipas","channels":["kiosk","qr"],"agencies":["so-tnmt"],"points":["` + codeDesk + `"]}`
	kept := `"state":"running","survey":"sipas","version":"sipas.1","channels":["qr","kiosk"],"agencies":["so-tnmt"],"points":["` + codeDesk + `"]}`
	h.post(client, path, body, designer...).check(t, "added", http.StatusCreated, []string{`{"id":1,"name":{"vi":"Đợt"}`, kept}, nil)
	h.get(client, path, designer...).check(t, "listed", http.StatusOK, []string{kept}, nil)
	h.get(client, path, reader...).check(t, "listed for who sees less", http.StatusOK, []string{`"agencies":["so-tnmt"],"points":[]`}, []string{codeDesk})
	h.post(client, path, body, reader...).check(t, "not a reader's", http.StatusForbidden, nil, nil)
	h.post(client, path, `{"name":{"vi":"","fr":"x"},"first_day":1,"last_day":"2025-12-31","version":"x","channels":"qr","more":1}`, designer...).check(t, "of other types", http.StatusUnprocessableEntity,
		[]string{`"where":"name.fr"`, `"where":"first_day"`, `"where":"channels"`, `"where":"more"`}, nil)
	h.post(client, path, `{"name":{"vi":""},"first_day":"2025-11-20","last_day":"2025-12-31","version":"x","agencies":["khong-co"],"points":["22222222"]}`, designer...).check(t, "wrong", http.StatusUnprocessableEntity,
		[]string{`"where":"name.vi"`, `"where":"version"`, `"where":"agencies"`, `"where":"points"`, "khong-co"}, nil)
	h.do(client, http.MethodPut, path+"/1", strings.Replace(body, `"sipas"`, `"quay-nhanh"`, 1), designer...).check(t, "what has begun stays", http.StatusUnprocessableEntity, []string{`"where":"version","key":"campaign-begun"`}, nil)
	h.do(client, http.MethodPut, path+"/1", strings.Replace(body, "2025-12-31", "2025-12-01", 1), designer...).check(t, "its end is moved", http.StatusOK, []string{`"last_day":"2025-12-01"`}, nil)
	h.do(client, http.MethodDelete, path+"/1", nil, designer...).check(t, "not removed", http.StatusUnprocessableEntity, []string{"campaign-begun"}, nil)
	h.post(client, path+"/1/end", "{}", designer...).check(t, "ended", http.StatusOK, []string{`"last_day":"2025-11-20","state":"over"`}, nil)
	h.post(client, path+"/1/end", "{}", designer...).check(t, "ended again", http.StatusUnprocessableEntity, []string{"campaign-idle"}, nil)
}
