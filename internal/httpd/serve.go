package httpd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"sipas/internal/access"
	"sipas/internal/fault"
	"sipas/internal/survey"
)

// serve answers by a route, every one in the same order: who may, what its path
// and query are about, what is sent, what that is about, and then the handler.
// An error becomes an answer.
func (k *Kernel) serve(route Route) gin.HandlerFunc {
	return func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), route.patience())
		defer cancel()
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, route.Body.limit)
		if route.Embedding != Nowhere {
			route.Embedding.allow(c.Writer.Header())
		}
		r := k.request(c, &route)
		r.x.ctx = ctx
		if err := r.serve(); err != nil {
			r.fail(err)
		}
	}
}

func (r *Request) serve() error {
	if err := r.authorize(); err != nil {
		return err
	}
	if err := r.find(Path, Query); err != nil {
		return err
	}
	if err := r.find(Field); err != nil {
		return err
	}
	return r.x.route.Handle(r)
}

func (r *Request) authorize() error {
	switch p := r.x.route.Permission; {
	case p == access.Public:
		return nil
	case !r.SignedIn():
		return errSignIn
	case !r.May(p):
		return fmt.Errorf("%s: %w", p, fault.ErrForbidden)
	}
	return nil
}

// observe gives every request an id, and logs and counts its answer. What is
// logged says nothing about the person: no address, no user agent, and the
// pattern of the route instead of the path.
func (k *Kernel) observe(c *gin.Context) {
	start := k.Now()
	id := survey.NewID(start)
	c.Header(requestID, id)
	c.Next()
	took := k.Now().Sub(start)
	name := c.FullPath()
	if name == "" {
		name = "unknown"
	}
	status := c.Writer.Status()
	method := knownMethod(c.Request.Method)
	if k.Observe != nil {
		k.Observe(method+" "+name, status, took)
	}
	k.Log.LogAttrs(context.WithoutCancel(c.Request.Context()), requestLevel(status), "request",
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

func (k *Kernel) recover(c *gin.Context) {
	defer func() {
		if v := recover(); v != nil {
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			k.request(c, &Route{}).fail(fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		}
	}()
	c.Next()
}

type refusalKey struct{}

// Refuse answers a request that must not reach its route, because of an error
// before it.
func (k *Kernel) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	k.engine.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), refusalKey{}, err)))
}

// turnAway answers what Refuse was called with, and what a form on somebody
// else's page sends: it must not be able to use a signed-in person's session.
func (k *Kernel) turnAway(c *gin.Context) {
	err, _ := c.Request.Context().Value(refusalKey{}).(error)
	if err == nil && !k.senders.OwnSite(c.Request) {
		err = errCrossOrigin
	}
	if err != nil {
		k.request(c, &Route{}).fail(err)
		c.Abort()
	}
}

// securityHeaders are those of every answer, as far as its route does not say
// otherwise. They are made once: each request has a map of its own, of the same texts.
func (k *Kernel) securityHeaders() gin.HandlerFunc {
	all := http.Header{}
	Nowhere.allow(all)
	all.Set("X-Content-Type-Options", "nosniff")
	all.Set("Referrer-Policy", "same-origin")
	all.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	all.Set("Cross-Origin-Opener-Policy", "same-origin")
	all.Set("Cache-Control", "no-store")
	if k.senders.HTTPS() {
		all.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return func(c *gin.Context) { maps.Copy(c.Writer.Header(), all) }
}

// allow says what a page may load, and who may frame it.
func (e Embedding) allow(h http.Header) {
	const (
		policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; " +
			"connect-src 'self'; form-action 'self'; frame-ancestors "
		end = "; base-uri 'none'"
	)
	switch e {
	case Framing:
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Security-Policy", policy+"'none'; frame-src 'self'"+end)
	case Nowhere:
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Security-Policy", policy+"'none'"+end)
	case OwnPages:
		h.Set("X-Frame-Options", "SAMEORIGIN")
		h.Set("Content-Security-Policy", policy+"'self'"+end)
	case Anywhere:
		h.Del("X-Frame-Options")
		h.Set("Content-Security-Policy", policy+"*"+end)
	}
}
