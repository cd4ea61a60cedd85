package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"sipas/internal/db"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// committer writes waiting responses in batches: while one transaction
// commits, the next people's answers queue up and make the next batch, so a
// quiet counter waits for nobody and a busy hall shares the cost of a commit.
type committer struct {
	st       *store.Store
	log      *slog.Logger
	maxBatch int

	readiness *readiness

	mu     sync.RWMutex // guards closed, and sending on queue against closing it
	closed bool
	queue  chan *waiting
	done   sync.WaitGroup

	accepted, replayed, conflicts, failed, batches atomic.Uint64
}

// waiting is one response and where its outcome is awaited.
type waiting struct {
	response survey.Response
	answer   chan<- answer
}

type answer struct {
	outcome store.Outcome
	err     error
}

const (
	// retryAfter is what a citizen's page is told when the database is away.
	retryAfter = 5 * time.Second
	// patience is how long a citizen waits in all, whatever holds the database
	// up: even a driver that does not come back from a disk that hangs.
	patience = 5 * time.Second
	// commitTimeout bounds the tries to write one batch.
	commitTimeout = 4 * time.Second
)

// retryPauses are the pauses before a batch is tried again after an error that
// may pass by itself: two instances in each other's way, or a lost connection.
var retryPauses = []time.Duration{5 * time.Millisecond, 25 * time.Millisecond, 125 * time.Millisecond}

func newCommitter(st *store.Store, o Options) *committer {
	c := &committer{st: st, log: o.Log, maxBatch: o.MaxBatch, readiness: &readiness{st: st, now: o.Now}, queue: make(chan *waiting, o.Queue)}
	for range o.Writers {
		c.done.Go(c.run)
	}
	return c
}

// errOverdue is why a response has no receipt yet.
var errOverdue = errors.New("the database did not confirm the response in time")

// save hands a response to the next batch and waits until it is durable. If
// ctx ends first the response may still be kept; sending it again then gives
// its receipt. If ctx ended because of errOverdue, that is what the sender is
// told to do.
func (c *committer) save(ctx context.Context, r survey.Response) (store.Outcome, error) {
	answered := make(chan answer, 1)
	if err := c.enqueue(&waiting{r, answered}); err != nil {
		return store.Outcome{}, &Unavailable{RetryAfter: retryAfter, Cause: err}
	}
	select {
	case a := <-answered:
		return a.outcome, a.err
	case <-ctx.Done():
		if errors.Is(context.Cause(ctx), errOverdue) {
			c.failed.Add(1)
			return store.Outcome{}, &Unavailable{RetryAfter: retryAfter, Cause: errOverdue}
		}
		return store.Outcome{}, fmt.Errorf("wait for commit: %w", ctx.Err())
	}
}

var errQueueFull = errors.New("too many responses are waiting")

func (c *committer) enqueue(w *waiting) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return errShuttingDown
	}
	select {
	case c.queue <- w:
		return nil
	default:
		return errQueueFull
	}
}

// close takes no more responses and waits until the queue is empty.
func (c *committer) close(ctx context.Context) error {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.queue)
	}
	c.mu.Unlock()
	drained := make(chan struct{})
	go func() {
		c.done.Wait()
		close(drained)
	}()
	select {
	case <-drained:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("drain responses: %w", ctx.Err())
	}
}

func (c *committer) run() {
	batch := make([]*waiting, 0, c.maxBatch)
	for first := range c.queue {
		batch = append(batch[:0], first)
		for len(batch) < c.maxBatch {
			select {
			case w, open := <-c.queue:
				if open {
					batch = append(batch, w)
					continue
				}
			default:
			}
			break
		}
		c.commit(batch)
	}
}

// commit writes a batch and answers everybody in it. If the batch as a whole
// is refused, each response is tried alone, so that one bad row harms nobody.
func (c *committer) commit(batch []*waiting) {
	responses := make([]survey.Response, len(batch))
	for i, w := range batch {
		responses[i] = w.response
	}
	outcomes, err := c.write(responses)
	if err != nil && len(batch) > 1 && !db.Transient(err) {
		c.log.Error("a batch was refused; its responses are tried one by one", "responses", len(batch), "error", err)
		for _, w := range batch {
			c.commit([]*waiting{w})
		}
		return
	}
	for i, w := range batch {
		if err != nil {
			w.answer <- answer{err: c.refusal(err)}
			continue
		}
		c.count(outcomes[i])
		w.answer <- answer{outcome: outcomes[i]}
	}
	if err != nil {
		c.failed.Add(uint64(len(batch)))
		c.log.Error("responses could not be kept; their senders were told to try again", "responses", len(batch), "error", err)
	}
}

func (c *committer) refusal(err error) error {
	if db.Transient(err) {
		return &Unavailable{RetryAfter: retryAfter, Cause: err}
	}
	return err
}

func (c *committer) write(responses []survey.Response) (outcomes []store.Outcome, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	hangs := time.AfterFunc(patience, func() {
		c.log.Error("the database has not ended a commit yet; senders are told to try again", "responses", len(responses), "waiting", len(c.queue))
	})
	defer hangs.Stop()
	for try := 0; ; try++ {
		outcomes, err = c.st.SaveResponses(ctx, responses)
		if err == nil || !db.Transient(err) || try == len(retryPauses) || ctx.Err() != nil {
			break
		}
		time.Sleep(retryPauses[try])
	}
	c.batches.Add(1)
	if err == nil || db.Transient(err) { // else it is the batch's own fault
		c.readiness.learn(err)
	}
	return outcomes, err
}

func (c *committer) count(o store.Outcome) {
	switch {
	case o.Conflict:
		c.conflicts.Add(1)
	case o.Replayed, o.Removed:
		c.replayed.Add(1)
	default:
		c.accepted.Add(1)
	}
}

func (c *committer) stats() Stats {
	return Stats{
		Accepted: c.accepted.Load(), Replayed: c.replayed.Load(), Conflicts: c.conflicts.Load(),
		Failed: c.failed.Load(), Batches: c.batches.Load(), Waiting: len(c.queue),
	}
}
