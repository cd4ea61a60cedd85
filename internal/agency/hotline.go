package agency

import "strings"

// MaxHotline bounds a hotline as written, in characters.
const MaxHotline = 40

// Digits of a telephone number: the longest that networks can dial (ITU-T
// E.164), and the shortest in use.
const (
	fewestDigits = 3
	mostDigits   = 15
)

// ParseHotline reads one telephone number as people write it, "1900 1234" or
// "(0252) 382.1234", with blanks at single ones. "" is no number and fits. ok is
// false for whatever cannot be dialled.
func ParseHotline(typed string) (number string, ok bool) {
	number = strings.Join(strings.Fields(typed), " ")
	if number == "" {
		return "", true
	}
	digits := 0
	for i, r := range number {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case r == '+' && i == 0, strings.ContainsRune(" ().-", r):
		default:
			return "", false
		}
	}
	return number, digits >= fewestDigits && digits <= mostDigits && len(number) <= MaxHotline
}

// Dialled is a hotline as a telephone takes it, without what only eyes need:
// "+842523821234".
func Dialled(hotline string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, hotline)
}
