package preset

import (
	"fmt"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/textfile"
)

// emptyKey begins the key of a province that was made by its name, not from a preset.
const emptyKey = "empty:"

// Empty is a province by its name, "Lâm Đồng" or "thành phố Huế": its people's
// committee, the service fields, the indicators and the built-in surveys, and nothing
// that is the province's own to say. Agencies that are there already are its own, and stand
// for the committee. Without a word for what it is, it is a tỉnh.
func Empty(name string) Source { return func() (province, error) { return named(name) } }

// LongestName bounds the name of a province, in characters.
const LongestName = 100

func named(name string) (province, error) {
	name = textfile.OneLine(name)
	kind, code := "tỉnh", "ubnd-tinh"
	if rest, is := cutWord(name, kind); is {
		name = rest
	} else if rest, is := cutWord(name, "thành phố"); is {
		kind, code, name = "thành phố", "ubnd-thanh-pho", rest
	}
	if n := len([]rune(name)); n == 0 || n > LongestName {
		return province{}, fmt.Errorf("a province's name has 1 to %d characters, this one %d", LongestName, n)
	}
	committee := agency.Agency{Code: code, Kind: agency.KindProvince, Name: agency.Text{"vi": "Ủy ban nhân dân " + kind + " " + name}}
	return province{key: emptyKey + name, name: agency.Text{"vi": name}, agencies: []body{{Agency: committee}}, adopts: true}, nil
}

// cutWord cuts a word off the beginning of a text, whatever its capitals.
func cutWord(text, word string) (rest string, is bool) {
	if len(text) < len(word) || !strings.EqualFold(text[:len(word)], word) {
		return text, false
	}
	rest = text[len(word):]
	return strings.TrimSpace(rest), rest == "" || rest[0] == ' '
}
