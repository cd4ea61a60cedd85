package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"os"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"

	"sipas/internal/testkit"
)

func badgeOf(n int) Badge {
	return Badge{Agency: "Sở Nội vụ", Name: "Cán bộ Một Cửa", URL: fmt.Sprintf("https://danhgia.tinh.gov.vn/q/7K3M%04d", n), Code: fmt.Sprintf("7K3M-%04d", n)}
}

func badges(t *testing.T, some ...Badge) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteBadges(&out, made, nil, some); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Ten cards are on a page, each as large as an identity card, with its own code in its own
// place, its name whole, and nothing near where it is cut: also with long names, in all
// their marks, beside an emblem and under a notice.
func TestBadges(t *testing.T) {
	t.Parallel()
	some := make([]Badge, badgesOnPage+1)
	for n := range some {
		some[n] = badgeOf(n)
	}
	const longName = "Người có tên rất dài để xem tên dài đến mấy cũng vừa trên thẻ"
	some[1].Emblem = seal(t, 300, 300)
	some[2].Name, some[2].Agency = longName, "Trung tâm Phục vụ hành chính công phường Phan Thiết"
	some[2].Emblem, some[2].Notice = seal(t, 300, 300), synthetic
	some[3].Name, some[3].Agency, some[3].Emblem = longName, longAgency, seal(t, 400, 200)
	some[4].URL = sampleURL + strings.Repeat("x", MaxURL-len(sampleURL))
	some[4].Name, some[4].Agency, some[4].Notice = strings.Repeat("Nguyễn Ưỡng ", 20), longAgency+longAgency, synthetic+synthetic
	some[5].Name = "An"
	document := badges(t, some...)
	if dir := os.Getenv("SIPAS_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(dir+"/badges.pdf", document, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	place := func(n int, img image.Image) image.Image {
		b := img.Bounds()
		scale := float64(b.Dx()) / paperWidth
		left, top := badgesLeft+float64(n%badgesAcross)*badgeWidth, badgesTop+float64(n/badgesAcross)*badgeHeight
		return img.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(image.Rect(int(left*scale), int(top*scale), int((left+badgeWidth)*scale), int((top+badgeHeight)*scale)))
	}
	for number, first := range []int{0, badgesOnPage} {
		sheet := pdfImage(t, document, number+1, 200)
		for n, badge := range some[first:min(first+badgesOnPage, len(some))] {
			cut := func(img image.Image) image.Image { return upright(place(n, img), false) }
			card := cut(sheet)
			got, err := decode(card, gozxing.DecodeHintType_TRY_HARDER)
			if err != nil {
				got = scanPart(t, document, number+1, cut)
			}
			if got != badge.URL {
				t.Errorf("badge %d: phone reads %q, want %q", first+n, got, badge.URL)
			}
			b := card.Bounds()
			inside := b.Inset(b.Dx() * 35 / 860) // 3.5 mm
			for y := b.Min.Y; y < b.Max.Y; y++ {
				for x := b.Min.X; x < b.Max.X; x++ {
					if r, _, _, _ := card.At(x, y).RGBA(); !(image.Point{X: x, Y: y}).In(inside) && r < 0xc000 {
						t.Fatalf("badge %d: ink at %d,%d of %v", first+n, x, y, b)
					}
				}
			}
		}
	}
	empty(t, document, 1, 13.0/210)
	if pages := bytes.Count(document, []byte("/Type /Page\n")); pages != 2 {
		t.Errorf("%d pages", pages)
	}
	for _, badge := range []Badge{some[0], some[1], some[2], some[3], some[5]} {
		text := strings.Join(strings.Fields(string(testkit.Poppler(t, badges(t, badge), "pdftotext", "-raw", "-enc", "UTF-8", "-", "-"))), " ")
		for _, want := range []string{badge.Name, upper(badge.Agency), "Mời ông/bà đánh giá", "Please rate", "Mã thẻ / Badge code: " + badge.Code, strings.TrimPrefix(badge.URL, "https://")} {
			if !strings.Contains(text, want) {
				t.Errorf("the badge of %s does not say %q:\n%s", badge.Name, want, text)
			}
		}
	}
}

// Badges that cannot be printed are refused before anything is written, and the same make
// the same bytes.
func TestBadgesAreCheckedBefore(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := WriteBadges(&out, made, nil, nil); !errors.Is(err, ErrNoPosters) {
		t.Errorf("none: %v", err)
	}
	if err := WriteBadges(&out, made, nil, []Badge{badgeOf(0), {URL: "javascript:alert(1)"}}); !errors.Is(err, ErrURL) || out.Len() > 0 {
		t.Errorf("no address: %v, %d bytes", err, out.Len())
	}
	if !bytes.Equal(badges(t, badgeOf(0)), badges(t, badgeOf(0))) {
		t.Error("the same badge is printed in two ways")
	}
}
