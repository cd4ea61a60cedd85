package sender

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Headers of a probe: the operator's own program asks the public address how
// its requests arrive. Nobody else is told.
const (
	probeHeader = "Sipas-Probe"  // seconds since 1970, and their signature
	hostHeader  = "Sipas-Host"   // what the server read as Host
	routeHeader = "Sipas-Sender" // a route
)

// probeAge is how old a probe may be, or how far clocks may differ.
const probeAge = 2 * time.Minute

// Probe signs a request to the server that has the same secret.
func Probe(r *http.Request, secret []byte, now time.Time) {
	at := strconv.FormatInt(now.Unix(), 10)
	r.Header.Set(probeHeader, at+"."+sign(hmac.New(sha256.New, secret), "probe", at))
}

// AnswerProbe says how a signed request arrived, in headers of the answer.
func (s *Senders) AnswerProbe(w http.ResponseWriter, r *http.Request) {
	at, signature, _ := strings.Cut(r.Header.Get(probeHeader), ".")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || !s.signed("probe", at, signature) || s.Now().Sub(time.Unix(seconds, 0)).Abs() > probeAge {
		return
	}
	_, how := s.address(r)
	w.Header().Set(hostHeader, cut(r.Host, 200))
	w.Header().Set(routeHeader, string(how))
}

// ProbeProblem reads the answer to a probe of the public address: nil if
// requests arrive as they should.
func ProbeProblem(h http.Header, public *url.URL) error {
	host := h.Get(hostHeader)
	if host == "" {
		return errors.New("who answers there is not a server with this secret: use the settings of the server, or look where the address leads")
	}
	var found []error
	if !sameHost(host, public) {
		found = append(found, fmt.Errorf("requests to %s arrive with the Host %q: let the proxy pass the Host as it came (nginx: proxy_set_header Host $http_host)", public, host))
	}
	switch how := route(h.Get(routeHeader)); how {
	case unreadable:
		found = append(found, errors.New("a trusted proxy does not say who sends a request: let it set X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For $remote_addr)"))
	case untrusted:
		found = append(found, errors.New("X-Forwarded-For is not believed, so that everybody is limited as one: name the network of the proxy in SIPAS_TRUSTED_PROXIES"))
	case direct, forwarded:
	}
	return errors.Join(found...)
}
