package board

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/target"
	"sipas/internal/wording"
)

// showBoard shows how an agency stands. A caller sees their own agency and
// what lies below it.
func (s *side) showBoard(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	q, err := s.readQuery(r, snap, namedBy(r.Query).typed())
	if err != nil {
		return err
	}
	q.row, q.open, q.page = r.Query("row"), r.Query("open") == "1", r.Query("page")
	board, err := s.k.Reports.Board(r.Context(), snap, q.Query)
	if err != nil {
		return err
	}
	years, _, err := s.k.Reports.Years(r.Context(), snap)
	if err != nil {
		return err
	}
	p, who := r.NewPage("board", nil), r.Who()
	at := sight{
		query: q, role: who.Role, scope: who.Scope, language: p.Language, years: fmt.Sprint(years),
		day: p.Today,
	}
	main, err := s.show(r.Context(), at, board, func() (shown, error) { return s.write(at, snap, board, years, p.Words) })
	if err != nil {
		return err
	}
	data := boardPage{Main: main.html, Answers: main.answers}
	if r.May(access.Administer) && !slices.ContainsFunc(snap.Targets, func(t target.Target) bool { return t.Year == q.Period.Year && t.Indicator.Index() == "" }) {
		data.Aimless = q.Period.Year
	}
	if data.Before, err = s.before(r, snap, q, board, p.Words); err != nil {
		return err
	}
	if q.AgencyID == 0 && q.FieldKey == "" && q.Channel == "" && q.Campaign == 0 && r.May(access.Administer) {
		if data.Publish, err = s.publishLink(r, q.Period); err != nil {
			return err
		}
	}
	p.Title, p.Data = main.title, data
	return r.Show(http.StatusOK, "desk/board", p)
}

// boardPage is a board with what only some may do about it.
type boardPage struct {
	Main    template.HTML
	Answers bool
	Before  *beforeView  // nil: no merger has to do with it
	Publish *publishView // nil: not the caller's to publish
	Aimless int          // the year, if it has no targets and the caller may enter them
}

// write writes the main part of the page for everybody who has a sight.
func (s *side) write(at sight, snap *registry.Snapshot, board *report.Board, years []int, words wording.Words) (shown, error) {
	v := view{board: board, query: at.query, sees: snap.For(access.Identity{Role: at.role, Scope: at.scope}), words: words, today: at.day, Printed: at.day[8:] + "/" + at.day[5:7] + "/" + at.day[:4]}
	if root, known := snap.Tree.Agency(snap.Tree.Root()); known {
		v.root = root.Code
	}
	v.choice = choices(words, v.sees, snap, years, at)
	if err := v.fill(); err != nil {
		return shown{}, err
	}
	html, err := s.k.RenderPart("desk/board", "main", httpd.Page{Words: words, Data: v})
	said := []string{v.Heading, v.Period}
	if v.Of != "" {
		said = []string{v.Heading, v.Of, v.Period}
	}
	return shown{title: strings.Join(append(said, v.Chosen...), " · "), answers: v.Answers, html: html}, err
}
