package xlsform

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/exchange/draft"
	"sipas/internal/fold"
)

// tagged are languages by their names where a file does not give the code.
var tagged = map[string]string{
	"tieng viet": "vi", "vietnamese": "vi", "viet": "vi", "viet nam": "vi", "vietnam": "vi", "tieng anh": "en", "english": "en", "anglais": "en", "ingles": "en",
	"french": "fr", "francais": "fr", "spanish": "es", "espanol": "es", "portuguese": "pt", "portugues": "pt", "arabic": "ar", "swahili": "sw", "kiswahili": "sw",
	"khmer": "km", "tieng khmer": "km", "lao": "lo", "thai": "th", "chinese": "zh", "russian": "ru", "german": "de", "deutsch": "de", "nepali": "ne",
	"hindi": "hi", "bengali": "bn", "bangla": "bn", "burmese": "my", "myanmar": "my", "indonesian": "id", "bahasa": "id", "somali": "so", "amharic": "am",
	"hausa": "ha", "pashto": "ps", "dari": "prs", "ukrainian": "uk", "urdu": "ur", "tagalog": "tl", "japanese": "ja", "korean": "ko", "hmong": "hmn",
	"mong": "hmn", "cham": "cjm", "ede": "rad", "gia rai": "jra", "ba na": "bdq", "turkish": "tr", "persian": "fa", "farsi": "fa", "italian": "it",
}

var (
	coded = regexp.MustCompile(`\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*)\)$`)
	bare  = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)
)

// tagOf is the tag of a language as a header writes it; told is false where the
// header does not say it.
func tagOf(name string) (tag string, told bool) {
	name = strings.TrimSpace(name)
	if found := coded.FindStringSubmatch(name); found != nil {
		return strings.ToLower(strings.ReplaceAll(found[1], "_", "-")), true
	}
	plain, _, _ := strings.Cut(fold.Text(strings.ReplaceAll(name, "_", " ")), "(")
	if tag, known := tagged[strings.TrimSpace(plain)]; known {
		return tag, false
	}
	if bare.MatchString(name) {
		return strings.ToLower(name), true
	}
	letters := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, plain)
	if letters == "" {
		letters = "other"
	}
	return "x-" + letters[:min(8, len(letters))], false
}

// texts are the columns whose languages are those of the survey.
var texts = []string{"label", "hint"}

// languages finds the languages of the labels, and which tag each column has.
func (b *book) languages(sheets ...sheet) {
	b.tags = map[string]string{}
	var unmarked []string
	settled := map[string]bool{}
	for _, s := range sheets {
		for _, row := range s.rows {
			for _, c := range ordered(row) {
				if !slices.Contains(texts, c.name) {
					continue
				}
				if c.language == "" {
					if c.name == "label" {
						unmarked = append(unmarked, row.values[c])
					}
					continue
				}
				tag, told := tagOf(c.language)
				if _, known := b.tags[c.language]; !known {
					b.tags[c.language] = tag
					if !told {
						b.d.Warn(s.name, draft.ProblemLanguageCode, c.raw, tag)
					}
				}
				if c.name == "label" && !settled[tag] {
					settled[tag] = true
					b.d.Languages = append(b.d.Languages, tag)
				}
			}
		}
	}
	base := ""
	if said := b.setting("default_language"); said != "" && !strings.EqualFold(said, "default") {
		base, _ = tagOf(said)
	}
	if len(unmarked) > 0 {
		tag := base
		if tag == "" {
			tag = guessed(unmarked)
			if settled[tag] {
				tag = "x-default"
			}
			b.d.Warn("", draft.ProblemAssumed, tag, "")
		}
		b.tags[""] = tag
		if !settled[tag] {
			b.d.Languages = append([]string{tag}, b.d.Languages...)
		}
	} else if b.tags[""] = base; base == "" && len(b.d.Languages) > 0 {
		b.tags[""] = b.d.Languages[0]
	}
	if slices.Contains(b.d.Languages, base) {
		b.d.Base = base
	} else if len(b.d.Languages) > 0 {
		b.d.Base = b.d.Languages[0]
	}
}

// guessed is the language of texts that nothing says the language of: it is
// Vietnamese if many of them have letters that only Vietnamese has.
func guessed(labels []string) string {
	vietnamese, english := 0, 0
	for _, label := range labels {
		lower := " " + strings.ToLower(label) + " "
		switch {
		case strings.ContainsFunc(norm.NFD.String(lower), func(r rune) bool { return strings.ContainsRune("đ\u031b\u0323\u0309", r) }):
			vietnamese++
		case slices.ContainsFunc([]string{" the ", " of ", " you ", " your ", " is ", " what ", " how ", " other "}, func(w string) bool {
			return strings.Contains(strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) {
					return r
				}
				return ' '
			}, lower), w)
		}):
			english++
		}
	}
	switch {
	case vietnamese*5 >= len(labels):
		return "vi"
	case english*8 >= len(labels):
		return "en"
	}
	return "x-default"
}

// ordered are the columns of a row that have anything in them, as the sheet has them.
func ordered(r row) []column {
	var all []column
	for c := range r.values {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b column) int { return a.at - b.at })
	return all
}

// in gives the texts of a column by language.
func (b *book) in(row row, name string) map[string]string {
	all := map[string]string{}
	for _, c := range ordered(row) {
		if c.name != name {
			continue
		}
		tag := b.tags[c.language]
		if tag == "" || !slices.Contains(b.d.Languages, tag) {
			b.d.Warn(row.where, draft.ProblemProperty, c.raw, row.values[c])
			continue
		}
		if before, twice := all[tag]; twice && before != row.values[c] {
			b.d.Warn(row.where, draft.ProblemProperty, c.raw, row.values[c])
			continue
		}
		all[tag] = row.values[c]
	}
	return all
}
