package httpd_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// TestHoursAndHotlineOfACounter: they are typed as people write them, told in the
// reader's language, on the poster and to citizens; who comes outside the hours answers
// all the same, and lists that do not have them leave them.
func TestHoursAndHotlineOfACounter(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		if err := st.SetHotline(t.Context(), h.environment.ID, "1900 1234"); err != nil {
			t.Fatal(err)
		}
		manager := h.signedIn(h.account(access.Manager, h.environment.ID))
		const page, form, q = "/quay/" + codeLand + "?lang=vi", "/quay/" + codeLand + "/sua", "/q/" + codeLand + "?lang=vi"
		h.get(manager, page).check(t, "at first", http.StatusOK, []string{`1900 1234 <span class="muted">· số của cơ quan</span>`}, []string{"Giờ làm việc", "Đang mở cửa", "Ngoài giờ"})

		typed := h.openPoint(manager)
		typed.Set("hours", "giờ hành chính")
		typed.Set("own_hotline", "gọi tôi")
		h.post(manager, form+"?lang=vi", typed).check(t, "what nobody can read", http.StatusUnprocessableEntity,
			[]string{"Chưa đọc được giờ làm việc.", "Đây không phải số điện thoại.", `value="giờ hành chính"`, `value="gọi tôi"`}, nil)
		typed.Set("hours", "T2-T6 7h30-11h30, 13h30-17h; T7: 7h30 - 11h30")
		typed.Set("own_hotline", " (0252)  382 1234 ")
		h.post(manager, form, typed).check(t, "saved", http.StatusSeeOther, nil, nil)
		const hours = "Thứ 2-6: 7:30-11:30, 13:30-17:00; Thứ 7: 7:30-11:30"
		if p, _ := h.snapshot().Point(codeLand); p.Hours != hours || p.Hotline != "(0252) 382 1234" {
			t.Fatalf("kept %+v", p)
		}
		h.get(manager, form).check(t, "opened again", http.StatusOK, []string{`value="` + hours + `"`, `value="(0252) 382 1234"`}, nil)
		at := h.clock.Now().In(h.deps.Zone) // any day: within the hours of a Tuesday, and outside
		morning := time.Date(at.Year(), at.Month(), at.Day()+7-int(at.Weekday())+2, 8, 0, 0, 0, h.deps.Zone)
		h.clock.Advance(morning.Sub(at))
		manager = h.signedIn(h.account(access.Manager, h.environment.ID))
		h.get(manager, page).check(t, "within the hours", http.StatusOK, []string{
			hours + ` <span class="muted">· Đang mở cửa</span>`, "<dd>(0252) 382 1234</dd>", "<ins>" + hours + "</ins>", "<ins>(0252) 382 1234</ins>",
		}, []string{"1900 1234", "Ngoài giờ"})
		h.get(manager, "/quay/"+codeLand+"?lang=en").check(t, "in English", http.StatusOK, []string{"Mon-Fri: 7:30-11:30, 13:30-17:00; Sat: 7:30-11:30 ", "Open now"}, []string{"Thứ 2"})
		h.get(h.client(), q).check(t, "a citizen", http.StatusOK, []string{`<a href="tel:02523821234">(0252) 382 1234</a>`}, []string{"1900 1234"})
		h.get(h.client(), "/q/"+codeKiosk+"?lang=vi").check(t, "at a neighbour", http.StatusOK, []string{"1900 1234"}, nil)
		text := pdfText(t, h.get(manager, "/quay/poster.pdf?point="+codeLand).body)
		if !strings.Contains(text, "Giờ làm việc / Opening hours: "+hours) || !strings.Contains(text, "(0252) 382 1234") {
			t.Errorf("poster:\n%s", text)
		}

		h.clock.Advance(4 * time.Hour)
		h.get(h.signedIn(h.account(access.Manager, h.environment.ID)), page).check(t, "at noon", http.StatusOK, []string{"Ngoài giờ"}, []string{"Đang mở cửa"})
		h.answer(codeLand, 1, 5)
		if n := h.responses(); n != 1 {
			t.Errorf("%d answers outside the hours, want 1", n)
		}
		p, _ := h.snapshot().Point(codeLand)
		p.Place = "Tầng 5"
		h.rewrite(p)
		if now, _ := h.snapshot().Point(codeLand); now.Hours != hours || now.Hotline == "" || now.Place != p.Place {
			t.Errorf("kept %+v", now)
		}
	})
}
