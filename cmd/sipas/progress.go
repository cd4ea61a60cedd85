package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
)

// terminal tells whether a stream is a person's screen or keyboard.
func terminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}

// bar shows how far long work has come, on a terminal only.
type bar struct {
	s     *session
	what  string // "responses"
	total int64  // 0: unknown
	begun time.Time
	drawn time.Time // zero: nothing is on the screen
	shown bool
}

// bar begins a bar of so many things, 0 if nobody knows.
func (s *session) bar(what string, total int64) *bar {
	return &bar{s: s, what: what, total: total, begun: s.now(), shown: terminal(s.errs)}
}

const (
	barWidth = 30
	// barPause keeps drawing from costing more than the work.
	barPause = 100 * time.Millisecond
)

// to moves the bar.
func (b *bar) to(done int64) {
	now := b.s.now()
	if !b.shown || now.Sub(b.drawn) < barPause {
		return
	}
	b.drawn = now
	_, _ = fmt.Fprint(b.s.errs, "\r"+b.line(done, now)+"\x1b[K")
}

func (b *bar) line(done int64, now time.Time) string {
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

// end takes the bar off the screen.
func (b *bar) end() {
	if !b.drawn.IsZero() {
		_, _ = fmt.Fprint(b.s.errs, "\r\x1b[K")
	}
}
