package httpd_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

func TestHomeLeadsEverybodySomewhere(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	nobody := h.client()
	h.get(nobody, "/?lang=vi").check(t, "home", http.StatusOK,
		[]string{"Mã quầy", `href="/cong-khai"`, `href="/dang-nhap"`, `lang="vi"`, "SIPAS Một Cửa"}, []string{"mô phỏng", `href="/bang"`, "role=\"alert\""})
	for typed, want := range map[string]string{
		"DATDAT23": "/q/DATDAT23", "datd-at23": "/q/DATDAT23", " datd at23 ": "/q/DATDAT23", "KHNGCQ23": "/q/KHNGCQ23",
	} {
		r := h.get(nobody, "/?ma="+url.QueryEscape(typed))
		if r.status != http.StatusSeeOther || r.header.Get("Location") != want {
			t.Errorf("code %q: %d to %q, want %q", typed, r.status, r.header.Get("Location"), want)
		}
	}
	for _, typed := range []string{"DATDAT2", "OOOOOOOO", "//evil.example", `"><script>`, strings.Repeat("A", 5000)} {
		h.get(nobody, "/?lang=en&ma="+url.QueryEscape(typed)).check(t, typed, http.StatusUnprocessableEntity,
			[]string{"<title>Wrong code: ", "A counter code has 8 letters", `aria-invalid="true" autofocus`}, []string{"<script>alert", `"><script>`})
	}
	signedIn := h.signedIn(h.account(access.Viewer, 0))
	h.get(signedIn, "/").check(t, "signed in", http.StatusOK, []string{`href="/bang"`, `action="/dang-xuat"`}, []string{`href="/dang-nhap"`})
}

// TestEveryPageSaysThatCitizensAreMadeUp where they are.
func TestEveryPageSaysThatCitizensAreMadeUp(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		if err := st.SaveSetting(t.Context(), registry.SettingSynthetic, "1"); err != nil {
			t.Fatal(err)
		}
		h := newHarness(t, st)
		h.year2025()
		client := h.signedIn(h.account(access.Administrator, 0))
		for _, path := range []string{
			"/", "/dang-nhap", "/cong-khai", "/bang", "/quay", "/bang/cong-bo?year=2025&period=Y", "/nowhere", "/bang?agency=nowhere",
		} {
			for _, c := range []*http.Client{client, h.client()} {
				if r := h.get(c, path+map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]+"lang=vi"); r.status != http.StatusSeeOther &&
					!strings.Contains(r.body, "Dữ liệu mô phỏng") {
					t.Errorf("%s: nothing says so", path)
				}
			}
		}
	})
}

// elsewhere are addresses that a browser would take to another site, or that
// are none.
func elsewhere() []string {
	return []string{
		"//evil.example", "///evil.example", `/\evil.example`, `\/evil.example`, `/bang\..`, "https://evil.example", "https:evil.example", "javascript:alert(1)",
		"evil.example", "bang", "?x=1", "#x", " /bang", "/\t/evil.example", "/\n/evil.example", "/\x00bang", "/%zz", "http:///bang",
		"/" + strings.Repeat("a", 3000), "data:text/html,x", "@evil.example",
	}
}

// TestSigningInStaysHere: where to go afterwards is an address of this site, or
// the board.
func TestSigningInStaysHere(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	login := h.account(access.Viewer, 0)
	signIn := func(to string) reply {
		t.Helper()
		return h.post(h.client(), "/dang-nhap", url.Values{"login": {login}, "password": {goodPassword}, "den": {to}})
	}
	for _, to := range append(elsewhere(), "") {
		if r := signIn(to); r.status != http.StatusSeeOther || r.header.Get("Location") != "/bang" {
			t.Errorf("%q: %d to %q", to, r.status, r.header.Get("Location"))
		}
		h.get(h.client(), "/dang-nhap?den="+url.QueryEscape(to)).check(t, to, http.StatusOK, []string{`name="den" value=""`}, nil)
	}
	for _, to := range []string{"/bang", "/bang?year=2025&agency=so-tnmt", "/quay#x", "/quay/poster.pdf?agency=so-tnmt"} {
		if r := signIn(to); r.header.Get("Location") != to {
			t.Errorf("%q: to %q", to, r.header.Get("Location"))
		}
	}
	asked := h.get(h.client(), "/bang?year=2025&period=Q1")
	if want := "/dang-nhap?den=%2Fbang%3Fyear%3D2025%26period%3DQ1"; asked.status != http.StatusSeeOther || asked.header.Get("Location") != want {
		t.Errorf("without a session: %d to %q, want %q", asked.status, asked.header.Get("Location"), want)
	}
	already := h.get(h.signedIn(login), "/dang-nhap?den=%2Fquay")
	if already.status != http.StatusSeeOther || already.header.Get("Location") != "/quay" {
		t.Errorf("signed in already: %d to %q", already.status, already.header.Get("Location"))
	}
}

// TestEveryFailureToSignInSaysTheSame: a stranger does not learn which logins
// exist.
func TestEveryFailureToSignInSaysTheSame(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		known, disabled := h.account(access.Viewer, 0), h.account(access.Viewer, 0)
		h.disable(disabled)
		var said []string
		for login, password := range map[string]string{
			known: "sai mật khẩu rồi", disabled: goodPassword, "khong-co-ai": goodPassword, "": "", `"><script>`: "x", strings.Repeat("a", 5000): "x",
		} {
			r := h.post(h.client(), "/dang-nhap", url.Values{"login": {login}, "password": {password}})
			r.check(t, login, http.StatusUnauthorized, []string{"Tên đăng nhập hoặc mật khẩu chưa đúng."}, []string{`"><script>`, "sai mật khẩu", goodPassword})
			said = append(said, r.section(`role="alert"`, "<form").body)
			if len(r.header.Values("Set-Cookie")) > 0 {
				t.Errorf("%q: a cookie was set: %v", login, r.header.Values("Set-Cookie"))
			}
		}
		if len(slices.Compact(said)) != 1 {
			t.Errorf("different answers: %q", said)
		}
		if log := h.log.String(); strings.Contains(log, goodPassword) || strings.Contains(log, "sai mật khẩu") {
			t.Error("a password is in the log")
		}
	})
}

// TestFormsOfTheDeskAreReadOneWay: a body is a form or refused unread. Other
// parsers can be made to take all memory, and repeat in their errors what was
// typed.
func TestFormsOfTheDeskAreReadOneWay(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	administrator := h.signedIn(h.account(access.Administrator, 0))
	for _, path := range []string{"/dang-nhap", "/bang/cong-bo", "/bang/thu-hoi"} {
		for _, media := range []string{"application/x-yaml", "application/toml", "application/xml", "application/json", "application/x-protobuf", "application/msgpack", "multipart/form-data; boundary=x", "text/plain", ""} {
			r := h.do(administrator, http.MethodPost, path, "login: a\npassword: [geheim12345]\n", "Content-Type", media)
			r.check(t, path+" as "+media, http.StatusUnsupportedMediaType, nil, []string{"geheim12345"})
		}
		r := h.do(administrator, http.MethodPost, path, "password=geheim%zz12345", "Content-Type", "application/x-www-form-urlencoded")
		r.check(t, path+" with a broken form", http.StatusBadRequest, nil, []string{"geheim"})
	}
	if strings.Contains(h.log.String(), "geheim") {
		t.Error("a password is in the log")
	}
}

func TestSigningOut(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.signedIn(h.account(access.Viewer, 0))
	h.get(client, "/bang").check(t, "before", http.StatusOK, nil, nil)
	h.get(client, "/dang-xuat").check(t, "by a link", http.StatusMethodNotAllowed, nil, nil)
	h.post(client, "/dang-xuat", url.Values{}, "Sec-Fetch-Site", "cross-site").check(t, "by another site", http.StatusForbidden, nil, nil)
	h.get(client, "/bang").check(t, "still", http.StatusOK, nil, nil)
	if r := h.post(client, "/dang-xuat", url.Values{}); r.status != http.StatusSeeOther || r.header.Get("Location") != "/" {
		t.Errorf("sign out: %d to %q", r.status, r.header.Get("Location"))
	}
	h.get(client, "/bang").check(t, "after", http.StatusSeeOther, nil, nil)
}

func TestDemoAccountsOnlyInTheDemo(t *testing.T) {
	t.Parallel()
	demo := newHarness(t, testkit.SQLite(t), func(d *httpd.Deps) { d.Demo = []httpd.DemoAccount{{"dung-thu", goodPassword, "Quản trị <thử>"}} })
	demo.get(demo.client(), "/dang-nhap").check(t, "demo", http.StatusOK, []string{"dung-thu", goodPassword, "Quản trị &lt;thử&gt;"}, []string{"<thử>"})
	h := newHarness(t, testkit.SQLite(t))
	h.get(h.client(), "/dang-nhap").check(t, "elsewhere", http.StatusOK, nil, []string{"dùng thử", "dung-thu"})
}

func TestPointsAndPosters(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		client := h.signedIn(h.account(access.Viewer, 0))
		h.get(client, "/quay?lang=vi").check(t, "points", http.StatusOK, []string{
			"DATD-AT23", "Quầy 3 · Đăng ký đất đai", "Đã đóng", "Ki-ốt", "Xây dựng, Đất đai, Đầu tư", `src="/q/DATDAT23/qr.svg"`,
			"/quay/poster.pdf?agency=so-tnmt&amp;size=A4", "/quay/poster.pdf?point=DATDAT23&amp;size=A5", "6 quầy đang nhận ý kiến, 1 quầy đã đóng",
		}, []string{"point=" + codeClosed, "/q/" + codeClosed})
		pages := func(path string) int {
			t.Helper()
			r := h.get(client, path)
			r.check(t, path, http.StatusOK, []string{"%PDF-"}, nil)
			if r.header.Get("Content-Type") != "application/pdf" {
				t.Errorf("%s: %s", path, r.header.Get("Content-Type"))
			}
			return strings.Count(r.body, "/Type /Page\n")
		}
		for path, want := range map[string]int{
			"/quay/poster.pdf?point=" + codeLand: 1, "/quay/poster.pdf?agency=so-tnmt&size=a5": 2,
			"/quay/poster.pdf?agency=so-xay-dung": 2, "/quay/poster.pdf?agency=tinh&size=A4": 5,
		} {
			if got := pages(path); got != want {
				t.Errorf("%s: %d pages, want %d", path, got, want)
			}
		}
		h.get(client, "/quay/poster.pdf?point="+codeClosed).check(t, "closed", http.StatusNotFound, nil, nil)
		if _, err := st.AddServicePoint(t.Context(), agency.ServicePoint{
			AgencyID: h.environment.ID, Name: agency.Text{"vi": "Quầy ☃ ꨌ"}, SurveyKey: "quay-nhanh", Channel: agency.ChannelQR, Active: true,
		}); err != nil {
			t.Fatal(err)
		}
		h.get(client, "/quay?lang=vi").check(t, "unprintable", http.StatusOK, []string{"in dấu ? thay vào: ☃ꨌ"}, nil)
		h.get(client, "/quay/poster.pdf?point="+codeStaff).check(t, "interviews", http.StatusNotFound, nil, nil)
		h.get(client, "/quay?lang=vi").section(`id="quay-`+codeStaff+`"`, "</li>").check(t, "interviews have a note", http.StatusOK,
			[]string{"Không in mã QR", "Sở Xây dựng"}, []string{"poster.pdf", "qr.svg"})
		h.get(client, "/quay/poster.pdf?point="+codeLand+"&size=A3").check(t, "A3", http.StatusBadRequest, nil, nil)
		empty, err := st.AddAgency(context.Background(), h.emptyAgency())
		if err != nil {
			t.Fatal(err)
		}
		h.get(h.signedIn(h.account(access.Viewer, empty.ID)), "/quay?lang=vi").check(t, "no points", http.StatusOK, []string{"Chưa có quầy nào"}, []string{"DATD-AT23"})
	})
}
