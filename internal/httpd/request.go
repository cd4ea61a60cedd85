package httpd

import (
	"context"
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/message"
	"sipas/internal/registry"
	"sipas/internal/studio"
)

// Request is one request under way: who asks, what for, and what the route is
// about, found already. A handler gets nothing else of it, so that it cannot
// read what the route does not declare, nor find anything by itself.
type Request struct {
	Found
	Caller
	Address
	Sent
	Sender
	Reply
	x *exchange
}

// exchange is a request and its answer, as the parts of Request share them.
type exchange struct {
	k     *Kernel
	c     *gin.Context
	route *Route
	ctx   context.Context // ends when the route's patience is over
	known *known          // nil until it is asked for
}

// known is the snapshot that the whole request sees, with why there is none,
// and the form that was found last.
type known struct {
	snapshot *registry.Snapshot
	err      error
	typed    string
	form     *typedForm // nil until one is looked for
}

// requestID is the header that says what the log calls the request.
const requestID = "X-Request-Id"

type knownKey struct{}

func (k *Kernel) request(c *gin.Context, route *Route) *Request {
	x := &exchange{k: k, c: c, route: route, ctx: c.Request.Context()}
	x.known, _ = c.Request.Context().Value(knownKey{}).(*known)
	return &Request{Caller: Caller{x}, Address: Address{x}, Sent: Sent{x: x}, Sender: Sender{x}, Reply: Reply{x}, x: x}
}

func (x *exchange) snapshot() (*registry.Snapshot, error) {
	if x.known == nil {
		snap, err := x.k.Registry.Current(x.ctx)
		x.known = &known{snapshot: snap, err: err}
	}
	return x.known.snapshot, x.known.err
}

// settings are those of the deployment, as far as they are known.
func (x *exchange) settings() registry.Settings {
	snap, err := x.snapshot()
	if err != nil {
		x.k.Log.Warn("pages cannot say whose they are", "error", err)
		return registry.Settings{}
	}
	return snap.Settings
}

// declared holds handlers to the table of routes.
func (x *exchange) declared(name string) string {
	if !x.route.reads(name) {
		panic(fmt.Sprintf("route %s %s reads %q, which it does not declare", x.route.Method, x.route.Path, name))
	}
	return name
}

// address is what was asked for, without the server.
func (x *exchange) address() string { return x.c.Request.URL.RequestURI() }

// id is what the log calls the request.
func (x *exchange) id() string { return x.c.Writer.Header().Get(requestID) }

// api tells whether the route is one for programs.
func (x *exchange) api() bool { return strings.HasPrefix(x.c.Request.URL.Path, "/api/") }

const (
	languageQuery  = "lang"
	languageCookie = "sipas_lang"
)

// askedLanguage is the language that the address asks for, "" for none.
func (x *exchange) askedLanguage() string { return x.c.Query(languageQuery) }

// printer picks the reader's language: the one asked for in the address, then
// the one chosen before, then Vietnamese. What a browser prefers says which
// language its maker had in mind; of a program it is a choice.
func (x *exchange) printer() message.Printer {
	all := x.k.Catalogues
	if tag := x.askedLanguage(); all.Has(tag) {
		return all.For(tag)
	}
	if tag := x.k.senders.Cookie(x.c.Request, languageCookie); all.Has(tag) {
		return all.For(tag)
	}
	if x.api() {
		return all.For(all.Match(x.c.GetHeader("Accept-Language")))
	}
	return all.For(message.Default)
}

// Context ends when the reader goes away or the route's patience is over.
func (r *Request) Context() context.Context { return r.x.ctx }

// Snapshot is what administrators keep, the same for the whole of a request.
func (r *Request) Snapshot() (*registry.Snapshot, error) { return r.x.snapshot() }

// Done is what was done just before a page is shown, as the key `done.<key>` of the
// sentence that says so; "" for nothing. An address cannot make a page say anything
// that is no such sentence.
func (r *Request) Done() string {
	key := r.Query("da")
	if key == "" || !r.Printer().Has("done."+key) {
		return ""
	}
	return key
}

// Change makes a change of the caller's.
func (r *Request) Change(f func(c *registry.Change) error) error {
	return r.x.k.Registry.Change(r.Context(), r.Author(audit.Web), f)
}

// Caller is who asks.
type Caller struct{ x *exchange }

// Who is who asks; the zero Identity is nobody.
func (a Caller) Who() access.Identity {
	who, _ := a.x.k.Auth.Identify(a.x.c.Request)
	return who
}

// SignedIn tells whether it is known who asks.
func (a Caller) SignedIn() bool {
	_, known := a.x.k.Auth.Identify(a.x.c.Request)
	return known
}

// May tells whether the caller holds a permission.
func (a Caller) May(p access.Permission) bool { return a.Who().May(p) }

// View is the part of a snapshot that the caller may see.
func (a Caller) View(snap *registry.Snapshot) registry.View { return snap.For(a.Who()) }

// Editor is the caller as the operations of drafts know them.
func (a Caller) Editor() studio.Author {
	who := a.Who()
	return studio.Author{UserID: who.UserID, Name: who.Name}
}

// Author is the caller as the audit log names them.
func (a Caller) Author(via string) audit.Author {
	who := a.Who()
	return audit.Author{UserID: who.UserID, Name: who.Name, Via: via}
}
