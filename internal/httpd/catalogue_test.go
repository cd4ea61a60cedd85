package httpd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/bulk"
	"sipas/internal/campaign"
	"sipas/internal/civil"
	"sipas/internal/emblem"
	"sipas/internal/fault"
	"sipas/internal/firstrun"
	"sipas/internal/message"
	"sipas/internal/qr"
	"sipas/internal/reform"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/internal/testkit"
	"sipas/internal/wording"
	"sipas/web"
)

// computedKeys lists the keys that are not written out where they are used, by
// how they begin there: "problem." + key. The rest comes from the types and
// constants that the code puts behind it.
func computedKeys(t *testing.T) map[string][]string {
	t.Helper()
	var channels, methods, indicators []string
	for _, c := range agency.Channels() {
		channels = append(channels, string(c))
	}
	for _, m := range score.Methods() {
		methods = append(methods, string(m))
	}
	// The indicator of a field is called by the field's name.
	for _, k := range []target.IndicatorKind{target.IndicatorProcedures, target.IndicatorSIPAS, target.IndicatorSurvey} {
		indicators = append(indicators, string(k))
	}
	var periods []string
	for _, part := range civil.PeriodParts() {
		period, err := civil.ParsePeriod(2025, part)
		if err != nil {
			t.Fatal(err)
		}
		periods = append(periods, wording.PeriodName(period))
	}
	var roles []string
	for _, r := range access.Roles() {
		roles = append(roles, string(r))
	}
	var formats []string
	for _, f := range qr.Formats() {
		formats = append(formats, string(f))
	}
	var kinds, columns, imported []string
	for _, k := range agency.Kinds() {
		kinds = append(kinds, string(k))
	}
	for _, l := range []bulk.Layout{bulk.Agencies().Layout, bulk.ServicePoints().Layout, bulk.Procedures(nil).Layout, bulk.Files(nil, nil, 0).Layout, bulk.Targets().Layout, bulk.Officials().Layout, bulk.Shifts(nil).Layout, bulk.Users()} {
		imported = append(imported, l.Name+"-imported")
		for _, name := range l.Columns {
			columns = append(columns, l.Name+"."+name)
		}
	}
	steps := []string{firstrun.Province, firstrun.Zone, firstrun.Agencies, firstrun.Points, firstrun.Targets, firstrun.Accounts, firstrun.Trial}
	all := map[string][]string{
		"role.": roles,
		"may.":  roles,
		"field.": {"login", "name", "email", "role", "agency", "password", "before",
			"indicator", "year", "comparator", "target_percent", "plan", "lead_agency", "co_agencies", "note_vi", "note_en",
			"name_vi", "name_en", "place", "fields", "channel", "survey", "judged_agency", "limit", "hours", "own_hotline", "pattern", "from", "to", "names", "index", "value", "rank", "of", "source", "day",
			"province_vi", "province_en", "province_hotline", "languages", "small_cell", "min_sample", "cut_off_days", "text_months", "preset", "province_name",
			"agency_code", "kind", "parent", "valid_from", "valid_to", "order", "hotline", "procedure_code", "procedure_vi", "procedure_en", "procedure_field",
			"official_code", "service_point", "named", "active", "sheet_version", "sheet_language", "from_day", "to_day", "sheets",
			"campaign_vi", "campaign_en", "first_day", "last_day", "version", "channels", "at", "agencies", "points",
			"viec", "ngay", "tu", "vao", "ty-le", "cho", "method"},
		"hint.": {"procedure_code", "ngay", "judged_agency", "limit", "hours", "own_hotline", "pattern", "login", "email", "agency", "password", "target_percent", "plan", "co_agencies", "name_vi", "place", "fields", "index", "value", "rank", "of", "source", "day",
			"province_vi", "province_en", "province_hotline", "languages", "small_cell", "min_sample", "cut_off_days", "text_months", "preset", "province_name",
			"agency_code", "valid_from", "valid_to", "order", "hotline", "official_code", "service_point", "named", "sheet_version", "from_day", "to_day", "sheets", "first_day", "last_day", "version"},
		"weekday.": {"0", "1", "2", "3", "4", "5", "6"},
		"done.": append(imported, "saved", "disabled", "enabled", "signed-out", "removed", "index-removed", "copied", "point-added", "point-closed", "point-opened", "point-recoded", "points-added", "agency-added",
			"procedure-added", "procedure-removed", "reformed", "reform-undone", "steps-away", "steps-back", "province-chosen", "emblem-set", "emblem-removed", "emblem-restored",
			"official-added", "badge-replaced", "shift-removed", "officials-on", "officials-off", "indicator-added", "indicator-counts", "indicator-removed",
			"batch-opened", "batch-closed", "batch-dropped", "sheet-kept", "sheets-typed", "sheet-settled", "sheet-corrected",
			"campaign-added", "campaign-ended", "campaign-removed"),
		"emblem.":          faultsOfPictures(),
		"several.":         {"no-place", "no-number", "no-end", "no-name", "too-many"},
		"span.":            {"hours", "minutes", "seconds"},
		"kind.":            kinds,
		"poster.":          formats,
		"choice.":          {"none", "recounted", "no-posters", "close", "open"},
		"steps.":           steps,
		"steps.none-":      steps,
		"steps.some-":      {firstrun.Agencies, firstrun.Points, firstrun.Targets, firstrun.Accounts, firstrun.Trial},
		"lists.head-":      {"agencies", "service-points", "procedures", "files", "targets", "officials", "shifts", "users"},
		"column.":          columns,
		"comparator.":      {string(target.AtLeast), string(target.Above)},
		"log.setting-":     {"province", "synthetic", "export-key", "languages", "text-months", "officials", "small-cell", "min-sample", "cut-off-days", "emblem"},
		"log.about-":       {"user", "token", "entry-link", "survey", "draft", "campaign", "service-point", "agency", "procedure", "files", "target", "published-index", "publication", "response", "setting", "tallies", "reform", "official", "serving", "entry-batch"},
		"entry.by-":        {string(agency.ChannelPaper), string(agency.ChannelInterviewer)},
		"log.key.":         namedInTheLog(t),
		"campaigns.state-": {string(campaign.Planned), string(campaign.Running), string(campaign.Over)},
		"log.via-":         {audit.Web, audit.API, audit.CommandLine, audit.Program},
		"action.":          actions(t),
		"problem.":         slices.Concat(constants(t, "../fault", "Problem"), constants(t, "../auth", "Problem"), constants(t, "../target", "Problem"), constants(t, "../published", "Problem"), constants(t, "../indicator", "Problem"), constants(t, "../entry", "Problem"), constants(t, "../campaign", "Problem"), constants(t, "../campaign/asked", "Problem"), constants(t, "../studio", "Refused")),
		"studio.problem.": slices.Concat(constants(t, "../studio", "Problem"), constants(t, "../survey", "Fault"), constants(t, "../registry", "Fault"),
			[]string{fault.ProblemTooLong, fault.ProblemControlCharacter, fault.ProblemBadUTF8}),
		"import.":      append(constants(t, "../bulk", "Problem"), constants(t, "../spreadsheet", "Refused")...),
		"exchange.":    constants(t, "../exchange/draft", "Problem"),
		"reform.":      slices.Concat(constants(t, "../reform", "Problem"), kindsOfReforms()),
		"reform.what-": kindsOfReforms(),
		"title.":       pageKeys(t),
		"channel.":     channels,
		"method.":      methods,
		"method-name.": methods,
		"indicator.":   indicators,
		"period.":      append([]string{"of-reports", "span"}, periods...),
		"part.":        append([]string{"of-reports"}, periods...),
		"level.":       {"1", "2", "3", "4", "5"},
		"scale3.":      {"1", "2", "3"},
		"yes-no.":      {"yes", "no"},
		"standing.":    {string(score.Met), string(score.Missed), string(score.NotEnoughData)},
	}
	maps.Copy(all, computedOfDrafts(t))
	all["done."] = append(all["done."], "translated", "translated-nothing", "language-offered", "language-left-out", "survey-published", "draft-archived", "draft-back", "draft-of-file")
	return all
}

// TestCatalogues holds the languages to one set of keys, with the same places
// to fill and no empty text.
func TestCatalogues(t *testing.T) {
	t.Parallel()
	catalogues := loadCatalogues(t)
	keys := catalogues.Keys(message.Default)
	if len(keys) == 0 || len(catalogues.Languages()) < 2 {
		t.Fatalf("%d keys in %v", len(keys), catalogues.Languages())
	}
	place, counted := regexp.MustCompile(`\{[^}]*\}`), regexp.MustCompile(`\{([^}|]+)\|[^}|]+\|[^}|]+\}`)
	for _, tag := range catalogues.Languages() {
		if diff := cmp.Diff(keys, catalogues.Keys(tag)); diff != "" {
			t.Errorf("keys of %s and %s: -%[1]s +%[2]s\n%s", message.Default, tag, diff)
		}
		for _, key := range keys {
			text, first := catalogues.For(tag).T(key), catalogues.For(message.Default).T(key)
			places, firstPlaces := place.FindAllString(counted.ReplaceAllString(text, ""), -1), place.FindAllString(first, -1)
			for _, words := range counted.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(places, "{"+words[1]+"}") {
					t.Errorf("%s: %s: %q counts what it does not say", tag, key, text)
				}
			}
			slices.Sort(places)
			slices.Sort(firstPlaces)
			if strings.TrimSpace(text) == "" || text == key || !slices.Equal(places, firstPlaces) {
				t.Errorf("%s: %s: %q does not fit %q", tag, key, text, first)
			}
		}
	}
}

// namedInTheLog are the members of entries that have a name; that all have one is held by
// the test of every change, in internal/app.
func namedInTheLog(t *testing.T) (names []string) {
	for _, key := range loadCatalogues(t).Keys(message.Default) {
		if name, named := strings.CutPrefix(key, "log.key."); named {
			names = append(names, name)
		}
	}
	return names
}

// actions are what the program writes to the audit.
func actions(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	for _, folder := range []string{"../auth", "../registry", "../store", "../publication", "../published", "../export", "../preset", "../reform", "../procedure", "../retention", "../duty", "../entry", "../campaign/asked", "../studio"} {
		for _, file := range sources(t, folder) {
			ast.Inspect(file, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
					if action, err := strconv.Unquote(text.Value); err == nil && actionForm.MatchString(action) {
						found[action] = true
					}
				}
				return true
			})
		}
	}
	for _, list := range []bulk.Layout{bulk.Agencies().Layout, bulk.ServicePoints().Layout, bulk.Procedures(nil).Layout, bulk.Files(nil, nil, 0).Layout, bulk.Targets().Layout, bulk.Officials().Layout, bulk.Shifts(nil).Layout, bulk.Users()} {
		found[list.Name+".import"] = true
	}
	for _, secret := range []string{"token", "entry-link"} {
		found[secret+".create"], found[secret+".revoke"] = true, true
	}
	for _, kind := range kindsOfReforms() {
		found["reform."+kind] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func faultsOfPictures() (faults []string) {
	for _, f := range emblem.Faults() {
		faults = append(faults, string(f))
	}
	return faults
}

func kindsOfReforms() (kinds []string) {
	for _, kind := range reform.Kinds() {
		kinds = append(kinds, string(kind))
	}
	return kinds
}

var actionForm = regexp.MustCompile(`^(user|token|entry-link|survey|draft|service-point|agency|procedure|files|target|published-index|publication|response|setting|tallies|database|indicator|service-field|succession|reform|emblem|official|shift|serving|campaign|entry-batch)\.[a-z-]+$`)

// TestVietnameseCatalogue: nothing that an official would stumble over, and no
// English on Vietnamese pages.
func TestVietnameseCatalogue(t *testing.T) {
	t.Parallel()
	catalogues := loadCatalogues(t)
	for _, key := range catalogues.Keys("vi") {
		for _, fault := range testkit.VietnameseFaults(catalogues.For("vi").T(key)) {
			t.Errorf("%s: %s", key, fault)
		}
	}
}

// TestEveryTextIsUsed finds keys without a text, and texts without a use.
func TestEveryTextIsUsed(t *testing.T) {
	t.Parallel()
	catalogues := loadCatalogues(t)
	used := map[string]string{} // key -> where
	computed, seen := computedKeys(t), map[string]bool{}
	compute := func(prefix, expression, where string) {
		if computed[prefix] == nil {
			t.Errorf("%s: T(%s): say in computedKeys which keys that may be", where, expression)
		}
		for _, key := range computed[prefix] {
			used[prefix+key] = where
		}
		seen[prefix] = true
	}
	for name, file := range speaking(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || called(call) != "T" || len(call.Args) == 0 {
				return true
			}
			keys, prefix := keysOf(t, file, call.Args[0])
			for _, key := range keys {
				used[key] = name
			}
			if len(keys) == 0 {
				compute(prefix, types.ExprString(call.Args[0]), name)
			}
			return true
		})
	}
	walkTemplates(t, func(where string, argument parse.Node) {
		if key, literal := argument.(*parse.StringNode); literal {
			used[key.Text] = where
		} else {
			compute(templatePrefix(argument), argument.String(), where)
		}
	})
	for prefix := range computed {
		if !seen[prefix] {
			t.Errorf("computedKeys: nobody asks for %s any more", prefix)
		}
	}
	printer := catalogues.For(message.Default)
	for _, key := range slices.Sorted(maps.Keys(used)) {
		if !printer.Has(key) {
			t.Errorf("%s: the catalogues have no text %q", used[key], key)
		}
	}
	for _, key := range catalogues.Keys(message.Default) {
		if used[key] == "" {
			t.Errorf("text %q is not used", key)
		}
	}
}

func loadCatalogues(t *testing.T) *message.Catalogues {
	t.Helper()
	locales, err := fs.Sub(web.Files, "locales")
	if err != nil {
		t.Fatal(err)
	}
	catalogues, err := message.Load(locales)
	if err != nil {
		t.Fatal(err)
	}
	return catalogues
}

// speaking are the sources that make texts for pages.
func speaking(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	for _, folder := range []string{".", "citizen", "board", "campaigns", "admin", "province", "caseload", "lists", "counter", "official", "roster", "designer", "exchange", "revision", "search", "setup", "typing", "sheets", "reforms", "studio", "translations", "../translation", "../studio", "../forms", "../wording", "../bulk", "../reform", "../exchange/draft", "../paper"} {
		maps.Copy(files, sources(t, folder))
	}
	return files
}

// sources parses the Go files of a package's folder, without its tests.
func sources(t *testing.T, folder string) map[string]*ast.File {
	t.Helper()
	names, err := fs.Glob(os.DirFS(folder), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		path := folder + "/" + name
		if files[path], err = parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// keysOf reads the first argument of a call of T: the keys it may be, or what
// its keys begin with.
func keysOf(t *testing.T, file *ast.File, argument ast.Expr) (keys []string, prefix string) {
	t.Helper()
	switch e := argument.(type) {
	case *ast.BasicLit:
		key, _ := literal(e)
		return []string{key}, ""
	case *ast.BinaryExpr:
		prefix, _ := literal(e.X)
		return nil, prefix
	case *ast.Ident:
		return assigned(file, e.Name), ""
	case *ast.SelectorExpr:
		if types.ExprString(e) == "f.Key" {
			return fieldLiterals(t, "Failure", "Key"), ""
		}
	}
	return nil, ""
}

// assigned lists the texts that a file writes into variables of a name.
func assigned(file *ast.File, name string) []string {
	var texts []string
	ast.Inspect(file, func(n ast.Node) bool {
		assignment, ok := n.(*ast.AssignStmt)
		if ok && len(assignment.Lhs) == 1 && types.ExprString(assignment.Lhs[0]) == name {
			if text, ok := literal(assignment.Rhs[0]); ok {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}

// called is the name of the function or method that a call calls.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

func literal(e ast.Expr) (text string, ok bool) {
	basic, ok := e.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(basic.Value)
	return text, err == nil
}

// constants lists the values of the string constants whose names start with a prefix.
func constants(t *testing.T, folder, prefix string) []string {
	t.Helper()
	var values []string
	for _, file := range sources(t, folder) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if ok && len(spec.Values) == 1 && strings.HasPrefix(spec.Names[0].Name, prefix) {
				if value, ok := literal(spec.Values[0]); ok {
					values = append(values, value)
				}
			}
			return true
		})
	}
	return slices.Sorted(slices.Values(values))
}

// pageKeys lists the keys that handlers give their pages.
func pageKeys(t *testing.T) []string {
	t.Helper()
	var keys []string
	for _, file := range speaking(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || called(call) != "NewPage" {
				return true
			}
			key, ok := literal(call.Args[0])
			if !ok {
				t.Errorf("%s: write the key of the page out, so that its title can be checked", types.ExprString(call))
			}
			keys = append(keys, key)
			return true
		})
	}
	return keys
}

// fieldLiterals lists what is written into a field of a struct type.
func fieldLiterals(t *testing.T, typeName, field string) []string {
	t.Helper()
	var values []string
	for _, file := range speaking(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			composite, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if name, ok := composite.Type.(*ast.Ident); !ok || name.Name != typeName {
				return true
			}
			for _, element := range composite.Elts {
				pair, ok := element.(*ast.KeyValueExpr)
				if !ok || types.ExprString(pair.Key) != field {
					continue
				}
				if value, ok := literal(pair.Value); ok {
					values = append(values, value)
				}
			}
			return true
		})
	}
	return values
}
