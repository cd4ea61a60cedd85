package exchange_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/exchange"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

var update = flag.Bool("update", false, "write the goldens anew")

// columnsOf are the columns of a file of responses of one survey beside another.
func columnsOf(v *survey.Version) []string {
	columns := []string{"id", "service_point", "agency", "field", "version", "channel", "language", "day", "time", "before.overall"}
	for _, p := range v.Parts() {
		if !p.Free && !p.Reserved {
			columns = append(columns, v.Definition.Key+"."+p.Key())
		}
	}
	return columns
}

func syntaxOf(t *testing.T, v *survey.Version, language string) string {
	t.Helper()
	var out bytes.Buffer
	if err := exchange.SPSS(&out, v, columnsOf(v), "it's.csv", language); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// awkward is a survey of every kind whose keys and texts SPSS would stumble over.
func awkward(t *testing.T) *survey.Version {
	t.Helper()
	d := testkit.EveryKind(t)
	var q *survey.Question
	for i := range d.Sections[0].Questions {
		if q = &d.Sections[0].Questions[i]; q.Type == "single" {
			break
		}
	}
	q.Key, q.Text = "with", map[string]string{"vi": "Ông/bà nói 'được' chưa?\n" + strings.Repeat("Rất dài ư. ", 40), "en": "It's\r\n.\nEXECUTE."}
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	return survey.NewVersion(1, 3, time.Time{}, d)
}

// TestSPSS: the commands are those that people have read, and each name and literal is one
// that SPSS takes, of every survey of the library too.
func TestSPSS(t *testing.T) {
	t.Parallel()
	got := syntaxOf(t, awkward(t), "vi")
	golden := filepath.Join("testdata", "every.sps")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
	library, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	versions := []*survey.Version{awkward(t)}
	for _, d := range library {
		versions = append(versions, survey.NewVersion(1, 1, time.Time{}, d))
	}
	name := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._]{0,63}$`)
	literal := regexp.MustCompile(`'(?:[^']|'')*'`)
	for _, v := range versions {
		for _, language := range v.Definition.Languages {
			said := syntaxOf(t, v, language)
			_, read, _ := strings.Cut(said, "/VARIABLES=\n")
			read, _, _ = strings.Cut(read, "  .\n")
			seen := map[string]bool{}
			lines := strings.Split(strings.TrimSpace(read), "\n")
			if len(lines) != len(columnsOf(v)) {
				t.Errorf("%s: %d columns are read of %d", v.Name(), len(lines), len(columnsOf(v)))
			}
			for _, line := range lines {
				variable, _, _ := strings.Cut(strings.TrimSpace(line), " ")
				if !name.MatchString(variable) || strings.HasSuffix(variable, ".") || seen[strings.ToLower(variable)] {
					t.Errorf("%s: a variable %q", v.Name(), variable)
				}
				seen[strings.ToLower(variable)] = true
			}
			for line := range strings.Lines(said) {
				rest := literal.ReplaceAllString(line, "")
				if strings.Contains(rest, "'") && !strings.HasPrefix(line, "*") || len(line) > 800 {
					t.Errorf("%s: %q", v.Name(), line)
				}
			}
		}
	}
	if pspp, err := exec.LookPath("pspp"); err == nil {
		read(t, pspp, awkward(t))
	}
}

// read lets PSPP read what is written, with cells as `sipas export` writes them: every
// column, without a warning, and of the responses those of the survey. Version 1.6.2 has
// read the golden.
func read(t *testing.T, pspp string, v *survey.Version) {
	t.Helper()
	folder := t.TempDir()
	columns := columnsOf(v)
	cells := make([]string, len(columns))
	cells[4] = v.Name()
	for i, column := range columns[10:] {
		part, _ := v.Part(strings.TrimPrefix(column, v.Definition.Key+"."))
		shape := part.Question.Shape()
		switch {
		case part.Several:
			cells[10+i] = shape.Choices[0].Key + " " + shape.Choices[1].Key
		case len(shape.Choices) > 0:
			cells[10+i] = shape.Choices[1].Key
		case len(shape.Values) > 0:
			cells[10+i] = shape.Values[1]
		case shape.Day:
			cells[10+i] = "2026-11-20"
		default:
			cells[10+i] = "3"
		}
	}
	before := make([]string, len(columns))
	before[4], before[9] = "before.1", "5"
	csv := strings.Join(columns, ",") + "\n" + strings.Join(cells, ",") + "\n" + strings.Join(before, ",") + "\n"
	for name, content := range map[string]string{"it's.csv": csv, "a.sps": syntaxOf(t, v, "vi") + "SAVE TRANSLATE /OUTFILE='back.csv' /TYPE=CSV /FIELDNAMES /REPLACE.\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), pspp, "a.sps")
	cmd.Dir = folder
	said, err := cmd.CombinedOutput()
	if err != nil || len(said) > 0 {
		t.Fatalf("pspp: %v\n%s", err, said)
	}
	back, err := os.ReadFile(filepath.Join(folder, "back.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(back)), "\n")
	if len(lines) != 2 || !strings.Contains(lines[1], v.Name()) || strings.Contains(lines[0], "other_") {
		t.Errorf("it has %s", back)
	}
}
