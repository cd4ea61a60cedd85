package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sipas/internal/testkit"
)

// TestArchitecture holds the program to arch_rules_test.go.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	for _, violation := range check(listPackages(t)) {
		t.Error(violation)
	}
}

// TestEveryRuleCanBreak shows each rule broken by made-up packages, and a good
// program passing.
func TestEveryRuleCanBreak(t *testing.T) {
	t.Parallel()
	good := func() []Package {
		pkgs := []Package{
			{"sipas/cmd/sipas", "main", "Command sipas measures.", []string{"sipas/internal/app", "github.com/alecthomas/kong"}},
			{"sipas/internal/testkit", "testkit", "Package testkit serves tests.", []string{"sipas/internal/store", "github.com/jackc/pgx/v5"}},
		}
		for name := range ranks {
			base := filepath.Base(name)
			pkgs = append(pkgs, Package{module + name, base, "Package " + base + " has a purpose.", []string{"fmt", "net/http"}})
		}
		return pkgs
	}
	if broken := check(good()); len(broken) != 0 {
		t.Fatalf("a program without fault breaks %v", broken)
	}
	importing := func(from string, imports ...string) func([]Package) []Package {
		return func(pkgs []Package) []Package {
			i := slices.IndexFunc(pkgs, func(p Package) bool { return p.ImportPath == from })
			pkgs[i].Imports = append(slices.Clone(pkgs[i].Imports), imports...)
			return pkgs
		}
	}
	adding := func(p Package) func([]Package) []Package {
		return func(pkgs []Package) []Package { return append(pkgs, p) }
	}
	tests := []struct {
		name   string
		change func([]Package) []Package
		rule   string
	}{
		{"upwards", importing("sipas/internal/store", "sipas/internal/httpd"), "rank"},
		{"sideways", importing("sipas/internal/auth", "sipas/internal/intake"), "rank"},
		{"a command", importing("sipas/internal/app", "sipas/cmd/sipas"), "rank"},
		{"no rank", adding(Package{"sipas/internal/parking", "parking", "Package parking parks.", nil}), "rank"},
		{"vague folder", adding(Package{"sipas/cmd/utils", "main", "Command utils does things.", nil}), "name"},
		{"vague name", adding(Package{"sipas/cmd/tool", "helpers", "Package helpers helps.", nil}), "name"},
		{"no comment", adding(Package{"sipas/cmd/tool", "main", "", nil}), "comment"},
		{"odd comment", adding(Package{"sipas/cmd/tool", "tool", "This package is a tool.", nil}), "comment"},
		{"comment of another", adding(Package{"sipas/cmd/tool", "tool", "Package toolbox holds tools.", nil}), "comment"},
		{"testkit in the program", importing("sipas/internal/httpd", "sipas/internal/testkit"), "testkit"},
		{"library in survey", importing("sipas/internal/survey", "golang.org/x/text/language"), "pure"},
		{"library in score", importing("sipas/internal/score", "github.com/google/uuid"), "pure"},
		{"gone", func(pkgs []Package) []Package {
			return slices.DeleteFunc(pkgs, func(p Package) bool { return p.ImportPath == "sipas/internal/qr" })
		}, "gone"},
	}
	for _, o := range owners {
		tests = append(tests, struct {
			name   string
			change func([]Package) []Package
			rule   string
		}{o.library, importing("sipas/internal/export", o.library+"/v9"), "owner"})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			broken := check(test.change(good()))
			if len(broken) != 1 || broken[0].Rule != test.rule || broken[0].Text == "" {
				t.Errorf("broken: %v, want one of rule %q", broken, test.rule)
			}
		})
	}
}

func TestOwnersMayUseTheirLibraries(t *testing.T) {
	t.Parallel()
	for _, o := range owners {
		for _, name := range o.allowed {
			base := filepath.Base(name)
			pkg := Package{module + name, base, "Package " + base + " owns it.", []string{o.library + "/v9"}}
			for _, violation := range check([]Package{pkg}) {
				if violation.Rule == "owner" {
					t.Error(violation)
				}
			}
		}
	}
}

// TestDatabasesDifferInOneFile also shows the rule broken by made-up code.
func TestDatabasesDifferInOneFile(t *testing.T) {
	t.Parallel()
	for _, name := range listFiles(t) {
		if path.Dir(name) != "internal/db" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		named, places, err := databasesIn(name, string(readFile(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		if path.Base(name) != "dialect.go" {
			for i, database := range named {
				t.Errorf("%s: names %s; make the difference a method of dialect", places[i], database)
			}
			continue
		}
		for _, database := range databases {
			if !slices.Contains(named, database) {
				t.Errorf("%s does not name %s, so the rule looks for nothing", name, database)
			}
		}
	}
	for _, code := range []string{"s.dialect == sqlite", `s.Dialect() == "postgres"`} {
		named, _, err := databasesIn("a.go", "package store; func (s *Store) f() bool { return "+code+" }")
		if err != nil || len(named) != 1 {
			t.Errorf("%s: %v %v", code, named, err)
		}
	}
}

func listPackages(t *testing.T) []Package {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Doc,Imports", "./...")
	cmd.Dir = testkit.Root(t)
	var failure bytes.Buffer
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &failure)
	}
	var pkgs []Package
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg Package
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, pkg)
	}
}

// listFiles names the files of the repository, from its top folder: those in
// git and those about to be added.
func listFiles(t *testing.T) []string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		testkit.Missing(t, "git")
	}
	root := testkit.Root(t)
	if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
		testkit.Missing(t, "a git checkout (these are the files of an archive)")
	}
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	names := strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool {
		_, err := os.Lstat(filepath.Join(root, name))
		return err != nil // deleted, and not committed yet
	})
}

// TestFilesAndPackagesAreShort also shows the rule broken by made-up files.
func TestFilesAndPackagesAreShort(t *testing.T) {
	t.Parallel()
	lines := map[string]int{}
	for _, name := range listFiles(t) {
		lines[name] = bytes.Count(readFile(t, name), []byte("\n"))
	}
	for _, violation := range tooLong(lines) {
		t.Error(violation)
	}
	for name, made := range map[string]map[string]int{
		"internal/qr/poster.go":     {"internal/qr/poster.go": 501, "web/package-lock.json": 9000, "internal/qr/testdata/a.json": 900},
		"internal/qr/qr_test.go":    {"internal/qr/qr_test.go": 501},
		"internal/httpd/paths.json": {"internal/httpd/paths.json": 501},
		"internal/qr":               {"internal/qr/a.go": 500, "internal/qr/b.go": 500, "internal/qr/c.go": 500, "internal/qr/d.go": 500, "internal/qr/e.go": 500, "internal/qr/f.go": 1, "internal/qr/f_test.go": 500},
	} {
		if broken := tooLong(made); len(broken) != 1 || broken[0].Package != name {
			t.Errorf("made-up files: %v, want %s", broken, name)
		}
	}
}

// TestTopFolder keeps the first thing that a visitor sees small.
func TestTopFolder(t *testing.T) {
	t.Parallel()
	allowed := []string{
		"cmd", "internal", "surveys", "migrations", "web", "docs", "go.mod", "go.sum",
		"docker-compose.yml", "Dockerfile", "Makefile", "LICENSE", "CONTRIBUTING.md",
	}
	readme := regexp.MustCompile(`^README(\.[a-z]+)?\.md$`)
	var seen []string
	for _, name := range listFiles(t) {
		top, _, _ := strings.Cut(name, "/")
		if slices.Contains(seen, top) || strings.HasPrefix(top, ".") || readme.MatchString(top) || slices.Contains(allowed, top) {
			continue
		}
		seen = append(seen, top)
		t.Errorf("%s: does not belong at the top of the repository; put it where its subject is", top)
	}
}

// TestNothingIsPutOff finds the marks of work left for later: it belongs into
// the code now, or into an issue.
func TestNothingIsPutOff(t *testing.T) {
	t.Parallel()
	// In pieces, for this file is looked at too.
	marks := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	generated := []string{"go.sum", "web/package-lock.json", "LICENSE"}
	for _, name := range listFiles(t) {
		if slices.Contains(generated, name) {
			continue
		}
		text := readFile(t, name)
		if bytes.IndexByte(text, 0) >= 0 {
			continue // a picture or a font
		}
		for i, line := range bytes.Split(text, []byte("\n")) {
			if mark := marks.Find(line); mark != nil {
				t.Errorf("%s:%d: %s", name, i+1, mark)
			}
		}
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
