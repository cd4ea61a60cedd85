package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"sipas/internal/command"
	"sipas/internal/config"
	"sipas/internal/sender"
)

// liveTimeout is shorter than the pause between two health checks.
const liveTimeout = 4 * time.Second

// Live asks an address and fails unless it answers with 200.
func Live(ctx context.Context, address string) error {
	_, err := ask(ctx, address, func(*http.Request) {})
	return err
}

// ask asks an address with a request that was prepared, and returns the head of
// the answer.
func ask(ctx context.Context, address string, prepare func(*http.Request)) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, liveTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil || request.URL.Host == "" || (request.URL.Scheme != "http" && request.URL.Scheme != "https") {
		return nil, command.UsageError("--live: want an address such as http://127.0.0.1:8080/healthz, or public")
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

// LivePublic asks the public address as citizens do, and the server behind it
// what the proxies on the way made of that. It returns the address.
func LivePublic(ctx context.Context, c config.Config, now time.Time) (*url.URL, error) {
	if c.PublicURL == "" {
		return nil, command.UsageError("--live public: SIPAS_PUBLIC_URL is not set, so there is no public address to ask")
	}
	if err := errors.Join(c.Validate(), secretFinding(c).Err); err != nil {
		return nil, err
	}
	public, err := url.Parse(c.BaseURL())
	if err != nil {
		return nil, err
	}
	secret, err := c.Key()
	if err != nil {
		return nil, err
	}
	header, err := ask(ctx, c.BaseURL()+"/healthz", func(r *http.Request) { sender.Probe(r, secret, now) })
	if err != nil {
		return nil, err
	}
	return public, sender.ProbeProblem(header, public)
}
