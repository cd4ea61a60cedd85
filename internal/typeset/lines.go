package typeset

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Wrap parts a text into lines of a width: between words, and inside a word only if it is
// wider than a line, where no letter is torn from its marks.
func (p *Pen) Wrap(text string, s Style, width float64) []string {
	var lines []string
	line, used, blank := "", 0.0, false
	for _, w := range wordsOf(text) {
		wide, gap, between := p.wordWidth(w.text, s), 0.0, ""
		switch {
		case line != "" && blank:
			gap, between = p.simpleWidth(" ", s), " "
		case line != "":
			between = string(breaking)
		}
		if used+gap+wide <= width {
			line, used, blank = line+between+w.text, used+gap+wide, w.blank
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		rest := w.text
		for p.wordWidth(rest, s) > width {
			head := p.Prefix(rest, s, width)
			// By itself a part may be wider than it was within the word.
			for limit := width; limit > 0 && p.wordWidth(head, s) > width; {
				limit -= width / 16
				head = p.Prefix(rest, s, limit)
			}
			if head == rest {
				break
			}
			lines = append(lines, head)
			rest = rest[len(head):]
		}
		line, used, blank = rest, p.wordWidth(rest, s), w.blank
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// Prefix is the longest start of a text that fits in a width, at least a letter with its
// marks.
func (p *Pen) Prefix(text string, s Style, width float64) string {
	end, used := 0, 0.0
	for _, w := range wordsOf(text) {
		start := strings.Index(text[end:], w.text) + end
		if start > end {
			used += p.Width(text[end:start], s)
		}
		var last float64
		for at, x := range p.ends(w.text, s) {
			if end > 0 && used+x > width {
				return text[:end]
			}
			end, last = start+at, x
		}
		used += last
	}
	return text[:end]
}

// ends is where a word may be broken if it must, in bytes and units of the document.
func (p *Pen) ends(text string, s Style) iter.Seq2[int, float64] {
	return func(yield func(int, float64) bool) {
		if !simple(text) {
			for _, e := range p.shape(text, s.Bold).ends {
				if next, _ := utf8.DecodeRuneInString(text[e.at:]); unicode.In(next, unicode.Po, unicode.Pe, unicode.Pf) {
					continue // a mark of a sentence does not begin a line
				}
				if !yield(e.at, p.scaled(e.x, s)) {
					return
				}
			}
			return
		}
		at, x := 0, 0.0
		for _, r := range text {
			at += len(string(r))
			x += p.simpleWidth(string(r), s)
			if !yield(at, x) {
				return
			}
		}
	}
}
