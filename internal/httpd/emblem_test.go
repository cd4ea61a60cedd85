package httpd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// coloured is a picture in one colour, as a PNG.
func coloured(t testing.TB, side int, c color.Color) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		img.Set(i%side, i/side, c)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var emblemOf = regexp.MustCompile(`<img class="emblem" src="(/static/emblem\.([0-9a-f]{64})\.png)" alt="([^"]+)"`)

// sendEmblem sends a picture in place of the one with a hash.
func (h *harness) sendEmblem(client *http.Client, picture, was string) reply {
	h.t.Helper()
	return h.sendFile(client, "/cai-dat/bieu-trung?lang=vi", "emblem.png", picture, "was", was)
}

// An emblem is on the pages of agencies, on the public page, on thanks and on posters, and
// not on forms; another instance gives it at once; it is replaced, had back and removed,
// each with an entry that does not hold the picture; and nobody but the province's
// administrator may.
func TestEmblem(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		if err := st.SaveSetting(t.Context(), registry.SettingProvince, `{"vi":"Tỉnh <\"Thử\">"}`); err != nil {
			t.Fatal(err)
		}
		other := serve(t, st, func(d *httpd.Deps) {
			d.Registry = registry.New(st.DB, registry.Options{Now: d.Now, Log: d.Log})
		})
		chief, anybody := h.signedIn(h.account(access.Administrator, 0)), h.client()
		other.get(other.client(), "/dang-nhap").check(t, "none yet", http.StatusOK, []string{"desk-mark"}, []string{`class="emblem"`})
		shown := func(what, path string) (address, hash string) {
			t.Helper()
			page := h.get(anybody, path+"?lang=vi")
			found := emblemOf.FindStringSubmatch(page.body)
			if found == nil || found[3] != "Biểu trưng: Tỉnh &lt;&#34;Thử&#34;&gt;" {
				t.Fatalf("%s, %s: no emblem: %v", what, path, found)
			}
			return found[1], found[2]
		}
		h.sendEmblem(chief, coloured(t, 300, color.NRGBA{200, 0, 0, 255}), "").check(t, "taken", http.StatusSeeOther, nil, nil)
		address, red := shown("signing in", "/dang-nhap")
		for _, path := range []string{"/cong-khai", "/q/" + codeLand + "/xong/7K3MQ9TD"} {
			if again, _ := shown("there", path); again != address {
				t.Errorf("%s shows %s", path, again)
			}
		}
		h.get(anybody, "/q/"+codeLand).check(t, "the form", http.StatusOK, nil, []string{`emblem.`})
		for _, server := range []*harness{h, other} { // the other one still has the snapshot of before
			picture := server.get(server.client(), address)
			if _, err := png.Decode(strings.NewReader(picture.body)); err != nil || picture.status != http.StatusOK || picture.header.Get("Content-Type") != "image/png" ||
				picture.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(picture.header.Get("Cache-Control"), "immutable") || !strings.Contains(picture.header.Get("Content-Security-Policy"), "default-src 'none'") {
				t.Errorf("the picture: %d %v %v", picture.status, picture.header, err)
			}
		}
		for _, name := range []string{"emblem." + strings.Repeat("a", 64) + ".png", "emblem.%27%20OR%201=1--.png", "emblem.png", "emblem." + red + ".svg"} {
			h.get(anybody, "/static/"+name).check(t, name, http.StatusNotFound, nil, nil)
		}
		poster := h.post(chief, "/quay/in", url.Values{"size": {"A4"}, "quay": {codeLand}})
		if poster.status != http.StatusOK || !strings.Contains(poster.body, "/Subtype /Image") {
			t.Errorf("a poster: %d, with an emblem %v", poster.status, strings.Contains(poster.body, "/Subtype /Image"))
		}

		h.sendEmblem(chief, coloured(t, 300, color.NRGBA{0, 0, 200, 255}), "").check(t, "somebody else was faster", http.StatusConflict, []string{"Người khác vừa đổi", red}, nil)
		h.sendEmblem(chief, coloured(t, 300, color.NRGBA{0, 0, 200, 255}), red).check(t, "replaced", http.StatusSeeOther, nil, nil)
		_, blue := shown("another", "/dang-nhap")
		h.get(anybody, address).check(t, "the former is not given", http.StatusNotFound, nil, nil)
		was := func(hash string) url.Values { return url.Values{"was": {hash}} }
		h.post(chief, "/cai-dat/bieu-trung/tro-lai", was(blue)).check(t, "back", http.StatusSeeOther, nil, nil)
		if _, back := shown("back", "/dang-nhap"); back != red || blue == red {
			t.Errorf("back is %s, was %s", back, red)
		}
		h.post(chief, "/cai-dat/bieu-trung/go", was(blue)).check(t, "another is shown", http.StatusConflict, nil, nil)
		h.post(chief, "/cai-dat/bieu-trung/go", was(red)).check(t, "removed", http.StatusSeeOther, nil, nil)
		h.get(anybody, "/dang-nhap").check(t, "none", http.StatusOK, nil, []string{`class="emblem"`})
		h.get(anybody, address).check(t, "it is gone", http.StatusNotFound, nil, nil)
		h.get(chief, "/cai-dat?da=emblem-removed&lang=vi").check(t, "it can be had back", http.StatusOK, []string{"Đã gỡ biểu trưng", "/cai-dat/bieu-trung/tro-lai"}, []string{"/cai-dat/bieu-trung/go"})
		h.post(chief, "/cai-dat/bieu-trung/tro-lai", was("")).check(t, "had back", http.StatusSeeOther, nil, nil)

		entries, err := h.deps.Audit.List(t.Context(), audit.Filter{Action: "emblem.", Limit: 10})
		if err != nil || len(entries) != 5 {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		for _, e := range entries {
			said := fmt.Sprintf("%s %s", e.Before, e.After)
			if e.Subject != "setting/emblem" || !strings.Contains(said, `"sha256"`) || !strings.Contains(said, `"bytes"`) || strings.Contains(said, "iVBOR") {
				t.Errorf("the log says %s %s", e.Subject, said)
			}
			if raw, ok := e.After.(json.RawMessage); ok && len(raw) > 200 {
				t.Errorf("an entry of %d bytes", len(raw))
			}
		}
		auditor := h.signedIn(h.account(access.Auditor, 0))
		h.get(auditor, "/cai-dat?lang=vi").check(t, "the auditor looks", http.StatusOK, []string{red}, []string{`type="file"`, "bieu-trung/go"})
		for _, who := range []*http.Client{auditor, h.signedIn(h.account(access.Administrator, h.environment.ID))} {
			h.sendEmblem(who, coloured(t, 300, color.White), red).check(t, "may not", http.StatusForbidden, nil, nil)
			h.post(who, "/cai-dat/bieu-trung/go", was(red)).check(t, "may not", http.StatusForbidden, nil, nil)
		}
	})
}

// What is no picture, or a hostile one, is refused in words, and changes nothing.
func TestHostileEmblemsAreRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	chief := h.signedIn(h.account(access.Administrator, 0))
	good := coloured(t, 200, color.White)
	var moving bytes.Buffer
	if err := gif.Encode(&moving, image.NewPaletted(image.Rect(0, 0, 64, 64), color.Palette{color.White}), nil); err != nil {
		t.Fatal(err)
	}
	bomb := []byte(good)
	copy(bomb[16:24], "\x00\x00\xea\x60\x00\x00\xea\x60") // 60,000 by 60,000; the sum of the head is wrong, too
	for name, test := range map[string]struct {
		picture, says string
		status        int
	}{
		"no file":       {"", "chưa chọn tệp", http.StatusUnprocessableEntity},
		"a GIF":         {moving.String(), "không phải hình PNG", http.StatusUnprocessableEntity},
		"SVG":           {`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "hình SVG", http.StatusUnprocessableEntity},
		"cut off":       {good[:len(good)/2], "bị hỏng", http.StatusUnprocessableEntity},
		"a bomb":        {string(bomb), "bị hỏng", http.StatusUnprocessableEntity},
		"too many dots": {coloured(t, 2001, color.White), "quá lớn", http.StatusUnprocessableEntity},
		"a dot":         {coloured(t, 4, color.White), "quá nhỏ", http.StatusUnprocessableEntity},
		"2.5 MB":        {good + strings.Repeat("x", 5<<19), "quá lớn", http.StatusUnprocessableEntity},
		"4 MB":          {good + strings.Repeat("x", 4<<20), "quá lớn", http.StatusRequestEntityTooLarge},
	} {
		h.sendEmblem(chief, test.picture, "").check(t, name, test.status, []string{test.says, `role="alert"`}, []string{"alert(1)"})
	}
	h.post(chief, "/cai-dat/bieu-trung", "x=1", "Content-Type", "application/x-www-form-urlencoded").check(t, "no form with a file", http.StatusUnsupportedMediaType, nil, nil)
	if s := h.snapshot().Settings; s.Emblem != nil || s.FormerEmblem {
		t.Error("something is kept")
	}
}
