package studio_test

import (
	"errors"
	"strings"
	"testing"

	"sipas/internal/exchange/draft"
	"sipas/internal/exchange/xlsform"
	"sipas/internal/fault"
	"sipas/internal/spreadsheet"
	"sipas/internal/studio"
	"sipas/internal/testkit"
)

// sheet is one of a workbook, its cells parted by bars.
func sheet(name string, lines ...string) spreadsheet.Sheet {
	s := spreadsheet.Sheet{Name: name}
	for i, line := range lines {
		row := spreadsheet.Row{Line: i + 1}
		for cell := range strings.SplitSeq(line, "|") {
			row.Cells = append(row.Cells, spreadsheet.Cell{Text: cell})
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// A form of another program of which one condition cannot be translated is a draft with
// the question and the text of the condition. It is published once somebody has seen to
// that, and not before.
func TestAFileIsMendedAsADraft(t *testing.T) {
	t.Parallel()
	def, report := xlsform.Read([]spreadsheet.Sheet{
		sheet("survey", "type|name|label|relevant|required", "select_one mau|mau|Màu gì?||yes", "text|vi_sao|Vì sao?|regex(${mau}, 'd.*')|"),
		sheet("choices", "list_name|name|label", "mau|do|Đỏ", "mau|xanh|Xanh"),
		sheet("settings", "form_title|form_id|default_language", "Phiếu|phieu-la|Tiếng Việt (vi)"),
	})
	p := testkit.SQLite(t)
	s, ctx := opened(p), t.Context()
	info, err := s.Create(ctx, testkit.Author(), studio.Origin{Definition: def, Report: report})
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := s.Draft(ctx, info.ID, 0)
	if err != nil || len(d.Outline()) != 3 {
		t.Fatalf("%v: %+v", err, d.Outline())
	}
	_, err = s.Publish(ctx, testkit.Author(), info.ID, 0, 0)
	var unready *studio.Unready
	if !errors.As(err, &unready) || len(unready.Problems) != 1 || !strings.Contains(unready.Problems[0].Said.Value, "regex(${mau}") {
		t.Fatalf("%+v", err)
	}
	r, err := s.Operate(ctx, info.ID, studio.Author{Name: "a"}, studio.Operation{Do: studio.DoRemove, Element: unready.Problems[0].Element})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.Publish(ctx, testkit.Author(), info.ID, r.Number, 0); err != nil || v.Name() != "phieu-la.1" || len(v.Questions()) != 2 {
		t.Errorf("%+v %v", v, err)
	}
	// What was said of the file is nothing that is written or changed.
	for _, op := range []studio.Operation{set(unready.Problems[0].Element, "said", "", "x"), {Do: studio.DoMove, Element: unready.Problems[0].Element}, {Do: studio.DoDuplicate, Element: unready.Problems[0].Element}} {
		op.Base = r.Number
		var invalid *fault.Invalid
		if _, err := s.Operate(ctx, info.ID, studio.Author{Name: "a"}, op); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", op.Do, err)
		}
	}
}

// What the problems find anyway is told once, and is gone once it is mended.
func TestWhatIsFoundAnywayIsToldOnce(t *testing.T) {
	t.Parallel()
	var report draft.Report
	report.Refuse("", draft.ProblemUnknownMethod, "magic", "")
	def := testkit.EveryKind(t)
	def.Method = "magic"
	d := studio.From(def, report)
	if told := studio.Blocking(d.Problems(studio.Info{}, nil)); len(told) != 1 || told[0].Field != "method" {
		t.Errorf("%+v", told)
	}
	applied(t, d, set(studio.Whole, "method", "", "sipas-2023"))
	if told := studio.Blocking(d.Problems(studio.Info{}, nil)); len(told) != 0 {
		t.Errorf("mended: %+v", told)
	}
}
