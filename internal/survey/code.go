package survey

import (
	"crypto/rand"
	"strings"
)

// Code is the short unguessable token of a service point's address, and of a
// receipt: eight characters of an alphabet without look-alikes, about 39 bits.
type Code string

// Path is where the form of the service point is, below the public address.
func (c Code) Path() string { return "/q/" + string(c) }

// codeAlphabet leaves out 0 O 1 I L U, which people confuse or read as words.
const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength is the number of characters of a Code.
const codeLength = 8

// NewCode draws a random code.
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
	return Code(out[:])
}

// ParseCode reads a code as a person may type it: any case, with or without
// the hyphen in the middle. ok is false for anything else.
func ParseCode(s string) (code Code, ok bool) {
	if len(s) > codeLength+1 {
		return "", false
	}
	s = strings.ToUpper(s)
	if len(s) == codeLength+1 && s[codeLength/2] == '-' {
		s = s[:codeLength/2] + s[codeLength/2+1:]
	}
	if len(s) != codeLength {
		return "", false
	}
	for i := range len(s) {
		if strings.IndexByte(codeAlphabet, s[i]) < 0 {
			return "", false
		}
	}
	return Code(s), true
}

// Grouped writes the code as people read it aloud: 7K3M-Q9TD.
func (c Code) Grouped() string {
	if len(c) != codeLength {
		return string(c)
	}
	return string(c[:codeLength/2] + "-" + c[codeLength/2:])
}
