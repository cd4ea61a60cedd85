package main

import (
	"fmt"
	"slices"
	"strings"

	"sipas/internal/qr"
	"sipas/internal/registry"
)

// unprintable says, once for each text, what the fonts of posters lack.
func unprintable(posters []qr.Poster) []string {
	var said []string
	for _, p := range posters {
		for _, u := range p.Unprintable() {
			if text := printable(u.String()); !slices.Contains(said, text) {
				said = append(said, text)
			}
		}
	}
	return said
}

// mostUnprintable is how many texts doctor names.
const mostUnprintable = 5

// postersFinding names the texts that posters cannot show as they are written.
func postersFinding(snap *registry.Snapshot) finding {
	f := finding{name: "posters"}
	posters, err := (&posterCmd{All: true}).posters(snap)
	if err != nil {
		f.err = err
		return f
	}
	said := unprintable(posters)
	f.what, f.warn = fmt.Sprintf("%d can be printed", len(posters)), len(said) > 0
	if len(said) > mostUnprintable {
		said = append(said[:mostUnprintable], fmt.Sprintf("and %d more", len(said)-mostUnprintable))
	}
	if f.warn {
		f.what += "; their fonts lack characters, for which they show ?: " + strings.Join(said, "; ")
	}
	return f
}
