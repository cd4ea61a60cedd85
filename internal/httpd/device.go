package httpd

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/limit"
	"sipas/internal/survey"
)

const (
	// deviceCookie holds a random number that tells one browser from another
	// for the limits, and is used for nothing else.
	deviceCookie = "sipas_d"
	deviceAge    = 30 * 24 * 3600 // seconds
)

// device reads the number of the asking browser. A cookie that we did not sign
// counts as none, or a program could make a new device of every request.
func (s *Server) device(r *http.Request) (id string, ok bool) {
	cookie, err := r.Cookie(deviceCookie)
	if err != nil {
		return "", false
	}
	id, signature, found := strings.Cut(cookie.Value, ".")
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if !found || err != nil || !hmac.Equal(given, s.sign("device", id)) {
		return "", false
	}
	return id, true
}

// markDevice gives a browser its number, unless it has one.
func (s *Server) markDevice(c *gin.Context) {
	if _, known := s.device(c.Request); known {
		return
	}
	id := rand.Text()
	http.SetCookie(c.Writer, &http.Cookie{
		Name: deviceCookie, Value: id + "." + base64.RawURLEncoding.EncodeToString(s.sign("device", id)),
		Path: "/", MaxAge: deviceAge, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: s.PublicURL.Scheme == "https",
	})
}

// takeTurn asks the limits of one service point for leave to send an answer.
// Whichever way an answer comes, it takes from the same buckets. Everybody in
// a hall shares one network address, so that comes last, as a high ceiling.
func (s *Server) takeTurn(c *gin.Context, code survey.Code) error {
	buckets := make([]limit.Bucket, 0, 3)
	if id, ok := s.device(c.Request); ok {
		buckets = append(buckets, limit.Bucket{Name: "device:" + id, Rate: s.Limits.Device})
	}
	buckets = append(buckets, limit.Bucket{Name: "point", Rate: s.Limits.Point})
	if network, ok := networkOf(c.ClientIP()); ok {
		// The limiter may be another machine's memory: the address itself
		// does not leave this one.
		name := base64.RawURLEncoding.EncodeToString(s.sign("address", network))
		buckets = append(buckets, limit.Bucket{Name: "address:" + name, Rate: s.Limits.Address})
	}
	return s.Limiter.Take(c.Request.Context(), string(code), buckets...)
}

// networkOf is what one subscriber has: an IPv4 address, or a /64 of IPv6, of
// which a device may use every address.
func networkOf(address string) (string, bool) {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "", false
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String(), true
	}
	return netip.PrefixFrom(ip, 64).Masked().String(), true
}
