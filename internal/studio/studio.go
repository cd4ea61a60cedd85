package studio

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/exchange/draft"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// Studio keeps drafts. It is safe for concurrent use.
type Studio struct {
	db       *db.DB
	registry *registry.Registry
	now      func() time.Time
}

// New makes one of an open database.
func New(d *db.DB, r *registry.Registry, now func() time.Time) *Studio { return &Studio{d, r, now} }

// Origin is what a draft is made of.
type Origin struct {
	// Version is what the draft makes the next one of; it is copied, unless there is a
	// Definition as well. Without one, Definition is a survey of its own, and a code that
	// some survey has already is to be another before it is published.
	Version    *survey.Version
	Definition survey.Definition
	Report     draft.Report // what there is to say of the file it is of
}

// BlankOrigin is a survey without anything in it.
func BlankOrigin(method string, languages ...string) Origin {
	return Origin{Definition: survey.Definition{Method: method, Languages: languages}}
}

// ErrArchived says that a draft is put away, and is not changed.
var ErrArchived = errors.New("the draft is archived")

// Create makes a draft.
func (s *Studio) Create(ctx context.Context, by audit.Author, from Origin) (Info, error) {
	info := Info{CreatedAt: s.now(), CreatedBy: by.Name, ChangedAt: s.now(), ChangedBy: by.Name}
	if from.Version != nil {
		if from.Definition.Key == "" {
			from.Definition = from.Version.Definition
		}
		info.Continues, info.FromVersion = from.Version.Definition.Key, from.Version.Number
	}
	d := From(from.Definition, from.Report)
	switch {
	case d.bytes > MostBytes:
		return Info{}, tooMuch("draft", MostBytes)
	case len(d.elements) > MostElements:
		return Info{}, tooMuch("draft", MostElements)
	}
	info.Code, info.Title = d.line("code"), d.line("title@vi")
	err := s.db.Change(ctx, func(tx *db.Tx) (err error) {
		if info.ID, err = insert(ctx, tx, d, info); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: info.CreatedAt, Author: by, Action: "draft.create", Subject: subject(info.ID), After: entryOf(info)})
	})
	return info, err
}

// Entry is what the audit says of a draft.
type Entry struct {
	Survey      string `json:"survey"` // its code
	Title       string `json:"title"`
	FromVersion int    `json:"from_version,omitempty"`
	Revision    int    `json:"revision"`
}

func entryOf(i Info) Entry { return Entry{i.Code, i.Title, i.FromVersion, i.Revision} }

func subject(id int64) string { return "draft/" + strconv.FormatInt(id, 10) }

// List lists the drafts, those changed last first: the archived or the others.
func (s *Studio) List(ctx context.Context, archived bool) (list []Info, err error) {
	where := "archived_at = 0"
	if archived {
		where = "archived_at <> 0"
	}
	err = s.db.Query(ctx, "SELECT "+infoColumns+" FROM drafts WHERE "+where+" ORDER BY changed_at DESC, id DESC", nil, func(rows *sql.Rows) error {
		list = append(list, Info{})
		return list[len(list)-1].scan(rows)
	})
	return list, db.Failed("list drafts", err)
}

// Info finds a draft. Without it, it is fault.ErrNotFound.
func (s *Studio) Info(ctx context.Context, id int64) (Info, error) {
	var info Info
	err := info.scan(s.db.QueryRow(ctx, "SELECT "+infoColumns+" FROM drafts WHERE id = $1", id))
	return info, db.Failed("find draft", err)
}

// Draft reads a draft. Its Past goes back to a revision, which may be the newest.
func (s *Studio) Draft(ctx context.Context, id int64, after int) (d *Draft, info Info, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		o, err := open(ctx, tx, id, after)
		d, info = o.Draft, o.Info
		return err
	})
	return d, info, err
}

// Revisions lists operations of a draft after one, the oldest first and at most so many.
func (s *Studio) Revisions(ctx context.Context, id int64, after, most int) (revisions []Revision, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		revisions, err = readRevisions(ctx, tx, id, after, most)
		return err
	})
	return revisions, err
}

// Undoable is which revisions of an author Undo and Redo would take back, 0 for none.
func (s *Studio) Undoable(ctx context.Context, id int64, by Author) (undo, redo int, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		past, err := mine(ctx, tx, id, by)
		stacks := stacksOf(past, by)
		undo, redo = last(stacks.undo), last(stacks.redo)
		return err
	})
	return undo, redo, err
}

// Operate makes an operation and returns the revision it made: without effects, and with
// the number of the newest, where all was already so. Sent once more under its name it is
// the one made before. Errors: those of Draft.Apply, ErrArchived, fault.ErrNotFound.
func (s *Studio) Operate(ctx context.Context, id int64, by Author, op Operation) (Revision, error) {
	if len(op.Sent) > mostSent {
		return Revision{}, tooMuch("sent", mostSent)
	}
	return s.change(ctx, id, op.Base, func(tx *db.Tx, o *opened) (Revision, error) {
		r := Revision{Author: by}
		before, err := sent(ctx, tx, id, op.Sent)
		if err != nil {
			return r, err
		}
		if before != 0 {
			r.Number = before
			return r, nil
		}
		r.Effects, err = o.Apply(op)
		return r, err
	}, op.Sent)
}

const mostSent = 64

// Undo takes back an operation of the author's own, the last where none is named, and
// Redo the last undoing. Errors: those of Draft.Revert, ErrArchived, fault.ErrNotFound.
func (s *Studio) Undo(ctx context.Context, id int64, by Author, revision int) (Revision, error) {
	return s.revert(ctx, id, by, revision, func(all stacks) []int { return all.undo })
}

// Redo does again what was undone last.
func (s *Studio) Redo(ctx context.Context, id int64, by Author) (Revision, error) {
	return s.revert(ctx, id, by, 0, func(all stacks) []int { return all.redo })
}

func (s *Studio) revert(ctx context.Context, id int64, by Author, revision int, of func(stacks) []int) (Revision, error) {
	var made Revision
	err := s.db.Change(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, id); err != nil {
			return err
		}
		past, err := mine(ctx, tx, id, by)
		if err != nil {
			return err
		}
		some := of(stacksOf(past, by))
		if revision == 0 {
			revision = last(some)
		}
		if revision == 0 || len(without(some, revision)) == len(some) {
			return refuse("revision", RefusedNothing)
		}
		made, err = s.within(ctx, tx, id, revision-1, func(o *opened) (Revision, error) {
			effects, err := o.Revert(revision)
			return Revision{Author: by, Undoes: revision, Effects: effects}, err
		}, "")
		return err
	})
	return made, err
}

// change makes the next revision of a draft, of which the past is read after one.
func (s *Studio) change(ctx context.Context, id int64, after int, f func(tx *db.Tx, o *opened) (Revision, error), name string) (made Revision, err error) {
	err = s.db.Change(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, id); err != nil {
			return err
		}
		made, err = s.within(ctx, tx, id, after, func(o *opened) (Revision, error) { return f(tx, o) }, name)
		return err
	})
	return made, err
}

func (s *Studio) within(ctx context.Context, tx *db.Tx, id int64, after int, f func(o *opened) (Revision, error), name string) (Revision, error) {
	o, err := open(ctx, tx, id, after)
	if err == nil && !o.ArchivedAt.IsZero() {
		err = ErrArchived
	}
	if err != nil {
		return Revision{}, err
	}
	r, err := f(&o)
	switch {
	case err != nil, r.Number != 0:
		return r, err
	case len(r.Effects) == 0 && r.Undoes == 0:
		r.Number = o.Draft.Revision
		return r, nil
	}
	r.Number, r.At = o.Draft.Revision+1, s.now()
	return r, o.keep(ctx, tx, r, name)
}

// Archive puts a draft away, or takes it out again.
func (s *Studio) Archive(ctx context.Context, by audit.Author, id int64, archived bool) error {
	return s.db.Change(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, id); err != nil {
			return err
		}
		var info Info
		if err := info.scan(tx.QueryRowContext(ctx, "SELECT "+infoColumns+" FROM drafts WHERE id = $1", id)); err != nil {
			return db.Failed("find draft", err)
		}
		if info.ArchivedAt.IsZero() != archived {
			return nil
		}
		at, action := int64(0), "draft.unarchive"
		if archived {
			at, action = db.Micros(s.now()), "draft.archive"
		}
		if _, err := tx.ExecContext(ctx, "UPDATE drafts SET archived_at = $2 WHERE id = $1", id, at); err != nil {
			return db.Failed("archive draft", err)
		}
		return audit.Append(ctx, tx, audit.Entry{At: s.now(), Author: by, Action: action, Subject: subject(id), Before: entryOf(info), After: entryOf(info)})
	})
}

// Unready says what keeps a draft from being published.
type Unready struct{ Problems []Problem }

// Error counts them, for logs.
func (u *Unready) Error() string {
	return fmt.Sprintf("%d problems keep it from being published", len(u.Problems))
}

// Ready is the survey as which a draft is published as it is, besides what is published of
// each survey. Errors: *Unready.
func (d *Draft) Ready(info Info, published func(key string) []*survey.Version) (survey.Definition, error) {
	def := d.Definition()
	if blocking := Blocking(d.Problems(info, published(def.Key))); len(blocking) > 0 {
		return def, &Unready{blocking}
	}
	return def, nil
}

// ErrOvertaken says that another version was published since the caller looked.
var ErrOvertaken = fmt.Errorf("another version was published meanwhile: %w", fault.ErrConflict)

// Publish publishes a draft as it is at a revision, as the next version of its survey.
// Over is the newest version that the caller has seen of it, 0 for none. What was done
// after the revision stays in the draft. Errors: *Unready, ErrOvertaken, ErrArchived,
// *fault.Invalid for a revision that is not there, fault.ErrNotFound.
func (s *Studio) Publish(ctx context.Context, by audit.Author, id int64, revision, over int) (v *survey.Version, err error) {
	err = s.registry.Change(ctx, by, func(c *registry.Change) error {
		if err := lock(ctx, c.Tx(), id); err != nil {
			return err
		}
		o, err := open(ctx, c.Tx(), id, revision)
		switch {
		case err != nil:
			return err
		case !o.ArchivedAt.IsZero():
			return ErrArchived
		case revision < o.Info.Published:
			return refuse("revision", RefusedRevision)
		}
		then, there := o.At(revision)
		if !there {
			return refuse("revision", RefusedRevision)
		}
		snap, err := c.Now(ctx)
		if err != nil {
			return err
		}
		def, err := then.Ready(o.Info, snap.Versions)
		if err != nil {
			return err
		}
		published := snap.Versions(def.Key)
		if newest := len(published); newest > 0 && published[newest-1].Number != over || newest == 0 && over != 0 {
			return ErrOvertaken
		}
		if v, err = c.PublishVersion(ctx, def, s.now()); err != nil {
			return err
		}
		_, err = c.Tx().ExecContext(ctx, "UPDATE drafts SET continues = $2, from_version = $3, published_revision = $4 WHERE id = $1", id, def.Key, v.Number, revision)
		if err != nil {
			return db.Failed("publish draft", err)
		}
		return audit.Append(ctx, c.Tx(), c.Entry("draft.publish", subject(id), nil, Entry{def.Key, then.line("title@vi"), v.Number, revision}))
	})
	return v, err
}
