package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestOnlyAKindNamesItself: a type of question is named by the file of its kind
// and by nothing else, so that a new kind touches no other file: neither its
// constant, nor a comparison with its name in Go or in a template.
func TestOnlyAKindNamesItself(t *testing.T) {
	t.Parallel()
	declared := map[string]string{} // constant -> file
	files := map[string]*ast.File{}
	set := token.NewFileSet()
	walk(t, []string{"internal", "cmd", "surveys"}, ".go", func(name string) {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "internal/testkit/") {
			return
		}
		file, err := parser.ParseFile(set, filepath.Join(top, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = file
		if strings.HasPrefix(name, "internal/survey/") {
			for _, constant := range typeConstants(file) {
				declared[constant] = name
			}
		}
	})
	if len(declared) < 10 {
		t.Fatalf("only %d constants of types were found", len(declared))
	}
	for name, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				home, is := declared[n.Name]
				inside := strings.HasPrefix(name, "internal/survey/")
				if is && inside && home != name {
					t.Errorf("%s names %s, which belongs to %s", name, n.Name, home)
				}
			case *ast.SelectorExpr:
				if of, ok := n.X.(*ast.Ident); ok && of.Name == "survey" && declared[n.Sel.Name] != "" {
					t.Errorf("%s names survey.%s: ask the question for what it needs, see Shape", name, n.Sel.Name)
				}
			case *ast.BinaryExpr:
				if isType(n.X) && isText(n.Y) || isType(n.Y) && isText(n.X) {
					t.Errorf("%s compares the type of a question with a name", set.Position(n.Pos()))
				}
			case *ast.SwitchStmt:
				if n.Tag != nil && isType(n.Tag) && strings.HasPrefix(name, "internal/forms/") {
					t.Errorf("%s switches on the type of a question", set.Position(n.Pos()))
				}
			}
			return true
		})
	}
	compared := regexp.MustCompile(`\b(eq|ne) [^}]*\.Type "`)
	walk(t, []string{"web/templates"}, ".html", func(name string) {
		content, err := os.ReadFile(filepath.Join(top, name))
		if err != nil {
			t.Fatal(err)
		}
		if found := compared.FindString(string(content)); found != "" && !strings.HasPrefix(name, "web/templates/parts/kinds/") {
			t.Errorf("%s asks for the type of a question: %s", name, found)
		}
	})
}

// typeConstants are the constants of the type QuestionType in a file.
func typeConstants(file *ast.File) []string {
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "QuestionType" {
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			}
		}
		return true
	})
	return names
}

// isType tells whether an expression is the Type of a question by its name.
func isType(e ast.Expr) bool {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Type" {
		return false
	}
	of, ok := selector.X.(*ast.Ident)
	return ok && slices.Contains([]string{"q", "question", "asked"}, of.Name)
}

func isText(e ast.Expr) bool {
	literal, ok := e.(*ast.BasicLit)
	return ok && literal.Kind == token.STRING
}

// walk visits the files with an ending below some folders, by their path from
// the top.
func walk(t *testing.T, folders []string, ending string, visit func(name string)) {
	t.Helper()
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(top, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ending {
				return err
			}
			name, _ := strings.CutPrefix(filepath.ToSlash(path), top+"/")
			visit(name)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
