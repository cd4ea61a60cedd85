package httpd_test

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// counterOf publishes a survey of the library and gives a counter that asks it: of
// the hospital, or where it is about procedures of the department.
func (h *harness) counterOf(d survey.Definition) (agency.ServicePoint, *survey.Version) {
	h.t.Helper()
	v, err := h.st.PublishVersion(h.t.Context(), d, h.clock.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	of, field := h.construction, "xay-dung"
	if public := []string{"y-te-noi-tru", "y-te-ngoai-tru", "tram-y-te", "giao-duc", "giao-duc-gia-dinh"}; slices.Contains(public, d.Key) {
		of, field = h.hospital, "y-te"
	}
	point, err := h.st.AddServicePoint(h.t.Context(), agency.ServicePoint{
		AgencyID: of.ID, Name: d.Title, SurveyKey: d.Key, Channel: agency.ChannelOnline, FieldKeys: []string{field}, Active: true,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.st.AddIndicator(h.t.Context(), target.Indicator{Kind: target.IndicatorField, FieldKey: field, SurveyKey: d.Key}); err != nil {
		h.t.Fatal(err)
	}
	h.clock.Advance(time.Minute)
	return point, v
}

// answersOf are answers to all that a survey asks, of somebody who is content or not.
func answersOf(v *survey.Version, content bool) map[string]survey.Value {
	answers := map[string]survey.Value{}
	for _, p := range v.Parts() {
		switch q := p.Question; {
		case p.Reserved:
		case p.Scale && content:
			answers[p.Key()] = survey.Value{Kind: survey.ValueLevel, Level: 4}
		case p.Scale:
			answers[p.Key()] = survey.Value{Kind: survey.ValueLevel, Level: 2}
		case q.Type == "number":
			answers[p.Key()] = survey.Value{Kind: survey.ValueLevel, Level: 120} // above what was expected
		case q.Shape().Several:
			answers[p.Key()] = survey.Value{Kind: survey.ValueChoices, Choices: []string{q.Choices[0].Key}}
		case q.Pointed() && !content:
			answers[p.Key()] = survey.Value{Kind: survey.ValueText, Text: q.Choices[len(q.Choices)-1].Key}
		case len(q.Choices) > 0:
			answers[p.Key()] = survey.Value{Kind: survey.ValueText, Text: q.Choices[0].Key}
		}
	}
	return answers
}

// fill puts answers into the fields of a form.
func fill(form url.Values, answers map[string]survey.Value) {
	for address, value := range answers {
		switch value.Kind {
		case survey.ValueLevel:
			form.Set("a."+address, strconv.Itoa(value.Level))
		case survey.ValueText:
			form.Set("a."+address, value.Text)
		case survey.ValueChoices:
			form["a."+address] = value.Choices
		}
	}
}

// TestLibraryIsAnswered: the form of every survey of the library says all of it in
// both languages and takes an answer to all of it; of four who are content and one
// who is not its index is made as its method says, and of nothing but the levels
// or points.
func TestLibraryIsAnswered(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	library, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	sent := int64(0)
	for _, d := range library {
		point, v := h.counterOf(d)
		code := string(point.Code)
		for _, language := range d.Languages {
			page := h.get(h.client(), "/q/"+code+"?lang="+language)
			page.check(t, d.Key, http.StatusOK, []string{`<html lang="` + language + `">`}, []string{"Quyết định", "unverified"})
			said := page.body
			for screen := page.body; strings.Contains(screen, `name="turn" value="on"`); said += screen { // the rest of a long one
				form := filled(screen)
				fill(form, answersOf(v, true))
				form.Set("turn", "on")
				next := h.post(h.client(), "/q/"+code, form)
				next.check(t, d.Key, http.StatusOK, []string{`<html lang="` + language + `">`}, []string{"Quyết định", "unverified"})
				screen = next.body
			}
			for _, q := range v.Questions() {
				texts := []agency.Text{q.Text}
				for _, c := range q.Choices {
					texts = append(texts, c.Text)
				}
				for _, text := range texts {
					if !strings.Contains(said, html.EscapeString(text[language])) {
						t.Errorf("%s: the page does not say %q", d.Key, text[language])
					}
				}
			}
		}
		form := h.openForm(h.client(), code)
		fill(form, answersOf(v, true))
		form.Set("a.comment", "Không có gì thêm.")
		h.post(h.client(), "/q/"+code, form).check(t, d.Key, http.StatusSeeOther, nil, nil)
		for i := range 4 {
			submission := survey.Submission{ID: h.newKey(), Version: v.Name(), Language: "vi", Answers: answersOf(v, i > 0)}
			if _, err := h.deps.Intake.SubmitAt(t.Context(), code, submission, h.clock.Now()); err != nil {
				t.Fatalf("%s: %v", d.Key, err)
			}
		}
		sent += 5
	}
	again, err := h.st.Recount(t.Context(), false, nil)
	if err != nil || again.Drift != 0 || again.Responses != sent {
		t.Errorf("recount: %+v, %v; %d were sent", again, err, sent)
	}
	var board struct {
		Rows []struct {
			Survey  string
			N       int64
			Percent *float64
			Display *string
		}
	}
	figures := h.get(h.http.Client(), "/api/v1/board?year=2025", h.token(access.Administrator, 0)...)
	if err := json.Unmarshal([]byte(figures.body), &board); err != nil {
		t.Fatalf("%v: %s", err, figures.body)
	}
	for _, d := range library {
		found := false
		for _, row := range board.Rows {
			if row.Survey != d.Key || row.N == 0 {
				continue
			}
			found = true
			// Four of five are satisfied with each thing; four times 2 points and
			// once 0 are 1.6 of each criterion.
			switch {
			case d.Method == "points-210" && (row.Display == nil || *row.Display != "6,4"), row.N != 5:
				t.Errorf("%s: %s", d.Key, figures.body)
			case d.Method != "points-210" && (row.Percent == nil || math.Abs(*row.Percent-80) > 1e-9):
				t.Errorf("%s: %s", d.Key, figures.body)
			}
		}
		if !found {
			t.Errorf("%s has no row: %s", d.Key, figures.body)
		}
	}
}

// TestLongestSurveyOnAPhone: the survey with the most questions suits a narrow
// phone, in large letters too, and is sent from it.
func TestLongestSurveyOnAPhone(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	library, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	longest := slices.MaxFunc(library, func(a, b survey.Definition) int {
		return len(survey.NewVersion(0, 1, time.Time{}, a).Parts()) - len(survey.NewVersion(0, 1, time.Time{}, b).Parts())
	})
	point, v := h.counterOf(longest)
	for _, view := range []testkit.View{{Width: 320, Height: 640, Touch: true}, testkit.Phone} {
		b := openTab(t, view, h.url+"/q/"+string(point.Code)+"?lang=vi")
		for screen := 1; ; screen++ { // it is too long for one
			for address, value := range answersOf(v, true) {
				switch {
				case !ask[bool](b, fmt.Sprintf(`!!document.querySelector('form [name="a.%s"]:not([hidden], [type=hidden])')`, address)):
				case value.Kind == survey.ValueText:
					b.click(level(address, value.Text))
				case address != "expectation":
					b.click(level(address, strconv.Itoa(value.Level)))
				default:
					ask[bool](b, fmt.Sprintf(`(document.querySelector('[name="a.%s"]').value = "%d") !== ""`, address, value.Level))
				}
			}
			for _, found := range testkit.Axe(t, b.ctx) {
				t.Errorf("%s: %s", longest.Key, found)
			}
			if pictures := os.Getenv("SIPAS_SCREENSHOTS"); pictures != "" {
				b.picture(filepath.Join(pictures, fmt.Sprintf("library-%d-%d.png", view.Width, screen)))
			}
			for _, size := range []string{"32px", "16px"} {
				ask[bool](b, `(document.documentElement.style.fontSize = "`+size+`") !== ""`)
				if wide := ask[[]string](b, fmt.Sprintf(tooWide, view.Width)); len(wide) > 0 {
					t.Errorf("%s in letters of %s: not wholly on the screen: %q", longest.Key, size, wide)
				}
			}
			if !ask[bool](b, `!!document.querySelector("[name=turn][value=on]")`) {
				break
			}
			b.click("[name=turn][value=on]")
			b.arrives(strconv.Itoa(screen+1), "")
		}
		b.click(sendButton)
		b.await(thanksPage)
	}
	if n := h.responses(); n != 2 {
		t.Errorf("%d responses, want 2", n)
	}
}
