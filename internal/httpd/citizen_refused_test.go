package httpd_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

func TestRefusedAnswersComeBack(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.client()
	for _, c := range []struct {
		name    string
		code    string
		change  url.Values
		want    []string
		notWant []string
	}{
		{"the one question is missing", codeLand, url.Values{"a.staff": {"2"}, "a.comment": {"Giữ <b>lại</b>"}, "a.reasons": {"online"}}, []string{
			`Hôm nay ông/bà có hài lòng với việc phục vụ tại đây không?</h1><span class="problem">Ông/bà chưa chọn mức hài lòng</span>`, `aria-required="true" autofocus>`, `name="a.staff" value="2" checked`,
			"Giữ &lt;b&gt;lại&lt;/b&gt;", `value="online" checked`, "<title>Chưa gửi được: ",
		}, []string{"<b>lại</b>", "#a-overall"}},
		{"out of scale", codeLand, url.Values{"a.overall": {"6"}}, []string{"Mức phải nằm trong khoảng 1-5."}, nil},
		{"no opinion where it is not offered", codeLand, url.Values{"a.overall": {"0"}}, []string{"“Không có ý kiến”"}, nil},
		{"not a level", codeLand, url.Values{"a.overall": {"5.0"}}, []string{"không đúng kiểu"}, nil},
		{"a choice of another question", codeLand, url.Values{"a.overall": {"5"}, "a.reasons": {"given"}}, []string{"Lựa chọn không có"}, nil},
		{"a choice twice", codeLand, url.Values{"a.overall": {"5"}, "a.reasons": {"place", "place"}}, []string{"gửi hai lần"}, nil},
		{"a thousand choices", codeLand, url.Values{"a.overall": {"5"}, "a.reasons": strings.Split(strings.Repeat("place,", 999)+"place", ",")}, []string{"tối đa 8 mục"}, nil},
		{"a comment that is too long", codeLand, url.Values{"a.overall": {"5"}, "a.comment": {strings.Repeat("ế", 1001)}}, []string{"tối đa 1000 ký tự", strings.Repeat("ế", 1001)}, nil},
		{"not UTF-8", codeLand, url.Values{"a.overall": {"5"}, "a.comment": {"\xff\xfe"}}, []string{"lỗi mã"}, nil},
		{"a lone surrogate", codeLand, url.Values{"a.overall": {"5"}, "a.comment": {"\xed\xa0\x80"}}, []string{"lỗi mã"}, nil},
		{"a field of another counter", codeDesk, url.Values{"a.overall": {"5"}, "field": {"y-te"}}, []string{`<a href="#a-field">“Hôm nay ông/bà đến làm việc gì?”: Quầy này`, "không phục vụ lĩnh vực"}, nil},
		{"an unknown key", codeLand, url.Values{"a.overall": {"5"}, `"><script>alert(1)</script>`: {"1"}}, []string{"không thuộc phiếu", "&lt;script&gt;alert(1)"}, []string{"<script>alert"}},
		{"a date of one's own", codeLand, url.Values{"a.overall": {"5"}, "created_at": {"2001-01-01"}}, []string{"created_at: Mục này do hệ thống tự ghi"}, nil},
		{"two headlines", codeLand, url.Values{"a.overall": {"5", "1"}}, []string{"xuất hiện hai lần"}, nil},
		{"another version", codeLand, url.Values{"a.overall": {"5"}, "version": {"quay-nhanh.2"}}, []string{"version: Phiên bản phiếu không có", `value="quay-nhanh.1"`}, nil},
		{"a version of another survey", codeLand, url.Values{"a.overall": {"5"}, "version": {"sipas.1"}}, []string{"Phiên bản phiếu không có"}, nil},
		{"a language without texts", codeLand, url.Values{"a.overall": {"5"}, "language": {"x\"><script>"}}, []string{"không có ngôn ngữ này"}, []string{"x\"><script>"}},
		{"no id", codeLand, url.Values{"a.overall": {"5"}, "submission": {""}}, []string{"phải là một UUID"}, nil},
		{"an id that is none", codeLand, url.Values{"a.overall": {"5"}, "submission": {"'; DROP TABLE responses--"}}, []string{"phải là một UUID"}, []string{"DROP TABLE"}},
		{"answers to a question that is not shown", codeSIPAS, url.Values{"a.gave-feedback": {"not-given"}, "a.feedback-easy": {"5"}, "a.staff-manner": {"4"}}, []string{
			`<a href="#a-gave-feedback">“Ông/bà hài lòng đến mức nào về cách gửi góp ý, phản ánh, kiến nghị?”: Câu này chỉ dành cho`, `name="a.staff-manner" value="4" checked`, `value="not-given" checked`,
		}, []string{`name="a.feedback-easy" value="5" checked`}},
	} {
		form := h.openForm(client, c.code)
		for key, values := range c.change {
			form[key] = values
		}
		r := h.post(client, "/q/"+c.code, form)
		r.check(t, c.name, http.StatusUnprocessableEntity, append(c.want, "Chưa gửi được", "Gửi đánh giá"), append(c.notWant, "ZgotmplZ"))
	}
	if got := h.responses(); got != 0 {
		t.Errorf("%d responses, want none", got)
	}
}

func TestConditionalQuestionsAreAnsweredWhenShown(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.client()
	h.get(client, "/q/"+codeSIPAS).check(t, "form", http.StatusOK, []string{
		"<h1>Khảo sát mức độ hài lòng", "Tiếp cận dịch vụ", `value="given" data-opens="1"`, `data-if="1"`, "Không có ý kiến",
	}, []string{`data-if="2"`})
	form := h.openForm(client, codeSIPAS)
	form.Set("a.gave-feedback", "given")
	form.Set("a.feedback-easy", "5")
	h.post(client, "/q/"+codeSIPAS, form).check(t, "sent", http.StatusSeeOther, nil, nil)
}

func TestBodiesThatAreNoForm(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	const formType = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, body string
		headers    []string
		status     int
	}{
		{"JSON", `{"overall":5}`, []string{"Content-Type", "application/json"}, http.StatusUnsupportedMediaType},
		{"no type", "a.overall=5", nil, http.StatusUnsupportedMediaType},
		{"multipart", "--x--", []string{"Content-Type", "multipart/form-data; boundary=x"}, http.StatusUnsupportedMediaType},
		{"compressed", "\x1f\x8b", []string{"Content-Type", formType, "Content-Encoding", "gzip"}, http.StatusUnsupportedMediaType},
		{"broken escape", "a.overall=%zz", []string{"Content-Type", formType}, http.StatusBadRequest},
		{"semicolons", "a.overall=5;a.staff=5", []string{"Content-Type", formType}, http.StatusBadRequest},
		{"a megabyte", "a.comment=" + strings.Repeat("a", 1<<20), []string{"Content-Type", formType}, http.StatusRequestEntityTooLarge},
		{"nothing", "", []string{"Content-Type", formType}, http.StatusUnprocessableEntity},
		{"from another site", "a.overall=5", []string{"Content-Type", formType, "Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"from another origin", "a.overall=5", []string{"Content-Type", formType, "Origin", "https://evil.example"}, http.StatusForbidden},
	} {
		// The script gets its answer in JSON: the page of an error is another
		// matter, and somebody else's.
		headers := append([]string{"Accept", "application/json"}, c.headers...)
		if r := h.post(h.client(), "/q/"+codeLand, c.body, headers...); r.status != c.status {
			t.Errorf("%s: status %d, want %d\n%s", c.name, r.status, c.status, r.body)
		}
	}
	// Answers in the address are no answers.
	if r := h.post(h.client(), "/q/"+codeLand+"?a.overall=5", url.Values{}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("answers in the address: status %d", r.status)
	}
}

func TestHostileNamesStayText(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		payloads := []string{
			`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`, `javascript:alert(1)`,
			`{{7*7}}`, `${7*7}`, `{point}{agency}`, `' onfocus='alert(1)`, `</textarea><script>alert(1)</script>`, "a\u202eb",
		}
		all := strings.Join(payloads[:9], " ")
		office, err := st.AddAgency(context.Background(), agency.Agency{Code: "xss", Name: agency.Text{"vi": all}, Kind: agency.KindDepartment})
		if err != nil {
			t.Fatal(err)
		}
		text := agency.Text{"vi": all}
		choices := []survey.Choice{{Key: "a", Text: text}, {Key: "b", Text: text}}
		definition := survey.Definition{
			Key: "hostile", Languages: []string{"vi"}, Title: text, Intro: text, Method: "pooled",
			Sections: []survey.Section{{Key: "one", Title: text, Questions: []survey.Question{
				{Key: "scale", Type: survey.TypeScale, Text: text, Required: true}, {Key: "single", Type: survey.TypeSingle, Text: text, Choices: choices},
				{Key: "multi", Type: survey.TypeMulti, Text: text, Choices: choices, MaxChoices: 1}, {Key: "text", Type: survey.TypeText, Text: text},
			}}},
		}
		if _, err := st.PublishVersion(context.Background(), definition, h.clock.Now()); err != nil {
			t.Fatal(err)
		}
		point, err := st.AddServicePoint(context.Background(), agency.ServicePoint{
			AgencyID: office.ID, Name: text, Place: all, SurveyKey: "hostile", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(time.Minute)
		path := "/q/" + string(point.Code)
		form := h.openForm(h.client(), string(point.Code))
		form.Set("a.text", all)
		notWant := []string{"<script>alert", "<img src=x", "<svg/onload", `' onfocus='`, "</textarea><script", "ZgotmplZ"}
		want := []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "{{7*7}}", "${7*7}", "{point}{agency}"}
		h.get(h.client(), path).check(t, "form", http.StatusOK, want, notWant)
		h.post(h.client(), path, form).check(t, "refused", http.StatusUnprocessableEntity, want, notWant)
		h.get(h.client(), path+"/xong/7K3MQ9TD").check(t, "thanks", http.StatusOK, want[:1], notWant)
	})
}
