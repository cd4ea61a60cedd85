package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"sipas/internal/arrival"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/config"
	"sipas/internal/entry"
	"sipas/internal/httpd"
	"sipas/internal/httpd/admin"
	"sipas/internal/httpd/board"
	"sipas/internal/httpd/campaigns"
	"sipas/internal/httpd/caseload"
	"sipas/internal/httpd/citizen"
	"sipas/internal/httpd/counter"
	"sipas/internal/httpd/designer"
	"sipas/internal/httpd/exchange"
	"sipas/internal/httpd/lists"
	"sipas/internal/httpd/official"
	"sipas/internal/httpd/province"
	"sipas/internal/httpd/reforms"
	"sipas/internal/httpd/roster"
	"sipas/internal/httpd/search"
	"sipas/internal/httpd/setup"
	"sipas/internal/httpd/sheets"
	studios "sipas/internal/httpd/studio"
	"sipas/internal/httpd/translations"
	"sipas/internal/httpd/typing"
	"sipas/internal/intake"
	"sipas/internal/jobs"
	"sipas/internal/limit"
	"sipas/internal/poster"
	"sipas/internal/publication"
	"sipas/internal/published"
	"sipas/internal/reform"
	"sipas/internal/report"
	"sipas/internal/sender"
	"sipas/internal/studio"
	"sipas/internal/typeset"
	"sipas/surveys"
)

// App is the assembled product.
type App struct {
	Database
	Intake  *intake.Intake
	Reports *report.Reporter
	Auth    *auth.Auth
	Posters *poster.Orders
	Entries *entry.Book

	cfg     config.Config
	log     *slog.Logger
	jobs    *jobs.Runner
	limiter limit.Limiter
	metrics *metrics
	handler http.Handler
}

// Options are what only some starts need.
type Options struct {
	Version string
	// Demo are the accounts that the login page shows; nil outside the demo.
	Demo []httpd.DemoAccount
}

// Open assembles the product. Nothing listens yet. A database that is a file is
// this process's alone until Close; db.ErrInUse: another serves it.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger, o Options) (*App, error) {
	d, err := OpenDatabase(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	if err := d.Claim(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	a, err := assemble(cfg, log, d, o)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

func assemble(cfg config.Config, log *slog.Logger, d Database, o Options) (*App, error) {
	// A broken survey file should be seen now, not on the day somebody
	// publishes it.
	if _, err := surveys.BuiltIn(); err != nil {
		return nil, fmt.Errorf("built-in surveys: %w", err)
	}
	now := time.Now
	zone, err := cfg.Location()
	if err != nil {
		return nil, fmt.Errorf("time zone: %w", err)
	}
	public, err := url.Parse(cfg.BaseURL())
	if err != nil {
		return nil, fmt.Errorf("public URL: %w", err)
	}
	secret, err := cfg.Key()
	if err != nil {
		return nil, err
	}
	proxies, err := cfg.Proxies()
	if err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	limits, err := limitsOf(cfg)
	if err != nil {
		return nil, err
	}
	a := &App{Database: d, cfg: cfg, log: log}
	var fallback *limit.Fallback
	if a.limiter, fallback, err = openLimiter(cfg, log, now); err != nil {
		return nil, err
	}
	a.Intake = intake.New(d.Registry, d.Store, intake.Options{Now: now, Zone: zone, Log: log, Duty: d.Duty})
	a.Entries = entry.New(d.DB, d.Store, a.Intake, entry.Options{Now: now, Zone: zone, Log: log})
	a.Reports = report.New(d.Store, report.Options{Now: now, Zone: zone})
	var kernel *httpd.Kernel
	a.Auth = auth.New(d.DB, auth.Options{
		Now: now, SecureCookies: public.Scheme == "https",
		Failed: func(w http.ResponseWriter, r *http.Request, err error) { kernel.Refuse(w, r, err) },
	})
	fonts := typeset.In(cfg.Fonts...)
	a.Posters = poster.NewOrders(d.DB, d.Registry, public.String(), fonts, now)
	if a.jobs, err = jobs.New(d.DB, jobs.Options{Log: log, Now: now}, a.handlers()...); err != nil {
		return nil, err
	}
	a.metrics = newMetrics(a.Intake, fallback, o.Version)
	a.metrics.watchJobs(d.DB)
	kernel, err = httpd.New(httpd.Deps{
		Registry: d.Registry, Intake: a.Intake, Reports: a.Reports, Publisher: publication.New(d.DB, a.Reports, now), Published: published.New(d.DB, now), Auth: a.Auth, Audit: audit.New(d.DB), Procedures: d.Procedures, Arrivals: arrival.New(d.DB, now, zone), Posters: a.Posters, Duty: d.Duty, Entries: a.Entries, Studio: studio.New(d.DB, d.Registry, now), Limiter: a.limiter, Limits: limits,
		PublicURL: public, PublicURLSet: cfg.PublicURL != "", Secret: secret, TrustedProxies: proxies, Log: log, Now: now, Zone: zone, Fonts: fonts,
		Metrics: a.metrics.handler(), MetricsToken: cfg.MetricsToken, Demo: o.Demo, Observe: a.metrics.observe,
		Limited: a.metrics.limited,
	})
	if err != nil {
		return nil, err
	}
	made := reform.New(d.DB, d.Registry, a.Auth, reform.Options{Now: now, Zone: zone})
	a.handler, err = kernel.Handler(citizen.Routes(kernel), board.Routes(kernel), campaigns.Routes(kernel), province.Routes(kernel, made), caseload.Routes(kernel), counter.Routes(kernel), official.Routes(kernel), roster.Routes(kernel), studios.Routes(kernel), designer.Routes(kernel), translations.Routes(kernel), exchange.Routes(kernel), lists.Routes(kernel), search.Routes(kernel), setup.Routes(kernel), typing.Routes(kernel), sheets.Routes(kernel), reforms.Routes(kernel, made), admin.Routes(kernel))
	return a, err
}

// limitsOf reads the rates; those of signing in are fixed.
func limitsOf(cfg config.Config) (sender.Rates, error) {
	l := sender.Rates{SignIn: sender.ShippedSignIn()}
	for _, r := range []struct {
		into *limit.Rate
		text string
	}{
		{&l.Device, cfg.LimitDevice}, {&l.Kiosk, cfg.LimitKiosk}, {&l.NewDevices, cfg.LimitNewDevices},
		{&l.NoCookie, cfg.LimitNoCookie}, {&l.Address, cfg.LimitAddress}, {&l.Point, cfg.LimitPoint},
	} {
		var err error
		if *r.into, err = limit.ParseRate(r.text); err != nil {
			return sender.Rates{}, err
		}
	}
	return l, nil
}

func openLimiter(cfg config.Config, log *slog.Logger, now func() time.Time) (limit.Limiter, *limit.Fallback, error) {
	memory := limit.NewMemory(now)
	if cfg.RedisURL == "" {
		return memory, nil, nil
	}
	shared, err := limit.NewRedis(cfg.RedisURL)
	if err != nil {
		return nil, nil, err
	}
	f := limit.NewFallback(shared, memory, cfg.Instances, log, now)
	return f, f, nil
}

// Serve answers requests on a listener until ctx ends, then stops taking new
// ones, finishes those under way and commits every answer that waits.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	people := newCrowd(l, mostConnections(descriptors()), a.log, time.Now)
	a.metrics.watch(people)
	server := &http.Server{
		Handler:           a.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      60 * time.Second, // a PDF with every poster of a province
		IdleTimeout:       75 * time.Second, // longer than proxies keep theirs, or they would send into a closed one
		ConnState:         people.follow,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	servers := []*http.Server{server}
	failed := make(chan error, 2)
	if a.cfg.MetricsAddr != "" {
		private := &http.Server{Addr: a.cfg.MetricsAddr, Handler: a.metrics.handler(), ReadHeaderTimeout: 5 * time.Second}
		servers = append(servers, private)
		go func() { failed <- private.ListenAndServe() }()
	}
	go func() { failed <- server.Serve(people) }()
	a.jobs.Start(ctx)

	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		a.log.Info("shutting down: finishing requests under way")
	}
	timeout, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.ShutdownTimeout)
	defer cancel()
	for _, s := range servers {
		err = errors.Join(err, a.overdue(s.Shutdown(timeout), "requests did not finish"))
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// Close commits every answer that waits, ends the jobs that run or gives them
// back, and closes all connections.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), a.cfg.ShutdownTimeout)
	defer cancel()
	saved := a.overdue(a.Intake.Close(ctx), "answers without a receipt yet could not be saved")
	ended := a.overdue(a.jobs.Close(ctx), "jobs did not stop")
	return errors.Join(saved, ended, a.limiter.Close(), a.Database.Close())
}

// FirstToken is the token of a link to the first account, "" if there is one. It is of
// the secret that all instances share.
func (a *App) FirstToken(ctx context.Context) (string, error) {
	some, err := a.Auth.Some(ctx)
	if err != nil || some {
		return "", err
	}
	secret, err := a.cfg.Key()
	if err != nil {
		return "", err
	}
	return auth.FirstToken(secret, time.Now()), nil
}

// overdue says in words that something took longer than a shutdown may.
func (a *App) overdue(err error, what string) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("shutdown: %s within %s (SIPAS_SHUTDOWN_TIMEOUT)", what, a.cfg.ShutdownTimeout)
	}
	return err
}
