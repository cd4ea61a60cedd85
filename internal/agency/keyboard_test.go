package agency_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"sipas/internal/agency"
)

// keyboard makes letters of keys as the common Vietnamese keyboards do, by the
// rules of Telex or VNI with free marking: a key acts on what was typed before
// it in the same word, however far back. It judges no spelling, so it changes
// more than a real keyboard does.
type keyboard struct {
	vni   bool
	loneW bool // Telex: W alone is Ư
	word  []key
}

// key is one letter of the word: its base in small, and its marks.
type key struct {
	base        rune
	shape, tone rune // combining marks, or 0; a crossed d has the shape '-'
	upper       bool
}

func (k *keyboard) typed(text string) string {
	var out strings.Builder
	k.word = nil
	for _, c := range text {
		if c != '_' && (unicode.IsLetter(c) || unicode.IsDigit(c)) {
			k.press(c)
			continue
		}
		out.WriteString(k.String())
		out.WriteRune(c)
		k.word = nil
	}
	return out.String() + k.String()
}

// last finds the last letter of the word that is one of some.
func (k *keyboard) last(of string) *key {
	for i := len(k.word) - 1; i >= 0; i-- {
		if strings.ContainsRune(of, k.word[i].base) {
			return &k.word[i]
		}
	}
	return nil
}

var toneOf = map[rune]rune{
	's': '\u0301', 'f': '\u0300', 'r': '\u0309', 'x': '\u0303', 'j': '\u0323',
	'1': '\u0301', '2': '\u0300', '3': '\u0309', '4': '\u0303', '5': '\u0323',
}

const vowelKeys = "aeiouy"

func (k *keyboard) press(c rune) {
	low := unicode.ToLower(c)
	literal := key{base: low, upper: unicode.IsUpper(c)}
	if tone, ok := toneOf[low]; ok && unicode.IsDigit(low) == k.vni {
		if v := k.last(vowelKeys); v != nil {
			if v.tone == tone { // pressed twice: taken back, and the key itself
				v.tone = 0
				k.word = append(k.word, literal)
				return
			}
			v.tone = tone
			return
		}
	}
	if low == 'z' && !k.vni || low == '0' && k.vni {
		if v := k.last(vowelKeys); v != nil && v.tone != 0 {
			v.tone = 0
			return
		}
	}
	on, shape := "", rune(0)
	switch {
	case !k.vni && strings.ContainsRune("aeo", low), k.vni && low == '6':
		on, shape = string(low), '\u0302'
		if k.vni {
			on = "aeo"
		}
	case !k.vni && low == 'w', k.vni && low == '7':
		on, shape = "aou", '\u031b'
		if k.vni {
			on = "ou"
		}
	case k.vni && low == '8':
		on, shape = "a", '\u0306'
	case !k.vni && low == 'd', k.vni && low == '9':
		on, shape = "d", '-'
	}
	if on != "" {
		if v := k.last(on); v != nil {
			if v.base == 'a' && shape == '\u031b' {
				shape = '\u0306'
			}
			if v.shape == shape {
				v.shape = 0
				k.word = append(k.word, literal)
				return
			}
			v.shape = shape
			return
		}
	}
	if low == 'w' && !k.vni && k.loneW {
		k.word = append(k.word, key{base: 'u', shape: '\u031b', upper: literal.upper})
		return
	}
	k.word = append(k.word, literal)
}

// String writes the word with combining marks.
func (k *keyboard) String() string {
	var out strings.Builder
	for _, l := range k.word {
		letter := string(l.base)
		if l.shape == '-' {
			letter = "đ"
		} else if l.shape != 0 {
			letter += string(l.shape)
		}
		if l.tone != 0 {
			letter += string(l.tone)
		}
		if l.upper {
			letter = strings.ToUpper(letter)
		}
		out.WriteString(letter)
	}
	return out.String()
}

func keyboards() map[string]*keyboard {
	return map[string]*keyboard{"Telex": {}, "Telex with W as Ư": {loneW: true}, "VNI": {vni: true}}
}

func TestTheKeyboardWritesVietnamese(t *testing.T) {
	t.Parallel()
	boards := keyboards()
	for name, words := range map[string]map[string]string{
		"Telex":             {"tieengs": "tiếng", "vieetj": "việt", "Ddown": "Đơn", "tooi": "tôi", "ass": "as", "AASZ": "Â", "quaanf": "quần"},
		"Telex with W as Ư": {"wng": "ưng", "B2978PAR": "B2978PẢ"},
		"VNI":               {"tie6ng1": "tiếng", "d9o7n": "đơn", "a8n": "ăn", "a11": "a1", "MA4": "MÃ", "B2978PAR": "B2978PAR"},
	} {
		for keys, want := range words {
			if got := composed(boards[name].typed(keys)); got != want {
				t.Errorf("%s: %s gives %q, want %q", name, keys, got, want)
			}
		}
	}
}

// composed puts the Vietnamese letters together that a test writes down.
func composed(s string) string {
	for _, pair := range [][2]string{
		{"e\u0302\u0301", "ế"}, {"e\u0302\u0323", "ệ"}, {"o\u031b\u0300", "ờ"}, {"o\u0302", "ô"}, {"A\u0302", "Â"}, {"a\u0302\u0300", "ầ"},
		{"A\u0309", "Ả"}, {"u\u031b", "ư"}, {"o\u031b", "ơ"}, {"a\u0306", "ă"}, {"A\u0303", "Ã"},
	} {
		s = strings.ReplaceAll(s, pair[0], pair[1])
	}
	return s
}

// TestNewCodesPassVietnameseKeyboards types 20,000 new codes, as printed, with
// the hyphen and in small letters, and 20,000 of the kind drawn before: how many
// of those come out changed, and how many of these are read all the same.
func TestNewCodesPassVietnameseKeyboards(t *testing.T) {
	t.Parallel()
	const codes = 20_000
	random := rand.New(rand.NewPCG(16, 2026))
	for name, board := range keyboards() {
		before, read := 0, 0
		for range codes {
			code := agency.NewCode()
			for _, keys := range []string{string(code), strings.ToLower(string(code)), code.Grouped(), strings.ToLower(code.Grouped())} {
				if typed := board.typed(keys); typed != keys {
					t.Errorf("%s makes %q of the new code %s", name, typed, keys)
				}
			}
			old := printedCode(random)
			if typed := board.typed(string(old)); typed != string(old) {
				before++
				if slices.Contains(agency.ReadCodes(typed), old) {
					read++
				}
			}
		}
		t.Logf("%s: 0 of %d new codes are changed, unless said above; of as many old ones %d, of which %d are read all the same", name, codes, before, read)
		if read*10 < before*6 {
			t.Errorf("%s: of %d old codes that it changes %d are read", name, before, read)
		}
	}
}

// printedCode draws a code as it was drawn before.
func printedCode(random *rand.Rand) agency.Code {
	const alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	code := make([]byte, 8)
	for i := range code {
		code[i] = alphabet[random.IntN(len(alphabet))]
	}
	return agency.Code(code)
}

// TestOneMarkIsUndone: an old code of which the keyboard took one key is read
// again, wherever the key stood.
func TestOneMarkIsUndone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := agency.Code(rapid.StringMatching(`[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}`).Draw(t, "code"))
		for name, board := range keyboards() {
			typed := board.typed(string(code))
			keys := 0
			for _, l := range board.word {
				if l.base == 'u' && l.shape == 0 {
					keys = -8 // Ư was taken back
				}
				keys++
				if l.shape != 0 && l.base != 'u' { // Ư is W alone
					keys++
				}
				if l.tone != 0 {
					keys++
				}
			}
			if keys != 8 || len(board.word) != 7 {
				continue // another key pressed twice was taken back
			}
			for _, text := range []string{typed, strings.ToLower(typed), composed(typed), "https://a.vn/q/" + typed, "mã: " + typed + "."} {
				if !slices.Contains(agency.ReadCodes(text), code) {
					t.Errorf("%s: %s became %q, and that is read as %q", name, code, text, agency.ReadCodes(text))
				}
			}
		}
	})
}
