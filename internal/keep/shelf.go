// Package keep keeps what is dear to make, within so many bytes, and has it made once
// however many ask for it at the same time.
package keep

import "sync"

// Shelf keeps values of so many bytes together. Where room is needed, what was
// not asked for longest goes. It is safe for concurrent use.
type Shelf[K comparable, V any] struct {
	most int

	mu    sync.Mutex
	bytes int
	turn  int64
	kept  map[K]*kept[V]
}

type kept[V any] struct {
	value V
	bytes int
	used  int64 // the turn in which it was asked for last
}

// NewShelf makes an empty shelf for so many bytes.
func NewShelf[K comparable, V any](most int) *Shelf[K, V] {
	return &Shelf[K, V]{most: most, kept: map[K]*kept[V]{}}
}

// Find gives what is kept at a key.
func (s *Shelf[K, V]) Find(key K) (value V, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.kept[key]
	if !ok {
		return value, false
	}
	s.turn++
	k.used = s.turn
	return k.value, true
}

// Keep puts a value of so many bytes in the place of the one before.
func (s *Shelf[K, V]) Keep(key K, value V, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(key)
	if bytes > s.most {
		return
	}
	for s.bytes+bytes > s.most {
		s.drop(s.oldest())
	}
	s.turn++
	s.kept[key] = &kept[V]{value, bytes, s.turn}
	s.bytes += bytes
}

func (s *Shelf[K, V]) drop(key K) {
	if k, ok := s.kept[key]; ok {
		s.bytes -= k.bytes
		delete(s.kept, key)
	}
}

func (s *Shelf[K, V]) oldest() (key K) {
	first := s.turn + 1
	for k, v := range s.kept {
		if v.used < first {
			key, first = k, v.used
		}
	}
	return key
}
