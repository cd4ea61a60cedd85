// Package designer is the web on which people make surveys: what there is, the page of a
// draft with its outline, editor and preview, and publishing.
package designer

import (
	"net/http"
	"strconv"
	"strings"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/studio"
)

// desk is the side of the web on which people make surveys by hand. Every operation is
// one form of one revision, and works without script; a script asks for what changed of
// the page instead of the page.
type desk struct{ k *httpd.Kernel }

const (
	listPath   = "/khao-sat"
	newPath    = listPath + "/moi"
	draftsPath = listPath + "/soan"

	operateEnd   = "/sua"
	conditionEnd = "/dieu-kien"
	undoEnd      = "/hoan-tac"
	redoEnd      = "/lam-lai"
	previewEnd   = "/xem"
	simulateEnd  = "/mo-phong"
	publishEnd   = "/phat-hanh"
	historyEnd   = "/lich-su"
	archiveEnd   = "/cat"
	languagesEnd = "/ngon-ngu" // of package translations
)

// operationBytes bounds an operation: a list of options that somebody pasted.
const operationBytes = 1 << 20

// newest is all of a past but nothing: the draft as it is is enough.
const newest = 1 << 30

// pathOf is the page of a draft.
func pathOf(id int64) string { return draftsPath + "/" + strconv.FormatInt(id, 10) }

// The fields that every form of a draft's page has: where its reader is.
const (
	chosenField = "chon" // the element in the editor
	viewField   = "view" // what a narrow screen shows
	partField   = "phan" // a script asks, for what changed
	baseField   = "base" // the revision that the form shows
	hasField    = "co"   // the parts that a script has, by their fingerprints
)

// Routes are those of the pages.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &desk{k}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		one     = []httpd.About{{In: httpd.Path, Name: "draft", Is: httpd.Draft}}
		form    = httpd.FormBody(httpd.OrdinaryBody)
		where   = []string{chosenField, viewField, partField, baseField, hasField}
	)
	with := func(names ...string) []string { return append(append([]string{}, where...), names...) }
	const draft = draftsPath + "/:draft"
	routes := []httpd.Route{
		{Method: http.MethodGet, Path: listPath, About: nothing, Asks: []string{"da"}, Handle: s.list},
		{Method: http.MethodPost, Path: newPath, About: nothing, Asks: []string{"from", "survey"}, Body: form, Handle: s.begin},
		{Method: http.MethodGet, Path: draft, About: one, Asks: with(askedField, "da"), Embedding: httpd.Framing, Handle: s.show},
		{Method: http.MethodPost, Path: draft + operateEnd, About: one, Asks: with(operationFields...), Body: httpd.FormBody(operationBytes), Embedding: httpd.Framing, Handle: s.operate},
		{Method: http.MethodPost, Path: draft + conditionEnd, About: one, Asks: with(conditionFields...), Body: form, Embedding: httpd.Framing, Handle: s.setCondition},
		{Method: http.MethodPost, Path: draft + undoEnd, About: one, Asks: with("revision"), Body: form, Embedding: httpd.Framing, Handle: s.undo},
		{Method: http.MethodPost, Path: draft + redoEnd, About: one, Asks: with(), Body: form, Embedding: httpd.Framing, Handle: s.redo},
		{Method: http.MethodGet, Path: draft + previewEnd, About: one, Asks: []string{"gui", chosenField}, Embedding: httpd.OwnPages, Handle: s.preview},
		{Method: http.MethodPost, Path: draft + previewEnd, About: one, Asks: []string{chosenField}, Body: httpd.AnswersBody(httpd.OrdinaryBody), Embedding: httpd.OwnPages, Handle: s.try},
		{Method: http.MethodGet, Path: draft + simulateEnd, About: one, Asks: []string{seedField}, Handle: s.simulate},
		{Method: http.MethodGet, Path: draft + publishEnd, About: one, Handle: s.showPublish},
		{Method: http.MethodPost, Path: draft + publishEnd, About: one, Asks: []string{"revision", "over"}, Body: form, Handle: s.publish},
		{Method: http.MethodGet, Path: draft + historyEnd, About: one, Asks: []string{"truoc"}, Handle: s.history},
		{Method: http.MethodPost, Path: draft + archiveEnd, About: one, Asks: []string{"archived"}, Body: form, Handle: s.archive},
	}
	for i := range routes {
		routes[i].Permission = access.DesignSurveys
	}
	return routes
}

// place is where on the page of a draft its reader is.
type place struct {
	Chosen studio.Key
	View   string
	Part   bool
	Base   int
	Has    []string
}

func placeOf(f interface{ Get(name string) string }) place {
	return place{studio.Key(f.Get(chosenField)), viewOf(f.Get(viewField)), f.Get(partField) != "", int(httpd.NumberOf(f.Get(baseField))), strings.Fields(f.Get(hasField))}
}

// viewOf is one of the parts of the page that a narrow screen shows.
func viewOf(asked string) string {
	switch asked {
	case "sua", "xem":
		return asked
	}
	return "khung"
}

// address is the place's, on the page of a draft.
func (at place) address(id int64) string {
	return httpd.AddressOf(pathOf(id), chosenField, at.Chosen, viewField, at.View)
}
