package httpd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// TestHostileNamesAreText: what administrators typed or imported cannot become
// markup, in texts, attributes, charts, addresses or file names.
func TestHostileNamesAreText(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		const name = `"><img src=x onerror=alert(1)></title><script>alert(2)</script>`
		evil, err := st.AddAgency(context.Background(), agency.Agency{
			ParentID: h.province.ID, Code: `x"><b>&year=1`, Kind: agency.KindDepartment, Name: agency.Text{"vi": name, "en": name},
		})
		if err != nil {
			t.Fatal(err)
		}
		h.points["EVVKHA23"], err = st.AddServicePoint(context.Background(), agency.ServicePoint{
			Code: "EVVKHA23", AgencyID: evil.ID, Name: agency.Text{"vi": name, "en": name}, Place: name, SurveyKey: "quay-nhanh",
			Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		h.aim(name, "dat-dai", 8500, name)
		h.crowds(crowd{"EVVKHA23", "dat-dai", "2025-02-03", 40, 10})
		client := h.signedIn(h.account(access.Administrator, 0))
		if r := h.post(client, "/bang/cong-bo", url.Values{"year": {"2025"}, "period": {"Y"}}); r.status != http.StatusSeeOther {
			t.Fatalf("publish: %d", r.status)
		}
		for _, path := range []string{
			"/bang?year=2025", "/bang?year=2025&agency=" + url.QueryEscape(evil.Code), "/quay", "/cong-khai", "/bang/cong-bo?year=2025&period=Y",
		} {
			h.get(client, path).check(t, path, http.StatusOK, nil, []string{"<img src=x", "<script>alert", "<b>&year"})
		}
		pdf := h.get(client, "/quay/poster.pdf?agency="+url.QueryEscape(evil.Code))
		pdf.check(t, "poster", http.StatusOK, []string{"%PDF-"}, nil)
		if got, want := pdf.header.Get("Content-Disposition"), `inline; filename="ma-qr-x-b-year-1-A4.pdf"`; got != want {
			t.Errorf("file name %q, want %q", got, want)
		}
	})
}

// hostileText is markup that would run, for a place and as an attribute.
func hostileText(place string) string {
	return `"><img src=x onerror="document.title='hit'"><script>document.title='hit'</script>` + place
}

// hostileSurvey makes every text of the quick survey hostile, as its second
// version, and a whole year of people answer it.
func (h *harness) hostileSurvey() {
	h.t.Helper()
	definitions, err := surveys.BuiltIn()
	if err != nil {
		h.t.Fatal(err)
	}
	d := definitions[slices.IndexFunc(definitions, func(d survey.Definition) bool { return d.Key == "quay-nhanh" })]
	evil := func(place string) agency.Text {
		return agency.Text{"vi": hostileText(place), "en": hostileText(place + "-en")}
	}
	d.Title, d.Intro = evil("title"), evil("intro")
	for i := range d.Sections {
		d.Sections[i].Title, d.Sections[i].Stem = evil("section"), evil("stem")
		for j := range d.Sections[i].Questions {
			q := &d.Sections[i].Questions[j]
			if q.NoOpinion {
				q.NoOpinionText = evil("none-" + q.Key)
			}
			q.Text, q.Short = evil("question-"+q.Key), evil("short-"+q.Key)
			for k := range q.Choices {
				q.Choices[k].Text, q.Choices[k].Note = evil("choice-"+q.Choices[k].Key), evil("note-"+q.Choices[k].Key)
			}
		}
	}
	if _, err := h.st.PublishVersion(context.Background(), d, h.clock.Now()); err != nil {
		h.t.Fatal(err)
	}
	h.year2025()
}

// TestHostileAccountsAndSurveysAreText: the name of who signed in and published,
// and every text of a survey, are text on each page and in each document.
func TestHostileAccountsAndSurveysAreText(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.hostileSurvey()
	if _, err := h.deps.Auth.AddUser(t.Context(), testkit.Author(), auth.NewUser{
		Login: "ke-xau", Name: hostileText("user"), Password: goodPassword, Role: access.Administrator,
	}); err != nil {
		t.Fatal(err)
	}
	client, nobody := h.signedIn("ke-xau"), h.client()
	if r := h.post(client, "/bang/cong-bo", url.Values{"year": {"2025"}, "period": {"Y"}}); r.status != http.StatusSeeOther {
		t.Fatalf("publish: %d", r.status)
	}
	b := tab{t, testkit.Browser(t, testkit.Desktop)}
	b.do(h.withCookie(client))
	for _, page := range []struct {
		path   string
		places []string // whose texts stand there
	}{
		{"/?lang=vi", []string{"user"}},
		{"/bang?year=2025&open=1&lang=vi", []string{"user", "title", "short-result", "choice-waiting"}},
		{"/bang?year=2025&open=1&lang=en", []string{"user", "title-en", "short-result-en", "choice-waiting-en"}},
		{"/bang?year=2025&agency=so-tnmt&lang=vi", []string{"user", "title"}},
		{"/quay?lang=vi", []string{"user"}},
		{"/cong-khai?lang=vi", []string{"user", "title", "short-result"}},
		{"/bang/cong-bo?year=2025&period=Y&lang=vi", []string{"user"}},
		{"/bang/thu-hoi?id=1&lang=vi", []string{"user"}},
		{"/q/" + codeLand + "?lang=vi", []string{"intro", "stem", "question-overall", "question-comment", "choice-waiting", "note-waiting", "none-result"}},
	} {
		var want []string
		for _, place := range page.places {
			want = append(want, template.HTMLEscapeString(hostileText(place)))
		}
		h.get(client, page.path).check(t, page.path, http.StatusOK, want, []string{"<img src=x", "<script>", `onerror="`, "ZgotmplZ"})
		b.do(chromedp.Navigate(h.url + page.path))
		if made := ask[[]string](b, `[...document.querySelectorAll("[onerror], script:not([src]), img[src=x]")].map(e => e.outerHTML)`); len(made) > 0 {
			t.Errorf("%s: text became %q", page.path, made)
		}
		if ask[string](b, `document.title`) == "hit" {
			t.Errorf("%s: text was run", page.path)
		}
	}
	h.get(client, "/bang?year=2025&lang=vi").section(`class="card publish"`, "</section>").check(t, "published by", http.StatusOK,
		[]string{template.HTMLEscapeString(hostileText("user"))}, nil)
	form := h.openForm(nobody, codeLand)
	form.Set("a.overall", "6")
	h.post(nobody, "/q/"+codeLand, form).check(t, "refused", http.StatusUnprocessableEntity,
		[]string{`<a href="#a-overall">“` + template.HTMLEscapeString(hostileText("question-overall")) + "”: "}, []string{"<img src=x", "<script>"})
	for path, place := range map[string]string{
		"/api/v1/published": "title", "/api/v1/service-points/" + codeLand + "/form": "question-overall",
	} {
		r := h.get(nobody, path)
		// Whoever takes it for a page finds no markup, whoever reads it finds the text.
		r.check(t, path, http.StatusOK, nil, []string{"<", ">"})
		if kind := r.header.Get("Content-Type"); kind != "application/json; charset=utf-8" || r.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s, %s", path, kind, r.header.Get("X-Content-Type-Options"))
		}
		var said any
		if err := json.Unmarshal([]byte(r.body), &said); err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(said); !strings.Contains(text, hostileText(place)) || strings.Contains(text, hostileText("user")) {
			t.Errorf("%s: %s", path, text)
		}
	}
}
