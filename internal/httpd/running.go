package httpd

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"sipas/internal/emblem"
	"sipas/internal/fault"
)

// showMetrics serves the metrics to who has their token. For everybody else
// the path does not exist.
func (k *Kernel) showMetrics(r *Request) error {
	given, ok := strings.CutPrefix(r.x.c.GetHeader("Authorization"), "Bearer ")
	// Hashes are of one length, so that the time says nothing about the token'k.
	want, got := sha256.Sum256([]byte(k.MetricsToken)), sha256.Sum256([]byte(given))
	if !ok || k.Metrics == nil || k.MetricsToken == "" || subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
		return fault.ErrNotFound
	}
	k.Metrics.ServeHTTP(r.x.c.Writer, r.x.c.Request)
	return nil
}

func (k *Kernel) showAsset(r *Request) error {
	a, ok := k.assets.Find(r.Param("name"))
	if !ok {
		hash, named := emblem.HashIn(r.Param("name"))
		if !named {
			return fault.ErrNotFound
		}
		e, err := k.Registry.Emblem(r.Context(), hash)
		if err == nil && e == nil {
			err = fault.ErrNotFound
		}
		if err != nil {
			return err
		}
		a.ContentType, a.Content = "image/png", e.PNG
	}
	r.Set("Cache-Control", "public, max-age=31536000, immutable")
	r.WriteFile(a.ContentType, a.Content)
	return nil
}

func (k *Kernel) showHealth(r *Request) error {
	k.senders.AnswerProbe(r.x.c.Writer, r.x.c.Request)
	r.x.c.String(http.StatusOK, "ok\n")
	return nil
}

// showReady says whether an answer that is sent now can be kept.
func (k *Kernel) showReady(r *Request) error {
	if err := k.Intake.Ready(r.Context()); err != nil {
		k.Log.Warn("not ready", "error", err)
		r.Set("Retry-After", "5")
		r.x.c.String(http.StatusServiceUnavailable, "answers cannot be kept now; the log says why\n")
		return nil
	}
	r.x.c.String(http.StatusOK, "ready\n")
	return nil
}
