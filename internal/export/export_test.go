package export_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/civil"
	"sipas/internal/export"
	"sipas/internal/testkit"
)

const wantLines = `{"id":"` + firstAlias + `","service_point":"DATDATAA","agency":"so-x","field":"dat-dai","version":"pulse.1","channel":"kiosk","language":"vi","day":"2025-11-20","time":"2025-11-20T03:00:00+07:00","answers":{"first-visit":"yes","overall":5,"reasons":["slow","far"],"staff":0}}
{"id":"` + secondAlias + `","service_point":"MZEDMZED","agency":"so-x","field":"khong-ro","version":"pulse.1","channel":"kiosk","language":"vi","day":"2025-11-20","time":"2025-11-20T03:00:00+07:00","answers":{"overall":2}}
`

const wantCSV = `id,service_point,agency,field,version,channel,language,day,time,pulse.overall,pulse.staff,pulse.first-visit,pulse.reasons
` + firstAlias + `,DATDATAA,so-x,dat-dai,pulse.1,kiosk,vi,2025-11-20,2025-11-20T03:00:00+07:00,5,0,yes,slow far
` + secondAlias + `,MZEDMZED,so-x,khong-ro,pulse.1,kiosk,vi,2025-11-20,2025-11-20T03:00:00+07:00,2,,,
`

// TestWhatIsWritten shows both forms whole: no text, receipt, minute or address
// can hide in them.
func TestWhatIsWritten(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		answer(t, open(t, st))
		var lines, sheet, nobody bytes.Buffer
		o := export.Options{Zone: zone, Hours: true}
		if n, err := export.JSONL(t.Context(), &lines, st.Registry, st.Store, o); n != 2 || err != nil {
			t.Errorf("JSONL wrote %d, %v", n, err)
		}
		if n, err := export.CSV(t.Context(), &sheet, st.Registry, st.Store, o); n != 2 || err != nil {
			t.Errorf("CSV wrote %d, %v", n, err)
		}
		if diff := cmp.Diff(sorted(wantLines), sorted(lines.String())); diff != "" {
			t.Errorf("lines: %s", diff)
		}
		if diff := cmp.Diff(sorted(wantCSV), sorted(sheet.String())); diff != "" {
			t.Errorf("CSV: %s", diff)
		}
		o.WithoutIDs = true
		if _, err := export.JSONL(t.Context(), &nobody, st.Registry, st.Store, o); err != nil {
			t.Fatal(err)
		}
		without := strings.NewReplacer(`"id":"`+firstAlias+`",`, "", `"id":"`+secondAlias+`",`, "").Replace(wantLines)
		if diff := cmp.Diff(sorted(without), sorted(nobody.String())); diff != "" {
			t.Errorf("without ids: %s", diff)
		}
		var coarse bytes.Buffer
		if _, err := export.JSONL(t.Context(), &coarse, st.Registry, st.Store, export.Options{Zone: zone}); err != nil {
			t.Fatal(err)
		}
		half := strings.NewReplacer("2025-11-20T03", "2025-11-15T00", "2025-11-20", "2025-11-15").Replace(wantLines)
		if diff := cmp.Diff(sorted(half), sorted(coarse.String())); diff != "" {
			t.Errorf("half months: %s", diff)
		}
		o.Days = civil.Days{To: "2025-11-19"}
		if n, err := export.CSV(t.Context(), io.Discard, st.Registry, st.Store, o); n != 0 || err != nil {
			t.Errorf("the day before: %d responses, %v", n, err)
		}
	})
}

func sorted(text string) map[string]bool {
	lines := map[string]bool{}
	for line := range strings.Lines(text) {
		lines[line] = true
	}
	return lines
}
