package sender

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"sync"
)

// cookies keep signed values in browsers.
type cookies struct {
	macs  *sync.Pool // of hash.Hash, with the secret: beginning with it costs as much as a signature
	https bool
}

func newCookies(secret []byte, https bool) cookies {
	return cookies{&sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }}, https}
}

// sign makes a short signature of a purpose and a value.
func sign(mac hash.Hash, purpose, value string) string {
	mac.Reset()
	mac.Write([]byte(purpose + "\x00" + value))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// signatureLength is that of the text sign makes.
const signatureLength = 22

func (c cookies) sign(purpose, value string) string {
	mac := c.macs.Get().(hash.Hash)
	defer c.macs.Put(mac)
	return sign(mac, purpose, value)
}

// signed tells in constant time whether a signature is ours.
func (c cookies) signed(purpose, value, signature string) bool {
	return hmac.Equal([]byte(signature), []byte(c.sign(purpose, value)))
}

// HTTPS says that citizens reach this server over TLS.
func (c cookies) HTTPS() bool { return c.https }

// cookieName is a name that, over TLS, no other site of the same domain and
// nobody on plain HTTP can set (RFC 6265bis, 4.1.3.2).
func (c cookies) cookieName(name string) string {
	if c.HTTPS() {
		return "__Host-" + name
	}
	return name
}

// SetCookie keeps a value in the browser for some seconds.
func (c cookies) SetCookie(w http.ResponseWriter, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{
		Name: c.cookieName(name), Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.HTTPS(),
	})
}

// Cookie reads what SetCookie kept, "" for nothing.
func (c cookies) Cookie(r *http.Request, name string) string {
	cookie, err := r.Cookie(c.cookieName(name))
	if err != nil {
		return ""
	}
	return cookie.Value
}
