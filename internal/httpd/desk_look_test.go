package httpd_test

import (
	"context"
	"fmt"
	"image/color"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/demo"
	"sipas/internal/httpd"
	"sipas/internal/intake"
	"sipas/internal/testkit"
)

// look is one way to look at pages.
type look struct {
	view             testkit.View
	language, scheme string
}

func (l look) String() string {
	return fmt.Sprintf("%d-%s-%s", l.view.Width, l.language, l.scheme)
}

// sight is a page to look at, by an administrator unless somebody else is named.
type sight struct {
	name, path string
	by         reader
}

type reader int

const (
	administrator reader = iota
	anybody
	headOfAgency
)

// withCookie makes a tab that of somebody who is signed in.
func (h *harness) withCookie(client *http.Client) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		address, err := url.Parse(h.url)
		if err != nil {
			return err
		}
		for _, c := range client.Jar.Cookies(address) {
			if _, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: h.url}); err != nil {
				return err
			}
		}
		return nil
	})
}

// in adds the language to an address.
func (s sight) in(language string) string {
	path, fragment, _ := strings.Cut(s.path, "#")
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	return path + separator + "lang=" + language + "#" + fragment
}

// lowTargets lists what can be pressed and is lower than 44 pixels. Links
// within a sentence are as high as their line.
const lowTargets = `[...document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")]
	.filter(e => e.offsetParent && !e.closest(".data p:first-child"))
	.map(e => e.closest("label") || e)
	.filter(e => e.getBoundingClientRect().height < 44)
	.map(e => e.outerHTML.slice(0, 120) + " " + e.getBoundingClientRect().height)`

// TestDeskPagesSuitEverybody checks every page behind the desk with axe-core,
// for its fit to the width and for the size of what is pressed. With
// SIPAS_SCREENSHOTS it fills the database with the demonstration, looks at the
// pages in every way, and leaves pictures in that folder.
func TestDeskPagesSuitEverybody(t *testing.T) {
	t.Parallel()
	pictures := os.Getenv("SIPAS_SCREENSHOTS")
	narrow := testkit.View{Width: 320, Height: 640, Touch: true}
	looks := []look{{narrow, "vi", "light"}, {testkit.Phone.WithoutScript(), "en", "dark"}, {testkit.Desktop, "vi", "dark"}, {testkit.Desktop, "en", "light"}}
	h, agency, code := (*harness)(nil), "so-tnmt", agency.Code(codeLand)
	if pictures == "" {
		h = newHarness(t, testkit.SQLite(t))
		h.year2025()
	} else {
		looks = nil
		for _, view := range []testkit.View{testkit.Phone, testkit.Desktop} {
			for _, language := range []string{"vi", "en"} {
				looks = append(looks, look{view, language, "light"}, look{view, language, "dark"})
			}
		}
		agency = "so-tai-nguyen-va-moi-truong"
		h, code = demonstration(t, testkit.SQLite(t), agency)
		if err := os.MkdirAll(pictures, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	login := h.manager()
	h.keepProcedure()
	h.publishPAPI()
	posted := h.rosterAt(code)
	client, ordered := h.signedIn(login), h.order(login)
	head := h.signedIn(h.clerks(""))
	batches := h.batchesOf(string(code))
	h.planned("2025-12-31", "quay-nhanh")
	h.planned("2025-12-10", "sipas", string(code))
	for month, level := range []int{5, 4, 5, 2, 4, 5} {
		h.served(35-month, 1+month, level)
	}
	if pictures == "" { // there is none in those of the demonstration
		h.sendEmblem(client, coloured(t, 300, color.NRGBA{0x1f, 0x5f, 0x8b, 0xff}), "")
	}
	for _, period := range []string{"9M", "Y"} {
		h.post(client, "/bang/cong-bo", url.Values{"year": {"2025"}, "period": {period}})
	}
	draft := h.post(client, "/khao-sat/moi", url.Values{"from": {"version"}, "survey": {"quay-nhanh"}}).header.Get("Location")
	h.post(client, draft+"/sua", url.Values{"base": {"0"}, "do": {"set"}, "element": {"e2"}, "field": {"text"}, "language": {"en"}})
	h.post(client, draft+"/ngon-ngu/km", url.Values{"base": {"1"}, "muc": {"survey.title", "e2.text"}, "loi": {"ការវាយតម្លៃរហ័ស", "តើលោកអ្នកពេញចិត្តទេ?"}})
	h.post(client, draft+"/sua", url.Values{"base": {"2"}, "do": {"set"}, "element": {"e2"}, "field": {"text"}, "language": {"vi"}, "value": {"Hôm nay ông/bà có hài lòng không?"}})
	sound := h.post(client, "/khao-sat/moi", url.Values{"from": {"library"}, "survey": {"y-te-ngoai-tru"}}).header.Get("Location")
	sights := []sight{
		{"home", "/", anybody},
		{"home-wrong-code", "/?ma=0000", anybody},
		{"login", "/dang-nhap", anybody},
		{"public", "/cong-khai", anybody},
		{"error", "/nowhere", anybody},
		{"board", "/bang?year=2025", administrator},
		{"board-open", "/bang?year=2025&open=1", administrator},
		{"board-agency", "/bang?year=2025&period=9M&agency=" + agency, administrator},
		{"board-counter", "/bang?year=2025&open=1&point=" + string(code), administrator},
		{"board-days", "/bang?from=2025-03-01&to=2025-04-14", administrator},
		{"board-empty", "/bang?year=2019", administrator},
		{"surveys", "/khao-sat", administrator},
		{"survey-import", "/khao-sat/nhap", administrator},
		{"survey-files", "/khao-sat/tai?survey=quay-nhanh", administrator},
		{"draft", draft, administrator},
		{"draft-question", draft + "?chon=e2&view=sua", administrator},
		{"draft-publish", draft + "/phat-hanh", administrator},
		{"draft-simulate", sound + "/mo-phong", administrator},
		{"draft-history", draft + "/lich-su", administrator},
		{"draft-languages", draft + "/ngon-ngu", administrator},
		{"draft-language", draft + "/ngon-ngu/km", administrator},
		{"points", "/quay", administrator},
		{"points-none", "/quay?tim=xyzzy", administrator},
		{"agencies", "/co-quan", administrator},
		{"agencies-none", "/co-quan?tim=xyzzy", administrator},
		{"reform-kinds", "/co-quan/sap-xep", administrator},
		{"reform-split", "/co-quan/sap-xep?viec=split", administrator},
		{"reform-plan", "/co-quan/sap-xep/xem-truoc?viec=split&tu=xa-moi&hang=" + agency + "&ty-le=60&ma-moi=xa-hai&ten-moi=X%C3%A3+Hai&ty-le-moi=40&ngay=1/8/2025", administrator},
		{"reform-done", h.reformed(), administrator},
		{"search", "/tim?q=quay", administrator},
		{"search-none", "/tim?q=xyzzy", administrator},
		{"agency", "/co-quan/" + agency, administrator},
		{"agency-new", "/co-quan/them", administrator},
		{"agency-change", "/co-quan/" + agency + "/sua", administrator},
		{"procedures", "/thu-tuc", administrator},
		{"procedure-new", "/thu-tuc/them", administrator},
		{"procedure-change", "/thu-tuc/1/sua", administrator},
		{"files", "/ho-so", administrator},
		{"files-agency", "/ho-so?ky=2025-Q3&agency=" + agency, administrator},
		{"import", "/quay/nhap", administrator},
		{"import-targets", "/chi-tieu/nhap", administrator},
		{"import-users", "/tai-khoan/nhap", administrator},
		{"publish", "/bang/cong-bo?year=2025&period=Y", administrator},
		{"accounts", "/quan-tri/tai-khoan", administrator},
		{"accounts-none", "/quan-tri/tai-khoan?tim=xyzzy", administrator},
		{"account-new", "/quan-tri/tai-khoan-moi", administrator},
		{"account", "/quan-tri/tai-khoan/quan-tri", administrator},
		{"own", "/tai-khoan", administrator},
		{"served", "/can-bo/" + clerk + "/ket-qua?year=2025", headOfAgency},
		{"served-few", "/can-bo/" + clerk + "/ket-qua?year=2024", headOfAgency},
		{"log", "/quan-tri/nhat-ky", administrator},
		{"settings", "/cai-dat", administrator},
		{"steps", "/bat-dau", administrator},
		{"province", "/bat-dau/tinh", administrator},
		{"trial", "/bat-dau/thu", administrator},
		{"targets", "/chi-tieu?year=2025", administrator},
		{"targets-none", "/chi-tieu?year=2027", administrator},
		{"target", "/chi-tieu/1", administrator},
		{"target-new", "/chi-tieu/them?year=2026", administrator},
		{"counter", "/quay/" + string(code), administrator},
		{"point", "/quay/" + string(code) + "/sua", administrator},
		{"point-new", "/quay/them", administrator},
		{"points-new", "/quay/them-nhieu", administrator},
		{"point-recode", "/quay/" + string(code) + "/doi-ma", administrator},
		{"sheets", "/quay/" + string(code) + "/phieu", administrator},
		{"indicators", "/chi-tieu/chi-so", administrator},
		{"target-history", "/chi-tieu/1/lich-su", administrator},
		{"target-remove", "/chi-tieu/1/bo", administrator},
		{"published-new", "/chi-tieu/cong-bo?year=2025&index=PAPI", administrator},
		{"published", "/chi-tieu/cong-bo/1", administrator},
		{"posters", "/quay/in", administrator},
		{"posters-order", ordered, administrator},
		{"posters-orders", "/quay/in/da-dat", administrator},
		{"officials", "/can-bo", administrator},
		{"official", "/can-bo/" + posted.Code, administrator},
		{"official-new", "/can-bo/them", administrator},
		{"official-change", "/can-bo/" + posted.Code + "/sua", administrator},
		{"official-badge", "/can-bo/" + posted.Code + "/doi-the", administrator},
		{"shifts", "/can-bo/ca", administrator},
		{"import-shifts", "/can-bo/ca/nhap", administrator},
		{"batches", "/nhap-phieu", administrator},
		{"batch-new", "/nhap-phieu/them", administrator},
		{"batch-new-form", "/nhap-phieu/them?point=" + string(code), administrator},
		{"batch", batches.open, administrator},
		{"batch-sheet", batches.open + "/nhap?lan=1", administrator},
		{"batch-compare", batches.open + "/so-sanh", administrator},
		{"batch-close", batches.closing + "/dong", administrator},
		{"batch-closed", batches.closed, administrator},
		{"batch-correct", batches.closed + "/sua?phieu=1", administrator},
		{"withdraw", "/bang/thu-hoi?id=1", administrator},
		{"campaigns", "/khao-sat/dot?nam=2025", administrator},
		{"campaigns-none", "/khao-sat/dot?nam=2019", administrator},
		{"campaign-new", "/khao-sat/dot/them", administrator},
		{"campaign-change", "/khao-sat/dot/1/sua", administrator},
		{"board-campaign", "/bang?campaign=1", administrator},
	}
	if pictures != "" {
		sights = append(sights,
			sight{"form", "/q/" + string(code), anybody}, sight{"thanks", "/q/" + string(code) + "/xong/7K3MQ9TD", anybody})
	}
	for _, l := range looks {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			many := 12 // a tab has a minute, and pictures take their time
			if pictures != "" {
				many = 4
			}
			for some := range slices.Chunk(sights, many) {
				tabs := map[reader]tab{}
				for _, s := range some {
					b, open := tabs[s.by]
					if !open {
						b = tab{t, testkit.Browser(t, l.view)}
						b.do(colours(l.scheme))
						switch s.by {
						case administrator:
							b.do(h.withCookie(client))
						case headOfAgency:
							b.do(h.withCookie(head))
						}
						tabs[s.by] = b
					}
					b.sees(h, s, l)
					if pictures != "" {
						b.picture(filepath.Join(pictures, s.name+"-"+l.String()+".png"))
					}
				}
			}
		})
	}
}

// sees looks at a page.
func (b tab) sees(h *harness, s sight, l look) {
	b.t.Helper()
	b.do(chromedp.Navigate(h.url + s.in(l.language)))
	if over := ask[int64](b, `document.documentElement.scrollWidth`) - l.view.Width; over > 0 {
		b.t.Errorf("%s is %d pixels too wide", s.name, over)
	}
	if ask[bool](b, `(nav => nav.scrollWidth > nav.clientWidth)(document.querySelector("nav"))`) {
		b.t.Errorf("%s: the navigation is cut", s.name)
	}
	for _, low := range ask[[]string](b, lowTargets) {
		b.t.Errorf("%s: less than 44 pixels high: %s", s.name, low)
	}
	for _, v := range testkit.Axe(b.t, b.ctx) {
		b.t.Errorf("%s: %s", s.name, v)
	}
}

// manager is an administrator with a name for pictures.
func (h *harness) manager() (login string) {
	h.t.Helper()
	_, err := h.deps.Auth.AddUser(context.Background(), testkit.Author(), auth.NewUser{
		Login: "quan-tri", Name: "Quản trị viên", Password: goodPassword, Role: access.Administrator,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return "quan-tri"
}

// picture saves the whole page as it looks.
func (b tab) picture(path string) {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(path, picture, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// demonstration serves what `sipas demo` shows, and gives a service point of an
// agency.
func demonstration(t *testing.T, st *testkit.Place, office string, options ...func(*httpd.Deps)) (*harness, agency.Code) {
	t.Helper()
	ctx := context.Background()
	h := serve(t, st, options...)
	door := intake.New(st.Registry, st.Store, intake.Options{Now: h.clock.Now, Zone: h.deps.Zone, Log: h.deps.Log})
	if err := demo.Fill(ctx, st.DB, st.Registry, st.Store, door, demo.Options{Responses: 60_000}); err != nil {
		t.Fatal(err)
	}
	if err := door.Close(ctx); err != nil {
		t.Fatal(err)
	}
	agencies, err := st.Agencies(ctx)
	if err != nil {
		t.Fatal(err)
	}
	points, err := st.ServicePoints(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range agencies {
		for _, p := range points {
			if a.Code == office && p.AgencyID == a.ID && p.Active && p.SurveyKey == "quay-nhanh" {
				return h, p.Code
			}
		}
	}
	t.Fatalf("%s has no service point", office)
	return nil, ""
}

// TestKeyboardReachesEverything presses the tab key through the board, opens a
// row, steps through the choices of a filter without being sent away, and
// applies it, all without a mouse.
func TestKeyboardReachesEverything(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.year2025()
	b := tab{t, testkit.Browser(t, testkit.Desktop)}
	b.do(h.withCookie(h.signedIn(h.account(access.Administrator, 0))), chromedp.Navigate(h.url+"/bang?year=2025&lang=vi"))
	const controls = `[...document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")].filter(e => e.checkVisibility({contentVisibilityAuto: true}) && e.offsetParent)`
	ask[bool](b, `addEventListener("focusin", e => {
		e.target.dataset.seen = "1";
		if (getComputedStyle(e.target).outlineStyle === "none") e.target.dataset.unmarked = "1";
	}), true`)
	n := ask[int](b, controls+`.length`)
	for range n + 2 {
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	for _, missed := range ask[[]string](b, controls+`.filter(e => !e.dataset.seen).map(e => e.outerHTML.slice(0, 120))`) {
		t.Errorf("not reached: %s", missed)
	}
	for _, unmarked := range ask[[]string](b, controls+`.filter(e => e.dataset.unmarked).map(e => e.outerHTML.slice(0, 120))`) {
		t.Errorf("focus cannot be seen: %s", unmarked)
	}
	ask[bool](b, `document.querySelector(".row summary").focus(), true`)
	b.do(chromedp.KeyEvent(kb.Enter))
	if !ask[bool](b, `document.querySelector(".row details").open`) {
		t.Error("the enter key does not open a row")
	}
	ask[bool](b, `document.querySelector(".otherwise summary").focus(), true`)
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("#f-from")))
	ask[bool](b, `document.querySelector("#f-period").focus(), true`)
	ask[bool](b, `window.stayed = true`)
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	if !ask[bool](b, `window.stayed && document.activeElement.id === "f-period" && document.activeElement.value === "9M"`) {
		t.Error("stepping through the periods leads away")
	}
	for range 10 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if ask[bool](b, `document.activeElement.matches(".filters button")`) {
			break
		}
	}
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(`#f-period option[value="9M"][selected]`)))
}
