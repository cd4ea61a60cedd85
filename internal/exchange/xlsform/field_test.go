package xlsform_test

import (
	"strings"
	"testing"

	"sipas/internal/exchange/draft"
	"sipas/internal/exchange/xlsform"
	"sipas/internal/spreadsheet"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// kept holds a form to what reading promises: whatever stands in the column label or in
// that of the name is a question, or is told of.
func kept(t *testing.T, d survey.Definition, report draft.Report, names ...string) {
	t.Helper()
	told := strings.Join(testkit.Said(append(report.Errors, report.Warnings...)), "\n")
	asked := ""
	for _, s := range d.Sections {
		for _, q := range s.Questions {
			for _, text := range q.Text {
				asked += text + "\n"
			}
		}
	}
	for _, name := range names {
		if !strings.Contains(asked, "Câu "+name) && !strings.Contains(told, name) {
			t.Errorf("%s is neither asked nor told of in\n%s\n%s", name, asked, told)
		}
	}
}

// TestFormsOfKobo: what KoboToolbox adds to the types, and headers of its downloads.
func TestFormsOfKobo(t *testing.T) {
	t.Parallel()
	d, report := xlsform.Read([]spreadsheet.Sheet{
		table("survey", `type|name|label::English (en)|label::Tiếng Việt (vi)|required|relevant|appearance|$kuid|kobo--score-choices|kobo--matrix_list|media::image::English (en)|guidance_hint|default|choice_filter
start|start||||||abc
begin_group|nhom|Group|Nhóm|false
begin_score|diem|Rate|Đánh giá|true||||muc
score__row|hang_a|Row a|Câu hang_a|true
score__row|hang_b|Row b|Câu hang_b|true
end_score
begin_rank|xep|Rank|Xếp hạng
rank__level|nhat|1st|Câu nhat
end_rank
begin_kobomatrix|bang|Matrix|Bảng||||||muc
text|o_mot|Name|Câu o_mot
end_kobomatrix
select_one tinh|tinh|Province|Câu tinh|true||minimal
select_one huyen|huyen|District|Câu huyen|true|||||||||tinh=${tinh}
select_one ${nhom}|lap_lai|Which?|Câu lap_lai
image|anh|Photo|Câu anh
background-audio|tieng
select_multiple_from_file x.csv or_other|tep|File|Câu tep
note|ghi|Note|Câu ghi|||||||a.png
end_group
begin_repeat|lap|Repeat|Lặp|||field-list
begin_repeat|lap_hai|Within|Trong
integer|so|Number|Câu so
end_repeat
end_repeat`),
		table("choices", `list name|name|label::English (en)|label::Tiếng Việt (vi)|tinh
muc|a|A|A
muc|b|B|B
muc|c|C|C
||Cấp huyện
tinh|1|One|Một
tinh|2|Two|Hai
huyen|11|D11|H11|1
huyen|12|D12|H12|1
huyen|21|D21|H21|2`),
		table("settings", "style|version\npages|1"), table("entities", "dataset\nx"), table("external_choices", "list_name|name\nx|y"),
	})
	check(t, "errors", testkit.Said(report.Errors), []string{})
	check(t, "questions", asked(d), []string{
		"diem/hang-a single Câu hang_a +a +b +c *", "diem/hang-b single Câu hang_b +a +b +c *",
		"nhom/tinh single Câu tinh +n1 +n2 *", "nhom/huyen single Câu huyen +n11 +n12 +n21 *", "nhom/ghi information Câu ghi",
		"lap-hai/so number Câu so",
	})
	kept(t, d, report, "hang_a", "hang_b", "nhat", "o_mot", "tinh", "huyen", "lap_lai", "anh", "background-audio", "tep", "ghi", "so", "Cấp huyện", "choice_filter", "media::image")
}

// TestFormsOfTheField: headers, settings and rows as people make them. None loses a
// question in silence, and what cannot be read is refused with a place.
func TestFormsOfTheField(t *testing.T) {
	t.Parallel()
	const choices = "list_name|name|label\nck|co|Có\nck|khong|Không\nnm|1|Kém\nnm|2|Yếu\nnm|3|Vừa\nnm|4|Khá\nnm|5|Tốt"
	for name, c := range map[string]struct {
		survey, choices, settings string
		errors                    string // the first, "" for none
		names                     string
	}{
		"no settings": {"type|name|label\ntext|a|Câu a của ông/bà?\nselect_one ck|b|Câu b, được chưa?", choices, "", "", "a b"},
		"headers with one colon beside two": {"type|name|label:English|label:Vietnamese (vi)|bind::relevant\nadd select one prompt using ck|a|A|Câu a\nstring|b|B|Câu b|${a} = 'co'",
			"list name|name|label:English|label:Vietnamese (vi)\nck|co|Yes|Có\nck|khong|No|Không", "", "", "a b"},
		"headers of old":                   {"Type|Tag|Caption::Tiếng Việt (vi)|relevance|Required|calculate\nText|a|Câu a||Yes\nInteger|b|Câu b|${a} != ''\nCALCULATE|c||||1", choices, "", "survey:3 condition-kind ${a} != '' / a", "a b c"},
		"columns named twice":              {"type|name|label|label\ntext|a|Câu a|Câu a", choices, vietnamese, "survey:1 header-twice label", "a"},
		"a column under two names":         {"type|name|label|caption\ntext|a|Câu a|", choices, vietnamese, "survey:1 header-twice caption", "a"},
		"a heading above the header":       {"Phiếu năm 2026\ntype|name|label\ntext|a|Câu a", choices, vietnamese, "survey no-column type", ""},
		"likert and rows of headings":      {"type|name|label|appearance\n||\nselect_one nm|a|Câu a|likert\nselect_one nm|b|Câu b|horizontal\nselect_one nm|c|Câu c|quick", choices, vietnamese, "", "a b c"},
		"every way to say other":           {"type|name|label|relevant\nselect_one ck or_other|a|Câu a\nselect_multiple ck or other|b|Câu b\nselect_one ck or specify other|c|Câu c\ntext|d|Câu d|${a} = 'other'", choices, vietnamese, "", "a b c d"},
		"groups in groups in repeats":      {"type|name|label|relevant\nbegin repeat|r|R|${x} = 'co'\nbegin_group|g|G\nbegin group|h|H|\ntext|a|Câu a\nend group\nend_group\ntext|b|Câu b\nend repeat\nselect_one ck|x|Câu x", choices, vietnamese, "survey:2 condition-later ${x} = 'co' / x", "a b x"},
		"cascades":                         {"type|name|label|choice_filter\nselect_one nm|a|Câu a\nselect_one ck|b|Câu b|cap=${a} and nam='x'", choices + "\nck|chua|Chưa", vietnamese, "", "a b"},
		"a type without its list":          {"type|name|label\nselect_one|a|Câu a\ntext|b|Câu b", choices, vietnamese, "survey:2 list-unnamed select_one", "b"},
		"functions in conditions":          {"type|name|label|relevant\ninteger|a|Câu a\ntext|b|Câu b|if(${a} > 3, true(), false())\ntext|c|Câu c|count-selected(${a}) > 1 and today() > date('2026-01-01')", choices, vietnamese, "survey:3 condition-unread if(${a} > 3, true(), false())", "a b c"},
		"translations without Vietnamese":  {"type|name|label::English (en)|label::French (fr)\ntext|a|Câu a|Câu a\nnote|b||Câu b", choices, "form_title|default_language\nF|English (en)", " no-vietnamese en, fr", "a b"},
		"values as spreadsheets keep them": {"type|name|label|required|default|read_only\ninteger|a|Câu a|TRUE|5|FALSE\nselect_one nm|b|Câu b|1", choices, vietnamese, "", "a b"},
		"rows that are put away":           {"type|name|label|disabled\ntext|a|Câu a|yes\ntext|b|Câu b|no", choices, vietnamese, "", "a b"},
		"types of devices":                 {"type|name|label\nsimserial|a|Câu a\nusername|b\naudit|audit\nstart-geopoint|c\ngeotrace|d|Câu d\nbarcode|e|Câu e\nosm|f|Câu f\ntime|g|Câu g\ndateTime|h|Câu h\ntext|i|Câu i", choices, vietnamese, "", "simserial username audit start-geopoint d e f g h i"},
		"one list of a hundred and one":    {"type|name|label\nselect_one xa|a|Câu a", "list_name|name|label" + strings.Repeat("\nxa|x|X", 101), "form_title|form_id|default_language|allow_choice_duplicates\nF|f|vi|yes", "survey:2 many-choices 101 / 100", "a"},
	} {
		sheets := []spreadsheet.Sheet{table("survey", c.survey), table("choices", c.choices)}
		if c.settings != "" {
			sheets = append(sheets, table("settings", c.settings))
		}
		d, report := xlsform.Read(sheets)
		first := ""
		if errors := testkit.Said(report.Errors); len(errors) > 0 {
			first = errors[0]
		}
		if first != c.errors {
			t.Errorf("%s: %q, want %q", name, testkit.Said(report.Errors), c.errors)
		}
		if c.errors == "" || report.Drafted() {
			kept(t, d, report, strings.Fields(c.names)...)
		}
		testkit.Sound(t, d, report, false)
	}
}
