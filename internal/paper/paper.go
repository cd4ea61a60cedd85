// Package paper makes the sheet of a survey that people fill in with a pen: a PDF of A4
// pages in one language.
package paper

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"sipas/internal/agency"
	"sipas/internal/message"
	"sipas/internal/qr"
	"sipas/internal/survey"
	"sipas/internal/typeset"
)

// Form is what a sheet asks, and whose it is.
type Form struct {
	Version  *survey.Version
	Language string          // of the survey
	Words    message.Printer // in that language, or else in Vietnamese
	Channel  agency.Channel  // by which the sheet comes back; "": on paper
	Counter  *Counter        // nil for a sheet of any counter
	Made     time.Time       // what the file says
	Fonts    *typeset.Fonts
	Notice   string // white on red above everything, for sheets that nobody must fill in
}

// Counter is whose sheet it is.
type Counter struct {
	Head, Agency, Name, Place string
	Code                      string // grouped for reading
	URL                       string // what the symbol holds
	Open                      bool   // whoever scans it may answer there
	Hotline                   string // "" if there is none
	Fields                    []agency.ServiceField
}

// ErrLanguage says that the survey is not in the language that was asked for.
var ErrLanguage = errors.New("the survey is not in this language")

// Unwritable says which characters no font has. Nothing is printed then: a question with
// gaps is another question.
type Unwritable struct{ Characters []rune }

// Error names them.
func (u *Unwritable) Error() string {
	return fmt.Sprintf("no font has the characters %s: install one (Debian: fonts-noto-core) or name its folder with --fonts", string(u.Characters))
}

// Write writes the sheet. The same form makes the same bytes.
func Write(w io.Writer, f Form) error {
	if !slices.Contains(f.Version.Definition.Languages, f.Language) {
		return fmt.Errorf("%w: %q", ErrLanguage, f.Language)
	}
	s := laidOut(f)
	if len(s.missing) > 0 {
		return &Unwritable{s.missing}
	}
	return s.write(w, s.foot)
}

// sheet is what the pages say.
type sheet struct {
	*leaves
	form    Form
	numbers map[string]string // of questions
}

func newSheet(f Form) *sheet {
	return &sheet{newLeaves(newDocument(f), f.Fonts), f, f.Version.Numbers()}
}

// Lacks lists the characters of a sheet that no font has, for which there is no sheet.
func Lacks(f Form) []rune { return laidOut(f).missing }

// laidOut is the sheet before it is drawn.
func laidOut(f Form) *sheet {
	if f.Channel == "" {
		f.Channel = agency.ChannelPaper
	}
	s := newSheet(f)
	s.head()
	s.questions()
	s.together(s.end)
	return s
}

func newDocument(f Form) *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCatalogSort(true) // otherwise fonts come in the order of a map
	pdf.SetCreationDate(f.Made.UTC())
	pdf.SetModificationDate(f.Made.UTC())
	pdf.SetProducer("SIPAS Một Cửa", true)
	pdf.SetTitle(f.Version.Definition.Title.In(f.Language)+" ("+f.Version.Name()+")", true)
	pdf.SetLang(f.Language)
	return pdf
}

// head is who asks, what, and how it is answered.
func (s *sheet) head() {
	f, d, c := s.form, s.form.Version.Definition, s.form.Counter
	if f.Notice != "" {
		notice := s.set(f.Notice, typeset.Style{Bold: true, Size: 10, Ink: white}, column-6)
		s.place(notice.height+5, func(y float64) {
			s.fill(margin, y, column, notice.height+2, alarm)
			notice.draw(margin+3, y+1)
		})
	}
	const symbol, gap = 27.0, 5.0
	width := column - symbol - gap
	var lines []set
	say := func(text string, bold bool, size float64, c [3]int) {
		if text != "" {
			lines = append(lines, s.spill(s.set(text, typeset.Style{Bold: bold, Size: size, Ink: c}, width), margin))
		}
	}
	inside, below := f.Version.Name(), f.Version.Name()
	if c != nil {
		say(c.Head, false, 9, muted)
		say(c.Agency, true, 10, dark)
		say(c.Name, true, 10, dark)
		say(c.Place, false, 9, muted)
		inside, below = c.URL, c.Code
	}
	lines = append(lines, set{height: 2})
	say(d.Title.In(f.Language), true, 16, dark)
	say(f.Words.T("paper.version", "version", f.Version.Name()), false, 9, muted)
	code := s.set(below, typeset.Style{Bold: true, Size: 8.5, Ink: dark}, symbol+gap)
	phone := set{}
	if c != nil && c.Open {
		phone = s.set(f.Words.T("paper.by-phone"), typeset.Style{Size: 7.5, Ink: muted}, symbol+gap)
	}
	height := 0.0
	for _, l := range lines {
		height += l.height
	}
	s.place(max(height, symbol+code.height+phone.height)+3, func(y float64) {
		s.failed(qr.OnPage(s.pdf, inside, margin+column-symbol, y, symbol))
		code.centred(margin+column-symbol/2, y+symbol)
		phone.centred(margin+column-symbol/2, y+symbol+code.height)
		for _, l := range lines {
			l.draw(margin, y)
			y += l.height
		}
	})
	for _, text := range []string{d.Intro.In(f.Language), f.Words.T("paper.anonymous"), f.Words.T("paper.how")} {
		s.paragraph(text, typeset.Style{Size: 10, Ink: dark}, 1.5)
	}
	s.office()
}

// office is what staff write: when the sheet was filled in, its number, and whose counter
// it is where nobody knows yet.
func (s *sheet) office() {
	words := s.form.Words
	parts := []struct {
		text  string
		width float64
	}{{words.T("paper.day"), 34}, {words.T("paper.number"), 24}, {words.T("paper.counter"), 0}}
	if s.form.Counter != nil {
		parts = parts[:2]
	}
	s.place(13, func(y float64) {
		s.fill(margin, y, column, 10, ground)
		x := margin + 3
		for _, part := range parts {
			label := s.set(part.text, typeset.Style{Size: 9, Ink: dark}, column)
			label.draw(x, y+3)
			x += label.width + 2
			width := part.width
			if width == 0 {
				width = margin + column - 3 - x
			}
			s.rule(x, y+7.5, width, dark)
			x += width + 6
		}
	})
}

// end thanks, and says what becomes of the sheet.
func (s *sheet) end() {
	lines := []string{s.form.Words.T("paper.return")}
	if c := s.form.Counter; c != nil && c.Hotline != "" {
		lines = append(lines, s.form.Words.T("paper.hotline", "number", c.Hotline))
	}
	thanks := s.set(s.form.Words.T("thanks.title"), typeset.Style{Bold: true, Size: 12, Ink: dark}, column)
	s.place(4, func(y float64) { s.rule(margin, y+2, column, line) })
	s.place(thanks.height+1, func(y float64) { thanks.draw(margin, y) })
	for _, text := range lines {
		s.paragraph(text, typeset.Style{Size: 10, Ink: dark}, 0.5)
	}
}

// foot says on every page which survey it is of: pages part.
func (s *sheet) foot(page, pages int) {
	style := typeset.Style{Size: 8, Ink: muted}
	s.rule(margin, footLine-4, column, line)
	s.pen.Write(margin, footLine, s.form.Version.Name()+" · "+s.form.Language, style)
	number := s.form.Words.T("paper.page", "page", page, "pages", pages)
	s.pen.Write(margin+column-s.pen.Width(number, style), footLine, number, style)
}
