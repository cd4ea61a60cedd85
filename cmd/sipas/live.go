package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"sipas/internal/sender"
)

// liveTimeout is shorter than the pause between two health checks.
const liveTimeout = 4 * time.Second

func nothing(*http.Request) {}

// live asks an address and fails unless it answers with 200.
func live(ctx context.Context, address string, prepare func(*http.Request)) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, liveTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil || request.URL.Host == "" || (request.URL.Scheme != "http" && request.URL.Scheme != "https") {
		return nil, usageError("--live: want an address such as http://127.0.0.1:8080/healthz, or public")
	}
	prepare(request)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, response.Status)
	}
	return response.Header, nil
}

// livePublic asks the public address as citizens do, and the server behind it
// what the proxies on the way made of that.
func (c *doctorCmd) livePublic(ctx context.Context, s *session) error {
	if c.PublicURL == "" {
		return usageError("--live public: SIPAS_PUBLIC_URL is not set, so there is no public address to ask")
	}
	if err := errors.Join(c.Config.Validate(), c.secretFinding().err); err != nil {
		return err
	}
	public, err := url.Parse(c.BaseURL())
	if err != nil {
		return err
	}
	secret, err := c.Key()
	if err != nil {
		return err
	}
	header, err := live(ctx, c.BaseURL()+"/healthz", func(r *http.Request) { sender.Probe(r, secret, s.now()) })
	if err == nil {
		err = sender.ProbeProblem(header, public)
	}
	if err != nil {
		return err
	}
	s.printf("%s answers, and requests arrive as they should\n", public)
	return nil
}
