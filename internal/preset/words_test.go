package preset

import (
	"testing"

	"sipas/internal/testkit"
)

// TestVietnameseOfPresets: names and notes have nothing that an official would
// stumble over, and no English.
func TestVietnameseOfPresets(t *testing.T) {
	t.Parallel()
	var texts []string
	for _, f := range fields() {
		texts = append(texts, f.Name["vi"])
	}
	for _, p := range provinces() {
		agencies, err := agenciesOf(p.key)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range agencies {
			texts = append(texts, a.Name["vi"], deskName(a.Kind)["vi"])
		}
		targets, err := targetsOf(p.key)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range targets {
			texts = append(texts, target.Note["vi"], target.LeadAgency)
		}
	}
	if len(texts) < 200 {
		t.Fatalf("only %d texts", len(texts))
	}
	for _, text := range texts {
		for _, fault := range testkit.VietnameseFaults(text, "ubnd") {
			t.Errorf("%q: %s", text, fault)
		}
	}
}
