package httpd_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)

// choice is what a browser sends of the list at an address, with every box ticked that
// is ticked there but some.
func (h *harness) choice(client *http.Client, path string, but ...string) url.Values {
	h.t.Helper()
	form := url.Values{}
	page := h.get(client, path).body
	_, page, found := strings.Cut(page, `<form class="chosen`)
	if !found {
		h.t.Fatalf("%s has no choice", path)
	}
	for _, field := range hiddenField.FindAllStringSubmatch(page, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	for _, box := range regexp.MustCompile(`name="quay" value="(\w+)" checked`).FindAllStringSubmatch(page, -1) {
		if len(but) == 0 || box[1] != but[0] {
			form.Add("quay", box[1])
		}
	}
	return form
}

// active counts the counters of the environment that take answers.
func (h *harness) active() (n int) {
	h.t.Helper()
	for _, p := range h.snapshot().PointsOf(h.environment.ID) {
		if p.Active {
			n++
		}
	}
	return n
}

// Of a list with two pages all that match are closed but one, which is taken back; if
// others match by then nothing is done, and the new number is told. What is foreign
// cannot be chosen, and a viewer chooses only to print.
func TestManyCountersAreChosen(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		points := h.addCounters(h.environment, 120)
		manager := h.signedIn(h.account(access.Manager, h.environment.ID))
		const list = "/quay?lang=vi&tim=Ban&state=open"
		h.get(manager, list).check(t, "nothing is chosen", http.StatusOK, []string{"Chưa chọn quầy nào.", "Chọn tất cả 120 quầy phù hợp"}, []string{`" checked>`})
		if page := h.choice(manager, list+"&chon=trang"); len(page["quay"]) != 100 {
			t.Errorf("a page has %d", len(page["quay"]))
		}
		form := h.choice(manager, list+"&chon=tat-ca", string(points[3].Code))
		form.Set("do", "close")
		before := h.active()

		h.addCounters(h.environment, 1)
		h.post(manager, "/quay?lang=vi", form).check(t, "others match", http.StatusConflict, []string{"nay có 121 quầy phù hợp"}, nil)
		printed := url.Values{}
		for name, values := range form {
			printed[name] = values
		}
		h.post(manager, "/quay/in?lang=vi", printed).check(t, "others match", http.StatusConflict, []string{"nay có 121 quầy phù hợp"}, nil)
		if now := h.active(); now != before+1 {
			t.Fatalf("%d are open, want %d", now, before+1)
		}

		form = h.choice(manager, list+"&chon=tat-ca", string(points[3].Code))
		if to := h.post(manager, "/quay/in", form); to.status != http.StatusSeeOther || to.header.Get("Location") != "/quay/in/1" {
			t.Errorf("posters of all: %d to %q", to.status, to.header.Get("Location"))
		}
		h.get(manager, "/quay/in/1?lang=vi").check(t, "all but one", http.StatusOK, []string{"120 quầy"}, nil)
		form.Set("do", "close")
		closed := h.post(manager, "/quay?lang=vi", form)
		closed.check(t, "closed", http.StatusOK, []string{"Đã đóng 120 quầy", "Hoàn tác"}, nil)
		if now := h.active(); now != before+1-120 {
			t.Errorf("%d are open, want %d", now, before+1-120)
		}
		h.get(h.client(), "/q/"+string(points[3].Code)).check(t, "the one left out", http.StatusOK, []string{`name="submission"`}, nil)
		undo := hiddenField.FindStringSubmatch(closed.body)
		h.post(manager, "/quay?lang=vi", url.Values{"quay": {undo[2]}, "do": {"open"}}).check(t, "taken back", http.StatusOK, []string{"Đã mở lại 120 quầy"}, nil)
		if now := h.active(); now != before+1 {
			t.Errorf("%d are open again, want %d", now, before+1)
		}

		some := url.Values{"quay": {string(points[0].Code), string(points[1].Code)}, "shown": {"x"}, "size": {"stickers"}}
		h.post(manager, "/quay/in", some).check(t, "posters of two", http.StatusOK, []string{"%PDF"}, nil)
		h.post(manager, "/quay/in?lang=vi", url.Values{"shown": {"x"}}).check(t, "none is ticked", http.StatusConflict, []string{"Chưa chọn quầy nào, nên chưa làm gì"}, []string{"%PDF"})
		some.Add("quay", codeDesk)
		some.Set("do", "close")
		h.post(manager, "/quay", some).check(t, "a foreign one", http.StatusNotFound, nil, nil)
		h.post(manager, "/quay/in", some).check(t, "a foreign one", http.StatusNotFound, nil, []string{"%PDF"})
		viewer := h.signedIn(h.account(access.Viewer, h.environment.ID))
		h.get(viewer, list).check(t, "a viewer", http.StatusOK, []string{"Chọn quầy để in"}, []string{`value="close"`})
		some["quay"] = some["quay"][:1]
		h.post(viewer, "/quay", some).check(t, "a viewer", http.StatusForbidden, nil, nil)
		if now := h.active(); now != before+1 {
			t.Errorf("%d are open, want %d", now, before+1)
		}
	})
}
