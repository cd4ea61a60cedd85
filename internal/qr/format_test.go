package qr

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"

	"sipas/internal/typeset"
)

// crop is a part of a page, in hundredths of its width and height.
func crop(img image.Image, x1, y1, x2, y2 int) image.Image {
	b := img.Bounds()
	return img.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(image.Rect(b.Dx()*x1/100, b.Dy()*y1/100, b.Dx()*x2/100, b.Dy()*y2/100))
}

// upright is a picture in memory of its own, turned by half if it stands on its head.
func upright(img image.Image, turned bool) image.Image {
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			from := image.Pt(b.Min.X+x, b.Min.Y+y)
			if turned {
				from = image.Pt(b.Max.X-1-x, b.Max.Y-1-y)
			}
			out.Set(x, y, img.At(from.X, from.Y))
		}
	}
	return out
}

// scanPart reads the code in a part of a page, as scanPage does.
func scanPart(t *testing.T, document []byte, page int, part func(image.Image) image.Image) string {
	t.Helper()
	var problem error
	for _, dots := range []int{110, 150, 190, 240, 300} {
		text, err := decode(part(pdfImage(t, document, page, dots)), gozxing.DecodeHintType_TRY_HARDER)
		if err == nil {
			return text
		}
		problem = err
	}
	t.Errorf("page %d cannot be scanned: %v", page, problem)
	return ""
}

func posterOf(kind Kind, n int) Poster {
	p := samplePoster()
	p.Kind, p.Agency, p.Notice = kind, longAgency, synthetic
	p.Point = fmt.Sprintf("Quầy %d – Tiếp nhận hồ sơ và trả kết quả giải quyết thủ tục hành chính lĩnh vực đăng ký đất đai, tài sản gắn liền với đất", n)
	p.URL = fmt.Sprintf("https://danhgia.tinh.gov.vn/q/7K3M%04d", n)
	p.File = fmt.Sprintf("so-tnmt-%d", n)
	return p
}

// Both faces of a table tent are read from where they stand, also with the longest
// names, and nothing is near where printers leave white.
func TestTentsAreReadFromBothSides(t *testing.T) {
	t.Parallel()
	for format, posters := range map[Format][]Poster{TentA4: {samplePoster(), longest()}, TentA5: {posterOf(Kiosk, 1)}} {
		document := printed(t, format, posters...)
		for i, poster := range posters {
			for _, turned := range []bool{true, false} {
				got := scanPart(t, document, i+1, func(img image.Image) image.Image {
					if turned {
						return upright(crop(img, 0, 0, 100, 50), true)
					}
					return upright(crop(img, 0, 50, 100, 100), false)
				})
				if got != poster.URL {
					t.Errorf("%s, page %d, turned %v: phone reads %q", format, i+1, turned, got)
				}
			}
		}
		empty(t, document, 1, 10.0/210)
	}
}

// Eight counters are on a page of stickers, each with its own code in its own place; one
// counter alone fills the page.
func TestStickers(t *testing.T) {
	t.Parallel()
	var posters []Poster
	for n := range 9 {
		posters = append(posters, posterOf(Kinds()[n%3], n))
	}
	posters[3] = samplePoster()
	posters[4] = longest()
	place := func(n int) func(image.Image) image.Image {
		return func(img image.Image) image.Image {
			return upright(crop(img, 50*(n%2), 25*(n/2), 50*(n%2)+50, 25*(n/2)+25), false)
		}
	}
	many := printed(t, Stickers, posters...)
	for n, poster := range posters {
		if got := scanPart(t, many, n/8+1, place(n%8)); got != poster.URL {
			t.Errorf("sticker %d: phone reads %q, want %q", n, got, poster.URL)
		}
	}
	one := printed(t, Stickers, samplePoster())
	for _, n := range []int{0, 7} {
		if got := scanPart(t, one, 1, place(n)); got != sampleURL {
			t.Errorf("sticker %d of one counter: phone reads %q", n, got)
		}
	}
	if pages := bytes.Count(one, []byte("/Type /Page\n")); pages != 1 {
		t.Errorf("%d pages of one counter", pages)
	}
}

// Slips are as long as what they say, in black, and as narrow as their paper.
func TestSlipsFitTheirPaper(t *testing.T) {
	t.Parallel()
	for format, width := range map[Format]float64{Slip58: 58, Slip80: 80} {
		posters := []Poster{samplePoster(), posterOf(Online, 1), longest()}
		document := printed(t, format, posters...)
		text := strings.Split(pdfText(t, document), "\f")
		for i, poster := range posters {
			if got := scanPage(t, document, i+1); got != poster.URL {
				t.Errorf("%s, page %d: phone reads %q", format, i+1, got)
			}
			img := pdfImage(t, document, i+1, 203)
			if got := float64(img.Bounds().Dx()) / 203 * 25.4; got < width-0.5 || got > width+0.5 {
				t.Errorf("%s: %.1f mm wide", format, got)
			}
			empty(t, document, i+1, (slipMargin-0.5)/width)
		}
		if !strings.Contains(strings.Join(strings.Fields(text[1]), " "), "Ông/bà có hài lòng với dịch vụ công trực tuyến không?") {
			t.Errorf("%s: a service online is asked about as a counter:\n%s", format, text[1])
		}
	}
}

// empty finds ink within a part of the page's width from its edges.
func empty(t *testing.T, document []byte, page int, part float64) {
	t.Helper()
	img := pdfImage(t, document, page, 100)
	b := img.Bounds()
	safe := b.Inset(int(float64(b.Dx()) * part))
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := img.At(x, y).RGBA(); !(image.Point{X: x, Y: y}).In(safe) && min(r, g, bl) < 0xc000 && !fold(y, b) {
				t.Fatalf("page %d: ink at %d,%d of %v", page, x, y, b)
			}
		}
	}
}

// fold tells whether a row of pixels is where a tent is folded.
func fold(y int, b image.Rectangle) bool { return y > b.Dy()*49/100 && y < b.Dy()*51/100 }

// Each counter is a picture of its own, named by its agency and its code: an XML
// document whose symbol is read and whose texts stay on the page in any font.
func TestDrawings(t *testing.T) {
	t.Parallel()
	posters := []Poster{samplePoster(), longest(), posterOf(Kiosk, 3)}
	posters[0].File, posters[0].Point = "so-tnmt-7K3MQ9TD", `Quầy <3> & "một cửa"`
	posters[1].File = "dai-nhat"
	content := printed(t, Drawings, posters...)
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(archive.File) != len(posters) {
		t.Fatalf("%d files: %v", len(archive.File), err)
	}
	for i, file := range archive.File {
		if want := posters[i].File + ".svg"; file.Name != want {
			t.Errorf("file %q, want %q", file.Name, want)
		}
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		picture := must(io.ReadAll(r))(t)
		var doc struct {
			Title string `xml:"title"`
			Text  []struct {
				X     float64 `xml:"x,attr"`
				Y     float64 `xml:"y,attr"`
				Width float64 `xml:"textLength,attr"`
				Says  string  `xml:",chardata"`
			} `xml:"text"`
			Path []struct {
				D         string `xml:"d,attr"`
				Transform string `xml:"transform,attr"`
			} `xml:"path"`
		}
		if err := xml.Unmarshal(picture, &doc); err != nil {
			t.Fatalf("%s: %v", file.Name, err)
		}
		if doc.Title != typeset.Plain(posters[i].Point) {
			t.Errorf("%s is called %q", file.Name, doc.Title)
		}
		for _, text := range doc.Text {
			if text.X < margin-0.1 || text.X+text.Width > paperWidth-margin+0.1 || text.Y < margin || text.Y > paperHeight-margin {
				t.Errorf("%s: %q leaves the page: %v", file.Name, text.Says, text)
			}
		}
		side := len(must(modules(posters[i].URL, printLevel))(t))
		grid := make([][]bool, side)
		for y := range grid {
			grid[y] = make([]bool, side)
		}
		for _, path := range doc.Path {
			if path.Transform == "" {
				continue
			}
			for part := range strings.SplitSeq(strings.TrimPrefix(path.D, "M"), "M") {
				var x, y, width int
				if _, err := fmt.Sscanf(part, "%d %dh%dv1", &x, &y, &width); err != nil {
					t.Fatal(strconv.Quote(part), err)
				}
				for n := range width {
					grid[y][x+n] = true
				}
			}
		}
		if got := scan(t, raster(grid)); got != posters[i].URL {
			t.Errorf("%s: phone reads %q", file.Name, got)
		}
	}
}

// Posters of thousands of counters are documents of 500 in a ZIP, and each is told.
func TestManyPostersAreSeveralDocuments(t *testing.T) {
	t.Parallel()
	posters := make([]Poster, together+1)
	for i := range posters {
		posters[i] = Poster{URL: fmt.Sprintf("https://danhgia.tinh.gov.vn/q/7K3M%04d", i), Code: "7K3M-Q9TD"}
	}
	var content bytes.Buffer
	told := 0
	err := WritePosters(&content, Sheet{Format: Slip58, Made: made, Progress: func(n int) error {
		if told++; n != told {
			t.Errorf("told of %d posters after %d", n, told-1)
		}
		return nil
	}}, posters)
	if err != nil || told != len(posters) {
		t.Fatalf("told of %d posters: %v", told, err)
	}
	archive := must(zip.NewReader(bytes.NewReader(content.Bytes()), int64(content.Len())))(t)
	for i, want := range []string{"ma-qr-slip-58-00001-00500.pdf", "ma-qr-slip-58-00501-00501.pdf"} {
		if i >= len(archive.File) || archive.File[i].Name != want {
			t.Fatalf("files %v, want %q", archive.File, want)
		}
	}
	r, err := archive.File[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	if got := scanPage(t, must(io.ReadAll(r))(t), 1); got != posters[together].URL {
		t.Errorf("the last one reads %q", got)
	}
}
