package province

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"time"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/bulk"
	"sipas/internal/httpd"
	"sipas/internal/spreadsheet"
)

// listPages are lists that come and go as spreadsheets, on pages. A file is checked
// first, and nothing changes; carried out is the same file on the same state.
type listPages struct{ *side }

// sheet is a list and where it lives on the desk.
type sheet struct {
	list bulk.List
	at   string // its page
}

func agencySheet() sheet { return sheet{bulk.Agencies(), agenciesPath} }

func targetSheet() sheet { return sheet{bulk.Targets(), targetsPath} }

func pointSheet() sheet { return sheet{bulk.ServicePoints(), pointsPath} }

// importPage is where a file is chosen, and what came of checking one.
type importPage struct {
	List    string // its name
	At      string
	Columns []string
	Check   *checked // nil until a file was checked
	Missing bool     // no file was chosen
	Stale   bool     // something was changed since the file was checked, or it is another file
}

// checked is what a file would change.
type checked struct {
	Rows, Created, Updated, Unchanged, Wrong int64

	Changes  bool
	Problems []problemLine // the first of them
	More     int64         // how many others there are
	Revision int64         // of what it was checked against
	File     string        // its SHA-256
}

// problemLine is one thing wrong, and where.
type problemLine struct {
	Line         int // 0: the file as a whole
	Column, Text string
}

const (
	// listBytes bounds a file sent to a page: 100,000 service points are some 10 MB.
	listBytes = 16 << 20
	// listPatience is what such a list takes, several times over.
	listPatience = 2 * time.Minute
	// problemsShown is how many problems a page tells; mending them shows the others.
	problemsShown = 100
)

// checkedFile are the fields that say what was checked, and whether it is to be
// carried out.
var checkedFile = []string{"do", "file-sha256", "revision"}

// routes are those of a list: choosing a file, sending it, and getting it.
func (s listPages) routes(of sheet) []httpd.Route {
	return []httpd.Route{
		{Method: http.MethodGet, Path: of.at + "/nhap", Permission: access.Administer, About: nothing(), Handle: s.ask(of)},
		{Method: http.MethodPost, Path: of.at + "/nhap", Permission: access.Administer, About: nothing(), Asks: checkedFile, Body: httpd.FileBody(listBytes), Patience: listPatience, Handle: s.take(of)},
		{Method: http.MethodGet, Path: of.at + "/xuat", Permission: access.Administer, About: nothing(), Asks: []string{"dang"}, Patience: listPatience, Handle: s.give(of)},
	}
}

func (s listPages) ask(of sheet) func(*httpd.Request) error {
	return func(r *httpd.Request) error { return s.writeImport(r, http.StatusOK, of, importPage{}) }
}

func (s listPages) writeImport(r *httpd.Request, status int, of sheet, data importPage) error {
	p := r.NewPage("import", nil)
	if of.at == targetsPath {
		p = r.NewPage("import-targets", nil)
	}
	data.List, data.At, data.Columns = of.list.Name, of.at, of.list.Columns
	p.Data = data
	return r.Show(status, "desk/import", p)
}

// take checks a file, or carries out what was checked.
func (s listPages) take(of sheet) func(*httpd.Request) error {
	return func(r *httpd.Request) error {
		content, fields, err := r.File()
		if err != nil {
			return err
		}
		if len(content) == 0 {
			return s.writeImport(r, http.StatusUnprocessableEntity, of, importPage{Missing: true})
		}
		snap, err := r.Snapshot()
		if err != nil {
			return err
		}
		plan := of.list.Plan(snap, content)
		view := checked{
			Rows: int64(plan.Rows), Created: int64(plan.Created), Updated: int64(plan.Updated), Unchanged: int64(plan.Unchanged),
			Wrong: int64(plan.Wrong), Changes: plan.Changes(),
			Revision: snap.Revision, File: audit.ContentOf(content).SHA256,
		}
		asked := fields.Get("do") == "import"
		same := fields.Get("file-sha256") == view.File && fields.Get("revision") == strconv.FormatInt(view.Revision, 10)
		if asked && same && view.Changes {
			err := plan.Apply(r.Context(), s.k.Registry, r.Author(audit.Web))
			if err == nil {
				r.LeadTo(httpd.AddressOf(of.at, "da", of.list.Name+"-imported"))
				return nil
			}
			if !errors.Is(err, bulk.ErrStale) {
				return err
			}
			same = false
		}
		for _, problem := range plan.Problems[:min(len(plan.Problems), problemsShown)] {
			view.Problems = append(view.Problems, problemLine{problem.Line, problem.Column, problem.Text(r.Printer())})
		}
		view.More = view.Wrong - int64(len(view.Problems))
		return s.writeImport(r, http.StatusOK, of, importPage{Check: &view, Stale: asked && !same})
	}
}

// give gives the list as it is kept: the template of a file to import.
func (s listPages) give(of sheet) func(*httpd.Request) error {
	return func(r *httpd.Request) error {
		snap, err := r.Snapshot()
		if err != nil {
			return err
		}
		format, kind := spreadsheet.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		if r.Query("dang") == spreadsheet.CSV {
			format, kind = spreadsheet.CSV, "text/csv; charset=utf-8"
		}
		var file bytes.Buffer
		if err := of.list.Write(&file, format, snap); err != nil {
			return err
		}
		r.Set("Content-Disposition", `attachment; filename="`+of.list.Name+"."+format+`"`)
		r.WriteFile(kind, file.Bytes())
		return nil
	}
}
