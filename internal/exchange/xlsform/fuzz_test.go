package xlsform_test

import (
	"testing"

	"sipas/internal/exchange/xlsform"
	"sipas/internal/spreadsheet"
	"sipas/internal/testkit"
)

// FuzzRead changes the cells of a form.
func FuzzRead(f *testing.F) {
	f.Add("type|name|label|relevant|constraint\nselect_one x|a|Ạ\ninteger|b|B|${a} = 'p'|. > 1\nbegin_group|g|G\ntext|c|C|not(${b} >= 3)\nend_group",
		"list_name|name|label\nx|p|P\nx|q|Q", "form_id|default_language\nf|vi", "item|part|property|language|value\na||short|vi|x")
	f.Add("type|name|label::Tiếng Việt (vi)|label::en|appearance|parameters\nselect_multiple x or_other|a|A|B\nrange|r|R|R|rating|start=1 end=5\nselect_one x|l|L||likert",
		"list_name|name|label|sipas_points\nx|1|P|2\nx|2|Q|1\nx|3||0\nx|4|R\nx|5|S", "title\nT", "")
	f.Add("type|name|label|kobo--score-choices|choice_filter|required\nbegin_score|s|Ạ|x\nscore__row|a|A\nend_score\nbegin_rank|r|R\nrank__level|l|L\nend_rank\nbegin_kobomatrix|m|M\ntext|c|C\nend_kobomatrix\nbegin repeat|p|P\nselect_one ${a}|o|O\nselect_multiple x|q|Q||y=${a}|${a}\nend repeat",
		"list name|name|label|y\nx|1|P|2\n||between\nx|2|Q|1", "", "")
	f.Fuzz(func(t *testing.T, questions, choices, settings, marks string) {
		var sheets []spreadsheet.Sheet
		for name, text := range map[string]string{"survey": questions, "choices": choices, "settings": settings, "_sipas": marks} {
			if text != "" {
				sheets = append(sheets, table(name, text))
			}
		}
		d, report := xlsform.Read(sheets)
		testkit.Sound(t, d, report, marks != "")
	})
}
