package httpd_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

var addedTo = regexp.MustCompile(`^/quay/([2-9A-Z]{8})\?da=point-added$`)

// Who manages an agency adds a counter, changes it, closes it and takes that back, and a
// citizen sees each at once; of other agencies they can do nothing.
func TestCountersAreKeptInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		manager := h.signedIn(h.account(access.Manager, h.environment.ID))
		h.get(manager, "/quay/them?lang=vi").check(t, "the form", http.StatusOK, []string{h.environment.Name["vi"], "Đất đai"}, []string{h.construction.Name["vi"]})
		typed := url.Values{
			"name_vi": {"  Quầy số 7 <b>"}, "name_en": {""}, "agency": {h.environment.Code}, "place": {"Tầng 2"}, "channel": {"qr"}, "survey": {"quay-nhanh"},
			"fields": {"dat-dai", "xay-dung"},
		}
		added := h.post(manager, "/quay/them", typed)
		to := added.header.Get("Location")
		if added.status != http.StatusSeeOther || !addedTo.MatchString(to) {
			t.Fatalf("added: %d to %q\n%s", added.status, to, added.body)
		}
		code := addedTo.FindStringSubmatch(to)[1]
		h.get(manager, to+"&lang=vi").check(t, "its page", http.StatusOK, []string{"Đã thêm quầy", "Quầy số 7 &lt;b&gt;", "Tầng 2"}, []string{"7 <b>"})
		h.get(manager, "/quay?point="+code+"&lang=vi").check(t, "the list", http.StatusOK, []string{"Quầy số 7 &lt;b&gt;", "Tầng 2"}, []string{"7 <b>"})
		h.get(h.client(), "/q/"+code).check(t, "its form", http.StatusOK, []string{"Quầy số 7"}, nil)

		typed.Set("name_vi", "Quầy 8")
		typed["fields"] = []string{"y-te"}
		h.post(manager, "/quay/"+code+"/sua", typed).check(t, "changed", http.StatusSeeOther, nil, nil)
		h.get(h.client(), "/q/"+code).check(t, "its form", http.StatusOK, []string{"Quầy 8"}, []string{"Quầy số 7"})
		h.get(manager, "/quay/"+code+"/sua?lang=vi").check(t, "as it is kept", http.StatusOK, []string{`value="Quầy 8"`, `value="y-te" checked`}, []string{`value="dat-dai" checked`})
		for what, wrong := range map[string]struct {
			field, value, said string
			status             int
		}{
			"no name":              {"name_vi", " ", `href="#f-name_vi"`, http.StatusUnprocessableEntity},
			"a long name":          {"name_vi", strings.Repeat("x", 201), "200", http.StatusUnprocessableEntity},
			"no such survey":       {"survey", "khong-co", `href="#f-survey"`, http.StatusUnprocessableEntity},
			"no such field":        {"fields", "khong-co", `href="#f-fields"`, http.StatusUnprocessableEntity},
			"no such channel":      {"channel", "fax", `href="#f-channel"`, http.StatusUnprocessableEntity},
			"somebody else's":      {"agency", h.construction.Code, "", http.StatusNotFound},
			"the agency above":     {"agency", h.province.Code, "", http.StatusNotFound},
			"an agency of nowhere": {"agency", "khong-co", "", http.StatusNotFound},
		} {
			bad := url.Values{}
			for name, values := range typed {
				bad[name] = values
			}
			bad[wrong.field] = []string{wrong.value}
			h.post(manager, "/quay/"+code+"/sua", bad).check(t, what, wrong.status, []string{wrong.said}, nil)
		}
		h.get(h.client(), "/q/"+code).check(t, "nothing of that was kept", http.StatusOK, []string{"Quầy 8"}, nil)
		h.post(manager, "/quay/"+codeDesk+"/sua", typed).check(t, "a foreign counter", http.StatusNotFound, nil, nil)

		closed := h.post(manager, "/quay/"+code+"/dong", nil)
		h.get(manager, closed.header.Get("Location")+"&lang=vi").check(t, "closed", http.StatusOK, []string{"Đã đóng quầy", "Hoàn tác", `action="/quay/` + code + `/mo"`}, nil)
		h.get(h.client(), "/q/"+code+"?lang=vi").check(t, "told so", http.StatusNotFound, []string{"đã ngừng nhận đánh giá"}, []string{`name="submission"`})
		h.post(manager, "/quay/"+code+"/mo", nil).check(t, "opened", http.StatusSeeOther, nil, nil)
		h.get(h.client(), "/q/"+code).check(t, "open again", http.StatusOK, []string{"Quầy 8"}, nil)

		viewer := h.signedIn(h.account(access.Viewer, h.environment.ID))
		h.get(viewer, "/quay?lang=vi").check(t, "a viewer", http.StatusOK, []string{"Quầy 8"}, []string{`href="/quay/them"`, `href="/quay/` + code + `/sua"`})
		h.post(viewer, "/quay/"+code+"/dong", nil).check(t, "a viewer", http.StatusForbidden, nil, nil)
	})
}

var openedField = regexp.MustCompile(`<input type="hidden" name="(was\.[a-z_]+)" value="([^"]*)">`)

// openKept opens the form of something that is kept, as a browser has it.
func (h *harness) openKept(client *http.Client, path string, fields int) url.Values {
	h.t.Helper()
	page, form := h.get(client, path+"?lang=vi"), url.Values{}
	for _, field := range openedField.FindAllStringSubmatch(page.body, -1) {
		value := html.UnescapeString(field[2])
		form.Set(field[1], value)
		form[strings.TrimPrefix(field[1], "was.")] = strings.Split(value, ";")
	}
	if len(form) != 2*fields {
		h.t.Fatalf("the form has %v\n%s", form, page.body)
	}
	return form
}

func (h *harness) openPoint(client *http.Client) url.Values {
	h.t.Helper()
	return h.openPointOf(client, 11)
}

// openPointOf opens it with so many fields, of which the limit is typed as two.
func (h *harness) openPointOf(client *http.Client, fields int) url.Values {
	h.t.Helper()
	form := h.openKept(client, "/quay/"+codeLand+"/sua", fields)
	count, period, _ := strings.Cut(form.Get("limit"), "/")
	form.Set("limit_count", count)
	form.Set("limit_period", period)
	form.Del("limit")
	return form
}

// rewrite keeps what a counter is.
func (h *harness) rewrite(p agency.ServicePoint) {
	h.t.Helper()
	err := h.st.Registry.Change(h.t.Context(), testkit.Author(), func(c *registry.Change) error {
		return c.UpdateServicePoints(h.t.Context(), []agency.ServicePoint{p})
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// Two have the form of a counter open: what each changes is kept, and of what both
// change the second is told, with nothing lost. A form says nothing of whether the
// counter is open, and keeps which field is the main one.
func TestTwoChangeACounter(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		first, second := h.signedIn(h.account(access.Manager, h.environment.ID)), h.signedIn(h.account(access.Administrator, 0))
		point := h.points[codeLand]
		point.FieldKeys = []string{"xay-dung", "dat-dai"} // not as the form lists them
		h.rewrite(point)
		one, other := h.openPoint(first), h.openPoint(second)
		one["fields"] = []string{"dat-dai", "xay-dung"} // boxes come in the order of the page
		one.Set("name_vi", "Quầy của người thứ nhất")
		other.Set("place", "Tầng 9")
		h.post(first, "/quay/"+codeLand+"/dong", nil).check(t, "closed meanwhile", http.StatusSeeOther, nil, nil)
		h.post(first, "/quay/"+codeLand+"/sua", one).check(t, "the name", http.StatusSeeOther, nil, nil)
		h.post(second, "/quay/"+codeLand+"/sua", other).check(t, "the place", http.StatusSeeOther, nil, nil)
		kept := func() agency.ServicePoint {
			p, _ := h.snapshot().Point(codeLand)
			return p
		}
		if p := kept(); p.Name["vi"] != "Quầy của người thứ nhất" || p.Place != "Tầng 9" || p.Active || p.FieldKeys[0] != "xay-dung" {
			t.Errorf("after both: %+v", p)
		}

		one, other = h.openPoint(first), h.openPoint(second)
		one.Set("place", "Tầng 1 <b>")
		one.Set("channel", "kiosk")
		other.Set("place", "Tầng 2")
		other.Set("channel", "online")
		other.Set("name_en", "Desk")
		h.post(first, "/quay/"+codeLand+"/sua", one).check(t, "the first", http.StatusSeeOther, nil, nil)
		refused := h.post(second, "/quay/"+codeLand+"/sua?lang=vi", other)
		refused.check(t, "the second", http.StatusConflict, []string{
			`value="Tầng 2"`, "“Tầng 1 &lt;b&gt;”", "“Ki-ốt”", `value="Desk"`, `name="was.place" value="Tầng 1 &lt;b&gt;"`,
		}, nil)
		if p := kept(); p.Place != "Tầng 1 <b>" || p.Name["en"] == "Desk" {
			t.Errorf("the second was kept: %+v", p)
		}
		for _, field := range openedField.FindAllStringSubmatch(refused.body, -1) {
			other.Set(field[1], html.UnescapeString(field[2]))
		}
		h.post(second, "/quay/"+codeLand+"/sua", other).check(t, "once more", http.StatusSeeOther, nil, nil)
		if p := kept(); p.Place != "Tầng 2" || p.Channel != agency.ChannelOnline || p.Name["en"] != "Desk" {
			t.Errorf("after the second insisted: %+v", p)
		}

		// Moved out of one's sight while the form was open, it is not there.
		one = h.openPoint(first)
		point = kept()
		point.AgencyID = h.construction.ID
		h.rewrite(point)
		one.Set("place", "Tầng 3")
		h.post(first, "/quay/"+codeLand+"/sua", one).check(t, "moved away", http.StatusNotFound, nil, nil)
	})
}

// A code that was passed on is replaced on the page: the old one says so and takes
// nothing, and does not tell the new one.
func TestACodeIsReplacedInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		manager, elsewhere := h.signedIn(h.account(access.Manager, h.environment.ID)), h.signedIn(h.account(access.Manager, h.construction.ID))
		const path = "/quay/" + codeLand + "/doi-ma"
		h.get(manager, "/quay/"+codeLand).check(t, "the form", http.StatusOK, []string{`href="` + path + `"`}, nil)
		h.get(manager, path+"?lang=vi").check(t, "asked first", http.StatusOK, []string{"Đổi mã của quầy", "không hoàn tác được", `action="` + path + `"`}, nil)
		for _, ask := range []func() reply{
			func() reply { return h.get(elsewhere, path) }, func() reply { return h.post(elsewhere, path, nil) },
		} {
			ask().check(t, "another agency's", http.StatusNotFound, nil, nil)
		}
		opened := h.answerForm(codeLand)
		changed := h.post(manager, path, nil)
		to := changed.header.Get("Location")
		code := strings.TrimSuffix(strings.TrimPrefix(to, "/quay/"), "?da=point-recoded")
		if changed.status != http.StatusSeeOther || code == codeLand || len(code) != len(codeLand) {
			t.Fatalf("%d to %q", changed.status, to)
		}
		h.get(manager, to+"&lang=vi").check(t, "its page", http.StatusOK, []string{"Đã đổi mã", `href="/q/` + code + `"`}, []string{`href="/q/` + codeLand})
		h.get(h.client(), "/q/"+code).check(t, "the new code", http.StatusOK, []string{`name="submission"`}, nil)
		h.get(h.client(), "/q/"+codeLand).check(t, "the old code", http.StatusNotFound, nil, []string{code, `name="submission"`})
		h.post(h.client(), "/q/"+codeLand, opened).check(t, "answers by the old code", http.StatusNotFound, nil, []string{code})
		h.post(manager, path, nil).check(t, "pressed twice", http.StatusNotFound, nil, nil)

		// Closing goes by what is kept, not by what an instance believes.
		point, _ := h.snapshot().Point(agency.Code(code))
		point.AgencyID = h.construction.ID
		h.rewrite(point)
		h.post(manager, "/quay/"+code+"/dong", nil).check(t, "moved away", http.StatusNotFound, nil, nil)
		h.post(elsewhere, "/quay/"+code+"/dong", nil).check(t, "to there", http.StatusSeeOther, nil, nil)
		if p, _ := h.snapshot().PointByID(point.ID); p.Active {
			t.Error("it is open")
		}
	})
}
