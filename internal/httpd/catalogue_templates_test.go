package httpd_test

import (
	"strings"
	"testing"
	"text/template/parse"

	"sipas/internal/httpd"
	"sipas/internal/pages"
)

// walkTemplates visits the first argument of every call of T in the templates.
func walkTemplates(t *testing.T, visit func(where string, argument parse.Node)) {
	t.Helper()
	all, err := httpd.Templates()
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range all {
		for _, part := range page.Templates() {
			if part.Tree != nil {
				pages.Walk(part.Tree.Root, func(n parse.Node) {
					if c, ok := n.(*parse.CommandNode); ok && len(c.Args) > 1 && lastName(c.Args[0]) == "T" {
						visit(name+" ("+part.Name()+")", c.Args[1])
					}
				})
			}
		}
	}
}

// templatePrefix is what the text begins with that (print "x." ...) or
// (printf "x.%s" ...) makes.
func templatePrefix(argument parse.Node) string {
	pipe, ok := argument.(*parse.PipeNode)
	if !ok || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) < 2 {
		return ""
	}
	text, ok := pipe.Cmds[0].Args[1].(*parse.StringNode)
	if !ok {
		return ""
	}
	prefix, _, _ := strings.Cut(text.Text, "%")
	return prefix
}

// lastName is the name after the last dot: T of .T, $.T and .It.Page.T.
func lastName(n parse.Node) string {
	var names []string
	switch n := n.(type) {
	case *parse.FieldNode:
		names = n.Ident
	case *parse.VariableNode:
		names = n.Ident
	case *parse.ChainNode:
		names = n.Field
	}
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}
