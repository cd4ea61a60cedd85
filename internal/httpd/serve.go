package httpd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/fault"
	"sipas/internal/survey"
)

const (
	keyRequestID = "request-id"
	keyIdentity  = "identity"
)

// maxBody bounds what anybody may send; the largest form is some 12 kB.
const maxBody = 64 << 10

// patience bounds how long a request waits for a database that hangs; then it
// is answered as if the database were away.
const patience = 20 * time.Second

// serve checks the permission of a route, runs its handler and turns an error
// into an answer.
func (s *Server) serve(r route) gin.HandlerFunc {
	if r.permission == "" {
		panic("route " + r.method + " " + r.path + " has no permission")
	}
	return func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), patience)
		defer cancel()
		c.Request = c.Request.WithContext(ctx)
		if err := s.authorize(c, r.permission); err != nil {
			s.fail(c, err)
			return
		}
		if err := r.handle(c); err != nil {
			s.fail(c, err)
		}
	}
}

// errSignIn says that nobody is signed in where somebody must be.
var errSignIn = errors.New("not signed in")

func (s *Server) authorize(c *gin.Context, p access.Permission) error {
	if p == access.Public {
		return nil
	}
	who, known := s.Auth.Identify(c.Request)
	if !known {
		return errSignIn
	}
	if !who.May(p) {
		return fmt.Errorf("%s: %w", p, fault.ErrForbidden)
	}
	c.Set(keyIdentity, who)
	return nil
}

// identity is who asks, on a route that is not public.
func identity(c *gin.Context) access.Identity {
	who, _ := c.Value(keyIdentity).(access.Identity)
	return who
}

// author is who asks, as the audit log names them.
func author(c *gin.Context, via string) audit.Author {
	who := identity(c)
	return audit.Author{UserID: who.UserID, Name: who.Name, Via: via}
}

// observe gives every request an id, and logs and counts its answer. What is
// logged says nothing about the person: no address, no user agent, and the
// pattern of the route instead of the path.
func (s *Server) observe(c *gin.Context) {
	start := s.Now()
	id := survey.NewID(start)
	c.Set(keyRequestID, id)
	c.Header("X-Request-Id", id)
	c.Next()
	took := s.Now().Sub(start)
	name := c.FullPath()
	if name == "" {
		name = "unknown"
	}
	status := c.Writer.Status()
	method := knownMethod(c.Request.Method)
	if s.Observe != nil {
		s.Observe(method+" "+name, status, took)
	}
	s.Log.LogAttrs(context.WithoutCancel(c.Request.Context()), requestLevel(status), "request",
		slog.String("id", id), slog.String("method", method), slog.String("route", name),
		slog.Int("status", status), slog.Int("us", int(took/time.Microsecond)))
}

// knownMethod keeps what strangers make up out of the log and the metrics,
// where each new name would stay for ever.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

func (s *Server) recover(c *gin.Context) {
	defer func() {
		if v := recover(); v != nil {
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			s.fail(c, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		}
	}()
	c.Next()
}

type refusalKey struct{}

// Refuse answers a request that must not reach its route, because of an error
// before it.
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	s.engine.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), refusalKey{}, err)))
}

// turnAway answers what Refuse was called with, and what a form on somebody
// else's page sends: it must not be able to use a signed-in person's session.
func (s *Server) turnAway(c *gin.Context) {
	err, _ := c.Request.Context().Value(refusalKey{}).(error)
	if err == nil && !s.senders.OwnSite(c.Request) {
		err = errCrossOrigin
	}
	if err != nil {
		s.fail(c, err)
		c.Abort()
	}
}

func (s *Server) securityHeaders(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "+
		"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if s.senders.HTTPS() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

func limitBody(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxBody)
}

func (s *Server) handleMethodNotAllowed(*gin.Context) error { return errMethod }

func (s *Server) handleHealth(c *gin.Context) error {
	s.senders.AnswerProbe(c.Writer, c.Request)
	c.String(http.StatusOK, "ok\n")
	return nil
}

// handleReady says whether an answer that is sent now can be kept.
func (s *Server) handleReady(c *gin.Context) error {
	if err := s.Intake.Ready(c.Request.Context()); err != nil {
		s.Log.Warn("not ready", "error", err)
		c.Header("Retry-After", "5")
		c.String(http.StatusServiceUnavailable, "answers cannot be kept now; the log says why\n")
		return nil
	}
	c.String(http.StatusOK, "ready\n")
	return nil
}
