package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/agency"
	"sipas/internal/duty"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// Options of an Intake. Zero values take the defaults named.
type Options struct {
	Now  func() time.Time // required
	Zone *time.Location   // where civil days are counted; required
	Log  *slog.Logger     // required
	// Duty knows who serves at a counter; nil: nobody does, as with answers that were
	// given at another time.
	Duty     *duty.Board
	MaxBatch int // responses in one transaction; 512
	Queue    int // responses that may wait; 8192
	Writers  int // transactions under way at once; 1
}

// Intake accepts answers. It is safe for concurrent use.
type Intake struct {
	registry *registry.Registry
	commit   *committer
	duty     *duty.Board
	now      func() time.Time
	zone     *time.Location
}

// New starts an Intake that asks what administrators keep and keeps answers in a
// store. Close drains it.
func New(reg *registry.Registry, st *store.Store, o Options) *Intake {
	if o.MaxBatch == 0 {
		o.MaxBatch = 512
	}
	if o.Queue == 0 {
		o.Queue = 8192
	}
	if o.Writers == 0 {
		o.Writers = 1
	}
	return &Intake{
		registry: reg,
		commit:   newCommitter(st, o),
		duty:     o.Duty,
		now:      o.Now,
		zone:     o.Zone,
	}
}

// Unavailable says that answers cannot be kept at the moment; nothing was lost
// and the same submission may be sent again after RetryAfter.
type Unavailable struct {
	RetryAfter time.Duration
	Cause      error
}

// Error names the cause, for logs.
func (e *Unavailable) Error() string {
	return fmt.Sprintf("answers cannot be kept now (retry after %s): %v", e.RetryAfter, e.Cause)
}

// Unwrap gives the cause.
func (e *Unavailable) Unwrap() error { return e.Cause }

// Receipt acknowledges a submission: the response is on disk.
type Receipt struct {
	Code     agency.Code
	Replayed bool // it was accepted before; nothing was added
}

// SubmitAt accepts a submission given at a time at the service point with a code:
// an imported one, or one of the simulator. It must not be reachable with a time
// that a citizen sends. It returns when the response is durably kept. Errors:
// fault.ErrNotFound, fault.ErrClosed, *fault.Invalid, fault.ErrConflict (the id was
// used with other content), fault.ErrRemoved, *Unavailable. It takes a few seconds
// at most.
func (in *Intake) SubmitAt(ctx context.Context, code string, s survey.Submission, at time.Time) (Receipt, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errOverdue)
	defer cancel()
	form, err := in.Form(ctx, code)
	if err != nil {
		return Receipt{}, err
	}
	response, err := in.AcceptAt(ctx, form, s, at)
	if err != nil {
		return Receipt{}, err
	}
	return in.Keep(ctx, response)
}

// Accept judges a submission given now and keeps nothing; Keep goes on from
// there. Errors are those of SubmitAt that speak of the submission alone.
func (in *Intake) Accept(ctx context.Context, form Form, s survey.Submission) (survey.Response, error) {
	return in.AcceptAt(ctx, form, s, in.now())
}

// Keep returns when a response of Accept is durably kept. Errors:
// fault.ErrConflict, fault.ErrRemoved, *Unavailable.
func (in *Intake) Keep(ctx context.Context, response survey.Response) (Receipt, error) {
	outcome, err := in.commit.save(ctx, response)
	switch {
	case err != nil:
		return Receipt{}, err
	case outcome.Conflict:
		return Receipt{}, fmt.Errorf("submission %s: %w", response.ID, fault.ErrConflict)
	case outcome.Removed:
		return Receipt{}, fmt.Errorf("submission %s: %w", response.ID, fault.ErrRemoved)
	}
	return Receipt{Code: outcome.Receipt, Replayed: outcome.Replayed}, nil
}

// CheckAt gives the error that SubmitAt would give, apart from
// fault.ErrConflict and fault.ErrRemoved, and keeps nothing.
func (in *Intake) CheckAt(ctx context.Context, code string, s survey.Submission, at time.Time) error {
	form, err := in.Form(ctx, code)
	if err == nil {
		_, err = in.AcceptAt(ctx, form, s, at)
	}
	return err
}

// AcceptAt is Accept of a submission given at a time: see SubmitAt.
func (in *Intake) AcceptAt(ctx context.Context, form Form, s survey.Submission, at time.Time) (survey.Response, error) {
	accepting := survey.Accepting{
		Point: form.Point, Version: form.VersionNamed(s.Version), Scopes: form.Snapshot.Scopes(), At: at, Zone: in.zone,
	}
	response, err := accepting.Accept(normalised(s))
	if err == nil {
		response.OfficialID = in.served(ctx, form, at)
		response.CampaignID = form.campaignOf(s.Campaign, response)
	}
	return response, err
}

// Close takes no more submissions, commits those that wait and returns when
// all are answered, or with ctx's error.
func (in *Intake) Close(ctx context.Context) error { return in.commit.close(ctx) }

// Stats are counts since the start.
type Stats struct {
	Accepted, Replayed, Conflicts, Failed, Batches uint64
	Waiting                                        int // now
}

// Stats reports what was done so far.
func (in *Intake) Stats() Stats { return in.commit.stats() }

// normalised brings every text into Unicode form NFC, so that a word typed on
// one phone equals the same word typed on another.
func normalised(s survey.Submission) survey.Submission {
	s.Procedure = nfc(s.Procedure)
	var composed map[string]survey.Value // nil: all of them are
	for key, v := range s.Answers {
		text := nfc(v.Text)
		if text == v.Text {
			continue
		}
		if composed == nil {
			composed = maps.Clone(s.Answers)
		}
		v.Text = text
		composed[key] = v
	}
	if composed != nil {
		s.Answers = composed
	}
	return s
}

// nfc leaves bad UTF-8 as it is, for the validation to refuse.
func nfc(s string) string {
	if !utf8.ValidString(s) {
		return s
	}
	return norm.NFC.String(s)
}

var errShuttingDown = errors.New("shutting down")
