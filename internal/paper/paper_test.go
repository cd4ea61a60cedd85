package paper_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"sipas/internal/agency"
	"sipas/internal/message"
	"sipas/internal/paper"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/internal/typeset"
	"sipas/surveys"
	"sipas/web"
)

var made = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

func words(t *testing.T, language string) message.Printer {
	t.Helper()
	locales, err := fs.Sub(web.Files, "locales")
	if err != nil {
		t.Fatal(err)
	}
	all, err := message.Load(locales)
	if err != nil {
		t.Fatal(err)
	}
	return all.For(language)
}

// noto are the fonts of this machine, if it has Khmer ones.
func noto(t *testing.T) *typeset.Fonts {
	t.Helper()
	fonts := typeset.In("/usr/share/fonts")
	if len(fonts.Missing("ក")) > 0 {
		testkit.Missing(t, "a Khmer font (Debian package fonts-noto-core)")
	}
	return fonts
}

func counter() *paper.Counter {
	return &paper.Counter{
		Head: "Ủy ban nhân dân tỉnh", Agency: "Sở Nội vụ", Name: "Quầy 3 – Đăng ký đất đai", Place: "Trung tâm Phục vụ hành chính công",
		Code: "7K3M-Q9TD", URL: "https://danhgia.example.vn/q/7K3MQ9TD", Open: true, Hotline: "1022",
		Fields: []agency.ServiceField{{Key: "dat-dai", Name: agency.Text{"vi": "Đất đai"}}, {Key: "xay-dung", Name: agency.Text{"vi": "Xây dựng"}}},
	}
}

func form(t *testing.T, d survey.Definition, language string) paper.Form {
	t.Helper()
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	return paper.Form{Version: survey.NewVersion(1, 2, made, d), Language: language, Words: words(t, language), Made: made}
}

func printed(t *testing.T, f paper.Form) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, f); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// text is what a reader of the document can select, in the order it is drawn.
func text(t *testing.T, document []byte) string {
	t.Helper()
	return strings.Join(strings.Fields(string(testkit.Poppler(t, document, "pdftotext", "-raw", "-enc", "UTF-8", "-", "-"))), " ")
}

func page(t *testing.T, document []byte, number, dots int) *image.Gray {
	t.Helper()
	n := strconv.Itoa(number)
	raw := testkit.Poppler(t, document, "pdftoppm", "-gray", "-r", strconv.Itoa(dots), "-f", n, "-l", n, "-singlefile", "-")
	var wide, high int
	if _, err := fmt.Fscanf(bytes.NewReader(raw), "P5\n%d %d\n255\n", &wide, &high); err != nil || len(raw) < wide*high {
		t.Fatalf("no picture: %v", err)
	}
	return &image.Gray{Pix: raw[len(raw)-wide*high:], Stride: wide, Rect: image.Rect(0, 0, wide, high)}
}

// kept looks at every page: there is ink only where nothing is cut, and none between the
// last part and the foot of the page.
func kept(t *testing.T, name string, document []byte) {
	t.Helper()
	for number := 1; number <= bytes.Count(document, []byte("/Type /Page\n")); number++ {
		img := page(t, document, number, 50)
		b := img.Bounds()
		mm := func(pixels int) float64 { return float64(pixels) * 210 / float64(b.Dx()) }
		for y := range b.Dy() {
			for x := range b.Dx() {
				if img.GrayAt(b.Min.X+x, b.Min.Y+y).Y > 0xc0 {
					continue
				}
				if left, top := mm(x), mm(y); left < 15 || left > 195 || top < 13 || top > 289 || top > 280 && top < 282 {
					t.Fatalf("%s, page %d: ink at %.0f, %.0f mm", name, number, left, top)
				}
			}
		}
	}
	if dir := os.Getenv("SIPAS_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), document, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func vi(text string) agency.Text { return agency.Text{"vi": text} }

// every is a survey of every kind of question, with conditions of every sort, each kind as
// the example beside it asks it.
func every(t *testing.T) survey.Definition {
	t.Helper()
	d := survey.Definition{Key: "moi-loai", Languages: []string{"vi", "en"}, Method: "pooled", Title: agency.Text{"vi": "Mỗi loại một câu", "en": "One of each"}}
	section := survey.Section{Key: "tat-ca", Title: agency.Text{"vi": "Tất cả", "en": "All"}}
	files, err := filepath.Glob("../survey/testdata/kinds/*.json")
	if err != nil || len(files) != len(survey.Types()) {
		t.Fatalf("%d examples of kinds: %v", len(files), err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var example struct{ Question survey.Question }
		if err := json.Unmarshal(content, &example); err != nil {
			t.Fatal(err)
		}
		section.Questions = append(section.Questions, example.Question)
	}
	d.Sections = []survey.Section{section}
	return d
}

// Every kind of question stands on the sheet with its number and what is typed for it, in
// each language, whole.
func TestEveryKindIsOnTheSheet(t *testing.T) {
	t.Parallel()
	d := every(t)
	for _, language := range d.Languages {
		f := form(t, d, language)
		f.Counter = counter()
		document := printed(t, f)
		kept(t, "moi-loai-"+language, document)
		said := text(t, document)
		numbers := f.Version.Numbers()
		for _, q := range f.Version.Questions() {
			want := typeset.Plain(q.Text.In(language))
			if !strings.Contains(said, want) {
				t.Errorf("%s: %s is not asked: %q", language, q.Key, want)
			}
			for _, p := range f.Version.PartsOf(q) {
				if !strings.Contains(said, numbers[p.Key()]) {
					t.Errorf("%s: %s has no number %s", language, p.Key(), numbers[p.Key()])
				}
			}
			for _, c := range q.Choices {
				if want := q.Digits(c.Key) + " " + c.Text.In(language); !strings.Contains(said, want) {
					t.Errorf("%s: %s does not offer %q", language, q.Key, want)
				}
			}
		}
	}
}

func number(n int) *int { return &n }

// Conditions are said in words with the numbers and digits of the sheet. What a sheet of
// paper never asks is not on it, and what is always asked there has no condition.
func TestConditionsInWords(t *testing.T) {
	t.Parallel()
	ask := func(key string, show *survey.Condition) survey.Question {
		return survey.Question{Key: key, Type: "text", MaxLength: 90, Text: vi("Hỏi " + key), Show: show}
	}
	low := survey.Condition{Question: "chung", AtMost: number(2)}
	d := survey.Definition{Key: "dieu-kien", Languages: []string{"vi"}, Method: "pooled", Title: vi("Điều kiện"), Sections: []survey.Section{{
		Key: "mot", Title: vi("Một"), Questions: []survey.Question{
			{Key: "noi", Type: "information", Text: vi("Mời ông/bà trả lời.")},
			{Key: "chung", Type: "scale5", Text: vi("Nhìn chung")},
			{Key: "lai", Type: "yes-no", Text: vi("Phải đi lại không?")},
			{Key: "lan", Type: "number", Text: vi("Mấy lần?"), Show: &survey.Condition{Question: "lai", In: []string{"yes"}}},
			{Key: "ly-do", Type: "multi", Text: vi("Vì sao?"), Choices: []survey.Choice{{Key: "a", Text: vi("Chờ lâu")}, {Key: "b", Text: vi("Thiếu chỗ")}, {Key: "c", Text: vi("Việc khác")}}, Show: &low},
			ask("sau", &survey.Condition{Question: "ly-do", In: []string{"b", "c"}}),
			ask("nhieu", &survey.Condition{Question: "lan", AtLeast: number(3)}),
			ask("giua", &survey.Condition{Question: "lan", AtLeast: number(1), AtMost: number(2)}),
			ask("it", &survey.Condition{Question: "lan", AtMost: number(9)}),
			ask("dien-thoai", &survey.Condition{Channel: []agency.Channel{agency.ChannelQR}}),
			ask("giay", &survey.Condition{Channel: []agency.Channel{agency.ChannelPaper}}),
			ask("linh-vuc", &survey.Condition{Field: []string{"dat-dai"}}),
			ask("ca-hai", &survey.Condition{All: []survey.Condition{low, {Channel: []agency.Channel{agency.ChannelPaper}}, {Any: []survey.Condition{{Question: "lai", In: []string{"no"}}, {Question: "lan", AtLeast: number(5)}}}}}),
			ask("khong-bao-gio", &survey.Condition{Any: []survey.Condition{{Channel: []agency.Channel{agency.ChannelKiosk}}}}),
		},
	}}}
	f := form(t, d, "vi")
	f.Counter = counter()
	said := text(t, printed(t, f))
	for _, want := range []string{
		"Chỉ trả lời nếu câu 2 là 1 (Có): 3. Mấy lần?",
		"Chỉ trả lời nếu câu 1 là 1 hoặc 2: 4. Vì sao?",
		"Chỉ trả lời nếu câu 4 có chọn 2 (Thiếu chỗ) hoặc 3 (Việc khác): 5. Hỏi sau",
		"Chỉ trả lời nếu câu 3 từ 3 trở lên: 6. Hỏi nhieu",
		"Chỉ trả lời nếu câu 3 từ 1 đến 2: 7. Hỏi giua",
		"Chỉ trả lời nếu câu 3 không quá 9: 8. Hỏi it",
		"10. Hỏi giay",
		"Chỉ trả lời nếu lĩnh vực là Đất đai: 11. Hỏi linh-vuc",
		"Chỉ trả lời nếu câu 1 là 1 hoặc 2 và (câu 2 là 2 (Không) hoặc câu 3 từ 5 trở lên): 12. Hỏi ca-hai",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	for _, never := range []string{"Hỏi dien-thoai", "Hỏi khong-bao-gio", "kênh"} {
		if strings.Contains(said, never) {
			t.Errorf("it says %q", never)
		}
	}
	if t.Failed() {
		t.Log(said)
	}
	f.Counter.Fields = f.Counter.Fields[:1]
	if said := text(t, printed(t, f)); !strings.Contains(said, "Hỏi linh-vuc") || strings.Contains(said, "lĩnh vực là") {
		t.Error("a counter with one field asks which")
	}
	f.Counter.Fields = []agency.ServiceField{{Key: "xay-dung", Name: vi("Xây dựng")}}
	if strings.Contains(text(t, printed(t, f)), "Hỏi linh-vuc") {
		t.Error("a counter asks about a field that it does not have")
	}
}

// Sheets of the library are whole in both languages: their pages are numbered, the version
// is on each, and whoever scans one is led to the counter, or to the name of the version.
func TestSheetsOfTheLibrary(t *testing.T) {
	t.Parallel()
	library, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range library {
		language := d.Languages[i%len(d.Languages)]
		f := form(t, d, language)
		want := f.Version.Name()
		if i%2 == 0 {
			f.Counter = counter()
			want = f.Counter.URL
		}
		document := printed(t, f)
		kept(t, d.Key+"-"+language, document)
		if !bytes.Equal(document, printed(t, f)) {
			t.Errorf("%s is printed in two ways", d.Key)
		}
		pages := strings.Split(strings.TrimSuffix(string(testkit.Poppler(t, document, "pdftotext", "-layout", "-enc", "UTF-8", "-", "-")), "\f"), "\f")
		for n, said := range pages {
			number := f.Words.T("paper.page", "page", n+1, "pages", len(pages))
			if !strings.Contains(said, number) || !strings.Contains(said, f.Version.Name()+" · "+language) {
				t.Errorf("%s: page %d has no foot", d.Key, n+1)
			}
		}
		if got := scanned(t, document); got != want {
			t.Errorf("%s: a phone reads %q, want %q", d.Key, got, want)
		}
	}
}

// scanned reads the code on the first page, as a phone does that takes several pictures.
func scanned(t *testing.T, document []byte) string {
	t.Helper()
	for _, dots := range []int{150, 110, 200, 300} {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(page(t, document, 1, dots))
		if err != nil {
			t.Fatal(err)
		}
		if found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}); err == nil {
			return found.GetText()
		}
	}
	return ""
}

// A sheet in Khmer, in Chăm as it is written in Latin letters and in its own, is whole, and
// its words are found by who searches the document. Without a font for them there is none.
func TestSheetsOfOtherScripts(t *testing.T) {
	t.Parallel()
	fonts := noto(t)
	all := func(vi, km, cjm string) agency.Text { return agency.Text{"vi": vi, "km": km, "cjm": cjm} }
	d := survey.Definition{
		Key: "nhieu-chu", Languages: []string{"vi", "km", "cjm"}, Method: "pooled",
		Title: all("Phiếu đánh giá", "បែបបទវាយតម្លៃ", "Harak pacơng"),
		Intro: all("Xin ông/bà cho biết ý kiến.", "សូមលោកអ្នកផ្តល់មតិយោបល់អំពីការបម្រើសេវាកម្មរដ្ឋបាលនៅទីនេះដើម្បីឱ្យការបម្រើសេវាកម្មកាន់តែល្អប្រសើរឡើងសម្រាប់ប្រជាជនទាំងអស់", "Dahlak akhan panôic ppalơy, ŏ̂ hu ơ̆k ư̆n ê̆ ṣa ꨌꩌ ꨚꨗꨶꨈ"),
		Sections: []survey.Section{{Key: "mot", Title: all("Phục vụ", "ការបម្រើ", "Ngap bruk"), Questions: []survey.Question{
			{Key: "chung", Type: "scale5", Required: true, NoOpinion: true, Text: all("Ông/bà có hài lòng không?", "តើលោកអ្នកពេញចិត្តនឹងសេវាកម្មនៅទីនេះដែរឬទេ?", "Hơy gruk ni sa-ai bboh ppathŏ̂ tian ơ̆?")},
			{Key: "vi-sao", Type: "multi", Text: all("Vì sao?", "ហេតុអ្វី?", "Kayua hagait?"), Choices: []survey.Choice{
				{Key: "a", Text: all("Chờ lâu", "រង់ចាំយូរ", "Cang lắk ū̆")}, {Key: "b", Text: all("Khó hiểu", "ពិបាកយល់ ស្ត្រី ខ្ញុំ", "Kan thău ô̱")},
			}},
			{Key: "comment", Type: "comment", Text: all("Góp ý", "មតិយោបល់", "Panôic")},
		}}},
	}
	for _, language := range d.Languages {
		f := form(t, d, language)
		f.Fonts, f.Counter = fonts, counter()
		f.Counter.Name, f.Counter.Agency = "Quầy tiếng Khmer ភាសាខ្មែរ – ŏ̂ ơ̆", "Uỷ ban nhân dân xã Phan Hoà ꨚꨗꨶꨈ"
		document := printed(t, f)
		kept(t, "nhieu-chu-"+language, document)
		said := strings.ReplaceAll(text(t, document), " ", "")
		for _, q := range f.Version.Questions() {
			if want := strings.ReplaceAll(typeset.Plain(q.Text.In(language)), " ", ""); !strings.Contains(said, want) {
				t.Errorf("%s: nobody finds %q in %s", language, want, said)
			}
		}
		f.Fonts = nil
		var out bytes.Buffer
		var lacking *paper.Unwritable
		if err := paper.Write(&out, f); !errors.As(err, &lacking) || out.Len() > 0 || !strings.ContainsRune(string(lacking.Characters), 'ភ') {
			t.Errorf("%s: without fonts: %v, %d bytes", language, err, out.Len())
		}
	}
}

// Texts that somebody wrote to break the page do not: they are text, in their lines.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("khôngngắt", 300)
	odd := "<b>=1+1</b> (ABC) Tj ET \\( %PDF"
	d := survey.Definition{Key: "la", Languages: []string{"vi"}, Method: "pooled", Title: vi(odd + long[:400]), Intro: vi(strings.Repeat("Lời mở đầu dài. ", 600)), Sections: []survey.Section{{
		Key: "mot", Title: vi(long[:200]), Stem: vi(odd), Questions: []survey.Question{
			{Key: "a", Type: "scale5", NoOpinion: true, NoOpinionText: vi(long[:90]), Text: vi(long)},
			{Key: "b", Type: "multi", Text: vi(odd), Choices: []survey.Choice{{Key: "x", Text: vi(long)}, {Key: "y", Text: vi(odd), Other: true, Note: vi(long)}}},
			{Key: "c", Type: "number", Unit: vi(long), Text: vi("Số")},
			{Key: "d", Type: "grid", Text: vi(long), Rows: []survey.Row{{Key: "r", Text: vi(odd)}}},
		},
	}}}
	f := form(t, d, "vi")
	document := printed(t, f)
	kept(t, "la", document)
	if said := text(t, document); !strings.Contains(said, `(ABC) Tj ET \( %PDF`) {
		t.Errorf("it says %.300q", said)
	}
}

func TestOnlyItsLanguages(t *testing.T) {
	t.Parallel()
	f := form(t, every(t), "vi")
	f.Language = "km"
	if err := paper.Write(&bytes.Buffer{}, f); !errors.Is(err, paper.ErrLanguage) {
		t.Errorf("a language that the survey does not have: %v", err)
	}
}
