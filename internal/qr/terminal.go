package qr

import (
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// Terminal draws address with half blocks, two modules a character, for a
// terminal with colours. Black and white are set by their palette numbers, so
// that it can be scanned on dark and on light themes. It uses the lowest error
// correction, which nothing on a screen needs, to fit into 24 lines. It
// returns ErrURL for an address that cannot be used.
func Terminal(address string) (string, error) {
	grid, err := modules(address, qrcode.Low)
	if err != nil {
		return "", err
	}
	const blackOnWhite, reset = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
	var b strings.Builder
	for y := 0; y < len(grid); y += 2 {
		b.WriteString(blackOnWhite)
		for x, upper := range grid[y] {
			// Symbols have an odd side: the last line is half empty.
			lower := y+1 < len(grid) && grid[y+1][x]
			switch {
			case upper && lower:
				b.WriteRune('█')
			case upper:
				b.WriteRune('▀')
			case lower:
				b.WriteRune('▄')
			default:
				b.WriteByte(' ')
			}
		}
		b.WriteString(reset + "\n")
	}
	return b.String(), nil
}
