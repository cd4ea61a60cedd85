// Package exchange is the web for surveys as files: a file of another program is looked at,
// and becomes a draft; what was made here is given as files for others, for programs too.
package exchange

import (
	"net/http"
	"time"

	"sipas/internal/access"
	"sipas/internal/exchange"
	"sipas/internal/httpd"
)

// side is the side of the web on which surveys come and go as files.
type side struct{ k *httpd.Kernel }

const (
	listPath   = "/khao-sat" // the list of surveys and the pages of drafts, by package designer
	draftsPath = listPath + "/soan"
	takePath   = listPath + "/nhap"
	offerEnd   = "/tai"
	fileEnd    = "/tep"
	offerPath  = listPath + offerEnd
	filePath   = listPath + fileEnd

	// patience is what the largest file takes, several times over.
	patience = time.Minute
)

// The fields beside a file: whether a draft is to be made, and of which file.
const (
	doField   = "do"
	fileField = "file-sha256"
)

// Routes are those of surveys as files.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		one     = []httpd.About{{In: httpd.Path, Name: "draft", Is: httpd.Draft}}
		which   = []string{"survey", "version"}
		file    = []string{"survey", "version", "format"}
		format  = []string{"format"}
	)
	const draft, api = draftsPath + "/:draft", "/api/v1"
	inQuery := func(r *httpd.Request) string { return r.Query("survey") }
	inPath := func(r *httpd.Request) string { return r.Param("survey") }
	routes := []httpd.Route{
		{Method: http.MethodGet, Path: takePath, About: nothing, Handle: s.ask},
		{Method: http.MethodPost, Path: takePath, About: nothing, Asks: []string{doField, fileField}, Body: httpd.FileBody(exchange.MaxBytes), Patience: patience, Handle: s.take},
		{Method: http.MethodGet, Path: offerPath, About: nothing, Asks: which, Handle: s.offer},
		{Method: http.MethodGet, Path: filePath, About: nothing, Asks: file, Handle: s.give(inQuery)},
		{Method: http.MethodGet, Path: draft + offerEnd, About: one, Handle: s.offerDraft},
		{Method: http.MethodGet, Path: draft + fileEnd, About: one, Asks: format, Handle: s.giveDraft},
		{Method: http.MethodGet, Path: api + "/surveys/:survey/file", About: nothing, Asks: file, Handle: strictly(s.give(inPath))},
		{Method: http.MethodGet, Path: api + "/drafts/:draft/file", About: one, Asks: format, Handle: strictly(s.giveDraft)},
	}
	for i := range routes {
		routes[i].Permission = access.DesignSurveys
	}
	return routes
}

// strictly refuses an address that says something else than the route declares.
func strictly(handle func(*httpd.Request) error) func(*httpd.Request) error {
	return func(r *httpd.Request) error {
		if err := r.NothingElse(); err != nil {
			return err
		}
		return handle(r)
	}
}
