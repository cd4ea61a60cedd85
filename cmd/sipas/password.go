package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/textfile"
)

// newPassword draws a password that can be read aloud: sixteen characters
// without look-alikes, 74 bits.
func newPassword() string {
	return agency.NewCode().Grouped() + "-" + agency.NewCode().Grouped()
}

// passwordFlags say where a password comes from; without them a person is
// asked.
type passwordFlags struct {
	PasswordStdin bool `xor:"password" help:"Read the password from the first line of the standard input."`
	Generate      bool `xor:"password" help:"Make a password and print it."`
}

// password gets a password. generated tells that the person does not know it
// yet.
func (f passwordFlags) password(ctx context.Context, s *session) (password string, generated bool, err error) {
	switch {
	case f.Generate:
		return newPassword(), true, nil
	case f.PasswordStdin:
		password, err = firstLine(s.in)
		return password, false, err
	case !terminal(s.in):
		return "", false, usageError("nobody can be asked for the password here; give --password-stdin or --generate")
	}
	first, err := s.ask(ctx, "Password: ")
	if err != nil {
		return "", false, err
	}
	again, err := s.ask(ctx, "Again: ")
	if err == nil && again != first {
		err = errors.New("the two passwords differ")
	}
	return first, false, err
}

// ask reads a line from the terminal without showing it. It ends with ctx, which
// Ctrl-C cancels: a read that waits for the keyboard would not notice.
func (s *session) ask(ctx context.Context, prompt string) (string, error) {
	_, _ = fmt.Fprint(s.errs, prompt)
	type answer struct {
		line string
		err  error
	}
	line, err := hidden(s.in, func() (string, error) {
		typed := make(chan answer, 1)
		go func() { // after a Ctrl-C it waits until the program has ended, which is at once
			line, err := firstLine(s.in)
			typed <- answer{line, err}
		}()
		select {
		case a := <-typed:
			return a.line, a.err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	})
	_, _ = fmt.Fprintln(s.errs)
	return line, err
}

// maxPasswordLine bounds what is read, well above what auth takes.
const maxPasswordLine = 4096

func firstLine(in io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(in, maxPasswordLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	// Editors put a byte order mark before the first line of a file.
	plain, err := textfile.UTF8([]byte(line))
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	return strings.TrimRight(string(plain), "\r\n"), nil
}
