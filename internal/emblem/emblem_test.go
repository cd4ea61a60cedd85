package emblem

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"slices"
	"testing"
	"unicode/utf16"
)

// disc is a picture with transparent corners.
func disc(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			dx, dy := 2*x-width, 2*y-height
			if dx*dx*height*height+dy*dy*width*width < width*width*height*height {
				img.Set(x, y, color.NRGBA{R: 20, G: 120, B: 80, A: 255})
			}
		}
	}
	return img
}

func asPNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// chunk is a part of a PNG.
func chunk(kind string, content []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	out = append(append(out, kind...), content...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// claiming is a PNG that says how large it is, with a content of so many bytes.
func claiming(width, height uint32, content int) []byte {
	head := append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height), 8, 6, 0, 0, 0)
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(make([]byte, content)) // into memory
	_ = z.Close()
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head), chunk("IDAT", packed.Bytes()), chunk("IEND", nil))
}

// withChunk puts a part behind the head of a PNG.
func withChunk(picture []byte, kind, content string) []byte {
	const head = 8 + 25
	return slices.Concat(picture[:head], chunk(kind, []byte(content)), picture[head:])
}

func TestPicturesAreTaken(t *testing.T) {
	t.Parallel()
	deep, grey, few := image.NewNRGBA64(image.Rect(0, 0, 100, 60)), image.NewGray16(image.Rect(0, 0, 60, 60)), image.NewPaletted(image.Rect(0, 0, 60, 60), color.Palette{color.White, color.Black})
	noise := image.NewNRGBA(image.Rect(0, 0, 1200, 900))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32())
	}
	for name, test := range map[string]struct {
		upload        []byte
		width, height int
	}{
		"small as it is": {asPNG(t, disc(64, 48)), 64, 48},
		"large, tall":    {asPNG(t, disc(500, 1000)), 160, 320},
		"large, wide":    {asPNG(t, disc(1600, 200)), 320, 40},
		"the largest":    {asPNG(t, disc(2000, 2000)), 320, 320},
		"JPEG":           {asJPEG(t, disc(640, 640)), 320, 320},
		"16 bits":        {asPNG(t, deep), 100, 60},
		"grey":           {asPNG(t, grey), 60, 60},
		"of a palette":   {asPNG(t, few), 60, 60},
	} {
		e, err := Read(test.upload)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		kept, err := png.Decode(bytes.NewReader(e.PNG))
		if err != nil || kept.Bounds() != image.Rect(0, 0, test.width, test.height) || e.Width != test.width || e.Height != test.height {
			t.Errorf("%s: %d by %d, want %d by %d (%v)", name, e.Width, e.Height, test.width, test.height, err)
		}
		if e.PNG[24] != 8 || e.PNG[28] != 0 {
			t.Errorf("%s: %d bits, interlaced %d", name, e.PNG[24], e.PNG[28])
		}
		if again, err := Read(test.upload); err != nil || again.Hash != e.Hash {
			t.Errorf("%s: another hash the second time", name)
		}
		if hash, ok := HashIn(e.Name()); !ok || hash != e.Hash {
			t.Errorf("%s: %q has the hash %q", name, e.Name(), hash)
		}
	}
	e, err := Read(asPNG(t, noise))
	if errors.Is(err, Large) { // noise does not get smaller by packing
		e, err = Read(asJPEG(t, noise))
	}
	if err != nil || len(e.PNG) > MaxBytes {
		t.Errorf("noise is kept in %d bytes: %v", len(e.PNG), err)
	}
	round, err := Read(asPNG(t, disc(640, 640)))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := png.Decode(bytes.NewReader(round.PNG))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, corner := kept.At(0, 0).RGBA(); corner != 0 {
		t.Error("the ground is not transparent any more")
	}
	if r, g, b, a := kept.At(160, 160).RGBA(); r>>8 != 20 || g>>8 != 120 || b>>8 != 80 || a>>8 != 255 {
		t.Error("it has other colours")
	}
}

func TestHostilePicturesAreRefused(t *testing.T) {
	t.Parallel()
	var moving bytes.Buffer
	if err := gif.Encode(&moving, disc(64, 64), nil); err != nil {
		t.Fatal(err)
	}
	picture, photo := asPNG(t, disc(300, 300)), asJPEG(t, disc(300, 300))
	const script = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`
	wide := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(script)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	for name, test := range map[string]struct {
		upload []byte
		want   Fault
	}{
		"nothing":                  {nil, Format},
		"a GIF renamed":            {moving.Bytes(), Format},
		"SVG with a script":        {[]byte(script), Vector},
		"SVG behind a declaration": {[]byte("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x -->\n" + script), Vector},
		"SVG in UTF-16":            {wide, Format},
		"a page":                   {[]byte("<!doctype html><script>alert(1)</script>"), Format},
		"20 MB":                    {append(slices.Clone(picture), make([]byte, 20<<20)...), Large},
		"a PNG of 60,000 squared":  {claiming(60_000, 60_000, 10), Large},
		"the largest PNG there is": {claiming(1<<31-1, 1<<31-1, 10), Broken},
		"a PNG of no width":        {claiming(0, 100, 10), Broken},
		"of more pixels by one":    {claiming(2001, 2000, 10), Large},
		"a PNG of too much":        {claiming(64, 64, 64*(1+4*64)+50<<20), Broken},
		"a PNG of too little":      {claiming(300, 300, 10), Broken},
		"a PNG cut off":            {picture[:len(picture)/2], Broken},
		"a PNG's head alone":       {picture[:16], Broken},
		"a JPEG cut off":           {photo[:len(photo)/2], Broken},
		"a JPEG's head alone":      {photo[:4], Broken},
		"a dot":                    {asPNG(t, disc(1, 1)), Small},
		"a strip":                  {asPNG(t, disc(1000, 10)), Small},
	} {
		if e, err := Read(test.upload); !errors.Is(err, test.want) || e.PNG != nil {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	for _, name := range []string{"", "emblem..png", "emblem.png", "emblem.abc.png", "emblem." + string(make([]byte, 64)), "emblem." + string(make([]byte, 64)) + ".svg"} {
		if hash, ok := HashIn(name); ok {
			t.Errorf("%q has the hash %q", name, hash)
		}
	}
}

// What was hidden in a picture, or what else it was, is not kept.
func TestNothingButThePictureIsKept(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	file, err := archive.Create("secret.txt")
	if err == nil {
		_, err = file.Write([]byte("secret"))
	}
	if err == nil {
		err = archive.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	picture, photo := asPNG(t, disc(300, 300)), asJPEG(t, disc(300, 300))
	const script = "<script>secret</script>"
	comment := "\xff\xfe\x00" + string(rune(len(script)+2)) + script
	for name, upload := range map[string][]byte{
		"a ZIP behind a PNG":    slices.Concat(picture, packed.Bytes()),
		"a page behind a PNG":   slices.Concat(picture, []byte("<html>"+script)),
		"a text in a PNG":       withChunk(picture, "tEXt", "Comment\x00"+script),
		"a profile in a PNG":    withChunk(picture, "eXIf", "MM\x00*secret"),
		"a comment in a JPEG":   slices.Concat(photo[:2], []byte(comment), photo[2:]),
		"a ZIP behind a JPEG":   slices.Concat(photo, packed.Bytes()),
		"a script behind a PNG": slices.Concat(picture, []byte("*/=1;secret()//")),
	} {
		if !bytes.Contains(upload, []byte("secret")) {
			t.Fatalf("%s: holds nothing", name)
		}
		e, err := Read(upload)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if bytes.Contains(e.PNG, []byte("secret")) || bytes.Contains(e.PNG, []byte("PK\x03\x04")) || !bytes.HasSuffix(e.PNG, chunk("IEND", nil)) {
			t.Errorf("%s: it is kept", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add(claiming(100, 100, 100*401))
	f.Add([]byte("\xff\xd8\xff"))
	f.Fuzz(func(t *testing.T, upload []byte) {
		e, err := Read(upload)
		var fault Fault
		if err != nil && !errors.As(err, &fault) {
			t.Errorf("%v is no fault", err)
		}
		if err == nil && (len(e.PNG) > MaxBytes || e.Width < 1 || e.Height < 1 || e.Width > maxSide || e.Height > maxSide) {
			t.Errorf("kept: %d by %d, %d bytes", e.Width, e.Height, len(e.PNG))
		}
	})
}
