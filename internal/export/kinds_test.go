package export_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/export"
	"sipas/internal/intake"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestEveryKindIsExportedAndImported: what is kept of each kind is in the file,
// and the file makes the same answers elsewhere.
func TestEveryKindIsExportedAndImported(t *testing.T) {
	t.Parallel()
	hall := func(t *testing.T, st *testkit.Place) *intake.Intake {
		in := open(t, st)
		if _, err := st.PublishVersion(t.Context(), testkit.EveryKind(t), late.AddDate(-1, 0, 0)); err != nil {
			t.Fatal(err)
		}
		agencies, err := st.Agencies(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.AddServicePoint(t.Context(), agency.ServicePoint{
			Code: "KNDSKNDS", AgencyID: agencies[0].ID, Name: vi("Quầy"), SurveyKey: "every-kind", Channel: agency.ChannelQR,
			FieldKeys: []string{"dat-dai", "y-te"}, Active: true,
		}); err != nil {
			t.Fatal(err)
		}
		return in
	}
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		in := hall(t, st)
		versions, err := st.Versions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		v := versions[slices.IndexFunc(versions, func(v *survey.Version) bool { return v.Definition.Key == "every-kind" })]
		sent := 0
		for _, c := range testkit.KindCases(t) {
			for _, k := range c.Kept {
				sent++
				s := k.Send.Submission(t, v, fmt.Sprintf("00000000-0000-7000-8000-%012d", sent))
				if _, err := in.SubmitAt(t.Context(), "KNDSKNDS", s, late); err != nil {
					t.Fatalf("%s %v: %v", c.Name, k.Send, err)
				}
			}
		}
		file := func(st *testkit.Place) string {
			var lines bytes.Buffer
			if _, err := export.JSONL(t.Context(), &lines, st.Registry, st.Store, export.Options{Zone: zone, Hours: true}); err != nil {
				t.Fatal(err)
			}
			return lines.String()
		}
		exported := file(st)
		for _, want := range []string{`"staff.manner":4`, `"visits":-2`, `"filed":"2024-02-29"`, `"fee":"yes"`, `"reasons":["else"]`, `"promise":"early"`} {
			if !strings.Contains(exported, want) {
				t.Errorf("%s is not exported", want)
			}
		}
		if strings.Contains(exported, "Thiếu quạt") {
			t.Error("what was said of another choice is exported")
		}
		other := testkit.SQLite(t)
		if got, said := take(t, hall(t, other), other, exported, false); got.Kept != int64(sent) || said != nil {
			t.Errorf("imported: %+v %v", got, said)
		}
		if diff := cmp.Diff(sorted(exported), sorted(file(other))); diff != "" {
			t.Errorf("imported and exported again: %s", diff)
		}
		if again, err := other.Recount(t.Context(), false, nil); err != nil || again.Drift != 0 {
			t.Errorf("recount: %+v %v", again, err)
		}
		var sheet bytes.Buffer
		if _, err := export.CSV(t.Context(), &sheet, st.Registry, st.Store, export.Options{Zone: zone, Hours: true}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&sheet).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range []string{"every-kind.staff.manner", "every-kind.visits", "every-kind.filed"} {
			if !slices.Contains(rows[0], column) {
				t.Errorf("CSV has no column %s: %v", column, rows[0])
			}
		}
		for _, no := range []string{"every-kind.reasons.else", "every-kind.comment", "every-kind.thanks", "every-kind.field"} {
			if slices.Contains(rows[0], no) {
				t.Errorf("CSV has a column %s", no)
			}
		}
	})
}
