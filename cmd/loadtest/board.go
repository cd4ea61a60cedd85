package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"sipas/internal/access"
	"sipas/internal/auth"
)

// boards measures how fast figures are shown with ever more responses.
func (b *bench) boards(ctx context.Context) error {
	b.say("## Showing figures\n\nThe whole province in one year, %d service points, five years of the quick form; %d requests one after the other.\n", b.points, boardRequests)
	b.say("| database | responses | loaded at rows/s | API p50/p95 ms | page p50/p95 ms | page p95 against the smallest | API anew p50/p95 ms | page anew p50/p95 ms |")
	b.say("|---|---:|---:|---:|---:|---:|---:|---:|")
	var upgrades []string
	for _, kind := range []string{"postgres", "sqlite"} {
		took, err := b.boardsOn(ctx, kind)
		if err != nil {
			return err
		}
		upgrades = append(upgrades, fmt.Sprintf("%s on %s", took.Round(time.Second), kind))
	}
	b.say("\nThe API gives the rows, the page also factors, reasons, months and the table of agencies. A board is kept while nothing that it is made of changes. "+
		"\"Anew\" is what it costs to make it again: each of %d requests followed the answers of five people in that year, as many as are shown together.\n\n"+
		"An upgrade that makes the tallies of all %d responses again (`sipas migrate up`) took %s.\n", freshRequests, b.sizes[len(b.sizes)-1], strings.Join(upgrades, " and "))
	return nil
}

const (
	boardRequests = 200
	freshRequests = 50
)

// boardsOn measures on one database, and tells how long an upgrade of it takes.
func (b *bench) boardsOn(ctx context.Context, kind string) (upgrade time.Duration, err error) {
	url, err := b.newDatabase(ctx, kind, "board")
	if err != nil {
		return 0, err
	}
	p, err := prepare(ctx, url, quickKey, small(b.points))
	if err != nil {
		return 0, err
	}
	defer p.Close()
	token, err := auth.New(p.DB, auth.Options{Now: time.Now}).CreateToken(ctx, author, "bench", access.Administrator, 0)
	if err != nil {
		return 0, err
	}
	server, err := b.start(ctx, "SIPAS_DATABASE_URL="+url)
	if err != nil {
		return 0, err
	}
	defer server.stop()
	loaded := 0
	var smallest time.Duration
	for _, size := range b.sizes {
		start := time.Now()
		err := p.load(ctx, loaded, size, func(done int) {
			if done%(size/10) < loadBatch {
				step("%s: %d of %d responses", kind, done, size)
			}
		})
		if err != nil {
			return 0, err
		}
		perSecond := float64(size-loaded) / time.Since(start).Seconds()
		loaded = size
		if err := p.closeHalves(ctx); err != nil {
			return 0, err
		}
		apiAddress, pageAddress := fmt.Sprintf("%s/api/v1/board?year=%d", server.base, benchYear), fmt.Sprintf("%s/bang?year=%d", server.base, benchYear)
		api, err := timeRequests(ctx, boardRequests, apiAddress, token, nil)
		if err != nil {
			return 0, err
		}
		page, err := timeRequests(ctx, boardRequests, pageAddress, token, nil)
		if err != nil {
			return 0, err
		}
		answer := func(ctx context.Context) error { return p.answerNow(ctx, quickKey) }
		freshAPI, err := timeRequests(ctx, freshRequests, apiAddress, token, answer)
		if err != nil {
			return 0, err
		}
		freshPage, err := timeRequests(ctx, freshRequests, pageAddress, token, answer)
		if err != nil {
			return 0, err
		}
		if smallest == 0 {
			smallest = page.at(.95)
		}
		b.say("| %s | %d | %.0f | %s | %s | %.2f | %s | %s |", kind, size, perSecond, api.middleAndTail(), page.middleAndTail(),
			page.at(.95).Seconds()/smallest.Seconds(), freshAPI.middleAndTail(), freshPage.middleAndTail())
	}
	server.stop()
	return b.upgrade(ctx, p, url)
}

// upgrade has the product make all tallies from the responses again, as after
// a migration that changes what they hold.
func (b *bench) upgrade(ctx context.Context, p *province, url string) (time.Duration, error) {
	step("%s: tallies made again", p.Dialect())
	if _, err := p.Exec(ctx, "UPDATE tallies_made SET made = 0"); err != nil {
		return 0, err
	}
	migrate := exec.CommandContext(ctx, b.binary, "migrate", "up")
	migrate.Env = append(os.Environ(), "SIPAS_DATABASE_URL="+url, "SIPAS_TZ=UTC")
	start := time.Now()
	if said, err := migrate.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("migrate up: %w: %s", err, said)
	}
	return time.Since(start), nil
}

// timeRequests asks a number of times, each after before unless that is nil.
func timeRequests(ctx context.Context, number int, address, token string, before func(context.Context) error) (latencies, error) {
	var took latencies
	for range number {
		if before != nil {
			if err := before(ctx); err != nil {
				return nil, err
			}
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		request.Header.Set("Authorization", "Bearer "+token)
		start := time.Now()
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, err
		}
		_, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if err != nil {
			return nil, err
		}
		if response.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: status %d", address, response.StatusCode)
		}
		took = append(took, time.Since(start))
	}
	return took, nil
}
