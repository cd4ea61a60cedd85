package surveys_test

import (
	"strings"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// TestVietnameseOfSurveys: nothing in a survey of the library that a citizen would
// stumble over, and no English among it. Sources name texts by their numbers, and
// the parts of the hospitals' surveys have letters.
func TestVietnameseOfSurveys(t *testing.T) {
	t.Parallel()
	library, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range library {
		for _, text := range append([]agency.Text{d.Source}, d.Unverified...) {
			for _, fault := range testkit.VietnameseFaults(text["vi"], strings.Fields("qđ nđ tt bnv byt bgdđt cp vpcp btttt")...) {
				t.Errorf("%s: %q: %s", d.Key, text["vi"], fault)
			}
		}
		texts := []agency.Text{d.Title, d.Intro}
		for _, s := range d.Sections {
			texts = append(texts, s.Title, s.Stem)
			for _, q := range s.Questions {
				texts = append(texts, q.Text, q.Short, q.NoOpinionText)
				for _, c := range q.Choices {
					texts = append(texts, c.Text, c.Note)
				}
			}
		}
		for _, text := range texts {
			for _, fault := range testkit.VietnameseFaults(text["vi"], "b", "c", "d", "g") {
				t.Errorf("%s: %q: %s", d.Key, text["vi"], fault)
			}
		}
	}
}
