// Package admin is the web for who looks after the platform: signing in and out,
// service points and their posters, and the same for programs.
package admin

import (
	"net/http"

	"sipas/internal/access"
	"sipas/internal/httpd"
)

// side is the administrators' side of the web.
type side struct{ k *httpd.Kernel }

// Routes are those of accounts and service points.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		point   = []httpd.About{{In: httpd.Query, Name: "point", Is: httpd.Point, Optional: true}}
		posters = []httpd.About{
			{In: httpd.Query, Name: "agency", Is: httpd.Agency, Optional: true},
			{In: httpd.Query, Name: "point", Is: httpd.Point, Optional: true},
		}
	)
	return []httpd.Route{
		{Method: http.MethodGet, Path: "/dang-nhap", Permission: access.Public, About: nothing, Asks: []string{"den"}, Handle: s.showSignIn},
		{Method: http.MethodPost, Path: "/dang-nhap", Permission: access.Public, About: nothing, Asks: []string{"den", "login", "password"}, Body: httpd.FormBody(httpd.OrdinaryBody), Handle: s.signIn},
		{Method: http.MethodPost, Path: "/dang-xuat", Permission: access.Public, About: nothing, Handle: s.signOut},
		{Method: http.MethodGet, Path: "/quay", Permission: access.ViewBoard, About: point, Asks: []string{"page"}, Handle: s.showPoints},
		{Method: http.MethodGet, Path: "/quay/poster.pdf", Permission: access.ViewBoard, About: posters, Asks: []string{"size"}, Handle: s.printPosters},
		{Method: http.MethodGet, Path: "/api/v1/service-points", Permission: access.ViewBoard, About: nothing, Handle: s.givePoints},
	}
}
