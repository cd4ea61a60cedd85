package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tables are who may name each table in SQL: what is in it changes in one place.
var tables = map[string]string{
	"settings":             "internal/registry",
	"emblems":              "internal/registry",
	"agencies":             "internal/registry",
	"successions":          "internal/registry",
	"service_fields":       "internal/registry",
	"service_points":       "internal/registry",
	"service_point_fields": "internal/registry",
	"replaced_codes":       "internal/registry",
	"officials":            "internal/registry",
	"replaced_badges":      "internal/registry",
	"entry_batches":        "internal/entry",
	"entry_sheets":         "internal/entry",
	"entry_kept":           "internal/entry",
	"shifts":               "internal/duty",
	"serving":              "internal/duty",
	"duty":                 "internal/duty",
	"survey_versions":      "internal/registry",
	"drafts":               "internal/studio",
	"draft_operations":     "internal/studio",
	"indicators":           "internal/registry",
	"targets":              "internal/registry",
	"registry":             "internal/registry",
	"campaigns":            "internal/campaign",
	"campaign_agencies":    "internal/campaign",
	"campaign_points":      "internal/campaign",
	"procedures":           "internal/procedure",
	"handled_files":        "internal/procedure",
	"responses":            "internal/store",
	"response_texts":       "internal/freetext",
	"spent_submissions":    "internal/store",
	"tally_people":         "internal/store",
	"tally_scale":          "internal/store",
	"tally_choice":         "internal/store",
	"tally_number":         "internal/store",
	"sheets":               "internal/shelf",
	"arrivals":             "internal/arrival",
	"half_month_changes":   "internal/store",
	"half_months_over":     "internal/store",
	"tallies_made":         "internal/store",
	"readiness":            "internal/store",
	"users":                "internal/auth",
	"invitations":          "internal/auth",
	"api_tokens":           "internal/auth",
	"entry_links":          "internal/auth",
	"sessions":             "internal/auth",
	"publications":         "internal/publication",
	"reforms":              "internal/reform",
	"published_indices":    "internal/published",
	"audit_entries":        "internal/audit",
	"audit_seal":           "internal/audit",
	"jobs":                 "internal/jobs",
	"poster_orders":        "internal/poster",
	"poster_parts":         "internal/poster",
}

// gone are tables that a migration made and a later one took away.
var gone = []string{"month_changes", "after_people", "after_scale", "after_choice", "after_number"}

// outside may name any table: testkit, and the measuring of what the databases
// themselves can do.
var outside = []string{kit, "cmd/loadtest"}

// inSQL finds the tables that a text names as SQL does.
var inSQL = regexp.MustCompile(`\b(?:FROM|INTO|UPDATE|JOIN|TABLE|VACUUM)\s+([a-z_]+)`)

// tablesIn returns the tables that the texts of a Go file name, and where.
func tablesIn(name, source string) (named, places []string, err error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			return true
		}
		var found []string
		for _, match := range inSQL.FindAllStringSubmatch(text, -1) {
			found = append(found, match[1])
		}
		if strings.Contains(text, "_") { // a word that nothing but a table is called
			found = append(found, text)
		}
		for _, table := range found {
			if tables[table] != "" {
				named, places = append(named, table), append(places, set.Position(literal.Pos()).String())
			}
		}
		return true
	})
	return named, places, nil
}

// foreignTables judges one file.
func foreignTables(name, source string) ([]Violation, error) {
	if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || slices.Contains(outside, path.Dir(name)) {
		return nil, nil
	}
	named, places, err := tablesIn(name, source)
	var broken []Violation
	for i, table := range named {
		if owner := tables[table]; path.Dir(name) != owner {
			broken = append(broken, Violation{places[i], "table", fmt.Sprintf("names the table %s, which is %s's: ask there", table, owner)})
		}
	}
	return broken, err
}

// TestEachTableHasOneOwner also shows the rule broken by made-up code, and that
// every table has an owner that names it.
func TestEachTableHasOneOwner(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range listFiles(t) {
		if path.Ext(name) == ".sql" {
			for _, match := range regexp.MustCompile(`CREATE TABLE (\w+)`).FindAllStringSubmatch(string(readFile(t, name)), -1) {
				if tables[match[1]] == "" && !slices.Contains(gone, match[1]) {
					t.Errorf("%s: table %s has no owner", name, match[1])
				}
			}
			continue
		}
		if path.Ext(name) != ".go" {
			continue
		}
		source := string(readFile(t, name))
		broken, err := foreignTables(name, source)
		if err != nil {
			t.Fatal(err)
		}
		for _, violation := range broken {
			t.Error(violation)
		}
		if !strings.HasSuffix(name, "_test.go") && !slices.Contains(outside, path.Dir(name)) {
			for table, owner := range tables {
				seen[table] = seen[table] || path.Dir(name) == owner && strings.Contains(source, table)
			}
		}
	}
	for table, owner := range tables {
		if !seen[table] {
			t.Errorf("%s does not name its table %s", owner, table)
		}
	}
	for _, code := range []string{
		`"SELECT 1 FROM responses"`, "`\nINSERT INTO users (id) VALUES (1)`", `"UPDATE agencies SET sort = 1"`, `"x JOIN targets ON 1 = 1"`, `"audit_entries"`,
	} {
		broken, err := foreignTables("internal/export/a.go", "package export; const a = "+code)
		if err != nil || len(broken) != 1 || broken[0].Rule != "table" {
			t.Errorf("%s: %v %v", code, broken, err)
		}
	}
}
