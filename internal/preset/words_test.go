package preset

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/agency"
	"sipas/internal/testkit"
)

// highlands are words in the names of communes that are not written as Vietnamese is.
var highlands = strings.Fields("avương pring jút đắk wil mil sắk krông b d hine huoai tẻh")

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
	slices.Sort(texts)
	for _, text := range slices.Compact(texts) {
		for _, fault := range testkit.VietnameseFaults(text, append(highlands, "ubnd")...) {
			t.Errorf("%q: %s", text, fault)
		}
	}
}

// TestEveryFolderIsSound: an agency follows the one above it and exists within
// its days, as an import of what is exported wants it; no code is there twice,
// and names are written as they are compared.
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
		before := map[string]body{}
		for _, a := range p.agencies {
			if _, twice := before[a.Code]; twice {
				t.Errorf("%s: %s is there twice", key, a.Code)
			}
			above, found := before[a.parent]
			if root := len(before) == 0; root != (a.parent == "") || !root && !found {
				t.Errorf("%s: %s comes before %q, which is above it", key, a.Code, a.parent)
			}
			if a.ValidFrom < above.ValidFrom || above.ValidTo != "" && (a.ValidTo == "" || a.ValidTo > above.ValidTo) || a.ValidTo != "" && a.ValidTo <= a.ValidFrom {
				t.Errorf("%s: %s is there from %q to %q", key, a.Code, a.ValidFrom, a.ValidTo)
			}
			if !norm.NFC.IsNormalString(a.Name["vi"]) || a.Name["en"] == "" || !slices.Contains(agency.Kinds(), a.Kind) {
				t.Errorf("%s: %s is a %q called %q, %q", key, a.Code, a.Kind, a.Name["vi"], a.Name["en"])
			}
			before[a.Code] = a
		}
	}
}
