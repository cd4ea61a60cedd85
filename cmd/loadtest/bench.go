package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bench is one run of every measurement on this machine.
type bench struct {
	postgres string // URL of a server where databases may be made
	redis    string
	dir      string
	binary   string // of the product
	profiles string // folder for a profile of each server; "" for none
	servers  int    // that have one
	duration time.Duration
	clients  int
	points   int
	sizes    []int // of the board's database
	large    large
	report   strings.Builder
}

func runBench(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	out := flags.String("out", "", "file for the table; empty: the terminal")
	duration := flags.Duration("duration", 12*time.Second, "of each measurement")
	clients := flags.Int("clients", 0, "citizens at once; 0: the best of 128, 256 and 512")
	points := flags.Int("points", 400, "service points of the board's province")
	profiles := flags.String("profiles", "", "folder for a processor profile of each server; empty: none")
	only := flags.String("only", "", "`taking`, `boards` or `large`; empty: all")
	var l large
	flags.IntVar(&l.points, "large-points", 2000, "service points of a large province")
	flags.IntVar(&l.agencies, "large-agencies", 200, "its agencies")
	flags.IntVar(&l.years, "large-years", 5, "its years")
	flags.Int64Var(&l.quick, "large-quick", 10_000_000, "answers of the quick form there")
	flags.Int64Var(&l.twelve, "large-twelve", 1_000_000, "answers of the survey of twelve questions there")
	sizes := flags.String("sizes", "100000,1000000,10000000", "responses with which boards are measured, ever more")
	if err := flags.Parse(args); err != nil {
		return err
	}
	b := &bench{
		postgres: os.Getenv("SIPAS_BENCH_POSTGRES"), redis: os.Getenv("SIPAS_BENCH_REDIS"),
		duration: *duration, clients: *clients, points: *points, profiles: *profiles, large: l,
	}
	if b.postgres == "" || b.redis == "" {
		return errors.New("SIPAS_BENCH_POSTGRES and SIPAS_BENCH_REDIS are not set; `make bench` starts both")
	}
	for part := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < loadBatch {
			return fmt.Errorf("--sizes: %q is no number of responses from %d on", part, loadBatch)
		}
		b.sizes = append(b.sizes, n)
	}
	dir, err := os.MkdirTemp("", "sipas-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b.dir, b.binary = dir, filepath.Join(dir, "sipas")
	build := exec.CommandContext(ctx, "go", "build", "-pgo=cmd/sipas/taking.pgo", "-trimpath", "-o", b.binary, "./cmd/sipas")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the product: %w", err)
	}
	b.say("# Benchmarks\n\nWritten by `make bench` on %s: %s. Client, server, Postgres and Redis share the machine's processors, "+
		"so only figures of one run may be compared; each load ran for %s. The settings of Postgres are durable "+
		"(fsync, synchronous commit, full page writes); SQLite commits with synchronous=FULL.\n",
		time.Now().Format("2 January 2006"), machine(), b.duration)
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{{"taking", b.taking}, {"boards", b.boards}, {"large", b.largeBoards}} {
		if *only != "" && *only != part.name {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return err
		}
	}
	if *out == "" {
		fmt.Print(b.report.String())
		return nil
	}
	return os.WriteFile(*out, []byte(b.report.String()), 0o644) //nolint:gosec // a public document
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(&b.report, format+"\n", args...)
}

// step tells the person who waits what is measured now.
func step(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }

// rounds is how often the product and its yardstick are measured in turn: a
// shared machine's speed drifts within minutes.
const rounds = 3

// taking measures how many answers are taken, beside the limits.
func (b *bench) taking(ctx context.Context) error {
	r, closeRaw, err := b.raw(ctx)
	if err != nil {
		return err
	}
	defer closeRaw()
	connections, err := b.bestConnections(ctx, r)
	if err != nil {
		return err
	}
	if err := b.chooseCitizens(ctx); err != nil {
		return err
	}
	var yardsticks, pipelined, copied, ratios []float64
	var products, files []loadResult
	for i := range rounds {
		step("round %d of %d: raw Postgres", i+1, rounds)
		for _, way := range []struct {
			into  *[]float64
			write func(context.Context, *rand.Rand) error
			rows  float64
		}{{&yardsticks, r.transaction, 1}, {&pipelined, r.pipelined, 1}, {&copied, r.copied, copyRows}} {
			perSecond, err := rate(ctx, connections, b.duration/2, way.write)
			if err != nil {
				return err
			}
			*way.into = append(*way.into, perSecond*way.rows)
		}
		product, err := b.product(ctx, "postgres", b.duration)
		if err != nil {
			return err
		}
		products = append(products, product)
		ratios = append(ratios, product.perSecond()/yardsticks[i])
		if product, err = b.product(ctx, "sqlite", b.duration); err != nil {
			return err
		}
		files = append(files, product)
	}
	one := median(yardsticks)
	for _, results := range [][]loadResult{products, files} {
		slices.SortFunc(results, func(x, y loadResult) int { return cmp.Compare(x.perSecond(), y.perSecond()) })
	}
	decode, err := b.decodeOnly(ctx)
	if err != nil {
		return err
	}
	b.say("## Taking answers\n\nA citizen opens a form of twelve scale questions, answers all of them, sends, gets the receipt after the commit, and begins again.\n")
	b.say("| what | answers/s | against one transaction per response | open p50/p95/p99 ms | send p50/p95/p99 ms | errors | server CPU ms per answer | server peak MB |")
	b.say("|---|---:|---:|---|---|---:|---:|---:|")
	b.loadRow("**product, Postgres + Redis**", products[rounds/2], one)
	b.loadRow("**product, SQLite**", files[rounds/2], one)
	b.loadRow("gin decodes and keeps nothing", decode, one)
	row := func(what string, perSecond float64) {
		b.say("| %s | %.0f | %.2f | | | | | |", what, perSecond, perSecond/one)
	}
	row("raw pgx, one transaction per response: begin, insert, two tally upserts, commit", one)
	row("raw pgx, the same in one round trip", median(pipelined))
	row("raw pgx, COPY of 100 rows without tallies", median(copied))
	b.say("\nRaw Postgres and the product on both databases were measured %d times in turn; the rows are medians, and on Postgres the product reached %s of the raw rate in the single rounds. "+
		"The raw rows write the same tables from %d connections, the best of 8, 16, 32, 64 and 128; they decode no request, show no form and ask no limiter. "+
		"The citizens are %d at once, the best of 128, 256 and 512. After each load `recount` found every acknowledged answer and no drift.\n",
		rounds, list(ratios), connections, b.clients)
	return nil
}

func median(values []float64) float64 { return slices.Sorted(slices.Values(values))[len(values)/2] }

// list writes ratios: "1.02, 0.98 and 1.10".
func list(values []float64) string {
	var parts []string
	for _, v := range values {
		parts = append(parts, fmt.Sprintf("%.2f", v))
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

func (b *bench) loadRow(what string, r loadResult, one float64) {
	failed := 0
	for _, n := range r.Errors {
		failed += n
	}
	tail := func(l latencies) string {
		return l.middleAndTail() + " / " + millis(l.at(.99))
	}
	b.say("| %s | %.0f | %.2f | %s | %s | %d | %.2f | %d |", what, r.perSecond(), r.perSecond()/one, tail(r.Open), tail(r.Send), failed,
		r.CPU.Seconds()*1000/float64(max(r.Accepted, 1)), r.PeakBytes>>20)
}

// raw prepares a database for plain pgx.
func (b *bench) raw(ctx context.Context) (r raw, closeAll func(), err error) {
	url, err := b.database(ctx, "raw")
	if err != nil {
		return raw{}, nil, err
	}
	p, err := prepare(ctx, url, twelveKey, small(40))
	if err != nil {
		return raw{}, nil, err
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return raw{}, nil, errors.Join(err, p.Close())
	}
	config.MaxConns = 128
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return raw{}, nil, errors.Join(err, p.Close())
	}
	return raw{pool: pool, points: p.points, version: p.version}, func() {
		pool.Close()
		p.Close()
	}, nil
}

// bestConnections finds how many connections plain pgx is fastest with.
func (b *bench) bestConnections(ctx context.Context, r raw) (int, error) {
	best, most := 0, 0.0
	for _, connections := range []int{8, 16, 32, 64, 128} {
		step("raw Postgres, one transaction per response, %d connections", connections)
		perSecond, err := rate(ctx, connections, b.duration/2, r.transaction)
		if err != nil {
			return 0, err
		}
		if perSecond > most {
			best, most = connections, perSecond
		}
	}
	return best, nil
}

// chooseCitizens finds how many citizens at once the product serves fastest,
// unless a number was asked for.
func (b *bench) chooseCitizens(ctx context.Context) error {
	if b.clients != 0 {
		return nil
	}
	best, most := 0, 0.0
	for _, b.clients = range []int{128, 256, 512} {
		step("the product with %d citizens", b.clients)
		result, err := b.product(ctx, "postgres", b.duration/3)
		if err != nil {
			return err
		}
		if result.perSecond() > most {
			best, most = b.clients, result.perSecond()
		}
	}
	b.clients = best
	return nil
}

// database makes an empty database on the bench's Postgres and gives its URL.
func (b *bench) database(ctx context.Context, name string) (string, error) {
	conn, err := pgx.Connect(ctx, b.postgres)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name); err != nil {
		return "", err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	return strings.Replace(b.postgres, "/postgres?", "/"+name+"?", 1), nil
}

// newDatabase makes an empty database of either kind.
func (b *bench) newDatabase(ctx context.Context, kind, name string) (string, error) {
	if kind == "postgres" {
		return b.database(ctx, name)
	}
	file := filepath.Join(b.dir, name+".db")
	for _, end := range []string{"", "-wal", "-shm", ".lock"} {
		if err := os.Remove(file + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return "sqlite:" + file, nil
}

// product loads the real server and afterwards counts what it kept.
func (b *bench) product(ctx context.Context, kind string, duration time.Duration) (loadResult, error) {
	step("the product on %s", kind)
	url, err := b.newDatabase(ctx, kind, "load")
	if err != nil {
		return loadResult{}, err
	}
	p, err := prepare(ctx, url, twelveKey, small(40))
	if err != nil {
		return loadResult{}, err
	}
	defer p.Close()
	settings := []string{"SIPAS_DATABASE_URL=" + url}
	if kind == "postgres" {
		settings = append(settings, "SIPAS_REDIS_URL="+b.redis)
	}
	server, err := b.start(ctx, settings...)
	if err != nil {
		return loadResult{}, err
	}
	defer server.stop()
	l := load{address: server.address, clients: b.clients, duration: duration, pid: server.pid()}
	for _, point := range p.points {
		l.codes = append(l.codes, string(point.Code))
	}
	result, err := l.run(ctx)
	if err != nil {
		return loadResult{}, err
	}
	snap, err := p.Registry.Current(ctx)
	if err != nil {
		return loadResult{}, err
	}
	counted, err := p.Store.Recount(ctx, snap.Version, nil)
	if err != nil {
		return loadResult{}, err
	}
	if counted.Drift != 0 || counted.Responses < int64(result.Accepted) {
		return loadResult{}, fmt.Errorf("%d answers were acknowledged, the database holds %d with drift %d", result.Accepted, counted.Responses, counted.Drift)
	}
	return result, nil
}

// decodeOnly loads a gin server that keeps nothing.
func (b *bench) decodeOnly(ctx context.Context) (loadResult, error) {
	step("gin, decode only")
	self, err := os.Executable()
	if err != nil {
		return loadResult{}, err
	}
	server, err := startProcess(ctx, self, []string{"decode"}, nil, "/q/x")
	if err != nil {
		return loadResult{}, err
	}
	defer server.stop()
	return load{address: server.address, codes: []string{"22222222"}, clients: b.clients, duration: b.duration, pid: server.pid()}.run(ctx)
}
