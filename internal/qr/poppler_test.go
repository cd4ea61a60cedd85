package qr

import (
	"image"
	"strconv"
	"testing"

	"github.com/makiuchi-d/gozxing"

	"sipas/internal/testkit"
)

// pdfText is what a reader of the document can select and copy, with a form
// feed after each page.
func pdfText(t *testing.T, document []byte) string {
	t.Helper()
	return string(testkit.Poppler(t, document, "pdftotext", "-layout", "-enc", "UTF-8", "-", "-"))
}

// pdfImage is one page (from 1) as a printer of so many dots per inch would put
// it on paper.
func pdfImage(t *testing.T, document []byte, number, dots int) image.Image {
	t.Helper()
	n := strconv.Itoa(number)
	return decodePNG(t, testkit.Poppler(t, document, "pdftoppm", "-png", "-r", strconv.Itoa(dots), "-f", n, "-l", n, "-singlefile", "-"))
}

// scanPage finds and reads the QR code among all else on a page. As a phone
// takes many pictures until one is good, it tries several resolutions: the
// decoder's search for the corners is a guess that some pixel grids defeat.
func scanPage(t *testing.T, document []byte, number int) string {
	t.Helper()
	var problem error
	for _, dots := range []int{110, 150, 190, 240, 300} {
		text, err := decode(pdfImage(t, document, number, dots), gozxing.DecodeHintType_TRY_HARDER)
		if err == nil {
			return text
		}
		problem = err
	}
	t.Fatalf("page %d cannot be scanned: %v", number, problem)
	return ""
}
