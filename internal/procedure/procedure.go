package procedure

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/registry"
)

// Procedure is something that people ask the state to decide.
type Procedure struct {
	ID       int64
	Code     string // national, "1.000123", or one that a province gave
	Name     agency.Text
	FieldKey string // the service field that it belongs to
}

// Sought are the texts by which people look for a procedure, line by line.
func (p Procedure) Sought() string {
	return strings.Join([]string{p.Name["vi"], p.Name["en"], p.Code}, "\n")
}

// nationalCode is how national codes are written, with or without the end that names a
// ministry or province: "1.004227.000.00.00.H08".
var nationalCode = regexp.MustCompile(`^(\d\.\d{1,6})(?:\.000\.00\.00\.[A-Z]\d{2,3})?$`)

// nationalLength is that of a national code: spreadsheet programs that take it for a
// number drop the zeros at its end.
const nationalLength = len("1.000110")

// National is the part of a code by which the whole country knows a procedure; two
// codes of which it is the same are of one procedure. Of any other code it is all of it.
func National(code string) string {
	found := nationalCode.FindStringSubmatch(code)
	if found == nil {
		return code
	}
	return found[1] + strings.Repeat("0", nationalLength-len(found[1]))
}

// Cut tells whether a code is a national one that lacks digits at its end.
func Cut(code string) bool {
	return nationalCode.MatchString(code) && !strings.HasPrefix(code, National(code))
}

// Catalogue is where procedures and files handled are kept.
type Catalogue struct{ db *db.DB }

// New makes a Catalogue of an open database.
func New(d *db.DB) *Catalogue { return &Catalogue{d} }

// Read lets f read what is kept, as of one moment.
func (c *Catalogue) Read(ctx context.Context, f func(Reader) error) error {
	return c.db.Snapshot(ctx, func(tx *db.Tx) error { return f(Reader{tx}) })
}

// All lists every procedure by its code.
func (c *Catalogue) All(ctx context.Context) (all []Procedure, err error) {
	err = c.Read(ctx, func(r Reader) error {
		all, err = r.All(ctx)
		return err
	})
	return all, err
}

// Reader reads what is kept in a transaction.
type Reader struct{ tx *db.Tx }

// Within reads what is kept as a change has left it so far.
func Within(c *registry.Change) Reader { return Reader{c.Tx()} }

// All lists every procedure by its code.
func (r Reader) All(ctx context.Context) ([]Procedure, error) { return r.procedures(ctx, nil) }

// Named lists the procedures of some ids by their codes.
func (r Reader) Named(ctx context.Context, ids []int64) ([]Procedure, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return r.procedures(ctx, ids)
}

// procedures lists procedures by their code: all, or only those with some ids.
func (r Reader) procedures(ctx context.Context, only []int64) ([]Procedure, error) {
	query, args := "SELECT id, code, name, field_key FROM procedures", []any(nil)
	if only != nil {
		var with string
		with, args = r.tx.DB().WithSet("chosen", []db.Column{{Name: "id", Type: "bigint", Values: only}})
		query = with + query + " WHERE id IN (SELECT id FROM chosen)"
	}
	var all []Procedure
	err := db.ScanAll(ctx, r.tx, query, args, func(rows *sql.Rows) error {
		var p Procedure
		var name []byte
		if err := rows.Scan(&p.ID, &p.Code, &name, &p.FieldKey); err != nil {
			return err
		}
		all = append(all, p)
		return json.Unmarshal(name, &all[len(all)-1].Name)
	})
	slices.SortFunc(all, func(a, b Procedure) int { return cmp.Compare(a.Code, b.Code) }) // databases differ
	return all, db.Failed("list procedures", err)
}

// together is how many rows are kept and noted at once.
const together = 1000

// procedureTexts is how many texts a row of procedures has.
const procedureTexts = 3

// Add keeps new procedures in a change. A code in use is an error, and nothing is kept.
func Add(ctx context.Context, c *registry.Change, added []Procedure) error {
	for some := range slices.Chunk(added, c.Tx().DB().MaxSetRows(procedureTexts)) {
		columns, err := procedureColumns(some)
		if err != nil {
			return err
		}
		statement, args := c.Tx().DB().InsertSet("procedures", columns, "")
		if _, err := c.Tx().ExecContext(ctx, statement, args...); err != nil {
			return db.Failed("add procedures", err)
		}
		entries := make([]audit.Entry, len(some))
		for i, p := range some {
			entries[i] = c.Entry("procedure.add", subject(p), nil, entry(p))
		}
		if err := audit.Append(ctx, c.Tx(), entries...); err != nil {
			return err
		}
	}
	return nil
}

// Update keeps what procedures are from now on, by their ids; their codes stay. One
// that is not there is fault.ErrNotFound.
func Update(ctx context.Context, c *registry.Change, changed []Procedure) error {
	for some := range slices.Chunk(changed, c.Tx().DB().MaxSetRows(procedureTexts)) {
		ids := db.Numbers("id", some, func(p Procedure) int64 { return p.ID })
		kept, err := Within(c).procedures(ctx, ids.Values.([]int64))
		if err != nil {
			return err
		}
		before := make(map[int64]Procedure, len(kept))
		for _, p := range kept {
			before[p.ID] = p
		}
		some, entries := slices.Clone(some), make([]audit.Entry, len(some))
		for i, p := range some {
			was, known := before[p.ID]
			if !known {
				return db.Failed("update procedure "+p.Code, sql.ErrNoRows)
			}
			some[i].Code = was.Code
			entries[i] = c.Entry("procedure.change", subject(was), entry(was), entry(some[i]))
		}
		columns, err := procedureColumns(some)
		if err != nil {
			return err
		}
		// They are there, so nothing is inserted.
		statement, args := c.Tx().DB().InsertSet("procedures", append(columns, ids), "ON CONFLICT (id) DO UPDATE SET name = excluded.name, field_key = excluded.field_key")
		if _, err := c.Tx().ExecContext(ctx, statement, args...); err != nil {
			return db.Failed("update procedures", err)
		}
		if err := audit.Append(ctx, c.Tx(), entries...); err != nil {
			return err
		}
	}
	return nil
}

// Remove forgets a procedure in a change. Errors: fault.ErrNotFound; fault.ErrConflict
// where files of it are kept, which never lose their procedure.
func Remove(ctx context.Context, c *registry.Change, id int64) error {
	p, err := Within(c).One(ctx, id)
	if err != nil {
		return err
	}
	used, err := Within(c).Used(ctx, id)
	if err != nil {
		return err
	}
	if used {
		return fmt.Errorf("remove procedure %s: files of it are kept: %w", p.Code, fault.ErrConflict)
	}
	if _, err := c.Tx().ExecContext(ctx, "DELETE FROM procedures WHERE id = $1", id); err != nil {
		return db.Failed("remove procedure "+p.Code, err)
	}
	return c.Note(ctx, "procedure.remove", subject(p), entry(p), nil)
}

// One finds a procedure by its id. Without it, it is fault.ErrNotFound.
func (r Reader) One(ctx context.Context, id int64) (Procedure, error) {
	found, err := r.Named(ctx, []int64{id})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("procedure %d: %w", id, fault.ErrNotFound)
	}
	if err != nil {
		return Procedure{}, err
	}
	return found[0], nil
}

// Used tells whether files of a procedure are kept, whoever handled them.
func (r Reader) Used(ctx context.Context, id int64) (used bool, err error) {
	err = r.tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM handled_files WHERE procedure_id = $1)", id).Scan(&used)
	return used, db.Failed("look for files of a procedure", err)
}

// procedureColumns are those of procedures without the id.
func procedureColumns(some []Procedure) ([]db.Column, error) {
	names := make([]string, len(some))
	for i, p := range some {
		name, err := json.Marshal(p.Name)
		if err != nil {
			return nil, err
		}
		names[i] = string(name)
	}
	return []db.Column{
		db.Texts("code", some, func(p Procedure) string { return p.Code }),
		{Name: "name", Type: "text", Values: names},
		db.Texts("field_key", some, func(p Procedure) string { return p.FieldKey }),
	}, nil
}

func subject(p Procedure) string { return "procedure/" + p.Code }

// procedureEntry is what the audit says of a procedure.
type procedureEntry struct {
	Code  string      `json:"code"`
	Name  agency.Text `json:"name"`
	Field string      `json:"field"`
}

func entry(p Procedure) procedureEntry { return procedureEntry{p.Code, p.Name, p.FieldKey} }

// Tables are those of the package, in the order in which rows may be inserted.
func Tables() []db.Table {
	return []db.Table{
		{Name: "procedures", Order: "id", Identity: true},
		{Name: "handled_files", Order: "agency_id, half_month, procedure_id"},
	}
}
