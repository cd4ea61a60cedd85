package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
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
	address  string // host:port
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
	forms, err := l.readForms(ctx)
	if err != nil {
		return loadResult{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, l.duration)
	defer cancel()
	start := time.Now()
	results := make([]citizenResult, l.clients)
	var all sync.WaitGroup
	for i := range results {
		c := citizen{wire: wire{address: l.address}, forms: forms}
		all.Go(func() { results[i] = c.answerUntil(ctx, l.codes, rand.New(rand.NewPCG(uint64(i), 12))) })
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

// citizen is one device in a loop.
type citizen struct {
	wire  wire
	forms map[string]form // by code; read before the measurement
}

func (c *citizen) answerUntil(ctx context.Context, codes []string, random *rand.Rand) citizenResult {
	result := citizenResult{errors: map[string]int{}}
	defer c.wire.close()
	for ctx.Err() == nil {
		code := codes[random.IntN(len(codes))]
		opened := time.Now()
		id, err := c.open(ctx, code)
		if err != nil {
			result.count(ctx, err)
			continue
		}
		sent := time.Now()
		result.open = append(result.open, sent.Sub(opened))
		if err := c.send(ctx, code, c.forms[code].answer(id, random)); err != nil {
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

// form is what a citizen's browser finds on the page and what does not change
// from one opening to the next. It is read once for each service point, so
// that the client leaves the processors to the server.
type form struct {
	constant string   // the hidden inputs but the submission id, encoded
	scale    []string // names of the scale questions' radio buttons
}

var (
	hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	scaleInput  = regexp.MustCompile(`<input[^>]* name="(a\.[a-z0-9-]+)" value="4"`)
)

const (
	scaleAnswers   = 12
	submissionName = `name="submission" value="`
	idLength       = 36
)

func readForm(page string) (form, error) {
	var f form
	hidden := url.Values{}
	for _, m := range hiddenInput.FindAllStringSubmatch(page, -1) {
		hidden.Set(m[1], m[2])
	}
	for _, m := range scaleInput.FindAllStringSubmatch(page, scaleAnswers) {
		f.scale = append(f.scale, m[1])
	}
	if hidden.Get("submission") == "" || len(f.scale) == 0 {
		return form{}, errors.New("open: the page holds no form")
	}
	hidden.Del("submission")
	f.constant = hidden.Encode()
	return f, nil
}

// readForms opens every service point's form once.
func (l load) readForms(ctx context.Context) (map[string]form, error) {
	w := wire{address: l.address}
	defer w.close()
	forms := map[string]form{}
	for _, code := range l.codes {
		page, status, err := w.ask(ctx, http.MethodGet, "/q/"+code, "")
		if err != nil {
			return nil, err
		}
		if status != http.StatusOK {
			return nil, fmt.Errorf("open %s: status %d", code, status)
		}
		if forms[code], err = readForm(string(page)); err != nil {
			return nil, err
		}
	}
	return forms, nil
}

// open asks for the form and gives the page's submission id.
func (c *citizen) open(ctx context.Context, code string) (id string, err error) {
	page, status, err := c.wire.ask(ctx, http.MethodGet, "/q/"+code, "")
	if err != nil {
		return "", err
	}
	if status != http.StatusOK {
		return "", fmt.Errorf("open: status %d", status)
	}
	_, rest, found := bytes.Cut(page, []byte(submissionName))
	if !found || len(rest) < idLength {
		return "", errors.New("open: the page holds no submission id")
	}
	return string(rest[:idLength]), nil
}

func (f form) answer(id string, random *rand.Rand) string {
	var b strings.Builder
	b.WriteString(f.constant)
	b.WriteString("&submission=" + id)
	for _, name := range f.scale {
		b.WriteString("&" + name + "=" + strconv.Itoa(1+random.IntN(5)))
	}
	return b.String()
}

func (c *citizen) send(ctx context.Context, code, body string) error {
	page, status, err := c.wire.ask(ctx, http.MethodPost, "/q/"+code, body)
	if err != nil {
		return err
	}
	if status != http.StatusSeeOther {
		return fmt.Errorf("send: status %d: %.200s", status, page)
	}
	return nil
}
