// Package board is the web for who reads figures: the first page, boards, what is
// public, publishing and withdrawing, and the same for programs.
package board

import (
	"net/http"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/keep"
)

// side is the figures' side of the web.
type side struct {
	k       *httpd.Kernel
	kept    *keep.Shelf[sight, shown]
	writing *keep.Turns[sight]
}

// Routes are those of boards and publications.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k, keep.NewShelf[sight, shown](mostShown), keep.NewTurns[sight]()}
	var (
		nothing     = []httpd.About{{Is: httpd.Nothing}}
		typed       = []httpd.About{{In: httpd.Query, Name: "ma", Is: httpd.Code, Optional: true}}
		office      = []httpd.About{{In: httpd.Query, Name: "agency", Is: httpd.Agency, Optional: true}, {In: httpd.Query, Name: "point", Is: httpd.JudgedPoint, Optional: true}}
		shown       = []httpd.About{{In: httpd.Query, Name: "id", Is: httpd.Publication}}
		sent        = []httpd.About{{In: httpd.Field, Name: "id", Is: httpd.Publication}}
		period      = periodNames()
		narrowed    = append(periodNames(), "field", "channel", "campaign", "row", "open", "page")
		inDocuments = append(periodNames(), "field", "channel", "campaign", "detail")
		withdrawn   = []string{"year", "period"}
	)
	return []httpd.Route{
		{Method: http.MethodGet, Path: "/", Permission: access.Public, About: typed, Handle: s.showHome},
		{Method: http.MethodGet, Path: "/cong-khai", Permission: access.Public, About: nothing, Asks: period, Handle: s.showPublic},
		{Method: http.MethodGet, Path: "/bang", Permission: access.ViewBoard, About: office, Asks: narrowed, Handle: s.showBoard},
		{Method: http.MethodGet, Path: "/bang/cong-bo", Permission: access.Administer, About: nothing, Asks: period, Handle: s.showPublish},
		{Method: http.MethodPost, Path: "/bang/cong-bo", Permission: access.Administer, About: nothing, Asks: period, Body: httpd.FormBody(httpd.OrdinaryBody), Handle: s.publish},
		{Method: http.MethodGet, Path: "/bang/thu-hoi", Permission: access.Administer, About: shown, Handle: s.showWithdraw},
		{Method: http.MethodPost, Path: "/bang/thu-hoi", Permission: access.Administer, About: sent, Body: httpd.FormBody(httpd.OrdinaryBody), Handle: s.withdraw},
		{Method: http.MethodGet, Path: "/api/v1/board", Permission: access.ViewBoard, About: office, Asks: inDocuments, Handle: s.giveBoard},
		{Method: http.MethodGet, Path: "/api/v1/published", Permission: access.Public, About: nothing, Handle: s.givePublished},
		{Method: http.MethodPost, Path: "/api/v1/publications", Permission: access.Administer, About: nothing, Body: httpd.JSONBody(httpd.OrdinaryBody), Handle: s.takePublication},
		{Method: http.MethodDelete, Path: "/api/v1/publications/:year/:period", Permission: access.Administer, About: nothing, Asks: withdrawn, Handle: s.takeBack},
	}
}
