package httpd_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// token makes an API token and returns the header that carries it.
func (h *harness) token(role access.Role, agencyID int64) []string {
	h.t.Helper()
	text, err := h.deps.Auth.CreateToken(context.Background(), testkit.Author(), "thử nghiệm", role, agencyID)
	if err != nil {
		h.t.Fatal(err)
	}
	return []string{"Authorization", "Bearer " + text}
}

// answer lets people answer the one question of the quick form.
func (h *harness) answer(code string, people, level int) {
	h.t.Helper()
	for range people {
		_, err := h.deps.Intake.SubmitAt(context.Background(), code, survey.Submission{
			ID: h.newKey(), Version: "quay-nhanh.1", Language: "vi", Answers: map[string]survey.Value{"overall": {Kind: survey.ValueLevel, Level: level}},
		}, h.clock.Now())
		if err != nil {
			h.t.Fatal(err)
		}
	}
}

// figures gives a harness 40 people in land (75 % satisfied), 30 in
// construction (100 %), 3 in health, and targets of 2025.
func (h *harness) figures() {
	h.t.Helper()
	h.answer(codeLand, 30, 5)
	h.answer(codeLand, 10, 2)
	h.answer(codeHospital, 3, 1)
	for range 30 {
		submission := survey.Submission{
			ID: h.newKey(), Version: "quay-nhanh.1", Language: "vi", FieldKey: "xay-dung", Answers: map[string]survey.Value{"overall": {Kind: survey.ValueLevel, Level: 4}},
		}
		if _, err := h.deps.Intake.SubmitAt(context.Background(), codeDesk, submission, h.clock.Now()); err != nil {
			h.t.Fatal(err)
		}
	}
	for _, target := range []target.Target{
		{Plan: "3612/KH-UBND", Indicator: target.IndicatorField, FieldKey: "dat-dai", Year: 2025, Percent: 8500, LeadAgency: "Sở Tài nguyên và Môi trường"},
		{Plan: "3612/KH-UBND", Indicator: target.IndicatorField, FieldKey: "xay-dung", Year: 2025, Percent: 8550, LeadAgency: "Sở Xây dựng", Note: agency.Text{"vi": "<b>phấn đấu</b>"}, Comparator: target.Above},
		{Plan: "3612/KH-UBND", Indicator: target.IndicatorField, FieldKey: "dau-tu", Year: 2025, Percent: 9000},
	} {
		if err := h.st.AddTarget(context.Background(), target); err != nil {
			h.t.Fatal(err)
		}
	}
}

var instance = regexp.MustCompile(`"instance":"[^"]*"`)

// withoutInstance is a body without what differs each time.
func (r reply) withoutInstance() string { return instance.ReplaceAllString(r.body, "") }

// TestAPIBoard asks for figures, as those who may see all of them and as those
// who may see some.
func TestAPIBoard(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.figures()
		client := h.api(newContract(t, h.http.Client().Transport))
		board := func(who []string, query string) reply {
			h.t.Helper()
			return h.get(client, "/api/v1/board"+query, who...)
		}
		administrator := h.token(access.Administrator, 0)
		land := h.token(access.Viewer, h.environment.ID)

		const landRow = `{"indicator":"FIELD","field":"dat-dai","n":40,"percent":75,"display":"75%"`
		all := board(administrator, "?year=2025")
		all.check(t, "the province", http.StatusOK, []string{
			`{"year":2025,"period":"Y","from":"2025-01-01","to":"2025-12-31","method":"`, landRow, `"survey":"quay-nhanh"`,
			`"targets":[{"comparator":"at-least","percent":85,"plan":"3612/KH-UBND","lead_agency":"Sở Tài nguyên và Môi trường","note":{},"gap":-10,"standing":"missed","beyond_chance":false,"inherited":false}]`,
			`"field":"xay-dung","n":30,"percent":100,`, `"gap":14.5,"standing":"met","beyond_chance":true,"inherited":false}`,
			`"field":"dau-tu","n":0,"percent":null,"display":null,"low":null,"high":null`, `"gap":null,"standing":"not-enough-data"`,
			`"indicator":"TTHC","field":null,"n":70,`,
		}, []string{"<b>", `"n":3,`, `"n":73`, `"percent":0,`})
		for _, same := range []string{"", "?year=2025&period=Y", "?period=Y", "?year=2025&agency=&field=", "?agency=tinh", "?lang=en"} {
			if r := board(administrator, same); r.body != all.body {
				t.Errorf("%q differs: %s", same, r.body)
			}
		}
		board(administrator, "?year=2025&period=Q4").check(t, "a quarter", http.StatusOK, []string{`"period":"Q4"`, landRow}, nil)
		board(administrator, "?year=2025&period=Q1").check(t, "an empty quarter", http.StatusOK, []string{`"field":"dat-dai","n":0,"percent":null`}, nil)
		board(administrator, "?field=dat-dai").check(t, "one field", http.StatusOK, []string{landRow}, []string{"xay-dung", "TTHC"})
		board(administrator, "?channel=qr&field=dat-dai").check(t, "one channel", http.StatusOK, []string{landRow}, nil)
		board(administrator, "?channel=kiosk&field=dat-dai").check(t, "another channel", http.StatusOK, []string{`"n":0,"percent":null`}, nil)
		board(administrator, "?year=2000").check(t, "long ago", http.StatusOK, []string{`"year":2000`, `"rows":[]`}, nil)

		own := board(land, "")
		own.check(t, "one's own", http.StatusOK, []string{landRow}, []string{`"n":30`, `"n":70`})
		if r := board(land, "?agency=so-tnmt"); r.body != own.body {
			t.Errorf("the own agency by name differs: %s", r.body)
		}
		unknown := board(land, "?agency=so-khong-co")
		unknown.check(t, "no such agency", http.StatusNotFound, []string{`"status":404`}, leaks)
		for _, other := range []string{"so-xay-dung", "tinh", "benh-vien-tinh", "SO-TNMT", "so-tnmt%00", "%27%20OR%201=1--", "so-tnmt%27%3BDROP%20TABLE%20agencies%3B--"} {
			if r := board(land, "?agency="+other); r.status != http.StatusNotFound || r.withoutInstance() != unknown.withoutInstance() {
				t.Errorf("agency %s: %d %s, want what an unknown one gives", other, r.status, r.body)
			}
		}
		for _, bad := range []string{
			"?year=abc", "?year=1", "?year=999999999999999999999", "?year=2025%00", "?year=2025.0", "?year=-2025", "?year=2025'--", "?period=Q5", "?period=q1", "?period=M13", "?period=2025-Q1",
			"?channel=QR", "?channel=qr'--", "?year=2025&year=2024", "?agency=so-tnmt&agency=so-xay-dung", "?field=dat-dai&field=", "?group_by=agency_id", "?per_page=1e9", "?detail=0", "?detail=", "?detail=true", "?detail=01", "?detail=1&detail=1", "?row=1", "?year=2025;period=Q1", "?year=%zz",
		} {
			board(administrator, bad).check(t, bad, http.StatusBadRequest, []string{`"status":400`}, append(leaks, "rows"))
		}
		for _, field := range []string{"khong-co", "dat-dai%27--", "dat-dai%00", "DAT-DAI"} {
			board(administrator, "?field="+field).check(t, field, http.StatusNotFound, []string{`"status":404`}, append(leaks, "rows"))
		}
		anonymous := h.get(client, "/api/v1/board")
		anonymous.check(t, "nobody", http.StatusUnauthorized, []string{`"status":401`}, append(leaks, "rows"))
	})
}

// TestAPIPoints lists service points by scope.
func TestAPIPoints(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		client := h.api(newContract(t, h.http.Client().Transport))
		const path = "/api/v1/service-points"
		h.get(client, path, h.token(access.Viewer, 0)...).check(t, "all", http.StatusOK, []string{
			`{"code":"DATDAT23","name":"Quầy 3 · Đăng ký đất đai","agency":"so-tnmt","fields":["dat-dai"],"active":true}`,
			`{"code":"HANHCH23","name":"Quầy 1","agency":"so-xay-dung","fields":["xay-dung","dat-dai","dau-tu"],"active":true}`,
			`{"code":"DNGCDA23","name":"Quầy đã đóng","agency":"so-xay-dung","fields":["xay-dung"],"active":false}`,
		}, nil)
		h.get(client, path+"?lang=en", h.token(access.Viewer, h.hospital.ID)...).check(t, "one agency's", http.StatusOK,
			[]string{`[{"code":"BENHVN23","name":"Outpatients","agency":"benh-vien-tinh","fields":["y-te"],"active":true}]`}, nil)
		lonely, err := st.AddAgency(context.Background(), agency.Agency{Code: "moi", ParentID: h.province.ID, Name: agency.Text{"vi": "Mới"}, Kind: agency.KindCommune})
		if err != nil {
			t.Fatal(err)
		}
		h.get(client, path, h.token(access.Viewer, lonely.ID)...).check(t, "nothing", http.StatusOK, []string{"[]"}, []string{"null", "code"})
		h.get(client, path).check(t, "nobody", http.StatusUnauthorized, []string{`"status":401`}, append(leaks, codeLand))
	})
}

// TestAPIPublish makes figures public and takes them back.
func TestAPIPublish(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.figures()
		client := h.api(newContract(t, h.http.Client().Transport))
		const published, publications = "/api/v1/published", "/api/v1/publications"
		administrator := append(h.token(access.Administrator, 0), "Content-Type", jsonType)
		publish := func(body string, who []string) reply { return h.post(client, publications, body, who...) }
		withdraw := func(period string, who []string) reply {
			return h.do(client, http.MethodDelete, publications+"/"+period, nil, who...)
		}

		h.get(client, published).check(t, "nothing yet", http.StatusOK, []string{"[]"}, nil)
		publish(`{"year":2025,"period":"Q4"}`, administrator).check(t, "publish", http.StatusCreated,
			[]string{`"edition":1`, `"published_at":"2025-11-20T01:00:00Z"`, `"year":2025`, `"period":"Q4"`, `"field":"dat-dai","n":40,"percent":75`},
			[]string{"thử nghiệm", `"n":3,`, `"id"`})
		h.answer(codeLand, 10, 5)
		h.get(client, published).check(t, "it stands", http.StatusOK, []string{`"field":"dat-dai","n":40,"percent":75`, `"field_name":{"en":"Land","vi":"Đất đai"}`}, []string{"thử nghiệm"})
		publish(`{"period":"Q4","year":2025}`, administrator).check(t, "again", http.StatusCreated, []string{`"edition":2`, `"n":50,"percent":80`}, nil)
		publish(`{"year":2025}`, administrator).check(t, "the year", http.StatusCreated, []string{`"edition":1`, `"period":"Y"`}, nil)

		for _, who := range [][]string{h.token(access.Viewer, 0), h.token(access.Administrator, h.environment.ID)} {
			who = append(who, "Content-Type", jsonType)
			publish(`{"year":2024}`, who).check(t, "no administrator", http.StatusForbidden, []string{`"status":403`}, leaks)
			withdraw("2025/Q4", who).check(t, "no administrator", http.StatusForbidden, []string{`"status":403`}, leaks)
		}
		publish(`{"year":2024}`, []string{"Content-Type", jsonType}).check(t, "nobody", http.StatusUnauthorized, []string{`"status":401`}, leaks)
		withdraw("2025/Q4", nil).check(t, "nobody", http.StatusUnauthorized, []string{`"status":401`}, leaks)
		for body, status := range map[string]int{
			"": 400, "[]": 400, "{}": 400, `{"year":2025,"period":"Q9"}`: 400, `{"year":1}`: 400, `{"year":2025}{}`: 400,
			`{"year":"2025"}`: 422, `{"year":2025.0}`: 422, `{"year":2025,"period":null}`: 422, `{"year":2025,"year":2025}`: 422, `{"year":2025,"by":"me"}`: 422, `{"year":2025,"published_at":"2020-01-01"}`: 422,
			`{"year":2025,"period":"` + strings.Repeat("Q", httpd.OrdinaryBody) + `"}`: 413,
		} {
			publish(body, administrator).check(t, body[:min(len(body), 60)], status, nil, append(leaks, "rows"))
		}
		publish(`{"year":2025}`, append(h.token(access.Administrator, 0), "Content-Type", "text/plain")).check(t, "not JSON", http.StatusUnsupportedMediaType, nil, leaks)
		for path, status := range map[string]int{"2024/Y": 404, "2025/Q1": 404, "2025/Q9": 400, "x/Q4": 400, "2025/q4": 400, "2025%00/Q4": 400, "2025/Q4'--": 400} {
			withdraw(path, administrator).check(t, path, status, nil, leaks)
		}

		r := withdraw("2025/Q4", administrator)
		r.check(t, "withdraw", http.StatusNoContent, nil, nil)
		h.get(client, published).check(t, "withdrawn, earlier editions too", http.StatusOK, []string{`"period":"Y"`}, []string{`"period":"Q4"`})
		withdraw("2025/Q4", administrator).check(t, "withdrawn twice", http.StatusNotFound, nil, leaks)
	})
}
