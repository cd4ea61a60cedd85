package httpd_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/entry"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// batchesOfBoth opens batch 1 at a counter of the department of the environment and
// batch 2 at one of another.
func (h *harness) batchesOfBoth() {
	h.t.Helper()
	for _, code := range []string{codeLand, codeDesk} {
		h.batchAt(code, 3, true)
	}
}

// batchAt opens a batch at a counter, of sheets of some days until today.
func (h *harness) batchAt(code string, expected int, twice bool) entry.Batch {
	h.t.Helper()
	snap := h.snapshot()
	point, _ := snap.Point(agency.Code(code))
	b, err := h.deps.Entries.Open(context.Background(), testkit.Author(), snap, entry.Batch{
		PointID: point.ID, VersionID: snap.Newest(point.SurveyKey).ID, Channel: agency.ChannelPaper, Language: "vi", From: "2025-11-10", To: "2025-11-20", Expected: expected, Twice: twice,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

// clerkAt is a browser of somebody who types in sheets for an agency.
func (h *harness) clerkAt(of int64) *http.Client { return h.signedIn(h.account(access.Entry, of)) }

// fifth is a survey of so many questions on the scale of five.
func fifth(n int) survey.Definition {
	words := func(s string) agency.Text { return agency.Text{"vi": s, "en": s} }
	section := survey.Section{Key: "all", Title: words("Phục vụ"), Stem: words("Ông/bà hài lòng thế nào về")}
	for i := range n {
		section.Questions = append(section.Questions, survey.Question{Key: fmt.Sprintf("q%d", i+1), Type: survey.TypeScale, Text: words(fmt.Sprintf("điều %d", i+1)), Required: i == 0})
	}
	return survey.Definition{Key: "nhieu-cau", Languages: []string{"vi", "en"}, Title: words("Phiếu nhiều câu"), Method: "sipas-2023", Sections: []survey.Section{section}}
}

// asking adds a counter of the department of the environment that asks a survey, and opens
// a batch of its sheets.
func (h *harness) asking(d survey.Definition, expected int, twice bool) entry.Batch {
	h.t.Helper()
	ctx := context.Background()
	if _, err := h.st.PublishVersion(ctx, d, h.clock.Now()); err != nil {
		h.t.Fatal(err)
	}
	point := h.points[codeLand]
	point.ID, point.Code, point.SurveyKey = 0, "", d.Key
	point, err := h.st.AddServicePoint(ctx, point)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.batchAt(string(point.Code), expected, twice)
}

// A batch from opening to correcting, as plain forms: what every page says, and what
// comes of it.
func TestSheetsAreTypedAsPlainForms(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		one, two := h.clerkAt(h.environment.ID), h.clerkAt(h.environment.ID)
		h.get(one, "/nhap-phieu").check(t, "none", http.StatusOK, []string{"Chưa có tập phiếu nào"}, nil)
		h.get(one, "/nhap-phieu/them").check(t, "counters", http.StatusOK, []string{"/nhap-phieu/them?point=" + codeLand}, []string{codeDesk})
		h.get(one, "/nhap-phieu/them?point="+codeLand).check(t, "form", http.StatusOK, []string{`name="from_day"`, `name="twice"`, "Phiếu giấy, người dân tự điền"}, nil)
		newest := h.snapshot().Newest(h.points[codeLand].SurveyKey)
		fields := url.Values{"point": {codeLand}, "sheet_version": {newest.Name()}, "channel": {"paper"}, "sheet_language": {"vi"}, "from_day": {"1/12/2025"}, "sheets": {"3"}, "twice": {"1"}}
		h.post(one, "/nhap-phieu/them", fields).check(t, "tomorrow", http.StatusUnprocessableEntity, []string{"không ở tương lai", `value="1/12/2025"`}, nil)
		fields.Set("from_day", "12/11/2025")
		opened := h.post(one, "/nhap-phieu/them", fields)
		opened.check(t, "open", http.StatusSeeOther, nil, nil)
		const batch = "/nhap-phieu/1"
		h.get(one, batch).check(t, "batch", http.StatusOK, []string{"Đã nhập 0 / 3 phiếu", "12/11/2025"}, nil)

		sheet := func(typing, number int, more ...string) url.Values {
			v := url.Values{"typing": {strconv.Itoa(typing)}, "number": {strconv.Itoa(number)}, "day": {"12/11/2025"}}
			for i := 0; i < len(more); i += 2 {
				v.Set(more[i], more[i+1])
			}
			return v
		}
		overall := "a." + newest.Definition.Headline
		h.get(one, batch+"/nhap?lan=1").check(t, "sheet", http.StatusOK, []string{`name="` + overall + `"`, `name="number" value="1"`, "<b id=\"da-nhap\">0</b> / 3"}, nil)
		h.post(one, batch+"/nhap", sheet(1, 1)).check(t, "nothing", http.StatusUnprocessableEntity, []string{"Phiếu chưa được ghi", "Câu này cần được trả lời."}, nil)
		for n, level := range []string{"5", "4", "2"} {
			h.post(one, batch+"/nhap", sheet(1, n+1, overall, level)).check(t, "keep", http.StatusSeeOther, nil, nil)
		}
		h.post(one, batch+"/nhap", sheet(1, 3, overall, "1")).check(t, "typed before", http.StatusUnprocessableEntity, []string{"Số phiếu này đã được nhập với nội dung khác"}, nil)
		h.get(one, batch+"/nhap?lan=1&phieu=2").check(t, "reopened", http.StatusOK, []string{`name="anew" value="1"`, `value="4" checked`, "Ghi lần nữa sẽ thay nội dung cũ"}, nil)
		if r := h.get(one, batch+"/nhap?lan=2"); r.status != http.StatusSeeOther {
			t.Errorf("who typed the first time may type the second: %d", r.status)
		}
		h.post(one, batch+"/nhap", sheet(2, 1, overall, "5")).check(t, "the same person", http.StatusUnprocessableEntity, []string{"Lần này phải do tài khoản khác nhập"}, nil)
		h.get(one, batch).check(t, "batch", http.StatusOK, []string{"Tài khoản này đã nhập lần kia"}, nil)
		for n, level := range []string{"5", "3", "2"} {
			h.post(two, batch+"/nhap", sheet(2, n+1, overall, level)).check(t, "again", http.StatusSeeOther, nil, nil)
		}
		h.get(two, batch+"/dong").check(t, "close", http.StatusOK, []string{"Còn 1 chỗ khác nhau"}, []string{`action="` + batch + `/dong"`})
		h.post(two, batch+"/dong", url.Values{}).check(t, "close", http.StatusUnprocessableEntity, []string{"Còn 1 chỗ khác nhau"}, nil)
		h.get(two, batch+"/so-sanh").check(t, "compare", http.StatusOK, []string{"2 phiếu giống nhau", "1 chỗ khác nhau ở 1 phiếu", "4 · Hài lòng", "3 · Bình thường", `name="choose.` + overall + `"`}, nil)
		h.post(two, batch+"/so-sanh", url.Values{"number": {"2"}}).check(t, "nothing chosen", http.StatusUnprocessableEntity, []string{"Ông/bà chọn một trong hai"}, nil)
		h.post(two, batch+"/so-sanh", url.Values{"number": {"2"}, "choose." + overall: {"2"}}).check(t, "chosen", http.StatusSeeOther, nil, nil)
		h.get(two, batch+"/dong").check(t, "close", http.StatusOK, []string{"3 phiếu được tính vào kết quả", `action="` + batch + `/dong"`}, nil)
		if h.responses() != 0 {
			t.Error("sheets are answers before the batch is closed")
		}
		h.post(two, batch+"/dong", url.Values{}).check(t, "closed", http.StatusSeeOther, nil, nil)
		if n := h.responses(); n != 3 {
			t.Errorf("%d answers", n)
		}
		h.get(one, batch).check(t, "batch", http.StatusOK, []string{"Đã đóng: 3 phiếu được tính", "Đến hết ngày 19/12/2025"}, []string{"Lần một"})
		h.get(one, "/nhap-phieu").check(t, "list", http.StatusOK, []string{"Đã đóng: 3 phiếu được tính"}, nil)
		h.get(one, batch+"/sua?phieu=4").check(t, "no such sheet", http.StatusOK, []string{"Tập này không có phiếu nào mang số đó"}, nil)
		correction := h.get(one, batch+"/sua?phieu=2")
		correction.check(t, "correct", http.StatusOK, []string{"Câu trả lời cũ không hiện ở đây"}, []string{" checked"})
		_, id, _ := strings.Cut(correction.body, `name="submission" value="`)
		for range 2 { // sent twice, it is done once
			h.post(one, batch+"/sua", sheet(1, 2, overall, "1", "submission", id[:36])).check(t, "corrected", http.StatusSeeOther, nil, nil)
		}
		h.get(one, batch).check(t, "batch", http.StatusOK, []string{"1 lần sửa sau khi đóng"}, nil)
		if n := h.responses(); n != 3 {
			t.Errorf("%d answers", n)
		}
	})
}

// A batch that is dropped is gone, once somebody is sure; and nothing of a foreign agency's
// can be opened.
func TestBatchesAreDropped(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.batchesOfBoth()
	client := h.clerkAt(h.environment.ID)
	h.get(client, "/nhap-phieu").check(t, "list", http.StatusOK, []string{"Tập phiếu 1"}, []string{"Tập phiếu 2"})
	h.post(client, "/nhap-phieu/1/bo", url.Values{}).check(t, "not sure", http.StatusUnprocessableEntity, []string{"Ông/bà xác nhận rồi mới bỏ được"}, nil)
	h.post(client, "/nhap-phieu/2/bo", url.Values{"sure": {"1"}}).check(t, "foreign", http.StatusNotFound, nil, nil)
	h.post(client, "/nhap-phieu/1/bo", url.Values{"sure": {"1"}}).check(t, "dropped", http.StatusSeeOther, nil, nil)
	h.get(client, "/nhap-phieu/1").check(t, "gone", http.StatusNotFound, nil, nil)
}

// batchStates are the addresses of batches to look at.
type batchStates struct{ open, closing, closed string }

// batchesOf opens batches of a counter and types into them: one with differences, one
// that is ready to be closed, and one that was.
func (h *harness) batchesOf(code string) batchStates {
	h.t.Helper()
	ctx, snap := context.Background(), h.snapshot()
	put := func(b entry.Batch, number, typing int, level string) {
		overall := "a." + snap.Version(b.VersionID).Definition.Headline
		sheet := entry.Sheet{Number: number, Typing: typing, By: fmt.Sprint("account -", typing), Cells: entry.Cells{"day": "2025-11-12", overall: level}}
		if err := h.deps.Entries.Put(ctx, snap, b, sheet, false); err != nil {
			h.t.Fatal(err)
		}
	}
	open, closing, closed := h.batchAt(code, 3, true), h.batchAt(code, 2, false), h.batchAt(code, 1, false)
	for number, levels := range [][2]string{{"5", "5"}, {"4", "2"}} {
		put(open, number+1, 1, levels[0])
		put(open, number+1, 2, levels[1])
	}
	put(open, 3, 1, "3")
	put(closing, 1, 1, "5")
	put(closed, 1, 1, "4")
	if _, err := h.deps.Entries.Close(ctx, testkit.Author(), snap, closed, false); err != nil {
		h.t.Fatal(err)
	}
	path := func(b entry.Batch) string { return "/nhap-phieu/" + strconv.FormatInt(b.ID, 10) }
	return batchStates{path(open), path(closing), path(closed)}
}
