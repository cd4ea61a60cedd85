package agency

// Text is one wording in several languages, by language tag.
type Text map[string]string

// FallbackLanguage is what a text is shown in when it lacks the wanted language.
const FallbackLanguage = "vi"

// In gives the text in a language, or in the fallback language.
func (t Text) In(language string) string {
	if s, ok := t[language]; ok {
		return s
	}
	return t[FallbackLanguage]
}
