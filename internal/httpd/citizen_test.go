package httpd_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/qr"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// openForm loads a form and returns what it would send unanswered.
func (h *harness) openForm(client *http.Client, code string, query ...string) url.Values {
	h.t.Helper()
	page := h.get(client, "/q/"+code+strings.Join(query, ""))
	if page.status != http.StatusOK {
		h.t.Fatalf("form %s: status %d\n%s", code, page.status, page.body)
	}
	form := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(page.body, -1) {
		form.Set(field[1], field[2])
	}
	return form
}

func TestAnswersAreTakenWithoutScript(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		client := h.client()
		page := h.get(client, "/q/"+codeDesk)
		page.check(t, "form", http.StatusOK, []string{
			`<html lang="vi">`, "Quầy 1", "Tầng 1", "Sở Xây dựng", `value="quay-nhanh.1"`,
			"Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng",
			"Hôm nay ông/bà có hài lòng", "Phải chờ lâu", "Đầu tư", "Ẩn danh", `maxlength="1000"`,
		}, []string{"Trang dùng thử", "Sở Tài nguyên"})
		form := h.openForm(client, codeDesk)
		form.Set("a.overall", "5")
		form.Set("a.staff", "0")
		form["a.reasons"] = []string{"place", "waiting"}
		form.Set("a.comment", "Cảm ơn\r\nrất nhiều")
		form.Set("a.access", "") // as a browser sends a list without a choice
		form.Set("field", "dau-tu")
		sent := h.post(client, "/q/"+codeDesk, form)
		sent.check(t, "sent", http.StatusSeeOther, nil, nil)
		next := sent.header.Get("Location")
		receipt, found := strings.CutPrefix(next, "/q/"+codeDesk+"/xong/")
		code, ok := agency.ParseCode(receipt)
		if !found || !ok {
			t.Fatalf("sent to %q", next)
		}
		for range 2 { // F5 sends nothing again
			h.get(client, next).check(t, "thanks", http.StatusOK,
				[]string{"Cảm ơn ông/bà", code.Grouped(), "Quầy 1", "mức độ hài lòng về cơ quan này"}, []string{"rất nhiều"})
		}
		if got := h.responses(); got != 1 {
			t.Errorf("%d responses, want 1", got)
		}
	})
}

func TestFormInEnglish(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.client()
	h.get(client, "/q/"+codeLand+"?lang=en").check(t, "asked for", http.StatusOK, []string{
		`<html lang="en">`, "Desk 3", "Very dis\u00adsatisfied", "Send feedback", `name="language" value="en"`, `<a lang="vi" hreflang="vi" href="?lang=vi">`,
	}, []string{"Gửi đánh giá"})
	h.get(client, "/q/"+codeLand).check(t, "remembered", http.StatusOK, []string{`<html lang="en">`}, nil)
	// What a browser prefers is not what its owner chose.
	for _, path := range []string{"/q/" + codeLand, "/", "/cong-khai", "/dang-nhap", "/nowhere"} {
		for _, preferred := range []string{"en-GB", "fr", "x"} {
			r := h.get(h.client(), path, "Accept-Language", preferred)
			r.check(t, path+" for "+preferred, r.status, []string{`<html lang="vi"`}, nil)
		}
	}
	h.get(client, "/dang-nhap").check(t, "remembered behind the counter", http.StatusOK, []string{`<html lang="en"`}, nil)
	h.get(h.client(), "/q/"+codeLand+"?lang=xx").check(t, "unknown", http.StatusOK, []string{`<html lang="vi">`}, nil)
	// Somebody without cookies is thanked in the language of the form.
	form := h.openForm(h.client(), codeLand, "?lang=en")
	form.Set("a.overall", "4")
	next := h.post(h.client(), "/q/"+codeLand, form).header.Get("Location")
	h.get(h.client(), next).check(t, "thanks", http.StatusOK, []string{"Thank you", "Receipt"}, nil)
}

func TestScriptIsAnsweredInJSON(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.client()
	form := h.openForm(client, codeLand)
	form.Set("a.overall", "4")
	h.post(client, "/q/"+codeLand, form, "Accept", "application/json").check(t, "sent", http.StatusOK,
		[]string{`"receipt":"`, `"next":"/q/` + codeLand + `/xong/`}, nil)
	form.Set("a.overall", "6")
	refused := h.post(client, "/q/"+codeLand, form, "Accept", "application/json")
	refused.check(t, "refused", http.StatusUnprocessableEntity, []string{`"where":"answers.overall"`, `"key":"out-of-scale"`}, []string{"<html"})
	if got := refused.header.Get("Content-Type"); got != "application/problem+json; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	h.post(client, "/q/"+codeUnknown, form, "Accept", "application/json").check(t, "unknown", http.StatusNotFound, []string{`"status":404`}, nil)
}

func TestTheSameFormSentByManyIsOneResponse(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		form := h.openForm(h.client(), codeLand)
		form.Set("a.overall", "2")
		form.Set("a.comment", "Phải chờ lâu")
		const senders = 50
		var all sync.WaitGroup
		replies := make([]reply, senders)
		for i := range senders {
			client := h.client()
			all.Go(func() { replies[i] = h.post(client, "/q/"+codeLand, form) })
		}
		all.Wait()
		for i, r := range replies {
			if r.status != http.StatusSeeOther || r.header.Get("Location") != replies[0].header.Get("Location") {
				t.Errorf("sender %d: %d %s, want the receipt %s", i, r.status, r.header.Get("Location"), replies[0].header.Get("Location"))
			}
		}
		// The same words in another Unicode form are the same answer.
		form.Set("a.comment", "Pha\u0309i cho\u031b\u0300 la\u0302u")
		h.post(h.client(), "/q/"+codeLand, form).check(t, "decomposed", http.StatusSeeOther, nil, nil)
		form.Set("a.overall", "1")
		h.post(h.client(), "/q/"+codeLand, form).check(t, "other content", http.StatusConflict, []string{
			"Phiếu này đã được gửi", form.Get("submission"), `value="1" checked`, `<a href="/q/` + codeLand + `">Mở phiếu mới</a>`,
		}, nil)
		h.post(h.client(), "/q/"+codeHospital, form).check(t, "the id of another counter", http.StatusSeeOther, nil, nil)
		if got := h.responses(); got != 2 {
			t.Errorf("%d responses, want 2", got)
		}
	})
}

func TestCodes(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		for _, typed := range []string{"datdat23", "DATD-AT23", "DATD%20AT23", "datd%20-%20at23", "datd-at23", "DATDAT23/", "datdat23/"} {
			r := h.get(h.client(), "/q/"+typed)
			if got := r.header.Get("Location"); r.status != http.StatusSeeOther || got != "/q/"+codeLand {
				t.Errorf("%s: %d %q", typed, r.status, got)
			}
		}
		for _, typed := range []string{"datd-at23", "%20DATDAT23%20", "DATD%20-%20AT23", "da+td%E2%80%93at-23", "DATD%C2%A0AT23"} {
			r := h.get(h.client(), "/q?code="+typed)
			if got := r.header.Get("Location"); r.status != http.StatusSeeOther || got != "/q/"+codeLand {
				t.Errorf("typed %s: %d %q", typed, r.status, got)
			}
		}
		unknown := h.get(h.client(), "/q/"+codeUnknown)
		unknown.check(t, "unknown", http.StatusNotFound, []string{"Không có phiếu ở địa chỉ này", `action="/q"`, `name="code"`}, []string{codeUnknown})
		for _, path := range []string{
			"/q/" + codeStaff, "/q/" + codeStaff + "/xong/7K3MQ9TD", "/q/" + codeLand + "/xong", "/q/" + codeUnknown + "/xong/7K3MQ9TD", "/q/" + codeLand + "/xong/1",
			"/q/" + codeLand + "/xong/7K3MQ9T0", "/q/'%20OR%201=1--", "/q/%00", "/q/..", "/q/%F0%9F%98%80", "/q/" + strings.Repeat("A", 5000),
			"/q/%3Cscript%3Ealert(1)%3Cscript%3E", "/q?code=", "/q",
		} {
			r := h.get(h.client(), path)
			if r.status != http.StatusNotFound || r.body != unknown.body {
				t.Errorf("%.80s: status %d, want the page of an unknown code, have\n%s", path, r.status, r.body)
			}
		}
		// What cannot be a code at all is called wrong, which tells nothing of those that are.
		for typed, shown := range map[string]string{"%3Cscript%3E": "&lt;script&gt;", "DATDAT2": "DATDAT2", "DATDAT20": "DATDAT20", "0000%200000": "0000 0000"} {
			h.get(h.client(), "/q?code="+typed).check(t, "typed "+typed, http.StatusNotFound, []string{
				"<title>Mã quầy chưa đúng</title>", `<p class="problem" id="code-wrong">Mã quầy có 8 chữ và số`, `value="` + shown + `" aria-invalid="true" autofocus>`, `maxlength="1000"`,
			}, []string{"<script>", "Không có phiếu"})
		}
		for _, path := range []string{"/q/..%2fbang", "/q/" + codeLand + "/../../bang"} {
			if r := h.get(h.client(), path); r.status != http.StatusNotFound {
				t.Errorf("%s: status %d", path, r.status)
			}
		}
		// Sending is as silent about what exists as asking.
		form := h.openForm(h.client(), codeLand)
		form.Set("a.overall", "5")
		for _, code := range []string{codeStaff, codeUnknown, "nonsense"} {
			if r := h.post(h.client(), "/q/"+code, form); r.status != http.StatusNotFound || r.body != unknown.body {
				t.Errorf("sent to %s: status %d\n%s", code, r.status, r.body)
			}
		}
		if got := h.responses(); got != 0 {
			t.Errorf("%d responses, want none", got)
		}
	})
}

// TestClosedCounterSaysSo: and where else the agency asks the same, if it does.
// Nothing leads away from a kiosk.
func TestClosedCounterSaysSo(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		const said, way = "Quầy này đã ngừng nhận đánh giá", `<a class="button" href="/q/`
		closed := h.get(h.client(), "/q/"+codeClosed)
		closed.check(t, "closed", http.StatusNotFound, []string{said, "Quầy đã đóng", "Sở Xây dựng", way + codeDesk + `">Quầy 1</a>`}, []string{`name="code"`, codeSIPAS, codeStaff})
		if unknown := h.get(h.client(), "/q/"+codeUnknown); unknown.status != closed.status {
			t.Errorf("closed: %d, unknown: %d", closed.status, unknown.status)
		}
		for _, code := range []string{codeDesk, codeKiosk, codeStaff} {
			if err := st.SetServicePointActive(t.Context(), h.points[code].ID, false); err != nil {
				t.Fatal(err)
			}
		}
		if err := st.SetHotline(t.Context(), h.construction.ID, "0252 382 2222"); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(2 * time.Second)
		h.get(h.client(), "/q/"+codeClosed).check(t, "nowhere else", http.StatusNotFound, []string{said, "0252 382 2222"}, []string{way})
		h.get(h.client(), "/q/"+codeKiosk).check(t, "kiosk", http.StatusNotFound, []string{said}, []string{way, "<input", "tel:"})
		h.get(h.client(), "/q/"+codeStaff).check(t, "sheets of staff", http.StatusNotFound, []string{"Không có phiếu"}, []string{said})
	})
}

// TestAReplacedCodeSaysSo: to who scans the old poster or had the form open, as the
// page of a closed counter does, and never what the new code is; programs are told
// what they are told of an unknown one.
func TestAReplacedCodeSaysSo(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		form := h.openForm(h.client(), codeDesk)
		form.Set("a.overall", "5")
		var fresh agency.Code
		err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
			_, err := c.RecodeServicePoint(t.Context(), h.points[codeStaff].ID)
			if err == nil {
				fresh, err = c.RecodeServicePoint(t.Context(), h.points[codeDesk].ID)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(2 * time.Second)
		const said = "Mã QR này đã được thay"
		secret := []string{string(fresh), fresh.Grouped(), `href="/q/`, `name="code"`}
		h.get(h.client(), "/q/"+codeDesk).check(t, "old poster", http.StatusNotFound, []string{said, "Quầy 1", "Xin quét mã QR mới tại quầy"}, secret)
		h.get(h.client(), "/q/"+strings.ToLower(codeDesk)).check(t, "typed", http.StatusSeeOther, []string{"/q/" + codeDesk}, secret[:2])
		h.post(h.client(), "/q/"+codeDesk, form).check(t, "an open form", http.StatusNotFound, []string{said}, secret)
		h.get(h.client(), "/api/v1/service-points/"+codeDesk+"/form").check(t, "program", http.StatusNotFound, nil, secret)
		h.get(h.client(), "/q/"+codeStaff).check(t, "sheets of staff", http.StatusNotFound, []string{"Không có phiếu"}, []string{said})
		h.get(h.client(), "/q/"+string(fresh)).check(t, "new poster", http.StatusOK, []string{"Quầy 1"}, nil)
		h.get(h.client(), "/q/"+codeDesk+"/xong/7K3MQ9TD").check(t, "thanks", http.StatusNotFound, []string{said}, secret)
		snap, err := st.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if form, err := h.deps.Intake.FormAt(t.Context(), snap, codeDesk); !errors.Is(err, fault.ErrReplaced) || form.Point.Code != codeDesk {
			t.Errorf("%v, a form with the code %s", err, form.Point.Code)
		}
		if got := h.responses(); got != 0 {
			t.Errorf("%d responses, want none", got)
		}
	})
}

func TestACounterClosesWhileSomebodyAnswers(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		form := h.openForm(h.client(), codeLand)
		form.Set("a.overall", "5")
		if err := st.SetServicePointActive(t.Context(), h.points[codeLand].ID, false); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(2 * time.Second)
		h.post(h.client(), "/q/"+codeLand, form).check(t, "closed", http.StatusNotFound, []string{"Quầy này đã ngừng nhận đánh giá"}, nil)
	})
}

func TestFormsAreShownWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h := newHarness(t, st)
	client := h.client()
	first := h.openForm(client, codeLand)
	if err := st.DB.Close(); err != nil {
		t.Fatal(err)
	}
	second := h.openForm(client, codeLand)
	if first.Get("submission") == second.Get("submission") {
		t.Error("two people got the same submission id")
	}
	// The lists of forms and names are old now and cannot be read again.
	h.clock.Advance(time.Minute)
	h.openForm(client, codeLand)
	form := h.openForm(client, codeLand)
	form.Set("a.overall", "5")
	form.Set("a.comment", "Giữ lại")
	r := h.post(client, "/q/"+codeLand, form)
	if r.status < http.StatusInternalServerError {
		t.Errorf("sent without a database: status %d", r.status)
	}
	r.check(t, "database away", r.status, []string{"Giữ lại", form.Get("submission"), "Gửi đánh giá"}, []string{"sql", "closed"})
}

func TestSyntheticIsSaid(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.openForm(h.client(), codeLand)
	if err := h.st.SaveSetting(t.Context(), registry.SettingSynthetic, "1"); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(time.Minute)
	for _, path := range []string{"/q/" + codeLand, "/q/" + codeLand + "/xong/7K3MQ9TD", "/q/" + codeUnknown} {
		if r := h.get(h.client(), path); !strings.Contains(r.body, "Trang dùng thử") {
			t.Errorf("%s does not say that it is a demonstration", path)
		}
	}
}

func TestQRImages(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	r := h.get(h.client(), "/q/datd-at23/qr.png?size=300")
	if r.status != http.StatusOK || r.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(r.body, "\x89PNG") {
		t.Errorf("PNG: %d %s", r.status, r.header.Get("Content-Type"))
	}
	r = h.get(h.client(), "/q/"+codeLand+"/qr.svg")
	r.check(t, "SVG", http.StatusOK, []string{"<svg", "DATD-AT23"}, []string{"<script"})
	if r.header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("SVG: %s", r.header.Get("Content-Type"))
	}
	// What was asked for in other letters holds the printed address too.
	if other := h.get(h.client(), "/q/datdat23/qr.svg"); other.body != r.body {
		t.Error("the image of the code in small letters differs")
	}
	// A flood of sizes draws no more images than there are sides; who has one is told so.
	drawn := map[string]bool{} // by their tags
	for size := 100; size <= 1200; size += 11 {
		r := h.get(h.client(), fmt.Sprintf("/q/%s/qr.png?size=%d", codeLand, size))
		r.check(t, "size", http.StatusOK, nil, nil)
		drawn[r.header.Get("ETag")] = true
	}
	if len(drawn) > len(qr.Sides()) {
		t.Errorf("%d images were drawn", len(drawn))
	}
	if again := h.get(h.client(), "/q/"+codeLand+"/qr.svg", "If-None-Match", r.header.Get("ETag")); again.status != http.StatusNotModified || again.body != "" || r.header.Get("ETag") == "" {
		t.Errorf("an image that is known: %d", again.status)
	}
	for path, want := range map[string]int{
		"/q/" + codeLand + "/qr.png?size=1e9": http.StatusBadRequest, "/q/" + codeLand + "/qr.png?size=1201": http.StatusBadRequest,
		"/q/" + codeLand + "/qr.png?size=-1": http.StatusBadRequest, "/q/" + codeLand + "/qr.png?size=": http.StatusBadRequest,
		"/q/" + codeUnknown + "/qr.png": http.StatusNotFound, "/q/" + codeClosed + "/qr.svg": http.StatusNotFound,
	} {
		if r := h.get(h.client(), path, "Accept", "image/*"); r.status != want {
			t.Errorf("%s: status %d, want %d", path, r.status, want)
		}
	}
}

// TestPageBudget weighs what a first visit costs over the wire: the page and
// what it names, compressed, with headers.
func TestPageBudget(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	linked := regexp.MustCompile(`(?:<link [^>]*href|<script [^>]*src|<img [^>]*src)="([^"]*)"`)
	for _, code := range []string{codeLand, codeSIPAS} {
		page, weight := h.weigh("/q/" + code)
		requests := 1
		for _, link := range linked.FindAllStringSubmatch(page, -1) {
			if strings.HasPrefix(link[1], "data:") {
				continue
			}
			_, w := h.weigh(link[1])
			weight += w
			requests++
		}
		t.Logf("%s: %d bytes in %d requests", code, weight, requests)
		if weight > 15_000 || requests > 3 {
			t.Errorf("%s: %d bytes in %d requests, at most 15,000 in 3", code, weight, requests)
		}
	}
}

// weigh loads a path as browsers do and returns its content with its size on
// the wire.
func (h *harness) weigh(path string) (content string, size int) {
	h.t.Helper()
	r := h.get(h.client(), path, "Accept-Encoding", "gzip") // asked for by name, it is not unpacked
	if r.status != http.StatusOK || r.header.Get("Content-Encoding") != "gzip" {
		h.t.Fatalf("%s: status %d, encoding %q", path, r.status, r.header.Get("Content-Encoding"))
	}
	var headers strings.Builder
	if err := r.header.Write(&headers); err != nil {
		h.t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(strings.NewReader(r.body))
	if err != nil {
		h.t.Fatal(err)
	}
	plain, err := io.ReadAll(unpacked)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(plain), len(r.body) + headers.Len()
}
