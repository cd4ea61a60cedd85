package app_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sipas/internal/testkit"
)

const top = "../.."

// documents gives the Markdown files of the repository by their path from its
// top.
func documents(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != top && (strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"node_modules", "artifacts", "testdata"}, entry.Name())):
			return fs.SkipDir
		case filepath.Ext(path) != ".md":
			return nil
		}
		content, err := os.ReadFile(path)
		name, _ := strings.CutPrefix(filepath.ToSlash(path), top+"/")
		found[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 20 {
		t.Fatalf("only %d documents", len(found))
	}
	return found
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	anchorX = regexp.MustCompile(`[^\p{L}\p{N}\- ]`)
)

// anchors are the places of a document that a link may name, as forges make
// them of headings.
func anchors(document string) []string {
	var list []string
	for _, h := range heading.FindAllStringSubmatch(document, -1) {
		text := anchorX.ReplaceAllString(strings.ToLower(h[1]), "")
		list = append(list, strings.ReplaceAll(text, " ", "-"))
	}
	return list
}

// TestLinksLeadSomewhere follows every link of the documents inside the
// repository.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	all := documents(t)
	followed := 0
	for name, text := range all {
		for _, found := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(found[1], "://") || strings.HasPrefix(found[1], "mailto:") {
				continue
			}
			followed++
			path, anchor, _ := strings.Cut(found[1], "#")
			target := name
			if path != "" {
				target = filepath.ToSlash(filepath.Join(filepath.Dir(name), path))
			}
			switch _, err := os.Stat(filepath.Join(top, target)); {
			case err != nil && strings.HasPrefix(target, "docs/images/"):
				t.Errorf("%s shows %s, which does not exist: run `make screenshots`", name, found[1])
			case err != nil:
				t.Errorf("%s links to %s, which does not exist", name, found[1])
			case anchor != "" && !slices.Contains(anchors(all[target]), anchor):
				t.Errorf("%s links to %s, but there is no such heading", name, found[1])
			}
		}
	}
	if followed < 50 {
		t.Errorf("only %d links were followed", followed)
	}
}

// TestDocumentedTargetsExist looks for the targets of make that documents tell
// people to type.
func TestDocumentedTargetsExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join(top, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	targets := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^([a-z]+):`).FindAllStringSubmatch(string(makefile), -1) {
		targets[found[1]] = true
	}
	make := regexp.MustCompile("(?m)(?:`|^)make ([a-z]+)")
	for name, text := range documents(t) {
		for _, found := range make.FindAllStringSubmatch(text, -1) {
			if !targets[found[1]] {
				t.Errorf("%s says `make %s`, which the Makefile does not have", name, found[1])
			}
		}
	}
	for _, readme := range []string{"README.md", "README.vi.md"} {
		for _, command := range []string{"make demo", "make test"} {
			if !strings.Contains(documents(t)[readme], command) {
				t.Errorf("%s does not name `%s`", readme, command)
			}
		}
	}
}

var (
	typed  = regexp.MustCompile("(?m)(?:`|^ *|&& |app /)(?:bin/)?sipas ([a-z][^`\n&]*)")
	quoted = regexp.MustCompile(`"[^"]*"`)
	ending = regexp.MustCompile(`( [#<>|]|: ).*`)
)

// commandLines gives the arguments of every command of the program in a
// document.
func commandLines(document string) [][]string {
	var lines [][]string
	for _, found := range typed.FindAllStringSubmatch(document, -1) {
		line := quoted.ReplaceAllString(found[1], "TEXT")
		lines = append(lines, strings.Fields(ending.ReplaceAllString(line, "")))
	}
	return lines
}

// TestDocumentedCommandsExist asks the program for help on every command that
// documents show: it fails for one that it does not know, and for a flag.
func TestDocumentedCommandsExist(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for name, text := range documents(t) {
		for _, args := range commandLines(text) {
			if seen[strings.Join(args, " ")] {
				continue
			}
			seen[strings.Join(args, " ")] = true
			if output, err := exec.Command(path, append(args, "--help")...).CombinedOutput(); err != nil {
				t.Errorf("%s shows `sipas %s`: %s", name, strings.Join(args, " "), output)
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d commands were found", len(seen))
	}
}

// TestDesignNamesEveryPackage holds the table of docs/design.md to the ranks.
func TestDesignNamesEveryPackage(t *testing.T) {
	t.Parallel()
	design := documents(t)["docs/design.md"]
	row := regexp.MustCompile("(?m)^\\| (\\d+) \\| `([a-z/]+)` \\|")
	documented := map[string]string{}
	for _, found := range row.FindAllStringSubmatch(design, -1) {
		documented[found[2]] = found[1]
	}
	for name, rank := range ranks {
		if want := strconv.Itoa(rank); documented[name] != want {
			t.Errorf("docs/design.md gives %s the rank %q, it is %s", name, documented[name], want)
		}
		delete(documented, name)
	}
	for name := range documented {
		t.Errorf("docs/design.md names %s, which has no rank", name)
	}
}

// TestVietnameseOfDocuments: what is written for officials in Vietnamese has no
// word that they would stumble over. Code, names and addresses stand apart.
func TestVietnameseOfDocuments(t *testing.T) {
	t.Parallel()
	apart := regexp.MustCompile("(?s)```.*?```|``.*?``|`[^`]*`|\\[?[\\w./-]+\\.(?:md|conf)|\\]\\([^)]*\\)|[0-9]+/[^\\s.,;)]+")
	names := strings.Fields(`go git linux docker compose postgres redis sqlite internet wifi chromium webkit csv excel ip mb gb kb https http dns tls nginx pgbouncer reverse proxy
		gateway plastic github apache contributing english n iv ubnd pdf papi pci`)
	all := documents(t)
	for _, name := range []string{"docs/co-quan.md", "docs/van-hanh.md", "docs/nhap-bang-tinh.md", "docs/quan-tri.md", "README.vi.md"} {
		for _, line := range strings.Split(apart.ReplaceAllString(all[name], " "), "\n") {
			for _, fault := range testkit.VietnameseFaults(line, names...) {
				t.Errorf("%s: %q: %s", name, line, fault)
			}
		}
	}
	summary, _, _ := strings.Cut(all["docs/privacy.md"], "## What")
	_, summary, found := strings.Cut(summary, "## Tóm tắt bằng tiếng Việt")
	if !found {
		t.Fatal("docs/privacy.md has no Vietnamese summary")
	}
	for _, fault := range testkit.VietnameseFaults(apart.ReplaceAllString(summary, " "), names...) {
		t.Errorf("docs/privacy.md: %s", fault)
	}
}

// TestWaysAreShort: a newcomer follows an answer, and a board, through a number
// of files that can be read in an afternoon.
func TestWaysAreShort(t *testing.T) {
	t.Parallel()
	_, ways, found := strings.Cut(string(readFile(t, "docs/design.md")), "### File by file")
	ways, _, ended := strings.Cut(ways, "\n## ")
	if !found || !ended {
		t.Fatal("docs/design.md has no ways file by file")
	}
	tables := strings.Split(ways, "|---|---|\n")[1:]
	if len(tables) != 2 {
		t.Fatalf("%d ways, want that of an answer and that of a board", len(tables))
	}
	for i, table := range tables {
		if n := strings.Count(table, "](../internal/"); n < 15 || n > 25 {
			t.Errorf("way %d passes %d files", i+1, n)
		}
	}
}
