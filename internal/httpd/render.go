package httpd

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/access"
	"sipas/internal/message"
	"sipas/internal/score"
	"sipas/internal/wording"
	"sipas/web"
)

// pages holds the parsed templates: each file in a folder of web/templates but
// parts, together with the layout that is named like the folder and the shared
// parts. "desk/board" is desk.html with desk/board.html.
type pages struct{ byName map[string]*template.Template }

// page is what every template is rendered with.
type page struct {
	wording.Words
	Key       string // of the page; its title is the message `title.<key>`
	Title     string
	Path      string // of the request, with its query, for the language switch
	Languages []string
	Province  string
	Synthetic bool
	Who       *access.Identity // nil: nobody signed in
	RequestID string
	Data      any
}

// LanguageName is what the readers of a language call it.
func (p page) LanguageName(tag string) string {
	switch tag {
	case "vi":
		return "Tiếng Việt"
	case "en":
		return "English"
	}
	return tag
}

// InLanguage gives the address of this page in another language.
func (p page) InLanguage(tag string) string {
	before, query, _ := strings.Cut(p.Path, "?")
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !strings.HasPrefix(part, "lang=") {
			kept = append(kept, part)
		}
	}
	return before + "?" + strings.Join(append(kept, "lang="+tag), "&")
}

// The layouts of pages: "citizen" is the light one of the form, "desk" has the
// navigation of the agency's side and of the public pages.
func loadPages(a *assets) (*pages, error) {
	files, err := fs.Sub(web.Files, "templates")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*/*.html")
	if err != nil {
		return nil, err
	}
	shared, err := fs.Glob(files, "parts/*.html")
	if err != nil {
		return nil, err
	}
	kinds, err := fs.Glob(files, "parts/kinds/*.html")
	if err != nil {
		return nil, err
	}
	p := &pages{byName: map[string]*template.Template{}}
	for _, name := range names {
		layout := path.Dir(name)
		if layout == "parts" {
			continue
		}
		patterns := slices.Concat([]string{layout + ".html", name}, shared, kinds)
		t, err := template.New(layout+".html").Funcs(template.FuncMap{"asset": a.path, "pair": pair, "style": style}).ParseFS(files, patterns...)
		if err == nil {
			t, err = t.Parse(questionPart(kinds))
		}
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		p.byName[strings.TrimSuffix(name, ".html")] = t
	}
	return p, nil
}

// questionPart is the part that shows a question by the template of its kind:
// "kind-TYPE" in the file parts/kinds/TYPE.html.
func questionPart(kinds []string) string {
	var b strings.Builder
	b.WriteString(`{{define "question"}}`)
	for _, file := range kinds {
		kind := strings.TrimSuffix(path.Base(file), ".html")
		fmt.Fprintf(&b, `{{if eq .It.Type %q}}{{template %q .}}{{end}}`, kind, "kind-"+kind)
	}
	return b.String() + `{{end}}`
}

// pair hands two values to a part of a template: the page and what the part is about.
func pair(p, it any) map[string]any { return map[string]any{"Page": p, "It": it} }

// style is the class of a standing, which gives it its colour.
func style(s score.Standing) string {
	if s == score.Met || s == score.Missed {
		return string(s)
	}
	return "unsure"
}

// write renders the page "layout/name".
func (p *pages) write(name string, data page) ([]byte, error) {
	t, ok := p.byName[name]
	if !ok {
		return nil, fmt.Errorf("no template %s", name)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	return b.Bytes(), nil
}

const languageCookie = "sipas_lang"

// printer picks the reader's language: the one asked for in the address, then
// the one chosen before, then Vietnamese. What a browser prefers says which
// language its maker had in mind; of a program it is a choice.
func (s *Server) printer(c *gin.Context) message.Printer {
	if tag := c.Query("lang"); s.catalogues.Has(tag) {
		return s.catalogues.For(tag)
	}
	if tag := s.senders.Cookie(c.Request, languageCookie); s.catalogues.Has(tag) {
		return s.catalogues.For(tag)
	}
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		return s.catalogues.For(s.catalogues.Match(c.GetHeader("Accept-Language")))
	}
	return s.catalogues.For(message.Default)
}

// newPage fills what every page shows.
func (s *Server) newPage(c *gin.Context, key string, data any) page {
	p := page{
		Words: wording.New(s.printer(c)), Key: key, Path: c.Request.URL.RequestURI(), Languages: s.catalogues.Languages(),
		RequestID: c.GetString(keyRequestID), Data: data,
	}
	p.Title = p.T("title." + key)
	about := s.settings(c.Request.Context())
	p.Synthetic = about.Synthetic
	p.Province = about.Province.In(p.Language)
	if who, known := s.Auth.Identify(c.Request); known {
		p.Who = &who
	}
	return p
}

// render answers with a page and remembers a chosen language.
func (s *Server) render(c *gin.Context, status int, name string, p page) error {
	html, err := s.pages.write(name, p)
	if err != nil {
		return err
	}
	s.rememberLanguage(c)
	c.Data(status, "text/html; charset=utf-8", html)
	return nil
}

// rememberLanguage keeps a language that the reader chose.
func (s *Server) rememberLanguage(c *gin.Context) {
	tag := c.Query("lang")
	if !s.catalogues.Has(tag) {
		return
	}
	s.senders.SetCookie(c.Writer, languageCookie, tag, 365*24*3600)
}

// errorPage is what the page of an error shows.
type errorPage struct{ Message string }

func (s *Server) renderError(c *gin.Context, f failure) {
	p := s.newPage(c, "error", nil)
	p.Data = errorPage{Message: p.T(f.key, "seconds", f.retrySeconds())}
	if err := s.render(c, f.status, "desk/error", p); err != nil {
		s.Log.Error("the error page cannot be rendered", "error", err)
		c.String(http.StatusInternalServerError, "500\n")
	}
}
