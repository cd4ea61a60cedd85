package spreadsheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
)

// book is an XLSX file.
type book struct {
	files  map[string]*zip.File
	left   int64    // bytes that may still be unpacked
	sheets []named  // in the order of the file
	from04 bool     // days are counted from 1904
	shared []string // texts that cells name by number
	styles []style  // of cells, by number
}

// packed reads an XLSX.
func packed(content []byte) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		b, err := open(content)
		if err != nil {
			yield(Row{}, err)
			return
		}
		part := ""
		for _, sheet := range slices.Backward(b.sheets) {
			if !sheet.hidden {
				part = sheet.part
			}
		}
		if part == "" {
			yield(Row{}, damaged("it holds no sheet"))
			return
		}
		b.rows(part, yield)
	}
}

// named is a sheet of a book.
type named struct {
	id, name, part string
	hidden         bool
}

func damaged(why string) error { return &Refusal{Reason: RefusedDamaged, cause: errors.New(why)} }

// open reads what stands around the sheet.
func open(content []byte) (*book, error) {
	if bytes.Count(content, []byte("PK\x01\x02")) > maxParts { // else each would take memory
		return nil, &Refusal{Reason: RefusedTooLarge}
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, &Refusal{Reason: RefusedDamaged, cause: err}
	}
	b := &book{files: map[string]*zip.File{}, left: unpacked(len(content))}
	for _, f := range archive.File {
		if f.Name == "mimetype" {
			return nil, &Refusal{Reason: RefusedOpenSheet}
		}
		b.files[strings.TrimPrefix(f.Name, "/")] = f
	}
	main, err := b.related("", "officeDocument")
	if err != nil {
		return nil, err
	}
	if len(main) == 0 {
		return nil, damaged("it holds no workbook")
	}
	if err := b.read(main[0].part); err != nil {
		return nil, err
	}
	return b, nil
}

// unpacked is what the parts of a file of so many bytes may be together: programs
// pack a sheet to a tenth or a twentieth, bombs to a thousandth.
func unpacked(size int) int64 { return int64(min(maxUnpacked, 4<<20+100*size)) }

// read reads a workbook.
func (b *book) read(workbook string) error {
	err := b.elements(workbook, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.from04 = isTrue(attribute(e, "date1904"))
		case "sheet":
			b.sheets = append(b.sheets, named{
				id: relation(e), name: attribute(e, "name"),
				hidden: strings.Contains(strings.ToLower(attribute(e, "state")), "hidden"),
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for kind, use := range map[string]func(target) error{
		"worksheet": func(t target) error {
			for i := range b.sheets {
				if b.sheets[i].id == t.id {
					b.sheets[i].part = t.part
				}
			}
			return nil
		},
		"sharedStrings": func(t target) error { return b.readShared(t.part) },
		"styles":        func(t target) error { return b.readStyles(t.part) },
	} {
		targets, err := b.related(workbook, kind)
		if err != nil {
			return err
		}
		for _, t := range targets {
			if err := use(t); err != nil {
				return err
			}
		}
	}
	b.sheets = slices.DeleteFunc(b.sheets, func(s named) bool { return s.part == "" }) // charts
	return nil
}

// relation is the id by which an element names another part.
func relation(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && strings.HasSuffix(a.Name.Space, "/relationships") {
			return a.Value
		}
	}
	return ""
}

// target is a part that another one names.
type target struct{ id, part string }

// related lists the parts of a kind that a part names; "" is the file itself.
func (b *book) related(part, kind string) ([]target, error) {
	folder, name := path.Split(part)
	var found []target
	err := b.elements(folder+"_rels/"+name+".rels", func(e xml.StartElement) error {
		if e.Name.Local == "Relationship" && path.Base(attribute(e, "Type")) == kind && attribute(e, "TargetMode") != "External" {
			to := attribute(e, "Target")
			if !strings.HasPrefix(to, "/") {
				to = "/" + path.Join(folder, to)
			}
			found = append(found, target{attribute(e, "Id"), strings.TrimPrefix(path.Clean(to), "/")})
		}
		return nil
	})
	return found, err
}

// part opens a part for reading; close ends it.
func (b *book) part(name string) (in *tokens, closing io.Closer, err error) {
	f := b.files[name]
	if f == nil {
		return nil, nil, damaged("it lacks the part " + name)
	}
	if f.Flags&1 != 0 { // encrypted
		return nil, nil, &Refusal{Reason: RefusedOldExcel}
	}
	opened, err := f.Open()
	if err != nil {
		return nil, nil, &Refusal{Reason: RefusedDamaged, cause: err}
	}
	return newTokens(opened, &b.left), opened, nil
}

func (b *book) elements(name string, start func(xml.StartElement) error) error {
	in, closing, err := b.part(name)
	if err != nil {
		return err
	}
	defer func() { _ = closing.Close() }() // it was read to its end, or given up
	return in.elements(start)
}

// readShared reads the texts that cells name by number.
func (b *book) readShared(name string) error {
	in, closing, err := b.part(name)
	if err != nil {
		return err
	}
	defer func() { _ = closing.Close() }() // as above
	size := 0
	for {
		token, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "si" {
			text, err := in.text()
			if err != nil {
				return err
			}
			if size += len(text) + 16; size > maxShared {
				return &Refusal{Reason: RefusedTooLarge}
			}
			b.shared = append(b.shared, text)
		}
	}
}

// text reads to the end of an element that was opened and gives its text: of its
// runs, without how it is pronounced.
func (t *tokens) text() (string, error) {
	var text strings.Builder
	aside, inside := 0, t.depth
	spoken := false
	for {
		token, err := t.next()
		if errors.Is(err, io.EOF) {
			return "", damaged("it is cut off")
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			spoken = token.Name.Local == "t"
			if token.Name.Local == "rPh" {
				aside = t.depth
			}
		case xml.CharData:
			if spoken && aside == 0 {
				text.Write(token)
			}
			if text.Len() > maxText {
				return "", &Refusal{Reason: RefusedTooLarge}
			}
		case xml.EndElement:
			spoken = false
			if t.depth < aside {
				aside = 0
			}
			if t.depth < inside {
				return unescaped(text.String()), nil
			}
		}
	}
}

func isTrue(text string) bool { return text == "1" || text == "true" }
