// Package caseload is the web for administrative procedures and the files of them that
// agencies handled.
package caseload

import (
	"net/http"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
)

// side is the side of the web that shows them.
type side struct{ k *httpd.Kernel }

const (
	proceduresPath = "/thu-tuc"
	filesPath      = "/ho-so"
)

// Routes are those of both; their spreadsheets belong to package lists.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := side{k}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}} // procedures are the whole province's, as who changes them
		form    = httpd.FormBody(httpd.OrdinaryBody)
		asks    = []string{"procedure"}
	)
	const one = proceduresPath + "/:procedure"
	return []httpd.Route{
		{Method: http.MethodGet, Path: proceduresPath, Permission: access.ViewPoints, About: nothing, Asks: []string{"tim", "page", "da"}, Handle: s.showProcedures},
		{Method: http.MethodGet, Path: proceduresPath + addEnd, Permission: access.Administer, About: nothing, Handle: s.showNewProcedure},
		{Method: http.MethodPost, Path: proceduresPath + addEnd, Permission: access.Administer, About: nothing, Asks: newProcedureFields(), Body: form, Handle: s.addProcedure},
		{Method: http.MethodGet, Path: one + formEnd, Permission: access.Administer, About: nothing, Asks: asks, Handle: s.showProcedureForm},
		{Method: http.MethodPost, Path: one + formEnd, Permission: access.Administer, About: nothing, Asks: append(asks, revision.WithOpened(procedureFields)...), Body: form, Handle: s.changeProcedure},
		{Method: http.MethodPost, Path: one + removeEnd, Permission: access.Administer, About: nothing, Asks: asks, Body: form, Handle: s.removeProcedure},
		{
			Method: http.MethodGet, Path: filesPath, Permission: access.ViewBoard, About: []httpd.About{{In: httpd.Query, Name: "agency", Is: httpd.Agency, Optional: true}},
			Asks: []string{"ky", "page", "da"}, Handle: s.showFiles,
		},
	}
}

// perPage is how many lines are on one page.
const perPage = 100
