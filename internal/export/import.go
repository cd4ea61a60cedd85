package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// ImportOptions say how rows are read back.
type ImportOptions struct {
	Zone   *time.Location   // where civil days are counted; required
	Now    func() time.Time // required
	DryRun bool             // check everything, keep nothing
	// Failed is told of each line that was refused, in their order. Texts from
	// the file stand in the error. Required.
	Failed   func(line int, err error)
	Progress func(lines int64) // called now and then; may be nil
}

// Imported counts what became of the lines. In a dry run Kept is how many would
// be accepted, whether they are there already or not.
type Imported struct{ Lines, Kept, Known, Failed int64 }

// together is how many rows are submitted at once: as many as intake puts into
// one transaction.
const together = 512

// ErrUsed refuses a row whose id is there already with something else. Export
// writes no free texts, so every response that came with one is refused in the
// database that it was exported from.
var ErrUsed = errors.New("this id was used before with other answers, or with a free text, which exports leave out")

// ErrTakenOut refuses a row that was here and was taken out at its sender's wish.
var ErrTakenOut = errors.New("this response was taken out with `sipas remove-response` and does not come back")

// ErrNoID refuses a row without an id: nobody could tell whether it is there
// already.
var ErrNoID = errors.New("no submission-id: files made with `sipas export --no-ids` cannot be imported")

// Import submits rows as Lines reads them, each at its own time, through the
// rules for citizens' answers. Rows that are there already are counted and
// change nothing, so a file may be imported again after a failure; but see
// ErrUsed. A line that is refused does not keep others out. An error ends the
// import: the file or the database failed.
func Import(ctx context.Context, in *intake.Intake, reg *registry.Registry, r io.Reader, o ImportOptions) (Imported, error) {
	door, err := newDoor(ctx, in, reg, o)
	if err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	var total Imported
	batch := make([]Line, 0, together)
	submit := func() error {
		err := door.submit(ctx, batch, &total)
		batch = batch[:0]
		if o.Progress != nil {
			o.Progress(total.Lines)
		}
		return err
	}
	for line, err := range Lines(r) {
		if err != nil {
			return total, fmt.Errorf("import: %w", errors.Join(submit(), err))
		}
		if batch = append(batch, line); len(batch) == together {
			if err := submit(); err != nil {
				return total, fmt.Errorf("import: %w", err)
			}
		}
	}
	if err := submit(); err != nil {
		return total, fmt.Errorf("import: %w", err)
	}
	return total, nil
}

// door knows what is said in a row and decided elsewhere: whose work is judged
// at a service point, and through which channel answers come there.
type door struct {
	in      *intake.Intake
	o       ImportOptions
	snap    *registry.Snapshot
	aliases aliases
}

func newDoor(ctx context.Context, in *intake.Intake, reg *registry.Registry, o ImportOptions) (*door, error) {
	aliases, err := newAliases(ctx, reg)
	if err != nil {
		return nil, err
	}
	snap, err := reg.Current(ctx)
	return &door{in, o, snap, aliases}, err
}

// errKnown marks a row that is there already.
var errKnown = errors.New("known")

// submit sends the rows at once and reports them in their order. Its error is
// that the database is away, or that ctx ended.
func (d *door) submit(ctx context.Context, batch []Line, total *Imported) error {
	results := make([]error, len(batch))
	var group sync.WaitGroup
	for i, line := range batch {
		if results[i] = line.Err; line.Err != nil {
			continue
		}
		group.Go(func() { results[i] = d.submitRow(ctx, line.Row) })
	}
	group.Wait()
	for i, err := range results {
		var away *intake.Unavailable
		switch {
		case errors.As(err, &away) || ctx.Err() != nil:
			return errors.Join(ctx.Err(), err)
		case err == nil:
			total.Kept++
		case errors.Is(err, errKnown):
			total.Known++
		default:
			total.Failed++
			d.o.Failed(batch[i].Number, err)
		}
		total.Lines++
	}
	return nil
}

func (d *door) submitRow(ctx context.Context, r Row) error {
	if p, had := d.snap.Replaced(r.ServicePoint); had { // the file was made before
		r.ServicePoint = p.Code
	}
	at, err := d.check(r)
	if err != nil {
		return err
	}
	s := survey.Submission{ID: d.aliases.id(r.ID), Version: r.Version, Language: r.Language, FieldKey: r.Field, Answers: r.Answers}
	if agency.UnsaidField(r.Field) {
		s.FieldKey = "" // the citizen did not say, and the point decides which of the two it is
	}
	if d.o.DryRun {
		return d.in.CheckAt(ctx, string(r.ServicePoint), s, at)
	}
	receipt, err := d.in.SubmitAt(ctx, string(r.ServicePoint), s, at)
	switch {
	case errors.Is(err, fault.ErrConflict):
		return ErrUsed
	case errors.Is(err, fault.ErrRemoved):
		return ErrTakenOut
	case err == nil && receipt.Replayed:
		return errKnown
	}
	return err
}

// check refuses what acceptance would silently set otherwise.
func (d *door) check(r Row) (at time.Time, err error) {
	if r.ID == "" {
		return at, ErrNoID
	}
	p, known := d.snap.Point(r.ServicePoint)
	if !known {
		return at, fmt.Errorf("there is no service point %.40q", r.ServicePoint)
	}
	if judged, _ := d.snap.Tree.Agency(p.JudgedID); r.Agency != judged.Code {
		return at, fmt.Errorf("service point %s judges the work of %s, not of %.40q", p.Code, judged.Code, r.Agency)
	}
	if r.Channel != p.Channel {
		return at, fmt.Errorf("service point %s takes answers by channel %s, not %.40q", p.Code, p.Channel, r.Channel)
	}
	if agency.UnsaidField(r.Field) {
		if key, _ := p.FieldFor("", d.snap.Scopes()); key != r.Field {
			return at, fmt.Errorf("field %q cannot come from service point %s", r.Field, p.Code)
		}
	}
	if at, err = time.Parse(time.RFC3339, r.Time); err != nil {
		return at, fmt.Errorf("time %.40q is not of the form 2006-01-02T15:04:05Z07:00", r.Time)
	}
	switch day := at.In(d.o.Zone).Format(time.DateOnly); {
	case r.Day != day:
		return at, fmt.Errorf("day %.40q does not fit the time %s, which is on %s in %s", r.Day, r.Time, day, d.o.Zone)
	case at.Year() < 2000 || at.After(d.o.Now()):
		return at, fmt.Errorf("time %s is before 2000 or in the future", r.Time)
	}
	return at, nil
}
