// Package citizen is the web for who was served: forms by their codes, answers,
// thanks, QR images, and the same for programs.
package citizen

import (
	"net/http"

	"sipas/internal/access"
	"sipas/internal/forms"
	"sipas/internal/httpd"
	"sipas/internal/qr"
)

// side is the citizens' side of the web.
type side struct {
	k      *httpd.Kernel
	forms  forms.Kept
	images *qr.Images
}

// imageBytes bounds what drawn images take: those of some 2,000 service points
// in every side.
const imageBytes = 24 << 20

// Routes are those of citizens.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k: k, images: qr.NewImages(imageBytes)}
	var (
		form   = []httpd.About{{In: httpd.Path, Name: "code", Is: httpd.Form}}
		reason = []httpd.About{{In: httpd.Path, Name: "code", Is: httpd.FormOrReason}}
		typed  = []httpd.About{{In: httpd.Query, Name: "code", Is: httpd.Code, Optional: true}}
		entry  = []httpd.About{{In: httpd.Path, Name: "token", Is: httpd.Entry}}
	)
	const points = "/api/v1/service-points"
	return []httpd.Route{
		{Method: http.MethodGet, Path: "/q", Permission: access.Public, About: typed, Handle: s.findForm},
		{Method: http.MethodGet, Path: "/q/:code", Permission: access.Public, About: reason, Asks: []string{"xong"}, Handle: s.showForm},
		{Method: http.MethodPost, Path: "/q/:code", Permission: access.Public, About: reason, Body: httpd.AnswersBody(httpd.OrdinaryBody), Handle: s.takeAnswers},
		{Method: http.MethodGet, Path: "/q/:code/xong", Permission: access.Public, About: reason, Handle: s.thankAtKiosk},
		{Method: http.MethodGet, Path: "/q/:code/xong/:receipt", Permission: access.Public, About: reason, Asks: []string{"receipt"}, Handle: s.showReceipt},
		{Method: http.MethodGet, Path: "/q/:code/qr.png", Permission: access.Public, About: form, Asks: []string{"size"}, Handle: s.drawPNG},
		{Method: http.MethodGet, Path: "/q/:code/qr.svg", Permission: access.Public, About: form, Handle: s.drawSVG},
		{Method: http.MethodGet, Path: "/vao/:token", Permission: access.Public, About: entry, Handle: s.letIn},
		{Method: http.MethodGet, Path: "/thu/:trial", Permission: access.Public, About: []httpd.About{{Is: httpd.Nothing}}, Asks: []string{"trial"}, Handle: s.beginTrial},
		{Method: http.MethodGet, Path: points + "/:code/form", Permission: access.Public, About: form, Handle: s.describeForm},
		{Method: http.MethodPost, Path: points + "/:code/responses", Permission: access.Public, About: form, Body: httpd.JSONBody(httpd.OrdinaryBody), Handle: s.takeDocument},
		{Path: httpd.Stray, Permission: access.Public, About: []httpd.About{{Is: httpd.Nothing}}, Handle: s.leadStray},
	}
}
