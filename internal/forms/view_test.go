package forms

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/intake"
	"sipas/internal/message"
	"sipas/internal/survey"
)

// TestOlderDefinitionIsShown: a version that was published before sections had
// stems, choices notes and level 0 a name of its own is shown as it was then.
func TestOlderDefinitionIsShown(t *testing.T) {
	t.Parallel()
	const stored = `{"key":"old","languages":["vi"],"title":{"vi":"Phiếu"},"method":"single-question","headline":"overall","sections":[
		{"key":"a","title":{"vi":"Chung"},"questions":[{"key":"overall","type":"scale5","required":true,"text":{"vi":"Hài lòng không?"}}]},
		{"key":"b","title":{"vi":"Về từng mặt?"},"questions":[{"key":"seats","type":"scale5","no_opinion":true,"text":{"vi":"Chỗ ngồi"}}]},
		{"key":"c","title":{"vi":"Góp ý"},"questions":[{"key":"why","type":"multi","text":{"vi":"Vì sao?"},"choices":[
			{"key":"x","text":{"vi":"Chờ lâu"}},{"key":"y","text":{"vi":"Xa"}}]}]}]}`
	var d survey.Definition
	if err := json.Unmarshal([]byte(stored), &d); err != nil {
		t.Fatal(err)
	}
	if wrong := d.Validate(); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	viewer := Viewer{Printer: message.Printer{}, Language: "vi", Version: survey.NewVersion(1, 1, time.Unix(0, 0), d)}
	view := viewer.View(intake.Form{Hotline: "1900 1234"})
	var said []string
	sections := append(view.Sections, Section{Questions: []Question{*view.Reasons}})
	for _, s := range sections {
		said = append(said, s.Title+"|"+s.Stem)
		for _, q := range s.Questions {
			said = append(said, q.Stem+"|"+q.Text)
			for _, o := range q.Options {
				if q.Type != survey.TypeScale || o.Value == "0" {
					said = append(said, o.Value+"|"+o.Text+"|"+o.Note)
				}
			}
		}
	}
	want := []string{"Về từng mặt?|", "|Chỗ ngồi", "0|level.0|", "|", "|Vì sao?", "x|Chờ lâu|", "y|Xa|"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	// What is stored again is the same, so that publishing it makes no new version.
	again, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var before, after any
	if err := json.Unmarshal([]byte(stored), &before); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again, &after); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("stored again: -before +after\n%s", diff)
	}
}
