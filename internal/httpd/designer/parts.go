package designer

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
)

// As is the fingerprint of a part of the page that may be large. A script says which it
// has, and is not sent them once more.
func (d draftPage) As(part string) string {
	e := d.Editor
	shown := map[string]any{
		"da-bo": d.Gone, "can-sua": []any{d.Problems, d.Unlisted},
		"sua-chu": e.Texts, "sua-danh-sach": e.Lists, "sua-muc": e.Settings, "sua-dieu-kien": e.Condition,
		"sua-ghi-chu": []any{e.Remarks, e.Reports}, "sua-cho": e.Places,
	}[part]
	content, err := json.Marshal([]any{part, e.Key, shown})
	if err != nil {
		return "" // it is sent
	}
	hash := fnv.New64a()
	hash.Write(content)
	return strconv.FormatUint(hash.Sum64(), 36)
}

// Sends tells whether a part belongs into the answer.
func (d draftPage) Sends(part string) bool {
	return !d.At.Part || !slices.Contains(d.At.Has, d.As(part))
}

// listed is how many problems the page lists; the page on which a draft is published has
// all of them.
const listed = 50

// Warnings are how many problems there are where none of them blocks.
func (d draftPage) Warnings() int { return len(d.Problems) + d.Unlisted }
