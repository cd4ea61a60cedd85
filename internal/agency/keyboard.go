package agency

import "strings"

// A Vietnamese keyboard makes one letter of several keys: of letters in Telex,
// of digits in VNI. The keys of both stand at the same places.
const (
	toneMarks = "\u0301\u0300\u0309\u0303\u0323" // sắc, huyền, hỏi, ngã, nặng
	telexTone = "SFRXJ"
	vniTone   = "12345"
)

// toned lists each vowel without a tone, then with the five of toneMarks.
const toned = "AÁÀẢÃẠĂẮẰẲẴẶÂẤẦẨẪẬEÉÈẺẼẸÊẾỀỂỄỆIÍÌỈĨỊOÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢUÚÙỦŨỤƯỨỪỬỮỰYÝỲỶỸỴ"

// shaped gives the keys of the letters with a shape of their own. Ư is W alone,
// for no code has a U.
var shaped = map[rune]letter{
	'Ă': {base: 'A', telex: "W", vni: "8"}, 'Â': {base: 'A', telex: "A", vni: "6"}, 'Ê': {base: 'E', telex: "E", vni: "6"},
	'Ô': {base: 'O', telex: "O", vni: "6"}, 'Ơ': {base: 'O', telex: "W", vni: "7"}, 'Ư': {base: 'W'}, 'Đ': {base: 'D', telex: "D", vni: "9"},
}

// letterOf takes a composed capital apart.
func letterOf(c rune) letter {
	if c < 0x80 {
		return letter{base: byte(c)}
	}
	if l, ok := shaped[c]; ok {
		return l
	}
	n, plain := 0, 'A'
	for _, v := range toned {
		if n%6 == 0 {
			plain = v
		}
		if v == c {
			l := letterOf(plain)
			l.tone(n%6 - 1)
			return l
		}
		n++
	}
	return letter{}
}

// tone adds the keys of a tone by its place.
func (l *letter) tone(n int) {
	l.telex, l.vni = l.telex+telexTone[n:n+1], l.vni+vniTone[n:n+1]
}

// mark adds a combining mark.
func (l *letter) mark(c rune) {
	if i := strings.IndexRune(toneMarks, c); i >= 0 {
		l.tone(i / len("\u0301"))
		return
	}
	switch {
	case c == '\u0302': // circumflex
		l.telex, l.vni = l.telex+string(l.base), l.vni+"6"
	case c == '\u0306': // breve
		l.telex, l.vni = l.telex+"W", l.vni+"8"
	case c == '\u031b' && l.base == 'U':
		l.base = 'W'
	case c == '\u031b': // horn
		l.telex, l.vni = l.telex+"W", l.vni+"7"
	}
}
