package lime_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/exchange/lime"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// kept holds a file to what reading promises: a question of it is asked, or told of.
func kept(t *testing.T, name, text string, split bool, version int) {
	t.Helper()
	file := strings.Replace(strings.ReplaceAll(lines(text).file(split), "<![CDATA[&#124;]]>", "<![CDATA[|]]>"), "<DBVersion>177<", fmt.Sprintf("<DBVersion>%d<", version), 1)
	d, report := lime.Read([]byte(file))
	testkit.Sound(t, d, report, false)
	told := strings.Join(testkit.Said(append(report.Errors, report.Warnings...)), "\n")
	said, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text) {
		cells := map[string]string{}
		for _, cell := range strings.Split(strings.TrimSpace(line), "|")[1:] {
			key, value, _ := strings.Cut(cell, "=")
			cells[key] = value
		}
		if code := cells["title"]; code != "" && !strings.Contains(string(said), cells["text"]) && !strings.Contains(told, code) {
			t.Errorf("%s, split %v: %s is neither asked nor told of in\n%s", name, split, code, told)
		}
	}
}

// TestFilesOfTheField: every letter with what it needs, and without; conditions of every
// sort; in both layouts, whatever version the file says it has.
func TestFilesOfTheField(t *testing.T) {
	t.Parallel()
	whole := group
	bare := group
	for i, kind := range strings.Split("5 L ! O M P Y G A B C E F H 1 : ; N K S T U Q D X * I R &#124;", " ") {
		id := 10 * (i + 1)
		code := "cau" + string(rune('a'+i%26)) + fmt.Sprint(i)
		full := question(id, code, kind, "|mandatory=Y|other=Y|relevance=1")
		bare += question(id, code, kind, "")
		whole += full + sub(id+1, id, "SQ001", 0) + sub(id+2, id, "SQ002", 0) + sub(id+3, id, "SY1", 1) + answers(id, 0, "A1", "A2", "A3") + answers(id, 1, "B1", "B2") +
			attribute(id, "hide_tip", "1") + attribute(id, "random_order", "1") + attribute(id, "question_template", "core")
	}
	hidden := group + question(1, "dau", "L", "") + answers(1, 0, "A1", "A2") + question(2, "an", "S", "|relevance=0") + question(3, "sau", "S", "|relevance=an.NAOK != \"\"") +
		question(4, "chu", "T", "|relevance=strlen(dau.NAOK) > 2 and TOKEN:ATTRIBUTE_1 == \"x\"") + question(5, "bang", "F", "") + answers(5, 0, "A1", "A2") + sub(6, 5, "SQ001", 0) +
		"subquestions|qid=7|parent_qid=5|gid=1|title=SQ002|type=T|scale_id=0|question_order=2|relevance=dau == \"A1\"|text=Dòng hai\n" +
		"subquestions|qid=8|parent_qid=99|gid=1|title=MOCOI|type=T|scale_id=0|question_order=1|text=Mồ côi\n" + attribute(4, "hidden", "1")
	for name, text := range map[string]string{"whole": whole, "bare": bare, "hidden": hidden} {
		for _, version := range []int{177, 359, 364, 400, 443, 630} {
			for _, split := range []bool{false, true} {
				kept(t, name, text, split, version)
			}
		}
	}
}

// TestTheLayoutsAreOne: what was split into tables of texts is the same survey, also with
// the tables that newer programs add.
func TestTheLayoutsAreOne(t *testing.T) {
	t.Parallel()
	text := group + question(1, "mot", "L", "|other=Y") + answers(1, 0, "A1", "A2") + question(2, "hai", "A", "") + sub(21, 2, "SQ001", 0) + question(3, "ba", "M", "|relevance=mot == \"A1\"") + sub(31, 3, "a", 0) + sub(32, 3, "b", 0)
	var before survey.Definition
	for i, split := range []bool{false, true} {
		file := lines(text).file(split)
		file = strings.Replace(file, "</document>", `<languages><language>vi</language></languages><themes><theme><sid>1</sid><template_name>fruity</template_name><config><options><a><b>inherit</b></a></options></config></theme></themes>
<themes_inherited><theme><sid>1</sid></theme></themes_inherited><assessments><fields><fieldname>id</fieldname></fields></assessments><defaultvalue_l10ns><rows><row><dvid>1</dvid></row></rows></defaultvalue_l10ns></document>`, 1)
		d, report := lime.Read([]byte(file))
		if len(report.Errors) > 0 || !strings.Contains(fmt.Sprint(testkit.Said(report.Warnings)), "defaultvalue_l10ns table-ignored") {
			t.Fatalf("%v %v", testkit.Said(report.Errors), testkit.Said(report.Warnings))
		}
		if i > 0 {
			if diff := cmp.Diff(before, d); diff != "" {
				t.Error(diff)
			}
		}
		before = d
	}
}
