package httpd_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// shownTexts are the texts of a page in its language, by place.
func shownTexts(body string) (places []string, texts map[string]string, base string) {
	texts = map[string]string{}
	for _, m := range regexp.MustCompile(`(?s)name="muc" value="([^"]+)".*?<textarea[^>]*>([^<]*)</textarea>`).FindAllStringSubmatch(body, -1) {
		places = append(places, m[1])
		texts[m[1]] = html.UnescapeString(m[2])
	}
	if m := regexp.MustCompile(`name="base" value="(\d+)"`).FindStringSubmatch(body); m != nil {
		base = m[1]
	}
	return places, texts, base
}

// A survey is translated into Khmer by plain forms: what is missing and what became stale
// is counted and found, half a translation keeps nothing from being published, and what is
// published in the end speaks Khmer.
func TestASurveyIsTranslated(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		d := h.designs(url.Values{"from": {"version"}, "survey": {"quay-nhanh"}})
		list := d.draft + "/ngon-ngu"
		page := func(address string) string {
			t.Helper()
			separator := "?"
			if strings.Contains(address, "?") {
				separator = "&"
			}
			r := d.get(d.client, address+separator+"lang=vi")
			r.check(t, address, http.StatusOK, nil, []string{"ZgotmplZ"})
			return r.body
		}
		d.get(d.client, list+"?chon=km").check(t, "Khmer is chosen", http.StatusSeeOther, nil, nil)
		d.get(d.client, list+"?khac=tiếng&lang=vi").check(t, "no language", http.StatusUnprocessableEntity, []string{"không phải là mã của một ngôn ngữ"}, nil)
		for _, none := range []string{"vi", "Khmer", "k", "km!"} {
			d.get(d.client, list+"/"+none).check(t, "the page of "+none, http.StatusNotFound, nil, nil)
		}
		khmer := list + "/km"
		places, texts, base := shownTexts(page(khmer))
		if len(places) < 20 || base != "0" || strings.Join(values(texts), "") != "" {
			t.Fatalf("%d texts at %s: %v", len(places), base, texts)
		}
		all := strconv.Itoa(len(places))
		if body := page(khmer); !strings.Contains(body, "Xong 0 trên "+all) || !strings.Contains(body, "còn thiếu "+all) {
			t.Errorf("nothing of %s is translated, and the page says %s", all, regexp.MustCompile(`<p id="tien-do">.*`).FindString(body))
		}
		keep := func(base string, fits []string, pairs ...string) reply {
			t.Helper()
			form := url.Values{"base": {base}, "dung": fits}
			for i := 0; i+1 < len(pairs); i += 2 {
				form.Add("muc", pairs[i])
				form.Add("loi", pairs[i+1])
			}
			return d.post(d.client, khmer, form)
		}
		kept := func(base string, fits []string, pairs ...string) {
			t.Helper()
			keep(base, fits, pairs...).check(t, strings.Join(pairs, " "), http.StatusSeeOther, nil, nil)
		}
		kept("0", nil, places[0], " ចំណងជើង\r\n", places[1], "ពីរ", places[2], "")
		kept("1", nil, places[0], "ចំណងជើង", places[1], "ពីរ") // sent once more: nothing to keep
		if _, texts, base := shownTexts(page(khmer)); base != "1" || texts[places[0]] != "ចំណងជើង" || texts[places[1]] != "ពីរ" {
			t.Errorf("at %s: %q %q", base, texts[places[0]], texts[places[1]])
		}
		if rest, _, _ := shownTexts(page(khmer + "?loc=can-lam")); len(rest) != len(places)-2 {
			t.Errorf("%d of %d are pending", len(rest), len(places))
		}
		d.get(d.client, d.draft+"/lich-su?lang=vi").check(t, "the history", http.StatusOK, []string{"<ins>ពីរ</ins>"}, nil)

		// Half a translation keeps nothing from being published; in the survey it does, and
		// the problems lead to the page.
		ready := `name="revision"`
		d.get(d.client, d.draft+"/phat-hanh").check(t, "half translated", http.StatusOK, []string{ready}, nil)
		d.post(d.client, list, url.Values{"base": {"1"}, "language": {"km"}, "do": {"offer"}}).check(t, "into the survey", http.StatusSeeOther, nil, nil)
		d.get(d.client, d.draft+"/phat-hanh?lang=vi").check(t, "half in the survey", http.StatusOK, []string{`href="` + khmer + `?loc=can-lam"`, "Còn thiếu "}, []string{ready})
		preview := d.get(d.client, d.draft+"/xem?lang=km")
		preview.check(t, "the preview falls back", http.StatusOK, []string{`lang="km"`, "ចំណងជើង"}, nil)
		d.post(d.client, list, url.Values{"base": {"0"}, "language": {"km"}, "do": {"leave"}}).check(t, "not seen that it is in", http.StatusConflict, nil, nil)

		// A Vietnamese text that changes makes its translation stale, until somebody says
		// that it fits or writes another.
		element, field, _ := strings.Cut(places[1], ".")
		d.sets(element, field, "vi", "Một câu khác hẳn")
		body := page(khmer + "?loc=can-lam")
		if pending, _, _ := shownTexts(body); len(pending) != len(places)-1 || !strings.Contains(body, "Dịch từ câu cũ") || !strings.Contains(body, "đã cũ 1") {
			t.Errorf("%d of %d are pending after a source has changed", len(pending), len(places))
		}
		kept("3", []string{places[1]}, places[1], "ពីរ")
		if pending, _, _ := shownTexts(page(khmer + "?loc=can-lam")); len(pending) != len(places)-2 {
			t.Errorf("%d are pending after somebody said that it fits", len(pending))
		}
		d.get(d.client, d.draft+"/lich-su?lang=vi").check(t, "the history", http.StatusOK, []string{"xác nhận bản dịch vẫn đúng"}, nil)

		// Two on one page: of what both changed, the second sees both and loses nothing.
		other := h.signedIn(h.account(access.Designer, 0))
		h.post(other, khmer, url.Values{"base": {"4"}, "muc": {places[2], places[3]}, "loi": {"របស់គេ", "បួន"}}).check(t, "somebody else", http.StatusSeeOther, nil, nil)
		both := keep("4", nil, places[2], "របស់ខ្ញុំ", places[3], "", places[4], "ប្រាំ")
		both.check(t, "both changed it", http.StatusConflict, []string{"របស់គេ", ">របស់ខ្ញុំ<", ">ប្រាំ<"}, nil)
		if again, _, base := shownTexts(both.body); base != "5" || len(again) != 3 {
			t.Errorf("%v at %s", again, base)
		}
		if _, texts, _ := shownTexts(page(khmer)); texts[places[2]] != "របស់គេ" || texts[places[3]] != "បួន" || texts[places[4]] != "" {
			t.Errorf("kept with a conflict: %v", texts)
		}
		kept("5", nil, places[2], "របស់ខ្ញុំ", places[3], "បួន", places[4], "ប្រាំ")

		// Forms that no page makes.
		for name, form := range map[string]url.Values{
			"no text": {"base": {"6"}, "muc": {places[0]}}, "no place": {"base": {"6"}, "muc": {"survey"}, "loi": {"x"}}, "no element": {"base": {"6"}, "muc": {"e999.text"}, "loi": {"x"}},
			"no field": {"base": {"6"}, "muc": {"survey.code"}, "loi": {"x"}}, "a revision to come": {"base": {"-1"}, "muc": {places[0]}, "loi": {"x"}},
		} {
			if r := d.post(d.client, khmer, form); r.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", name, r.status)
			}
		}

		// The rest, and it is published.
		places, texts, base = shownTexts(page(khmer))
		var rest []string
		for i, at := range places {
			if texts[at] == "" {
				rest = append(rest, at, "ខ្មែរ "+strconv.Itoa(i))
			}
		}
		kept(base, nil, rest...)
		if body := page(khmer + "?loc=can-lam"); !strings.Contains(body, "Không còn gì thiếu hay đã cũ") {
			t.Error("something is pending")
		}
		d.sends("/phat-hanh", "revision", d.base(), "over", "1")
		if v := h.snapshot().Newest("quay-nhanh"); v.Definition.Title["km"] != "ចំណងជើង" || v.Definition.Sections[0].Questions[0].Text["km"] == "" {
			t.Errorf("published is %+v", v.Definition)
		}
		d.post(d.client, d.draft+"/cat", url.Values{"archived": {"1"}})
		d.get(d.client, khmer).check(t, "archived", http.StatusOK, []string{"readonly"}, []string{`<p class="keep-row">`})
		keep("7", nil, places[0], "x").check(t, "archived", http.StatusConflict, []string{">x</textarea>"}, nil)
	})
}

func values(of map[string]string) (list []string) {
	for _, v := range of {
		list = append(list, v)
	}
	return list
}
