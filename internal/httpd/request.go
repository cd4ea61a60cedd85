package httpd

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/message"
	"sipas/internal/registry"
)

// Request is one request under way: who asks, what for, and what the route is
// about, found already. A handler gets nothing else of it, so that it cannot
// read what the route does not declare, nor find anything by itself.
type Request struct {
	Found
	Reply
	Sender
	route Route
	known *known
	sent  *sent
}

// known is the snapshot that the whole request sees, with why there is none,
// and the form that was found before the route.
type known struct {
	snapshot *registry.Snapshot
	err      error
	typed    string
	form     *typedForm // nil until one is looked for
}

const keyRequestID = "request-id"

type knownKey struct{}

func (k *Kernel) request(c *gin.Context, route Route) *Request {
	r := &Request{route: route, Reply: Reply{k, c}, Sender: Sender{k.senders, c}}
	r.known, _ = c.Request.Context().Value(knownKey{}).(*known)
	return r
}

// Context ends when the reader goes away or the route's patience is over.
func (r *Request) Context() context.Context { return r.c.Request.Context() }

// Snapshot is what administrators keep, the same for the whole of a request.
func (r *Request) Snapshot() (*registry.Snapshot, error) {
	if r.known == nil {
		snap, err := r.k.Registry.Current(r.Context())
		r.known = &known{snapshot: snap, err: err}
	}
	return r.known.snapshot, r.known.err
}

// View is the part of a snapshot that the caller may see.
func (r *Request) View(snap *registry.Snapshot) registry.View { return snap.For(r.Who()) }

// settings are those of the deployment, as far as they are known.
func (r *Request) settings() registry.Settings {
	snap, err := r.Snapshot()
	if err != nil {
		r.k.Log.Warn("pages cannot say whose they are", "error", err)
		return registry.Settings{}
	}
	return snap.Settings
}

// Who is who asks; the zero Identity is nobody.
func (r *Request) Who() access.Identity {
	who, _ := r.k.Auth.Identify(r.c.Request)
	return who
}

// SignedIn tells whether it is known who asks.
func (r *Request) SignedIn() bool {
	_, known := r.k.Auth.Identify(r.c.Request)
	return known
}

// Author is who asks, as the audit log names them.
func (r *Request) Author(via string) audit.Author {
	who := r.Who()
	return audit.Author{UserID: who.UserID, Name: who.Name, Via: via}
}

// May tells whether the caller holds a permission.
func (r *Request) May(p access.Permission) bool { return r.Who().May(p) }

// Param is a part of the path that the route declares.
func (r *Request) Param(name string) string {
	r.declared(name)
	return r.c.Param(name)
}

// Query is a value of the address that the route declares, "" if it is not there.
func (r *Request) Query(name string) string {
	value, _ := r.Asked(name)
	return value
}

// Asked is Query that tells what is empty from what is not there.
func (r *Request) Asked(name string) (value string, given bool) {
	r.declared(name)
	return r.c.GetQuery(name)
}

// declared holds handlers to the table of routes.
func (r *Request) declared(name string) {
	if !r.route.reads(name) {
		panic(fmt.Sprintf("route %s %s reads %q, which it does not declare", r.route.Method, r.route.Path, name))
	}
}

// NothingElse refuses an address that says something else than the route
// declares, or something twice: a program that asks wrongly should not get
// figures of something it did not mean.
func (r *Request) NothingElse() error {
	given, err := url.ParseQuery(r.c.Request.URL.RawQuery)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrQuery, err)
	}
	for name, values := range given {
		if len(values) > 1 || name != languageQuery && !r.route.reads(name) {
			return fmt.Errorf("%.40q: %w", name, ErrQuery)
		}
	}
	return nil
}

// WantsJSON tells whether a page's script asks, and not the browser itself.
func (r *Request) WantsJSON() bool {
	return strings.Contains(r.c.GetHeader("Accept"), "application/json")
}

const (
	languageQuery  = "lang"
	languageCookie = "sipas_lang"
)

// AskedLanguage is the language that the address asks for, "" if it asks for none.
func (r *Request) AskedLanguage() string { return r.c.Query(languageQuery) }

// Printer picks the reader's language: the one asked for in the address, then
// the one chosen before, then Vietnamese. What a browser prefers says which
// language its maker had in mind; of a program it is a choice.
func (r *Request) Printer() message.Printer {
	all := r.k.Catalogues
	if tag := r.AskedLanguage(); all.Has(tag) {
		return all.For(tag)
	}
	if tag := r.k.senders.Cookie(r.c.Request, languageCookie); all.Has(tag) {
		return all.For(tag)
	}
	if r.api() {
		return all.For(all.Match(r.c.GetHeader("Accept-Language")))
	}
	return all.For(message.Default)
}

// address is what was asked for, without the server.
func (r *Request) address() string { return r.c.Request.URL.RequestURI() }

// id is what the log calls the request.
func (r *Request) id() string { return r.c.GetString(keyRequestID) }

func (r *Request) api() bool { return strings.HasPrefix(r.c.Request.URL.Path, "/api/") }

// Cut shortens what a person typed for showing it again.
func Cut(s string, runes int) string {
	for i := range s {
		if runes == 0 {
			return s[:i]
		}
		runes--
	}
	return s
}

// FormURL is the address of a service point's form, as printed and scanned.
func (k *Kernel) FormURL(code agency.Code) string { return k.PublicURL.String() + code.Path() }
