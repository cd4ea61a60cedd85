package qr

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"

	"codeberg.org/go-pdf/fpdf"

	"sipas/internal/typeset"
)

// WritePosters writes posters in their order: one PDF, or a ZIP where they are several
// files (see Format.File). Symbols are drawn as shapes, and the fonts of a PDF are
// embedded once, cut down to the letters used. All posters are checked before the first
// byte is written; the error names the position of the first bad one and wraps ErrURL.
func WritePosters(w io.Writer, sheet Sheet, posters []Poster) error {
	if len(posters) == 0 {
		return ErrNoPosters
	}
	if _, err := ParseFormat(string(sheet.Format)); err != nil {
		return err
	}
	for i, p := range posters {
		if err := p.check(); err != nil {
			return fmt.Errorf("poster %d of %d (%s): %w", i+1, len(posters), typeset.Plain(p.Point), err)
		}
	}
	made := 0
	progress := sheet.Progress
	sheet.Progress = func(int) error {
		if made++; progress == nil {
			return nil
		}
		return progress(made)
	}
	var err error
	if sheet.Format.zipped(len(posters)) {
		err = writeZIP(w, sheet, posters)
	} else {
		err = writePDF(w, sheet, posters)
	}
	if err != nil {
		return fmt.Errorf("write posters: %w", err)
	}
	return nil
}

func (p Poster) check() error {
	if len(p.ShortURL) > MaxURL {
		return fmt.Errorf("%w: its short form has %d bytes, at most %d", ErrURL, len(p.ShortURL), MaxURL)
	}
	return checkURL(p.URL)
}

// writePDF writes a document with all of them.
func writePDF(w io.Writer, sheet Sheet, posters []Poster) error {
	doc := newDocument(sheet)
	for i, poster := range posters {
		grid, err := modules(poster.URL, sheet.Format.level())
		if err != nil {
			return err
		}
		printer{doc, page{doc, measure{doc.pen}}}.print(sheet.Format, poster, grid, i, len(posters))
		if err := sheet.Progress(i + 1); err != nil {
			return err
		}
	}
	return doc.pdf.Output(w)
}

// printer puts posters on the pages of a document.
type printer struct {
	onPDF
	page page
}

// print prints the i-th of some posters.
func (p printer) print(format Format, poster Poster, grid [][]bool, i, of int) {
	scaled := func(draw func()) {
		p.pdf.AddPage()
		p.within(func() { p.pdf.TransformScale(100*format.scale(), 100*format.scale(), 0, 0) }, draw)
	}
	switch format {
	case A4, A5, Drawings:
		scaled(func() { p.page.draw(poster, grid) })
	case TentA4, TentA5:
		scaled(func() {
			face := func() { p.page.tentFace(poster, grid) }
			p.within(func() { p.pdf.TransformRotate(180, middle, faceHeight/2) }, face)
			p.within(func() { p.pdf.TransformTranslate(0, faceHeight) }, face)
			for _, x := range []float64{6, paperWidth - 10} { // where to fold
				p.page.line(x, faceHeight, x+4, faceHeight, 0.2, muted)
			}
		})
	case Stickers:
		if i%stickersOnPage == 0 {
			p.pdf.AddPage()
		}
		p.page.sticker(poster, grid, i%stickersOnPage)
		for n := 1; of == 1 && n < stickersOnPage; n++ {
			p.page.sticker(poster, grid, n)
		}
	case Slip58, Slip80:
		width := 58.0
		if format == Slip80 {
			width = 80
		}
		s := p.page.slip(poster, grid, width)
		p.pdf.AddPageFormat("P", fpdf.SizeType{Wd: width, Ht: s.height()})
		s.draw(grid)
	}
}

// writeZIP writes a file for each poster, or for as many as a document has.
func writeZIP(w io.Writer, sheet Sheet, posters []Poster) error {
	archive := zip.NewWriter(w)
	add := func(name string) (io.Writer, error) {
		return archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: sheet.Made.UTC()})
	}
	write := writeVolumes
	if sheet.Format == Drawings {
		write = writeDrawings
	}
	if err := write(add, sheet, posters); err != nil {
		return err
	}
	return archive.Close()
}

func writeVolumes(add func(name string) (io.Writer, error), sheet Sheet, posters []Poster) error {
	from := 1
	for some := range slices.Chunk(posters, together) {
		file, err := add(fmt.Sprintf("ma-qr-%s-%05d-%05d.pdf", sheet.Format, from, from+len(some)-1))
		if err == nil {
			err = writePDF(file, sheet, some)
		}
		if err != nil {
			return err
		}
		from += len(some)
	}
	return nil
}

func writeDrawings(add func(name string) (io.Writer, error), sheet Sheet, posters []Poster) error {
	fonts, pictures := newDocument(sheet), map[string]bool{}
	for i, poster := range posters {
		if p := poster.Emblem; p.PNG != nil && !pictures[p.Name] {
			pictures[p.Name] = true
			file, err := add(p.Name)
			if err == nil {
				_, err = file.Write(p.PNG)
			}
			if err != nil {
				return err
			}
		}
		grid, err := modules(poster.URL, sheet.Format.level())
		if err != nil {
			return err
		}
		drawing := newDrawing(paperWidth, paperHeight, poster.Point)
		page{drawing, measure{fonts.pen}}.draw(poster, grid)
		file, err := add(poster.File + ".svg")
		if err == nil {
			_, err = file.Write(drawing.end())
		}
		if err == nil {
			err = sheet.Progress(i + 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
