package httpd_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// TestBoardFigures compares the board with figures worked out by hand (see
// year2025), in both languages.
func TestBoardFigures(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.year2025()
		client := h.signedIn(h.account(access.Viewer, 0))
		vi := h.get(client, "/bang?year=2025&lang=vi")
		vi.check(t, "board", http.StatusOK, []string{
			"Đã đạt 2 trên 6 chỉ tiêu.", "Giải quyết thủ tục hành chính thiếu nhiều nhất: 4,6 điểm so với chỉ tiêu 90%, yếu nhất là “Trả kết quả”.",
			"Chưa đủ mẫu để kết luận: 2 chỉ tiêu.", "từng nhóm 5 người", "Khoảng tin cậy 95%",
		}, []string{"n = 3<", "3 người", "33,3%"})
		const row = "</details>"
		for _, test := range []struct {
			row           string
			want, notWant []string
		}{
			{"TTHC.quay-nhanh", []string{"85,4%", "n = 520", "−4,6 điểm", "Chưa đạt"}, []string{"ngẫu nhiên"}},
			{
				"FIELD.quay-nhanh.dat-dai", []string{
					"82,5%", "n = 400", "78,5% – 85,9%", "−2,5 điểm", "&#43;2,5 điểm", "Chỉ tiêu 85%", "Chỉ tiêu 80%", "✗", "Chưa đạt", "✓", "Đạt</b>",
					"ngẫu nhiên", "3612/KH-UBND ngày 29/09/2021", "1211/KH-UBND ngày 04/03/2022", "Sở Tài nguyên và Môi trường", "Phải chờ lâu", "70 người", "17,5%",
				}, nil,
			},
			{"FIELD.quay-nhanh.xay-dung", []string{"95%", "n = 100", "&#43;10 điểm", "Đạt</b>"}, []string{"ngẫu nhiên", "Chưa đạt"}},
			{"FIELD.quay-nhanh.dau-tu", []string{"95%", "n = 20", "Chưa đủ mẫu", "–</span>"}, []string{"Đạt</b>", "Chưa đạt"}},
			{"FIELD.quay-nhanh.y-te", []string{"Chưa có số liệu", "Chưa đủ mẫu"}, []string{"n = ", "điểm<", "<svg"}},
		} {
			part := vi.section(`id="`+test.row+`"`, row)
			part.check(t, test.row, http.StatusOK, test.want, test.notWant)
		}
		h.get(client, "/bang?year=2025&lang=en").section(`id="FIELD.quay-nhanh.dat-dai"`, row).check(t, "in English", http.StatusOK,
			[]string{"82.5%", "Not met", "Met</b>", "−2.5 points", "Target 85%", "Long waiting"}, []string{"82,5", "Chưa"})
		h.get(client, "/bang?year=2025&period=Q1&lang=vi").section(`id="FIELD.quay-nhanh.dat-dai"`, row).check(t, "first quarter", http.StatusOK,
			[]string{"82,5%", "n = 120", "Tháng 1"}, nil)
		for field, said := range map[string]string{
			"xay-dung": `<p class="said">Đã đạt chỉ tiêu.</p>`, "dau-tu": `<p class="said">Chưa đủ mẫu để kết luận: 1 chỉ tiêu.</p>`,
			"dat-dai": `<p class="said">Đã đạt 1 trên 2 chỉ tiêu. Đất đai thiếu nhiều nhất: 2,5 điểm so với chỉ tiêu 85%, yếu nhất là “Trả kết quả”; mức chênh này có thể do ngẫu nhiên.</p>`,
		} {
			h.get(client, "/bang?year=2025&lang=vi&field="+field).check(t, field, http.StatusOK, []string{said}, nil)
		}
		page := h.get(client, "/bang?year=2025&row=FIELD.quay-nhanh.dat-dai&lang=vi")
		page.section(`id="don-vi"`, "</table>").check(t, "chance in the table", http.StatusOK, []string{"−2,5 điểm</span> <small class=\"chance\">có thể do ngẫu nhiên</small>"}, nil)
		h.get(client, "/bang?year=2025&field=xay-dung&lang=vi").check(t, "one field", http.StatusOK, []string{"n = 100"}, []string{"n = 520", "n = 400"})
	})
}

// TestBoardStaysWithinTheScope: who sees one department sees nothing of the
// others, neither names nor figures, by no address.
func TestBoardStaysWithinTheScope(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.year2025()
		client := h.signedIn(h.account(access.Viewer, h.environment.ID))
		foreign := []string{
			"Sở Xây dựng", "Bệnh viện Đa khoa", "Quầy 1", "Khoa Khám bệnh", "n = 520<", "n = 100<", "n = 20<", codeDesk, codeHospital,
			"agency=tinh", "agency=so-xay-dung", "agency=benh-vien-tinh", `value="so-xay-dung"`, "/bang/cong-bo",
		}
		for _, path := range []string{"/bang?year=2025", "/bang?year=2025&agency=so-tnmt", "/bang", "/quay"} {
			h.get(client, path).check(t, path, http.StatusOK, []string{"Sở Tài nguyên và Môi trường"}, foreign)
		}
		h.get(client, "/bang?year=2025").check(t, "own figures", http.StatusOK, []string{"n = 400", "82,5%"}, nil)
		for path, status := range map[string]int{
			"/bang?agency=so-xay-dung":             http.StatusNotFound,
			"/bang?agency=tinh":                    http.StatusNotFound,
			"/bang?agency=nowhere":                 http.StatusNotFound,
			"/bang?agency=%27%20OR%201%3D1--":      http.StatusNotFound,
			"/bang?field=nowhere":                  http.StatusNotFound,
			"/bang?channel=fax":                    http.StatusBadRequest,
			"/bang?year=1":                         http.StatusBadRequest,
			"/bang?year=x":                         http.StatusBadRequest,
			"/bang?period=Q5":                      http.StatusBadRequest,
			"/quay/poster.pdf?agency=so-xay-dung":  http.StatusNotFound,
			"/quay/poster.pdf?point=" + codeDesk:   http.StatusNotFound,
			"/quay/poster.pdf?point=":              http.StatusNotFound,
			"/quay/poster.pdf":                     http.StatusNotFound,
			"/bang/cong-bo?year=2025&period=Y":     http.StatusForbidden,
			"/bang/thu-hoi?id=1":                   http.StatusForbidden,
			"/quay/poster.pdf?agency=tinh&size=A5": http.StatusNotFound,
		} {
			h.get(client, path).check(t, path, status, nil, []string{"n = ", "Sở Xây dựng"})
		}
	})
}

// TestWaitingPartsGiveNothingAway: of two people at the kiosk nothing is said, and
// they are in no sum either.
func TestWaitingPartsGiveNothingAway(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.year2025()
		client := h.signedIn(h.account(access.Administrator, 0))
		page := h.get(client, "/bang?year=2025&agency=so-tnmt&row=FIELD.quay-nhanh.dat-dai")
		page.section(`id="don-vi"`, "</table>").check(t, "parts", http.StatusOK,
			[]string{"Ki-ốt sảnh", "Quầy 3 · Đăng ký đất đai", "Chưa có số liệu", "82,5%", ">400<"},
			[]string{"402", ">2<"})
		page.check(t, "explained", http.StatusOK, []string{"Số liệu tăng theo từng nhóm 5 người để không ai bị nhận ra."}, []string{"402", "Không hiển thị"})
		for _, path := range []string{"/bang?year=2025&channel=kiosk&agency=so-tnmt", "/bang?year=2025&period=M01&agency=so-tnmt&channel=kiosk"} {
			h.get(client, path).check(t, path, http.StatusOK, nil, []string{"n = 2<", "n = 42<", "n = 402<"})
		}
	})
}

func TestBoardLeadsDownAndUp(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.year2025()
	client := h.signedIn(h.account(access.Viewer, 0))
	top := h.get(client, "/bang?year=2025&period=9M&agency=tinh&row=TTHC.quay-nhanh&lang=vi")
	top.section(`id="don-vi"`, "</table>").check(t, "parts", http.StatusOK, []string{
		`href="/bang?agency=so-xay-dung&amp;period=9M&amp;row=TTHC.quay-nhanh&amp;year=2025"`, "Sở Xây dựng", "Sở Tài nguyên và Môi trường", "95%",
	}, []string{"n = 3<"})
	h.get(client, "/bang?agency=so-xay-dung&period=9M&row=TTHC.quay-nhanh&year=2025").check(t, "department", http.StatusOK, []string{
		`href="/bang?agency=tinh&amp;period=9M&amp;year=2025"`, `href="/bang?agency=so-xay-dung&amp;period=9M&amp;point=` + codeDesk + `&amp;year=2025"`, "n = 120",
	}, nil)
}

func TestEmptyBoardSaysWhatComesNext(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.signedIn(h.account(access.Administrator, 0))
	h.get(client, "/bang?lang=vi").check(t, "empty board", http.StatusOK,
		[]string{"Chưa có đánh giá nào trong kỳ này.", "In mã QR cho quầy", `href="/quay"`}, []string{"/bang/cong-bo", "0%", "NaN"})
	h.get(client, "/bang/cong-bo?year=2025&period=Y&lang=vi").check(t, "nothing to publish", http.StatusOK,
		[]string{"Kỳ này chưa có số liệu nào để công bố."}, []string{`method="post" action="/bang/cong-bo"`})
}

// TestNarrowedBoard says what it is narrowed to, in the heading and the title,
// which is all that paper has; and leads back where nothing fits.
func TestNarrowedBoard(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.year2025()
	client := h.signedIn(h.account(access.Administrator, 0))
	h.get(client, "/bang?year=2025&lang=vi&field=dat-dai&channel=qr").check(t, "field and channel", http.StatusOK, []string{
		" · Năm 2025 · Lĩnh vực: Đất đai · Kênh: Mã QR · ", "<small>Lĩnh vực: Đất đai</small> <small>Kênh: Mã QR</small></h1>", `<p class="printed">In ngày 20/11/2025.</p>`,
	}, nil)
	h.get(client, "/bang?year=2025&lang=vi&field="+agency.FieldUnsaid).check(t, "the field nobody chooses", http.StatusOK, []string{"<small>Lĩnh vực: "}, nil)
	h.get(client, "/bang?year=2025&lang=vi").check(t, "everything", http.StatusOK, nil, []string{"<small>Lĩnh vực", "<small>Kênh"})
	h.get(client, "/bang?year=2025&lang=vi&channel=online&field=dat-dai&agency=so-tnmt&period=9M").check(t, "nothing fits", http.StatusOK, []string{
		"Không có đánh giá nào khớp với lựa chọn này.", "Đang xem riêng: Lĩnh vực: Đất đai; Kênh: Trực tuyến.", `href="/bang?agency=so-tnmt&amp;period=9M&amp;year=2025"`,
	}, []string{"Chưa có đánh giá nào trong kỳ này", "In mã QR cho quầy"})
}

// TestOneTargetIsNotTheWorst of several.
func TestOneTargetIsNotTheWorst(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.aim("Kế hoạch", "xay-dung", 9000, "")
	client := h.signedIn(h.account(access.Administrator, 0))
	h.crowds(crowd{codeDesk, "xay-dung", "2025-04-02", 80, 20})
	h.get(client, "/bang?year=2025&lang=vi").check(t, "missed", http.StatusOK,
		[]string{"Chưa đạt chỉ tiêu. ", "Xây dựng còn thiếu 10 điểm so với chỉ tiêu 90%, yếu nhất là"}, []string{"nhiều nhất", "ngẫu nhiên."})
	h.crowds(crowd{codeDesk, "xay-dung", "2025-04-02", 95, 5})
	h.get(client, "/bang?year=2025&lang=en").check(t, "missed by chance", http.StatusOK,
		[]string{"The target is not met. Construction: 2.5 points below the target of 90%", "; chance may explain that difference."}, []string{"Furthest"})
}

// TestThreeWhoWaitAreNoRow: what has no target and no figure is not there.
func TestThreeWhoWaitAreNoRow(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.crowds(crowd{codeHospital, "y-te", "2025-04-02", 1, 2}, crowd{codeDesk, "xay-dung", "2025-04-02", 30, 2})
	page := h.get(h.signedIn(h.account(access.Administrator, 0)), "/bang?year=2025&lang=vi")
	page.check(t, "waits", http.StatusOK, nil, []string{"FIELD.quay-nhanh.y-te"})
	page.section(`id="FIELD.quay-nhanh.xay-dung"`, "</details>").check(t, "shown", http.StatusOK, []string{"<summary>"}, nil)
}

// TestBoardStaysSmall: sixty communes and every row open are still one page.
func TestBoardStaysSmall(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.year2025()
	for i := range 60 {
		a, err := h.st.AddAgency(context.Background(), agency.Agency{
			ParentID: h.province.ID, Code: fmt.Sprintf("xa-%d", i), Kind: agency.KindCommune, Name: agency.Text{"vi": fmt.Sprintf("Ủy ban nhân dân xã Vĩnh Hảo %d", i)},
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.st.AddServicePoint(context.Background(), agency.ServicePoint{
			AgencyID: a.ID, Name: agency.Text{"vi": "Bộ phận Một cửa"}, SurveyKey: "quay-nhanh", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		h.points[string(p.Code)] = p
		h.crowds(crowd{string(p.Code), "dat-dai", fmt.Sprintf("2025-%02d-07", i%12+1), 30, 10})
	}
	page := h.get(h.signedIn(h.account(access.Administrator, 0)), "/bang?year=2025&open=1")
	page.check(t, "board", http.StatusOK, []string{"Vĩnh Hảo 59", "n = 2.800"}, nil)
	t.Logf("%d bytes", len(page.body))
	if len(page.body) > 200_000 || strings.Count(page.body, "Vĩnh Hảo 7<") != 2 {
		t.Errorf("%d bytes, and the commune stands there %d times", len(page.body), strings.Count(page.body, "Vĩnh Hảo 7<"))
	}
}

// TestSurveysAreNotPooled: where two surveys feed one indicator each has its
// own row, and the one that does not count has no standing.
func TestSurveysAreNotPooled(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.year2025()
		for i, rule := range []target.Indicator{
			{Kind: target.IndicatorField, FieldKey: "xay-dung", SurveyKey: "quay-nhanh", Counts: true},
			{Kind: target.IndicatorField, FieldKey: "xay-dung", SurveyKey: "sipas"},
		} {
			rule.Order = i
			if err := st.AddIndicator(t.Context(), rule); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 40 { // 10 of 40 are satisfied
			_, err := h.deps.Intake.SubmitAt(t.Context(), codeSIPAS, survey.Submission{
				ID: h.newKey(), Version: "sipas.1", Language: "vi",
				Answers: map[string]survey.Value{"access-signs": {Kind: survey.ValueLevel, Level: map[bool]int{true: 5, false: 2}[i < 10]}},
			}, h.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
		}
		page := h.get(h.signedIn(h.account(access.Viewer, 0)), "/bang?year=2025&field=xay-dung&lang=vi")
		page.section(`id="FIELD.quay-nhanh.xay-dung"`, "</details>").check(t, "the one that counts", http.StatusOK,
			[]string{"95%", "n = 100", "Đạt</b>"}, []string{"không dùng để xét", "n = 140", "25%"})
		page.section(`id="FIELD.sipas.xay-dung"`, "</details>").check(t, "the other", http.StatusOK,
			[]string{">25%", "n = 40", "không dùng để xét chỉ tiêu", "Khảo sát mức độ hài lòng"}, []string{"Đạt</b>", "Chưa đạt", "95%</p>"})
		page.check(t, "methods", http.StatusOK, []string{"Đã đạt chỉ tiêu.", "sipas-2023", "chia cho số người đã trả lời"}, nil)
	})
}
