package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
)

// Package is the part of `go list -json` that the rules look at.
type Package struct {
	ImportPath string
	Name       string
	Doc        string   // the package comment's first sentence
	Imports    []string // of the program, without its tests
}

// Violation is one broken rule.
type Violation struct {
	Package string
	Rule    string // a short name
	Text    string // what is wrong and why it matters
}

func (v Violation) String() string { return fmt.Sprintf("%s: [%s] %s", v.Package, v.Rule, v.Text) }

const module = "sipas/"

// ranks order the packages: one may import only those of a lower rank, so that
// a change reaches only what is above it and a cycle of ideas cannot start.
var ranks = map[string]int{
	"internal/agency":         0,
	"internal/archive":        0,
	"internal/civil":          0,
	"internal/emblem":         0,
	"internal/fault":          0,
	"internal/fold":           0,
	"internal/keep":           0,
	"internal/limit":          0,
	"internal/message":        0,
	"internal/pages":          0,
	"internal/textfile":       0,
	"internal/varint":         0,
	"migrations":              0,
	"web":                     0,
	"internal/typeset":        0,
	"internal/qr":             1,
	"internal/spreadsheet":    1,
	"internal/access":         1,
	"internal/config":         1,
	"internal/score":          1,
	"internal/survey":         1,
	"internal/target":         1,
	"internal/chart":          2,
	"internal/sender":         2,
	"internal/strictjson":     2,
	"surveys":                 2,
	"internal/db":             2,
	"internal/arrival":        3,
	"internal/campaign":       3,
	"internal/audit":          3,
	"internal/freetext":       3,
	"internal/jobs":           3,
	"internal/shelf":          3,
	"internal/duty":           4,
	"internal/published":      4,
	"internal/registry":       4,
	"internal/store":          4,
	"internal/auth":           5,
	"internal/studio":         5,
	"internal/reach":          2,
	"internal/joined":         2,
	"internal/simulation":     3,
	"internal/difference":     6,
	"internal/intake":         5,
	"internal/poster":         5,
	"internal/procedure":      5,
	"internal/report":         5,
	"internal/retention":      5,
	"internal/publication":    6,
	"internal/preset":         5,
	"internal/bulk":           6,
	"internal/reform":         6,
	"internal/asset":          3,
	"internal/export":         6,
	"internal/firstrun":       6,
	"internal/forms":          6,
	"internal/indicator":      6,
	"internal/entry":          6,
	"internal/demo":           7,
	"internal/wording":        6,
	"internal/httpd":          7,
	"internal/httpd/history":  8,
	"internal/httpd/revision": 8,
	"internal/httpd/admin":    9,
	"internal/httpd/board":    9,
	"internal/httpd/caseload": 9,
	"internal/httpd/lists":    9,
	"internal/httpd/studio":   9,
	"internal/httpd/designer": 9,
	"internal/httpd/exchange": 9,
	"internal/httpd/roster":   9,
	"internal/httpd/reforms":  9,
	"internal/httpd/province": 9,
	"internal/httpd/setup":    9,
	"internal/httpd/citizen":  9,
	"internal/httpd/counter":  9,
	"internal/httpd/official": 9,
	"internal/httpd/search":   9,
	"internal/httpd/sheets":   9,
	"internal/httpd/typing":   9,
	"internal/app":            10,
	"internal/command":        11,
	"internal/command/admin":  12,
	"internal/doctor":         12,

	// Longer names stand apart, so that the others stay as they are.
	"internal/exchange/draft":     3,
	"internal/exchange/xlsform":   4,
	"internal/exchange/lime":      4,
	"internal/exchange":           5,
	"internal/paper":              6,
	"internal/campaign/asked":     5,
	"internal/httpd/campaigns":    9,
	"internal/command/surveyfile": 12,
	"internal/translation":        6,
	"internal/httpd/translations": 9,
}

const kit = "internal/testkit"

// owner says that only some packages may import a library.
type owner struct {
	library string // an import path, with everything below it
	allowed []string
	why     string
}

var owners = []owner{
	{"github.com/redis/go-redis", []string{"internal/limit", kit}, "how Redis fails is decided in one place"},
	{"gorm.io", []string{"internal/db", "internal/audit", "internal/auth", "internal/registry", "internal/publication", "internal/reform"}, "rows are read and written by the packages that own tables"},
	{"github.com/glebarez", []string{"internal/db"}, "how the databases differ is known in one place"},
	{"modernc.org", []string{"internal/db"}, "how the databases differ is known in one place"},
	{"github.com/jackc", []string{"internal/db", kit, "cmd/loadtest"}, "how the databases differ is known in one place"},
	{"github.com/pressly/goose", []string{"internal/db"}, "the schema changes in one place"},
	{"github.com/gin-gonic", []string{"internal/httpd", "cmd/loadtest"}, "handlers read of a request what their route declares, and answer it through the kernel"},
	{"codeberg.org/go-pdf/fpdf", []string{"internal/qr", "internal/typeset", "internal/paper"}, "printed sheets are drawn in few places"},
	{"github.com/go-text/typesetting", []string{"internal/typeset"}, "how letters take their places is known in one place"},
	{"github.com/skip2/go-qrcode", []string{"internal/qr"}, "QR codes are drawn in one place"},
	{"github.com/alecthomas/kong", []string{"cmd/sipas"}, "the command line is read in one place"},
	{"go.yaml.in", []string{"surveys"}, "YAML is for survey files only, and is decoded strictly there"},
	{"gopkg.in/yaml", []string{"surveys"}, "YAML is for survey files only, and is decoded strictly there"},
	{"github.com/goccy/go-yaml", []string{"surveys"}, "YAML is for survey files only, and is decoded strictly there"},
}

// pure packages hold the rules of the domain and its arithmetic: anybody must be
// able to read and check them without knowing a library.
var pure = []string{"internal/access", "internal/agency", "internal/civil", "internal/fault", "internal/score", "internal/survey", "internal/target"}

// vague names say nothing about what a package is for, so everything ends there.
var vague = []string{
	"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "lib",
	"model", "models", "core", "service", "services", "repository", "repositories", "manager", "managers",
}

// check returns every rule that the packages break, in their order. It looks at
// nothing else, so that a test can show each rule broken.
func check(pkgs []Package) []Violation {
	var broken []Violation
	present := make(map[string]bool)
	for _, pkg := range pkgs {
		short := strings.TrimPrefix(pkg.ImportPath, module)
		present[short] = true
		report := func(rule, format string, args ...any) {
			broken = append(broken, Violation{short, rule, fmt.Sprintf(format, args...)})
		}
		rank, ranked := rankOf(short)
		if !ranked {
			report("rank", "has no rank; give it one in arch_rules_test.go, so that it is clear who may import it")
		}
		if slices.Contains(vague, path.Base(short)) || slices.Contains(vague, pkg.Name) {
			report("name", "is named for nothing in particular; name it after what it holds")
		}
		if !startsWell(pkg) {
			report("comment", "needs a package comment that starts with %q and says in one sentence what it is for", opening(pkg))
		}
		for _, imported := range pkg.Imports {
			if own, ok := strings.CutPrefix(imported, module); ok {
				if rule, why := internalImport(short, own, rank, ranked); rule != "" {
					report(rule, "%s", why)
				}
				continue
			}
			if slices.Contains(pure, short) && !standard(imported) {
				report("pure", "imports %s; it may use the standard library only, so that its rules can be read and checked without knowing a library", imported)
			}
			for _, o := range owners {
				if below(imported, o.library) && !slices.Contains(o.allowed, short) {
					report("owner", "imports %s, which belongs to %s: %s", imported, strings.Join(o.allowed, ", "), o.why)
				}
			}
		}
	}
	for name := range ranks {
		if !present[name] {
			broken = append(broken, Violation{name, "gone", "has a rank but no code; take it out of arch_rules_test.go, or the table stops describing the program"})
		}
	}
	return broken
}

const (
	longest = 500  // lines of a file that a reader can still keep in mind
	largest = 2500 // lines of a package without its tests; one of more has two nouns in it
)

// tooLong judges files by their numbers of lines.
func tooLong(lines map[string]int) []Violation {
	var broken []Violation
	packages := map[string]int{}
	for name, n := range lines {
		// testdata and package-lock.json are what programs printed, and length is no fault there.
		written := slices.Contains([]string{".go", ".sql", ".html", ".css", ".js", ".json"}, path.Ext(name))
		if !written || strings.Contains("/"+name, "/testdata/") || path.Base(name) == "package-lock.json" {
			continue
		}
		if n > longest {
			broken = append(broken, Violation{name, "length", fmt.Sprintf("has %d lines; split it by noun at %d", n, longest)})
		}
		if path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			packages[path.Dir(name)] += n
		}
	}
	for name, n := range packages {
		if n > largest {
			broken = append(broken, Violation{name, "length", fmt.Sprintf("has %d lines; at %d there are two packages in it, so give the second its name", n, largest)})
		}
	}
	return broken
}

// internalImport judges one import inside the module; an empty rule is consent.
func internalImport(from, to string, rank int, ranked bool) (rule, why string) {
	switch {
	case to == kit:
		return "testkit", "imports " + kit + " outside a test: test machinery would be part of the program"
	case strings.HasPrefix(to, "cmd/"):
		return "rank", "imports " + to + ": commands are the top, nothing stands on them"
	case from == kit:
		return "", ""
	}
	if other, ok := rankOf(to); ranked && ok && other >= rank {
		return "rank", fmt.Sprintf("(rank %d) imports %s (rank %d); only lower ranks may be imported, or a change below reaches up and around", rank, to, other)
	}
	return "", ""
}

// rankOf gives commands the highest rank of all. testkit stands outside the
// order: any package's tests may use it, and it may use any package.
func rankOf(short string) (int, bool) {
	if strings.HasPrefix(short, "cmd/") || short == kit {
		return 1 << 10, true
	}
	rank, ok := ranks[short]
	return rank, ok
}

// opening is how a package comment starts by Go's convention.
func opening(pkg Package) string {
	if pkg.Name == "main" {
		return "Command " + path.Base(pkg.ImportPath) + " "
	}
	return "Package " + pkg.Name + " "
}

func startsWell(pkg Package) bool {
	if pkg.Name == "main" {
		// The convention for commands also has the name alone, capitalised.
		name := path.Base(pkg.ImportPath)
		if strings.HasPrefix(pkg.Doc, strings.ToUpper(name[:1])+name[1:]+" ") {
			return true
		}
	}
	return strings.HasPrefix(pkg.Doc, opening(pkg))
}

// standard reports whether an import path is of the standard library: the first
// element of any other has a dot.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// below reports whether an import path is library or in it, whatever its major
// version ("gopkg.in/yaml" covers "gopkg.in/yaml.v3").
func below(importPath, library string) bool {
	rest, ok := strings.CutPrefix(importPath, library)
	return ok && (rest == "" || rest[0] == '/' || rest[0] == '.')
}

// databases are the values of db's type dialect, by name and by text. Only
// dialect.go may tell them apart: what differs must be found in one place.
var databases = []string{"sqlite", "postgresSQL", `"sqlite"`, `"postgres"`}

// databasesIn returns the databases that a file of Go names, and where.
func databasesIn(name, source string) (named, places []string, err error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		var word string
		switch n := n.(type) {
		case *ast.Ident:
			word = n.Name
		case *ast.BasicLit:
			word = n.Value
		}
		if slices.Contains(databases, word) {
			named, places = append(named, word), append(places, set.Position(n.Pos()).String())
		}
		return true
	})
	return named, places, nil
}
