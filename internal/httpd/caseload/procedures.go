package caseload

import (
	"net/http"
	"slices"
	"strings"

	"sipas/internal/access"
	"sipas/internal/fold"
	"sipas/internal/httpd"
	"sipas/internal/procedure"
)

// proceduresPage is the catalogue of procedures.
type proceduresPage struct {
	Lines  []procedureLine // of this page
	Total  int64           // of all that are asked for
	Search string
	Pages  httpd.Pages
	Done   string // what was done just now, as a key
}

// procedureLine is one procedure.
type procedureLine struct {
	Code, Name, Field string
	To                string // where it is changed; "" for who may not
}

// showProcedures lists the procedures, or those whose name, code or service field holds
// what is looked for: capitals and accents make no difference.
func (s side) showProcedures(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	all, err := s.k.Procedures.All(r.Context())
	if err != nil {
		return err
	}
	p, fields := r.NewPage("procedures", nil), map[string]string{}
	for _, f := range snap.Fields {
		fields[f.Key] = f.Name.In(p.Language)
	}
	data := proceduresPage{Search: strings.TrimSpace(httpd.Cut(r.Query("tim"), 100)), Done: r.Done()}
	if wanted := fold.Text(data.Search); wanted != "" {
		all = slices.DeleteFunc(all, func(of procedure.Procedure) bool {
			return fold.Find(fold.Text(of.Sought()+"\n"+fields[of.FieldKey]), wanted) == fold.None
		})
	}
	data.Total = int64(len(all))
	data.Pages, err = httpd.PageOf(r.Query("page"), len(all), perPage, func(page int) string {
		return httpd.AddressOf(proceduresPath, "tim", data.Search, "page", page)
	})
	if err != nil {
		return err
	}
	for _, of := range all[data.Pages.From:data.Pages.To] {
		line := procedureLine{Code: of.Code, Name: of.Name.In(p.Language), Field: fields[of.FieldKey]}
		if r.May(access.Administer) {
			line.To = procedurePath(of.ID) + formEnd
		}
		data.Lines = append(data.Lines, line)
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/procedures", p)
}
