package httpd

import (
	"net/http"
	"strings"

	"sipas/internal/access"
	"sipas/internal/wording"
)

// Page is what every template is rendered with.
type Page struct {
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
func (p Page) LanguageName(tag string) string {
	switch tag {
	case "vi":
		return "Tiếng Việt"
	case "en":
		return "English"
	}
	return tag
}

// InLanguage gives the address of this page in another language.
func (p Page) InLanguage(tag string) string {
	before, query, _ := strings.Cut(p.Path, "?")
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !strings.HasPrefix(part, "lang=") {
			kept = append(kept, part)
		}
	}
	return before + "?" + strings.Join(append(kept, "lang="+tag), "&")
}

// NewPage fills what every page shows.
func (r *Request) NewPage(key string, data any) Page {
	about := r.settings()
	p := Page{
		Words: wording.New(r.Printer()), Key: key, Path: r.address(), Languages: r.k.Catalogues.Languages(),
		RequestID: r.id(), Synthetic: about.Synthetic, Data: data,
	}
	p.Title = p.T("title." + key)
	p.Province = about.Province.In(p.Language)
	if r.SignedIn() {
		who := r.Who()
		p.Who = &who
	}
	return p
}

// CitizenPage fills what every page of a citizen shows. It holds nothing of
// the request, so that a form may be kept for the next person.
func (r *Request) CitizenPage(key, language string, languages []string) Page {
	about := r.settings()
	p := Page{
		Words: wording.New(r.k.Catalogues.For(language)), Languages: languages, Key: key,
		Synthetic: about.Synthetic, Province: about.Province.In(language),
	}
	p.Language = language // of the survey, where there is no catalogue in it
	return p
}

// Render gives the page "layout/name" as HTML.
func (k *Kernel) Render(name string, p Page) ([]byte, error) { return k.pages.write(name, p) }

// Show answers with a page and remembers a chosen language.
func (r *Request) Show(status int, name string, p Page) error {
	html, err := r.k.Render(name, p)
	if err != nil {
		return err
	}
	r.RememberLanguage()
	return r.WriteHTML(status, html)
}

// RememberLanguage keeps a language that the reader chose.
func (r *Request) RememberLanguage() {
	if tag := r.AskedLanguage(); r.k.Catalogues.Has(tag) {
		r.k.senders.SetCookie(r.c.Writer, languageCookie, tag, 365*24*3600)
	}
}

// errorPage is what the page of an error shows.
type errorPage struct{ Message string }

func (r *Request) renderError(f Failure) {
	p := r.NewPage("error", nil)
	p.Data = errorPage{Message: p.T(f.Key, "seconds", f.RetrySeconds())}
	if err := r.Show(f.Status, "desk/error", p); err != nil {
		r.k.Log.Error("the error page cannot be rendered", "error", err)
		r.c.String(http.StatusInternalServerError, "500\n")
	}
}
