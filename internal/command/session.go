// Package command has what every command line needs, whatever the command is:
// where it reads and writes, the flags of database, days and addresses, how a
// password is asked for, and errors in words.
package command

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// Session is what a command speaks with.
type Session struct {
	In   io.Reader
	Out  *bufio.Writer // results; flushed at the end
	Errs io.Writer     // everything else
	Now  func() time.Time
}

// Printf writes a result. That it cannot be written shows at the flush.
func (s *Session) Printf(format string, values ...any) {
	_, _ = fmt.Fprintf(s.Out, format, values...)
}

// Notef tells a person what is going on, apart from the result.
func (s *Session) Notef(format string, values ...any) {
	_, _ = fmt.Fprintf(s.Errs, format+"\n", values...)
}

// UsageError says that a command was called wrongly in a way that its flags
// cannot express.
type UsageError string

func (e UsageError) Error() string { return string(e) }
