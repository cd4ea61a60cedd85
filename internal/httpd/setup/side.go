// Package setup is the web for a province that begins: the first account, the steps, the
// province itself, and trying a counter from one's own phone.
package setup

import (
	"net/http"

	"sipas/internal/access"
	"sipas/internal/httpd"
)

// side is the side of the web that a province begins with.
type side struct{ k *httpd.Kernel }

const (
	stepsPath    = "/bat-dau"
	provincePath = stepsPath + "/tinh"
	trialPath    = stepsPath + "/thu"
	firstPath    = "/thiet-lap"
)

// Routes are those of beginning.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	nothing, form := []httpd.About{{Is: httpd.Nothing}}, httpd.FormBody(httpd.OrdinaryBody)
	return []httpd.Route{
		{Method: http.MethodGet, Path: firstPath + "/:link", Permission: access.Public, About: nothing, Asks: []string{"link"}, Handle: s.showFirst},
		{Method: http.MethodPost, Path: firstPath + "/:link", Permission: access.Public, About: nothing, Asks: append(firstFields, "link"), Body: form, Handle: s.addFirst},
		{Method: http.MethodGet, Path: stepsPath, Permission: access.Administer, About: nothing, Asks: []string{"da"}, Handle: s.showSteps},
		{Method: http.MethodPost, Path: stepsPath, Permission: access.Administer, About: nothing, Asks: []string{"away"}, Body: form, Handle: s.putAway},
		{Method: http.MethodGet, Path: provincePath, Permission: access.Administer, About: nothing, Handle: s.askProvince},
		{Method: http.MethodPost, Path: provincePath, Permission: access.Administer, About: nothing, Asks: provinceFields, Body: form, Handle: s.chooseProvince},
		{Method: http.MethodGet, Path: trialPath, Permission: access.Administer, About: nothing, Handle: s.showTrial},
	}
}
