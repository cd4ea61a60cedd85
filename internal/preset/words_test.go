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
	for _, key := range Keys() {
		agencies, err := agenciesOf(key)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range agencies {
			texts = append(texts, a.Name["vi"], deskName(a.Kind)["vi"])
		}
		targets, err := targetsOf(key)
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

// TestEveryFolderIsSound: an agency follows the one above it, and no code is
// there twice.
func TestEveryFolderIsSound(t *testing.T) {
	t.Parallel()
	for _, key := range Keys() {
		p, err := load(key)
		if err != nil {
			t.Fatal(err)
		}
		if p.name["vi"] == "" || p.name["en"] == "" {
			t.Errorf("%s has the name %v", key, p.name)
		}
		before := map[string]bool{}
		for _, a := range p.agencies {
			if before[a.Code] {
				t.Errorf("%s: %s is there twice", key, a.Code)
			}
			if root := len(before) == 0; root != (a.parent == "") || !root && !before[a.parent] {
				t.Errorf("%s: %s comes before %q, which is above it", key, a.Code, a.parent)
			}
			before[a.Code] = true
		}
	}
}
