package app

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/jobs"
	"sipas/internal/retention"
)

// handlers do the jobs of the product.
func (a *App) handlers() []jobs.Handler {
	return append(a.Posters.Handlers(), []jobs.Handler{
		jobs.Every("sweep-sessions", 10*time.Minute, func(ctx context.Context, _ *jobs.Claimed) error {
			_, err := a.Auth.SweepSessions(ctx)
			return err
		}),
		jobs.Every("verify-audit", 24*time.Hour, a.verifyAudit()),
		jobs.Every("forget-texts", 24*time.Hour, a.forgetTexts),
		jobs.Every("forget-sheets", 24*time.Hour, func(ctx context.Context, _ *jobs.Claimed) error {
			n, err := a.Entries.ForgetSheets(ctx)
			if n > 0 {
				a.log.Info("which answers sheets became was forgotten after its time", "sheets", n)
			}
			return err
		}),
		jobs.Every("close-half-months", time.Hour, a.closeHalfMonths),
		// Also where groups are shown at once: k may be less than it was, and a
		// deployment may have shown once a day before.
		jobs.Every("show-groups", 24*time.Hour, func(ctx context.Context, _ *jobs.Claimed) error {
			if _, err := a.Registry.Current(ctx); err != nil { // which says what k is
				return err
			}
			return a.Store.Show(ctx, a.HalfMonth(time.Now()))
		}),
	}...)
}

// closeHalfMonths puts together what waits in half months that are over: an hour
// after the end of each at the latest, and again after answers that came late. It
// stores what boards are made of, so that a restart need not read it again.
func (a *App) closeHalfMonths(ctx context.Context, _ *jobs.Claimed) error {
	closing, err := a.Closing(ctx, time.Now())
	if err != nil {
		return err
	}
	closed, err := a.Store.Close(ctx, closing)
	if n := len(closed.HalfMonths); n > 0 {
		a.log.Info("half months that are over were closed", "half_months", n, "from", closed.HalfMonths[0].From(),
			"last", closed.HalfMonths[n-1].From(), "rows", closed.Rows)
	}
	if err != nil {
		return err
	}
	snap, err := a.Registry.Current(ctx)
	if err != nil {
		return err
	}
	if n, err := a.Reports.Store(ctx, snap, closing.Now); err != nil || n > 0 {
		a.log.Info("sheets of half months were stored", "sheets", n)
		return err
	}
	return nil
}

// forgetTexts removes the free texts that are older than the province keeps them.
func (a *App) forgetTexts(ctx context.Context, _ *jobs.Claimed) error {
	snap, err := a.Registry.Current(ctx)
	if err != nil {
		return err
	}
	before, some := snap.Settings.TextsBefore(time.Now().In(a.zone).Format(time.DateOnly))
	if !some {
		return nil
	}
	n, err := retention.ForgetTexts(ctx, a.DB, audit.Author{Name: "sipas serve", Via: audit.Program}, time.Now(), before)
	if n > 0 {
		a.log.Info("free texts were removed after their time", "texts", n, "before", before)
	}
	return err
}

// verifyAudit goes over the audit and writes its seal into the log, which may be
// kept where the database's administrators cannot write. It remembers the last
// seal: an audit that is made anew while the server runs is found.
func (a *App) verifyAudit() jobs.Work {
	var noted atomic.Pointer[audit.Seal]
	noted.Store(&audit.Seal{})
	return func(ctx context.Context, _ *jobs.Claimed) error {
		seal, err := audit.New(a.DB).Verify(ctx, *noted.Load())
		if err != nil {
			return err
		}
		noted.Store(&seal)
		a.log.Info("every entry of the audit is as it was written", "seal", seal.String())
		return nil
	}
}

// jobFigures are counted when somebody asks for the metrics.
type jobFigures struct{ db *db.DB }

func (m *metrics) watchJobs(d *db.DB) { m.registry.MustRegister(jobFigures{d}) }

var (
	jobsByState = prometheus.NewDesc("sipas_jobs", "Jobs by state; failed ones were given up.", []string{"state"}, nil)
	jobsOverdue = prometheus.NewDesc("sipas_jobs_overdue", "Jobs that nobody has begun for long after their time.", nil, nil)
)

// Describe names the figures.
func (jobFigures) Describe(out chan<- *prometheus.Desc) {
	out <- jobsByState
	out <- jobsOverdue
}

// countPatience is how long those who ask for the metrics wait for the database.
const countPatience = time.Second

// Collect counts. While the database is away there are no such figures.
func (f jobFigures) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countPatience)
	defer cancel()
	counts, err := jobs.Count(ctx, f.db)
	if err != nil {
		return
	}
	gauge := func(d *prometheus.Desc, n int64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
	}
	gauge(jobsByState, counts.Waiting, string(jobs.Waiting))
	gauge(jobsByState, counts.Running, string(jobs.Running))
	gauge(jobsByState, counts.Failed, string(jobs.Failed))
	gauge(jobsOverdue, counts.Overdue)
}
