package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"sipas/internal/access"
	"sipas/internal/auth"
)

// large is a whole province: how many answers of which survey it holds, at how many
// service points of how many agencies.
type large struct {
	points, agencies, years int
	quick, twelve           int64
}

const (
	restarts     = 7
	largeViewers = 20
	viewerRounds = 10
)

// largeBoards measures boards of a large province: kept, made anew, after a
// restart, and for many who look at once.
func (b *bench) largeBoards(ctx context.Context) error {
	b.say("\n## Figures of a large province\n\nThe board of the whole province in one year: %d agencies, %d service points of two fields each, some %d answers of the quick form over %d years "+
		"and some %d of a survey of twelve questions within the year of the board, as tallies of half months. Both surveys stand on the board. "+
		"Milliseconds, p50 / p95.\n", b.large.agencies, b.large.points, b.large.quick, b.large.years, b.large.twelve)
	b.say("| database | what | API | API with detail | page |")
	b.say("|---|---|---|---|---|")
	var memory []string
	for _, kind := range []string{"postgres", "sqlite"} {
		used, err := b.largeOn(ctx, kind)
		if err != nil {
			return fmt.Errorf("a large province on %s: %w", kind, err)
		}
		memory = append(memory, used)
	}
	b.say("\nKept: %d requests one after the other. Anew: %d requests, each after the answers of a group of five people. After a restart: the first request that each of %d servers "+
		"answered, which read what the job that closes half months had stored. %d viewers ask at the same moment, %d times; in parentheses the median of the slowest over that of one who looks alone after the same answers. "+
		"One board is made and rendered for all of them; what is left is to send it %d times, client and server on the same processors. Memory: %s.\n",
		boardRequests, freshRequests, restarts, largeViewers, viewerRounds, largeViewers, strings.Join(memory, ", "))
	return nil
}

// board is one address and what it costs.
type board struct{ name, path string }

func largeBoardsOf() []board {
	api := fmt.Sprintf("/api/v1/board?year=%d", benchYear)
	return []board{{"API", api}, {"API with detail", api + "&detail=1"}, {"page", fmt.Sprintf("/bang?year=%d", benchYear)}}
}

// largeOn measures on one database, and tells what memory the server used.
func (b *bench) largeOn(ctx context.Context, kind string) (memory string, err error) {
	url, err := b.newDatabase(ctx, kind, "large")
	if err != nil {
		return "", err
	}
	p, err := prepare(ctx, url, quickKey, layout{b.large.points, max(1, b.large.points/b.large.agencies), 2})
	if err != nil {
		return "", err
	}
	defer p.Close()
	step("%s: filling a large province", kind)
	if err := p.fillLarge(ctx, b.large); err != nil {
		return "", err
	}
	token, err := auth.New(p.DB, auth.Options{Now: time.Now}).CreateToken(ctx, author, "bench", access.Administrator, 0)
	if err != nil {
		return "", err
	}
	const secret = "0123456789abcdef"
	start := func() (*process, error) {
		return b.start(ctx, "SIPAS_DATABASE_URL="+url, "SIPAS_TZ=UTC", "SIPAS_METRICS_TOKEN="+secret)
	}
	cells := func(measure func(board) (string, error)) (row string, err error) {
		for _, one := range largeBoardsOf() {
			cell, err := measure(one)
			if err != nil {
				return "", err
			}
			row += " | " + cell
		}
		return row, nil
	}

	step("%s: after restarts", kind)
	cold, err := cells(func(one board) (string, error) {
		var took latencies
		for range restarts {
			server, err := start()
			if err != nil {
				return "", err
			}
			first, err := timeRequests(ctx, 1, server.base+one.path, token, nil)
			server.stop()
			if err != nil {
				return "", err
			}
			took = append(took, first...)
		}
		return took.middleAndTail(), nil
	})
	if err != nil {
		return "", err
	}

	server, err := start()
	if err != nil {
		return "", err
	}
	defer server.stop()
	kept, err := cells(func(one board) (string, error) {
		if _, err := timeRequests(ctx, 1, server.base+one.path, token, nil); err != nil {
			return "", err
		}
		took, err := timeRequests(ctx, boardRequests, server.base+one.path, token, nil)
		return took.middleAndTail(), err
	})
	if err != nil {
		return "", err
	}
	b.say("| %s | kept%s |", kind, kept)
	alone := map[string]time.Duration{}
	for _, survey := range []string{twelveKey, quickKey} {
		step("%s: anew after answers of %s", kind, survey)
		row, err := cells(func(one board) (string, error) {
			took, err := timeRequests(ctx, freshRequests, server.base+one.path, token, func(ctx context.Context) error { return p.answerNow(ctx, survey) })
			alone[one.name] = took.at(.5)
			return took.middleAndTail(), err
		})
		if err != nil {
			return "", err
		}
		b.say("| %s | anew, after answers of `%s`%s |", kind, survey, row)
	}
	b.say("| %s | after a restart%s |", kind, cold)
	for _, crowd := range []struct {
		of     string
		before func(context.Context) error
	}{
		{"of a kept board", func(context.Context) error { return nil }},
		{"after answers of `" + quickKey + "`", func(ctx context.Context) error { return p.answerNow(ctx, quickKey) }},
	} {
		step("%s: %d viewers at once %s", kind, largeViewers, crowd.of)
		row, err := cells(func(one board) (string, error) {
			slowest, err := viewers(ctx, server.base+one.path, token, crowd.before)
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("%s (%.1f)", slowest.middleAndTail(), slowest.at(.5).Seconds()/alone[one.name].Seconds()), nil
		})
		if err != nil {
			return "", err
		}
		b.say("| %s | the slowest of %d viewers at once, %s%s |", kind, largeViewers, crowd.of, row)
	}
	return server.memory(ctx, kind, secret)
}

// viewers has many ask for one board at the same moment, several times, each after
// something, and gives the slowest answer of each time.
func viewers(ctx context.Context, address, token string, before func(context.Context) error) (slowest latencies, err error) {
	for range viewerRounds {
		if err := before(ctx); err != nil {
			return nil, err
		}
		var all sync.WaitGroup
		took, failed := make([]latencies, largeViewers), make([]error, largeViewers)
		for i := range largeViewers {
			all.Go(func() { took[i], failed[i] = timeRequests(ctx, 1, address, token, nil) })
		}
		all.Wait()
		worst := time.Duration(0)
		for i := range largeViewers {
			if failed[i] != nil {
				return nil, failed[i]
			}
			worst = max(worst, took[i][0])
		}
		slowest = append(slowest, worst)
	}
	return slowest, nil
}

// memory tells how much the server used at most, and how much of it lives in its heap.
func (p *process) memory(ctx context.Context, kind, secret string) (string, error) {
	used, err := usageOf(p.pid())
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+"/metrics", http.NoBody)
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	heap := 0.0
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "go_memstats_heap_inuse_bytes "); ok {
			if heap, err = strconv.ParseFloat(strings.TrimSpace(value), 64); err != nil {
				return "", err
			}
		}
	}
	return fmt.Sprintf("on %s the server used %d MB at most and had %.0f MB of heap in use at the end", kind, used.peak>>20, heap/(1<<20)), nil
}
