// Package pages are the templates of pages, each put together once from its layout, its
// own file and the parts that it calls.
package pages

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
)

// Pages holds the parsed templates: each file in a folder but parts, together with the
// layout that is named like the folder and the shared parts. "desk/board" is desk.html
// with desk/board.html.
type Pages struct{ byName map[string]*template.Template }

// Load reads the templates of a folder, which may call helpers.
func Load(files fs.FS, helpers template.FuncMap) (*Pages, error) {
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
	parts, err := template.New("parts").Funcs(helpers).ParseFS(files, slices.Concat(shared, kinds)...)
	if err == nil {
		parts, err = parts.Parse(questionPart(kinds))
	}
	if err != nil {
		return nil, fmt.Errorf("parts of templates: %w", err)
	}
	p := &Pages{byName: map[string]*template.Template{}}
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
	Walk(n, func(n parse.Node) {
		if call, ok := n.(*parse.TemplateNode); ok {
			names = append(names, call.Name)
		}
	})
	return names
}

// Walk visits a node of a template and everything below it.
func Walk(n parse.Node, visit func(parse.Node)) {
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
		Walk(inner, visit)
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

// ByName gives each page, as templates.
func (p *Pages) ByName() map[string]*template.Template { return p.byName }

// Write renders the page "layout/name", or what it defines as part.
func (p *Pages) Write(name, part string, data any) ([]byte, error) {
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
