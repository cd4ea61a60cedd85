package surveys_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// TestEncode: what is written is read as the same survey, whatever YAML would take
// its texts for, and is written again as the same bytes.
func TestEncode(t *testing.T) {
	t.Parallel()
	every := testkit.EveryKind(t)
	every.Sections[0].Questions[0].Text = map[string]string{"vi": "yes", "en": "1"}
	every.Sections[0].Questions[1].Text = map[string]string{"vi": "- # a: b\n\ttab\n", "en": " 2026-11-20 "}
	every.Sections[0].Questions[2].Text = map[string]string{"vi": "&a *b !c", "en": "null"}
	library, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range append(library, every) {
		var files [2]bytes.Buffer
		read := []survey.Definition{d, {}}
		for i := range files {
			if err := surveys.Encode(&files[i], read[i]); err != nil {
				t.Fatal(err)
			}
			back, err := surveys.Decode(bytes.NewReader(files[i].Bytes()))
			if err != nil {
				t.Fatalf("%v\n%s", err, files[i].Bytes())
			}
			if diff := cmp.Diff(d, back); diff != "" {
				t.Errorf("%s: %s", d.Key, diff)
			}
			if i == 0 {
				read[1] = back
			}
		}
		if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
			t.Errorf("%s: another file of the same survey", d.Key)
		}
	}
}
