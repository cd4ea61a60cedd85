// Package roster is the web for who serves at counters: officials with their badges and
// shifts, and what queue systems say of who serves now.
package roster

import (
	"net/http"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/duty"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/httpd/history"
	"sipas/internal/httpd/revision"
	"sipas/internal/qr"
	"sipas/internal/registry"
)

// side is the side of the web that looks after officials.
type side struct {
	k      *httpd.Kernel
	images *qr.Images
}

// imageBytes bounds what drawn codes take.
const imageBytes = 2 << 20

const (
	listPath   = "/can-bo"
	newPath    = listPath + "/them"
	shiftsPath = listPath + "/ca"
	printPath  = listPath + "/in"
	switchPath = settingsPath + "/can-bo"

	settingsPath = "/cai-dat" // by package admin

	formEnd  = "/sua"
	badgeEnd = "/doi-the"
	dropEnd  = "/bo-ca"
)

// pathOf is the page of an official.
func pathOf(code string) string { return listPath + "/" + code }

// Routes are those of officials.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k, qr.NewImages(imageBytes)}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		one     = []httpd.About{{In: httpd.Path, Name: "official", Is: httpd.Official}}
		placed  = httpd.About{In: httpd.Field, Name: "agency", Is: httpd.Agency, Optional: true}
		serving = []httpd.About{{In: httpd.Path, Name: "point", Is: httpd.Point}, {In: httpd.Field, Name: "official", Is: httpd.Official, Optional: true}}
		form    = httpd.FormBody(httpd.OrdinaryBody)
	)
	const path = listPath + "/:official"
	opened := append(revision.WithOpened(append([]string{seatField}, cells...)), revision.Opened("agency"))
	return []httpd.Route{
		{Method: http.MethodGet, Path: listPath, Permission: access.ManagePoints, About: nothing, Asks: []string{"tim", "trang-thai", "page", "da"}, Handle: s.list},
		{Method: http.MethodGet, Path: newPath, Permission: access.ManagePoints, About: nothing, Handle: s.showNew},
		{Method: http.MethodPost, Path: newPath, Permission: access.ManagePoints, About: []httpd.About{placed}, Asks: append([]string{codeField, seatField}, cells...), Body: form, Handle: s.add},
		{Method: http.MethodGet, Path: shiftsPath, Permission: access.ManagePoints, About: nothing, Asks: []string{"page", "da"}, Handle: s.listShifts},
		{Method: http.MethodGet, Path: printPath, Permission: access.ManagePoints, About: nothing, Asks: []string{"tim", "trang-thai"}, Handle: s.printFound},
		{Method: http.MethodGet, Path: path, Permission: access.ManagePoints, About: one, Asks: []string{"da", history.Before}, Handle: s.show},
		{Method: http.MethodGet, Path: path + formEnd, Permission: access.ManagePoints, About: one, Handle: s.showForm},
		{Method: http.MethodPost, Path: path + formEnd, Permission: access.ManagePoints, About: append(one, placed), Asks: opened, Body: form, Handle: s.change},
		{Method: http.MethodGet, Path: path + "/ma.svg", Permission: access.ManagePoints, About: one, Handle: s.draw},
		{Method: http.MethodGet, Path: path + "/the.pdf", Permission: access.ManagePoints, About: one, Handle: s.printOne},
		{Method: http.MethodGet, Path: path + badgeEnd, Permission: access.ManagePoints, About: one, Handle: s.askToReplace},
		{Method: http.MethodPost, Path: path + badgeEnd, Permission: access.ManagePoints, About: one, Body: form, Handle: s.replace},
		{Method: http.MethodPost, Path: path + dropEnd, Permission: access.ManagePoints, About: one, Asks: []string{"shift"}, Body: form, Handle: s.dropShift},
		{Method: http.MethodPost, Path: switchPath, Permission: access.Administer, About: nothing, Asks: []string{"officials"}, Body: form, Handle: s.turn},
		{Method: http.MethodPut, Path: "/api/v1/service-points/:point/serving", Permission: access.ManagePoints, About: serving, Body: httpd.JSONBody(httpd.OrdinaryBody), Handle: s.serve},
	}
}

// keptNow is the official that the request is about as they are at that moment; they may
// have been moved out of the caller's sight.
func keptNow(r *httpd.Request, c *registry.Change) (agency.Official, *registry.Snapshot, error) {
	now, err := c.Now(r.Context())
	if err != nil {
		return agency.Official{}, nil, err
	}
	o, known := now.OfficialByID(r.Official.ID)
	if !known || !r.View(now).Sees(o.AgencyID) {
		err = fault.ErrNotFound
	}
	return o, now, err
}

// turn lets citizens be asked about officials, or no longer.
func (s *side) turn(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	value, done := "0", "officials-off"
	if fields.Get("officials") == "1" {
		value, done = "1", "officials-on"
	}
	if err := r.Change(func(c *registry.Change) error { return c.Set(r.Context(), registry.SettingOfficials, value) }); err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(settingsPath, "da", done))
	return nil
}

// named are the codes of a shift's official and counter, as the audit has them.
func named(snap *registry.Snapshot) duty.Names {
	return func(s duty.Shift) (string, agency.Code) {
		o, _ := snap.OfficialByID(s.OfficialID)
		p, _ := snap.PointByID(s.PointID)
		return o.Code, p.Code
	}
}
