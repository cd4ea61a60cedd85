package typing

import (
	"errors"
	"net/http"

	"sipas/internal/audit"
	"sipas/internal/fault"
	"sipas/internal/httpd"
)

// closePage says what closing a batch will do, or why it cannot be closed yet.
type closePage struct {
	named
	Sheets   int // that become answers
	Void     int
	Differs  bool     // there are not as many as were counted
	Blocked  []string // why it cannot be closed
	Problems []string
	Typed    int // sheets, of every time
}

func (s *side) askToClose(r *httpd.Request) error { return s.writeClosing(r, http.StatusOK, nil) }

func (s *side) writeClosing(r *httpd.Request, status int, problems []string) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	b := *r.Batch
	if b.Closed() {
		r.LeadTo(pathOf(b))
		return nil
	}
	sheets, err := s.k.Entries.Sheets(r.Context(), b)
	if err != nil {
		return err
	}
	p := r.NewPage("batch-close", nil)
	page := closePage{named: name(snap, p, b), Problems: problems, Typed: len(sheets)}
	seen := map[int]bool{}
	for _, sheet := range sheets {
		switch {
		case seen[sheet.Number]:
		case sheet.Void:
			page.Void++
		default:
			page.Sheets++
		}
		seen[sheet.Number] = true
	}
	page.Differs = len(seen) != b.Expected
	var invalid *fault.Invalid
	if err := b.Ready(snap, sheets, true); errors.As(err, &invalid) {
		page.Blocked = sentences(r, invalid.Problems)
	}
	p.Data = page
	return r.Show(status, "desk/batch-close", p)
}

func (s *side) close(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	_, err = s.k.Entries.Close(r.Context(), r.Author(audit.Web), snap, *r.Batch, fields.Get("fewer") == "1")
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		return s.writeClosing(r, http.StatusUnprocessableEntity, sentences(r, invalid.Problems))
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(pathOf(*r.Batch), "da", "batch-closed"))
	return nil
}

// drop forgets a batch, once somebody is sure.
func (s *side) drop(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	if fields.Get("sure") != "1" {
		return s.writeClosing(r, http.StatusUnprocessableEntity, []string{r.Printer().T("entry.sure")})
	}
	err = s.k.Entries.Drop(r.Context(), r.Author(audit.Web), snap, *r.Batch)
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		return s.writeClosing(r, http.StatusUnprocessableEntity, sentences(r, invalid.Problems))
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(listPath, "da", "batch-dropped"))
	return nil
}
