package bulk_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/bulk"
	"sipas/internal/message"
	"sipas/internal/preset"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
	"sipas/internal/testkit"
	"sipas/internal/textfile"
	"sipas/surveys"
	"sipas/web"
)

var now = time.Date(2026, 11, 20, 5, 0, 0, 0, time.UTC)

// province is a place with the agencies, counters and fields of a preset.
func province(t testing.TB, st *testkit.Place) *testkit.Place {
	t.Helper()
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named("binh-thuan"), now); err != nil {
		t.Fatal(err)
	}
	return st
}

func loaded(t testing.TB, st *testkit.Place) *registry.Snapshot {
	t.Helper()
	snap, err := st.Registry.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func written(t testing.TB, st *testkit.Place, list bulk.List, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := list.Write(t.Context(), &out, format, loaded(t, st)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// judge plans a file.
func judge(t testing.TB, list bulk.List, st *testkit.Place, content []byte) *bulk.Plan {
	t.Helper()
	plan, err := list.Plan(t.Context(), loaded(t, st), content)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// apply plans a file that has no fault and carries it out.
func apply(t testing.TB, st *testkit.Place, list bulk.List, content string) *bulk.Plan {
	t.Helper()
	plan := judge(t, list, st, []byte(content))
	if err := plan.Apply(t.Context(), st.Registry, testkit.Author()); err != nil {
		t.Fatal(err, plan.Problems)
	}
	return plan
}

func counts(p *bulk.Plan) string {
	return fmt.Sprintf("%d rows: %d created, %d updated, %d unchanged, %d wrong", p.Rows, p.Created, p.Updated, p.Unchanged, p.Wrong)
}

// rows makes a file of rows in the columns of a list.
func rows(t testing.TB, columns []string, rows [][]string) string {
	t.Helper()
	var out bytes.Buffer
	err := spreadsheet.Write(&out, spreadsheet.CSV, func(row func(...string) error) error {
		errs := []error{row(columns...)}
		for _, cells := range rows {
			errs = append(errs, row(cells...))
		}
		return errors.Join(errs...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestExportIsRead: BAD_INPUTS 3, whatever names and places say, what is written is
// read in both formats as what is there; in an empty database it makes the same list,
// byte for byte.
func TestExportIsRead(t *testing.T) {
	t.Parallel()
	text := rapid.Custom(func(t *rapid.T) string {
		drawn := rapid.OneOf(rapid.SampledFrom([]string{"=1+1", "+84912345678", "-5", "@phuong", "'=1", "a;=1", `"`, "Đặc khu Phú Quý", "＝1", "00123", "_x0041_", "<b>", "a,b"}),
			rapid.StringOfN(rapid.SampledFrom([]rune("=+-@'\"; ,aĐ5ộ<&")), 1, 12, -1)).Draw(t, "text")
		return textfile.OneLine("Quầy"[:rapid.IntRange(0, 1).Draw(t, "begins")*2] + drawn + "a")
	})
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		province(t, st)
		var agencies, points [][]string
		for i := range 40 {
			one := func(from ...string) string { return rapid.SampledFrom(from).Example(i) }
			agencies = append(agencies, []string{
				fmt.Sprintf("%05d", i), text.Example(i), text.Example(i + 1000), one("commune", "school"),
				[]string{"ubnd-tinh", "", fmt.Sprintf("%05d", max(i-1, 0)/2)}[min(i, i%3)], "", one("", "2030-01-01"), fmt.Sprint(i % 4),
			})
			if i == 0 {
				agencies[0][4] = ""
			}
			agencies[i][6] = "" // what stands below must not outlive it
			points = append(points, []string{
				"", text.Example(i + 2000), one("", text.Example(i+3000)), fmt.Sprintf("%05d", i/2), one("", "ubnd-tinh"), one("dat-dai", "y-te;dat-dai", ""),
				one("qr", "kiosk", "paper"), one("", "sipas"), text.Example(i + 4000), one("yes", "no"),
			})
		}
		if got := counts(apply(t, st, bulk.Agencies(), rows(t, bulk.Agencies().Columns, agencies))); got != "40 rows: 40 created, 0 updated, 0 unchanged, 0 wrong" {
			t.Fatal(got)
		}
		plan := apply(t, st, bulk.ServicePoints(), rows(t, bulk.ServicePoints().Columns, points))
		if got := counts(plan); got != "40 rows: 40 created, 0 updated, 0 unchanged, 0 wrong" || len(plan.Codes()) != 40 {
			t.Fatal(got)
		}
		empty := testkit.SQLite(t)
		definitions, err := surveys.BuiltIn()
		if err != nil {
			t.Fatal(err)
		}
		err = empty.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
			var errs []error
			for _, f := range loaded(t, st).Fields {
				errs = append(errs, c.AddServiceField(t.Context(), f))
			}
			for _, d := range definitions {
				_, err := c.PublishVersion(t.Context(), d, now)
				errs = append(errs, err)
			}
			return errors.Join(errs...)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range []bulk.List{bulk.Agencies(), bulk.ServicePoints()} {
			for _, format := range []string{spreadsheet.CSV, spreadsheet.XLSX} {
				plan := judge(t, list, st, []byte(written(t, st, list, format)))
				if plan.Rows == 0 || plan.Unchanged != plan.Rows || plan.Wrong > 0 || plan.Changes() {
					t.Errorf("%s as %s: %s, %v", list.Name, format, counts(plan), plan.Problems)
				}
			}
			was := written(t, st, list, spreadsheet.CSV)
			apply(t, empty, list, was)
			if diff := cmp.Diff(was, written(t, empty, list, spreadsheet.CSV)); diff != "" {
				t.Errorf("%s in an empty database: %s", list.Name, diff)
			}
		}
	})
}

// TestAllOrNothing: a list changes what it names, by its code, with an entry for each
// and one for the file; or nothing, when it has a fault, when something was changed
// meanwhile, and when an entry cannot be written behind the last line.
func TestAllOrNothing(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		province(t, st)
		const header = "code,name_vi,agency,fields,place\n"
		first := apply(t, st, bulk.ServicePoints(), header+",Quầy 1,so-xay-dung,dat-dai;xay-dung,Tầng 1\n,Quầy 2,so-xay-dung,dat-dai,Tầng 1\n")
		code := first.Codes()[0]
		before, seal := written(t, st, bulk.ServicePoints(), spreadsheet.CSV), sealed(t, st)
		list := header + code.Grouped() + ",Quầy 1,so-tu-phap,xay-dung;dat-dai,Tầng 2\n,Quầy 3,so-xay-dung,dat-dai,\n"

		wrong := judge(t, bulk.ServicePoints(), st, []byte(list+",Quầy 4,so-xay-dong,dat-dai,\n"))
		if err := wrong.Apply(t.Context(), st.Registry, testkit.Author()); !errors.Is(err, bulk.ErrWrong) {
			t.Errorf("with a fault: %v", err)
		}
		nameless := judge(t, bulk.ServicePoints(), st, []byte(list))
		if err := nameless.Apply(t.Context(), st.Registry, audit.Author{}); err == nil {
			t.Error("without an author it was carried out")
		}
		if after := written(t, st, bulk.ServicePoints(), spreadsheet.CSV); after != before || sealed(t, st) != seal {
			t.Error("something was changed: ", cmp.Diff(before, after))
		}
		stale := judge(t, bulk.ServicePoints(), st, []byte(list))
		apply(t, st, bulk.Agencies(), "code,name_en\nso-xay-dung,Construction\n")
		if err := stale.Apply(t.Context(), st.Registry, testkit.Author()); !errors.Is(err, bulk.ErrStale) {
			t.Errorf("after a change: %v", err)
		}
		if got := counts(apply(t, st, bulk.ServicePoints(), list)); got != "2 rows: 1 created, 1 updated, 0 unchanged, 0 wrong" {
			t.Error(got)
		}
		p, _ := loaded(t, st).Point(code)
		moved, _ := loaded(t, st).Tree.ByCode("so-tu-phap")
		if p.AgencyID != moved.ID || p.JudgedID != moved.ID || p.Place != "Tầng 2" || cmp.Diff([]string{"xay-dung", "dat-dai"}, p.FieldKeys) != "" {
			t.Errorf("%+v", p)
		}
		if a, _ := loaded(t, st).Tree.ByCode("so-xay-dung"); a.Name["en"] != "Construction" || a.Name["vi"] != "Sở Xây dựng" {
			t.Errorf("%+v", a)
		}
		var fresh agency.Code
		old := first.Codes()[1]
		recoded, _ := loaded(t, st).Point(old)
		err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) (err error) {
			fresh, err = c.RecodeServicePoint(t.Context(), recoded.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		replaced := judge(t, bulk.ServicePoints(), st, []byte(header+string(old)+",Quầy 2,so-xay-dung,dat-dai,\n"))
		if diff := cmp.Diff([]string{fmt.Sprintf(`2 code replaced %q`, old)}, told(t, replaced)); diff != "" || replaced.Problems[0].Detail != string(fresh) {
			t.Error(diff)
		}
		entries, err := audit.New(st.DB).List(t.Context(), audit.Filter{After: seal.Entries})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, e := range entries {
			said = append(said, fmt.Sprintf("%s %s before=%t after=%t", e.Action, strings.NewReplacer(string(code), "CODE", string(old), "OLD").Replace(e.Subject), e.Before != nil, e.After != nil))
		}
		said[2] = strings.Replace(said[2], said[2][len("service-point.add service-point/"):][:8], "NEW", 1)
		want := []string{
			"agency.update agency/so-xay-dung before=true after=true", "agencies.import list/agencies before=false after=true",
			"service-point.add service-point/NEW before=false after=true", "service-point.update service-point/CODE before=true after=true",
			"service-points.import list/service-points before=false after=true", "service-point.recode service-point/OLD before=true after=true",
		}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Error(diff)
		}
		if _, err := audit.New(st.DB).Verify(t.Context()); err != nil {
			t.Error(err)
		}
		if content := fmt.Sprintf("%s", entries[4].After); !strings.Contains(content, audit.ContentOf([]byte(list)).SHA256) {
			t.Errorf("the entry does not prove the file: %s", content)
		}
	})
}

func sealed(t *testing.T, st *testkit.Place) audit.Seal {
	t.Helper()
	seal, err := audit.New(st.DB).Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seal
}

// printers are the languages that problems are told in.
func printers(t *testing.T) []message.Printer {
	t.Helper()
	files, err := fs.Sub(web.Files, "locales")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := message.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return []message.Printer{texts.For("vi"), texts.For("en")}
}

// told is what is wrong, a line each: line, column, value, key. Each must have a
// sentence with every place filled.
func told(t *testing.T, p *bulk.Plan) []string {
	t.Helper()
	var all []string
	for _, problem := range p.Problems {
		all = append(all, fmt.Sprintf("%d %s %s %q", problem.Line, problem.Column, problem.Key, problem.Value))
		for _, printer := range printers(t) {
			if text := problem.Text(printer); text == "" || strings.ContainsAny(text, "{}") || strings.HasPrefix(text, "import.") {
				t.Errorf("%s: %q", printer.Language, text)
			}
		}
	}
	return all
}

// TestWhatIsKeptIsNotJudged: what earlier rules let in is no fault of a file that
// says it again, with blanks and marks as texts are compared.
func TestWhatIsKeptIsNotJudged(t *testing.T) {
	t.Parallel()
	st := province(t, testkit.SQLite(t))
	old, err := st.AddAgency(t.Context(), agency.Agency{Code: "Cũ 1", Kind: "ward", Name: agency.Text{"vi": "Phường  " + strings.Repeat("ă", 300), "km": "x"}, ValidFrom: "1/1", Order: -1})
	if err == nil {
		_, err = st.AddServicePoint(t.Context(), agency.ServicePoint{AgencyID: old.ID, Name: agency.Text{"en": "no Vietnamese"}, SurveyKey: "gone", Channel: "fax"})
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []bulk.List{bulk.Agencies(), bulk.ServicePoints()} {
		if plan := judge(t, list, st, []byte(written(t, st, list, spreadsheet.XLSX))); plan.Unchanged != plan.Rows || plan.Wrong > 0 {
			t.Errorf("%s: %s %v", list.Name, counts(plan), plan.Problems)
		}
	}
	apply(t, st, bulk.Agencies(), "code,name_vi,order\nCũ 1,Phường A,2\n")
	want := agency.Agency{ID: old.ID, Code: "Cũ 1", Kind: "ward", Name: agency.Text{"vi": "Phường A", "km": "x"}, ValidFrom: "1/1", Order: 2}
	if got, _ := loaded(t, st).Tree.ByCode("Cũ 1"); cmp.Diff(want, got) != "" {
		t.Error(cmp.Diff(want, got))
	}
}
