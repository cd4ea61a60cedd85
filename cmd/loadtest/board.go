package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"sipas/internal/access"
	"sipas/internal/auth"
)

// boards measures how fast figures are shown with ever more responses.
func (b *bench) boards(ctx context.Context) error {
	b.say("## Showing figures\n\nThe whole province in one year, %d service points, five years of the quick form; %d requests one after the other.\n", b.points, boardRequests)
	b.say("| database | responses | loaded at rows/s | API p50/p95 ms | page p50/p95 ms | page p95 against the smallest | API anew p50/p95 ms | page anew p50/p95 ms |")
	b.say("|---|---:|---:|---:|---:|---:|---:|---:|")
	for _, kind := range []string{"postgres", "sqlite"} {
		if err := b.boardsOn(ctx, kind); err != nil {
			return err
		}
	}
	b.say("\nThe API gives the rows, the page also factors, reasons, months and the table of agencies. A board is kept while nothing that it is made of changes. "+
		"\"Anew\" is what it costs to make it again: each of %d requests followed the answers of five people in that year, as many as are shown together.\n", freshRequests)
	return nil
}

const (
	boardRequests = 200
	freshRequests = 50
)

func (b *bench) boardsOn(ctx context.Context, kind string) error {
	url, err := b.newDatabase(ctx, kind, "board")
	if err != nil {
		return err
	}
	p, err := prepare(ctx, url, quickKey, small(b.points))
	if err != nil {
		return err
	}
	defer p.Close()
	token, err := auth.New(p.DB, auth.Options{Now: time.Now}).CreateToken(ctx, author, "bench", access.Administrator, 0)
	if err != nil {
		return err
	}
	server, err := b.start(ctx, "SIPAS_DATABASE_URL="+url)
	if err != nil {
		return err
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
			return err
		}
		perSecond := float64(size-loaded) / time.Since(start).Seconds()
		loaded = size
		if err := p.closeHalves(ctx); err != nil {
			return err
		}
		apiAddress, pageAddress := fmt.Sprintf("%s/api/v1/board?year=%d", server.base, benchYear), fmt.Sprintf("%s/bang?year=%d", server.base, benchYear)
		api, err := timeRequests(ctx, boardRequests, apiAddress, token, nil)
		if err != nil {
			return err
		}
		page, err := timeRequests(ctx, boardRequests, pageAddress, token, nil)
		if err != nil {
			return err
		}
		answer := func(ctx context.Context) error { return p.answerNow(ctx, quickKey) }
		freshAPI, err := timeRequests(ctx, freshRequests, apiAddress, token, answer)
		if err != nil {
			return err
		}
		freshPage, err := timeRequests(ctx, freshRequests, pageAddress, token, answer)
		if err != nil {
			return err
		}
		if smallest == 0 {
			smallest = page.at(.95)
		}
		b.say("| %s | %d | %.0f | %s | %s | %.2f | %s | %s |", kind, size, perSecond, api.middleAndTail(), page.middleAndTail(),
			page.at(.95).Seconds()/smallest.Seconds(), freshAPI.middleAndTail(), freshPage.middleAndTail())
	}
	return nil
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
