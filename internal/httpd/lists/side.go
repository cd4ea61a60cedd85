// Package lists is the web for whole lists as spreadsheets: agencies, service points,
// procedures, files handled, targets, officials, shifts and accounts. A file is checked first, and nothing
// changes; carried out is the same file on the same state.
package lists

import (
	"io"
	"slices"
	"time"

	"sipas/internal/audit"
	"sipas/internal/bulk"
	"sipas/internal/civil"
	"sipas/internal/httpd"
)

// side is the side of the web that reads and writes lists.
type side struct{ k *httpd.Kernel }

// Routes are those of every list.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	organisation := func(r *httpd.Request) httpd.Page { return r.NewPage("import", nil) }
	targets := func(r *httpd.Request) httpd.Page { return r.NewPage("import-targets", nil) }
	return slices.Concat(
		s.kept(bulk.Agencies(), "/co-quan", organisation).routes(),
		s.kept(bulk.ServicePoints(), "/quay", organisation).routes(),
		s.kept(bulk.Procedures(k.Procedures), "/thu-tuc", organisation).routes(),
		s.kept(bulk.Files(k.Procedures, s.now, bulk.NewestFiles), "/ho-so", organisation).routes(),
		s.kept(bulk.Officials(), "/can-bo", organisation).routes(),
		s.kept(bulk.Shifts(k.Duty), "/can-bo/ca", organisation).routes(),
		s.kept(bulk.Targets(), "/chi-tieu", targets).routes(),
		s.accounts().routes(),
	)
}

// now is this half month.
func (s *side) now() civil.HalfMonth {
	return civil.HalfMonthOf(s.k.Now().In(s.k.Zone).Format(time.DateOnly))
}

// sheet is a list, where it lives on the desk, and who reads and writes it.
type sheet struct {
	bulk.Layout
	at   string                          // its page
	page func(*httpd.Request) httpd.Page // where a file is chosen

	judge func(r *httpd.Request, content []byte) (judged, error)
	write func(r *httpd.Request, w io.Writer, format string) error
}

// judged is what a file would change, and what carries it out and answers.
type judged struct {
	*bulk.Plan
	apply func() error
}

// kept is a list that changes with the registry.
func (s *side) kept(list bulk.List, at string, page func(*httpd.Request) httpd.Page) sheet {
	judge := func(r *httpd.Request, content []byte) (judged, error) {
		snap, err := r.Snapshot()
		if err != nil {
			return judged{}, err
		}
		plan, err := list.Plan(r.Context(), snap, content)
		return judged{plan, func() error {
			if err := plan.Apply(r.Context(), s.k.Registry, r.Author(audit.Web)); err != nil {
				return err
			}
			r.LeadTo(httpd.AddressOf(at, "da", list.Name+"-imported"))
			return nil
		}}, err
	}
	write := func(r *httpd.Request, w io.Writer, format string) error {
		snap, err := r.Snapshot()
		if err != nil {
			return err
		}
		return list.Write(r.Context(), w, format, snap)
	}
	return sheet{list.Layout, at, page, judge, write}
}
