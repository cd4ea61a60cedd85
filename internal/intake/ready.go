package intake

import (
	"context"
	"errors"
	"sync"
	"time"

	"sipas/internal/store"
)

// readiness knows whether answers can be kept at the moment: from the batches
// that were kept or not, and where nobody sends anything, by writing.
type readiness struct {
	st  *store.Store
	now func() time.Time

	mu      sync.Mutex
	until   time.Time // what is known holds so long
	err     error
	probing chan struct{} // closed when the probe under way ends; nil: none is
}

const (
	// knownFor lets many health checks share one write.
	knownFor = time.Second
	// probeTimeout bounds how long a health check waits; the probe may take
	// longer if the disk hangs, and then nobody starts a second one.
	probeTimeout = 2 * time.Second
)

var errSlowProbe = errors.New("a small write has not ended yet")

// learn notes what became of a batch. A failure counts for as long as its
// senders were told to wait: a probe is smaller than a batch and may fit where
// no batch does.
func (r *readiness) learn(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err, r.until = err, r.now().Add(knownFor)
	if err != nil {
		r.until = r.now().Add(retryAfter)
	}
}

// ready is nil if answers can be kept, else the reason why not.
func (r *readiness) ready(ctx context.Context) error {
	r.mu.Lock()
	if r.now().Before(r.until) {
		defer r.mu.Unlock()
		return r.err
	}
	ended := r.probing
	if ended == nil {
		ended = make(chan struct{})
		r.probing = ended
		go r.probe(context.WithoutCancel(ctx), ended)
	}
	r.mu.Unlock()
	timer := time.NewTimer(probeTimeout)
	defer timer.Stop()
	select {
	case <-ended:
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.err
	case <-timer.C:
		return errSlowProbe
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *readiness) probe(ctx context.Context, ended chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	err := r.st.Probe(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil || !r.now().Before(r.until) { // no batch failed meanwhile
		r.err, r.until = err, r.now().Add(knownFor)
	}
	r.probing = nil
	close(ended)
}

// Ready is nil if an answer that is sent now can be kept, else the reason why
// not, within two seconds. It writes at most once a second, however often it is
// asked, and not at all while answers are being kept.
func (in *Intake) Ready(ctx context.Context) error { return in.commit.readiness.ready(ctx) }
