package agency

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

const (
	// MaxReadings bounds what one text may mean, so that nobody tries many codes
	// at once.
	MaxReadings = 16
	// maxCodeText is how many bytes of a text are looked at.
	maxCodeText = 1024
)

// ParseCode gives the likeliest of ReadCodes.
func ParseCode(text string) (code Code, ok bool) {
	codes := ReadCodes(text)
	if len(codes) == 0 {
		return "", false
	}
	return codes[0], true
}

// ReadCodes gives the codes that a text may mean, the likeliest first: at most
// MaxReadings, none if there is no code in it. It reads what people and phones
// make of a code: small and full-width letters, blanks, dashes and characters
// without width anywhere, other characters glued on, a whole address, words
// around it, and the letters that a Vietnamese keyboard made of it (Ả of AR in
// Telex, of A3 in VNI). Its cost is bounded however long the text is.
func ReadCodes(text string) []Code {
	if code, ok := codeOf(text); ok && string(code) == text {
		return []Code{code} // as it is printed
	}
	var r codeReader
	for _, w := range windows(letters(text)) {
		r.read(w.letters)
		if r.full() {
			break
		}
	}
	return r.codes
}

// gap is what stands between two letters; the greater one counts.
type gap int

const (
	joined gap = iota
	dashed
	blank
	apart
)

// letter is a letter or digit of a text, with what a keyboard made of the keys
// that followed it.
type letter struct {
	base        byte   // a capital or a digit; 0 is no letter of any code
	telex, vni  string // the keys, in the usual order; as many in both
	before      gap
	afterFolder bool // "/q/" stands before it
}

// letters takes a text apart.
func letters(text string) []letter {
	if len(text) > maxCodeText {
		text = strings.ToValidUTF8(text[:maxCodeText], "")
	}
	var found []letter
	between, slashes := apart, 0
	for _, c := range text {
		if c >= '！' && c <= '～' {
			c -= '！' - '!' // full width
		}
		if c == '/' {
			slashes++
		}
		switch {
		case c >= 0x300 && c <= 0x36f:
			if n := len(found); n > 0 && between == joined {
				found[n-1].mark(c)
			}
			continue
		case unicode.Is(unicode.Cf, c) || unicode.Is(unicode.Mn, c):
			continue // without width
		case unicode.IsSpace(c):
			between = max(between, blank)
			continue
		case unicode.Is(unicode.Pd, c) || c == '−':
			between = max(between, dashed)
			continue
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			between = apart
			continue
		}
		l := letterOf(unicode.ToUpper(c))
		l.before = between
		if n := len(found); n > 0 && slashes > 0 && between == apart {
			l.afterFolder = found[n-1].base == 'Q' && found[n-1].before == apart
		}
		found = append(found, l)
		between, slashes = joined, 0
	}
	return found
}

// window is some letters of a text that may be a code.
type window struct {
	letters []letter
	rank    int // how unlikely
}

// The ranks of windows; what has marks or blanks in it is less likely.
const (
	rankAddress = 0
	rankWhole   = 1
	rankDigits  = 2
	rankLetters = 4
	moreBlanks  = 1
	moreMarks   = 4
)

// windows gives the words, and neighbouring words, that have as many letters as
// a code, the likeliest first; a text ends with its code rather than begins.
func windows(all []letter) []window {
	var found []window
	for from := len(all) - 1; from >= 0; from-- {
		if all[from].before == joined {
			continue
		}
		keys, blanks, digits := 0, false, false
		for to := from; to < len(all) && to-from < codeLength; to++ {
			l := all[to]
			if to > from && l.before == apart || l.base == 0 {
				break
			}
			keys += len(l.telex)
			blanks = blanks || to > from && l.before == blank
			digits = digits || l.base <= '9' || to > from && l.before == dashed
			length := to - from + 1
			if length+keys != codeLength || to+1 < len(all) && all[to+1].before == joined {
				continue
			}
			w := window{all[from : to+1], rankLetters}
			switch {
			case all[from].afterFolder:
				w.rank = rankAddress
			case length == len(all):
				w.rank = rankWhole
			case digits:
				w.rank = rankDigits
			}
			if w.rank >= rankDigits {
				if blanks {
					w.rank += moreBlanks
				}
				if keys > 0 {
					w.rank += moreMarks
				}
			}
			found = append(found, w)
		}
	}
	slices.SortStableFunc(found, func(a, b window) int { return cmp.Compare(a.rank, b.rank) })
	return found
}

// codeReader collects codes.
type codeReader struct {
	codes []Code
	steps int
}

// maxSteps bounds the work for one text, however many marks it has.
const maxSteps = 2000

func (r *codeReader) full() bool { return len(r.codes) == MaxReadings || r.steps > maxSteps }

// read adds what some letters may have been typed as. A key may have been
// pressed later than right behind its letter.
func (r *codeReader) read(word []letter) {
	r.spell(nil, word, "", func(l letter) string { return l.telex })
	r.spell(nil, word, "", func(l letter) string { return l.vni })
}

// spell writes on behind done, first the keys that wait.
func (r *codeReader) spell(done []byte, rest []letter, wait string, keys func(letter) string) {
	if r.steps++; r.full() {
		return
	}
	if len(done) == codeLength {
		if code, ok := codeOf(string(done)); ok && !slices.Contains(r.codes, code) {
			r.codes = append(r.codes, code)
		}
		return
	}
	for i := range len(wait) {
		r.spell(append(done, wait[i]), rest, wait[:i]+wait[i+1:], keys)
	}
	if len(rest) > 0 {
		r.spell(append(done, rest[0].base), rest[1:], wait+keys(rest[0]), keys)
	}
}
