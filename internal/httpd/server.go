package httpd

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"sipas/internal/access"
	"sipas/internal/auth"
	"sipas/internal/forms"
	"sipas/internal/intake"
	"sipas/internal/limit"
	"sipas/internal/message"
	"sipas/internal/qr"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/sender"
	"sipas/web"
)

// Deps is everything the web needs; all fields are required unless noted.
type Deps struct {
	Registry *registry.Registry
	Intake   *intake.Intake
	Reports  *report.Reporter
	Auth     *auth.Auth
	Limiter  limit.Limiter
	Limits   sender.Rates
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

// Server answers HTTP requests.
type Server struct {
	Deps
	catalogues *message.Catalogues
	pages      *pages
	forms      forms.Kept
	assets     *assets
	images     *qr.Images
	engine     *gin.Engine // set by Handler
	senders    *sender.Senders
}

// New makes a server. It fails if a template or catalogue is broken.
func New(d Deps) (*Server, error) {
	locales, err := fs.Sub(web.Files, "locales")
	if err != nil {
		return nil, fmt.Errorf("httpd: %w", err)
	}
	s := &Server{Deps: d, images: qr.NewImages(imageBytes)}
	s.senders = sender.New(sender.Options{
		Limiter: d.Limiter, Rates: d.Limits, Secret: d.Secret, PublicURL: d.PublicURL, Configured: d.PublicURLSet,
		Proxies: d.TrustedProxies, Log: d.Log, Now: d.Now, Refused: d.Limited,
	})
	if s.catalogues, err = message.Load(locales); err != nil {
		return nil, fmt.Errorf("httpd: %w", err)
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, fmt.Errorf("httpd: %w", err)
	}
	if s.pages, err = loadPages(s.assets); err != nil {
		return nil, fmt.Errorf("httpd: %w", err)
	}
	return s, nil
}

// Handler builds the chain that answers every request.
func (s *Server) Handler() (http.Handler, error) {
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
	engine.Use(s.observe, s.recover, s.securityHeaders, limitBody, s.turnAway)
	for _, r := range s.routes() {
		engine.Handle(r.method, r.path, s.serve(r))
		if r.method == http.MethodGet { // net/http leaves the body out
			engine.HEAD(r.path, s.serve(r))
		}
	}
	engine.NoRoute(s.serve(route{permission: access.Public, handle: s.handleFormStray}))
	engine.NoMethod(s.serve(route{permission: access.Public, handle: s.handleMethodNotAllowed}))

	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(512))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	s.engine = engine
	withSession := s.Auth.Middleware(engine)
	return compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Who is signed in is not looked up beside a citizen's answer: such a
		// page knows of no account. The sheets of staff do.
		if below, found := strings.CutPrefix(r.URL.Path, "/q/"); found {
			code, _, _ := strings.Cut(below, "/")
			if form, err := s.Intake.Form(r.Context(), code); err == nil && !form.Point.Channel.Staffed() {
				engine.ServeHTTP(w, r)
				return
			}
		}
		withSession.ServeHTTP(w, r)
	})), nil
}
