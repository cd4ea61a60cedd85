package qr

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"
)

const sampleURL = "https://danhgia.tinh.gov.vn/q/7K3MQ9TD"

func TestPNGHoldsTheAddress(t *testing.T) {
	t.Parallel()
	for _, pixels := range []int{64, 100, 256, 333, 1024} {
		img := decodePNG(t, must(PNG(sampleURL, pixels))(t))
		if got := img.Bounds().Size(); got != (image.Point{X: pixels, Y: pixels}) {
			t.Errorf("side %d: image is %v", pixels, got)
		}
		if got := scan(t, img); got != sampleURL {
			t.Errorf("side %d: phone reads %q", pixels, got)
		}
	}
}

func TestPNGModulesAreWholePixels(t *testing.T) {
	t.Parallel()
	grid := must(modules(sampleURL, printLevel))(t)
	side := 5*len(grid) + 4 // four pixels left over, two on each side
	img := decodePNG(t, must(PNG(sampleURL, side))(t))
	for y := range side {
		for x := range side {
			my, mx := (y-2)/5, (x-2)/5
			want := y >= 2 && x >= 2 && my < len(grid) && mx < len(grid) && grid[my][mx]
			if got := isBlack(img.At(x, y)); got != want {
				t.Fatalf("pixel %d,%d: black is %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestPNGSideOutOfRange(t *testing.T) {
	t.Parallel()
	smallest := len(must(modules(sampleURL, printLevel))(t))
	must(PNG(sampleURL, smallest))(t)
	must(PNG(sampleURL, MaxPixels))(t)
	for _, pixels := range []int{-5, 0, smallest - 1, MaxPixels + 1} {
		if _, err := PNG(sampleURL, pixels); !errors.Is(err, ErrPixels) {
			t.Errorf("side %d: error %v, want ErrPixels", pixels, err)
		}
	}
}

func TestAddressesThatCannotBePrinted(t *testing.T) {
	t.Parallel()
	longest := sampleURL + strings.Repeat("a", MaxURL-len(sampleURL))
	if got := scan(t, decodePNG(t, must(PNG(longest, 1000))(t))); got != longest {
		t.Errorf("longest address reads %q", got)
	}
	for _, address := range []string{
		"", " ", longest + "a", "7K3MQ9TD", "/q/7K3MQ9TD", "//tinh.gov.vn/q/1", "javascript:alert(1)",
		"ftp://tinh.gov.vn/", "https://", "https:///q/1", "https://:80/q", "https://user:pw@tinh.gov.vn/",
		"https://tinh.gov.vn/q/a b", "https://tinh.gov.vn/q/\x00", "https://tinh.gov.vn/\r\nX: y",
		"https://tỉnh.gov.vn/", "https://tinh.gov.vn/%zz", "\xff\xfe",
	} {
		_, pngErr := PNG(address, 400)
		_, svgErr := SVG(address, "")
		_, terminalErr := Terminal(address)
		posterErr := WritePosters(&bytes.Buffer{}, Sheet{Format: A4}, []Poster{{URL: address}})
		for kind, err := range map[string]error{"PNG": pngErr, "SVG": svgErr, "terminal": terminalErr, "poster": posterErr} {
			if !errors.Is(err, ErrURL) {
				t.Errorf("%s of %q: error %v, want ErrURL", kind, address, err)
			}
		}
	}
}

func TestSVGDrawsTheSameModules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		address := "https://" + rapid.StringMatching(`[a-z0-9]{1,20}\.vn(:[1-9][0-9]{1,3})?(/[A-Za-z0-9._~-]{0,40}){0,5}`).Draw(t, "rest")
		grid := parseSVG(t, must(SVG(address, "x"))(t))
		if diff := cmp.Diff(must(modules(address, printLevel))(t), grid); diff != "" {
			t.Fatalf("modules differ:\n%s", diff)
		}
		if got := scan(t, raster(grid)); got != address {
			t.Fatalf("phone reads %q, want %q", got, address)
		}
	})
}

func TestSVGQuietZone(t *testing.T) {
	t.Parallel()
	grid := parseSVG(t, must(SVG(sampleURL, ""))(t))
	for y, row := range grid {
		for x, set := range row {
			outside := min(x, y, len(grid)-1-x, len(grid)-1-y) < 4
			if set && outside {
				t.Errorf("module %d,%d lies in the quiet zone", x, y)
			}
		}
	}
}

func TestSVGTitleIsEscaped(t *testing.T) {
	t.Parallel()
	for _, title := range []string{
		`Quầy 3 & "một cửa"`, `</title><script>alert(1)</script>`, `]]>`, `<svg/onload=alert(1)>`,
	} {
		var doc struct {
			Title  string     `xml:"title"`
			Script []struct{} `xml:"script"`
		}
		if err := xml.Unmarshal(must(SVG(sampleURL, title))(t), &doc); err != nil {
			t.Fatalf("title %q: not XML: %v", title, err)
		}
		if doc.Title != title || len(doc.Script) != 0 {
			t.Errorf("title %q is read as %q with %d scripts", title, doc.Title, len(doc.Script))
		}
	}
	if svg := must(SVG(sampleURL, "a\x00b\x1bc\xffd\u202ee"))(t); xml.Unmarshal(svg, new(struct{})) != nil {
		t.Errorf("control characters make bad XML: %q", svg[:200])
	}
}

func TestTerminalCanBeScanned(t *testing.T) {
	t.Parallel()
	const address = "http://127.0.0.1:8080/q/7K3MQ9TD"
	drawn := must(Terminal(address))(t)
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	if len(lines) > 24 {
		t.Errorf("%d lines do not fit a terminal", len(lines))
	}
	var grid [][]bool
	for _, line := range lines {
		line, _ = strings.CutPrefix(line, "\x1b[38;5;16;48;5;231m")
		line, reset := strings.CutSuffix(line, "\x1b[0m")
		if !reset {
			t.Fatalf("line %q leaves its colours on", line)
		}
		var upper, lower []bool
		for _, r := range line {
			upper = append(upper, r == '█' || r == '▀')
			lower = append(lower, r == '█' || r == '▄')
		}
		grid = append(grid, upper, lower)
	}
	if got := scan(t, raster(grid)); got != address {
		t.Errorf("phone reads %q", got)
	}
}

// failer is what testing.T and rapid.T have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// must returns the value or ends the test: must(f())(t).
func must[T any](value T, err error) func(failer) T {
	return func(t failer) T {
		t.Helper()
		if err != nil {
			t.Fatalf("unexpected error: %v", err)
		}
		return value
	}
}

// scan reads the one QR code that fills img.
func scan(t failer, img image.Image) string {
	t.Helper()
	return must(decode(img, gozxing.DecodeHintType_PURE_BARCODE))(t)
}

func decode(img image.Image, how gozxing.DecodeHintType) (string, error) {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", err
	}
	result, err := zxing.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{how: true})
	if err != nil {
		return "", err
	}
	return result.GetText(), nil
}

func decodePNG(t failer, data []byte) image.Image {
	t.Helper()
	return must(png.Decode(bytes.NewReader(data)))(t)
}

func isBlack(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}

// raster draws modules of four pixels.
func raster(grid [][]bool) image.Image {
	img := image.NewGray(image.Rect(0, 0, 4*len(grid[0]), 4*len(grid)))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if !grid[y/4][x/4] {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return img
}

var (
	viewBox = regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)"`)
	stretch = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
)

// parseSVG reads the modules back from the path.
func parseSVG(t failer, svg []byte) [][]bool {
	t.Helper()
	box := viewBox.FindSubmatch(svg)
	if box == nil || !bytes.Equal(box[1], box[2]) {
		t.Fatalf("no square viewBox in %.120q", svg)
	}
	side := must(strconv.Atoi(string(box[1])))(t)
	grid := make([][]bool, side)
	for y := range grid {
		grid[y] = make([]bool, side)
	}
	for _, match := range stretch.FindAllSubmatch(svg, -1) {
		var n [4]int
		for i := range n {
			n[i] = must(strconv.Atoi(string(match[i+1])))(t)
		}
		if n[2] != n[3] {
			t.Fatalf("stretch %q does not return to its start", match[0])
		}
		for x := n[0]; x < n[0]+n[2]; x++ {
			grid[n[1]][x] = true
		}
	}
	return grid
}
