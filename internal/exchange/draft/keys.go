package draft

import (
	"fmt"
	"strings"

	"sipas/internal/fold"
)

// Keys makes names of a file into keys, each once: small letters without marks,
// digits, hyphens for everything else; n in front of what does not begin with a
// letter; cut at 40; and -2, -3 behind one that is taken.
type Keys struct {
	taken, reserved map[string]bool
	changed         []string
}

const maxKey = 40

// Reserve keeps keys from being made.
func (k *Keys) Reserve(keys ...string) {
	if k.taken == nil {
		k.taken, k.reserved = map[string]bool{}, map[string]bool{}
	}
	for _, key := range keys {
		k.reserved[key] = true
	}
}

// Take takes a name for a key as it is, also one that is reserved; false if it is
// none, or taken.
func (k *Keys) Take(name string) bool {
	k.Reserve()
	if name == "" || keyOf(name) != name || k.taken[name] {
		return false
	}
	k.taken[name] = true
	return true
}

// Make makes the key of a name.
func (k *Keys) Make(name string) string {
	k.Reserve()
	key, base := keyOf(name), keyOf(name)
	for n := 2; k.taken[key] || k.reserved[key]; n++ {
		suffix := fmt.Sprintf("-%d", n)
		key = strings.TrimRight(base[:min(len(base), maxKey-len(suffix))], "-") + suffix
	}
	k.taken[key] = true
	if key != name {
		k.changed = append(k.changed, name+" → "+key)
	}
	return key
}

func keyOf(name string) string {
	folded := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, fold.Text(name))
	parts := strings.FieldsFunc(folded, func(r rune) bool { return r == '-' })
	key := strings.Join(parts, "-")
	if key == "" || key[0] < 'a' {
		key = strings.TrimRight("n"+key, "-")
	}
	return strings.TrimRight(key[:min(len(key), maxKey)], "-")
}
