package fold

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rank tells how well a text answers what is looked for.
type Rank int

// The ranks, the best one last.
const (
	None      Rank = iota // it does not hold it
	Inside                // it holds it somewhere
	Word                  // one of its words begins with it
	Beginning             // one of its lines begins with it
)

// Find ranks a text by what is looked for, both as Text writes them. Several texts that
// answer for one thing are the lines of one.
func Find(text, wanted string) Rank {
	best := None
	for from := 0; ; {
		at := strings.Index(text[from:], wanted)
		if at < 0 {
			return best
		}
		at += from
		before, size := utf8.DecodeLastRuneInString(text[:at])
		switch {
		case size == 0 || before == '\n':
			return Beginning
		case !unicode.IsLetter(before) && !unicode.IsDigit(before):
			best = Word
		default:
			best = max(best, Inside)
		}
		from = at + 1
	}
}

// Best picks the n that answer best of all, each ranked by its place, and tells how
// many answer at all. Of one rank, the first are the best.
func Best[T any](all []T, n int, rank func(place int) Rank) (best []T, found int) {
	var by [Beginning + 1][]T
	for i, one := range all {
		is := rank(i)
		if is == None {
			continue
		}
		found++
		if len(by[is]) < n {
			by[is] = append(by[is], one)
		}
	}
	best = slices.Concat(by[Beginning], by[Word], by[Inside])
	return best[:min(n, len(best))], found
}
