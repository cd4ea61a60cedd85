package testkit

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// guard tidies up after a test process, however that process ends. It is a
// shell that waits for the end of its standard input; the other end of that
// pipe is held by the test process alone, so the kernel closes it on a normal
// exit, on a panic, on a time-out and on SIGKILL alike. A signal that asks only
// the direct child to die (Pdeathsig) could not remove directories, and there is
// no hook that runs after the last test of a package.
type guard struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

// newGuard starts a guard that runs script with the positional parameters args
// ($1, $2 ...) when the test process is gone, in / and as the user of attr.
// The guard has a session of its own, so that an interrupt typed at the
// terminal reaches the tests and not the guard.
func newGuard(attr *syscall.SysProcAttr, script string, args ...string) (*guard, error) {
	cmd := exec.Command("/bin/sh", append([]string{"-c", "read -r _; " + script, "guard"}, args...)...)
	cmd.Dir = "/"
	own := syscall.SysProcAttr{Setsid: true}
	if attr != nil {
		own.Credential = attr.Credential
	}
	cmd.SysProcAttr = &own
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	return &guard{cmd: cmd, pipe: pipe}, nil
}

// release lets the guard do its work now and waits until it is done.
func (g *guard) release() error {
	if err := g.pipe.Close(); err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	if err := g.cmd.Wait(); err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	return nil
}
