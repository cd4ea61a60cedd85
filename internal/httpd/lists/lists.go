package lists

import (
	"bytes"
	"errors"
	"net/http"
	"time"

	"sipas/internal/access"
	"sipas/internal/bulk"
	"sipas/internal/httpd"
	"sipas/internal/spreadsheet"
)

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
	State    string        // of what it was checked against
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
func (of sheet) routes() []httpd.Route {
	nothing := []httpd.About{{Is: httpd.Nothing}}
	return []httpd.Route{
		{Method: http.MethodGet, Path: of.at + "/nhap", Permission: access.Administer, About: nothing, Handle: of.ask},
		{Method: http.MethodPost, Path: of.at + "/nhap", Permission: access.Administer, About: nothing, Asks: checkedFile, Body: httpd.FileBody(listBytes), Patience: listPatience, Handle: of.take},
		{Method: http.MethodGet, Path: of.at + "/xuat", Permission: access.Administer, About: nothing, Asks: []string{"dang"}, Patience: listPatience, Handle: of.give},
	}
}

func (of sheet) ask(r *httpd.Request) error { return of.writeImport(r, http.StatusOK, importPage{}) }

func (of sheet) writeImport(r *httpd.Request, status int, data importPage) error {
	data.List, data.At, data.Columns = of.Name, of.at, of.Columns
	p := of.page(r)
	p.Data = data
	return r.Show(status, "desk/import", p)
}

// take checks a file, or carries out what was checked.
func (of sheet) take(r *httpd.Request) error {
	content, fields, err := r.File()
	if err != nil {
		return err
	}
	if len(content) == 0 {
		return of.writeImport(r, http.StatusUnprocessableEntity, importPage{Missing: true})
	}
	plan, err := of.judge(r, content)
	if err != nil {
		return err
	}
	view := checked{
		Rows: int64(plan.Rows), Created: int64(plan.Created), Updated: int64(plan.Updated), Unchanged: int64(plan.Unchanged),
		Wrong: int64(plan.Wrong), Changes: plan.Changes(), State: plan.State(), File: plan.File(),
	}
	asked := fields.Get("do") == "import"
	same := fields.Get("file-sha256") == view.File && fields.Get("revision") == view.State
	if asked && same && view.Changes {
		if err := plan.apply(); !errors.Is(err, bulk.ErrStale) {
			return err
		}
		same = false
	}
	for _, problem := range plan.Problems[:min(len(plan.Problems), problemsShown)] {
		view.Problems = append(view.Problems, problemLine{problem.Line, problem.Column, problem.Text(r.Printer())})
	}
	view.More = view.Wrong - int64(len(view.Problems))
	return of.writeImport(r, http.StatusOK, importPage{Check: &view, Stale: asked && !same})
}

// give gives the list as it is kept: the template of a file to import.
func (of sheet) give(r *httpd.Request) error {
	format, kind := spreadsheet.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	if r.Query("dang") == spreadsheet.CSV {
		format, kind = spreadsheet.CSV, "text/csv; charset=utf-8"
	}
	var file bytes.Buffer
	if err := of.write(r, &file, format); err != nil {
		return err
	}
	r.Set("Content-Disposition", `attachment; filename="`+of.Name+"."+format+`"`)
	r.WriteFile(kind, file.Bytes())
	return nil
}
