package httpd_test

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/command"
	"sipas/internal/demo"
	"sipas/internal/httpd"
	"sipas/internal/testkit"
)

// scene is a picture of the documents.
type scene struct {
	name, path string
	height     int       // at most, in pixels; 0: to the end of the page
	from       string    // the element at which it begins; "": the top of the page
	prepare    func(tab) // what is done on the page before; may be nil
}

// Pictures of documents are read beside text, on any line.
const (
	pictureWidth = 1000
	pictureBytes = 150_000
)

// TestPicturesOfDocuments holds the pictures in docs/images to what documents can carry:
// each is shown by one, has few colours, and is small. With SIPAS_PICTURES it first makes
// them anew, of the demonstration and of a province that begins.
func TestPicturesOfDocuments(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(testkit.Root(t), "docs", "images")
	made := map[string]bool{}
	if os.Getenv("SIPAS_PICTURES") != "" {
		for name, picture := range drawPictures(t) {
			made[name] = true
			if err := os.WriteFile(filepath.Join(folder, name), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	var texts strings.Builder
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		documents, err := filepath.Glob(filepath.Join(testkit.Root(t), pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, document := range documents {
			text, err := os.ReadFile(document)
			if err != nil {
				t.Fatal(err)
			}
			texts.Write(text)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) == 0 {
		t.Fatal("no pictures", err)
	}
	for _, file := range files {
		picture, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		shape, err := png.DecodeConfig(bytes.NewReader(picture))
		if err != nil {
			t.Fatalf("%s: %v", file.Name(), err)
		}
		if _, few := shape.ColorModel.(color.Palette); !few || shape.Width > pictureWidth || len(picture) > pictureBytes {
			t.Errorf("%s: %d pixels wide, %d bytes, a palette: %v", file.Name(), shape.Width, len(picture), few)
		}
		if !strings.Contains(texts.String(), "images/"+file.Name()+")") {
			t.Errorf("no document shows %s", file.Name())
		}
		if len(made) > 0 && !made[file.Name()] {
			t.Errorf("%s is not made anew", file.Name())
		}
	}
}

// drawPictures makes all pictures, by the names of their files.
func drawPictures(t *testing.T) map[string][]byte {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	at := func(d *httpd.Deps) {
		d.Zone = zone
		public := *d.PublicURL
		public.Host = "danhgia.example.vn"
		d.PublicURL = &public
	}
	pictures := map[string][]byte{}
	beginning(t, serve(t, testkit.SQLite(t), at), pictures)

	const office = "so-tai-nguyen-va-moi-truong"
	h, code := demonstration(t, testkit.SQLite(t), office, at)
	h.clock.Advance(time.Date(2025, 12, 31, 10, 0, 0, 0, time.UTC).Sub(h.clock.Now()))
	accounts, err := demo.Accounts(t.Context(), h.deps.Auth, h.snapshot().Tree, command.Operator(), func() string { return goodPassword })
	if err != nil {
		t.Fatal(err)
	}
	h.publishPAPI()
	client := h.signedIn(accounts[0].Login)
	for _, s := range []scene{
		{"board", "/bang?year=2025", 900, "", nil},
		{"before", "/bang?year=2025&agency=xa-lien-huong", 480, "#truoc-sap-nhap", nil},
		{"agencies", "/co-quan?tim=lien+huong", 860, "", nil},
		{"plan", "/co-quan/sap-xep/xem-truoc?viec=merge&tu=xa-tuy-phong&vao=xa-phan-ri-cua&ngay=1/12/2025", 1010, "main h1", nil},
		{"reforms", "/co-quan/sap-xep", 640, "#da-lam", nil},
		{"points", "/quay?tim=so+tai+nguyen", 820, ".filters", func(b tab) {
			ask[bool](b, `[...document.querySelectorAll(".pick input")].slice(0, 2).forEach(e => e.click()), true`)
		}},
		{"counter", "/quay/" + string(code), 1000, "", nil},
		{"targets", "/chi-tieu?year=2025", 860, "", nil},
		{"accounts", "/quan-tri/tai-khoan", 640, "", nil},
		{"settings", "/cai-dat", 1040, "main h1", nil},
		{"procedures", "/thu-tuc?tim=dat+dai", 720, "", nil},
		{"files", "/ho-so?ky=2025-Q4", 960, "", nil},
	} {
		official := tab{t, testkit.Browser(t, testkit.View{Width: pictureWidth, Height: 700})}
		official.do(colours("light"), h.withCookie(client))
		pictures[s.name+".png"] = official.draws(h, s)
	}
	pictures["poster.png"] = h.drawPoster(code)
	phone := tab{t, testkit.Browser(t, testkit.Phone)}
	phone.do(colours("light"))
	pictures["form.png"] = phone.draws(h, scene{name: "form", path: "/q/" + string(code)})
	return pictures
}

// beginning makes the pictures of a province that begins.
func beginning(t *testing.T, h *harness, pictures map[string][]byte) {
	t.Helper()
	first := "/thiet-lap/" + auth.FirstToken(h.deps.Secret, h.clock.Now())
	visitor := tab{t, testkit.Browser(t, testkit.View{Width: pictureWidth, Height: 700})}
	visitor.do(colours("light"))
	pictures["first.png"] = visitor.draws(h, scene{name: "first", path: first, height: 700})
	official := tab{t, testkit.Browser(t, testkit.View{Width: pictureWidth, Height: 700})}
	official.do(colours("light"), h.withCookie(h.signedIn(h.manager())))
	pictures["steps.png"] = official.draws(h, scene{name: "steps", path: "/bat-dau", height: 1240})
	pictures["province.png"] = official.draws(h, scene{name: "province", path: "/bat-dau/tinh", height: 700})
	official.choosesProvince()
	list := filepath.Join(t.TempDir(), "co-quan.csv")
	if err := os.WriteFile(list, []byte("code,name_vi,kind,parent,valid_from\n"+
		"trung-tam-hcc,Trung tâm Phục vụ hành chính công tỉnh,department,van-phong-ubnd,1/7/2025\n"+
		"quan-ly-dat-dai,Chi cục Quản lý đất đai,department,so-nong-nghiep,1/7/2025\n"+
		"dang-ky-dat-dai,Văn phòng Đăng ký đất đai,department,so-nong-nghiep-va-moi-truong,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	pictures["import.png"] = official.draws(h, scene{name: "import", path: "/co-quan/nhap", from: "#ket-qua", height: 400, prepare: func(b tab) {
		b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{list}))
		b.click("main form [type=submit]")
		b.await("main table")
	}})
}

// choosesProvince begins with a province that there are lists of.
func (b tab) choosesProvince() {
	b.t.Helper()
	ask[bool](b, `document.querySelector("#f-preset").value = "lam-dong", true`)
	b.click("main form [type=submit]")
	b.await(".done-note")
}

// draws looks at a page and makes its picture.
func (b tab) draws(h *harness, s scene) []byte {
	b.t.Helper()
	b.do(chromedp.Navigate(h.url + s.in("vi")))
	if s.prepare != nil {
		s.prepare(b)
	}
	top := 0
	if s.from != "" {
		top = ask[int](b, fmt.Sprintf(`Math.floor(document.querySelector(%q).getBoundingClientRect().top + scrollY) - 16`, s.from))
	}
	taken, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	return small(b.t, taken, top, s.height)
}

func (s scene) in(language string) string { return sight{path: s.path}.in(language) }

// drawPoster makes the picture of a poster as it is printed.
func (h *harness) drawPoster(code agency.Code) []byte {
	h.t.Helper()
	printed := h.get(h.signedIn("quantri"), "/quay/poster.pdf?size=A5&point="+string(code))
	file := filepath.Join(h.t.TempDir(), "poster")
	if err := os.WriteFile(file+".pdf", []byte(printed.body), 0o600); err != nil {
		h.t.Fatal(err)
	}
	if out, err := exec.CommandContext(h.t.Context(), "pdftoppm", "-png", "-r", "80", "-singlefile", file+".pdf", file).CombinedOutput(); err != nil {
		h.t.Fatalf("%v: %s", err, out)
	}
	taken, err := os.ReadFile(file + ".png")
	if err != nil {
		h.t.Fatal(err)
	}
	return small(h.t, taken, 0, 0)
}

// small makes a picture of few colours, from a line on and at most so high.
func small(t testing.TB, taken []byte, top, height int) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(taken))
	if err != nil {
		t.Fatal(err)
	}
	area := full.Bounds()
	area.Min.Y += top
	if height > 0 {
		area.Max.Y = min(area.Max.Y, area.Min.Y+height)
	}
	few := image.NewPaletted(area, commonColours(full, area))
	draw.Draw(few, area, full, area.Min, draw.Src)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, few); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// commonColours are those that most pixels have, of colours that nearly are the same the
// commonest.
func commonColours(of image.Image, area image.Rectangle) color.Palette {
	type shade struct {
		color.RGBA
		n int
	}
	count := map[color.RGBA]int{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			count[color.RGBAModel.Convert(of.At(x, y)).(color.RGBA)]++
		}
	}
	var shades []shade
	for c, n := range count {
		shades = append(shades, shade{c, n})
	}
	slices.SortFunc(shades, func(a, b shade) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	const colours, near = 64, 4 // near: bits that make no difference
	taken := map[string]bool{}
	var common color.Palette
	for _, s := range shades {
		key := strconv.Itoa(int(s.R)>>near) + "," + strconv.Itoa(int(s.G)>>near) + "," + strconv.Itoa(int(s.B)>>near)
		if len(common) < colours && (!taken[key] || s.n > area.Dx()) {
			taken[key] = true
			common = append(common, s.RGBA)
		}
	}
	return common
}
