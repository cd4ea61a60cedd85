package qr

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
)

// TestAFloodOfSizesIsBounded: whoever asks for every side at once, many times,
// has each image drawn once; and what is kept stays within the bound, also when
// more is asked for than fits.
func TestAFloodOfSizesIsBounded(t *testing.T) {
	t.Parallel()
	m := NewImages(1 << 20)
	var crowd sync.WaitGroup
	for range 8 {
		crowd.Go(func() {
			for pixels := 1; pixels <= 1200; pixels += 7 {
				if _, err := m.PNG("https://a.vn/q/7K3MQ9TB", Side(pixels)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	crowd.Wait()
	if drawn := m.drawn; drawn != len(Sides()) {
		t.Errorf("%d images were drawn, want %d", drawn, len(Sides()))
	}
	const most = 5000
	small := NewImages(most)
	for i := range 50 {
		image, err := small.PNG(fmt.Sprintf("https://a.vn/q/%d", i), 100)
		if err != nil || len(image.Content) == 0 {
			t.Fatal(err)
		}
		if size := small.size; size > most || size == 0 || len(small.kept) != len(small.order) {
			t.Fatalf("%d bytes are kept in %d images, at most %d", size, len(small.kept), most)
		}
	}
	again, err := small.PNG("https://a.vn/q/0", 100)
	plain, _ := PNG("https://a.vn/q/0", 100)
	if err != nil || !bytes.Equal(again.Content, plain) {
		t.Errorf("drawn again it is another image, %v", err)
	}
	if drawn := small.drawn; drawn != 51 {
		t.Errorf("%d were drawn, want the first again", drawn)
	}
}

func TestSide(t *testing.T) {
	t.Parallel()
	for pixels, want := range map[int]int{1: 100, 100: 100, 101: 200, 500: 600, 600: 600, 1200: 1200, 1201: 0} {
		if got := Side(pixels); got != want {
			t.Errorf("%d: %d, want %d", pixels, got, want)
		}
	}
}
