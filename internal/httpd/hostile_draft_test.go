package httpd_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/exchange"
	drafted "sipas/internal/exchange/draft"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// hostileTexts are what would run or be taken for something else somewhere: markup,
// templates, formulas, other formats; and what must come through as it is.
func hostileTexts() []string {
	return []string{
		`"><img src=x onerror="document.title='hit'">`, `<script>document.title='hit'</script>`, `<svg/onload=document.title='hit'>`, `javascript:document.title='hit'//`,
		`=HYPERLINK("http://evil.example","x")`, `=cmd|' /C calc'!A0`, "@SUM(1+1)", "+84912345678", "-5", `"; DROP TABLE drafts; --`,
		"a: b\n- c: &x *y !!python/object !<tag> # |", "]]></labl></codeBook><x>", "'.\nEXECUTE.\n* HOST COMMAND=['calc'].", "`code` ‘’ “” `", "https://evil.example/\u0301\u1ea1 Hà Nội",
		"{{7*191}}${7*191}{INSERTANS:1X1X1}", "%s%n%!d(x)", "</textarea></title></iframe><base href=//evil.example>",
	}
}

// armed sets every text of every element of a draft to something hostile, in every
// language, and gives all of it.
func (h *harness) armed(id int64) (texts []string) {
	h.t.Helper()
	ctx, by := h.t.Context(), studio.Author{Name: hostileText("author")}
	all := hostileTexts()
	d, _, err := h.deps.Studio.Draft(ctx, id, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	elements := []*studio.Element{d.Element(studio.Whole)}
	for _, e := range d.Outline() {
		elements = append(elements, e)
		elements = append(append(elements, d.Choices(e.Key)...), d.Rows(e.Key)...)
	}
	elements = append(elements, d.Remarks()...)
	for _, e := range elements {
		uses := survey.Uses(survey.QuestionType(e.Fields["type"]))
		for _, f := range studio.FieldsOf(e.Kind) {
			switch {
			case !f.Spoken(), f.Name == "no_opinion_text" && e.Fields["no_opinion"] != "true", f.Name == "unit" && !slices.Contains(uses, "unit"),
				f.Name == "short" && slices.Contains([]string{"comment", "field", "procedure"}, e.Fields["type"]): // which figures never name
				continue
			}
			for _, language := range []string{"vi", "en"} {
				text := fmt.Sprintf("%s #%d %s", all[len(texts)%len(all)], len(texts), language)
				if f.Name == "note" {
					text = strings.NewReplacer("{", "(", "}", ")").Replace(text) // in braces stands the hotline
				}
				texts = append(texts, text)
				if _, err := h.deps.Studio.Operate(ctx, id, by, studio.Operation{Base: d.Revision + len(texts) - 1, Do: studio.DoSet, Element: e.Key, Field: f.Name, Language: language, Value: text}); err != nil {
					h.t.Fatalf("%s %s: %v", e.Key, f.Name, err)
				}
			}
		}
	}
	return texts
}

// inert reads a page as a browser does: nothing in it runs that the product did not put
// there, no address leads elsewhere, and no template was filled. It gives what the page says.
func inert(t testing.TB, where, page string) string {
	t.Helper()
	in := html.NewTokenizer(strings.NewReader(page))
	said := ""
	for {
		switch in.Next() {
		case html.ErrorToken:
			if errors.Is(in.Err(), io.EOF) {
				if strings.Contains(page, "1337") || strings.Contains(page, "ZgotmplZ") {
					t.Errorf("%s: a template was filled", where)
				}
				return said
			}
			t.Fatalf("%s: %v", where, in.Err())
		case html.TextToken:
			said += in.Token().Data + "\n"
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := in.Token()
			source := false
			for _, a := range tag.Attr {
				value := strings.ToLower(strings.TrimSpace(a.Val))
				said += a.Val + "\n"
				source = source || a.Key == "src" && strings.HasPrefix(value, "/")
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc",
					(a.Key == "href" || a.Key == "src" || a.Key == "action") && (strings.HasPrefix(value, "javascript:") || strings.Contains(value, "evil.example")):
					t.Errorf("%s: %s", where, tag)
				}
			}
			if tag.Data == "base" || tag.Data == "img" && !source || tag.Data == "script" && !source {
				t.Errorf("%s: %s", where, tag)
			}
		}
	}
}

// plain is a text as pages, which may break lines anywhere, are compared with.
func plain(text string) string { return strings.Join(strings.Fields(text), " ") }

// Every text of a draft is hostile, and so are who wrote it, the campaign that asks it and
// the file that it comes back as: each page and document says it, and nothing runs, is
// computed or is lost (BAD_INPUTS 1 to 5, 14 and 15 of the designer and of what reads and
// writes files).
func TestHostileDraftsAreText(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	def := testkit.EveryKind(t)
	def.Source, def.Intro, def.Unverified = agency.Text{"vi": "a", "en": "a"}, agency.Text{"vi": "a", "en": "a"}, []agency.Text{{"vi": "a", "en": "a"}}
	info, err := h.deps.Studio.Create(t.Context(), testkit.Author(), studio.Origin{Definition: def})
	if err != nil {
		t.Fatal(err)
	}
	texts := h.armed(info.ID)
	if len(texts) < 100 {
		t.Fatalf("only %d texts", len(texts))
	}
	d, _, err := h.deps.Studio.Draft(t.Context(), info.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	client := h.signedIn(h.account(access.Administrator, 0))
	path := fmt.Sprintf("/khao-sat/soan/%d", info.ID)
	everywhere := ""
	page := func(where, address string) string {
		r := h.get(client, address)
		if r.status != http.StatusOK {
			t.Fatalf("%s: %d", where, r.status)
		}
		said := plain(inert(t, where, r.body))
		everywhere += said
		return said
	}
	for _, e := range append(d.Outline(), d.Element(studio.Whole)) {
		for _, one := range slices.Concat([]*studio.Element{e}, d.Choices(e.Key), d.Rows(e.Key)) {
			page("editor of "+string(one.Key), path+"?lang=en&chon="+string(one.Key))
		}
	}
	for _, text := range texts {
		if !strings.Contains(everywhere, plain(text)) {
			t.Errorf("no editor shows %q", text)
		}
	}
	for _, language := range []string{"vi", "en"} {
		page("preview", path+"/xem?lang="+language)
		page("tried", path+"/xem?gui=1&lang="+language)
	}
	if said := page("history", path+"/lich-su?lang=vi"); !strings.Contains(said, hostileText("author")) {
		t.Error("the history does not say who wrote it")
	}
	page("publishing", path+"/phat-hanh?lang=vi")
	page("downloads of the draft", path+"/tai?lang=vi")
	page("languages", path+"/ngon-ngu?lang=vi")
	page("translation", path+"/ngon-ngu/en?lang=vi")
	h.post(client, path+"/phat-hanh", url.Values{"revision": {fmt.Sprint(d.Revision)}, "over": {"0"}}).check(t, "publish", http.StatusSeeOther, nil, nil)
	v := h.snapshot().Newest(def.Key)
	if v == nil || v.Definition.Title["vi"] == def.Title["vi"] {
		t.Fatalf("published %+v", v)
	}

	// What asks it, prints it, and is typed in.
	batch := h.asking(v.Definition, 1, false)
	snap := h.snapshot()
	point, _ := snap.PointByID(batch.PointID)
	campaign := h.planned("2025-12-31", def.Key, string(point.Code))
	campaign.Name = agency.Text{"vi": hostileText("campaign"), "en": hostileText("campaign-en")}
	if _, err := h.st.KeepCampaign(t.Context(), campaign, "2025-11-20"); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"/khao-sat?lang=vi", "/khao-sat/tai?survey=every-kind&lang=en", "/q/" + string(point.Code) + "?lang=vi", "/q/" + string(point.Code) + "?lang=en", "/quay/" + string(point.Code) + "?lang=vi",
		"/quay/" + string(point.Code) + "/phieu?lang=vi", "/khao-sat/dot/them?lang=vi", "/quay/them?lang=vi", "/chi-tieu/chi-so?lang=vi", "/nhap-phieu?lang=vi", "/nhap-phieu/them?lang=vi&point=" + string(point.Code),
		fmt.Sprintf("/nhap-phieu/%d?lang=vi", batch.ID), fmt.Sprintf("/nhap-phieu/%d/nhap?lang=vi", batch.ID), "/quan-tri/nhat-ky?lang=vi", "/tim?q=hit&lang=vi",
	} {
		page(address, address)
	}
	for _, address := range []string{"/khao-sat/dot?lang=vi", fmt.Sprintf("/khao-sat/dot/%d/sua?lang=vi", campaign.ID)} {
		if said := page(address, address); !strings.Contains(said, hostileText("campaign")) {
			t.Errorf("%s does not name the campaign", address)
		}
	}

	h.hostileFiles(client, v, texts)

	// What is no text is kept as it was typed, told, and text as well.
	q := d.Outline()[1].Key
	for _, field := range []string{"code", "type", "min", "show", "satisfied", "from"} {
		base := d.Revision + 1
		if newest, _, err := h.deps.Studio.Draft(t.Context(), info.ID, 1<<30); err == nil {
			base = newest.Revision
		}
		if _, err := h.deps.Studio.Operate(t.Context(), info.ID, studio.Author{Name: "a"}, studio.Operation{Base: base, Do: studio.DoSet, Element: q, Field: field, Value: hostileText(field)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, end := range []string{"?chon=" + string(q) + "&lang=vi", "/phat-hanh?lang=vi", "/lich-su?lang=vi"} {
		page("what is no text "+end, path+end)
	}
}

// hostileFiles reads every file that a version is given as, and brings those back that can
// be read.
func (h *harness) hostileFiles(client *http.Client, v *survey.Version, texts []string) {
	t := h.t
	t.Helper()
	files := map[string]string{}
	for _, format := range []string{"yaml", "xlsform", "codebook", "ddi", "spss", "paper"} {
		r := h.get(client, "/api/v1/surveys/every-kind/file?lang=vi&format="+format)
		if r.status != http.StatusOK || strings.Contains(r.body, "1337") {
			t.Fatalf("%s: %d", format, r.status)
		}
		files[format] = r.body
	}
	back, err := surveys.Decode(strings.NewReader(files["yaml"]))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v.Definition, back); diff != "" {
		t.Errorf("the survey file: %s", diff)
	}
	archive, err := zip.NewReader(strings.NewReader(files["xlsform"]), int64(len(files["xlsform"])))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil || bytes.Contains(content, []byte("<f>")) || bytes.Contains(content, []byte("<f ")) || bytes.Contains(content, []byte("hyperlink ")) {
			t.Errorf("%s: %v, or a formula", f.Name, err)
		}
	}
	cells, err := csv.NewReader(strings.NewReader(files["codebook"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range cells {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") && strings.ContainsAny(cell, "#(") {
				t.Errorf("the codebook has the formula %q", cell)
			}
		}
	}
	in, said := xml.NewDecoder(strings.NewReader(files["ddi"])), ""
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			said += string(token)
		case xml.StartElement:
			if strings.Contains("x img script svg", token.Name.Local) {
				t.Errorf("the codebook has an element %s", token.Name.Local)
			}
		}
	}
	literal := regexp.MustCompile(`'(?:[^']|'')*'`)
	for line := range strings.Lines(files["spss"]) {
		if rest := literal.ReplaceAllString(line, ""); strings.ContainsAny(rest, "<'#") && !strings.HasPrefix(line, "* ") {
			t.Errorf("the syntax has %q", line)
		}
	}
	for _, action := range []string{"/JavaScript", "/JS", "/URI", "/Launch", "/OpenAction"} {
		if strings.Contains(files["paper"], action) {
			t.Errorf("the sheet of paper has %s", action)
		}
	}
	for _, q := range v.Definition.Sections[0].Questions {
		if q.Shape().Levels > 0 && !strings.Contains(said, q.Text["vi"]) {
			t.Errorf("the codebook does not say %q", q.Text["vi"])
		}
	}

	// The same files, and one of which everything is wrong, are looked at.
	hostile := workbook(t, "survey", "type|name|label|relevant|"+hostileText("column")+"\ntext|a|Ạ\n"+hostileText("type")+"|b|B\nselect_one "+hostileText("list")+"|c|C\ntext|d|D|"+hostileText("condition")+"|x",
		hostileText("sheet")[:20], "x", "settings", "form_title|form_id|default_language|"+hostileText("setting")+"\n"+hostileText("title")+"|f|vi|y")
	for name, file := range map[string]string{
		"workbook": files["xlsform"], "survey file": files["yaml"], "wrong workbook": hostile, "wrong survey file": "key: " + hostileText("key") + "\n\"" + strings.ReplaceAll(hostileText("yaml"), `"`, `\"`) + "\": 1\n",
		"LimeSurvey": `<document><LimeSurveyDocType>Survey</LimeSurveyDocType><surveys><rows><row><sid>1</sid><language>vi</language></row></rows></surveys><groups><rows><row><gid>1</gid><language>vi</language><group_name><![CDATA[` + hostileText("group") + `]]></group_name></row></rows></groups>` +
			`<questions><rows><row><qid>1</qid><parent_qid>0</parent_qid><gid>1</gid><language>vi</language><type>S</type><title><![CDATA[` + hostileText("code") + `]]></title><question><![CDATA[` + hostileText("question") + `]]></question><relevance><![CDATA[` + hostileText("relevance") + `]]></relevance></row></rows></questions></document>`,
		"entities": `<!DOCTYPE d [<!ENTITY x SYSTEM "http://127.0.0.1/` + hostileText("dtd") + `">]><document>&x;</document>`,
	} {
		looked := h.sendFile(client, "/khao-sat/nhap?lang=vi", hostileText("name")+".xlsx", file)
		if looked.status != http.StatusOK {
			t.Fatalf("%s: %d", name, looked.status)
		}
		said := plain(inert(t, name, looked.body))
		first := v.Definition.Sections[0].Questions[0].Text["vi"]
		bare, _, _ := drafted.Plain(first) // of a workbook, whose texts may be HTML
		if name == "workbook" && !strings.Contains(said, plain(bare)) || name == "survey file" && !strings.Contains(said, plain(first)) {
			t.Errorf("%s: the report does not show its questions", name)
		}
		if name == "wrong workbook" && !strings.Contains(said, plain(hostileText("list"))) {
			t.Errorf("the report does not say what is wrong: %s", said)
		}
		body, contentType := fileForm(t, []byte(file))
		if dry := h.post(client, draftsAPI+"/files?dry_run=1", body, "Content-Type", contentType); dry.status != http.StatusOK || strings.ContainsAny(dry.body, "<>") {
			t.Errorf("%s: %d %s", name, dry.status, dry.body)
		}
	}
	// Cells are texts when they come back: none lost or gained a character.
	again, report := exchange.Read([]byte(files["xlsform"]))
	if len(report.Errors) > 0 {
		t.Fatalf("%+v", report.Errors)
	}
	lost := 0
	for _, s := range v.Definition.Sections {
		for i, q := range s.Questions {
			for language, text := range q.Text {
				if clean, _, _ := drafted.Plain(text); again.Sections[0].Questions[i].Text[language] != clean {
					lost++
					t.Errorf("%q came back as %q", text, again.Sections[0].Questions[i].Text[language])
				}
			}
		}
	}
	if len(texts) == 0 || lost > 0 {
		t.Errorf("%d texts of %d came back as others", lost, len(texts))
	}
}
