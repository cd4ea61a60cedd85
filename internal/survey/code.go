package survey

import (
	"crypto/rand"
	"strings"
)

// Code is the short unguessable token of a service point's address, and of a
// receipt: eight characters, 38 bits for new ones (ADR 0016).
type Code string

// Path is where the form of the service point is, below the public address.
func (c Code) Path() string { return "/q/" + string(c) }

const (
	// codeAlphabet is what new codes are made of. A Vietnamese keyboard that was
	// left on changes nothing of it: there is no vowel that a key could act on,
	// no D to be crossed and no W, which stands for Ư by itself. O, I and L are
	// read as 0 and 1; U looks like V and is a vowel.
	codeAlphabet = "0123456789BCFGHJKMNPQRSTVXZ"
	// printedAlphabet is that of codes drawn before, which posters show for ever.
	printedAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// codeLength is the number of characters of a Code.
const codeLength = 8

// NewCode draws a random code. It is never all digits: tables would take it for
// a number.
func NewCode() Code {
	// Bytes at or above the largest multiple of the alphabet are drawn again,
	// so that every character is equally likely.
	const limit = 256 - 256%len(codeAlphabet)
	var out [codeLength]byte
	var buf [2 * codeLength]byte
	for n := 0; n < codeLength; {
		// crypto/rand.Read never fails: it stops the program instead.
		_, _ = rand.Read(buf[:])
		for _, b := range buf {
			if int(b) < limit && n < codeLength {
				out[n] = codeAlphabet[int(b)%len(codeAlphabet)]
				n++
			}
		}
	}
	if code := string(out[:]); strings.Trim(code, "0123456789") != "" {
		return Code(code)
	}
	return NewCode()
}

// Grouped writes the code as people read it aloud: 7K3M-Q9TB.
func (c Code) Grouped() string {
	if len(c) != codeLength {
		return string(c)
	}
	return string(c[:codeLength/2] + "-" + c[codeLength/2:])
}

// codeOf judges eight capitals and digits: each alphabet by itself, and what is
// easily taken for a digit of the new one.
func codeOf(letters string) (Code, bool) {
	if len(letters) != codeLength {
		return "", false
	}
	if within(letters, printedAlphabet) {
		return Code(letters), true
	}
	if strings.ContainsAny(letters, "OIL") {
		letters = lookAlikes.Replace(letters)
	}
	return Code(letters), within(letters, codeAlphabet)
}

var lookAlikes = strings.NewReplacer("O", "0", "I", "1", "L", "1")

func within(s, alphabet string) bool {
	for i := range len(s) {
		if strings.IndexByte(alphabet, s[i]) < 0 {
			return false
		}
	}
	return true
}
