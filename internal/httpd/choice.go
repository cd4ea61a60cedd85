package httpd

import (
	"strings"

	"sipas/internal/registry"
)

// Choice is one of several that may be chosen in a form.
type Choice struct {
	Value, Text string
	Chosen      bool
}

// AgencyChoices are the agencies to choose from, as the tree has them.
func AgencyChoices(view registry.View, p Page, chosen string) (list []Choice) {
	for _, a := range view.Agencies() {
		indent := strings.Repeat("\u00a0\u00a0\u00a0", view.Depth(a.ID))
		list = append(list, Choice{a.Code, indent + a.Name.In(p.Language), chosen == a.Code})
	}
	return list
}

// ScopeChoices are the agencies to choose from, and the whole province for who looks
// after it.
func ScopeChoices(view registry.View, p Page, chosen string) (list []Choice) {
	if view.Scope() == 0 {
		list = append(list, Choice{"", p.T("accounts.whole"), chosen == ""})
	}
	return append(list, AgencyChoices(view, p, chosen)...)
}
