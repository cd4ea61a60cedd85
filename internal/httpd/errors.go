package httpd

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sipas/internal/auth"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/forms"
	"sipas/internal/intake"
	"sipas/internal/limit"
	"sipas/internal/message"
	"sipas/internal/registry"
	"sipas/internal/strictjson"
)

// Errors that only the web knows.
var (
	errMethod      = errors.New("method not allowed")
	errCrossOrigin = errors.New("cross-origin request")
	errMediaType   = errors.New("unsupported media type")
	errKeyMissing  = errors.New("idempotency key missing")
	errQuery       = errors.New("bad query")
)

// failure is how an error is answered: the status, and the key of a sentence
// in the reader's language that says what to do.
type failure struct {
	status     int
	key        string
	retryAfter time.Duration
	problems   []fault.Problem
}

// failureOf is the only table of kinds of errors and their answers. What it
// does not know is a fault of ours: 500, logged, never echoed.
func failureOf(err error) failure {
	var invalid *fault.Invalid
	var tooMany *limit.TooMany
	var unavailable *intake.Unavailable
	var unread *registry.Unavailable
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &invalid):
		return failure{status: http.StatusUnprocessableEntity, key: "error.invalid", problems: invalid.Problems}
	case errors.As(err, &tooMany):
		return failure{status: http.StatusTooManyRequests, key: "error.too-many", retryAfter: tooMany.RetryAfter}
	case errors.As(err, &unavailable):
		return failure{status: http.StatusServiceUnavailable, key: "error.unavailable", retryAfter: unavailable.RetryAfter}
	case errors.As(err, &tooLarge):
		return failure{status: http.StatusRequestEntityTooLarge, key: "error.too-large"}
	case errors.Is(err, fault.ErrNotFound), errors.Is(err, fault.ErrClosed):
		return failure{status: http.StatusNotFound, key: "error.not-found"}
	case errors.Is(err, fault.ErrConflict):
		return failure{status: http.StatusConflict, key: "error.conflict"}
	case errors.Is(err, fault.ErrRemoved):
		return failure{status: http.StatusGone, key: "error.removed"}
	case errors.Is(err, fault.ErrForbidden):
		return failure{status: http.StatusForbidden, key: "error.forbidden"}
	case errors.Is(err, auth.ErrEntryEnded):
		return failure{status: http.StatusForbidden, key: "error.entry-ended"}
	case errors.Is(err, errCrossOrigin):
		return failure{status: http.StatusForbidden, key: "error.cross-origin"}
	case errors.Is(err, errSignIn), errors.Is(err, auth.ErrBadLogin):
		return failure{status: http.StatusUnauthorized, key: "error.sign-in"}
	case errors.Is(err, errMethod):
		return failure{status: http.StatusMethodNotAllowed, key: "error.method"}
	case errors.Is(err, errMediaType):
		return failure{status: http.StatusUnsupportedMediaType, key: "error.media-type"}
	case errors.Is(err, errKeyMissing):
		return failure{status: http.StatusBadRequest, key: "error.idempotency-key"}
	case errors.Is(err, strictjson.ErrMalformed):
		return failure{status: http.StatusBadRequest, key: "error.malformed"}
	case errors.Is(err, errQuery):
		return failure{status: http.StatusBadRequest, key: "error.query"}
	case errors.Is(err, context.Canceled):
		return failure{status: 499, key: "error.internal"} // the reader went away
	case errors.As(err, &unread), db.Transient(err):
		return failure{status: http.StatusServiceUnavailable, key: "error.away", retryAfter: 5 * time.Second}
	}
	return failure{status: http.StatusInternalServerError, key: "error.internal"}
}

// retrySeconds is the value of the header Retry-After: whole seconds, rounded up.
func (f failure) retrySeconds() int {
	return max(1, int(math.Ceil(f.retryAfter.Seconds())))
}

// announce logs what the operator should know of and sets the headers of a failure.
func (s *Server) announce(c *gin.Context, err error, f failure) {
	level := slog.LevelInfo
	switch {
	case f.status == http.StatusInternalServerError:
		level = slog.LevelError
	case f.status == http.StatusServiceUnavailable:
		level = slog.LevelWarn
	}
	s.Log.LogAttrs(c.Request.Context(), level, "refused",
		slog.String("id", c.GetString(keyRequestID)), slog.Int("status", f.status), slog.Any("error", err))
	if f.retryAfter > 0 {
		c.Header("Retry-After", strconv.Itoa(f.retrySeconds()))
	}
}

// fail answers an error: problem details for the API, a page for people. Who
// must sign in first is sent to the login page.
func (s *Server) fail(c *gin.Context, err error) {
	f := failureOf(err)
	s.announce(c, err, f)
	if c.Writer.Written() {
		return // too late for another answer
	}
	switch {
	case strings.HasPrefix(c.Request.URL.Path, "/api/"):
		s.problem(c, f)
	case f.status == http.StatusUnauthorized && c.Request.Method == http.MethodGet:
		c.Redirect(http.StatusSeeOther, "/dang-nhap?den="+url.QueryEscape(c.Request.URL.RequestURI()))
	default:
		s.renderError(c, f)
	}
}

// problemDetails is an error in the form of RFC 9457.
type problemDetails struct {
	Type     string           `json:"type"`
	Title    string           `json:"title"`
	Status   int              `json:"status"`
	Instance string           `json:"instance"`
	Problems []problemMessage `json:"problems,omitempty"`
}

// problemMessage is one thing wrong with the input, with a sentence for people.
type problemMessage struct {
	Where   string `json:"where"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

func (s *Server) problem(c *gin.Context, f failure) {
	printer := s.printer(c)
	d := problemDetails{
		Type: "about:blank", Title: printer.T(f.key, "seconds", f.retrySeconds()),
		Status: f.status, Instance: "urn:uuid:" + c.GetString(keyRequestID),
		Problems: problemMessages(printer, f.problems),
	}
	c.Header("Content-Type", "application/problem+json; charset=utf-8")
	c.JSON(f.status, d)
}

func problemMessages(p message.Printer, problems []fault.Problem) []problemMessage {
	var list []problemMessage
	for _, problem := range problems {
		list = append(list, problemMessage{
			Where: problem.Where, Key: problem.Key, Message: forms.Sentence(p, problem),
		})
	}
	return list
}
