package command

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

// NewPassword draws a password that can be read aloud: sixteen characters
// without look-alikes, 74 bits.
func NewPassword() string {
	return agency.NewCode().Grouped() + "-" + agency.NewCode().Grouped()
}

// PasswordFlags say where a password comes from; without them a person is
// asked.
type PasswordFlags struct {
	PasswordStdin bool `xor:"password" help:"Read the password from the first line of the standard input."`
	Generate      bool `xor:"password" help:"Make a password and print it."`
}

// Password gets a password. generated tells that the person does not know it
// yet.
func (f PasswordFlags) Password(ctx context.Context, s *Session) (password string, generated bool, err error) {
	switch {
	case f.Generate:
		return NewPassword(), true, nil
	case f.PasswordStdin:
		password, err = firstLine(s.In)
		return password, false, err
	case !IsTerminal(s.In):
		return "", false, UsageError("nobody can be asked for the password here; give --password-stdin or --generate")
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

// TellPassword says that an account has a password, and prints one that its
// owner does not know yet.
func (s *Session) TellPassword(login, password string, generated bool) {
	if generated {
		s.Notef("password of %s:", login)
		s.Printf("%s\n", password)
		return
	}
	s.Notef("password of %s set", login)
}

// ask reads a line from the terminal without showing it. It ends with ctx, which
// Ctrl-C cancels: a read that waits for the keyboard would not notice.
func (s *Session) ask(ctx context.Context, prompt string) (string, error) {
	_, _ = fmt.Fprint(s.Errs, prompt)
	type answer struct {
		line string
		err  error
	}
	line, err := hidden(s.In, func() (string, error) {
		typed := make(chan answer, 1)
		go func() { // after a Ctrl-C it waits until the program has ended, which is at once
			line, err := firstLine(s.In)
			typed <- answer{line, err}
		}()
		select {
		case a := <-typed:
			return a.line, a.err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	})
	_, _ = fmt.Fprintln(s.Errs)
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
