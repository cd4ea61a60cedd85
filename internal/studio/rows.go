package studio

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/db"
)

// Info is what a list of drafts says of one.
type Info struct {
	ID          int64
	Continues   string // the survey whose next version it becomes; "": a new one
	FromVersion int    // the version of it that the draft began as or became last; 0: none
	Code, Title string // as the newest revision says; the title in Vietnamese
	Revision    int
	Published   int // the revision that was published last; 0: none
	CreatedAt   time.Time
	CreatedBy   string
	ChangedAt   time.Time
	ChangedBy   string
	ArchivedAt  time.Time // zero: it is not
}

const infoColumns = "id, continues, from_version, code, title, revision, published_revision, created_at, created_by, changed_at, changed_by, archived_at"

// into are where the columns go.
func (i *Info) scan(row interface{ Scan(into ...any) error }, more ...any) error {
	var created, changed, archived int64
	into := []any{&i.ID, &i.Continues, &i.FromVersion, &i.Code, &i.Title, &i.Revision, &i.Published, &created, &i.CreatedBy, &changed, &i.ChangedBy, &archived}
	if err := row.Scan(append(into, more...)...); err != nil {
		return err
	}
	i.CreatedAt, i.ChangedAt = db.FromMicros(created), db.FromMicros(changed)
	if archived != 0 {
		i.ArchivedAt = db.FromMicros(archived)
	}
	return nil
}

// Tables are those of the package, in the order in which rows may be inserted.
func Tables() []db.Table {
	return []db.Table{{Name: "drafts", Order: "id", Identity: true}, {Name: "draft_operations", Order: "draft_id, revision"}}
}

// checkpointEvery is after how many operations a draft is kept as a whole: to read one is
// to read that and as many operations at most, however many there were.
const checkpointEvery = 100

// opened is a draft in a transaction.
type opened struct {
	*Draft
	Info
	logged     int // bytes of all operations
	checkpoint int // its revision
}

// lock keeps others from changing a draft until the transaction ends.
func lock(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE drafts SET revision = revision WHERE id = $1", id)
	return db.Failed("lock draft", err)
}

// open reads a draft with its past after a revision.
func open(ctx context.Context, tx *db.Tx, id int64, after int) (opened, error) {
	var o opened
	var kept string
	err := o.scan(tx.QueryRowContext(ctx, "SELECT "+infoColumns+", bytes, checkpoint_revision, checkpoint FROM drafts WHERE id = $1", id),
		&o.logged, &o.checkpoint, &kept)
	if err != nil {
		return o, db.Failed("read draft", err)
	}
	o.Draft = &Draft{Tree: newTree()}
	if err := json.Unmarshal([]byte(kept), o.Tree); err != nil {
		return o, db.Failed(fmt.Sprintf("read draft %d", id), err)
	}
	o.Draft.Revision = o.checkpoint
	revisions, err := readRevisions(ctx, tx, id, min(max(after, 0), o.checkpoint), MostOperations)
	if err != nil {
		return o, err
	}
	for _, r := range revisions {
		if r.Number <= o.checkpoint {
			o.Past = append(o.Past, r)
		} else if err := o.redo(r); err != nil {
			return o, db.Failed(fmt.Sprintf("read draft %d", id), err)
		}
	}
	if o.Draft.Revision != o.Info.Revision {
		return o, fmt.Errorf("read draft %d: it is at revision %d and its operations at %d", id, o.Info.Revision, o.Draft.Revision)
	}
	return o, nil
}

func readRevisions(ctx context.Context, tx *db.Tx, id int64, after, most int) (revisions []Revision, err error) {
	err = db.ScanAll(ctx, tx, "SELECT revision, undoes, user_id, author, at, effects FROM draft_operations WHERE draft_id = $1 AND revision > $2 ORDER BY revision LIMIT $3",
		[]any{id, after, most}, func(rows *sql.Rows) error {
			var r Revision
			var at int64
			var effects string
			if err := rows.Scan(&r.Number, &r.Undoes, &r.Author.UserID, &r.Author.Name, &at, &effects); err != nil {
				return err
			}
			r.At = db.FromMicros(at)
			revisions = append(revisions, r)
			return json.Unmarshal([]byte(effects), &revisions[len(revisions)-1].Effects)
		})
	return revisions, db.Failed("list operations", err)
}

// mine are the operations of an author as far as Undo must know them, without what they
// did.
func mine(ctx context.Context, tx *db.Tx, id int64, by Author) (past []Revision, err error) {
	err = db.ScanAll(ctx, tx, "SELECT revision, undoes FROM draft_operations WHERE draft_id = $1 AND user_id = $2 AND author = $3 ORDER BY revision",
		[]any{id, by.UserID, by.Name}, func(rows *sql.Rows) error {
			r := Revision{Author: by}
			err := rows.Scan(&r.Number, &r.Undoes)
			past = append(past, r)
			return err
		})
	return past, db.Failed("list operations", err)
}

// sent is the revision that an operation made, by what its sender calls it; 0 for none.
func sent(ctx context.Context, tx *db.Tx, id int64, name string) (revision int, err error) {
	if name == "" {
		return 0, nil
	}
	err = tx.QueryRowContext(ctx, "SELECT revision FROM draft_operations WHERE draft_id = $1 AND sent = $2", id, name).Scan(&revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return revision, db.Failed("find operation", err)
}

// keep keeps what was done as the next revision.
func (o *opened) keep(ctx context.Context, tx *db.Tx, r Revision, sent string) error {
	effects, err := json.Marshal(r.Effects)
	if err != nil {
		return db.Failed("keep operation", err)
	}
	switch o.logged += len(effects); {
	case o.logged > MostLog:
		return tooMuch("draft", MostLog)
	case r.Number > MostOperations:
		return tooMuch("draft", MostOperations)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO draft_operations (draft_id, revision, sent, undoes, user_id, author, at, effects) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		o.ID, r.Number, sent, r.Undoes, r.Author.UserID, r.Author.Name, db.Micros(r.At), string(effects))
	if err != nil {
		return db.Failed("keep operation", err)
	}
	o.Draft.Revision, o.Past = r.Number, append(o.Past, r)
	statement, args := "UPDATE drafts SET revision = $2, bytes = $3, code = $4, title = $5, changed_at = $6, changed_by = $7",
		[]any{o.ID, r.Number, o.logged, o.line("code"), o.line("title@vi"), db.Micros(r.At), r.Author.Name}
	if r.Number >= o.checkpoint+checkpointEvery {
		kept, err := json.Marshal(o.Tree)
		if err != nil {
			return db.Failed("keep draft", err)
		}
		statement, args = statement+", checkpoint = $8, checkpoint_revision = $9", append(args, string(kept), r.Number)
	}
	_, err = tx.ExecContext(ctx, statement+" WHERE id = $1", args...)
	return db.Failed("keep draft", err)
}

// line is a field of the survey on one line, as a list shows it.
func (d *Tree) line(cell string) string {
	line := strings.Join(strings.Fields(strings.ReplaceAll(d.elements[Whole].Fields[cell], "\x00", "")), " ")
	if runes := []rune(line); len(runes) > mostLine {
		return string(runes[:mostLine]) + "…"
	}
	return line
}

const mostLine = 200

// insert keeps a new draft and returns its id.
func insert(ctx context.Context, tx *db.Tx, d *Draft, info Info) (int64, error) {
	kept, err := json.Marshal(d.Tree)
	if err != nil {
		return 0, db.Failed("keep draft", err)
	}
	var id int64
	err = tx.QueryRowContext(ctx, `INSERT INTO drafts (continues, from_version, code, title, revision, bytes, checkpoint, checkpoint_revision, published_revision,
		created_at, created_by, changed_at, changed_by, archived_at) VALUES ($1, $2, $3, $4, 0, 0, $5, 0, 0, $6, $7, $6, $7, 0) RETURNING id`,
		info.Continues, info.FromVersion, d.line("code"), d.line(Cell("title", agency.FallbackLanguage)), string(kept), db.Micros(info.CreatedAt), info.CreatedBy).Scan(&id)
	return id, db.Failed("keep draft", err)
}
