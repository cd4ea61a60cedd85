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

// Hierarchy finds agencies by their ids and knows what stands above them.
type Hierarchy map[int64]Agency

// NewHierarchy takes every agency.
func NewHierarchy(agencies []Agency) Hierarchy {
	h := make(Hierarchy, len(agencies))
	for _, a := range agencies {
		h[a.ID] = a
	}
	return h
}

// upwards lists an agency and those above it. A circle, which no data should
// hold, ends it.
func (h Hierarchy) upwards(id int64) []Agency {
	var way []Agency
	for a, ok := h[id]; ok && len(way) < len(h); a, ok = h[a.ParentID] {
		way = append(way, a)
	}
	return way
}

// Hotline is the number to report to about an agency: its own, or that of the
// nearest one above that has one; "" where there is none.
func (h Hierarchy) Hotline(id int64) string {
	for _, a := range h.upwards(id) {
		if a.Hotline != "" {
			return a.Hotline
		}
	}
	return ""
}

// Head is the agency at the top, whose name stands above an agency's in the
// heading of its papers: the province's people's committee. It is the zero
// Agency for the one at the top.
func (h Hierarchy) Head(id int64) Agency {
	way := h.upwards(id)
	if len(way) < 2 {
		return Agency{}
	}
	return way[len(way)-1]
}
