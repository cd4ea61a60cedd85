// Package sender tells who sends a request, as far as the limits must know:
// which browser, which subscriber's network, and whose turn it is. Nothing of
// that is stored beside an answer, and the limiter gets signatures only.
package sender

import (
	"crypto/hmac"
	"crypto/sha256"

	"sipas/internal/limit"
)

// Rates are those of taking answers and of signing in.
type Rates struct {
	Device, Point, Address limit.Rate
	LoginName              limit.Rate // tries per login name and network address
	LoginAddress           limit.Rate // tries per network address
	LoginAnywhere          limit.Rate // tries per login name from all addresses
}

// Options of New; all are required.
type Options struct {
	Limiter limit.Limiter
	Rates   Rates
	// Secret signs device cookies and names of buckets; at least 32 bytes.
	Secret []byte
	// Secure keeps cookies from being sent over plain HTTP.
	Secure bool
}

// Senders knows senders apart. It is safe for concurrent use.
type Senders struct{ Options }

// New makes a Senders.
func New(o Options) *Senders { return &Senders{o} }

// sign makes a short signature of a purpose and a value.
func (s *Senders) sign(purpose, value string) []byte {
	mac := hmac.New(sha256.New, s.Secret)
	mac.Write([]byte(purpose + "\x00" + value))
	return mac.Sum(nil)[:16]
}
