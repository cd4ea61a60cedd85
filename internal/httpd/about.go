package httpd

import (
	"context"
	"sync"
	"time"

	"sipas/internal/store"
)

// about is what every page says about the deployment. It hardly ever changes
// and is read again when it is older than aboutAge; while the database is away
// the last known values hold.
type about struct {
	mu    sync.Mutex
	next  time.Time // when to read again
	known store.Deployment
}

const (
	aboutAge = 10 * time.Second
	// aboutRetry is how long after a failure the next page tries again.
	aboutRetry = time.Second
	// aboutPatience bounds how long pages wait for a database that hangs.
	aboutPatience = time.Second
)

// deployment is whose pages these are, as far as it is known.
func (s *Server) deployment(ctx context.Context) store.Deployment {
	a, now := &s.about, s.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	if now.Before(a.next) {
		return a.known
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), aboutPatience)
	defer cancel()
	read, err := s.Store.Deployment(ctx)
	if err != nil {
		s.Log.Warn("pages cannot say whose they are", "error", err)
		a.next = now.Add(aboutRetry)
		return a.known
	}
	a.known, a.next = read, now.Add(aboutAge)
	return a.known
}
