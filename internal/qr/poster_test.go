package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/testkit"
	"sipas/internal/typeset"
)

var made = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

const (
	synthetic = "DỮ LIỆU MÔ PHỎNG – synthetic data, do not post"
	// longAgency has more than 120 letters, as real names of branches do.
	longAgency = "Chi nhánh Văn phòng Đăng ký đất đai khu vực Hàm Thuận Bắc, Hàm Thuận Nam và Phan Thiết trực thuộc Sở Tài nguyên và Môi trường tỉnh"
)

func samplePoster() Poster {
	return Poster{
		Head:    "Ủy ban nhân dân tỉnh Bình Thuận",
		Agency:  "Trung tâm Phục vụ hành chính công tỉnh",
		Point:   "Quầy 3 – Đăng ký đất đai",
		Place:   "Tầng 1, phường Phan Thiết",
		URL:     sampleURL,
		Code:    "7K3M-Q9TD",
		Hotline: "(0252) 382.1234",
		Hours:   "Thứ 2-6: 7:30-11:30, 13:30-17:00; Thứ 7: 7:30-11:30",
	}
}

// longest is a poster in which everything is as long as it may be.
func longest() Poster {
	return Poster{
		Head:     longAgency + " " + longAgency,
		Agency:   longAgency + " " + longAgency,
		Point:    strings.Repeat("Quầy tiếp nhận và trả kết quả ", 10),
		Place:    strings.Repeat("Bộ phận Một cửa ", 20),
		URL:      sampleURL + strings.Repeat("x", MaxURL-len(sampleURL)),
		ShortURL: strings.Repeat("W", MaxURL),
		Code:     "7K3M-Q9TD",
		Hotline:  strings.Repeat("0", 40),
		Hours:    strings.Repeat("Thứ 2: 7:30-11:30; ", 10),
		Notice:   synthetic + " " + synthetic,
	}
}

func printed(t failer, size Format, posters ...Poster) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WritePosters(&out, Sheet{Format: size, Made: made}, posters); err != nil {
		t.Fatalf("print: %v", err)
	}
	return out.Bytes()
}

func TestSamePostersMakeTheSameBytes(t *testing.T) {
	t.Parallel()
	want := printed(t, A4, samplePoster(), longest())
	var group sync.WaitGroup
	for range 4 { // at once, because the font data is shared
		group.Go(func() {
			if !bytes.Equal(printed(t, A4, samplePoster(), longest()), want) {
				t.Error("two prints of the same posters differ")
			}
		})
	}
	group.Wait()
	var later bytes.Buffer
	if err := WritePosters(&later, Sheet{Format: A4, Made: made.Add(time.Hour)}, []Poster{samplePoster(), longest()}); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(later.Bytes(), want) {
		t.Error("the time of making is not in the document")
	}
}

func TestFiveHundredPostersStaySmall(t *testing.T) {
	t.Parallel()
	posters := make([]Poster, 500)
	for i := range posters {
		posters[i] = samplePoster()
		posters[i].Point = fmt.Sprintf("Quầy %d – Đăng ký đất đai", i+1)
		posters[i].URL = fmt.Sprintf("https://danhgia.tinh.gov.vn/q/7K3M%04d", i)
	}
	document := printed(t, A5, posters...)
	one := printed(t, A5, posters[0])
	if got := bytes.Count(document, []byte("/Type /Page\n")); got != len(posters) {
		t.Errorf("%d pages for %d posters", got, len(posters))
	}
	if got := bytes.Count(document, []byte("/FontFile2")); got != 2 {
		t.Errorf("%d fonts embedded, want regular and bold once", got)
	}
	const mostPerPage = 7_000
	if len(document) > mostPerPage*len(posters) {
		t.Errorf("%d bytes for %d posters", len(document), len(posters))
	}
	t.Logf("one poster: %d bytes, %d posters: %d bytes", len(one), len(posters), len(document))
}

func TestSymbolStaysLarge(t *testing.T) {
	t.Parallel()
	named := samplePoster()
	named.Agency, named.Notice = longAgency, synthetic
	for name, test := range map[string]struct {
		poster Poster
		least  float64 // mm on A4, frame and quiet zone included
	}{
		"usual":                  {samplePoster(), 85},
		"long name, and notice":  {named, smallestSymbol},
		"everything at its most": {longest(), 60},
	} {
		doc := newDocument(Sheet{Format: A4, Made: made})
		doc.pdf.AddPage()
		p := page{doc, measure{doc.pen}}
		bottom := p.hours(test.poster, p.foot(test.poster))
		if _, side := symbolSpace(p.composeFor(test.poster, bottom), bottom); side < test.least {
			t.Errorf("%s: symbol of %.1f mm, want %.0f", name, side, test.least)
		}
	}
}

func TestPrintedSymbolKeepsItsQuietZone(t *testing.T) {
	t.Parallel()
	doc := newDocument(Sheet{Format: A4, Made: made})
	doc.pdf.AddPage()
	p, poster := page{doc, measure{doc.pen}}, samplePoster()
	bottom := p.hours(poster, p.foot(poster))
	y, side := symbolSpace(p.composeFor(poster, bottom), bottom)
	module := side / float64(len(must(modules(poster.URL, printLevel))(t)))

	img := pdfImage(t, printed(t, A4, poster), 1, 100)
	found := image.Rectangle{} // only the symbol is quite black
	for i := range img.Bounds().Dx() * img.Bounds().Dy() {
		at := image.Pt(i%img.Bounds().Dx(), i/img.Bounds().Dx())
		if r, g, b, _ := img.At(at.X, at.Y).RGBA(); max(r, g, b) < 0x1000 {
			found = found.Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
		}
	}
	mm := func(pixels int) float64 { return float64(pixels) * 25.4 / 100 }
	left, right := middle-side/2, middle+side/2
	for edge, quiet := range map[string]float64{
		"left": mm(found.Min.X) - left, "right": right - mm(found.Max.X),
		"upper": mm(found.Min.Y) - y, "lower": y + side - mm(found.Max.Y),
	} {
		if quiet < 4*module-frame || quiet > 5*module+frame {
			t.Errorf("%s edge: %.1f mm white, modules are %.1f mm", edge, quiet, module)
		}
	}
}

func TestFixedWordsFit(t *testing.T) {
	t.Parallel()
	said := Counter.words()
	for _, poster := range []Poster{samplePoster(), longest()} {
		text := pdfText(t, printed(t, A4, poster))
		for _, want := range []bilingual{
			said.question, words.typing, words.code, words.hotline, words.anonymous, said.steps[0], said.steps[1], said.steps[2],
		} {
			for _, sentence := range []string{want.vi, want.en} {
				for _, word := range strings.Fields(sentence) {
					if !strings.Contains(text, word) {
						t.Errorf("word %q of %q is not on the page", word, sentence)
					}
				}
			}
		}
	}
	if text := pdfText(t, printed(t, A4, samplePoster())); strings.Contains(text, "…") {
		t.Errorf("something was cut:\n%s", text)
	}
}

// TestVietnameseOfPosters: nothing that a citizen would stumble over.
func TestVietnameseOfPosters(t *testing.T) {
	t.Parallel()
	texts := []string{words.typing.vi, words.code.vi, words.hotline.vi, words.anonymous.vi}
	for _, kind := range Kinds() {
		said := kind.words()
		texts = append(texts, said.question.vi, said.how.vi, said.steps[0].vi, said.steps[1].vi, said.steps[2].vi)
	}
	for _, text := range texts {
		for _, fault := range testkit.VietnameseFaults(text) {
			t.Errorf("%q: %s", text, fault)
		}
	}
}

func TestLongAgencyIsPrintedWhole(t *testing.T) {
	t.Parallel()
	if n := utf8.RuneCountInString(longAgency); n < 120 {
		t.Fatalf("the name has only %d letters", n)
	}
	poster := samplePoster()
	poster.Agency = longAgency
	text := strings.Join(strings.Fields(pdfText(t, printed(t, A5, poster))), " ")
	if want := strings.ToUpper(longAgency); !strings.Contains(text, want) {
		t.Errorf("page does not say %q:\n%s", want, text)
	}
}

func TestEveryVietnameseLetterIsPrinted(t *testing.T) {
	t.Parallel()
	lower := strings.Join(vietnamese(), " ")
	upper := strings.ToUpper(lower)
	decomposed := norm.NFD.String(lower)
	text := pdfText(t, printed(t, A4,
		Poster{URL: sampleURL, Point: lower, Place: upper}, // bold, regular
		Poster{URL: sampleURL, Point: upper, Place: lower},
		Poster{URL: sampleURL, Point: decomposed, Place: decomposed},
	))
	pages := strings.Split(text, "\f")
	for i, want := range [][]string{{lower, upper}, {upper, lower}, {lower, lower}} {
		for _, letters := range want {
			if got := strings.Join(strings.Fields(pages[i]), " "); !strings.Contains(got, letters) {
				t.Errorf("page %d does not say %q:\n%s", i+1, letters, got)
			}
		}
	}
}

func TestHostileNamesStayText(t *testing.T) {
	t.Parallel()
	poster := samplePoster()
	poster.Point = `<b>) Tj ET \) (1\\ {nb} =1+1`
	poster.Place = "x\u202ey\x00z\xff 😀\u200b"
	poster.Agency = strings.Repeat("Ẩ", 20_000)
	document := printed(t, A4, poster)
	text := pdfText(t, document)
	for _, want := range []string{poster.Point, "xy z? ?", "Ẩ…"} {
		if !strings.Contains(text, want) {
			t.Errorf("page does not say %q:\n%s", want, text)
		}
	}
	if got := scanPage(t, document, 1); got != sampleURL {
		t.Errorf("phone reads %q", got)
	}
}

func TestPrintedPostersCanBeScanned(t *testing.T) {
	t.Parallel()
	for _, size := range []Format{A4, A5} {
		posters := []Poster{samplePoster(), longest(), {URL: "http://127.0.0.1:8080/q/7K3MQ9TD"}}
		document := printed(t, size, posters...)
		for i, poster := range posters {
			if got := scanPage(t, document, i+1); got != poster.URL {
				t.Errorf("%s page %d: phone reads %q, want %q", size, i+1, got, poster.URL)
			}
		}
	}
}

func TestNothingNearTheEdge(t *testing.T) {
	t.Parallel()
	for _, size := range []Format{A4, A5} {
		document := printed(t, size, samplePoster(), longest())
		for n := 1; n <= 2; n++ {
			img := pdfImage(t, document, n, 60)
			bounds := img.Bounds()
			safe := bounds.Inset(bounds.Dx() * 15 / int(paperWidth)) // 1 mm for line widths
			for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
				for x := bounds.Min.X; x < bounds.Max.X; x++ {
					inside := x >= safe.Min.X && x < safe.Max.X && y >= safe.Min.Y && y < safe.Max.Y
					if r, g, b, _ := img.At(x, y).RGBA(); !inside && min(r, g, b) < 0xf000 {
						t.Fatalf("%s page %d: ink at pixel %d,%d of %v", size, n, x, y, bounds)
					}
				}
			}
		}
	}
}

func TestAddressToType(t *testing.T) {
	t.Parallel()
	poster := samplePoster()
	if text := pdfText(t, printed(t, A4, poster)); !strings.Contains(text, "danhgia.tinh.gov.vn/q/7K3MQ9TD") || strings.Contains(text, "https://") {
		t.Errorf("address without scheme is missing:\n%s", text)
	}
	poster.ShortURL = "tinh.gov.vn/7K3MQ9TD"
	if text := pdfText(t, printed(t, A4, poster)); !strings.Contains(text, poster.ShortURL) || strings.Contains(text, "danhgia") {
		t.Errorf("short address is missing:\n%s", text)
	}
	whole := strings.Join(strings.Fields(pdfText(t, printed(t, A5, longest()))), "")
	if !strings.Contains(whole, strings.Repeat("W", MaxURL)) {
		t.Errorf("the longest address is cut:\n%s", whole)
	}
}

// TestHeadingOfAPoster: the province stands above the agency, in capitals, and
// the hotline is told; a poster without them has no empty places for them.
func TestHeadingOfAPoster(t *testing.T) {
	t.Parallel()
	poster := samplePoster()
	for _, size := range []Format{A4, A5} {
		document := printed(t, size, poster)
		text := pdfText(t, document)
		head, agency := strings.Index(text, "ỦY BAN NHÂN DÂN TỈNH BÌNH THUẬN"), strings.Index(text, "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG TỈNH")
		if head < 0 || agency < head || !strings.Contains(text, "Đường dây nóng / Hotline: (0252) 382.1234") ||
			!strings.Contains(text, "Giờ làm việc / Opening hours: Thứ 2-6: 7:30-11:30, 13:30-17:00; Thứ 7: 7:30-11:30") {
			t.Errorf("%s: heading or hotline is missing:\n%s", size, text)
		}
		if pages := strings.Count(text, "\f"); pages != 1 {
			t.Errorf("%s: %d pages", size, pages)
		}
	}
	poster.Head, poster.Hotline = "", ""
	if text := pdfText(t, printed(t, A4, poster)); strings.Contains(text, "nóng") || !strings.HasPrefix(strings.TrimSpace(text), "TRUNG TÂM") {
		t.Errorf("a poster without head and hotline:\n%s", text)
	}
}

func TestNoticeOnlyWhenGiven(t *testing.T) {
	t.Parallel()
	poster := samplePoster()
	if text := pdfText(t, printed(t, A4, poster)); strings.Contains(text, "synthetic") {
		t.Error("a real poster says synthetic")
	}
	poster.Notice = synthetic
	if text := pdfText(t, printed(t, A4, poster)); !strings.Contains(text, synthetic) {
		t.Error("the notice is missing")
	}
}

func TestPrintJobsThatCannotBe(t *testing.T) {
	t.Parallel()
	if err := WritePosters(io.Discard, Sheet{Format: A4}, nil); !errors.Is(err, ErrNoPosters) {
		t.Errorf("no posters: %v", err)
	}
	if err := WritePosters(io.Discard, Sheet{Format: "A3"}, []Poster{samplePoster()}); err == nil {
		t.Error("A3 was printed")
	}
	var out bytes.Buffer
	bad := samplePoster()
	bad.URL = ""
	err := WritePosters(&out, Sheet{Format: A4}, []Poster{samplePoster(), bad})
	if !errors.Is(err, ErrURL) || !strings.Contains(fmt.Sprint(err), "poster 2 of 2 (Quầy 3") || out.Len() != 0 {
		t.Errorf("second poster bad: error %v after %d bytes", err, out.Len())
	}
	bad = samplePoster()
	bad.ShortURL = strings.Repeat("x", MaxURL+1)
	if err := WritePosters(io.Discard, Sheet{Format: A4}, []Poster{bad}); !errors.Is(err, ErrURL) {
		t.Errorf("too long short address: %v", err)
	}
	broken := errors.New("disk full")
	if err := WritePosters(failing{broken}, Sheet{Format: A4}, []Poster{samplePoster()}); !errors.Is(err, broken) {
		t.Errorf("broken writer: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Format{"A4": A4, " a5 ": A5} {
		if got, err := ParseFormat(text); got != want || err != nil {
			t.Errorf("ParseFormat(%q) = %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "A3", "A4A5", "letter"} {
		if got, err := ParseFormat(text); err == nil {
			t.Errorf("ParseFormat(%q) = %q, want an error", text, got)
		}
	}
}

// Posters of counters whose names are in other scripts are whole: nothing is cut, the code
// is read, and who searches finds the names.
func TestPostersOfOtherScripts(t *testing.T) {
	t.Parallel()
	fonts := typeset.In("/usr/share/fonts")
	if len(fonts.Missing("ក")) > 0 {
		testkit.Missing(t, "a Khmer font (Debian package fonts-noto-core)")
	}
	p := samplePoster()
	p.Agency, p.Point, p.Place = "Ủy ban nhân dân xã Lương Hoà ឃុំលឿងហ័រ", "Quầy tiếng Khmer – បញ្ជរសេវាកម្មជាភាសាខ្មែរ", "Palei Pamblap ꨚꨤꨰ, ŏ̂ ơ̆ ư̆ ê̆"
	for _, format := range []Format{A4, TentA5, Slip80} {
		var out bytes.Buffer
		if err := WritePosters(&out, Sheet{Format: format, Made: made, Fonts: fonts}, []Poster{p}); err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("SIPAS_SCREENSHOTS"); dir != "" {
			if err := os.WriteFile(dir+"/poster-khmer-"+string(format)+".pdf", out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		empty(t, out.Bytes(), 1, 3.0/210)
		if format == TentA5 { // read from either side, as another test does
			continue
		}
		if got := scanPage(t, out.Bytes(), 1); got != p.URL {
			t.Errorf("%s: a phone reads %q", format, got)
		}
		said := strings.Join(strings.Fields(pdfText(t, out.Bytes())), "")
		for _, word := range []string{"ភាសាខ្មែរ", "ឃុំលឿងហ័រ"} {
			if !strings.Contains(said, word) {
				t.Errorf("%s: nobody finds %q in %s", format, word, said)
			}
		}
	}
	if got := p.Unprintable(fonts); len(got) > 0 {
		t.Errorf("it cannot print %v", got)
	}
	if got := p.Unprintable(nil); len(got) != 3 {
		t.Errorf("without fonts it cannot print %v", got)
	}
}
