package httpd_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/testkit"
)

// TestOpenAPIPassesLinter holds the document to the recommended rules of a public
// linter, its warnings included.
func TestOpenAPIPassesLinter(t *testing.T) {
	t.Parallel()
	modules, dir := testkit.NodeModules(t, "@redocly/cli"), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "openapi.json"), httpd.OpenAPI(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := testkit.Node(t, dir, filepath.Join(modules, "@redocly", "cli", "bin", "cli.js"),
		"lint", "--extends=recommended", "--format=json", "--max-problems=1000", "openapi.json")
	var report struct {
		Version  string
		Problems []struct {
			RuleID, Severity, Message string
			Location                  []struct{ Pointer string }
		}
	}
	if jsonErr := json.Unmarshal([]byte(out), &report); jsonErr != nil || report.Version == "" {
		t.Fatalf("the linter: %v, %v\n%s", err, jsonErr, out)
	}
	// Who reads what everybody may read, without a parameter, can do nothing wrong.
	harmless := []string{"#/paths/~1api~1v1~1openapi.json/get/responses", "#/paths/~1api~1v1~1published/get/responses"}
	for _, p := range report.Problems {
		where := p.Location[0].Pointer
		if p.RuleID == "operation-4xx-response" && slices.Contains(harmless, where) {
			continue
		}
		t.Errorf("%s: %s (%s, %s)", where, p.Message, p.RuleID, p.Severity)
	}
	if err != nil {
		t.Error(err)
	}
	testkit.Ran(t, "linter redocly "+report.Version)
}

// TestTypedClient makes a typed client from the document that the server gives,
// compiles a program that uses it, and runs that against the server.
func TestTypedClient(t *testing.T) {
	t.Parallel()
	modules, dir := testkit.NodeModules(t, "openapi-typescript", "openapi-fetch", "typescript"), t.TempDir()
	h := newHarness(t, testkit.SQLite(t))
	h.figures()
	program, err := os.ReadFile(filepath.Join("testdata", "client.ts"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"openapi.json": h.get(h.client(), "/api/v1/openapi.json").body,
		"package.json": `{"type": "module"}`,
		"client.ts":    string(program),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	node := func(script string, args ...string) string {
		t.Helper()
		out, err := testkit.Node(t, dir, script, args...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	// A default is the server's to fill in: who sends may leave it out.
	node(filepath.Join(modules, "openapi-typescript", "bin", "cli.js"), "openapi.json", "--default-non-nullable", "false", "-o", "api.d.ts")
	node(filepath.Join(modules, "typescript", "bin", "tsc"), "client.ts", "--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes",
		"--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom,dom.iterable")
	authorization := h.token(access.Viewer, 0)[1]
	out := node("client.js", h.url, codeLand, authorization)

	var saw struct {
		Statuses  []int
		Receipts  []string
		Title     string
		N         int
		Percent   float64
		Standings []string
		Parts     int
		Published int
	}
	if err := json.Unmarshal([]byte(out), &saw); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if !slices.Equal(saw.Statuses, []int{201, 200, 409}) || len(saw.Receipts) != 2 || saw.Receipts[0] != saw.Receipts[1] || saw.Title == "" {
		t.Errorf("sending once, again, and something else: %s", out)
	}
	// 40 people were there before, 30 of them satisfied; the one of now waits.
	if saw.N != 40 || saw.Percent != 75 || !slices.Equal(saw.Standings, []string{"missed"}) || saw.Parts == 0 {
		t.Errorf("the row of land: %s", out)
	}
	if got := h.responses(); got != 74 {
		t.Errorf("%d responses, want 74", got)
	}
}
