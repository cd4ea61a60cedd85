package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// process is a server started for a measurement.
type process struct {
	command *exec.Cmd
	address string
	base    string
}

// start runs the product. The limiter is asked as in production, with rates
// that no load reaches.
func (b *bench) start(ctx context.Context, settings ...string) (*process, error) {
	env := append([]string{
		"SIPAS_SECRET=0123456789abcdef0123456789abcdef", "SIPAS_LOG_LEVEL=error",
		"SIPAS_LIMIT_DEVICE=1000000/1m", "SIPAS_LIMIT_POINT=1000000/1m", "SIPAS_LIMIT_ADDRESS=1000000/1m",
		"SIPAS_LIMIT_KIOSK=1000000/1m", "SIPAS_LIMIT_NEW_DEVICES=1000000/1m", "SIPAS_LIMIT_NO_COOKIE=1000000/1m",
	}, settings...)
	args := []string{"serve", "--addr"}
	if b.profiles != "" {
		b.servers++
		args = []string{"serve", "--cpu-profile", filepath.Join(b.profiles, fmt.Sprintf("%d.pb.gz", b.servers)), "--addr"}
	}
	return startProcess(ctx, b.binary, args, env, "/readyz")
}

// startProcess runs a program whose last argument is the address to listen on,
// and waits until a path answers.
func startProcess(ctx context.Context, program string, args, env []string, ready string) (*process, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, program, append(args, address)...) //nolint:gosec // our own programs
	command.Env = append(os.Environ(), env...)
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &process{command: command, address: address, base: "http://" + address}
	for range 200 {
		if response, err := http.Get(p.base + ready); err == nil { //nolint:noctx // polls our own server
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return p, nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.stop()
	return nil, fmt.Errorf("%s does not answer at %s", program, p.base+ready)
}

func (p *process) pid() int { return p.command.Process.Pid }

// stop ends the server and waits for it.
func (p *process) stop() {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	_ = p.command.Wait() // its exit code is no part of the measurement
}

// machine says what the figures were measured on.
func machine() string {
	model := "unknown processor"
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if name, ok := strings.CutPrefix(line, "model name"); ok {
				model = strings.Trim(name, "\t :\n")
				break
			}
		}
	}
	return fmt.Sprintf("%d processors (%s), %s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.Version())
}
