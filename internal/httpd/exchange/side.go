// Package exchange is the web for surveys as files: a file of another program is looked at,
// and becomes a draft.
package exchange

import (
	"net/http"
	"time"

	"sipas/internal/access"
	"sipas/internal/exchange"
	"sipas/internal/httpd"
)

// side is the side of the web to which surveys come as files.
type side struct{ k *httpd.Kernel }

const (
	listPath   = "/khao-sat" // the list of surveys and the pages of drafts, by package designer
	draftsPath = listPath + "/soan"
	takePath   = listPath + "/nhap"

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
	nothing := []httpd.About{{Is: httpd.Nothing}}
	file := httpd.FileBody(exchange.MaxBytes)
	return []httpd.Route{
		{Method: http.MethodGet, Path: takePath, Permission: access.DesignSurveys, About: nothing, Handle: s.ask},
		{Method: http.MethodPost, Path: takePath, Permission: access.DesignSurveys, About: nothing, Asks: []string{doField, fileField}, Body: file, Patience: patience, Handle: s.take},
	}
}
