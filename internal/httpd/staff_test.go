package httpd_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/sender"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// entryLink makes an entry link for a service point and returns its token.
func (h *harness) entryLink(code string, expires time.Time) string {
	h.t.Helper()
	token, err := h.deps.Auth.CreateEntryLink(h.t.Context(), testkit.Author(), h.points[code], "Đoàn khảo sát 2", expires)
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

// staffAsks are all the ways to a service point's form and into it.
var staffAsks = []struct {
	what string
	of   func(h *harness, client *http.Client, code string, headers ...string) reply
}{
	{"form", func(h *harness, client *http.Client, code string, headers ...string) reply {
		return h.get(client, "/q/"+code, headers...)
	}},
	{"answers", func(h *harness, client *http.Client, code string, headers ...string) reply {
		return h.post(client, "/q/"+code, url.Values{
			"submission": {survey.NewID(h.clock.Now())}, "version": {"sipas.1"}, "language": {"vi"}, "a.staff-manner": {"5"}, "a.comment": {"Ghi hộ người dân"},
		}, headers...)
	}},
	{"receipt", func(h *harness, client *http.Client, code string, headers ...string) reply {
		return h.get(client, "/q/"+code+"/xong/7K3MQ9TD", headers...)
	}},
	{"QR", func(h *harness, client *http.Client, code string, headers ...string) reply {
		return h.get(client, "/q/"+code+"/qr.svg", headers...)
	}},
	{"form by API", func(h *harness, client *http.Client, code string, headers ...string) reply {
		return h.get(client, "/api/v1/service-points/"+code+"/form", headers...)
	}},
	{"answers by API", func(h *harness, client *http.Client, code string, headers ...string) reply {
		return h.post(client, "/api/v1/service-points/"+code+"/responses", `{"version":"sipas.1","answers":{"staff-manner":5}}`,
			append([]string{"Content-Type", jsonType, "Idempotency-Key", h.newKey()}, headers...)...)
	}},
}

// TestSheetsOfStaffAreForThemOnly: to anybody else they do not exist, in any
// way of asking; not to who may only read, nor to the staff of another agency or
// another service point.
func TestSheetsOfStaffAreForThemOnly(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		other, err := st.AddServicePoint(t.Context(), agency.ServicePoint{
			AgencyID: h.construction.ID, Name: agency.Text{"vi": "Phiếu giấy"}, SurveyKey: "sipas", Channel: agency.ChannelPaper, FieldKeys: []string{"xay-dung"}, Active: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		h.points[string(other.Code)] = other
		h.clock.Advance(time.Minute)
		elsewhere := h.client()
		h.get(elsewhere, "/vao/"+h.entryLink(string(other.Code), time.Time{})).check(t, "enter", http.StatusSeeOther, nil, nil)
		base, err := url.Parse(h.url + "/q/" + string(other.Code))
		if err != nil {
			t.Fatal(err)
		}
		own := elsewhere.Jar.Cookies(base)
		at := slices.IndexFunc(own, func(c *http.Cookie) bool { return c.Name == sender.EntryCookie+string(other.Code) })
		if at < 0 {
			t.Fatal("no cookie to move")
		}
		moved, forged := h.client(), h.client() // the cookie of one service point, shown to another
		moved.Jar.SetCookies(base, []*http.Cookie{{Name: sender.EntryCookie + codeStaff, Value: own[at].Value, Path: "/"}})
		forged.Jar.SetCookies(base, []*http.Cookie{{Name: sender.EntryCookie + codeStaff, Value: "1." + strings.Repeat("A", 22), Path: "/"}})
		for name, who := range map[string]asker{
			"nobody":                  {client: h.client()},
			"viewer":                  {client: h.signedIn(h.account(access.Viewer, 0))},
			"administrator elsewhere": {client: h.signedIn(h.account(access.Administrator, h.environment.ID))},
			"viewer's key":            {client: h.client(), headers: h.token(access.Viewer, 0)},
			"key of another agency":   {client: h.client(), headers: h.token(access.Administrator, h.hospital.ID)},
			"link of another point":   {client: elsewhere},
			"cookie of another point": {client: moved},
			"forged cookie":           {client: forged},
			"header of another point": {client: h.client(), headers: []string{httpd.EntryHeader, h.entryLink(string(other.Code), time.Time{})}},
			"made-up header":          {client: h.client(), headers: []string{httpd.EntryHeader, "' OR 1=1--"}},
		} {
			for _, ask := range staffAsks {
				got, unknown := ask.of(h, who.client, codeStaff, who.headers...), ask.of(h, who.client, codeUnknown, who.headers...)
				if got.status != http.StatusNotFound || got.withoutInstance() != unknown.withoutInstance() {
					// An error page has its own number.
					if ask.what != "QR" || got.status != unknown.status {
						t.Errorf("%s, %s: %d, want the answer to an unknown code (%d)\n%s", name, ask.what, got.status, unknown.status, got.body)
					}
				}
				for _, header := range []string{"Vary", "Set-Cookie", "Cache-Control"} {
					if a, b := strings.Join(got.header.Values(header), ","), strings.Join(unknown.header.Values(header), ","); a != b {
						t.Errorf("%s, %s: %s is %q, of an unknown code %q", name, ask.what, header, a, b)
					}
				}
			}
		}
		if n := h.responses(); n != 0 {
			t.Errorf("%d responses, want none", n)
		}
		h.get(h.client(), "/vao/"+strings.Repeat("A", 26)).check(t, "unknown link", http.StatusNotFound, nil, []string{codeStaff})
		for name, who := range map[string]asker{
			"administrator":             {client: h.signedIn(h.account(access.Administrator, 0))},
			"administrator of the area": {client: h.signedIn(h.account(access.Administrator, h.construction.ID))},
			"key":                       {client: h.client(), headers: h.token(access.Administrator, h.construction.ID)},
			"header":                    {client: h.client(), headers: []string{httpd.EntryHeader, h.entryLink(codeStaff, time.Time{})}},
		} {
			for _, ask := range staffAsks {
				if got := ask.of(h, who.client, codeStaff, who.headers...); got.status >= http.StatusBadRequest {
					t.Errorf("%s, %s: %d\n%s", name, ask.what, got.status, got.body)
				}
			}
		}
	})
}

// TestEntryLink: it opens one service point's sheets, one after the other, until
// it ends; then it says so and nothing that was filled in is lost.
func TestEntryLink(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		client := h.client()
		enter := h.get(client, "/vao/"+h.entryLink(codeStaff, h.clock.Now().Add(time.Hour))+"?lang=vi")
		if to := enter.header.Get("Location"); enter.status != http.StatusSeeOther || to != "/q/"+codeStaff+"?lang=vi" {
			t.Fatalf("%d, to %s", enter.status, to)
		}
		if cookie := enter.header.Get("Set-Cookie"); !strings.HasPrefix(cookie, sender.EntryCookie+codeStaff+"=") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
			t.Errorf("cookie %s", cookie)
		}
		form := h.openForm(client, codeStaff)
		form.Set("a.staff-manner", "5")
		sent := h.post(client, "/q/"+codeStaff, form)
		next := sent.header.Get("Location")
		if sent.status != http.StatusSeeOther || !strings.HasPrefix(next, "/q/"+codeStaff+"?xong=") {
			t.Fatalf("sent: %d, to %s", sent.status, next)
		}
		receipt, _ := agency.ParseCode(next[strings.Index(next, "=")+1:])
		h.get(client, next).check(t, "the next sheet", http.StatusOK,
			[]string{"Đã ghi nhận phiếu trước. Mã biên nhận: " + receipt.Grouped(), "<form"}, []string{" checked", form.Get("submission"), `class="more"`})
		h.get(client, "/q/"+codeStaff+"?xong=%3Cb%3E").check(t, "no receipt", http.StatusOK, nil, []string{"Đã ghi nhận", "<b>"})

		form = h.openForm(client, codeStaff)
		form.Set("a.staff-manner", "4")
		form.Set("a.comment", "Ghi hộ người dân")
		revoked := h.client()
		h.get(revoked, "/vao/"+h.entryLink(codeStaff, time.Time{}))
		links, err := h.deps.Auth.EntryLinks(t.Context())
		if err != nil || len(links) != 2 {
			t.Fatal(links, err)
		}
		if err := h.deps.Auth.RevokeEntryLink(t.Context(), testkit.Author(), links[0].ID); err != nil {
			t.Fatal(err)
		}
		h.post(client, "/q/"+codeStaff, form).check(t, "the other link", http.StatusSeeOther, nil, nil)
		h.clock.Advance(time.Hour)
		form.Set("submission", h.newKey())
		for name, browser := range map[string]*http.Client{"revoked": revoked, "expired": client} {
			const sentence = "Đường dẫn nhập phiếu này đã bị thu hồi hoặc hết hạn"
			h.get(browser, "/q/"+codeStaff).check(t, name, http.StatusForbidden, []string{sentence}, []string{"<textarea"})
			h.post(browser, "/q/"+codeStaff, form).check(t, name+", answers", http.StatusForbidden,
				[]string{sentence, "Ghi hộ người dân", `name="a.staff-manner" value="4" checked`, form.Get("submission")}, nil)
		}
		if n := h.responses(); n != 2 {
			t.Errorf("%d responses, want 2", n)
		}
		// With another link the same page can be sent.
		h.get(client, "/vao/"+h.entryLink(codeStaff, time.Time{}))
		h.post(client, "/q/"+codeStaff, form).check(t, "let in again", http.StatusSeeOther, nil, nil)
		if n := h.responses(); n != 3 {
			t.Errorf("%d responses, want 3", n)
		}
	})
}
