package spreadsheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// rows gives the rows of a sheet.
func (b *book) rows(part string, yield func(Row, error) bool) {
	in, closing, err := b.part(part)
	if err != nil {
		yield(Row{}, err)
		return
	}
	defer func() { _ = closing.Close() }() // it was read to its end, or given up
	line := 0
	for {
		token, err := in.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "row" && err == nil {
			row := Row{Line: line + 1}
			if n, told := strconv.Atoi(attribute(e, "r")); told == nil {
				row.Line = n
			}
			if row.Line <= line {
				err = damaged("its rows are not in order")
			} else if row.Cells, err = b.cells(in); err == nil {
				line = row.Line
				if !yield(row, nil) {
					return
				}
			}
		}
		if err != nil {
			var refused *Refusal
			if errors.As(err, &refused) {
				refused.Line = line + 1
			}
			yield(Row{}, err)
			return
		}
	}
}

// cells reads to the end of a row.
func (b *book) cells(in *tokens) ([]Cell, error) {
	var cells []Cell
	inside, next := in.depth, 0
	for {
		token, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil, damaged("it is cut off")
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local != "c" {
				continue
			}
			at, told := columnOf(attribute(token, "r"))
			if !told {
				at = next
			}
			if at < next {
				return nil, damaged("its cells are not in order")
			}
			cell, err := b.cell(in, token)
			if err != nil {
				return nil, err
			}
			next = at + 1
			if cell.Text == "" {
				continue // people colour thousands of them
			}
			if at >= MaxColumns {
				return nil, &Refusal{Reason: RefusedTooWide}
			}
			for len(cells) < at {
				cells = append(cells, Cell{})
			}
			cells = append(cells, cell)
		case xml.EndElement:
			if in.depth < inside {
				return cells, nil
			}
		}
	}
}

// columnOf reads the letters of "B12": 1.
func columnOf(place string) (column int, ok bool) {
	letters := strings.TrimRight(place, "0123456789")
	if letters == "" || len(letters) > 3 {
		return 0, false
	}
	for _, r := range letters {
		if r < 'A' || r > 'Z' {
			return 0, false
		}
		column = column*26 + int(r-'A') + 1
	}
	return column - 1, true
}

// cell reads to the end of a cell. Of a formula it is what came of it when the file
// was saved.
func (b *book) cell(in *tokens, c xml.StartElement) (Cell, error) {
	value, inline, inside := "", "", in.depth
	valued := false
	for in.depth >= inside {
		token, err := in.next()
		if errors.Is(err, io.EOF) {
			return Cell{}, damaged("it is cut off")
		}
		if err != nil {
			return Cell{}, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			valued = token.Name.Local == "v"
			if token.Name.Local == "is" {
				if inline, err = in.text(); err != nil {
					return Cell{}, err
				}
			}
		case xml.CharData:
			if valued {
				value += string(token)
			}
			if len(value) > maxText {
				return Cell{}, &Refusal{Reason: RefusedTooLarge}
			}
		case xml.EndElement:
			valued = false
		}
	}
	return b.value(attribute(c, "t"), attribute(c, "s"), value, inline)
}

// value is what a cell of a type and a style holds.
func (b *book) value(kind, styled, value, inline string) (Cell, error) {
	switch kind {
	case "inlineStr":
		return Cell{Text: inline}, nil
	case "s":
		at, err := strconv.Atoi(value)
		if err != nil || at < 0 || at >= len(b.shared) {
			return Cell{}, damaged("a cell names a text that is not there")
		}
		return Cell{Text: b.shared[at]}, nil
	case "str":
		return Cell{Text: unescaped(value)}, nil
	case "b":
		if isTrue(value) {
			return Cell{Text: "TRUE"}, nil
		}
		return Cell{Text: "FALSE"}, nil
	case "e":
		return Cell{value, Fault}, nil
	case "d":
		day, _, _ := strings.Cut(value, "T")
		return Cell{day, Day}, nil
	}
	if value == "" {
		return Cell{}, nil
	}
	s := style{}
	if at, err := strconv.Atoi(styled); err == nil && at >= 0 && at < len(b.styles) {
		s = b.styles[at]
	}
	return s.shown(value, b.from04), nil
}
