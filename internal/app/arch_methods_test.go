package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// most is how many methods one type may have, in the web and below it: a reader
// keeps as many in mind. One of more does several things, and each has a noun.
const most = 25

// methodsOf counts the methods of a Go file by package and receiver, as in
// "internal/httpd.Kernel".
func methodsOf(name, source string, counts map[string]int) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil {
			continue
		}
		receiver := f.Recv.List[0].Type
		if pointer, ok := receiver.(*ast.StarExpr); ok {
			receiver = pointer.X
		}
		switch generic := receiver.(type) {
		case *ast.IndexExpr:
			receiver = generic.X
		case *ast.IndexListExpr:
			receiver = generic.X
		}
		if named, ok := receiver.(*ast.Ident); ok {
			counts[path.Dir(name)+"."+named.Name]++
		}
	}
	return nil
}

// tooBusy judges receivers by their numbers of methods.
func tooBusy(counts map[string]int) []Violation {
	var broken []Violation
	for _, receiver := range slices.Sorted(maps.Keys(counts)) {
		folder, _, _ := strings.Cut(receiver, ".")
		rank, ranked := ranks[folder]
		inWeb := folder == "internal/httpd" || strings.HasPrefix(folder, "internal/httpd/")
		if n := counts[receiver]; n > most && (inWeb || ranked && rank <= ranks["internal/httpd"]) {
			broken = append(broken, Violation{receiver, "methods", fmt.Sprintf("has %d methods; at %d it does several things, so give each its type", n, most)})
		}
	}
	return broken
}

// TestTypesDoOneThing also shows the rule broken by made-up code.
func TestTypesDoOneThing(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for _, name := range listFiles(t) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if err := methodsOf(name, string(readFile(t, name)), counts); err != nil {
			t.Fatal(err)
		}
	}
	for _, violation := range tooBusy(counts) {
		t.Error(violation)
	}
	if counts["internal/httpd.Kernel"] == 0 {
		t.Error("no methods were found, so the rule looks for nothing")
	}
	for _, receiver := range []string{"(k *Busy)", "(k Busy)", "(k *Busy[T])", "(k Busy[K, V])"} {
		for _, folder := range []string{"internal/httpd", "internal/httpd/board", "internal/store"} {
			if got := tooBusy(made(t, folder, receiver, most+1)); len(got) != 1 || got[0].Rule != "methods" || got[0].Package != folder+".Busy" {
				t.Errorf("%d methods of %s in %s: %v", most+1, receiver, folder, got)
			}
		}
	}
	for _, folder := range []string{"internal/app", "cmd/sipas", "internal/testkit"} {
		if got := tooBusy(made(t, folder, "(k *Busy)", most+1)); len(got) != 0 {
			t.Errorf("above the web: %v", got)
		}
	}
	if got := tooBusy(made(t, "internal/store", "(k *Busy)", most)); len(got) != 0 {
		t.Errorf("as many as may be: %v", got)
	}
}

// made counts made-up methods, spread over two files of a package.
func made(t *testing.T, folder, receiver string, methods int) map[string]int {
	t.Helper()
	counts, files := map[string]int{}, [2]string{"package x\n", "package x\nfunc f() {}\n"}
	for i := range methods {
		files[i%2] += fmt.Sprintf("func %s m%d() {}\n", receiver, i)
	}
	for i, source := range files {
		if err := methodsOf(fmt.Sprintf("%s/%c.go", folder, 'a'+i), source, counts); err != nil {
			t.Fatal(err)
		}
	}
	return counts
}
