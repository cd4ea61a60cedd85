// Package reforms is the web for who changes which agencies there are: what is asked, a
// plan of what it does, what was done, and undoing it.
package reforms

import (
	"net/http"
	"slices"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/reform"
)

// side is the side of the web on which agencies are reformed.
type side struct {
	k       *httpd.Kernel
	reforms *reform.Reforms
}

const (
	path     = "/co-quan/sap-xep"
	planPath = path + "/xem-truoc"
	undoEnd  = "/hoan-tac"
)

// Routes are those of reforms.
func Routes(k *httpd.Kernel, made *reform.Reforms) []httpd.Route {
	s := side{k, made}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		form    = httpd.FormBody(manyPlaces)
	)
	return []httpd.Route{
		{Method: http.MethodGet, Path: path, Permission: access.Administer, About: nothing, Asks: slices.Concat(askedFields, searchFields), Handle: s.ask},
		{Method: http.MethodGet, Path: planPath, Permission: access.Administer, About: nothing, Asks: slices.Concat(askedFields, searchFields), Handle: s.plan},
		{Method: http.MethodPost, Path: path, Permission: access.Administer, About: nothing, Asks: slices.Concat(askedFields, searchFields, []string{"do", "ke-hoach"}), Body: form, Handle: s.decide},
		{Method: http.MethodGet, Path: path + "/:reform", Permission: access.Administer, About: nothing, Asks: []string{"reform", "da"}, Handle: s.show},
		{Method: http.MethodPost, Path: path + "/:reform" + undoEnd, Permission: access.Administer, About: nothing, Asks: []string{"reform"}, Body: httpd.FormBody(httpd.OrdinaryBody), Handle: s.undo},
	}
}

// manyPlaces bounds a form that says of each of some thousand things where it goes.
const manyPlaces = 1 << 20

func reformPath(id int64) string { return path + "/" + strconv.FormatInt(id, 10) }
