package command

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
)

// IsTerminal tells whether a stream is a person's screen or keyboard.
func IsTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}

// Bar shows how far long work has come, on a terminal only.
type Bar struct {
	s     *Session
	what  string // "responses"
	total int64  // 0: unknown
	begun time.Time
	drawn time.Time // zero: nothing is on the screen
	shown bool
}

// Bar begins a bar of so many things, 0 if nobody knows.
func (s *Session) Bar(what string, total int64) *Bar {
	return &Bar{s: s, what: what, total: total, begun: s.Now(), shown: IsTerminal(s.Errs)}
}

const (
	barWidth = 30
	// barPause keeps drawing from costing more than the work.
	barPause = 100 * time.Millisecond
)

// To moves the bar.
func (b *Bar) To(done int64) {
	now := b.s.Now()
	if !b.shown || now.Sub(b.drawn) < barPause {
		return
	}
	b.drawn = now
	_, _ = fmt.Fprint(b.s.Errs, "\r"+b.line(done, now)+"\x1b[K")
}

func (b *Bar) line(done int64, now time.Time) string {
	if b.total <= 0 {
		return fmt.Sprintf("%d %s", done, b.what)
	}
	done = min(done, b.total)
	filled := int(done * barWidth / b.total)
	line := fmt.Sprintf("[%s%s] %3d%%  %d of %d %s",
		strings.Repeat("=", filled), strings.Repeat(" ", barWidth-filled), done*100/b.total, done, b.total, b.what)
	if took := now.Sub(b.begun); done > 0 && took > time.Second {
		line += fmt.Sprintf(", %s left", (took * time.Duration(b.total-done) / time.Duration(done)).Round(time.Second))
	}
	return line
}

// End takes the bar off the screen.
func (b *Bar) End() {
	if !b.drawn.IsZero() {
		_, _ = fmt.Fprint(b.s.Errs, "\r\x1b[K")
	}
}
