package jobs

import (
	"context"
	"encoding/json"
	"time"
)

// Work does a job. What it does may be done before, by an attempt that was cut
// off, unless it ends with Claimed.Done. It returns soon after ctx has ended:
// its cause says why, such as ErrLost.
type Work func(ctx context.Context, c *Claimed) error

// Handler does all jobs of a kind.
type Handler struct {
	kind  string
	every time.Duration // 0: when one was added
	work  Work
}

// On does jobs of a kind that were added.
func On(kind string, work Work) Handler { return Handler{kind: kind, work: work} }

// Every does a chore: it runs on one instance, and again when so much time has
// passed since it ended well. If nobody was there when it was due, it runs once
// as soon as somebody is. It is never given up.
func Every(kind string, pause time.Duration, work Work) Handler {
	return Handler{kind: kind, every: pause, work: work}
}

// choreKey is the key of a chore's one job, which waits again after each run.
const choreKey = "every"

// payloadOfChores is what they know: nothing.
const payloadOfChores = "null"

// Claimed is a job that its handler runs and nobody else.
type Claimed struct {
	ID        int64
	Kind, Key string
	Payload   json.RawMessage
	Attempt   int // 1: the first

	lease lease
}
