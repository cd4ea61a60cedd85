// Package translations is the web for who translates a survey: its further languages, and
// a page of one of them beside Vietnamese and English.
package translations

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/studio"
)

// side is the side of the web on which surveys are translated.
type side struct{ k *httpd.Kernel }

const (
	draftsPath   = "/khao-sat/soan"
	languagesEnd = "/ngon-ngu"
)

// textsBytes bounds a page of texts: each letter of Khmer is nine bytes of a form.
const textsBytes = 4 << 20

// Routes are those of the pages.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	const all = draftsPath + "/:draft" + languagesEnd
	one := []httpd.About{{In: httpd.Path, Name: "draft", Is: httpd.Draft}}
	routes := []httpd.Route{
		{Method: http.MethodGet, Path: all, About: one, Asks: []string{"da", "chon", "khac"}, Handle: s.list},
		{Method: http.MethodPost, Path: all, About: one, Asks: []string{"base", "language", "do"}, Body: httpd.FormBody(httpd.OrdinaryBody), Handle: s.offer},
		{Method: http.MethodGet, Path: all + "/:language", About: one, Asks: []string{"language", "loc", "trang", "da"}, Handle: s.show},
		{Method: http.MethodPost, Path: all + "/:language", About: one, Asks: []string{"language", "base", "loc", "trang", "muc", "loi", "dung"}, Body: httpd.FormBody(textsBytes), Handle: s.keep},
	}
	for i := range routes {
		routes[i].Permission = access.DesignSurveys
	}
	return routes
}

func draftPath(id int64) string { return draftsPath + "/" + strconv.FormatInt(id, 10) }

func languagesPath(id int64) string { return draftPath(id) + languagesEnd }

func languagePath(id int64, language string) string { return languagesPath(id) + "/" + language }

// draft reads the draft that a request is about, with all of its past: it says what is
// stale.
func (s *side) draft(r *httpd.Request) (*studio.Draft, studio.Info, error) {
	return s.k.Studio.Draft(r.Context(), r.Draft.ID, 0)
}

// language is the one that an address is about. Of none there is no page.
func language(r *httpd.Request) (string, error) {
	tag := r.Param("language")
	if !translatable(tag) {
		return "", fmt.Errorf("language %.20q: %w", tag, fault.ErrNotFound)
	}
	return tag, nil
}

// translatable tells whether a survey can be translated into a language.
func translatable(tag string) bool { return studio.IsLanguage(tag) && tag != agency.FallbackLanguage }

// languageName is what the reader of a page calls a language.
func languageName(p httpd.Page, tag string) string {
	if p.Has("language." + tag) {
		return p.T("language." + tag)
	}
	return tag
}

// nameOf is what a draft is called.
func nameOf(d *studio.Draft, p httpd.Page) string {
	if title := d.Element(studio.Whole).Text("title", p.Language); title != "" {
		return title
	}
	return p.T("studio.unnamed")
}

// offered tells whether a language is one of those that citizens may choose.
func offered(d *studio.Draft, language string) bool { return slices.Contains(d.Languages(), language) }
