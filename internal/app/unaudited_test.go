package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// functionsOf hands over every function of the program with its name, such as
// "auth.Auth.AddUser".
func functionsOf(t *testing.T, visit func(name string, f *ast.FuncDecl)) {
	t.Helper()
	for _, name := range listFiles(t) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || path.Dir(name) == kit || path.Dir(name) == "cmd/loadtest" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, readFile(t, name), parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range file.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok {
				visit(file.Name.Name+"."+receiver(f)+f.Name.Name, f)
			}
		}
	}
}

// changers names what changes something, from the source: every exported
// function that is told an author or a registry.Change, and every exported method of that.
func changers(t *testing.T) []string {
	t.Helper()
	nothing := []string{"registry.Change.Now", "registry.Change.Follows", "registry.Change.ServicePoint", "procedure.Within"} // change by themselves
	ofChange := func(name string) bool {
		return strings.HasPrefix(name, "registry.Change.") || strings.HasPrefix(name, "registry.targets.") || strings.HasPrefix(name, "registry.emblems.") || strings.HasPrefix(name, "registry.officials.")
	}
	var found []string
	functionsOf(t, func(name string, f *ast.FuncDecl) {
		told := slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool {
			s, ok := p.Type.(*ast.SelectorExpr)
			return ok && (s.Sel.Name == "Author" || s.Sel.Name == "Noting") || toldChange(p.Type)
		})
		if f.Name.IsExported() && (told || ofChange(name)) && !slices.Contains(nothing, name) {
			found = append(found, name)
		}
	})
	slices.Sort(found)
	return found
}

// toldChange tells whether a type is *registry.Change.
func toldChange(x ast.Expr) bool {
	star, ok := x.(*ast.StarExpr)
	if !ok {
		return false
	}
	s, ok := star.X.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Change"
}

// receiver is the type that a method is of, with a dot, or "".
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	of := f.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}

// unaudited are the functions that write without an entry, and why.
var unaudited = map[string]string{
	"registry.Registry.Change":          "the revision; what is done in the change has its entries",
	"registry.emblems.put":              "SetEmblem, which calls it, has the entry",
	"registry.Change.insertPoints":      "parts of service points; AddServicePoints and",
	"registry.Change.insertPointFields": "UpdateServicePoints, which call both, have the entries",
	"campaign.keep":                     "rows of campaigns; asked.Put and asked.Remove, which",
	"campaign.forget":                   "call these through Put and Remove, have",
	"campaign.unplace":                  "the entries",
	"auth.Auth.rehash":                  "the same password, hashed with the costs of today",
	"auth.setPassword":                  "SetPassword and AcceptInvitation, which call it, have the entries",
	"auth.accounts.newInvitation":       "Invite and InviteAgain, which call it, have the entries",
	"auth.endInvitations":               "whatever ends them has the entry",
	"duty.raise":                        "Keep, Remove and Serve, which call it, have the entries",
	"studio.lock":                       "nothing: it keeps others from changing a draft meanwhile",
	"studio.opened.keep":                "an operation: the operations of a draft are a log of their own, with author and time; publishing has an entry",
	"auth.keptSessions":                 "who is signed in",
	"store":                             "what citizens answered, and its tallies; RemoveResponse, Mark and Mend have their entries",
	"entry.putSheet":                    "what was answered on paper, before it is kept; opening, closing, dropping and correcting have their entries",
	"entry.hold":                        "that a batch is held; what is done then has its entry",
	"entry.link":                        "Close and Correct, which call it, have the entries",
	"entry.Book.ForgetSheets":           "what led from sheets to answers, after its time",
	"freetext":                          "what citizens wrote; RemoveResponse and ForgetTexts have their entries",
	"arrival":                           "how many answers came, counted as they are kept",
	"shelf.Shelf":                       "what reports have read of tallies",
	"jobs":                              "work that waits; what asks for it, and what it changes, have entries of their own",
	"poster":                            "copies of what is kept, for whoever may see it, for a day",
	"db":                                "no table of its own",
	"audit":                             "the entries",
}

// TestNothingIsWrittenWithoutAnEntry also shows the rule broken. It looks for
// functions that write rows and append no entry, which neither of the two lists
// above would miss.
func TestNothingIsWrittenWithoutAnEntry(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	functionsOf(t, func(name string, f *ast.FuncDecl) {
		if f.Body == nil || !writesUnaudited(f.Body) {
			return
		}
		covered := false
		for reason := range unaudited {
			if name == reason || strings.HasPrefix(name, reason+".") {
				used[reason], covered = true, true
			}
		}
		if !covered {
			t.Errorf("%s writes and leaves no entry in the audit", name)
		}
	})
	for name := range unaudited {
		if !used[name] {
			t.Errorf("%s writes nothing, and needs no reason for that", name)
		}
	}
	for body, want := range map[string]bool{
		`tx.ExecContext(ctx, "DELETE FROM users")`:                                                            true,
		`s, args := c.tx.DB().InsertSet("users", columns, "RETURNING id"); db.ScanAll(ctx, c.tx, s, args, f)`: true,
		`c.rows(ctx).Create(&row)`: true,
		`c.rows(ctx).Model(&userRow{}).Where("id = 1").Update("name", "x")`:                   true,
		`tx.ExecContext(ctx, "DELETE FROM users"); audit.Append(ctx, tx, e)`:                  false,
		`c.rows(ctx).Create(&row); c.Note(ctx, "user.add", "user/x", nil, row)`:               false,
		`tx.ExecContext(ctx, "DELETE FROM users"); a.append(ctx, tx, by, e)`:                  false,
		`a.change(ctx, by, "user.add", "user/x", nil, nil, func() { rows.Create(&row) })`:     false,
		`b.Update(1); slices.Delete(s, 1, 2); d.Query(ctx, "SELECT 1"); exec.Command("true")`: false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a; func f() { "+body+" }", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := writesUnaudited(file.Decls[0].(*ast.FuncDecl).Body); got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}

// writesUnaudited tells whether a function writes rows, by SQL or by GORM, and
// appends no entry.
func writesUnaudited(body *ast.BlockStmt) bool {
	writes, audited := false, false
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		called, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		switch called.Sel.Name {
		case "Exec", "ExecContext", "InsertSet":
			writes = true
		case "Create", "Update", "Updates", "Save", "Delete":
			writes = writes || ofRows(called.X)
		case "Append":
			of, ok := called.X.(*ast.Ident)
			audited = audited || ok && of.Name == "audit"
		case "Note", "change", "append":
			audited = true
		}
		return true
	})
	return writes && !audited
}

// ofRows tells whether a chain of calls begins with the rows of a database.
func ofRows(x ast.Expr) bool {
	for {
		switch at := x.(type) {
		case *ast.CallExpr:
			x = at.Fun
		case *ast.SelectorExpr:
			if strings.EqualFold(at.Sel.Name, "rows") {
				return true
			}
			x = at.X
		case *ast.Ident:
			return at.Name == "rows"
		default:
			return false
		}
	}
}
