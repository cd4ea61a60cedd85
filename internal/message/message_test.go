package message_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sipas/internal/message"
)

func catalogues(t *testing.T, files map[string]string) (*message.Catalogues, error) {
	t.Helper()
	disk := fstest.MapFS{}
	for name, content := range files {
		disk[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return message.Load(disk)
}

func TestTexts(t *testing.T) {
	t.Parallel()
	c, err := catalogues(t, map[string]string{
		"en/a.json": `{"hello": "Hello {name}", "only": "x", "left": "{n} {n|thing is|things are} left for {who}"}`,
		"vi/a.json": `{"hello": "Chào {name}"}`,
		"vi/b.json": `{"count": "{n} trên {of}"}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Languages(); !slices.Equal(got, []string{"vi", "en"}) {
		t.Errorf("languages %v", got)
	}
	vi, en := c.For("vi"), c.For("en")
	for _, check := range []struct{ got, want string }{
		{vi.T("hello", "name", "ông/bà"), "Chào ông/bà"},
		{en.T("hello", "name", "{name}"), "Hello {name}"}, // a value is not filled in again
		{vi.T("count", "n", 3, "of", 7), "3 trên 7"},
		{en.T("count", "n", 3, "of", 7), "3 trên 7"}, // missing in English: the default's
		{en.T("left", "who", "{n|a|b}", "n", 1), "1 thing is left for {n|a|b}"},
		{en.T("left", "n", "12", "who", "us"), "12 things are left for us"},
		{vi.T("nowhere"), "nowhere"},
		{c.For("km").T("hello", "name", "x"), "Chào x"},
	} {
		if check.got != check.want {
			t.Errorf("got %q, want %q", check.got, check.want)
		}
	}
	if vi.Has("only") || !en.Has("only") {
		t.Error("Has")
	}
	if keys := c.Keys("vi"); !slices.Equal(keys, []string{"count", "hello"}) {
		t.Errorf("keys %v", keys)
	}
}

func TestLanguageOfReader(t *testing.T) {
	t.Parallel()
	c, err := catalogues(t, map[string]string{"en/a.json": `{}`, "vi/a.json": `{}`})
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"": "vi", "vi-VN,vi;q=0.9,en;q=0.8": "vi", "en-GB,en;q=0.9": "en", "en-US": "en", "fr,en;q=0.5": "en",
		"km": "vi", "\x00;;;": "vi", strings.Repeat("en,", 900): "en",
	} {
		if got := c.Match(header); got != want {
			t.Errorf("%.20q: %s, want %s", header, got, want)
		}
	}
}

func TestBrokenCatalogues(t *testing.T) {
	t.Parallel()
	for want, files := range map[string]map[string]string{
		"no folder vi":           {"en/a.json": `{}`},
		"stands in another file": {"vi/a.json": `{"k": "x"}`, "vi/b.json": `{"k": "y"}`},
		"load catalogue vi/a":    {"vi/a.json": `{"k": {"nested": "x"}}`},
	} {
		if _, err := catalogues(t, files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
