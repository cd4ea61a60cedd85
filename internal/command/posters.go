package command

import (
	"slices"

	"sipas/internal/qr"
)

// Unprintable says, once for each text, what the fonts of posters lack.
func Unprintable(posters []qr.Poster) []string {
	var said []string
	for _, p := range posters {
		for _, u := range p.Unprintable() {
			if text := Printable(u.String()); !slices.Contains(said, text) {
				said = append(said, text)
			}
		}
	}
	return said
}
