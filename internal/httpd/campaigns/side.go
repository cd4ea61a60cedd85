// Package campaigns is the web for who plans survey campaigns: the list with its
// calendar, the forms that add, change and end them, and the same for programs.
package campaigns

import (
	"net/http"
	"slices"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/registry"
)

// side is the side of the web that plans campaigns.
type side struct{ k *httpd.Kernel }

const (
	path      = "/khao-sat/dot"
	newPath   = path + "/them"
	onePath   = path + "/:campaign"
	formEnd   = "/sua"
	endEnd    = "/ket-thuc"
	removeEnd = "/bo"

	apiPath = "/api/v1/campaigns"
)

// Routes are those of campaigns. They are the whole province's: whoever may see the desk
// reads them, of agencies and counters those that they see.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := side{k}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		one     = []string{"campaign"}
		asks    = slices.Concat(one, revision.WithOpened(fields), lookFields)
		form    = httpd.FormBody(manyCounters)
		body    = httpd.JSONBody(manyCounters)
	)
	read := func(method, path string, asks []string, handle func(*httpd.Request) error) httpd.Route {
		return httpd.Route{Method: method, Path: path, Permission: access.ViewPoints, About: nothing, Asks: asks, Handle: handle}
	}
	change := func(method, path string, asks []string, body httpd.Body, handle func(*httpd.Request) error) httpd.Route {
		return httpd.Route{Method: method, Path: path, Permission: access.DesignSurveys, About: nothing, Asks: asks, Body: body, Handle: handle}
	}
	return []httpd.Route{
		read(http.MethodGet, path, []string{"nam", "da"}, s.list),
		change(http.MethodGet, newPath, nil, httpd.Body{}, s.showNew),
		change(http.MethodPost, newPath, slices.Concat(fields, lookFields), form, s.add),
		change(http.MethodGet, onePath+formEnd, one, httpd.Body{}, s.showForm),
		change(http.MethodPost, onePath+formEnd, asks, form, s.change),
		change(http.MethodPost, onePath+endEnd, one, form, s.end),
		change(http.MethodPost, onePath+removeEnd, one, form, s.remove),
		read(http.MethodGet, apiPath, nil, s.give),
		change(http.MethodPost, apiPath, nil, body, s.take),
		change(http.MethodPut, apiPath+"/:campaign", one, body, s.put),
		change(http.MethodPost, apiPath+"/:campaign/end", one, body, s.takeEnd),
		change(http.MethodDelete, apiPath+"/:campaign", one, httpd.Body{}, s.takeBack),
	}
}

// manyCounters bounds a form that names some thousand counters.
const manyCounters = 1 << 20

func pathOf(id int64) string { return path + "/" + strconv.FormatInt(id, 10) }

// now is this moment at the place.
func (s side) now() campaign.Moment { return campaign.MomentOf(s.k.Now(), s.k.Zone) }

// named is the id of the campaign that the address names.
func named(r *httpd.Request) int64 { return httpd.NumberOf(r.Param("campaign")) }

// seen leaves of a campaign the agencies and counters that the caller sees, and tells
// whether there are others.
func seen(view registry.View, c campaign.Campaign) (agencies []agency.Agency, points []agency.ServicePoint, others bool) {
	for _, a := range view.Agencies() {
		if slices.Contains(c.AgencyIDs, a.ID) {
			agencies = append(agencies, a)
		}
	}
	for _, p := range view.Points() {
		if slices.Contains(c.PointIDs, p.ID) {
			points = append(points, p)
		}
	}
	return agencies, points, len(agencies) < len(c.AgencyIDs) || len(points) < len(c.PointIDs)
}
