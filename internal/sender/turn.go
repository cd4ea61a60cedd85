package sender

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"

	"sipas/internal/limit"
	"sipas/internal/survey"
)

// TakeTurn asks the limits of one service point for leave to send an answer.
// Whichever way an answer comes, it takes from the same buckets. Everybody in
// a hall shares one network address, so that comes last, as a high ceiling.
func (s *Senders) TakeTurn(r *http.Request, address string, code survey.Code) error {
	buckets := make([]limit.Bucket, 0, 3)
	if id, ok := s.device(r); ok {
		buckets = append(buckets, limit.Bucket{Name: "device:" + id, Rate: s.Rates.Device})
	}
	buckets = append(buckets, limit.Bucket{Name: "point", Rate: s.Rates.Point})
	if network, ok := networkOf(address); ok {
		// The limiter may be another machine's memory: the address itself
		// does not leave this one.
		name := base64.RawURLEncoding.EncodeToString(s.sign("address", network))
		buckets = append(buckets, limit.Bucket{Name: "address:" + name, Rate: s.Rates.Address})
	}
	return s.Limiter.Take(r.Context(), string(code), buckets...)
}

// TakeLogin counts a try: for the login from the sender's network, for that
// network, and for the login from anywhere, which is a high ceiling, as anybody
// could use it up to keep a person out. What the limiter keeps are hashes.
func (s *Senders) TakeLogin(r *http.Request, address, login string) error {
	bucket := func(kind, value string, rate limit.Rate) limit.Bucket {
		return limit.Bucket{Name: kind + ":" + hex.EncodeToString(s.sign("login-"+kind, value)), Rate: rate}
	}
	name := strings.ToLower(strings.TrimSpace(login))
	network, _ := networkOf(address)
	return s.Limiter.Take(r.Context(), "login",
		bucket("name", name+" "+network, s.Rates.LoginName),
		bucket("address", network, s.Rates.LoginAddress),
		bucket("anywhere", name, s.Rates.LoginAnywhere))
}
