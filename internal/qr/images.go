package qr

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
)

// Sides are the sides of a PNG that Images draws, in pixels. What is larger is
// printed from the SVG or the poster.
func Sides() []int { return []int{100, 200, 300, 400, 600, 800, 1200} }

// Side is the smallest of Sides that is not below pixels, or 0 if there is none.
func Side(pixels int) int {
	for _, side := range Sides() {
		if pixels <= side {
			return side
		}
	}
	return 0
}

// Images draws QR images once and keeps them, for anybody may ask for them and
// drawing one takes milliseconds. There are as many as addresses have sides; what
// they take is bounded, and one is drawn at a time, so that a flood of requests
// costs no more than one processor and that much memory. It is safe for
// concurrent use.
type Images struct {
	most int // bytes

	drawing sync.Mutex
	mu      sync.Mutex
	kept    map[imageKey]Image // guarded by mu, like those below
	order   []imageKey         // the oldest first
	size    int                // bytes of all kept
	drawn   int
}

// imageKey is what an image depends on; the side of an SVG is 0.
type imageKey struct {
	address, title string
	side           int
}

// Image is a drawn image with its tag, which changes with it.
type Image struct {
	Content []byte
	ETag    string
}

// NewImages keeps images of at most so many bytes together.
func NewImages(most int) *Images { return &Images{most: most, kept: map[imageKey]Image{}} }

// PNG is PNG, drawn once. side is one of Sides.
func (m *Images) PNG(address string, side int) (Image, error) {
	return m.get(imageKey{address: address, side: side}, func() ([]byte, error) { return PNG(address, side) })
}

// SVG is SVG, drawn once.
func (m *Images) SVG(address, title string) (Image, error) {
	return m.get(imageKey{address: address, title: title}, func() ([]byte, error) { return SVG(address, title) })
}

func (m *Images) get(key imageKey, draw func() ([]byte, error)) (Image, error) {
	if image, ok := m.look(key); ok {
		return image, nil
	}
	m.drawing.Lock()
	defer m.drawing.Unlock()
	if image, ok := m.look(key); ok { // drawn while this one waited
		return image, nil
	}
	content, err := draw()
	if err != nil {
		return Image{}, err
	}
	sum := sha256.Sum256(content)
	image := Image{Content: content, ETag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	m.keep(key, image)
	return image, nil
}

func (m *Images) look(key imageKey) (Image, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	image, ok := m.kept[key]
	return image, ok
}

// overhead is about what an image takes beside its content, in bytes.
const overhead = 300

func (m *Images) keep(key imageKey, image Image) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drawn++
	m.kept[key] = image
	m.order = append(m.order, key)
	m.size += len(image.Content) + overhead
	gone := 0
	for ; m.size > m.most; gone++ {
		m.size -= len(m.kept[m.order[gone]].Content) + overhead
		delete(m.kept, m.order[gone])
	}
	m.order = slices.Delete(m.order, 0, gone)
}
