package sender

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"sipas/internal/agency"
)

const (
	// TrialCookie says which service point a browser is trying.
	TrialCookie = "sipas_thu"
	// TrialLasts is how long a link to try a service point holds: whoever prints it
	// keeps no answer from being counted for longer.
	TrialLasts = 15 * time.Minute
)

// trials know who tries a service point, so that the answer does not count.
type trials struct {
	signer cookies
	now    func() time.Time
}

// TrialToken is the token of a link by which a browser tries a service point.
func (s trials) TrialToken(code agency.Code) string {
	tried := string(code) + "." + strconv.FormatInt(s.now().Add(TrialLasts).Unix(), 10)
	return tried + "." + s.signer.sign("trial", tried)
}

// trial is the service point of a token that still holds.
func (s trials) trial(token string) (code agency.Code, ok bool) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || !s.signer.signed("trial", token[:at], token[at+1:]) {
		return "", false
	}
	tried, until, _ := strings.Cut(token[:at], ".")
	seconds, err := strconv.ParseInt(until, 10, 64)
	return agency.Code(tried), err == nil && s.now().Unix() < seconds
}

// BeginTrial remembers in a browser that it tries the service point of a token.
func (s trials) BeginTrial(w http.ResponseWriter, token string) (code agency.Code, ok bool) {
	if code, ok = s.trial(token); ok {
		s.signer.SetCookie(w, TrialCookie, token, int(TrialLasts/time.Second))
	}
	return code, ok
}

// Tries tells whether a browser tries a service point.
func (s trials) Tries(r *http.Request, code agency.Code) bool {
	tried, ok := s.trial(s.signer.Cookie(r, TrialCookie))
	return ok && tried == code
}

// EndTrial lets the next answer of a browser count.
func (s trials) EndTrial(w http.ResponseWriter) { s.signer.SetCookie(w, TrialCookie, "", -1) }
