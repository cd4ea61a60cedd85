package auth

import (
	_ "embed" // for the list
	"slices"
	"strings"

	"sipas/internal/fold"
)

// commonPasswords are those that people choose first, one in a line, sorted:
// without marks and in small letters, and long enough to be allowed otherwise.
//
//go:embed common.txt
var commonPasswords string

// common tells whether a password is among the first that anybody would try: on
// the list however it is written, one thing over and over, or a row of neighbours
// (12345..., abcde...).
func common(password string) bool {
	plain := fold.Text(password)
	_, listed := slices.BinarySearch(strings.Fields(commonPasswords), plain)
	return listed || repeated(plain) || row(plain)
}

// repeated tells whether a text is one of at most four characters over and over.
func repeated(text string) bool {
	for n := 1; n <= 4 && 2*n <= len(text); n++ {
		if strings.HasPrefix(strings.Repeat(text[:n], len(text)/n+1), text) {
			return true
		}
	}
	return false
}

// row tells whether each character is the one after or before the last.
func row(text string) bool {
	for _, step := range []int{1, -1} {
		inRow := true
		for i := 1; i < len(text); i++ {
			inRow = inRow && int(text[i])-int(text[i-1]) == step
		}
		if inRow {
			return true
		}
	}
	return false
}
