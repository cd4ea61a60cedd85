package httpd_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sipas/internal/access"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// hand is somebody at a page, by mouse or by nothing but keys.
type hand struct {
	tab
	keys bool
}

// at brings the focus by the tabulator to what a selector names.
func (x hand) at(selector string) {
	x.t.Helper()
	where := fmt.Sprintf(`(e => document.activeElement === e ? 0 : !e ? 9 : document.activeElement === document.body || document.activeElement.compareDocumentPosition(e) & 4 ? 1 : -1)(document.querySelector(%q))`, selector)
	for range 300 {
		switch ask[int](x.tab, where) {
		case 0:
			return
		case 1:
			x.do(chromedp.KeyEvent(kb.Tab))
		case -1:
			x.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
		default:
			x.t.Fatalf("there is no %s", selector)
		}
	}
	x.t.Fatalf("the key never comes to %s", selector)
}

// presses a button or follows a link.
func (x hand) presses(selector string) {
	x.t.Helper()
	if !x.keys {
		x.click(selector)
		return
	}
	x.at(selector)
	x.do(chromedp.KeyEvent(kb.Enter))
}

// marks a box or a choice. Of several choices one is where the tabulator stops, and arrows
// lead to the others.
func (x hand) marks(selector string) {
	x.t.Helper()
	if !x.keys {
		x.click(selector)
		return
	}
	group := fmt.Sprintf(`(e => e.type === "radio" ? [...document.getElementsByName(e.name)] : [e])(document.querySelector(%q))`, selector)
	stop := ask[int](x.tab, `(g => Math.max(0, g.findIndex(e => e.checked)))(`+group+`)`)
	steps := ask[int](x.tab, `(g => g.findIndex(e => e.matches(`+fmt.Sprintf("%q", selector)+`)))(`+group+`)`) - stop
	x.at(ask[string](x.tab, `(e => "[name=" + JSON.stringify(e.name) + "][value=" + JSON.stringify(e.value) + "]")(`+group+`[`+fmt.Sprint(stop)+`])`))
	x.do(chromedp.KeyEvent(" " + strings.Repeat(kb.ArrowDown, max(steps, 0))))
}

// types a text in the place of what is there, and goes on.
func (x hand) types(selector, text string) {
	x.t.Helper()
	if x.keys {
		x.at(selector)
	} else {
		x.click(selector)
	}
	ask[bool](x.tab, `document.activeElement.select(), true`)
	x.do(chromedp.KeyEvent(text + kb.Tab))
}

// chooses of a list; with a mouse the list is the system's own, which the browser does not
// draw here.
func (x hand) chooses(selector, value string) {
	x.t.Helper()
	if !x.keys {
		ask[bool](x.tab, fmt.Sprintf(`(e => { e.value = %q; return e.dispatchEvent(new Event("change", { bubbles: true })) })(document.querySelector(%q))`, value, selector))
		return
	}
	x.at(selector)
	steps := ask[int](x.tab, fmt.Sprintf(`(e => [...e.options].findIndex(o => o.value === %q) - e.selectedIndex)(document.activeElement)`, value))
	key := kb.ArrowDown
	if steps < 0 {
		key, steps = kb.ArrowUp, -steps
	}
	x.do(chromedp.KeyEvent(strings.Repeat(key, steps)))
}

// bringsTo waits for a page.
func (x hand) bringsTo(path string) {
	x.t.Helper()
	x.until(fmt.Sprintf(`document.readyState === "complete" && location.pathname.endsWith(%q)`, path))
}

// TestASurveyFromNothingToTheBoard: an official makes a survey of twelve questions in two
// sections and two languages, with a grid and a condition, tries it, publishes it, and asks
// it at a counter in a campaign; five people answer, one of them on a phone; the board has
// the index that a hand computes. Once by mouse and once by nothing but keys.
func TestASurveyFromNothingToTheBoard(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]bool{"mouse": false, "keys": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, testkit.SQLite(t))
			d := h.designs(url.Values{"from": {"blank"}})
			first := hand{d.opens(t, testkit.Desktop, "?lang=vi"), keys}
			first.says("survey", "title", "Mới")
			first.types("#f-survey-code-o", "phieu-moi")
			first.kept()
			first.section("Phục vụ")
			overall := first.asks("scale5", "Chung")
			first.asks("grid", "Từng mặt")
			first.lists("row", "Nhanh", "Đúng")
			for _, text := range []string{"Ba", "Bốn", "Năm"} {
				first.asks("scale5", text)
			}

			second := hand{d.opens(t, testkit.Desktop, "?lang=vi&chon="+lastRow(d)+"&view=sua"), keys}
			second.section("Thêm")
			second.asks("multi", "Vì sao")
			second.lists("choice", "Chậm", "Xa")
			second.chooses("#dk-ve", overall)
			second.presses("#dk-chon")
			second.await("#dk-them")
			second.marks(`#dk-them [name="in"][value="1"]`)
			second.marks(`#dk-them [name="in"][value="2"]`)
			second.presses("#dk-nut")
			second.kept()
			second.asks("single", "Đến mấy lần")
			second.lists("choice", "Một", "Nhiều")

			third := hand{d.opens(t, testkit.Desktop, "?lang=vi&chon="+lastRow(d)+"&view=sua"), keys}
			for kind, text := range map[string]string{"yes-no": "Đủ giấy", "number": "Mấy phút", "nps": "Giới thiệu", "date": "Ngày nào", "text": "Góp ý"} {
				third.asks(kind, text)
			}
			third.until(`document.querySelector("#can-sua .met") !== null`)

			fourth := hand{d.opens(t, testkit.Desktop, "?lang=vi"), keys}
			responses := h.responses()
			fourth.do(chromedp.Navigate(h.url + d.draft + "/xem?lang=vi")) // what the frame beside the editor shows
			fourth.marks(`[name="a.` + ask[string](fourth.tab, `document.querySelector('[name^="a."][value="5"]').name.slice(2)`) + `"][value="5"]`)
			fourth.presses(sendButton)
			fourth.until(`document.body?.innerText.includes("không có gì được lưu hay được tính") === true`)
			if h.responses() != responses {
				t.Error("trying kept an answer")
			}
			fourth.do(chromedp.Navigate(h.url + d.draft + "?lang=vi"))
			fourth.presses(`a[href$="/phat-hanh"]`)
			fourth.bringsTo("/phat-hanh")
			fourth.presses(`main form.inline button`)
			fourth.bringsTo("/khao-sat")
			v := h.snapshot().Newest("phieu-moi")
			if v == nil || len(v.Definition.Sections) != 2 {
				t.Fatalf("published is %+v", v)
			}
			if a, b := v.Definition.Sections[0].Questions, v.Definition.Sections[1].Questions; len(a)+len(b) != 12 || len(a[1].Rows) != 2 || b[0].Show == nil || len(b[0].Choices) != 2 || a[0].Text["en"] != "Chung EN" {
				t.Fatalf("published are %d and %d questions: %+v", len(a), len(b), v.Definition)
			}

			chief := h.signedIn(h.account(access.Administrator, 0))
			h.post(chief, "/chi-tieu/chi-so", url.Values{"indicator": {"FIELD:dat-dai"}, "survey": {"phieu-moi"}, "method": {""}}).check(t, "a row of the board", http.StatusSeeOther, nil, nil)
			fourth.do(chromedp.Navigate(h.url + "/khao-sat/dot/them?lang=vi"))
			today := h.clock.Now().In(time.FixedZone("ICT", 7*3600))
			fourth.types("#f-campaign_vi", "Đợt mới")
			fourth.types("#f-campaign_en", "New")
			fourth.types("#f-first_day", today.Format("2/1/2006"))
			fourth.types("#f-last_day", today.AddDate(0, 0, 20).Format("2/1/2006"))
			fourth.chooses("#f-version", v.Name())
			fourth.marks(`[name="at"][value="some"]`)
			fourth.marks(`[name="points"][value="` + codeLand + `"]`)
			fourth.presses(`main form.card button[type=submit]:not([name])`)
			fourth.bringsTo("/khao-sat/dot")

			h.fivePeopleAnswer(t, v, chief)
		})
	}
}

// lastRow is the key of the last row of a draft, behind which more is added.
func lastRow(d designer) string {
	rows := strings.Split(d.page("survey"), `<li id="row-`)
	key, _, _ := strings.Cut(rows[len(rows)-1], `"`)
	return key
}

// says writes a text of an element in both languages.
func (x hand) says(element, field, text string) {
	x.t.Helper()
	for _, language := range []string{"vi", "en"} {
		x.types(fmt.Sprintf("#f-%s-%s-%s-o", element, field, language), text)
		text += " EN"
	}
	x.kept()
}

// opened is the element that the editor shows.
func (x hand) opened() string {
	x.t.Helper()
	return ask[string](x.tab, `document.getElementById("trang-thai").dataset.chosen`)
}

// adds something behind what is open, and gives its key.
func (x hand) adds(button string) string {
	x.t.Helper()
	before := x.opened()
	x.presses(button)
	x.until(fmt.Sprintf(`document.getElementById("trang-thai").dataset.chosen !== %q`, before))
	x.kept()
	return x.opened()
}

func (x hand) section(title string) { x.says(x.adds("#them-phan"), "title", title) }

func (x hand) asks(kind, text string) string {
	x.t.Helper()
	x.chooses("#loai-moi", kind)
	key := x.adds("#them-cau")
	x.says(key, "text", text)
	return key
}

// lists adds rows or choices to the question that is open.
func (x hand) lists(kind string, texts ...string) {
	x.t.Helper()
	for i, text := range texts {
		x.types("#them-"+kind, text)
		x.presses("#ds-" + kind + "-them button")
		x.until(fmt.Sprintf(`document.querySelectorAll("#ds-%s-muc > li").length === %d`, kind, i+1))
		x.kept()
		part := ask[string](x.tab, fmt.Sprintf(`[...document.querySelectorAll("#ds-%s-muc > li")].at(-1).id.slice(4)`, kind))
		x.types("#f-"+part+"-text-en-o", text+" EN")
		x.kept()
	}
}

// fivePeopleAnswer at the counter of land, one of them on a phone, and the board of the
// campaign has the index of a hand: of five scales and rows 4, 4, 3, 3, 3 and 3 of five are
// satisfied.
func (h *harness) fivePeopleAnswer(t *testing.T, v *survey.Version, chief *http.Client) {
	t.Helper()
	campaign := h.snapshot().Campaigns[0].ID
	var names []string
	for _, p := range v.Scale() {
		names = append(names, p.Key())
	}
	levels := []string{"545434", "445443", "554514", "141242"} // of the people who have none, by scale
	for _, of := range levels {
		answers := url.Values{"submission": {survey.NewID(h.clock.Now())}, "version": {v.Name()}, "language": {"vi"}, "campaign": {fmt.Sprint(campaign)}}
		for i, name := range names {
			answers.Set("a."+name, of[i:i+1])
		}
		h.post(h.client(), "/q/"+codeLand, answers).check(t, "an answer", http.StatusSeeOther, nil, nil)
	}
	phone := openTab(t, testkit.Phone, h.url+"/q/"+codeLand+"?lang=en")
	shows := func(what string) string { return fmt.Sprintf(`document.body.innerText.includes(%q)`, what) }
	phone.until(shows("Chung EN") + ` && !` + shows("Vì sao EN"))
	phone.click(level(names[0], "2"))
	phone.until(shows("Vì sao EN")) // the condition
	for _, name := range names[1:] {
		phone.click(level(name, "5"))
	}
	phone.click(sendButton)
	phone.await(thanksPage)
	satisfied := make([]float64, len(names))
	for i := range names {
		for _, of := range append(levels, "255555") {
			if of[i] >= '4' {
				satisfied[i]++
			}
		}
	}
	want := 0.
	for _, n := range satisfied {
		want += 100 * n / 5 / float64(len(names))
	}
	var board struct {
		Rows []struct {
			N       int
			Percent float64
		}
	}
	if err := json.Unmarshal([]byte(h.get(chief, fmt.Sprintf("/api/v1/board?campaign=%d", campaign)).body), &board); err != nil {
		t.Fatal(err)
	}
	for _, row := range board.Rows {
		if row.N == 5 && math.Abs(row.Percent-want) < 1e-9 {
			return
		}
	}
	t.Errorf("no row of the board has %.2f %% of 5 people: %+v", want, h.get(chief, fmt.Sprintf("/api/v1/board?campaign=%d", campaign)).body)
}
