package httpd

import (
	"strings"

	"sipas/internal/registry"
	"sipas/internal/wording"
)

// Choice is one of several that may be chosen in a form.
type Choice struct {
	Value, Text string
	Chosen      bool
}

// AgencyChoices are the agencies to choose from, as the tree has them. One that is no
// more is there only where it was chosen before.
func AgencyChoices(view registry.View, p Page, chosen string) (list []Choice) {
	for _, a := range view.Agencies() {
		text := strings.Repeat("\u00a0\u00a0\u00a0", view.Depth(a.ID)) + a.Name.In(p.Language)
		if ended := wording.Ended(p.Words, a, p.Today); ended != "" {
			if a.Code != chosen {
				continue
			}
			text += " (" + ended + ")"
		}
		list = append(list, Choice{a.Code, text, chosen == a.Code})
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
