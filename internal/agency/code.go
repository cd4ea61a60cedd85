package agency

import (
	"crypto/rand"
	"strings"
)

// Code is the short unguessable token of a service point's address, and of a
// receipt: eight characters, 37 bits for new ones (ADR 0016).
type Code string

// Path is where the form of the service point is, below the public address.
func (c Code) Path() string { return "/q/" + string(c) }

// printedAlphabet is what codes are made of: without 0 O 1 I L U, which people
// confuse or read as words.
const printedAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeAlphabet is what new codes are made of. A Vietnamese keyboard that was left
// on changes nothing of it: there is no vowel that a key could act on, no D to be
// crossed, and no W, which is Ư by itself. Codes drawn before are on posters, and
// good for ever.
const codeAlphabet = "23456789BCFGHJKMNPQRSTVXZ"

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
	if code := string(out[:]); strings.Trim(code, "23456789") != "" {
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

// codeOf judges eight capitals and digits.
func codeOf(letters string) (Code, bool) {
	return Code(letters), len(letters) == codeLength && within(letters, printedAlphabet)
}

func within(s, alphabet string) bool {
	for i := range len(s) {
		if strings.IndexByte(alphabet, s[i]) < 0 {
			return false
		}
	}
	return true
}
