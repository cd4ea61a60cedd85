package httpd

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"sipas/internal/auth"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/forms"
	"sipas/internal/intake"
	"sipas/internal/limit"
	"sipas/internal/message"
	"sipas/internal/paper"
	"sipas/internal/registry"
	"sipas/internal/strictjson"
	"sipas/internal/studio"
)

// Errors that only the web knows.
var (
	errMethod      = errors.New("method not allowed")
	errCrossOrigin = errors.New("cross-origin request")
	errSignIn      = errors.New("not signed in")

	// ErrMediaType says that a body is not of the type that the route reads.
	ErrMediaType = errors.New("unsupported media type")
	// ErrKeyMissing says that a program sent answers without naming them.
	ErrKeyMissing = errors.New("idempotency key missing")
	// ErrQuery says that an address asks for what cannot be.
	ErrQuery = errors.New("bad query")
)

// Failure is how an error is answered: the status, and the key of a sentence
// in the reader's language that says what to do.
type Failure struct {
	Status     int
	Key        string
	RetryAfter time.Duration
	Problems   []fault.Problem
}

// FailureOf is the only table of kinds of errors and their answers. What it
// does not know is a fault of ours: 500, logged, never echoed.
func FailureOf(err error) Failure {
	var invalid *fault.Invalid
	var unwritable *paper.Unwritable
	var tooMany *limit.TooMany
	var unavailable *intake.Unavailable
	var unread *registry.Unavailable
	var tooLarge *http.MaxBytesError
	var met *studio.Conflict
	var unready *studio.Unready
	switch {
	case errors.As(err, &invalid):
		return Failure{Status: http.StatusUnprocessableEntity, Key: "error.invalid", Problems: invalid.Problems}
	case errors.As(err, &unwritable):
		return Failure{Status: http.StatusConflict, Key: "error.no-font"}
	case errors.As(err, &tooMany):
		return Failure{Status: http.StatusTooManyRequests, Key: "error.too-many", RetryAfter: tooMany.RetryAfter}
	case errors.As(err, &unavailable):
		return Failure{Status: http.StatusServiceUnavailable, Key: "error.unavailable", RetryAfter: unavailable.RetryAfter}
	case errors.As(err, &tooLarge):
		return Failure{Status: http.StatusRequestEntityTooLarge, Key: "error.too-large"}
	case errors.Is(err, fault.ErrNotFound), errors.Is(err, fault.ErrClosed), errors.Is(err, fault.ErrReplaced), errors.Is(err, fault.ErrNoCounter):
		return Failure{Status: http.StatusNotFound, Key: "error.not-found"}
	case errors.As(err, &met):
		return Failure{Status: http.StatusConflict, Key: "error.draft-conflict"}
	case errors.Is(err, studio.ErrOvertaken):
		return Failure{Status: http.StatusConflict, Key: "error.draft-overtaken"}
	case errors.Is(err, studio.ErrArchived):
		return Failure{Status: http.StatusConflict, Key: "error.draft-archived"}
	case errors.As(err, &unready):
		return Failure{Status: http.StatusUnprocessableEntity, Key: "error.draft-unready"}
	case errors.Is(err, fault.ErrConflict):
		return Failure{Status: http.StatusConflict, Key: "error.conflict"}
	case errors.Is(err, auth.ErrLastAdministrator):
		return Failure{Status: http.StatusConflict, Key: "error.last-administrator"}
	case errors.Is(err, fault.ErrRemoved):
		return Failure{Status: http.StatusGone, Key: "error.removed"}
	case errors.Is(err, fault.ErrForbidden):
		return Failure{Status: http.StatusForbidden, Key: "error.forbidden"}
	case errors.Is(err, auth.ErrEntryEnded):
		return Failure{Status: http.StatusForbidden, Key: "error.entry-ended"}
	case errors.Is(err, errCrossOrigin):
		return Failure{Status: http.StatusForbidden, Key: "error.cross-origin"}
	case errors.Is(err, errSignIn), errors.Is(err, auth.ErrBadLogin):
		return Failure{Status: http.StatusUnauthorized, Key: "error.sign-in"}
	case errors.Is(err, errMethod):
		return Failure{Status: http.StatusMethodNotAllowed, Key: "error.method"}
	case errors.Is(err, ErrMediaType):
		return Failure{Status: http.StatusUnsupportedMediaType, Key: "error.media-type"}
	case errors.Is(err, ErrKeyMissing):
		return Failure{Status: http.StatusBadRequest, Key: "error.idempotency-key"}
	case errors.Is(err, strictjson.ErrMalformed):
		return Failure{Status: http.StatusBadRequest, Key: "error.malformed"}
	case errors.Is(err, civil.ErrSpan):
		return Failure{Status: http.StatusBadRequest, Key: "error.span"}
	case errors.Is(err, ErrQuery):
		return Failure{Status: http.StatusBadRequest, Key: "error.query"}
	case errors.Is(err, context.Canceled):
		return Failure{Status: 499, Key: "error.internal"} // the reader went away
	case errors.As(err, &unread), db.Transient(err):
		return Failure{Status: http.StatusServiceUnavailable, Key: "error.away", RetryAfter: 5 * time.Second}
	}
	return Failure{Status: http.StatusInternalServerError, Key: "error.internal"}
}

// RetrySeconds is the value of the header Retry-After: whole seconds, rounded up.
func (f Failure) RetrySeconds() int {
	return max(1, int(math.Ceil(f.RetryAfter.Seconds())))
}

// Announce logs what the operator should know of and sets the headers of a failure.
func (y Reply) Announce(err error, f Failure) {
	level := slog.LevelInfo
	switch {
	case f.Status == http.StatusInternalServerError:
		level = slog.LevelError
	case f.Status == http.StatusServiceUnavailable:
		level = slog.LevelWarn
	}
	y.x.k.Log.LogAttrs(y.x.ctx, level, "refused",
		slog.String("id", y.x.id()), slog.Int("status", f.Status), slog.Any("error", err))
	if f.RetryAfter > 0 {
		y.Set("Retry-After", strconv.Itoa(f.RetrySeconds()))
	}
}

// fail answers an error: problem details for the API, a page for people. Who
// must sign in first is sent to the login page.
func (y Reply) fail(err error) {
	f := FailureOf(err)
	y.Announce(err, f)
	if y.x.c.Writer.Written() {
		return // too late for another answer
	}
	switch {
	case y.x.api():
		y.WriteProblem(f)
	case f.Status == http.StatusUnauthorized && y.x.c.Request.Method == http.MethodGet:
		y.LeadTo("/dang-nhap?den=" + url.QueryEscape(y.x.address()))
	default:
		y.renderError(f)
	}
}

// ProblemDetails is an error in the form of RFC 9457.
type ProblemDetails struct {
	Type     string           `json:"type"`
	Title    string           `json:"title"`
	Status   int              `json:"status"`
	Instance string           `json:"instance"`
	Problems []ProblemMessage `json:"problems,omitempty"`
}

// ProblemMessage is one thing wrong with the input, with a sentence for people.
type ProblemMessage struct {
	Where   string `json:"where"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

// WriteProblem answers a program with what went wrong.
func (y Reply) WriteProblem(f Failure) { y.WriteDetails(f.Status, y.Details(f)) }

// WriteDetails is WriteProblem for problem details that say more.
func (y Reply) WriteDetails(status int, details any) {
	y.Set("Content-Type", "application/problem+json; charset=utf-8")
	y.WriteJSON(status, details)
}

// Details are those of a failure.
func (y Reply) Details(f Failure) ProblemDetails {
	printer := y.Printer()
	return ProblemDetails{
		Type: "about:blank", Title: printer.T(f.Key, "seconds", f.RetrySeconds()),
		Status: f.Status, Instance: "urn:uuid:" + y.x.id(),
		Problems: problemMessages(printer, f.Problems),
	}
}

func problemMessages(p message.Printer, problems []fault.Problem) []ProblemMessage {
	var list []ProblemMessage
	for _, problem := range problems {
		list = append(list, ProblemMessage{
			Where: problem.Where, Key: problem.Key, Message: forms.Sentence(p, problem),
		})
	}
	return list
}
