package agency

import (
	"regexp"
	"strings"
)

// keyForm is how the code of an agency is written: one that people made up, or a
// number or identifier of the state's, "22945" or "H29.12".
var keyForm = regexp.MustCompile(`^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$`)

// maxKey bounds the code of an agency, in bytes.
const maxKey = 64

// WellFormedKey tells whether a text may be the code of an agency.
func WellFormedKey(text string) bool { return len(text) <= maxKey && keyForm.MatchString(text) }

// Confusable is the code of an agency without what people and prints confuse; two
// codes that become the same are a mistake.
func Confusable(key string) string {
	return strings.NewReplacer("0", "o", "1", "l", "i", "l", "_", "-").Replace(strings.ToLower(key))
}
