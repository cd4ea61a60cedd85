package testkit

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// banned are words that Vietnamese texts of the product do not use, with what
// stands in their place: one word for one thing, no commands beside ông/bà.
var banned = []struct {
	words   *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?i)(^|\P{L})hãy(\P{L}|$)`), "ông/bà …, xin …"},
	{regexp.MustCompile(`(?i)(^|\P{L})bạn(\P{L}|$)`), "ông/bà"},
	{regexp.MustCompile(`(?i)áp phích`), "bản in mã QR"},
	{regexp.MustCompile(`(?i)không ý kiến`), "không có ý kiến"},
	{regexp.MustCompile(`(?i)máy của ông/bà|loại máy|máy đang giữ`), "thiết bị"},
	{regexp.MustCompile(`(?i)số hồ sơ|số phiếu chờ`), "mã hồ sơ, số thứ tự"},
	{regexp.MustCompile(`(?i)(^|\P{L})giấu(\P{L}|$)`), "ẩn"},
	{regexp.MustCompile(`(?i)bản thứ|bản công bố`), "lần công bố"},
	{regexp.MustCompile(`(?i)giả lập`), "mô phỏng"},
	{regexp.MustCompile(`(?i)trang đầu`), "trang chủ"},
	{regexp.MustCompile(`(?i)người phục vụ`), "cán bộ"},
	{regexp.MustCompile(`(?i)lời hỏi`), "nội dung câu hỏi"},
	{regexp.MustCompile(`(?i)may rủi`), "sai số ngẫu nhiên"},
	{regexp.MustCompile(`(?i)kể tên`), "liệt kê"},
	{regexp.MustCompile(`(?i)tệp chương trình|dựng chương trình`), "tệp chạy duy nhất, biên dịch"},
	{regexp.MustCompile(`\b(administrator|viewer)($|[^ ]| [^(])`), "administrator (quản trị), viewer (chỉ xem)"},
}

// syllable is how every Vietnamese syllable is written, without its tone.
var syllable = regexp.MustCompile(`^(ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?[aăâeêioôơuưy]{1,3}(ch|ng|nh|[cmnpt])?$`)

// known are the foreign words and names that Vietnamese texts may use.
var known = strings.Fields(`qr zalo sipas cookie camera json uuid application idempotency-key byte api
	administrator viewer utf khmer ki-ốt tthc email mm mb svg zip png jpeg`)

var (
	word = regexp.MustCompile(`\p{L}[\p{L}\p{M}\-/]*`)
	// aside is what stands in a text and is not said in Vietnamese: places to
	// fill, code, addresses, and letters that name themselves.
	aside = regexp.MustCompile("\\{[^}]*\\}|`[^`]*`|https?://\\S+|0, O, 1, I, L, U|a-z 0-9|n = |[0-9A-Z]{4}-[0-9A-Z]{4}|T\\{n\\}")
)

// tone takes the tone of a syllable away and leaves its letters.
func tone(s string) string {
	decomposed := strings.Map(func(r rune) rune {
		if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return norm.NFC.String(decomposed)
}

// VietnameseFaults says what in a Vietnamese text a Vietnamese official would
// stumble over: banned words, and words that are not Vietnamese, other than
// those that are generally known and those given.
func VietnameseFaults(text string, also ...string) []string {
	var faults []string
	for _, b := range banned {
		if found := b.words.FindString(text); found != "" {
			faults = append(faults, "“"+strings.TrimSpace(found)+"”: "+b.instead)
		}
	}
	for _, found := range word.FindAllString(aside.ReplaceAllString(text, " "), -1) {
		lower := strings.ToLower(found)
		if slices.Contains(known, lower) || slices.Contains(also, lower) {
			continue
		}
		for _, part := range strings.FieldsFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
			if !syllable.MatchString(tone(part)) && !slices.Contains(also, part) && !slices.Contains(known, part) {
				faults = append(faults, "“"+found+"” is not Vietnamese")
			}
		}
	}
	return faults
}
