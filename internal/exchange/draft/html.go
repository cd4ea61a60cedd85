package draft

import (
	"html"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/survey"
)

var (
	anyTag  = regexp.MustCompile(`(?s)<!--.*?-->|</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*|/)?>`)
	unshown = regexp.MustCompile(`(?is)<script\b.*?(</script\s*>|$)|<style\b.*?(</style\s*>|$)|<iframe\b.*?(</iframe\s*>|$)`)
	media   = regexp.MustCompile(`(?i)<(img|iframe|audio|video|object|embed|source)\b`)
	link    = regexp.MustCompile(`(?i)<a\s[^<>]*href`)
	blanks  = regexp.MustCompile(`[ \t\x{00a0}]+`)
	breaks  = regexp.MustCompile(` ?\n[ \n]*`)
)

// Plain takes HTML out of a text: what was on lines of its own stays so. lost tells
// what a reader would miss, a picture or an address.
func Plain(text string) (plain string, had bool, lost string) {
	switch {
	case media.MatchString(text):
		lost = media.FindString(text)[1:]
	case link.MatchString(text):
		lost = "a href"
	}
	bare := unshown.ReplaceAllString(text, "")
	bare = anyTag.ReplaceAllStringFunc(bare, func(tag string) string {
		switch name := strings.ToLower(anyTag.FindStringSubmatch(tag)[1]); name {
		case "br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre":
			return "\n"
		case "td", "th":
			return " "
		}
		return ""
	})
	return Clean(html.UnescapeString(bare)), bare != text, lost
}

// Clean is a text as a survey has it: form NFC, nothing that nobody can see, no
// blanks at its ends or several in a row.
func Clean(text string) string {
	text = survey.CleanText(norm.NFC.String(strings.ToValidUTF8(text, "\ufffd")))
	return strings.TrimSpace(breaks.ReplaceAllString(blanks.ReplaceAllString(text, " "), "\n"))
}
