package forms

import (
	"fmt"
	"testing"
	"time"

	"sipas/internal/agency"
)

// TestOnlyPagesOfLiveFormsAreKept: ten counters ask a survey in two languages, of
// which five versions are published one after the other.
func TestOnlyPagesOfLiveFormsAreKept(t *testing.T) {
	t.Parallel()
	var k Kept
	rendered := 0
	page := func(revision int64, code, language string) Page {
		t.Helper()
		got, err := k.Get(revision, PageKey{Code: agency.Code(code), Language: language}, time.Unix(0, 0), func(submission string) ([]byte, error) {
			rendered++
			return fmt.Appendf(nil, "%s of %s as of %d: %s.", language, code, revision, submission), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	live := 0
	for version := int64(1); version <= 5; version++ {
		live = 0
		for range 3 {
			for i := range 10 {
				for _, language := range []string{"vi", "en"} {
					p := page(version, fmt.Sprint("quay", i), language)
					if want := fmt.Sprintf("%s of quay%d as of %d: ", language, i, version); string(p.Before) != want || string(p.After) != "." {
						t.Fatalf("page %q", p.Before)
					}
					live += len(p.Before) + len(p.After)
				}
			}
		}
	}
	if rendered != 5*20 || len(k.pages) != 20 || k.bytes != live/3 {
		t.Errorf("%d pages rendered, %d kept with %d bytes, want 100, 20 and %d", rendered, len(k.pages), k.bytes, live/3)
	}
	// Whoever took the form before the last version was published is late.
	late := page(4, "quay0", "vi")
	if string(late.Before) != "vi of quay0 as of 4: " || len(k.pages) != 20 || k.revision != 5 {
		t.Errorf("a late page %q is kept: %d pages of revision %d", late.Before, len(k.pages), k.revision)
	}
	if k.bytes != live/3 {
		t.Errorf("%d bytes after a late page", k.bytes)
	}
}

func TestPagesTakeSoManyBytesAtMost(t *testing.T) {
	t.Parallel()
	var k Kept
	page := Page{make([]byte, keptBytes/10), nil}
	for i := range 25 {
		k.keep(1, PageKey{Code: agency.Code(fmt.Sprint(i)), Language: "vi"}, page)
		k.keep(1, PageKey{Code: agency.Code(fmt.Sprint(i)), Language: "vi"}, page) // by two requests at once
	}
	if len(k.pages) != 10 || k.bytes != 10*page.size() {
		t.Errorf("%d pages with %d bytes, and %d are allowed", len(k.pages), k.bytes, keptBytes)
	}
	k.keep(1, PageKey{Code: "large", Language: "vi"}, Page{make([]byte, keptBytes+1), nil})
	if k.bytes > keptBytes {
		t.Errorf("one page takes %d bytes, and %d are allowed", k.bytes, keptBytes)
	}
}
