package httpd

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template/parse"

	"sipas/internal/asset"
	"sipas/internal/score"
	"sipas/web"
)

// pages holds the parsed templates: each file in a folder of web/templates but
// parts, together with the layout that is named like the folder and the shared
// parts. "desk/board" is desk.html with desk/board.html.
type pages struct{ byName map[string]*template.Template }

// The layouts of pages: "citizen" is the light one of the form, "desk" has the
// navigation of the agency's side and of the public pages.
func loadPages(a *asset.Assets) (*pages, error) {
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
	helpers := template.FuncMap{"asset": a.Path, "pair": pair, "style": style, "field": lineOf, "marked": marked}
	parts, err := template.New("parts").Funcs(helpers).ParseFS(files, slices.Concat(shared, kinds)...)
	if err == nil {
		parts, err = parts.Parse(questionPart(kinds))
	}
	if err != nil {
		return nil, fmt.Errorf("parts of templates: %w", err)
	}
	p := &pages{byName: map[string]*template.Template{}}
	for _, name := range names {
		layout := path.Dir(name)
		if layout == "parts" {
			continue
		}
		t, err := template.New(layout+".html").Funcs(helpers).ParseFS(files, layout+".html", name)
		if err == nil {
			err = lend(t, parts)
		}
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		p.byName[strings.TrimSuffix(name, ".html")] = t
	}
	return p, nil
}

// lend gives a page what it calls of the parts, and what those call. Each page
// has its own of these, since escaping changes them; with all of them in every
// page they were a quarter of what lives in a server.
func lend(page, parts *template.Template) error {
	var called []string
	for _, own := range page.Templates() {
		if own.Tree != nil {
			called = append(called, calls(own.Tree.Root)...)
		}
	}
	for ; len(called) > 0; called = called[1:] {
		part := parts.Lookup(called[0])
		if part == nil || page.Lookup(called[0]) != nil {
			continue // of one that nobody has the first use complains
		}
		tree := part.Tree.Copy()
		if _, err := page.AddParseTree(called[0], tree); err != nil {
			return err
		}
		called = append(called, calls(tree.Root)...)
	}
	return nil
}

// calls are the names of the templates that a node and those below it call.
func calls(n parse.Node) (names []string) {
	walk(n, func(n parse.Node) {
		if call, ok := n.(*parse.TemplateNode); ok {
			names = append(names, call.Name)
		}
	})
	return names
}

// walk visits a node of a template and everything below it.
func walk(n parse.Node, visit func(parse.Node)) {
	var below []parse.Node
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil { // no else
			return
		}
		below = n.Nodes
	case *parse.PipeNode:
		if n == nil { // a part without an argument
			return
		}
		for _, command := range n.Cmds {
			below = append(below, command)
		}
	case *parse.CommandNode:
		below = n.Args
	case *parse.ActionNode:
		below = []parse.Node{n.Pipe}
	case *parse.TemplateNode:
		below = []parse.Node{n.Pipe}
	case *parse.ChainNode:
		below = []parse.Node{n.Node}
	case *parse.IfNode:
		below = []parse.Node{n.Pipe, n.List, n.ElseList}
	case *parse.RangeNode:
		below = []parse.Node{n.Pipe, n.List, n.ElseList}
	case *parse.WithNode:
		below = []parse.Node{n.Pipe, n.List, n.ElseList}
	}
	visit(n)
	for _, inner := range below {
		walk(inner, visit)
	}
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

// write renders the page "layout/name", or what it defines as part.
func (p *pages) write(name, part string, data Page) ([]byte, error) {
	t, ok := p.byName[name]
	if !ok {
		return nil, fmt.Errorf("no template %s", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, cmp.Or(part, t.Name()), data); err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	return b.Bytes(), nil
}
