package httpd

import (
	"html/template"
	"io/fs"
	"strings"

	"sipas/internal/asset"
	"sipas/internal/pages"
	"sipas/internal/score"
	"sipas/web"
)

// loadPages puts the pages together. Their layouts: "citizen" is the light one of the
// form, "desk" has the navigation of the agency's side and of the public pages.
func loadPages(a *asset.Assets) (*pages.Pages, error) {
	files, err := fs.Sub(web.Files, "templates")
	if err != nil {
		return nil, err
	}
	return pages.Load(files, template.FuncMap{"asset": a.Path, "pair": pair, "style": style, "field": lineOf, "marked": marked})
}

// pair hands two values to a part of a template: the page and what the part is about.
func pair(p, it any) map[string]any { return map[string]any{"Page": p, "It": it} }

// marked is a text in which what stands between backticks is typed or read as it is.
func marked(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			b.WriteString("<code>" + template.HTMLEscapeString(part) + "</code>")
		} else {
			b.WriteString(template.HTMLEscapeString(part))
		}
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

// style is the class of a standing, which gives it its colour.
func style(s score.Standing) string {
	if s == score.Met || s == score.Missed {
		return string(s)
	}
	return "unsure"
}
