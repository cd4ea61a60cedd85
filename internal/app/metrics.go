package app

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sipas/internal/intake"
	"sipas/internal/limit"
)

// metrics are the figures an operator watches. They speak of the server, never
// of a person or a single service point.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
}

func newMetrics(in *intake.Intake, fallback *limit.Fallback, version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sipas_http_requests_total", Help: "Answered requests by route and status.",
		}, []string{"route", "status"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sipas_http_request_seconds", Help: "Time to answer by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"route"}),
	}
	m.refused = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "sipas_limited_total", Help: "Requests refused by a limit, by the kind of limit that was used up.",
	}, []string{"limit"})
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "sipas_build_info", Help: "Always 1; the version is a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		build, m.requests, m.latency, m.refused)
	count := func(name, help string, of func(intake.Stats) uint64) {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return float64(of(in.Stats())) }))
	}
	count("sipas_responses_accepted_total", "Responses kept.", func(s intake.Stats) uint64 { return s.Accepted })
	count("sipas_responses_replayed_total", "Submissions that were accepted before.", func(s intake.Stats) uint64 { return s.Replayed })
	count("sipas_responses_conflicts_total", "Submission ids used again with other content.", func(s intake.Stats) uint64 { return s.Conflicts })
	count("sipas_responses_failed_total", "Responses that could not be kept; their senders were told.", func(s intake.Stats) uint64 { return s.Failed })
	count("sipas_commit_batches_total", "Transactions that kept responses.", func(s intake.Stats) uint64 { return s.Batches })
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sipas_responses_waiting", Help: "Responses waiting for a commit.",
	}, func() float64 { return float64(in.Stats().Waiting) }))
	if fallback != nil {
		m.registry.MustRegister(
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "sipas_limiter_degraded", Help: "1 while Redis is away and this process limits by itself.",
			}, func() float64 {
				if fallback.Degraded() {
					return 1
				}
				return 0
			}),
			prometheus.NewCounterFunc(prometheus.CounterOpts{
				Name: "sipas_limiter_fallbacks_total", Help: "Decisions taken in process because Redis was away.",
			}, func() float64 { return float64(fallback.Fallbacks()) }))
	}
	return m
}

// watch adds the connections of the listener that serves.
func (m *metrics) watch(c *crowd) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sipas_http_connections", Help: "Open connections.",
		}, func() float64 { return float64(c.open()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "sipas_http_connections_bound", Help: "How many connections may be open.",
		}, func() float64 { return float64(c.bound) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "sipas_http_connections_refused_total", Help: "Connections turned away because all that may be open were busy.",
		}, func() float64 { return float64(c.turnedAway.Load()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "sipas_http_connections_made_room_total", Help: "Idle connections closed to make room for new ones.",
		}, func() float64 { return float64(c.closedIdle.Load()) }))
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) observe(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.latency.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) limited(kind string) { m.refused.WithLabelValues(kind).Inc() }
