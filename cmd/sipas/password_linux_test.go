package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sipas/internal/command"
	"sipas/internal/testkit"
)

// keyboard opens a terminal on which nobody types.
func keyboard(t *testing.T) *os.File {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = master.Close() })
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slave.Close() })
	return slave
}

// TestCtrlCEndsThePrompt cancels as a signal does, while the password is asked
// for. What is typed afterwards is shown again.
func TestCtrlCEndsThePrompt(t *testing.T) {
	t.Parallel()
	in := keyboard(t)
	ctx, interrupt := context.WithTimeout(t.Context(), time.Minute)
	defer interrupt()
	told, say := io.Pipe()
	s := &command.Session{In: in, Out: bufio.NewWriter(io.Discard), Errs: say, Now: time.Now}
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, s, []string{"user", "add", "minh", "--role", "viewer", "--database-url", testkit.SQLiteURL(t)})
		_ = say.Close()
	}()
	read := bufio.NewReader(told)
	if prompt, err := read.ReadString(':'); err != nil || prompt != "Password:" {
		t.Fatalf("%q, %v", prompt, err)
	}
	interrupt()
	rest, err := io.ReadAll(read)
	if got := <-code; got != 1 || err != nil || !strings.Contains(string(rest), "sipas: stopped") {
		t.Errorf("it ends with %d, %v: %q", got, err, rest)
	}
	modes, err := unix.IoctlGetTermios(int(in.Fd()), unix.TCGETS)
	if err != nil || modes.Lflag&unix.ECHO == 0 {
		t.Errorf("the terminal stays silent: %v", err)
	}
}
