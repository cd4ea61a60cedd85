package httpd_test

import (
	"net/http"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// TestACounterHasABoard: the drill-down ends at a counter, whose page says the same
// figures; who waits there is shown nowhere.
func TestACounterHasABoard(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.year2025()
		client := h.signedIn(h.account(access.Viewer, h.environment.ID))
		const land, kiosk = "/bang?agency=so-tnmt&point=" + codeLand, "/bang?agency=so-tnmt&point=" + codeKiosk
		h.get(client, "/bang?year=2025&period=9M&row=FIELD.quay-nhanh.dat-dai&open=1").section(`id="don-vi"`, "</table>").check(t, "parts", http.StatusOK, []string{
			`href="/bang?agency=so-tnmt&amp;period=9M&amp;point=` + codeLand + `&amp;year=2025"`,
		}, []string{`href="/quay/`})
		page := h.get(client, land+"&period=9M&year=2025&lang=vi")
		page.check(t, "the board", http.StatusOK, []string{
			"<title>Quầy 3 · Đăng ký đất đai · Sở Tài nguyên và Môi trường · 9 tháng năm 2025 · ", "<small>Sở Tài nguyên và Môi trường</small>",
			`href="/bang?agency=so-tnmt&amp;period=9M&amp;year=2025"`, // up
			`<input type="hidden" name="agency" value="so-tnmt">`, `<option value="` + codeKiosk + `">Ki-ốt sảnh`, `<option value="` + codeLand + `" selected>`,
			"n = 360", "82,5%", "Chỉ tiêu chung của cấp trên", "Phải chờ lâu", "Tháng 9",
		}, []string{`id="don-vi"`, "n = 400<", `name="agency">`})
		if by := h.get(client, "/bang?point="+codeLand+"&period=9M&year=2025&lang=vi"); by.section("<main", "</main>").body != page.section("<main", "</main>").body {
			t.Error("without its agency it is another board")
		}
		h.get(client, land+"&year=2025&lang=vi&channel=kiosk").check(t, "another channel", http.StatusOK, []string{"Không có đánh giá nào khớp", "point=" + codeLand}, nil)
		h.get(client, kiosk+"&year=2025&lang=vi").check(t, "two who wait", http.StatusOK,
			[]string{"Quầy chưa có số liệu trong kỳ này: đánh giá được cộng vào theo từng nhóm ít nhất 5 người.", `href="/quay/` + codeKiosk + `"`}, []string{"n = "})

		const figures = `id="ket-qua"`
		h.get(client, "/quay/"+codeLand+"?lang=vi").section(figures, "</section>").check(t, "the page", http.StatusOK, []string{
			"Kết quả năm 2025", "82,5%", "n = 400", "Chưa đạt", `href="/bang?agency=so-tnmt&amp;point=` + codeLand + `&amp;year=2025"`,
		}, nil)
		h.get(client, "/quay/"+codeKiosk+"?lang=vi").section(figures, "</section>").check(t, "the page of who waits", http.StatusOK, []string{
			"Năm 2025 quầy chưa có số liệu: đánh giá được cộng vào theo từng nhóm ít nhất 5 người.", `href="/bang?agency=so-tnmt&amp;point=` + codeKiosk + `"`,
		}, []string{"n = "})

		programs := h.api(newContract(t, h.http.Client().Transport))
		token := h.token(access.Viewer, h.environment.ID)
		own := h.get(programs, "/api/v1/board?year=2025&detail=1&point="+codeLand, token...)
		own.check(t, "for programs", http.StatusOK, []string{`"field":"dat-dai","n":400,"percent":82.5`, `"inherited":true`, `"month":"2025-03","n":40`, `"parts":[]`}, nil)
		if named := h.get(programs, "/api/v1/board?year=2025&detail=1&agency=so-tnmt&point="+codeLand, token...); named.body != own.body {
			t.Error("with its agency it is another document")
		}
	})
}

// TestBoardsOfCountersAreOfWhoIsJudged: whoever sees the agency that is judged sees the
// boards of its counters, and nobody else does, not even whose counter it is.
func TestBoardsOfCountersAreOfWhoIsJudged(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		point := h.points[codeLand]
		point.JudgedID = h.construction.ID
		err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
			return c.UpdateServicePoints(t.Context(), []agency.ServicePoint{point})
		})
		if err != nil {
			t.Fatal(err)
		}
		h.points[codeLand] = point
		h.crowds(crowd{codeLand, "dat-dai", "2025-03-10", 10, 10})
		owner, judged := h.signedIn(h.account(access.Viewer, h.environment.ID)), h.signedIn(h.account(access.Viewer, h.construction.ID))
		const board = "/bang?year=2025&lang=vi&point=" + codeLand
		h.get(judged, board).check(t, "who is judged", http.StatusOK, []string{"n = 20", "Sở Xây dựng"}, []string{h.environment.Name["vi"], `href="/quay/` + codeLand})
		h.get(judged, "/bang?year=2025&lang=vi&row=FIELD.quay-nhanh.dat-dai").check(t, "its parts", http.StatusOK, []string{"point=" + codeLand}, nil)
		h.get(judged, "/quay/"+codeLand).check(t, "the page of another's counter", http.StatusNotFound, nil, nil)
		h.get(owner, "/quay/"+codeLand+"?lang=vi").check(t, "the owner", http.StatusOK, nil, []string{`id="ket-qua"`, "/bang?agency="})
		token, other := h.token(access.Viewer, h.construction.ID), h.token(access.Viewer, h.environment.ID)
		h.get(h.http.Client(), "/api/v1/board?year=2025&point="+codeLand, token...).check(t, "a program", http.StatusOK, []string{`"n":20`}, nil)
		unknown := h.get(owner, strings.Replace(board, codeLand, codeUnknown, 1))
		for _, path := range []string{board, board + "&agency=so-tnmt", board + "&agency=so-xay-dung"} {
			if r := h.get(owner, path); r.status != http.StatusNotFound || unknown.status != http.StatusNotFound {
				t.Errorf("%s of who is not judged: %d, and what is unknown %d", path, r.status, unknown.status)
			}
		}
		h.get(h.http.Client(), "/api/v1/board?point="+codeLand, other...).check(t, "another's program", http.StatusNotFound, nil, []string{"rows"})
	})
}
