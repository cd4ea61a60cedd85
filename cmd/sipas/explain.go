package main

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"

	"sipas/internal/auth"
	"sipas/internal/message"
	"sipas/internal/survey"
	"sipas/web"
)

// explain says what went wrong in words for a person at a terminal.
func explain(err error) string {
	var invalid *survey.Invalid
	switch {
	case errors.Is(err, errSaid):
		return ""
	case errors.Is(err, context.Canceled):
		return "stopped"
	case errors.As(err, &invalid):
		return problems(invalid)
	case errors.Is(err, survey.ErrClosed):
		return "the service point is closed: open it with `sipas service-points open`"
	}
	return printable(err.Error())
}

// errSaid is the error of a command that has told already what is wrong.
var errSaid = errors.New("failed")

// accountProblems are those that no page of the web shows.
var accountProblems = map[string]string{
	auth.ProblemPasswordShort:   "needs {limit} characters or more",
	auth.ProblemPasswordIsLogin: "must not be the login",
	auth.ProblemLoginFormat:     "needs 2 to 64 of the characters a-z 0-9 . _ @ + -",
	auth.ProblemLineFormat:      "must be one line of text",
	auth.ProblemUnknownRole:     "must be administrator or viewer",
}

// problems lists what is wrong with an input, by the English catalogue.
func problems(invalid *survey.Invalid) string {
	english := func(p survey.Problem) string { return p.Key }
	if files, err := fs.Sub(web.Files, "locales"); err == nil {
		if texts, err := message.Load(files); err == nil {
			english = func(p survey.Problem) string { return texts.For("en").T("problem."+p.Key, "limit", p.Limit) }
		}
	}
	parts := make([]string, len(invalid.Problems))
	for i, p := range invalid.Problems {
		text, ours := accountProblems[p.Key]
		if text = strings.ReplaceAll(text, "{limit}", p.Limit); !ours {
			text = english(p)
		}
		parts[i] = p.Where + ": " + text
	}
	return printable(strings.Join(parts, "; "))
}

// mostRunes is how much of a message is shown.
const mostRunes = 1000

// printable keeps text from a file from playing tricks on the terminal.
func printable(text string) string {
	if utf8.RuneCountInString(text) > mostRunes {
		text = string([]rune(text)[:mostRunes]) + "…"
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return '�'
	}, text)
}
