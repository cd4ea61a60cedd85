// Package official is the web for officials: what is theirs alone, and what the head of
// their agency may read of them.
package official

import (
	"net/http"

	"sipas/internal/access"
	"sipas/internal/httpd"
)

// side is the side of the web that is about officials.
type side struct{ k *httpd.Kernel }

// Routes are those about officials.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := side{k}
	rated, year := []httpd.About{{In: httpd.Path, Name: "official", Is: httpd.Rated}}, []string{"year"}
	return []httpd.Route{
		{Method: http.MethodGet, Path: "/can-bo/:official/ket-qua", Permission: access.ReadServed, About: rated, Asks: year, Handle: s.showFigures},
		{Method: http.MethodGet, Path: "/api/v1/officials/:official/figures", Permission: access.ReadServed, About: rated, Asks: year, Handle: s.giveFigures},
	}
}
