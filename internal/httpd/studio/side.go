// Package studio is the web for who makes surveys: drafts, the operations that change
// them, and publishing, for programs.
package studio

import (
	"errors"
	"net/http"

	"sipas/internal/access"
	"sipas/internal/exchange"
	"sipas/internal/httpd"
	"sipas/internal/studio"
)

// side is the side of the web that makes surveys.
type side struct{ k *httpd.Kernel }

const drafts = "/api/v1/drafts"

// operationBytes bounds an operation: a list of options that somebody pasted.
const operationBytes = 1 << 20

// Routes are those of drafts.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	nothing := []httpd.About{{Is: httpd.Nothing}}
	one := []httpd.About{{In: httpd.Path, Name: "draft", Is: httpd.Draft}}
	const draft = drafts + "/:draft"
	body := httpd.JSONBody(httpd.OrdinaryBody)
	routes := []httpd.Route{
		{Method: http.MethodGet, Path: drafts, About: nothing, Asks: []string{"archived"}, Handle: s.list},
		{Method: http.MethodPost, Path: drafts, About: nothing, Body: body, Handle: s.create},
		{Method: http.MethodPost, Path: drafts + "/files", About: nothing, Asks: []string{"dry_run", "next"}, Body: httpd.FileBody(exchange.MaxBytes), Handle: s.read},
		{Method: http.MethodGet, Path: draft, About: one, Handle: s.show},
		{Method: http.MethodGet, Path: draft + "/operations", About: one, Asks: []string{"after"}, Handle: s.listOperations},
		{Method: http.MethodPost, Path: draft + "/operations", About: one, Body: httpd.JSONBody(operationBytes), Handle: s.operate},
		{Method: http.MethodPost, Path: draft + "/undo", About: one, Body: body, Handle: s.undo},
		{Method: http.MethodPost, Path: draft + "/redo", About: one, Body: body, Handle: s.redo},
		{Method: http.MethodGet, Path: draft + "/differences", About: one, Asks: []string{"version"}, Handle: s.compare},
		{Method: http.MethodGet, Path: draft + "/simulation", About: one, Asks: []string{"citizens", "seed"}, Handle: s.simulate},
		{Method: http.MethodPost, Path: draft + "/publish", About: one, Body: body, Handle: s.publish},
		{Method: http.MethodPut, Path: draft + "/archived", About: one, Body: body, Handle: s.archive},
	}
	for i := range routes {
		routes[i].Permission = access.DesignSurveys
		routes[i].Handle = telling(routes[i].Handle)
	}
	return routes
}

// conflictDetails tell both sides of a conflict.
type conflictDetails struct {
	httpd.ProblemDetails
	Conflict conflict `json:"conflict"`
}

type conflict struct {
	Element  studio.Key `json:"element"`
	Field    string     `json:"field,omitempty"`
	Language string     `json:"language,omitempty"`
	Mine     change     `json:"mine"`
	Theirs   change     `json:"theirs"`
	Revision int        `json:"revision"`
	By       string     `json:"by"`
}

// change is what one side did or would do.
type change struct {
	Do      studio.Doing `json:"do"`
	Element studio.Key   `json:"element"`
	Text    string       `json:"text"` // of what is set
}

// telling answers what only drafts have: conflicts with both texts, and what keeps from
// publishing.
func telling(handle func(*httpd.Request) error) func(*httpd.Request) error {
	return func(r *httpd.Request) error {
		err := handle(r)
		var met *studio.Conflict
		var unready *studio.Unready
		switch {
		case errors.As(err, &met):
			f := httpd.FailureOf(err)
			r.Announce(err, f)
			r.WriteDetails(f.Status, conflictDetails{r.Details(f), conflictOf(met)})
		case errors.As(err, &unready):
			f := httpd.FailureOf(err)
			r.Announce(err, f)
			details := r.Details(f)
			for _, p := range unready.Problems {
				details.Problems = append(details.Problems, httpd.ProblemMessage{Where: whereOf(p), Key: p.Code, Message: p.Text(r.Printer())})
			}
			r.WriteDetails(f.Status, details)
		default:
			return err
		}
		return nil
	}
}

func conflictOf(c *studio.Conflict) conflict {
	field, language := c.Mine.Place()
	return conflict{
		Element: c.Mine.Element, Field: field, Language: language, Revision: c.By.Number, By: c.By.Author.Name,
		Mine: changeOf(c.Mine), Theirs: changeOf(c.Theirs),
	}
}

func changeOf(e studio.Effect) change {
	c := change{Do: e.Do, Element: e.Element}
	if e.Do == studio.DoSet {
		c.Text = e.Now
	}
	return c
}

// whereOf names the place of a problem: element, element.field or element.field@language.
func whereOf(p studio.Problem) string {
	where := string(p.Element)
	if p.Field != "" {
		where += "." + studio.Cell(p.Field, p.Language)
	}
	return where
}
