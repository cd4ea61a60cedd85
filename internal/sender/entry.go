package sender

import (
	"net/http"
	"strconv"
	"strings"

	"sipas/internal/agency"
)

const (
	// EntryCookie is, with the code of a service point behind it, the cookie
	// that says by which entry link a browser came to that service point's sheets. It holds the
	// number of the link, signed for that service point.
	EntryCookie = "sipas_vao_"
	// EntryAge is how long a browser keeps it, in seconds; whether the link
	// still holds is asked each time.
	EntryAge = 30 * 24 * 3600
)

// MarkEntry remembers in a browser that it came by an entry link.
func (s *Senders) MarkEntry(w http.ResponseWriter, code agency.Code, link int64) {
	id := strconv.FormatInt(link, 10)
	s.SetCookie(w, EntryCookie+string(code), id+"."+s.sign("entry", string(code)+" "+id), EntryAge)
}

// Entry is the number of the entry link by which a browser came to a service
// point.
func (s *Senders) Entry(r *http.Request, code agency.Code) (link int64, ok bool) {
	id, signature, found := strings.Cut(s.Cookie(r, EntryCookie+string(code)), ".")
	if !found || !s.signed("entry", string(code)+" "+id, signature) {
		return 0, false
	}
	link, err := strconv.ParseInt(id, 10, 64)
	return link, err == nil
}
