package httpd_test

import (
	"net/http"
	"testing"

	"sipas/internal/access"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestLeftOutIsSaid: where answers to an earlier method are not in a figure, the
// board, the API and the publication say so.
func TestLeftOutIsSaid(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.crowds(crowd{codeLand, "dat-dai", "2025-11-03", 40, 10})
		administrator := h.token(access.Administrator, 0)
		client := h.api(newContract(t, h.http.Client().Transport))
		const said = "Một số phiếu dùng phương pháp tính khác không được tính vào chỉ số này."
		h.get(client, "/api/v1/board?year=2025", administrator...).check(t, "one method", http.StatusOK, []string{`"n":50`}, []string{"left_out"})

		versions, err := st.Versions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		changed := versions[0].Definition
		changed.Headline, changed.Method = "", string(score.Sipas2023)
		if _, err := st.PublishVersion(t.Context(), changed, h.clock.Now()); err != nil {
			t.Fatal(err)
		}
		for range 30 {
			_, err := h.deps.Intake.SubmitAt(t.Context(), codeLand, survey.Submission{
				ID: h.newKey(), Version: "quay-nhanh.2", Language: "vi", Answers: map[string]survey.Value{"overall": {Kind: survey.ValueLevel, Level: 5}},
			}, h.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
		}
		h.get(client, "/api/v1/board?year=2025&field=dat-dai", administrator...).check(t, "two methods", http.StatusOK, []string{`"n":30`, `"left_out":true`}, nil)
		h.get(h.signedIn(h.account(access.Viewer, 0)), "/bang?year=2025&lang=vi").check(t, "board", http.StatusOK, []string{said}, nil)
		h.post(client, "/api/v1/publications", `{"year":2025}`, append(administrator, "Content-Type", jsonType)...).check(t, "publish", http.StatusCreated, []string{`"left_out":true`}, nil)
		h.get(client, "/api/v1/published").check(t, "published", http.StatusOK, []string{`"left_out":true`}, nil)
		h.get(h.client(), "/cong-khai?lang=vi").check(t, "public", http.StatusOK, []string{said}, nil)
	})
}

// TestPublishedRows: what was published before left_out was known is shown as it
// was, and a row with a note shows it even if there is nothing else behind it.
func TestPublishedRows(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		row := func(more string) []byte {
			return []byte(`{"year":2024,"period":"Y","small_cell":5,"min_sample":30,"rows":[{"indicator":"TTHC","field":null,"n":50,"percent":80,` +
				`"display":"80%","low":66.96,"high":88.76,"survey":"quay-nhanh","method":"single-question","counts":true,` + more + `"targets":[],"survey_title":{"vi":"Đánh giá nhanh"}}]}`)
		}
		client := h.api(newContract(t, h.http.Client().Transport))
		for _, edition := range []struct {
			board     []byte
			wantAPI   []string
			want, not []string
		}{
			{row(""), []string{`"n":50`}, []string{"n = 50", "80%"}, []string{"phương pháp tính khác không được tính", "đã được sửa lời", "<details>"}},
			{row(`"left_out":true,`), []string{`"left_out":true`}, []string{"n = 50", "phương pháp tính khác không được tính", "<details>"}, []string{"đã được sửa lời"}},
			{row(`"wording_changed":true,`), []string{`"wording_changed":true`}, []string{"đã được sửa lời", "<details>"}, []string{"phương pháp tính khác không được tính"}},
		} {
			if err := st.PublishRaw(t.Context(), 2024, "Y", edition.board, h.clock.Now(), "thử"); err != nil {
				t.Fatal(err)
			}
			h.get(client, "/api/v1/published").check(t, "API", http.StatusOK, edition.wantAPI, nil)
			h.get(h.client(), "/cong-khai?lang=vi").check(t, "page", http.StatusOK, edition.want, edition.not)
		}
	})
}
