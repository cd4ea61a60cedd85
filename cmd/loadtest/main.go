// Command loadtest measures how many answers a server takes and how fast its
// boards are, beside the limits of the machine it runs on.
//
//	loadtest run   --url http://127.0.0.1:8080 --codes 7K3MQ9TB,...
//	loadtest bench --out docs/benchmarks.md
//
// It sends requests to this machine only.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"time"
)

func main() {
	debug.SetGCPercent(400) // the client should take as little of the shared processors as it can
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "loadtest:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("say `run`, `bench` or `decode`; each has --help")
	}
	switch args[0] {
	case "run":
		return runLoad(ctx, args[1:])
	case "bench":
		return runBench(ctx, args[1:])
	case "decode":
		return serveDecode(args[1:])
	}
	return fmt.Errorf("unknown command %q: say `run`, `bench` or `decode`", args[0])
}

func runLoad(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	base := flags.String("url", "http://127.0.0.1:8080", "the server, on this machine")
	codes := flags.String("codes", "", "codes of service points, separated by commas")
	clients := flags.Int("clients", 128, "citizens at once")
	duration := flags.Duration("duration", 15*time.Second, "how long")
	pid := flags.Int("pid", 0, "process of the server, for its CPU and memory")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *codes == "" {
		return errors.New("--codes is missing; `sipas service-points` lists them")
	}
	address, err := onThisMachine(*base)
	if err != nil {
		return err
	}
	load := load{address: address, codes: strings.Split(*codes, ","), clients: *clients, duration: *duration, pid: *pid}
	result, err := load.run(ctx)
	if err != nil {
		return err
	}
	fmt.Println(result)
	return nil
}

// onThisMachine gives host and port of a server, and refuses to load anybody
// else's.
func onThisMachine(base string) (address string, err error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", fmt.Errorf("--url: %w", err)
	}
	switch u.Hostname() {
	case "127.0.0.1", "::1", "localhost":
		return u.Host, nil
	}
	return "", fmt.Errorf("--url %s is not on this machine", base)
}
