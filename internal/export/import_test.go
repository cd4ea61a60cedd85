package export_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sipas/internal/civil"
	"sipas/internal/export"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// take imports and returns what was said of the lines.
func take(t *testing.T, in *intake.Intake, st *testkit.Place, file string, dry bool) (export.Imported, []string) {
	t.Helper()
	var said []string
	got, err := export.Import(t.Context(), in, st.Registry, strings.NewReader(file), export.ImportOptions{
		Zone: zone, Now: func() time.Time { return now }, DryRun: dry,
		Failed: func(line int, err error) { said = append(said, fmt.Sprintf("%d: %v", line, err)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return got, said
}

func TestWhatWasExportedIsImportedOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		in := open(t, st)
		if got, said := take(t, in, st, wantLines, true); got != (export.Imported{Lines: 2, Kept: 2}) || said != nil {
			t.Errorf("dry run: %+v %v", got, said)
		}
		if n, err := st.CountResponses(t.Context(), civil.Days{}); n != 0 || err != nil {
			t.Fatalf("a dry run kept %d responses, %v", n, err)
		}
		file := "\ufeff" + strings.ReplaceAll(wantLines, "\n", "\r\n\r\n") // as an editor may leave it
		if got, said := take(t, in, st, file, false); got != (export.Imported{Lines: 2, Kept: 2}) || said != nil {
			t.Errorf("first: %+v %v", got, said)
		}
		if got, said := take(t, in, st, wantLines, false); got != (export.Imported{Lines: 2, Known: 2}) || said != nil {
			t.Errorf("again: %+v %v", got, said)
		}
		var lines bytes.Buffer
		if _, err := export.JSONL(t.Context(), &lines, st.Registry, st.Store, export.Options{Zone: zone, Hours: true}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sorted(wantLines), sorted(lines.String())); diff != "" {
			t.Errorf("exported again: %s", diff)
		}
		if r, err := st.Recount(t.Context(), false, nil); err != nil || r.Drift != 0 || r.Responses != 2 {
			t.Errorf("recount %+v, %v", r, err)
		}
	})
}

// TestFilesOfBeforeAliases: their rows have submission ids and are known by them.
func TestFilesOfBeforeAliases(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	in := open(t, st)
	old := strings.NewReplacer(firstAlias, firstID, secondAlias, secondID).Replace(wantLines)
	if got, said := take(t, in, st, old, false); got.Kept != 2 || said != nil {
		t.Errorf("first: %+v %v", got, said)
	}
	if got, said := take(t, in, st, wantLines, false); got.Known != 2 || said != nil {
		t.Errorf("under aliases: %+v %v", got, said)
	}
}

// TestAliasesTravel: a response keeps its alias through databases with other
// keys, so that a file is known wherever it has been before.
func TestAliasesTravel(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		open(t, st)
		answers := strings.ReplaceAll(wantLines, "2025-11-20T03", "2025-11-20T00")
		file := answers
		for i, key := range []string{strings.Repeat("0b", 32), strings.Repeat("07", 32)} {
			other := testkit.SQLite(t)
			door := open(t, other)
			if err := other.SaveSetting(t.Context(), registry.SettingExportKey, key); err != nil {
				t.Fatal(err)
			}
			for _, want := range []export.Imported{{Lines: 2, Kept: 2}, {Lines: 2, Known: 2}} {
				if got, said := take(t, door, other, file, false); got != want || said != nil {
					t.Errorf("database %d: %+v %v, want %+v", i, got, said, want)
				}
			}
			var lines bytes.Buffer
			if _, err := export.JSONL(t.Context(), &lines, other.Registry, other.Store, export.Options{Zone: zone, Hours: true}); err != nil {
				t.Fatal(err)
			}
			file = lines.String()
			if diff := cmp.Diff(sorted(answers), sorted(file)); diff != "" {
				t.Errorf("database %d: %s", i, diff)
			}
		}
	})
}

func TestBackIntoItsOwnDatabase(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	in := open(t, st)
	answer(t, in)
	got, said := take(t, in, st, wantLines, false)
	if got != (export.Imported{Lines: 2, Known: 1, Failed: 1}) || len(said) != 1 || !strings.Contains(said[0], "free text") {
		t.Errorf("%+v %q", got, said)
	}
}

func TestLinesWithoutIDs(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	in := open(t, st)
	answer(t, in)
	var lines bytes.Buffer
	if _, err := export.JSONL(t.Context(), &lines, st.Registry, st.Store, export.Options{Zone: zone, WithoutIDs: true}); err != nil {
		t.Fatal(err)
	}
	got, said := take(t, in, st, lines.String(), false)
	if got.Lines == 0 || got.Failed != got.Lines || !strings.Contains(said[0], export.ErrNoID.Error()) {
		t.Errorf("%+v %v", got, said)
	}
}

// TestBadLines has a good line around every bad one: both are kept.
func TestBadLines(t *testing.T) {
	t.Parallel()
	good, _, _ := strings.Cut(wantLines, "\n")
	replace := func(old, with string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("there is no %s", old)
		}
		return strings.Replace(good, old, with, 1)
	}
	for name, test := range map[string]struct{ line, want string }{
		"CSV":                   {"id,service_point,agency", "one JSON object a line"},
		"a list":                {"[1]", "one JSON object a line"},
		"cut off":               {good[:len(good)-2], "cut off"},
		"two objects":           {good + good, "more behind"},
		"not UTF-8":             {replace("so-x", "so-\xe0"), "not UTF-8"},
		"NUL":                   {replace("so-x", "so-\x00"), "bad JSON"},
		"unknown member":        {replace(`"day"`, `"score":5,"day"`), "score"},
		"receipt":               {replace(`"day"`, `"receipt":"ABCDEFGH","day"`), "receipt"},
		"member twice":          {replace(`"day"`, `"day":"2025-01-01","day"`), `"day" stands twice`},
		"member in capitals":    {replace(`"day"`, `"DAY":"2025-01-01","day"`), `"day" stands twice`},
		"long s in a member":    {replace(`"answers"`, `"anſwers":{"overall":1},"answers"`), `"answers" stands twice`},
		"answer twice":          {replace(`"staff":0`, `"staff":0,"staff":5`), `"staff" stands twice`},
		"nested":                {replace(`"staff":0`, `"staff":[[[[]]]]`), "too deep"},
		"wrong type":            {replace(`"so-x"`, `7`), `"agency": want a text, found a number`},
		"too long":              {replace("so-x", strings.Repeat("x", export.MaxLine)), "longer than"},
		"no id":                 {replace(firstAlias, ""), "submission-id"},
		"not an alias":          {replace(firstAlias, "1"), "submission-id"},
		"half an alias":         {replace(firstAlias, firstAlias[:16]), "submission-id"},
		"other service point":   {replace("DATDATAA", "AAAAAAAA"), "no service point"},
		"terminal tricks":       {replace("DATDATAA", `\u001b[2J`), `"\x1b[2J"`},
		"other agency":          {replace("so-x", "so-y"), "not of \"so-y\""},
		"other channel":         {replace("kiosk", "paper"), "not \"paper\""},
		"field of another":      {replace("dat-dai", "y-te"), "field-not-offered"},
		"field that is unsaid":  {replace("dat-dai", "khong-ro"), "cannot come"},
		"unknown version":       {replace("pulse.1", "pulse.2"), "unknown-version"},
		"unknown language":      {replace(`"vi"`, `"en"`), "unknown-language"},
		"other day":             {replace("2025-11-20\"", "2025-11-19\""), "does not fit"},
		"time without zone":     {replace("+07:00", ""), "not of the form"},
		"in the future":         {strings.ReplaceAll(good, "2025", "2035"), "in the future"},
		"long ago":              {strings.ReplaceAll(good, "2025", "1985"), "before 2000"},
		"answers are a list":    {replace(`{"first-visit":"yes","overall":5,"reasons":["slow","far"],"staff":0}`, `[]`), "want an object"},
		"no answers":            {replace(`,"answers":{"first-visit":"yes","overall":5,"reasons":["slow","far"],"staff":0}`, ""), "overall: required"},
		"level 6":               {replace(`"overall":5`, `"overall":6`), "out-of-scale"},
		"level 5.0":             {replace(`"overall":5`, `"overall":5.0`), "whole number"},
		"level as text":         {replace(`"overall":5`, `"overall":"5"`), "wrong-type"},
		"level is null":         {replace(`"overall":5`, `"overall":null`), "whole number"},
		"choice is an object":   {replace(`["slow","far"]`, `{"$gt":0}`), "whole number"},
		"choice of nobody":      {replace(`"slow"`, `"near"`), "unknown-choice"},
		"question of nobody":    {replace(`"staff":0`, `"stuff":0`), "unknown-question"},
		"same id, other answer": {replace(`"overall":5`, `"overall":4`), "used before"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := testkit.SQLite(t)
			in := open(t, st)
			take(t, in, st, good+"\n", false)
			other := strings.Replace(good, firstAlias, secondAlias, 1)
			got, said := take(t, in, st, test.line+"\n"+other, false)
			if got != (export.Imported{Lines: 2, Kept: 1, Failed: 1}) || len(said) != 1 || !strings.HasPrefix(said[0], "1: ") || !strings.Contains(said[0], test.want) {
				t.Errorf("%+v %q, want line 1 to be refused with %q", got, said, test.want)
			}
		})
	}
}

// TestFilesFromBeforeTheCode: what was exported before a service point got another
// code is read back as answers of that service point.
func TestFilesFromBeforeTheCode(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	in := open(t, st)
	points, err := st.ServicePoints(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
		_, err := c.RecodeServicePoint(t.Context(), points[0].ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, said := take(t, in, st, wantLines, false); got.Kept != 2 {
		t.Errorf("%+v %q", got, said)
	}
}

func TestClosedServicePointTakesNothing(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	in := open(t, st)
	points, err := st.ServicePoints(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		if err := st.SetServicePointActive(t.Context(), p.ID, false); err != nil {
			t.Fatal(err)
		}
	}
	got, said := take(t, in, st, wantLines, false)
	if got.Failed != 2 || !strings.Contains(said[0], fault.ErrClosed.Error()) {
		t.Errorf("%+v %q", got, said)
	}
}

func TestFilesThatCannotBeReadAtAll(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	in := open(t, st)
	o := export.ImportOptions{Zone: zone, Now: func() time.Time { return now }, Failed: func(int, error) {}}
	for name, test := range map[string]struct {
		file io.Reader
		want error
	}{
		"UTF-16":      {strings.NewReader("\xff\xfe{\x00"), export.ErrUTF16},
		"broken disk": {io.MultiReader(strings.NewReader(wantLines), failing{}), io.ErrClosedPipe},
	} {
		got, err := export.Import(t.Context(), in, st.Registry, test.file, o)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", name, err, test.want)
		}
		if want := int64(strings.Count(name, "disk") * 2); got.Kept != want {
			t.Errorf("%s: %d kept, want the %d lines that were read", name, got.Kept, want)
		}
	}
	if err := in.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	var away *intake.Unavailable
	if _, err := export.Import(t.Context(), in, st.Registry, strings.NewReader(wantLines), o); !errors.As(err, &away) {
		t.Errorf("with the door shut: %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

// FuzzDecode: whatever a line holds, reading it ends in a row or an error, and
// a row that was read is written and read as the same.
func FuzzDecode(f *testing.F) {
	for line := range strings.Lines(wantLines) {
		f.Add(strings.TrimSpace(line))
	}
	f.Add(`{"answers":{"a":[],"b":["\u0000"],"c":-1}}`)
	f.Fuzz(func(t *testing.T, text string) {
		for line, err := range export.Lines(strings.NewReader(text)) {
			if err != nil || line.Err != nil {
				continue
			}
			again, err := json.Marshal(line.Row)
			if err != nil {
				t.Fatalf("%+v cannot be written: %v", line.Row, err)
			}
			same, err := export.Decode(again)
			if err != nil {
				t.Fatalf("%s: %v", again, err)
			}
			if diff := cmp.Diff(line.Row, same, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		}
	})
}
