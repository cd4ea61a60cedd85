// Package varint is whole numbers one after another, each in as few bytes as it needs.
package varint

import (
	"encoding/binary"
	"errors"
)

// Numbers are numbers that are written, or what is left of them to read. Of what is
// damaged zeros are read, and End says so.
type Numbers struct {
	bytes  []byte
	broken bool
}

// Of are numbers to read.
func Of(written []byte) *Numbers { return &Numbers{bytes: written} }

// Bytes are what was written.
func (n *Numbers) Bytes() []byte { return n.bytes }

// Add writes numbers.
func (n *Numbers) Add(values ...int64) {
	for _, v := range values {
		n.bytes = binary.AppendVarint(n.bytes, v)
	}
}

// AddList writes how many numbers there are, and them.
func (n *Numbers) AddList(values []int64) {
	n.Add(int64(len(values)))
	n.Add(values...)
}

// AddText writes a text.
func (n *Numbers) AddText(s string) {
	n.Add(int64(len(s)))
	n.bytes = append(n.bytes, s...)
}

// Next reads a number.
func (n *Numbers) Next() int64 {
	v, size := binary.Varint(n.bytes)
	if size <= 0 {
		n.broken, n.bytes = true, nil
		return 0
	}
	n.bytes = n.bytes[size:]
	return v
}

// Length is how many of something follow, which takes at least a byte for each.
func (n *Numbers) Length() int {
	v := n.Next()
	if v < 0 || v > int64(len(n.bytes)) {
		n.broken, n.bytes = true, nil
		return 0
	}
	return int(v)
}

// Into reads as many numbers as there is room for.
func (n *Numbers) Into(values []int64) {
	for i := range values {
		values[i] = n.Next()
	}
}

// List reads what AddList wrote.
func (n *Numbers) List() []int64 {
	values := make([]int64, n.Length())
	n.Into(values)
	return values
}

// Text reads what AddText wrote.
func (n *Numbers) Text() string {
	size := n.Length()
	text := string(n.bytes[:size])
	n.bytes = n.bytes[size:]
	return text
}

// End is an error if what was read was damaged, or if something is left.
func (n *Numbers) End() error {
	if n.broken || len(n.bytes) > 0 {
		return errors.New("it is damaged")
	}
	return nil
}
