package httpd

import (
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/score"
)

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
func (p page) Channel(c agency.Channel) string { return p.T("channel." + string(c)) }

// Standing names a standing.
func (p page) Standing(s score.Standing) string { return p.T("standing." + string(s)) }

// Level names a level of satisfaction, 1 to 5.
func (p page) Level(level int) string { return p.T("level." + strconv.Itoa(level)) }
