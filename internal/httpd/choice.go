package httpd

import (
	"strings"

	"sipas/internal/audit"
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

// Done is what was done just before a page is shown, as the key `done.<key>` of the
// sentence that says so; "" for nothing. An address cannot make a page say anything
// that is no such sentence.
func (r *Request) Done() string {
	key := r.Query("da")
	if key == "" || !r.Printer().Has("done."+key) {
		return ""
	}
	return key
}

// Change makes a change of the caller's.
func (r *Request) Change(f func(c *registry.Change) error) error {
	return r.x.k.Registry.Change(r.Context(), r.Author(audit.Web), f)
}
