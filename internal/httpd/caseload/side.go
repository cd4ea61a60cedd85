// Package caseload is the web for administrative procedures and the files of them that
// agencies handled.
package caseload

import (
	"net/http"

	"sipas/internal/access"
	"sipas/internal/httpd"
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
	return []httpd.Route{
		{Method: http.MethodGet, Path: proceduresPath, Permission: access.ViewPoints, About: []httpd.About{{Is: httpd.Nothing}}, Asks: []string{"tim", "page", "da"}, Handle: s.showProcedures},
		{
			Method: http.MethodGet, Path: filesPath, Permission: access.ViewBoard, About: []httpd.About{{In: httpd.Query, Name: "agency", Is: httpd.Agency, Optional: true}},
			Asks: []string{"ky", "page", "da"}, Handle: s.showFiles,
		},
	}
}

// perPage is how many lines are on one page.
const perPage = 100
