package httpd

import (
	"html/template"
	"net/http"
	"strings"
	"time"

	"sipas/internal/access"
	"sipas/internal/emblem"
	"sipas/internal/message"
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
	Officials bool             // answers say who served
	Emblem    *emblem.Emblem   // nil: none
	Who       *access.Identity // nil: nobody signed in
	RequestID string
	Today     string // the civil day
	Data      any
}

// Action says what an entry of the log did.
func (p Page) Action(action string) string {
	if p.Has("action." + action) {
		return p.T("action." + action)
	}
	return p.T("log.other", "action", action)
}

// LanguageName is what the readers of a language call it.
func (p Page) LanguageName(tag string) string {
	switch tag {
	case "vi":
		return "Tiếng Việt"
	case "en":
		return "English"
	case "km":
		return "ភាសាខ្មែរ"
	case "zh":
		return "中文"
	case "ko":
		return "한국어"
	case "ja":
		return "日本語"
	case "lo":
		return "ພາສາລາວ"
	case "th":
		return "ไทย"
	case "fr":
		return "Français"
	case "ru":
		return "Русский"
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

// Printer prints in the reader's language.
func (y Reply) Printer() message.Printer { return y.x.printer() }

// NewPage fills what every page shows.
func (y Reply) NewPage(key string, data any) Page {
	about := y.x.settings()
	p := Page{
		Words: wording.New(y.x.printer()), Key: key, Path: y.x.address(), Languages: y.x.k.Catalogues.Languages(),
		RequestID: y.x.id(), Synthetic: about.Synthetic, Officials: about.Officials, Emblem: about.Emblem, Data: data, Today: y.x.k.Now().In(y.x.k.Zone).Format(time.DateOnly),
	}
	p.Title = p.T("title." + key)
	p.Province = about.Province.In(p.Language)
	if who, known := y.x.k.Auth.Identify(y.x.c.Request); known {
		p.Who = &who
	}
	return p
}

// EmblemText is what a screen reader says of the emblem.
func (p Page) EmblemText() string {
	if p.Province == "" {
		return p.T("emblem.alone")
	}
	return p.T("emblem.of", "province", p.Province)
}

// WithEmblem is a page of a citizen that shows the emblem. A form does not: what its first
// visit may cost is spent.
func (y Reply) WithEmblem(p Page) Page {
	p.Emblem = y.x.settings().Emblem
	return p
}

// CitizenPage fills what every page of a citizen shows. It holds nothing of
// the request, so that a form may be kept for the next person.
func (y Reply) CitizenPage(key, language string, languages []string) Page {
	about := y.x.settings()
	p := Page{
		Words: wording.New(y.x.k.Catalogues.For(language)), Languages: languages, Key: key,
		Synthetic: about.Synthetic, Province: about.Province.In(language),
	}
	p.Language = language // of the survey, where there is no catalogue in it
	return p
}

// Render gives the page "layout/name" as HTML.
func (k *Kernel) Render(name string, p Page) ([]byte, error) { return k.pages.Write(name, "", p) }

// RenderPart gives what the page "layout/name" defines as a part, to lay it into pages.
func (k *Kernel) RenderPart(name, part string, p Page) (template.HTML, error) {
	html, err := k.pages.Write(name, part, p)
	return template.HTML(html), err //nolint:gosec // a template has escaped it
}

// Show answers with a page and remembers a chosen language.
func (y Reply) Show(status int, name string, p Page) error {
	html, err := y.x.k.Render(name, p)
	if err != nil {
		return err
	}
	y.RememberLanguage()
	return y.WriteHTML(status, html)
}

// RememberLanguage keeps a language that the reader chose.
func (y Reply) RememberLanguage() {
	if tag := y.x.askedLanguage(); y.x.k.Catalogues.Has(tag) {
		y.x.k.senders.SetCookie(y.x.c.Writer, languageCookie, tag, 365*24*3600)
	}
}

// errorPage is what the page of an error shows.
type errorPage struct{ Message string }

func (y Reply) renderError(f Failure) {
	p := y.NewPage("error", nil)
	p.Data = errorPage{Message: p.T(f.Key, "seconds", f.RetrySeconds())}
	if err := y.Show(f.Status, "desk/error", p); err != nil {
		y.x.k.Log.Error("the error page cannot be rendered", "error", err)
		y.x.c.String(http.StatusInternalServerError, "500\n")
	}
}

// Cut shortens what a person typed for showing it again.
func Cut(s string, runes int) string {
	for i := range s {
		if runes == 0 {
			return s[:i]
		}
		runes--
	}
	return s
}
