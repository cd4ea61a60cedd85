package httpd

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/arrival"
	"sipas/internal/asset"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/duty"
	"sipas/internal/entry"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/limit"
	"sipas/internal/message"
	"sipas/internal/pages"
	"sipas/internal/poster"
	"sipas/internal/procedure"
	"sipas/internal/publication"
	"sipas/internal/published"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/sender"
	"sipas/internal/studio"
	"sipas/internal/typeset"
	"sipas/web"
)

// Deps is everything the web needs; all fields are required unless noted.
type Deps struct {
	Registry  *registry.Registry
	Intake    *intake.Intake
	Reports   *report.Reporter
	Publisher *publication.Publisher
	Published *published.Book
	Auth      *auth.Auth
	Audit     *audit.Log
	Arrivals  *arrival.Reader
	Posters   *poster.Orders
	Duty      *duty.Board
	Studio    *studio.Studio
	Entries   *entry.Book
	Limiter   limit.Limiter
	Limits    sender.Rates
	// Procedures is read on demand: no snapshot holds it.
	Procedures *procedure.Catalogue
	// PublicURL is what QR codes point to, without a trailing slash.
	PublicURL *url.URL
	// PublicURLSet says that somebody set it; otherwise it is a guess.
	PublicURLSet bool
	// Secret signs cookies; at least 32 bytes.
	Secret []byte
	// TrustedProxies are the networks whose X-Forwarded-For is believed;
	// none by default.
	TrustedProxies []netip.Prefix
	Log            *slog.Logger
	Now            func() time.Time
	Zone           *time.Location
	// Fonts are those that PDFs are set in beside the program's own; nil for none.
	Fonts *typeset.Fonts
	// Metrics serves GET /metrics to bearers of MetricsToken; without a token
	// the path does not exist.
	Metrics      http.Handler
	MetricsToken string
	// Demo shows the accounts of the demo on the login page; empty elsewhere.
	Demo []DemoAccount
	// Observe is told of every answered request; for metrics.
	Observe func(route string, status int, took time.Duration)
	// Limited is told which kind of limit refused somebody; for metrics.
	Limited func(kind string)
}

// DemoAccount is an account that the login page of the demo offers.
type DemoAccount struct{ Login, Password, Label string }

// Kernel answers HTTP requests by the routes that audiences hand it.
type Kernel struct {
	Deps
	Catalogues *message.Catalogues
	pages      *pages.Pages
	assets     *asset.Assets
	senders    *sender.Senders
	whole      sync.Pool   // of *bytes.Buffer, in which pages are put together
	engine     *gin.Engine // set by Handler
	routes     []Route     // set by Handler
}

// New makes a kernel. It fails if a template or catalogue is broken.
func New(d Deps) (*Kernel, error) {
	locales, err := fs.Sub(web.Files, "locales")
	if err != nil {
		return nil, fmt.Errorf("httpd: %w", err)
	}
	k := &Kernel{Deps: d, whole: sync.Pool{New: func() any { return &bytes.Buffer{} }}}
	k.senders = sender.New(sender.Options{
		Limiter: d.Limiter, Rates: d.Limits, Secret: d.Secret, PublicURL: d.PublicURL, Configured: d.PublicURLSet,
		Proxies: d.TrustedProxies, Log: d.Log, Now: d.Now, Refused: d.Limited,
	})
	if k.Catalogues, err = message.Load(locales); err != nil {
		return nil, fmt.Errorf("httpd: %w", err)
	}
	if k.assets, err = asset.Load(); err != nil {
		return nil, fmt.Errorf("httpd: %w", err)
	}
	if k.pages, err = loadPages(k.assets); err != nil {
		return nil, fmt.Errorf("httpd: %w", err)
	}
	return k, nil
}

// Handler builds the chain that answers every request, with the kernel's own
// routes beside those of the audiences. A table with a fault does not start.
func (k *Kernel) Handler(audiences ...[]Route) (http.Handler, error) {
	k.routes = slices.Concat(append(audiences, k.own())...)
	if err := check(k.routes); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.RedirectFixedPath = false
	// Who sends is for package sender to say: gin would believe every
	// forwarding header by default.
	if err := engine.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	engine.Use(k.observe, k.recover, k.securityHeaders(), k.turnAway)
	stray := Route{Permission: access.Public, Handle: func(*Request) error { return fault.ErrNotFound }}
	for _, r := range k.routes {
		if r.Path == Stray {
			stray = r
			continue
		}
		engine.Handle(r.Method, r.Path, k.serve(r))
		if r.Method == http.MethodGet { // net/http leaves the body out
			engine.HEAD(r.Path, k.serve(r))
		}
	}
	engine.NoRoute(k.serve(stray))
	engine.NoMethod(k.serve(Route{Permission: access.Public, Handle: func(*Request) error { return errMethod }}))
	k.engine = engine

	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(512))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return compress(k.withSession(engine)), nil
}

// Routes is the whole surface of the product, once Handler has built it.
func (k *Kernel) Routes() []Route { return slices.Clone(k.routes) }

// own are the routes of the kernel itself.
func (k *Kernel) own() []Route {
	nothing := []About{{Is: Nothing}}
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/openapi.json", Permission: access.Public, About: nothing, Handle: showOpenAPI},
		{Method: http.MethodGet, Path: "/healthz", Permission: access.Public, About: nothing, Handle: k.showHealth},
		{Method: http.MethodGet, Path: "/readyz", Permission: access.Public, About: nothing, Handle: k.showReady},
		{Method: http.MethodGet, Path: "/metrics", Permission: access.Public, About: nothing, Handle: k.showMetrics}, // asks for its own token
		{Method: http.MethodGet, Path: "/static/:name", Permission: access.Public, About: nothing, Asks: []string{"name"}, Handle: k.showAsset},
	}
}

// withSession finds out who asks before the routes do. Who is signed in is not
// looked up beside a citizen's answer: such a page knows of no account. The
// sheets of staff do. What was found of the form stays with the request.
func (k *Kernel) withSession(routes http.Handler) http.Handler {
	signed, forms := k.Auth.Middleware(routes), k.forms()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, prefix := range forms {
			below, found := strings.CutPrefix(r.URL.Path, prefix)
			if !found {
				continue
			}
			code, _, _ := strings.Cut(below, "/")
			snap, err := k.Registry.Current(r.Context())
			t := readTyped(r.Context(), k.Intake, snap, err, code)
			r = r.WithContext(context.WithValue(r.Context(), knownKey{}, &known{snap, err, code, &t}))
			if t.err == nil && !t.form.Point.Channel.Staffed() {
				routes.ServeHTTP(w, r)
				return
			}
		}
		signed.ServeHTTP(w, r)
	})
}

// forms is what the paths of citizens' forms begin with.
func (k *Kernel) forms() (prefixes []string) {
	for _, r := range k.routes {
		for _, a := range r.About {
			if a.Is != FormOrReason || a.In != Path {
				continue
			}
			if prefix, _, _ := strings.Cut(r.Path, ":"+a.Name); !slices.Contains(prefixes, prefix) {
				prefixes = append(prefixes, prefix)
			}
		}
	}
	return prefixes
}

// FormURL is the address of a service point's form, as printed and scanned.
func (k *Kernel) FormURL(code agency.Code) string { return k.PublicURL.String() + code.Path() }
