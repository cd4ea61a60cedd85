package fault

import (
	"errors"
	"strings"
)

// The kinds of failure that every layer speaks of. They are compared with
// errors.Is; the cause is wrapped around them and goes to the log only.
var (
	// ErrNotFound: there is no such thing, or the asker may not know of it.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the same submission id was used before with other content.
	ErrConflict = errors.New("conflict")
	// ErrRemoved: the submission was kept, and taken out since at its sender's wish.
	ErrRemoved = errors.New("removed")
	// ErrForbidden: the asker is known and may not do this.
	ErrForbidden = errors.New("forbidden")
	// ErrClosed: the service point exists but takes no answers now.
	ErrClosed = errors.New("closed")
	// ErrReplaced: the service point exists under another code, which is not told.
	ErrReplaced = errors.New("replaced")
	// ErrNoCounter: the badge is good, and nobody knows where its official serves now.
	ErrNoCounter = errors.New("at no counter")
)

// Problem is one thing wrong with an input: where it is and which message
// explains it. Limit is the bound that was passed, empty where there is none.
type Problem struct {
	Where string `json:"where"`
	Key   string `json:"key"`
	Limit string `json:"limit,omitempty"`
}

// The message keys of Problem. Each is a key `problem.<key>` of the catalogues.
const (
	ProblemUnknownQuestion  = "unknown-question"
	ProblemWrongType        = "wrong-type"
	ProblemOutOfScale       = "out-of-scale"
	ProblemNoOpinion        = "no-opinion-not-offered"
	ProblemUnknownChoice    = "unknown-choice"
	ProblemDuplicateChoice  = "duplicate-choice"
	ProblemTooManyChoices   = "too-many-choices"
	ProblemHidden           = "hidden-question"
	ProblemRequired         = "required"
	ProblemTooLong          = "too-long"
	ProblemControlCharacter = "control-character"
	ProblemBadUTF8          = "bad-utf8"
	ProblemUnknownField     = "unknown-field"
	ProblemServerField      = "server-field"
	ProblemUnknownVersion   = "unknown-version"
	ProblemUnknownLanguage  = "unknown-language"
	ProblemSubmissionID     = "submission-id"
	ProblemDuplicateKey     = "duplicate-key"
	ProblemNotOffered       = "field-not-offered"
	ProblemNotNumber        = "not-a-number"
	ProblemNotDate          = "not-a-date"
	ProblemOutOfRange       = "out-of-range"
)

// MaxProblems is how many problems are told at once: a small body must not ask
// for a long list.
const MaxProblems = 20

// Invalid says that an input was refused and carries the problems found, up to
// MaxProblems.
type Invalid struct{ Problems []Problem }

// Shortened is what of a key that a stranger made up is repeated to them.
func Shortened(key string) string {
	if len(key) > maxShownKey {
		key = key[:maxShownKey] + "…"
	}
	return strings.ToValidUTF8(key, "�")
}

const maxShownKey = 40 // bytes

// Error lists the problems in one line, for logs. Names that the sender made up
// are left out: people write into every place that takes text.
func (e *Invalid) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		switch p.Key {
		case ProblemUnknownQuestion, ProblemUnknownField:
			parts[i] = p.Key
		default:
			parts[i] = p.Where + ": " + p.Key
		}
	}
	return "invalid: " + strings.Join(parts, "; ")
}
