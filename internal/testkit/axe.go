package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Violation is one accessibility rule that a page breaks.
type Violation struct {
	ID      string   `json:"id"`      // axe-core's name of the rule, for example "image-alt"
	Impact  string   `json:"impact"`  // minor, moderate, serious or critical
	Help    string   `json:"help"`    // the rule in words
	HelpURL string   `json:"helpUrl"` // how to mend it
	Nodes   []string `json:"nodes"`   // the elements: CSS selector, then HTML
}

// String names the rule and the elements, one a line.
func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s\n    %s", v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n    "))
}

// axeRun asks for the rules of WCAG 2.0, 2.1 and 2.2, levels A and AA, and for
// axe-core's best practices.
const axeRun = `axe.run(document, {
	resultTypes: ["violations"],
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
}).then(result => result.violations.map(rule => ({
	id: rule.id, impact: rule.impact || "", help: rule.help, helpUrl: rule.helpUrl,
	nodes: rule.nodes.map(node => node.target.join(" ") + "  " + node.html),
})))`

// Axe checks the page that the tab of ctx shows with axe-core and returns what
// it breaks, nothing for a good page. It needs "npm ci" in web/; without that
// the test is skipped, or fails when CI=true.
func Axe(t testing.TB, ctx context.Context) []Violation {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(Root(t), "web", "node_modules", "axe-core", "axe.min.js"))
	if os.IsNotExist(err) {
		Missing(t, "axe-core (npm ci in web/)")
	}
	if err != nil {
		t.Fatal(err)
	}
	// axe-core is a script too. A page that was loaded without JavaScript stays
	// as it is when scripts are allowed for the time of the check.
	if view, _ := ctx.Value(viewKey{}).(View); view.NoScript {
		if err := chromedp.Do(ctx, disableScript(false)); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := chromedp.Do(ctx, disableScript(true)); err != nil {
				t.Error(err)
			}
		}()
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](string(script)+"; true")); err != nil {
		t.Fatalf("loading axe-core: %v", err)
	}
	violations, err := chromedp.Run(ctx, chromedp.Evaluate[[]Violation](axeRun, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("running axe-core: %v", err)
	}
	return violations
}
