package command

import (
	"slices"

	"sipas/internal/qr"
	"sipas/internal/typeset"
)

// Unprintable says, once for each text, what the fonts of posters do not have.
func Unprintable(posters []qr.Poster, fonts *typeset.Fonts) []string {
	var said []string
	for _, p := range posters {
		for _, u := range p.Unprintable(fonts) {
			if text := Printable(u.String()); !slices.Contains(said, text) {
				said = append(said, text)
			}
		}
	}
	return said
}
