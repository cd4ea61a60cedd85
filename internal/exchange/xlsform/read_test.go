package xlsform_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/exchange/draft"
	"sipas/internal/exchange/xlsform"
	"sipas/internal/spreadsheet"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// table makes a sheet of lines whose cells are parted by bars.
func table(name, text string) spreadsheet.Sheet {
	s := spreadsheet.Sheet{Name: name}
	for i, line := range strings.Split(strings.TrimPrefix(text, "\n"), "\n") {
		row := spreadsheet.Row{Line: i + 1}
		if strings.TrimSpace(line) == "" {
			continue
		}
		for _, cell := range strings.Split(line, "|") {
			row.Cells = append(row.Cells, spreadsheet.Cell{Text: strings.ReplaceAll(cell, "¶", "\n")})
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

const vietnamese = "form_title|form_id|default_language\nPhiếu|phieu|Tiếng Việt (vi)"

// form reads a form of three sheets.
func form(questions, choices, settings string) (survey.Definition, draft.Report) {
	return xlsform.Read([]spreadsheet.Sheet{table("survey", questions), table("choices", choices), table("settings", settings)})
}

// asked writes the questions in short.
func asked(d survey.Definition) []string {
	var out []string
	for _, s := range d.Sections {
		for _, q := range s.Questions {
			line := fmt.Sprintf("%s/%s %s %s", s.Key, q.Key, q.Type, strings.ReplaceAll(q.Text["vi"], "\n", "¶"))
			for _, r := range q.Rows {
				line += " -" + r.Key
			}
			for _, c := range q.Choices {
				line += " +" + c.Key
				if c.Other {
					line += "!"
				}
				if c.Points != nil {
					line += fmt.Sprint("=", *c.Points)
				}
			}
			if q.Required {
				line += " *"
			}
			if q.NoOpinion {
				line += " 0"
			}
			if !q.Scores() {
				line += " unscored"
			}
			for name, n := range map[string]*int{"min": q.Min, "max": q.Max} {
				if n != nil && name == "min" {
					line += fmt.Sprint(" ≥", *n)
				}
			}
			if q.Max != nil {
				line += fmt.Sprint(" ≤", *q.Max)
			}
			if q.RandomOrder {
				line += " drawn"
			}
			if q.MaxChoices+q.MaxLength > 0 {
				line += fmt.Sprint(" most ", q.MaxChoices+q.MaxLength)
			}
			if q.From+q.To != "" {
				line += " " + q.From + ".." + q.To
			}
			if q.Show != nil {
				text, _ := json.Marshal(q.Show)
				line += " if " + string(text)
			}
			out = append(out, line)
		}
	}
	return out
}

func check(t *testing.T, name string, got, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

const lists = `
list_name|name|label
co_khong|co|Có
co_khong|khong|Không
muc|1|Rất kém
muc|2|Kém
muc|3|Vừa
muc|4|Tốt
muc|5|Rất tốt
muc|9|Không rõ
mau|do|Đỏ
mau|xanh la|Xanh
nhieu|a|A
nhieu|b|B
nhieu|other|Khác
mot|x|Tôi đồng ý
diem|2|Sớm
diem|1|Đúng
diem|0|Trễ`

// TestTypes: each type of XLSForm, by every name that forms use, and what is said of
// those without a counterpart.
func TestTypes(t *testing.T) {
	t.Parallel()
	d, report := form(`
type|name|label|hint|required|appearance|parameters|constraint|calculation
start|start
end|end
today|today
get device id|dev
begin group|chung|Thông tin chung
select_one co_khong|phi|Có mất phí không?||TRUE
add select one prompt using mau|mau_sac|Màu gì?|Chọn một
select one from muc|danh_gia|Đánh giá||yes|likert
select1 muc|danh_gia2|Đánh giá 2
select_multiple nhieu|nhieu|Chọn nhiều||||randomize = true| count-selected(.) <= 2
text|nhieu_other|Khác là gì?
end group
begin_group|so
integer|tuoi|Tuổi||true()|||. >= 18 and . <= 99
int|nam|Năm||no
decimal|can|Cân nặng|||||. > 0.5
range|thang|Mức|||| start=0; end = 20 step=1
range|sao|Sao|||rating|start=1,end=5,step=1
date|ngay|Ngày nào?|||||. >= date('2026-01-01')
string|ten|Tên|||||string-length(.) < 50
text|comment|Góp ý||yes|multiline
note||Xin cảm ơn
acknowledge|dong_y|Ông/bà đồng ý?
select_multiple mot|dongy|Xác nhận
end_group|so
calculate|tong|||||||${tuoi} + 1
hidden|an
geopoint|vitri|Vị trí
select_one_from_file huyen.csv|huyen|Huyện
rank nhieu|hang|Xếp hạng
begin repeat|con|Con
text|tencon|Tên con
end repeat
select_one diem|diem|Kết quả`, lists, vietnamese)
	check(t, "errors", testkit.Said(report.Errors), []string{})
	check(t, "questions", asked(d), []string{
		"chung/phi yes-no Có mất phí không? *",
		"chung/mau-sac single Màu gì?¶Chọn một +do +xanh-la",
		"chung/danh-gia scale5 Đánh giá * 0",
		"chung/danh-gia2 single Đánh giá 2 +n1 +n2 +n3 +n4 +n5 +n9",
		"chung/nhieu multi Chọn nhiều +a +b +other drawn most 2",
		"chung/nhieu-other text Khác là gì?",
		"so/tuoi number Tuổi * ≥18 ≤99",
		"so/nam number Năm",
		"so/can number Cân nặng ≥1",
		"so/thang number Mức ≥0 ≤20",
		"so/sao scale5 Sao unscored",
		"so/ngay date Ngày nào? 2026-01-01..",
		"so/ten text Tên most 49",
		"so/comment text Góp ý *",
		"so/note information Xin cảm ơn",
		"so/dong-y yes-no Ông/bà đồng ý?",
		"so/dongy yes-no Xác nhận – Tôi đồng ý",
		"con/tencon text Tên con",
		"muc/diem single Kết quả +n2 +n1 +n0",
	})
	check(t, "warnings", testkit.Said(report.Warnings), []string{
		"choices:4 scale-words muc",
		"survey:17 decimal can",
		"survey:19 not-scored sao",
		"survey:24 acknowledge dong_y",
		"survey:25 acknowledge dongy",
		"survey:27 computed tong / ${tuoi} + 1",
		"survey:28 computed an",
		"survey:29 type-unsupported geopoint / vitri Vị trí",
		"survey:30 type-unsupported select_one_from_file huyen.csv / huyen Huyện",
		"survey:31 type-unsupported rank nhieu / hang Xếp hạng",
		"survey:32 repeat con",
		"survey:35 maybe-points diem",
		"survey metadata start, end, today, device id",
		"survey hint 8",
		" keys-changed 5 / mau_sac → mau-sac, danh_gia → danh-gia, danh_gia2 → danh-gia2, nhieu_other → nhieu-other, dong_y → dong-y",
	})
	if d.Sections[0].Questions[2].NoOpinionText["vi"] != "Không rõ" || d.Sections[0].Title["vi"] != "Thông tin chung" || d.Key != "phieu" {
		t.Errorf("%+v", d.Sections[0].Questions[2])
	}
}

// TestShapes: tables of rows, nested groups, "other" in its forms, and marks of ours.
func TestShapes(t *testing.T) {
	t.Parallel()
	d, report := form(`
type|name|label|required|appearance|relevant|sipas_kind
begin_group|ngoai|Ngoài
begin_group|bang|Bảng||table-list|
select_one muc|dong1|Dòng một
select_one muc|dong2|Dòng hai
end_group
begin_group|luoi|Lưới||field-list
select_one muc|dau|Lưới||label
select_one muc|hang1|Hàng một||list-nolabel
select_one muc|hang2|Hàng hai||list-nolabel
end_group
end_group
begin_group|cua_ta|Cán bộ||table-list||grid
select_one muc|cua_ta.thai_do|Thái độ|yes
select_one muc|huong_dan|Hướng dẫn|yes
end_group
select_multiple nhieu|vi_sao|Vì sao?
text|vi_sao_khac|Xin ghi rõ|||selected(${vi_sao},'other')
select_one mau or_other|mau|Màu?
select_multiple mau or specify other|maus|Những màu?
select_one muc|thang3|Ba mức?|||
select_one diem|hen|Hẹn||||points`, strings.ReplaceAll(strings.ReplaceAll(lists, "xanh la", "xanh"), "diem|2|Sớm\ndiem|1|Đúng\ndiem|0|Trễ", "")+`

list_name|name|label`, vietnamese)
	_ = d
	check(t, "errors", testkit.Said(report.Errors), []string{"survey:22 list-missing diem / choices"})
	check(t, "questions", asked(d), []string{
		"bang/dong1 single Dòng một +n1 +n2 +n3 +n4 +n5 +n9",
		"bang/dong2 single Dòng hai +n1 +n2 +n3 +n4 +n5 +n9",
		"luoi/hang1 single Hàng một +n1 +n2 +n3 +n4 +n5 +n9",
		"luoi/hang2 single Hàng hai +n1 +n2 +n3 +n4 +n5 +n9",
		"muc/cua-ta grid Cán bộ -thai-do -huong-dan * 0",
		"muc/vi-sao multi Vì sao? +a +b +other!",
		"muc/mau single Màu? +do +xanh +other",
		`muc/mau-other text Xin ghi rõ if {"question":"mau","in":["other"]}`,
		"muc/maus multi Những màu? +do +xanh +other!",
		"muc/thang3 single Ba mức? +n1 +n2 +n3 +n4 +n5 +n9",
	})
	if d.Sections[0].Title["vi"] != "Ngoài – Bảng" {
		t.Errorf("title %v", d.Sections[0].Title)
	}
	d, report = form("type|name|label|sipas_kind\nselect_one diem|hen|Hẹn|points\nselect_one diem|hai|Hai|",
		"list name|name|label|sipas_points\ndiem|som|Sớm|2\ndiem|dung|Đúng|1.5\ndiem|tre|Trễ|0\n", vietnamese)
	check(t, "errors", testkit.Said(report.Errors), []string{"choices:3 mark-unknown 1.5 / sipas_points"})
	d, _ = form("type|name|label|sipas_kind\nselect_one diem|hen|Hẹn|points\nselect_one diem|hai|Hai|",
		"list name|name|label|sipas_points\ndiem|som|Sớm|2\ndiem|dung|Đúng|1\ndiem|tre|Trễ|0\n", vietnamese)
	check(t, "points", asked(d), []string{"muc/hen points Hẹn +som=2 +dung=1 +tre=0", "muc/hai single Hai +som=2 +dung=1 +tre=0"})
}

// TestConditions: each form of a condition, and what cannot be said here, which
// keeps the question and refuses the survey.
func TestConditions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ relevant, want, problem string }{
		{"${mau} = 'do'", `{"question":"mau","in":["do"]}`, ""},
		{"${mau}=‘do’", `{"question":"mau","in":["do"]}`, ""},
		{"selected(${mau}, 'do')", `{"question":"mau","in":["do"]}`, ""},
		{"selected ( ${ mau } ,\"do\")", `{"question":"mau","in":["do"]}`, ""},
		{"${mau} != 'do'", `{"question":"mau","in":["xanh"]}`, "condition-unanswered"},
		{"not(${mau} = 'do')", `{"question":"mau","in":["xanh"]}`, "condition-unanswered"},
		{"not(selected(${mau}, 'do'))", `{"question":"mau","in":["xanh"]}`, "condition-unanswered"},
		{"${phi} != 'khong'", `{"question":"phi","in":["yes"]}`, ""}, // must be answered
		{"${mau} != ''", `{"question":"mau","in":["do","xanh"]}`, ""},
		{"not(${mau} = '')", `{"question":"mau","in":["do","xanh"]}`, ""},
		{"${mau} = 'do' or ${mau} = 'xanh'", `{"question":"mau","in":["do","xanh"]}`, ""},
		{"${mau} = 'do' or ${tuoi} > 5 and ${tuoi} <= 9", `{"any":[{"question":"mau","in":["do"]},{"question":"tuoi","at_least":6,"at_most":9}]}`, ""},
		{"(${mau} = 'do' or ${tuoi} > 5) and ${phi} = 'co'", `{"all":[{"any":[{"question":"mau","in":["do"]},{"question":"tuoi","at_least":6}]},{"question":"phi","in":["yes"]}]}`, ""},
		{"not(${mau} = 'do' and ${tuoi} >= 5)", `{"any":[{"question":"mau","in":["xanh"]},{"question":"tuoi","at_most":4}]}`, "condition-unanswered"},
		{"18 <= ${tuoi}", `{"question":"tuoi","at_least":18}`, ""},
		{"${tuoi} = 3", `{"question":"tuoi","at_least":3,"at_most":3}`, ""},
		{"${tuoi} < 2.5", `{"question":"tuoi","at_most":2}`, ""},
		{"${muc} <= 2", `{"question":"muc","at_most":2}`, ""},
		{"${muc} = 9", `{"question":"muc","in":["0"]}`, ""},
		{"${muc} = '1' or ${muc} = '2'", `{"question":"muc","in":["1","2"]}`, ""},
		{"${so} >= 4", `{"question":"so","in":["n4","n5","n9"]}`, "*"},
		{"selected(${nhieu}, 'a')", `{"question":"nhieu","in":["a"]}`, ""},
		{"selected(${nhieu}, 'a') or selected(${nhieu}, 'b')", `{"question":"nhieu","in":["a","b"]}`, ""},
		{"count-selected(${nhieu}) > 0", `{"question":"nhieu","in":["a","b","other"]}`, ""},
		{"1", "", ""},
		{"true()", "", ""},
		{"${mau} = 'do' and true()", `{"question":"mau","in":["do"]}`, ""},
		{"not(selected(${nhieu}, 'a'))", "", "!condition-kind"},
		{"${nhieu} = 'a'", "", "!condition-kind"},
		{"${mau} = ''", "", "!condition-kind"},
		{"${mau} = 'tim'", "", "!condition-value"},
		{"${muc} > 5", "", "!condition-never"},
		{"${ten} = 'x'", "", "!condition-kind"},
		{"${tong} = 1", "", "!condition-gone"},
		{"${cuoi} = 'x'", "", "!condition-later"},
		{"${sau} = 'co'", "", "!condition-later"},
		{"${khong_co} = 'x'", "", "!condition-unknown"},
		{"${last-saved#mau} = 'do'", "", "!condition-unknown"},
		{"0", "", "!condition-never"},
		{"false()", "", "!condition-never"},
		{"regex(${ten}, '^a')", "", "!condition-unread"},
		{"if(${tuoi} > 1, 1, 0) = 1", "", "!condition-unread"},
		{"${tuoi} + 1 > 3", "", "!condition-unread"},
		{"instance('x')/root[a=${mau}]/b = 1", "", "!condition-unread"},
		{"Nếu câu 1 trả lời có", "", "!condition-unread"},
		{"${mau} = 'do", "", "!condition-unread"},
		{strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100), "", "!condition-unread"},
		{strings.Repeat("not(", 300) + "1" + strings.Repeat(")", 300), "", "!condition-unread"},
	} {
		d, report := form(`
type|name|label|required|appearance|calculation|relevant
select_one mau|mau|Màu?
select_one co_khong|phi|Phí?|yes
integer|tuoi|Tuổi
select_one muc|muc|Mức||likert
select_one muc|so|Số
select_multiple nhieu|nhieu|Nhiều
text|ten|Tên
calculate|tong||||1
text|cuoi|Cuối||||`+c.relevant+`
select_one co_khong|sau|Sau`, strings.ReplaceAll(lists, "xanh la", "xanh"), vietnamese)
		q := d.Sections[0].Questions[7]
		got := ""
		if q.Show != nil {
			text, _ := json.Marshal(q.Show)
			got = string(text)
		}
		if got != c.want || q.Key != "cuoi" {
			t.Errorf("%s: %s, want %s", c.relevant, got, c.want)
		}
		problem := ""
		for _, p := range report.Warnings {
			if strings.HasPrefix(p.Key, "condition") {
				problem = p.Key
			}
		}
		for _, p := range report.Errors {
			problem = "!" + p.Key
			if p.Where != "survey:10" || p.Value == "" {
				t.Errorf("%s: %+v", c.relevant, p)
			}
		}
		if c.problem != "*" && problem != c.problem {
			t.Errorf("%s: said %q, want %q", c.relevant, problem, c.problem)
		}
	}
	// The condition of a group is that of all in it, beside their own.
	d, report := form(`
type|name|label|relevant
select_one co_khong|phi|Phí?
integer|tuoi|Tuổi
begin_group|g|Nhóm|${phi} = 'co'
begin_group|h|Trong|${tuoi} > 1
text|a|A|${tuoi} < 9
end_group
text|b|B
end_group`, lists, vietnamese)
	check(t, "errors", testkit.Said(report.Errors), []string{})
	check(t, "questions", asked(d)[2:], []string{
		`h/a text A if {"all":[{"question":"phi","in":["yes"]},{"question":"tuoi","at_least":2,"at_most":8}]}`,
		`g/b text B if {"question":"phi","in":["yes"]}`,
	})
}

// TestRefusals: what no program would know what to make of is refused, each with its
// place, and nothing is lost in silence.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		questions, choices, settings string
		errors                       []string
	}{
		"no type":           {"name|label\na|A", lists, vietnamese, []string{"survey no-column type"}},
		"header twice":      {"type|name|label|label\ntext|a|A|B", lists, vietnamese, []string{"survey:1 header-twice label"}},
		"alias and name":    {"type|name|relevant|relevance|label\ntext|a|||A", lists, vietnamese, []string{"survey:1 header-twice relevance"}},
		"no name":           {"type|name|label\ntext||A", lists, vietnamese, []string{"survey:2 no-name text", " no-questions"}},
		"no type in a row":  {"type|name|label\ntext|a|A\n|b|B", lists, vietnamese, []string{"survey:3 no-type b"}},
		"name":              {"type|name|label\ntext|1a|A\ntext|a b|B", lists, vietnamese, []string{"survey:2 name-form 1a", "survey:3 name-form a b"}},
		"name twice":        {"type|name|label\ntext|a|A\ntext|a|B", lists, vietnamese, []string{"survey:3 name-twice a"}},
		"unknown type":      {"type|name|label\ntxet|a|A\ntext|b|B", lists, vietnamese, []string{"survey:2 type-unknown txet"}},
		"end without begin": {"type|name|label\ntext|a|A\nend_group", lists, vietnamese, []string{"survey:3 unmatched end_group"}},
		"begin without end": {"type|name|label\nbegin_group|g|G\ntext|a|A", lists, vietnamese, []string{"survey:2 unmatched begin_group / g"}},
		"crossed":           {"type|name|label\nbegin_group|g|G\ntext|a|A\nend_repeat\nend_group", lists, vietnamese, []string{"survey:4 unmatched end_repeat"}},
		"no list":           {"type|name|label\nselect_one la|a|A\ntext|b|B", lists, vietnamese, []string{"survey:2 list-missing la / choices"}},
		"choice twice":      {"type|name|label\nselect_one x|a|A", "list_name|name|label\nx|a|A\nx|a|B\nx|c|C", vietnamese, []string{"choices:3 choice-twice a / x"}},
		"choice twice, allowed": {"type|name|label\nselect_one x|a|A", "list_name|name|label\nx|a|A\nx|a|B\nx|c|C",
			vietnamese[:strings.Index(vietnamese, "\n")] + "|allow_choice_duplicates\nP|p|vi|yes", []string{}},
		"choice without name": {"type|name|label\nselect_one x|a|A", "list_name|name|label\nx|a|A\nx||B\nx|c|C", vietnamese, []string{"choices:3 choice-no-name name / x"}},
		"blank":               {"type|name|label\nselect_multiple x|a|A", "list_name|name|label\nx|a a|A\nx|b|B", vietnamese, []string{"choices:2 choice-blank a a"}},
		"no Vietnamese":       {"type|name|label::English (en)\ntext|a|How are you?", "", "form_title\nForm", []string{" no-vietnamese en"}},
		"no language at all":  {"type|name|label\ntext|a|What is your name?", "", "form_title\nForm", []string{" no-vietnamese en"}},
		"nothing asked":       {"type|name|label\ncalculate|a|", lists, vietnamese, []string{" no-questions"}},
		"required by formula": {"type|name|label|required\ntext|a|Ạ|${b} = 1", lists, vietnamese, []string{}},
		"points":              {"type|name|label\ntext|a|Ạ", "list_name|name|label|sipas_points\nx|a|A|3", vietnamese, []string{"choices:2 mark-unknown 3 / sipas_points"}},
	} {
		_, report := form(c.questions, c.choices, c.settings)
		check(t, name, testkit.Said(report.Errors), c.errors)
	}
	many := "type|name|label"
	for i := range 201 {
		many += fmt.Sprintf("\ntext|a%d|Ạ", i)
	}
	_, report := form(many, lists, vietnamese)
	check(t, "many", testkit.Said(report.Errors), []string{" too-many-questions 201 / 200"})
	_, report = xlsform.Read([]spreadsheet.Sheet{table("Surveys", "type|name"), table("Ghi chú", "a")})
	check(t, "sheets", append(testkit.Said(report.Errors), testkit.Said(report.Warnings)...), []string{" no-sheet survey / Surveys, Ghi chú", "Surveys sheet-name Surveys / survey"})
	_, report = xlsform.Read([]spreadsheet.Sheet{table("survey", "type|name"), table("Survey ", "type")})
	check(t, "twice", testkit.Said(report.Errors)[:1], []string{"Survey sheet-twice survey"})
}

// TestIrregular: what real files have: sheets that are no part of it, capitals,
// blanks, empty rows and columns, columns that mean nothing, HTML.
func TestIrregular(t *testing.T) {
	t.Parallel()
	d, report := xlsform.Read([]spreadsheet.Sheet{
		table("Lịch sử sửa", "a|b"), table("_nháp", "x"),
		table("CHOICES", " List Name |Name |Label::English (en)|label::Vietnamese|huyện\n\nx | a |Yes|Vâng|1\nx|b|No|Chưa|2\nthua|c|C|C"),
		table("Settings", "id_string|title|style\nMẫu số 1|Mẫu|pages"),
		table(" Survey", `

|Type| NAME |Label : English (en)|label: Vietnamese|Bind: Relevant|media:image|note to self|read_only|hint: Vietnamese

|select_one  x|q_1|<b>Did</b> you pay?<br>Really &amp; truly|Có trả tiền&nbsp;không? ${ten}||a.png|xem lại|yes
|text| q_2 |Why?||${q_1} =¶'a'||| no| Nói rõ
|note|q_3|Only English <a href="http://x">here</a>|
|text|q_4||Chỉ tiếng Việt {ten}`),
	})
	check(t, "errors", testkit.Said(report.Errors), []string{})
	check(t, "languages", d.Languages, []string{"en", "vi"})
	check(t, "questions", asked(d), []string{
		"muc/q-1 single Có trả tiền không? ${ten} +a +b",
		`muc/q-2 text Why?¶Nói rõ if {"question":"q-1","in":["a"]}`,
		"muc/q-3 information Only English here",
		"muc/q-4 text Chỉ tiếng Việt {ten}",
	})
	if en := d.Sections[0].Questions[0].Text["en"]; en != "Did you pay?\nReally & truly" {
		t.Errorf("%q", en)
	}
	check(t, "warnings", testkit.Said(report.Warnings), []string{
		" sheet-ignored Lịch sử sửa",
		"survey language-code label: Vietnamese / vi",
		"settings keys-changed 1 / Mẫu số 1 → mau-so-1",
		"choices column huyện / choices:3",
		"survey:6 media a href / en",
		"survey column media:image / 4",
		"survey column note to self / 4",
		"survey column read_only / 4",
		"survey hint 5",
		"choices list-unused thua",
		"survey:4 text-expression Có trả tiền không? ${ten} / vi",
		"survey:7 text-expression Chỉ tiếng Việt {ten} / en",
		"survey:7 text-expression Chỉ tiếng Việt {ten} / vi",
		" untranslated en / survey:5, survey:7",
		" untranslated vi / survey:5, survey:6",
		" html  / survey:4, survey:6",
		" keys-changed 4 / q_1 → q-1, q_2 → q-2, q_3 → q-3, q_4 → q-4",
	})
}
