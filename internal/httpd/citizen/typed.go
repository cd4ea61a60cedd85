package citizen

import (
	"net/http"
	"net/url"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
)

// findForm is where a code typed by hand goes; without one it asks.
func (s *side) findForm(r *httpd.Request) error {
	typed := r.Query("code")
	switch {
	case typed == "":
		return s.showNoForm(r, fault.ErrNotFound)
	case r.Code == "":
		p := r.CitizenPage("", r.Printer().Language, s.k.Catalogues.Languages())
		p.Title, p.Data = p.T("no-form.wrong"), httpd.Cut(typed, 40)
		return r.Show(http.StatusNotFound, "citizen/no-form", p)
	}
	return leadToForm(r, r.Code)
}

// leadStray leads from what scanners, chats and people make of an address below
// /q/ to where it should be: capitals, slashes, an address in the address. What
// somebody sends there their browser sends again, so that no answer is lost.
func (s *side) leadStray(r *httpd.Request) error {
	path := "/" + strings.Trim(r.StrayPath(), "/")
	at := strings.LastIndex(strings.ToLower(path), "/q/")
	if at < 0 || !strings.EqualFold(path[:3], "/q/") || len(path) > maxStray {
		return fault.ErrNotFound
	}
	typed, receipt, thanks := strings.Cut(strings.Trim(path[at+3:], "/"), "/xong/")
	code := r.CodeIn(typed)
	if code == "" || strings.Contains(typed+receipt, "/") {
		return s.showNoForm(r, fault.ErrNotFound)
	}
	if thanks {
		r.LeadOn(code.Path() + "/xong/" + url.PathEscape(receipt))
		return nil
	}
	return leadToForm(r, code)
}

// maxStray is how long an address may be that is read with patience, in bytes.
const maxStray = 1024

func leadToForm(r *httpd.Request, code agency.Code) error {
	r.LeadOn(code.Path())
	return nil
}

// beginTrial leads whoever sets the province up to a form whose answer does not count.
func (s *side) beginTrial(r *httpd.Request) error {
	code, ok := r.BeginTrial(r.Param("trial"))
	if !ok {
		return fault.ErrNotFound
	}
	return leadToForm(r, code)
}

// letIn lets in who has an entry link and leads to the form, whose address
// opens nothing for anybody else.
func (s *side) letIn(r *httpd.Request) error {
	r.MarkEntry(r.Entry)
	return leadToForm(r, r.Entry.Point.Code)
}
