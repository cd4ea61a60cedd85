// Package counter is the web for one counter, as people call a service point: its
// page, and the forms that make it, change it, close it and replace its code.
package counter

import (
	"net/http"
	"slices"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/httpd/history"
	"sipas/internal/httpd/revision"
	"sipas/internal/registry"
)

// side is the side of the web that looks after single counters.
type side struct{ k *httpd.Kernel }

const (
	listPath = "/quay" // where they are listed, by package province
	newPath  = listPath + "/them"
	// What the addresses below that of a counter end in.
	formEnd   = "/sua"
	closeEnd  = "/dong"
	openEnd   = "/mo"
	recodeEnd = "/doi-ma"
)

// pathOf is the page of a counter.
func pathOf(code agency.Code) string { return listPath + "/" + string(code) }

// afterwards is the page of a counter with what was done to it just now, as the key of
// the sentence that says so.
func afterwards(code agency.Code, done string) string {
	return httpd.AddressOf(pathOf(code), "da", done)
}

// Routes are those of single counters.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		one     = []httpd.About{{In: httpd.Path, Name: "point", Is: httpd.Point}}
		placed  = []httpd.About{
			{In: httpd.Field, Name: "agency", Is: httpd.Agency, Optional: true},
			{In: httpd.Field, Name: judged, Is: httpd.Judged, Optional: true},
		}
		offered = []httpd.About{{In: httpd.Query, Name: "agency", Is: httpd.Agency, Optional: true}}
		form    = httpd.FormBody(httpd.OrdinaryBody)
	)
	const path = listPath + "/:point"
	typed := slices.Concat(cells, limitFields)
	opened := slices.Concat(revision.WithOpened(cells), limitFields, []string{revision.Opened("agency"), revision.Opened(judged), revision.Opened("limit")})
	return []httpd.Route{
		{Method: http.MethodGet, Path: newPath, Permission: access.ManagePoints, About: nothing, Handle: s.showNew},
		{Method: http.MethodPost, Path: newPath, Permission: access.ManagePoints, About: placed, Asks: typed, Body: form, Handle: s.add},
		{Method: http.MethodGet, Path: severalPath, Permission: access.ManagePoints, About: offered, Asks: []string{"da"}, Handle: s.showSeveral},
		{Method: http.MethodPost, Path: severalPath, Permission: access.ManagePoints, About: placed, Asks: append(severalFields, "do", "seen"), Body: form, Handle: s.addSeveral},
		{Method: http.MethodGet, Path: path, Permission: access.ViewPoints, About: one, Asks: []string{"da", history.Before}, Handle: s.show},
		{Method: http.MethodGet, Path: path + formEnd, Permission: access.ManagePoints, About: one, Handle: s.showForm},
		{Method: http.MethodPost, Path: path + formEnd, Permission: access.ManagePoints, About: append(one, placed...), Asks: opened, Body: form, Handle: s.change},
		{Method: http.MethodPost, Path: path + closeEnd, Permission: access.ManagePoints, About: one, Body: form, Handle: s.close},
		{Method: http.MethodPost, Path: path + openEnd, Permission: access.ManagePoints, About: one, Body: form, Handle: s.open},
		{Method: http.MethodGet, Path: path + recodeEnd, Permission: access.ManagePoints, About: one, Handle: s.askToRecode},
		{Method: http.MethodPost, Path: path + recodeEnd, Permission: access.ManagePoints, About: one, Body: form, Handle: s.recode},
	}
}

// keptNow is the counter that the request is about as it is at that moment; it may have
// been moved out of the caller's sight.
func keptNow(r *httpd.Request, c *registry.Change, snap *registry.Snapshot) (agency.ServicePoint, error) {
	p, err := c.ServicePoint(r.Context(), r.Point.ID)
	if err == nil && !r.View(snap).Sees(p.AgencyID) {
		err = fault.ErrNotFound
	}
	return p, err
}
