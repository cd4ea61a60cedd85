package main

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

// explain says what went wrong in words for a person at a terminal.
func explain(err error) string {
	var invalid *fault.Invalid
	switch {
	case errors.Is(err, errSaid):
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
	return printable(err.Error())
}

// errSaid is the error of a command that has told already what is wrong.
var errSaid = errors.New("failed")

// problems lists what is wrong with an input, by the English catalogue.
func problems(invalid *fault.Invalid) string {
	english := func(p fault.Problem) string { return p.Key }
	if files, err := fs.Sub(web.Files, "locales"); err == nil {
		if texts, err := message.Load(files); err == nil {
			english = func(p fault.Problem) string { return texts.For("en").T("problem."+p.Key, "limit", p.Limit) }
		}
	}
	parts := make([]string, len(invalid.Problems))
	for i, p := range invalid.Problems {
		parts[i] = p.Where + ": " + english(p)
	}
	return printable(strings.Join(parts, "; "))
}

// mostRunes is how much of a message is shown.
const mostRunes = 1000

// printable keeps text from a file from playing tricks on the terminal. Lines and
// tabs stay.
func printable(text string) string {
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

// cell is text for one cell of a table.
func cell(text string) string {
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(printable(text))
}
