package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// load is a number of citizens, each of whom opens a form, answers twelve
// scale questions, waits for the receipt and begins again.
type load struct {
	base     string
	codes    []string
	clients  int
	duration time.Duration
	pid      int // of the server; 0: not measured
}

// loadResult is what the citizens saw and the server used.
type loadResult struct {
	Accepted  int
	Errors    map[string]int
	Took      time.Duration
	Open      latencies
	Send      latencies
	CPU       time.Duration // of the server
	PeakBytes int64         // of the server
}

func (r loadResult) perSecond() float64 { return float64(r.Accepted) / r.Took.Seconds() }

// String is the result for a terminal.
func (r loadResult) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "accepted %d in %.1f s: %.0f/s\nopen  %s\nsend  %s\n", r.Accepted, r.Took.Seconds(), r.perSecond(), r.Open, r.Send)
	if r.PeakBytes > 0 {
		fmt.Fprintf(&b, "server CPU %.1f s, peak memory %d MB\n", r.CPU.Seconds(), r.PeakBytes>>20)
	}
	fmt.Fprintf(&b, "errors %v", r.Errors)
	return b.String()
}

func (l load) run(ctx context.Context) (loadResult, error) {
	before, err := usageOf(l.pid)
	if err != nil {
		return loadResult{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, l.duration)
	defer cancel()
	start := time.Now()
	results := make([]citizenResult, l.clients)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i] = l.citizen(ctx, i) })
	}
	all.Wait()
	total := loadResult{Took: time.Since(start), Errors: map[string]int{}}
	for _, r := range results {
		total.Accepted += r.accepted
		total.Open = append(total.Open, r.open...)
		total.Send = append(total.Send, r.send...)
		for what, n := range r.errors {
			total.Errors[what] += n
		}
	}
	after, err := usageOf(l.pid)
	if err != nil {
		return loadResult{}, err
	}
	total.CPU, total.PeakBytes = after.cpu-before.cpu, after.peak
	return total, nil
}

type citizenResult struct {
	accepted   int
	errors     map[string]int
	open, send latencies
}

func (l load) citizen(ctx context.Context, number int) citizenResult {
	result := citizenResult{errors: map[string]int{}}
	jar, err := cookiejar.New(nil)
	if err != nil {
		result.errors[err.Error()]++
		return result
	}
	client := &http.Client{
		Jar:           jar, // a device of its own
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 1},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       30 * time.Second,
	}
	random := rand.New(rand.NewPCG(uint64(number), 12))
	for ctx.Err() == nil {
		address := l.base + "/q/" + l.codes[random.IntN(len(l.codes))]
		opened := time.Now()
		form, err := open(ctx, client, address)
		if err != nil {
			result.count(ctx, err)
			continue
		}
		sent := time.Now()
		result.open = append(result.open, sent.Sub(opened))
		if err := send(ctx, client, address, form.answer(random)); err != nil {
			result.count(ctx, err)
			continue
		}
		result.send = append(result.send, time.Since(sent))
		result.accepted++
	}
	return result
}

func (r *citizenResult) count(ctx context.Context, err error) {
	if ctx.Err() == nil { // the end of the measurement is no error
		r.errors[err.Error()]++
	}
}

// openForm is what a citizen's browser finds on the page.
type openForm struct {
	hidden url.Values
	scale  []string // names of the scale questions' radio buttons
}

var (
	hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	scaleInput  = regexp.MustCompile(`<input[^>]* name="(a\.[a-z0-9-]+)" value="4"`)
)

const scaleAnswers = 12

func open(ctx context.Context, client *http.Client, address string) (openForm, error) {
	page, status, err := ask(ctx, client, http.MethodGet, address, "")
	if err != nil {
		return openForm{}, err
	}
	if status != http.StatusOK {
		return openForm{}, fmt.Errorf("open: status %d", status)
	}
	form := openForm{hidden: url.Values{}}
	for _, m := range hiddenInput.FindAllStringSubmatch(page, -1) {
		form.hidden.Set(m[1], m[2])
	}
	for _, m := range scaleInput.FindAllStringSubmatch(page, scaleAnswers) {
		form.scale = append(form.scale, m[1])
	}
	if form.hidden.Get("submission") == "" || len(form.scale) == 0 {
		return openForm{}, errors.New("open: the page holds no form")
	}
	return form, nil
}

func (f openForm) answer(random *rand.Rand) string {
	for _, name := range f.scale {
		f.hidden.Set(name, strconv.Itoa(1+random.IntN(5)))
	}
	return f.hidden.Encode()
}

func send(ctx context.Context, client *http.Client, address, body string) error {
	page, status, err := ask(ctx, client, http.MethodPost, address, body)
	if err != nil {
		return err
	}
	if status != http.StatusSeeOther {
		return fmt.Errorf("send: status %d: %.200s", status, page)
	}
	return nil
}

func ask(ctx context.Context, client *http.Client, method, address, body string) (string, int, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return "", 0, err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := client.Do(request)
	if err != nil {
		return "", 0, err
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	return string(page), response.StatusCode, err
}
