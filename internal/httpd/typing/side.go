// Package typing is the web for who types in what was answered on paper: batches of
// sheets, one sheet after the other by keyboard, comparing and closing.
package typing

import (
	"net/http"
	"slices"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/entry"
	"sipas/internal/fault"
	"sipas/internal/forms"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// side is the side of the web where sheets are typed in.
type side struct{ k *httpd.Kernel }

const (
	listPath = "/nhap-phieu"
	newPath  = listPath + "/them"

	typeEnd    = "/nhap"
	compareEnd = "/so-sanh"
	closeEnd   = "/dong"
	dropEnd    = "/bo"
	correctEnd = "/sua"
)

// pathOf is the page of a batch.
func pathOf(b entry.Batch) string { return listPath + "/" + strconv.FormatInt(b.ID, 10) }

// Routes are those of typing.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		one     = []httpd.About{{In: httpd.Path, Name: "batch", Is: httpd.Batch}}
		form    = httpd.FormBody(httpd.OrdinaryBody)
		whole   = httpd.AnswersBody(httpd.OrdinaryBody)
	)
	const path = listPath + "/:batch"
	return []httpd.Route{
		{Method: http.MethodGet, Path: listPath, Permission: access.EnterResponses, About: nothing, Asks: []string{"page", "da"}, Handle: s.list},
		{Method: http.MethodGet, Path: newPath, Permission: access.EnterResponses, About: []httpd.About{{In: httpd.Query, Name: "point", Is: httpd.Point, Optional: true}}, Asks: []string{"tim"}, Handle: s.showNew},
		{Method: http.MethodPost, Path: newPath, Permission: access.EnterResponses, About: []httpd.About{{In: httpd.Field, Name: "point", Is: httpd.Point}}, Asks: newFields, Body: form, Handle: s.open},
		{Method: http.MethodGet, Path: path, Permission: access.EnterResponses, About: one, Asks: []string{"da"}, Handle: s.show},
		{Method: http.MethodGet, Path: path + typeEnd, Permission: access.EnterResponses, About: one, Asks: []string{"lan", "phieu", "da"}, Handle: s.showSheet},
		{Method: http.MethodPost, Path: path + typeEnd, Permission: access.EnterResponses, About: one, Body: whole, Handle: s.keepSheet},
		{Method: http.MethodGet, Path: path + compareEnd, Permission: access.EnterResponses, About: one, Asks: []string{"da"}, Handle: s.compare},
		{Method: http.MethodPost, Path: path + compareEnd, Permission: access.EnterResponses, About: one, Body: whole, Handle: s.settle},
		{Method: http.MethodGet, Path: path + closeEnd, Permission: access.EnterResponses, About: one, Handle: s.askToClose},
		{Method: http.MethodPost, Path: path + closeEnd, Permission: access.EnterResponses, About: one, Asks: []string{"fewer"}, Body: form, Handle: s.close},
		{Method: http.MethodPost, Path: path + dropEnd, Permission: access.EnterResponses, About: one, Asks: []string{"sure"}, Body: form, Handle: s.drop},
		{Method: http.MethodGet, Path: path + correctEnd, Permission: access.EnterResponses, About: one, Asks: []string{"phieu"}, Handle: s.showCorrection},
		{Method: http.MethodPost, Path: path + correctEnd, Permission: access.EnterResponses, About: one, Body: whole, Handle: s.correct},
	}
}

// named is a batch with what it is called.
type named struct {
	entry.Batch
	Path, Counter, Agency, Survey string
	VersionNumber                 int
	Days                          string
}

func name(snap *registry.Snapshot, p httpd.Page, b entry.Batch) named {
	n := named{Batch: b, Path: pathOf(b), Days: p.Day(b.From)}
	if !b.OneDay() {
		n.Days += " – " + p.Day(b.To)
	}
	point, _ := snap.PointByID(b.PointID)
	office, _ := snap.Tree.Agency(point.AgencyID)
	n.Counter, n.Agency = point.Name.In(p.Language), office.Name.In(p.Language)
	if v := snap.Version(b.VersionID); v != nil {
		n.Survey, n.VersionNumber = v.Definition.Title.In(p.Language), v.Number
	}
	return n
}

// typist is who asks, as sheets say it.
func typist(r *httpd.Request) string { return entry.Typist(r.Who()) }

// viewer shows the questions of a batch in the language of its sheets.
func (s *side) viewer(v *survey.Version, b entry.Batch) forms.Viewer {
	return forms.Viewer{Printer: s.k.Catalogues.For(b.Language), Language: b.Language, Version: v}
}

// own are the names of problems that are not about an answer of a sheet.
var own = []string{"number", "typing", "sheets", "fewer", "submission", entry.CellDay}

// parted parts problems about answers from others.
func parted(problems []fault.Problem) (ofAnswers, others []fault.Problem) {
	for _, p := range problems {
		if slices.Contains(own, p.Where) {
			others = append(others, p)
		} else {
			ofAnswers = append(ofAnswers, p)
		}
	}
	return ofAnswers, others
}

// sentences says problems in the reader's language.
func sentences(r *httpd.Request, problems []fault.Problem) (said []string) {
	for _, p := range problems {
		said = append(said, forms.Sentence(r.Printer(), p))
	}
	return said
}
