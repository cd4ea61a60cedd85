package bulk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/audit"
	"sipas/internal/bulk"
	"sipas/internal/civil"
	"sipas/internal/procedure"
	"sipas/internal/spreadsheet"
	"sipas/internal/testkit"
)

const (
	procedureHead = "code,name_vi,name_en,field\n"
	fileHead      = "procedure,agency,half_month,handled,late\n"
)

// shelves are the lists of procedures and of files handled of a place, as of the
// second half of November 2026.
func shelves(st *testkit.Place) (procedures, files bulk.List) {
	c := procedure.New(st.DB)
	return bulk.Procedures(c), bulk.Files(c, func() civil.HalfMonth { return civil.HalfMonthOf("2026-11-20") }, bulk.AllFiles)
}

// TestProceduresAndFiles: procedures are known by the national part of their codes,
// files handled by procedure, agency and half month. What is written is read as what is
// there; in an empty database it makes the same lists. Or nothing: with a fault, after a
// change meanwhile, and when an entry cannot be written.
func TestProceduresAndFiles(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		province(t, st)
		procedures, files := shelves(st)
		long := strings.Repeat("Thủ tục ", 130) + "dài"
		got := counts(apply(t, st, procedures, procedureHead+"1.000110,Đăng ký khai sinh,Birth,\n1.004227.000.00.00.H08,"+long+",,dat-dai\n000.01,=Thủ tục của tỉnh,,xay-dung\n"))
		if got != "3 rows: 3 created, 0 updated, 0 unchanged, 0 wrong" {
			t.Fatal(got)
		}
		seal := sealed(t, st)
		if got := counts(apply(t, st, procedures, "code,name_vi\n1.000110.000.00.00.H15,Khai sinh\n1.004227,"+long+"\n")); got != "2 rows: 0 created, 1 updated, 1 unchanged, 0 wrong" {
			t.Error(got)
		}

		list := fileHead + "1.00011,so-xay-dung,01/11/2026,120,7\n1.004227,so-xay-dung,2026-11-01,30,0\n000.01,so-tu-phap,2026-10-15,0,0\n"
		if got := counts(apply(t, st, files, list)); got != "3 rows: 3 created, 0 updated, 0 unchanged, 0 wrong" {
			t.Error(got)
		}
		changed := fileHead + "1.000110,so-xay-dung,2026-11-01,120,9\n1.004227,so-xay-dung,2026-11-01,30,0\n1.004227,so-xay-dung,2026-11-15,1,1\n"
		before := written(t, st, files, spreadsheet.CSV)
		stale, nameless := judge(t, files, st, []byte(changed)), judge(t, files, st, []byte(changed))
		if err := nameless.Apply(t.Context(), st.Registry, audit.Author{}); err == nil {
			t.Error("without an author it was carried out")
		}
		wrong := judge(t, files, st, []byte(changed+"1.000110,so-xay-dung,2026-11-15,3,4\n"))
		if err := wrong.Apply(t.Context(), st.Registry, testkit.Author()); !errors.Is(err, bulk.ErrWrong) {
			t.Errorf("with a fault: %v", err)
		}
		if after := written(t, st, files, spreadsheet.CSV); after != before {
			t.Error("something was changed: ", cmp.Diff(before, after))
		}
		apply(t, st, procedures, "code,name_vi\n1.000110,Đăng ký khai sinh\n")
		if err := stale.Apply(t.Context(), st.Registry, testkit.Author()); !errors.Is(err, bulk.ErrStale) {
			t.Errorf("after a change: %v", err)
		}
		if got := counts(apply(t, st, files, changed)); got != "3 rows: 1 created, 1 updated, 1 unchanged, 0 wrong" {
			t.Error(got)
		}
		want := fileHead + "000.01,so-tu-phap,2026-10-15,0,0\n1.000110,so-xay-dung,2026-11-01,120,9\n1.004227.000.00.00.H08,so-xay-dung,2026-11-01,30,0\n1.004227.000.00.00.H08,so-xay-dung,2026-11-15,1,1\n"
		if diff := cmp.Diff(want, strings.TrimPrefix(strings.ReplaceAll(written(t, st, files, spreadsheet.CSV), "\r\n", "\n"), "\ufeff")); diff != "" {
			t.Error(diff)
		}

		entries, err := audit.New(st.DB).List(t.Context(), audit.Filter{After: seal.Entries})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, e := range entries {
			if strings.HasSuffix(e.Action, ".import") {
				e.Before, e.After = nil, "file"
			}
			said = append(said, fmt.Sprintf("%s %s %s -> %s", e.Action, e.Subject, e.Before, e.After))
		}
		child := func(name string) string {
			return fmt.Sprintf(`{"code":"1.000110","name":{"en":"Birth","vi":%q},"field":"hanh-chinh"}`, name)
		}
		expected := []string{
			"procedure.change procedure/1.000110 " + child("Đăng ký khai sinh") + " -> " + child("Khai sinh"),
			"procedures.import list/procedures %!s(<nil>) -> file",
			`files.add files/so-xay-dung/2026-11-01 %!s(<nil>) -> {"procedures":2,"handled":150,"late":7}`,
			`files.add files/so-tu-phap/2026-10-15 %!s(<nil>) -> {"procedures":1,"handled":0,"late":0}`,
			"files.import list/files %!s(<nil>) -> file",
			"procedure.change procedure/1.000110 " + child("Khai sinh") + " -> " + child("Đăng ký khai sinh"),
			"procedures.import list/procedures %!s(<nil>) -> file",
			`files.change files/so-xay-dung/2026-11-01/1.000110 {"handled":120,"late":7} -> {"handled":120,"late":9}`,
			`files.add files/so-xay-dung/2026-11-15 %!s(<nil>) -> {"procedures":1,"handled":1,"late":1}`,
			"files.import list/files %!s(<nil>) -> file",
		}
		if diff := cmp.Diff(expected, said); diff != "" {
			t.Error(diff)
		}
		if _, err := audit.New(st.DB).Verify(t.Context()); err != nil {
			t.Error(err)
		}

		empty := province(t, testkit.SQLite(t))
		otherProcedures, otherFiles := shelves(empty)
		for _, pair := range [][2]bulk.List{{procedures, otherProcedures}, {files, otherFiles}} {
			for _, format := range []string{spreadsheet.CSV, spreadsheet.XLSX} {
				plan := judge(t, pair[0], st, []byte(written(t, st, pair[0], format)))
				if plan.Rows < 3 || plan.Unchanged != plan.Rows || plan.Wrong > 0 || plan.Changes() {
					t.Errorf("%s as %s: %s, %v", pair[0].Name, format, counts(plan), plan.Problems)
				}
			}
			was := written(t, st, pair[0], spreadsheet.CSV)
			apply(t, empty, pair[1], was)
			if diff := cmp.Diff(was, written(t, empty, pair[1], spreadsheet.CSV)); diff != "" {
				t.Errorf("%s in an empty database: %s", pair[0].Name, diff)
			}
		}
	})
}

// TestFilesPlantedErrors: faults are told by line, column and value, no other.
func TestFilesPlantedErrors(t *testing.T) {
	t.Parallel()
	st := province(t, testkit.SQLite(t))
	apply(t, st, bulk.Agencies(), "code,name_vi,kind,valid_from,valid_to\nso-cu,Sở cũ,department,2020-01-01,2026-11-15\nso-moi,Sở mới,department,2026-11-10,\n")
	procedures, files := shelves(st)
	want := []string{
		`2 code required ""`, `3 code code-form "1.000 110"`, `4 code made-a-number "1.00011"`, `5 name_vi required ""`,
		`5 field unknown-field "ho-tich"`, `7 code twice "1.000111.000.00.00.H08"`, `8 code looks-like "1.OOO111"`,
	}
	plan := judge(t, procedures, st, []byte(procedureHead+",A,,\n1.000 110,A,,\n1.00011,A,,\n1.000112,,,ho-tich\n1.000111,A,,\n1.000111.000.00.00.H08,A,,\n1.OOO111,A,,\n"))
	if diff := cmp.Diff(want, told(t, plan)); diff != "" {
		t.Error(diff)
	}
	apply(t, st, procedures, procedureHead+"1.000111,A,,\n")
	lines := fileHead
	want = nil
	for i, test := range [][2]string{
		{",so-cu,2026-11-01,1,0", `procedure required ""`},
		{"1.000112,so-cu,2026-11-01,1,0", `procedure unknown-procedure "1.000112"`},
		{"1.000111,so-kia,2026-11-01,1,0", `agency unknown-agency "so-kia"`},
		{"1.000111,so-cu,2026-11-02,1,0", `half_month half-month "2026-11-02"`},
		{"1.000111,so-cu,2026-11-H1,1,0", `half_month half-month "2026-11-H1"`},
		{"1.000111,so-cu,2026-12-01,1,0", `half_month half-month-future "2026-12-01"`},
		{"1.000111,so-cu,2026-11-15,1,0", `agency agency-not-then "so-cu"`},
		{"1.000111,so-moi,2026-10-15,1,0", `agency agency-not-then "so-moi"`},
		{"1.000111,so-moi,2026-11-01,-1,0", `handled number "-1"`},
		{"1.000111,so-moi,2026-11-01,\"1,5\",0", `handled number "1,5"`},
		{"1.000111,so-moi,2026-11-01,3,", `late required ""`},
		{"1.000111,so-xay-dung,2026-11-01,3,4", `late late-more "4"`},
		{"1.000111,so-moi,2026-11-01,3,3", ""},
		{"1.000111,so-moi,01/11/2026,5,3", `procedure files-twice "1.000111"`},
	} {
		lines += test[0] + "\n"
		if test[1] != "" {
			want = append(want, fmt.Sprintf("%d %s", i+2, test[1]))
		}
	}
	if diff := cmp.Diff(want, told(t, judge(t, files, st, []byte(lines)))); diff != "" {
		t.Error(diff)
	}
}
