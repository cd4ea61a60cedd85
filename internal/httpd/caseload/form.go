package caseload

import (
	"errors"
	"maps"
	"net/http"
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/bulk"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/procedure"
	"sipas/internal/registry"
)

// procedureForm is the form of a new procedure, or of one that is changed.
type procedureForm struct {
	httpd.Typed
	Fields     []httpd.Choice
	Code       string // of one that is kept, "" of a new one
	Used       bool   // files of it are kept
	Path, Back string
	Remove     string // address
}

// procedureFields are the fields of the form beside the code, and the columns of the
// list that they are.
var procedureFields = []string{"procedure_vi", "procedure_en", "procedure_field"}

const procedureCode = "procedure_code"

func newProcedureFields() []string { return append([]string{procedureCode}, procedureFields...) }

// columns say which column of the list a field is.
var columns = map[string]string{procedureCode: "code", "procedure_vi": "name_vi", "procedure_en": "name_en", "procedure_field": "field"}

const (
	addEnd    = "/them"
	formEnd   = "/sua"
	removeEnd = "/bo"
)

func procedurePath(id int64) string { return proceduresPath + "/" + strconv.FormatInt(id, 10) }

func procedureValues(of procedure.Procedure) map[string]string {
	return map[string]string{"procedure_vi": of.Name["vi"], "procedure_en": of.Name["en"], "procedure_field": of.FieldKey}
}

// named is the id of the procedure that the address names.
func named(r *httpd.Request) int64 { return httpd.NumberOf(r.Param("procedure")) }

func (s side) showNewProcedure(r *httpd.Request) error {
	return s.writeProcedure(r, http.StatusOK, r.Typed(map[string]string{"procedure_field": agency.FieldUnsaidProcedure}), procedure.Procedure{}, false)
}

func (s side) showProcedureForm(r *httpd.Request) error {
	of, used, err := s.kept(r)
	if err != nil {
		return err
	}
	shown := r.Typed(procedureValues(of))
	shown.Opened = shown.Values
	return s.writeProcedure(r, http.StatusOK, shown, of, used)
}

// kept is the procedure that the address names, and whether files of it are kept.
func (s side) kept(r *httpd.Request) (of procedure.Procedure, used bool, err error) {
	err = s.k.Procedures.Read(r.Context(), func(kept procedure.Reader) (err error) {
		if of, err = kept.One(r.Context(), named(r)); err == nil {
			used, err = kept.Used(r.Context(), of.ID)
		}
		return err
	})
	return of, used, err
}

func (s side) writeProcedure(r *httpd.Request, status int, shown httpd.Typed, of procedure.Procedure, used bool) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, data := r.NewPage("procedure-new", nil), procedureForm{Typed: shown, Path: proceduresPath + addEnd, Back: proceduresPath, Used: used}
	if of.ID != 0 {
		p, data.Code = r.NewPage("procedure-change", nil), of.Code
		data.Path, data.Remove = procedurePath(of.ID)+formEnd, procedurePath(of.ID)+removeEnd
		data.Back = httpd.AddressOf(proceduresPath, "tim", of.Code)
	}
	data.Fields = fieldChoices(snap, p, shown.Value("procedure_field"))
	p.Data = data
	return r.Show(status, "desk/procedure", p)
}

func fieldChoices(snap *registry.Snapshot, p httpd.Page, chosen string) (list []httpd.Choice) {
	for _, f := range snap.Fields {
		list = append(list, httpd.Choice{Value: f.Key, Text: f.Name.In(p.Language), Chosen: f.Key == chosen})
	}
	return list
}

// read reads the form as a procedure beside all that are kept.
func read(r *httpd.Request, c *registry.Change, of procedure.Procedure, typed map[string]string) (procedure.Procedure, []httpd.Wrong, error) {
	now, err := c.Now(r.Context())
	if err != nil {
		return of, nil, err
	}
	all, err := procedure.Within(c).All(r.Context())
	if err != nil {
		return of, nil, err
	}
	cells, fields := map[string]string{}, map[string]string{}
	for field, column := range columns {
		if value, given := typed[field]; given {
			cells[column] = value
		}
		fields[column] = field
	}
	read, problems := bulk.ReadProcedure(now, all, of, cells)
	wrong := revision.Mistakes(r, problems)
	for i := range wrong {
		wrong[i].Where = fields[wrong[i].Where]
	}
	return read, wrong, nil
}

func (s side) addProcedure(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	form := httpd.Typed{Values: revision.Cells(fields, newProcedureFields())}
	var of procedure.Procedure
	err = r.Change(func(c *registry.Change) (err error) {
		if of, form.Problems, err = read(r, c, of, form.Values); err != nil {
			return err
		}
		if len(form.Problems) > 0 {
			return revision.ErrNotKept
		}
		return procedure.Add(r.Context(), c, []procedure.Procedure{of})
	})
	if errors.Is(err, revision.ErrNotKept) {
		return s.writeProcedure(r, http.StatusUnprocessableEntity, form, procedure.Procedure{}, false)
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(proceduresPath, "tim", of.Code, "da", "procedure-added"))
	return nil
}

// changeProcedure keeps what was changed in the form.
func (s side) changeProcedure(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	p, snap := r.NewPage("procedure-change", nil), (*registry.Snapshot)(nil)
	var kept procedure.Procedure
	form, status, err := revision.Keep(r, fields, revision.Cells(fields, procedureFields), revision.Of{
		Now: func(c *registry.Change) (map[string]string, error) {
			if snap, err = c.Now(r.Context()); err == nil {
				kept, err = procedure.Within(c).One(r.Context(), named(r))
			}
			return procedureValues(kept), err
		},
		Keep: func(c *registry.Change, merged map[string]string) ([]httpd.Wrong, error) {
			of, wrong, err := read(r, c, kept, merged)
			if err != nil || len(wrong) > 0 || maps.Equal(procedureValues(of), procedureValues(kept)) {
				return wrong, err
			}
			return nil, procedure.Update(r.Context(), c, []procedure.Procedure{of})
		},
		Said: func(values map[string]string) map[string]string {
			return revision.Chosen(values, map[string][]httpd.Choice{"procedure_field": fieldChoices(snap, p, values["procedure_field"])})
		},
	})
	if errors.Is(err, revision.ErrNotKept) {
		_, used, err := s.kept(r)
		if err != nil {
			return err
		}
		return s.writeProcedure(r, status, form, kept, used)
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(proceduresPath, "tim", kept.Code, "da", "saved"))
	return nil
}

// removeProcedure takes a procedure out of the list. One of which files are kept stays:
// its form says so.
func (s side) removeProcedure(r *httpd.Request) error {
	err := r.Change(func(c *registry.Change) error { return procedure.Remove(r.Context(), c, named(r)) })
	if errors.Is(err, fault.ErrConflict) {
		of, used, err := s.kept(r)
		if err != nil {
			return err
		}
		shown := r.Typed(procedureValues(of))
		shown.Opened = shown.Values
		return s.writeProcedure(r, http.StatusConflict, shown, of, used)
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(proceduresPath, "da", "procedure-removed"))
	return nil
}
