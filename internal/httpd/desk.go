package httpd

import "sipas/internal/survey"

// LanguageName is what the readers of a language call it.
func (p page) LanguageName(tag string) string {
	switch tag {
	case "vi":
		return "Tiếng Việt"
	case "en":
		return "English"
	}
	return tag
}

// Channel names a channel.
func (p page) Channel(c survey.Channel) string { return p.T("channel." + string(c)) }
