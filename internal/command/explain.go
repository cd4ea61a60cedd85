package command

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"

	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/message"
	"sipas/web"
)

// Explain says what went wrong in words for a person at a terminal.
func Explain(err error) string {
	var invalid *fault.Invalid
	switch {
	case errors.Is(err, ErrSaid):
		return ""
	case errors.Is(err, context.Canceled):
		return "stopped"
	case errors.As(err, &invalid):
		return problems(invalid)
	case errors.Is(err, db.ErrCannotOpen):
		return db.ErrCannotOpen.Error()
	case errors.Is(err, fault.ErrClosed):
		return "the service point is closed: open it with `sipas service-points open`"
	}
	return Printable(err.Error())
}

// ErrSaid is the error of a command that has told already what is wrong.
var ErrSaid = errors.New("failed")

// problems lists what is wrong with an input, by the English catalogue.
func problems(invalid *fault.Invalid) string {
	english := func(p fault.Problem) string { return p.Key }
	if texts, err := Texts("en"); err == nil {
		english = func(p fault.Problem) string { return texts.T("problem."+p.Key, "limit", p.Limit) }
	}
	parts := make([]string, len(invalid.Problems))
	for i, p := range invalid.Problems {
		parts[i] = p.Where + ": " + english(p)
	}
	return Printable(strings.Join(parts, "; "))
}

// Texts are the texts of a language.
func Texts(language string) (message.Printer, error) {
	files, err := fs.Sub(web.Files, "locales")
	if err != nil {
		return message.Printer{}, err
	}
	texts, err := message.Load(files)
	if err != nil {
		return message.Printer{}, err
	}
	return texts.For(language), nil
}

// Already says why a change met nothing to change.
func Already(err error, why string) error {
	if errors.Is(err, fault.ErrNotFound) {
		return errors.New(why)
	}
	return err
}

// mostRunes is how much of a message is shown.
const mostRunes = 1000

// Printable keeps text from a file from playing tricks on the terminal. Lines and
// tabs stay.
func Printable(text string) string {
	if utf8.RuneCountInString(text) > mostRunes {
		text = string([]rune(text)[:mostRunes]) + "…"
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return '�'
	}, text)
}

// Cell is text for one cell of a table.
func Cell(text string) string {
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(Printable(text))
}
