package httpd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/spreadsheet"
	"sipas/internal/testkit"
)

// workbook makes an XLSForm of sheets: a name, then lines whose cells are parted by bars.
func workbook(t testing.TB, sheets ...string) string {
	t.Helper()
	var all []spreadsheet.Sheet
	for i := 0; i+1 < len(sheets); i += 2 {
		s := spreadsheet.Sheet{Name: sheets[i]}
		for n, line := range strings.Split(sheets[i+1], "\n") {
			row := spreadsheet.Row{Line: n + 1}
			for cell := range strings.SplitSeq(line, "|") {
				row.Cells = append(row.Cells, spreadsheet.Cell{Text: cell})
			}
			s.Rows = append(s.Rows, row)
		}
		all = append(all, s)
	}
	var out bytes.Buffer
	if err := spreadsheet.WriteSheets(&out, all); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var lookedAt = regexp.MustCompile(`name="file-sha256" value="([0-9a-f]{64})"`)

// An official brings a form of another program: they see what it becomes and what there is
// to say of it with its places, in their language, and nothing is stored; then it is a
// draft, whose condition that nothing here is like keeps it from being published until it
// was seen to. Another file than the one they saw makes none.
func TestASurveyComesAsAFile(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		client := h.signedIn(h.account(access.Designer, 0))
		settings := "form_title|form_id|default_language\nPhiếu <lạ>|phieu-la|Tiếng Việt (vi)"
		choices := "list_name|name|label\nmau|do|Đỏ\nmau|xanh|Xanh\nmuc|1|Kém\nmuc|2|Yếu\nmuc|3|Vừa\nmuc|4|Khá\nmuc|5|Tốt"
		form := workbook(t, "survey", "type|name|label|relevant|required|appearance\nselect_one mau|mau|Màu <b>gì</b>?||yes\nselect_one muc|muc|Mức nào?\nselect_one muc|muc-hai|Mức hai?|||likert\ntext|vi_sao|Vì sao?|regex(${mau}, '<i>')|", "choices", choices, "settings", settings)

		h.get(client, "/khao-sat?lang=vi").check(t, "the list", http.StatusOK, []string{`href="/khao-sat/nhap"`}, nil)
		h.get(client, "/khao-sat/nhap?lang=vi").check(t, "the page", http.StatusOK, []string{"Nhập phiếu từ tệp", `enctype="multipart/form-data"`}, []string{"file-sha256"})
		h.sendFile(client, "/khao-sat/nhap?lang=vi", "", "").check(t, "no file", http.StatusUnprocessableEntity, []string{"Chưa chọn tệp"}, nil)
		saw := h.sendFile(client, "/khao-sat/nhap?lang=vi", "phieu.xlsx", form)
		saw.check(t, "a look", http.StatusOK, []string{
			"Phiếu &lt;lạ&gt;", "4 câu hỏi", "Tiếng Việt", "Màu gì?", "bắt buộc", "tính vào chỉ số",
			"Trang tính <code>survey</code>, dòng 3", "có thể là thang năm mức", "trên trang soạn",
			"Trang tính <code>survey</code>, dòng 5", "Phải sửa trong bản nháp.", "<code>regex(${mau}, &#39;&lt;i&gt;&#39;)</code>", "Có 1 điều phải sửa", "Tạo bản nháp",
		}, []string{"<lạ>", "<i>", "ZgotmplZ"})
		if got := strings.Count(saw.body, "tính vào chỉ số</small>"); got != 1 {
			t.Errorf("%d questions count, and only one said that it is a scale", got)
		}
		h.sendFile(client, "/khao-sat/nhap?lang=en", "phieu.xlsx", form).check(t, "in English", http.StatusOK, []string{"Sheet <code>survey</code>, row 5", "To be mended in the draft.", "Make a draft"}, nil)
		if n := len(h.drafts()); n != 0 {
			t.Fatalf("looking made %d drafts", n)
		}
		proof := lookedAt.FindStringSubmatch(saw.body)[1]
		h.sendFile(client, "/khao-sat/nhap?lang=vi", "khac.xlsx", form+" ", "do", "new", "file-sha256", proof).check(t, "another file", http.StatusOK, []string{"không phải tệp vừa xem"}, nil)
		made := h.sendFile(client, "/khao-sat/nhap", "phieu.xlsx", form, "do", "new", "file-sha256", proof)
		made.check(t, "a draft", http.StatusSeeOther, nil, nil)
		draft, _, _ := strings.Cut(made.header.Get("Location"), "?")
		page := h.get(client, made.header.Get("Location")+"&lang=vi")
		page.check(t, "its page", http.StatusOK, []string{"Đã tạo bản nháp từ tệp", "regex(${mau}"}, nil)
		d := designer{h, client, draft}
		h.post(client, draft+"/phat-hanh", url.Values{"revision": {"0"}, "over": {"0"}}).check(t, "publishing it as it is", http.StatusUnprocessableEntity, []string{"regex(${mau}"}, nil)
		for report := range strings.SplitSeq(page.body, `<li id="row-`) {
			if key, said, _ := strings.Cut(report, `"`); strings.Contains(said, "regex(${mau}") && strings.Contains(said, `name="remove"`) {
				d.sends("/sua", "remove", key)
			}
		}
		d.sends("/phat-hanh", "revision", d.base(), "over", "0")
		if v := h.snapshot().Newest("phieu-la"); v == nil || len(v.Questions()) != 4 || v.Questions()[1].Scores() && v.Questions()[1].Shape().Levels > 0 || v.Questions()[2].Shape().Levels != 5 {
			t.Fatalf("published %+v", v)
		}

		// The same file again: the next version, or another survey.
		again := h.sendFile(client, "/khao-sat/nhap?lang=vi", "phieu.xlsx", form)
		again.check(t, "again", http.StatusOK, []string{"<code>phieu-la.1</code>", "Tạo bản nháp của phiên bản kế tiếp", "Tạo bản nháp của phiếu khác"}, nil)
		for do, want := range map[string]string{"next": `"continues":"phieu-la"`, "new": `"key":"code-taken"`} {
			made := h.sendFile(client, "/khao-sat/nhap", "phieu.xlsx", form, "do", do, "file-sha256", proof)
			id := strings.TrimPrefix(strings.TrimSuffix(made.header.Get("Location"), "?da=draft-of-file"), "/khao-sat/soan/")
			h.get(client, draftsAPI+"/"+id).check(t, do, http.StatusOK, []string{want}, nil)
		}

		// What would lose something is refused whole, also by programs; a file that is none, in words.
		before := len(h.drafts())
		lossy := workbook(t, "survey", "type|name|label\ntext|a|Ạ\nselect_one gone|b|B", "settings", settings)
		refused := h.sendFile(client, "/khao-sat/nhap?lang=vi", "phieu.xlsx", lossy, "do", "new", "file-sha256", fmt.Sprintf("%064d", 0))
		refused.check(t, "a lossy file", http.StatusOK, []string{"có 1 lỗi làm mất nội dung", "Trang tính <code>survey</code>, dòng 3", "Không có danh sách lựa chọn “gone”"}, []string{"file-sha256", `name="do"`})
		h.sendFile(client, "/khao-sat/nhap?lang=vi", "anh.png", "\x89PNG\r\n\x1a\n\x00").check(t, "a picture", http.StatusOK, []string{"Cả tệp", "lỗi làm mất nội dung"}, []string{`name="do"`})
		body, contentType := fileForm(t, []byte(lossy))
		h.post(client, draftsAPI+"/files", body, "Content-Type", contentType).check(t, "a lossy file of a program", http.StatusUnprocessableEntity, []string{`"where":"survey:3"`, `"key":"list-missing"`}, nil)
		if n := len(h.drafts()); n != before {
			t.Errorf("what was refused made %d drafts", n-before)
		}

		// A program sees what the command says.
		body, contentType = fileForm(t, []byte(form))
		var told struct {
			Key       string
			Questions []struct{ Key, Type string }
			Errors    []struct {
				Where    string
				Mendable bool
			}
		}
		dry := h.post(client, draftsAPI+"/files?dry_run=1", body, "Content-Type", contentType)
		if err := json.Unmarshal([]byte(dry.body), &told); err != nil || dry.status != http.StatusOK {
			t.Fatalf("%v %d %s", err, dry.status, dry.body)
		}
		if told.Key != "phieu-la" || len(told.Questions) != 4 || told.Questions[2].Type != "scale5" || len(told.Errors) != 1 || told.Errors[0].Where != "survey:5" || !told.Errors[0].Mendable || len(h.drafts()) != before {
			t.Errorf("%+v", told)
		}
		h.post(client, draftsAPI+"/files?next=1", body, "Content-Type", contentType).check(t, "the next version", http.StatusCreated, []string{`"continues":"phieu-la"`}, nil)
	})
}

// drafts are those that are kept.
func (h *harness) drafts() []int64 {
	h.t.Helper()
	list, err := h.deps.Studio.List(h.t.Context(), false)
	if err != nil {
		h.t.Fatal(err)
	}
	ids := make([]int64, len(list))
	for i, info := range list {
		ids[i] = info.ID
	}
	return ids
}

// In a browser the file is chosen once: what it says is laid into the page, and the same
// file is sent again to make the draft.
func TestAFileIsChosenOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	path := filepath.Join(t.TempDir(), "phieu.xlsx")
	form := workbook(t, "survey", "type|name|label|relevant\nselect_one mau|mau|Màu gì?\ntext|vi_sao|Vì sao?|regex(${mau}, 'x')\nselect_one muc|muc|Mức nào?",
		"choices", "list_name|name|label\nmau|do|Đỏ\nmau|xanh|Xanh\nmuc|1|Kém\nmuc|2|Yếu\nmuc|3|Vừa\nmuc|4|Khá\nmuc|5|Tốt", "settings", "form_title|form_id|default_language\nPhiếu lạ|phieu-la|Tiếng Việt (vi)")
	if err := os.WriteFile(path, []byte(form), 0o600); err != nil {
		t.Fatal(err)
	}
	b := tab{t, testkit.Browser(t, testkit.Phone)}
	b.do(h.withCookie(h.signedIn(h.account(access.Designer, 0))), chromedp.Navigate(h.url+"/khao-sat?lang=vi"))
	if shown := ask[int64](b, `[...document.querySelectorAll(".head a, .head button")].filter(e => e.offsetParent).length`); shown != 2 {
		t.Errorf("a phone shows %d ways to begin a survey, want 2", shown)
	}
	b.do(chromedp.Navigate(h.url+"/khao-sat/nhap?lang=vi"), chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{path}))
	b.click("form.check > p > button")
	b.await("#ket-qua ol")
	if over := ask[int64](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("%d pixels too wide", over)
	}
	for _, v := range testkit.Axe(t, b.ctx) {
		t.Error(v)
	}
	if folder := os.Getenv("SIPAS_SCREENSHOTS"); folder != "" {
		b.picture(filepath.Join(folder, "survey-import-told.png"))
	}
	b.click(`button[name="do"]`)
	b.await("#thiet-ke .done-note")
	if text := ask[string](b, `document.body.innerText`); !strings.Contains(text, "Đã tạo bản nháp từ tệp") || !strings.Contains(text, "Màu gì?") {
		t.Errorf("it leads to %s", text)
	}
}

// What was made here is given as files: every link of the pages of a version and of a draft
// leads to one, the workbook that comes back is the same survey, and a draft that is not
// ready gives none.
func TestSurveysAreFilesForOthers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.signedIn(h.account(access.Designer, 0))
	link := regexp.MustCompile(`href="([^"]+)" download`)
	links := func(path string) (list []string) {
		page := h.get(client, path)
		page.check(t, path, http.StatusOK, []string{"Tải phiếu về"}, []string{"ZgotmplZ"})
		for _, m := range link.FindAllStringSubmatch(page.body, -1) {
			list = append(list, html.UnescapeString(m[1]))
		}
		return list
	}
	h.get(client, "/khao-sat?lang=vi").check(t, "the list", http.StatusOK, []string{`href="/khao-sat/tai?survey=quay-nhanh"`}, nil)
	begins := map[string]string{"paper": "%PDF-", "xlsform": "PK\x03\x04", "yaml": "key: quay-nhanh\n", "codebook": "variable,version,", "spss": "* quay-nhanh.1: ", "ddi": "<?xml "}
	draft := h.designs(url.Values{"from": {"version"}, "survey": {"quay-nhanh"}})
	for path, want := range map[string][]string{
		"/khao-sat/tai?survey=quay-nhanh": {"paper vi", "paper en", "xlsform", "yaml", "codebook", "spss vi", "spss en", "ddi"}, draft.draft + "/tai": {"paper vi", "paper en", "xlsform", "yaml"},
	} {
		var got []string
		for _, to := range links(path) {
			address, err := url.Parse(to)
			if err != nil {
				t.Fatal(err)
			}
			format := address.Query().Get("format")
			got = append(got, strings.TrimSpace(format+" "+address.Query().Get("lang")))
			file := h.get(client, to)
			if file.status != http.StatusOK || !strings.HasPrefix(file.body, begins[format]) || !strings.HasPrefix(file.header.Get("Content-Disposition"), `attachment; filename="quay-nhanh`) {
				t.Errorf("%s: %d %.60q %v", to, file.status, file.body, file.header)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	for path, status := range map[string]int{"/khao-sat/tai?survey=ghost": 404, "/khao-sat/tep?survey=quay-nhanh&format=exe": 400, "/khao-sat/tep?survey=quay-nhanh&format=spss&lang=km": 400, draft.draft + "/tep?format=ddi": 400} {
		if got := h.get(client, path); got.status != status {
			t.Errorf("%s: %d, want %d", path, got.status, status)
		}
	}
	for _, format := range []string{"xlsform", "yaml"} {
		file := h.get(client, "/api/v1/surveys/quay-nhanh/file?format="+format).body
		body, contentType := fileForm(t, []byte(file))
		back := h.post(client, draftsAPI+"/files?next=1", body, "Content-Type", contentType)
		back.check(t, format, http.StatusCreated, []string{`"continues":"quay-nhanh"`}, nil)
		h.get(client, back.header.Get("Location")+"/differences").check(t, "of "+format, http.StatusOK, []string{`"version":"quay-nhanh.1","differences":[]`}, nil)
	}
	draft.sets("survey", "title", "vi", "")
	if got := links(draft.draft + "/tai?lang=vi"); len(got) > 0 {
		t.Errorf("a draft that is not ready has files %v", got)
	}
	h.get(client, draft.draft+"/tai?lang=vi").check(t, "not ready", http.StatusOK, []string{"chưa tải về được"}, nil)
	h.get(client, draft.draft+"/tep?format=yaml&lang=vi").check(t, "its file", http.StatusUnprocessableEntity, []string{"chưa ban hành được"}, nil)
}
