package qr

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"
)

// seal is a picture as emblems are: a disc in one colour that nothing else on a poster has.
func seal(t *testing.T, width, height int) Picture {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			dx, dy := 2*x-width, 2*y-height
			if dx*dx*height*height+dy*dy*width*width < width*width*height*height {
				img.Set(x, y, color.NRGBA{0, 160, 90, 255})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return Picture{Name: "emblem.abc.png", PNG: out.Bytes(), Width: width, Height: height}
}

// sealed is where the colour of the seal is on a page, in mm at 100 dots an inch.
func sealed(img image.Image) (x, y, width, height float64) {
	found := image.Rectangle{}
	for py := img.Bounds().Min.Y; py < img.Bounds().Max.Y; py++ {
		for px := img.Bounds().Min.X; px < img.Bounds().Max.X; px++ {
			if r, g, b, _ := img.At(px, py).RGBA(); r>>8 < 20 && g>>8 > 140 && b>>8 < 110 {
				found = found.Union(image.Rect(px, py, px+1, py+1))
			}
		}
	}
	mm := func(n int) float64 { return float64(n) * 25.4 / 100 }
	return mm(found.Min.X), mm(found.Min.Y), mm(found.Dx()), mm(found.Dy())
}

// The emblem stands on every size that has room, as it is shaped, and the code is read
// beside it; receipts have none, and neither has a poster whose names leave no room.
func TestEmblemOnPosters(t *testing.T) {
	t.Parallel()
	poster := samplePoster()
	poster.Emblem = seal(t, 200, 200)
	for format, most := range map[Format]float64{A4: 20, A5: 14.1, TentA4: 15, TentA5: 10.6, Stickers: 8} {
		document := printed(t, format, poster)
		img := pdfImage(t, document, 1, 100)
		if format == TentA4 || format == TentA5 {
			img = crop(img, 0, 50, 100, 100)
		} else if format == Stickers {
			img = crop(img, 0, 0, 50, 25)
		}
		_, _, width, height := sealed(img)
		if width < most-1 || width > most+1 || height < most-1 || height > most+1 {
			t.Errorf("%s: an emblem of %.1f by %.1f mm, want %.1f", format, width, height, most)
		}
		if text := pdfText(t, document); strings.Contains(text, "…") {
			t.Errorf("%s: something was cut:\n%s", format, text)
		}
		if format == A4 || format == A5 {
			if got := scanPage(t, document, 1); got != poster.URL {
				t.Errorf("%s: read %q", format, got)
			}
		}
		if folder := os.Getenv("SIPAS_SCREENSHOTS"); folder != "" {
			if err := os.WriteFile(folder+"/poster-"+string(format)+".pdf", document, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	wide := poster
	wide.Emblem = seal(t, 320, 64)
	if _, _, width, height := sealed(pdfImage(t, printed(t, A4, wide), 1, 100)); width < 4.5*height || width > 45 {
		t.Errorf("a wide one is %.1f by %.1f mm", width, height)
	}
	for _, format := range []Format{Slip58, Slip80} {
		if !bytes.Equal(printed(t, format, poster), printed(t, format, samplePoster())) {
			t.Errorf("%s has an emblem", format)
		}
	}
	full := longest()
	full.Emblem = poster.Emblem
	for _, format := range []Format{A4, TentA4, Stickers} {
		if _, _, width, _ := sealed(pdfImage(t, printed(t, format, full), 1, 100)); width > 0 {
			t.Errorf("%s: an emblem took room from names", format)
		}
	}
}

// However many posters show it, the emblem is in a file once.
func TestEmblemIsInAFileOnce(t *testing.T) {
	t.Parallel()
	posters := []Poster{posterOf(Counter, 1), posterOf(Counter, 2), posterOf(Kiosk, 3)}
	for i := range posters {
		posters[i].Emblem = seal(t, 200, 200)
	}
	document := printed(t, A4, posters...)
	if n := bytes.Count(document, []byte("/Subtype /Image")); n != 2 { // and its transparency
		t.Errorf("%d images", n)
	}
	if !bytes.Equal(document, printed(t, A4, posters...)) {
		t.Error("two prints differ")
	}
	archive, err := zip.NewReader(bytes.NewReader(printed(t, Drawings, posters...)), int64(len(printed(t, Drawings, posters...))))
	if err != nil {
		t.Fatal(err)
	}
	pictures, drawings := 0, 0
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case f.Name == posters[0].Emblem.Name && bytes.Equal(content, posters[0].Emblem.PNG):
			pictures++
		case bytes.Contains(content, []byte(`href="emblem.abc.png"`)):
			drawings++
		}
	}
	if pictures != 1 || drawings != len(posters) {
		t.Errorf("%d pictures for %d drawings", pictures, drawings)
	}
}
