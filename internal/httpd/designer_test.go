package httpd_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// designer is somebody who makes a survey by the forms of its page, without script.
type designer struct {
	*harness
	client *http.Client
	draft  string // address
}

func (h *harness) designs(from url.Values) designer {
	h.t.Helper()
	d := designer{harness: h, client: h.signedIn(h.account(access.Designer, 0))}
	made := h.post(d.client, "/khao-sat/moi", from)
	made.check(h.t, "a new draft", http.StatusSeeOther, nil, nil)
	d.draft = made.header.Get("Location")
	return d
}

// base is the revision that the page shows.
func (d designer) base() string {
	d.t.Helper()
	return regexp.MustCompile(`data-rev="(\d+)"`).FindStringSubmatch(d.get(d.client, d.draft).body)[1]
}

// sends a form of the page, and gives the key of the element that is open then.
func (d designer) sends(end string, pairs ...string) string {
	d.t.Helper()
	form := url.Values{"base": {d.base()}, "view": {"sua"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	done := d.post(d.client, d.draft+end, form)
	done.check(d.t, strings.Join(pairs, " "), http.StatusSeeOther, nil, nil)
	to, err := url.Parse(done.header.Get("Location"))
	if err != nil {
		d.t.Fatal(err)
	}
	return to.Query().Get("chon")
}

func (d designer) sets(element, field, language, value string) {
	d.t.Helper()
	d.sends("/sua", "do", "set", "element", element, "field", field, "language", language, "value", value, "chon", element)
}

// says sets a text in Vietnamese and English.
func (d designer) says(element, field, text string) {
	d.t.Helper()
	d.sets(element, field, "vi", text)
	d.sets(element, field, "en", text+" in English")
}

func (d designer) adds(what, kind, after string) string {
	d.t.Helper()
	return d.sends("/sua", what, "1", "type", kind, "after", after)
}

// page is the editor of an element.
func (d designer) page(element string) string {
	d.t.Helper()
	r := d.get(d.client, d.draft+"?chon="+element+"&view=sua&lang=vi")
	r.check(d.t, "the page of "+element, http.StatusOK, nil, []string{"ZgotmplZ"})
	return r.body
}

// parts are the keys of the choices or rows in the editor of a question.
func (d designer) parts(element string) (keys []string) {
	d.t.Helper()
	for _, m := range regexp.MustCompile(`<li id="muc-(e\d+)"`).FindAllStringSubmatch(d.page(element), -1) {
		keys = append(keys, m[1])
	}
	return keys
}

// Somebody makes a survey by plain forms, from nothing: two sections, a grid, choices that
// are pasted, a condition. The problems name what is missing until nothing is, and what is
// published then is what was made.
func TestASurveyIsMadeWithoutScript(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		d := h.designs(url.Values{"from": {"blank"}})
		d.get(d.client, d.draft+"/mo-phong?lang=vi").check(t, "an empty draft is not tried", http.StatusOK, []string{"phải sửa trước khi thử được", "Phiếu chưa có phần nào"}, []string{"Trả lời ngẫu nhiên"})
		d.get(d.client, d.draft+"/phat-hanh?lang=vi").check(t, "an empty draft is not published", http.StatusOK, []string{"phải sửa trước khi ban hành", "Phiếu chưa có phần nào"}, []string{`name="revision"`})

		d.says("survey", "title", "Khảo sát thử")
		d.sets("survey", "code", "", "khao-sat-thu")
		first := d.adds("section", "", "")
		d.says(first, "title", "Phần một")
		overall := d.adds("question", "scale5", first)
		d.says(overall, "text", "Hài lòng không?")
		grid := d.adds("question", "grid", overall)
		d.says(grid, "text", "Từng mặt thế nào?")
		d.sends("/sua", "do", "add", "kind", "row", "in", grid, "chon", grid, "lines", "Thời gian\nThái độ\nThời gian")
		second := d.adds("section", "", grid)
		d.says(second, "title", "Phần hai")
		why := d.adds("question", "multi", second)
		d.says(why, "text", "Vì sao?")
		look := d.post(d.client, d.draft+"/sua", url.Values{"base": {d.base()}, "chon": {why}, "do": {"add"}, "kind": {"choice"}, "in": {why}, "look": {"1"}, "lines": {"1. Chờ lâu\n2. Phải đi lại\n- Chờ lâu\n"}})
		look.check(t, "a list that was pasted", http.StatusOK, []string{"<li>Chờ lâu</li>", "<li>Phải đi lại</li>"}, nil)
		if n := len(d.parts(why)); n != 0 {
			t.Fatalf("looking made %d choices", n)
		}
		d.sends("/sua", "do", "add", "kind", "choice", "in", why, "chon", why, "lines", "1. Chờ lâu\n2. Phải đi lại\n- Chờ lâu\n")
		for _, question := range []string{grid, why} {
			keys := d.parts(question)
			if len(keys) != 2 {
				t.Fatalf("%s has parts %v", question, keys)
			}
			for _, key := range keys {
				d.sets(key, "text", "en", "In English "+key)
			}
		}
		d.sends("/dieu-kien", "element", why, "chon", why, "about", overall, "in", "1", "in", "2")
		if page := d.page(why); !strings.Contains(page, "“Hài lòng không?” là “Rất không hài lòng”, “Không hài lòng”") {
			t.Errorf("the condition is not a sentence in\n%s", page)
		}
		if page := d.page(overall); strings.Contains(page, `<option value="`+why+`"`) && strings.Contains(page, `name="hoi"`) && strings.Contains(strings.SplitN(page, `name="hoi"`, 2)[1][:300], why) {
			t.Error("a condition may ask for a later question")
		}

		// What depends on a question is listed before it goes.
		d.post(d.client, d.draft+"/sua", url.Values{"base": {d.base()}, "remove": {overall}}).check(t, "removing what a condition asks for", http.StatusOK, []string{"Điều kiện của các câu sau dựa vào mục này", "Vì sao?"}, nil)
		d.sends("/sua", "remove", overall, "sure", "only")
		d.get(d.client, d.draft+"/phat-hanh?lang=vi").check(t, "a condition on what is gone", http.StatusOK, []string{"dựa vào câu hỏi đã bị bỏ", "/khao-sat/soan/1?chon=" + why + "&amp;view=sua#f-" + why + "-show"}, nil)
		d.sends("/hoan-tac")

		// Up over the heading is into the section before.
		d.sends("/sua", "up", why)
		order := func() (keys []string) {
			for _, m := range regexp.MustCompile(`<li id="row-(e\d+)"`).FindAllStringSubmatch(d.page("survey"), -1) {
				keys = append(keys, m[1])
			}
			return keys
		}
		if got := strings.Join(order(), " "); got != strings.Join([]string{first, overall, grid, why, second}, " ") {
			t.Errorf("after one up: %s", got)
		}
		d.sends("/sua", "down", why)
		d.sends("/sua", "down", why) // it is the last and stays
		if got := strings.Join(order(), " "); got != strings.Join([]string{first, overall, grid, second, why}, " ") {
			t.Errorf("after down: %s", got)
		}

		// Trying keeps nothing.
		before := h.responses()
		preview := d.get(d.client, d.draft+"/xem?lang=vi")
		preview.check(t, "the preview", http.StatusOK, []string{"Bản xem trước", "Từng mặt thế nào?", `action="` + d.draft + `/xem"`}, nil)
		if preview.header.Get("X-Frame-Options") != "SAMEORIGIN" || d.get(d.client, d.draft).header.Get("X-Frame-Options") != "DENY" {
			t.Error("who may show the preview, and the page, in a frame")
		}
		code := regexp.MustCompile(`name="a\.([a-z0-9]+)" value="5"`).FindStringSubmatch(preview.body)[1]
		answers := url.Values{"submission": {survey.NewID(h.clock.Now())}, "version": {"khao-sat-thu.0"}, "language": {"vi"}, "a." + code: {"1"}}
		d.post(d.client, d.draft+"/xem", answers).check(t, "an answer to try", http.StatusSeeOther, nil, nil)
		answers.Set("a."+code, "9")
		d.post(d.client, d.draft+"/xem", answers).check(t, "an answer that is none", http.StatusUnprocessableEntity, nil, nil)
		d.get(d.client, d.draft+"/mo-phong?lang=vi").check(t, "made-up citizens", http.StatusOK,
			[]string{"1.000 người", "từ 2 đến 3 câu", "<td role=\"cell\" class=\"num\" data-label=\"Ai cũng hài lòng\">100%</td>"}, []string{"Không ai có thể gặp"})
		if got := h.responses(); got != before {
			t.Errorf("trying kept %d answers", got-before)
		}

		ready := d.get(d.client, d.draft+"/phat-hanh?lang=vi")
		ready.check(t, "the page before publishing", http.StatusOK, []string{"Ban hành khao-sat-thu.1", "phiếu mới"}, nil)
		d.sends("/phat-hanh", "revision", d.base(), "over", "0")
		v := h.snapshot().Newest("khao-sat-thu")
		if v == nil || len(v.Definition.Sections) != 2 || len(v.Definition.Sections[0].Questions) != 2 || v.Definition.Sections[1].Questions[0].Show == nil {
			t.Fatalf("published is %+v", v)
		}
		d.get(d.client, "/khao-sat?lang=vi").check(t, "the list", http.StatusOK, []string{"khao-sat-thu.1", "Khảo sát thử"}, nil)

		// Another wording of what is scored breaks its trend, and the page says so.
		d.sets(overall, "text", "vi", "Có hài lòng không?")
		d.get(d.client, d.draft+"/phat-hanh?lang=vi").check(t, "the next version", http.StatusOK, []string{"không nối liền được", "<del>Hài lòng không?</del>", "<ins>Có hài lòng không?</ins>", "Ban hành khao-sat-thu.2"}, nil)
		d.get(d.client, d.draft+"/lich-su?lang=vi").check(t, "its history", http.StatusOK, []string{"Hoàn tác lần", "<ins>Có hài lòng không?</ins>"}, nil)
	})
}

// Whoever is second on a field is told both texts, and takes one; other fields merge.
func TestTwoPeopleOnOneField(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	d := h.designs(url.Values{"from": {"library"}, "survey": {"quay-nhanh"}})
	other := designer{h, h.signedIn(h.account(access.Designer, 0)), d.draft}
	seen := d.base()
	d.sets("survey", "title", "vi", "Của người thứ nhất")
	set := func(base, field, value string) reply {
		return h.post(other.client, d.draft+"/sua", url.Values{"base": {base}, "do": {"set"}, "element": {"survey"}, "field": {field}, "language": {"vi"}, "value": {value}, "chon": {"survey"}}, "Accept-Language", "vi")
	}
	met := set(seen, "title", "Của người thứ hai <b>")
	met.check(t, "the second on a field", http.StatusConflict, []string{"Của người thứ nhất", "Của người thứ hai &lt;b&gt;", "Dùng của tôi", "Giữ của người kia"}, nil)
	if got := set(seen, "intro", "Lời khác"); got.status != http.StatusSeeOther {
		t.Errorf("another field: %d", got.status)
	}
	mine := regexp.MustCompile(`(?s)data-resolves.*?name="base" value="(\d+)"`).FindStringSubmatch(met.body)[1]
	if got := set(mine, "title", "Của người thứ hai <b>"); got.status != http.StatusSeeOther {
		t.Errorf("taking mine: %d %s", got.status, got.body)
	}
	page := d.page("survey")
	if !strings.Contains(page, "Của người thứ hai &lt;b&gt;") || !strings.Contains(page, "Lời khác") {
		t.Error("what both made is not there")
	}
	h.post(d.client, d.draft+"/cat", url.Values{"archived": {"1"}}).check(t, "put away", http.StatusSeeOther, nil, nil)
	if got := set(mine, "title", "Nữa"); got.status != http.StatusConflict {
		t.Errorf("changing what is put away: %d", got.status)
	}
}
