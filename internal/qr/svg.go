package qr

import (
	"fmt"
	"html"
	"strings"

	"sipas/internal/typeset"
)

// SVG draws address as a standalone SVG image of one path. It has a viewBox in
// modules and no size of its own, so that the page decides; title is what a
// screen reader says and is escaped. It returns ErrURL for an address that
// cannot be used.
func SVG(address, title string) ([]byte, error) {
	grid, err := modules(address, printLevel)
	if err != nil {
		return nil, err
	}
	side := len(grid)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" shape-rendering="crispEdges">`, side, side)
	fmt.Fprintf(&b, `<title>%s</title>`, html.EscapeString(typeset.Plain(title)))
	// White is painted and not left transparent: a dark page would otherwise
	// invert the symbol, which many phones cannot read.
	fmt.Fprintf(&b, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side)
	for _, r := range runs(grid) {
		fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", r.x, r.y, r.width, r.width)
	}
	b.WriteString(`"/></svg>`)
	return []byte(b.String()), nil
}
