package sender

import (
	"crypto/rand"
	"net/http"
	"strings"
)

const (
	// DeviceCookie holds a random number that tells one browser from another
	// for the limits, and is used for nothing else.
	DeviceCookie = "sipas_d"
	// DeviceAge is how long a browser keeps it, in seconds.
	DeviceAge = 30 * 24 * 3600
)

// device reads the number of the asking browser. A cookie that we did not sign
// counts as none, or a program could make a new device of every request.
func (s *Senders) device(r *http.Request) (id string, ok bool) {
	id, signature, found := strings.Cut(s.Cookie(r, DeviceCookie), ".")
	if !found || !s.signed("device", id, signature) {
		return "", false
	}
	return id, true
}

// MarkDevice gives a browser its number, unless it has one.
func (s *Senders) MarkDevice(w http.ResponseWriter, r *http.Request) {
	if _, known := s.device(r); known {
		return
	}
	id := rand.Text()
	s.SetCookie(w, DeviceCookie, id+"."+s.sign("device", id), DeviceAge)
}
