package forms

import (
	"bytes"
	"fmt"
	"sync"
	"time"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// Kept keeps the rendered pages of live forms, cut where the submission id
// belongs, so that showing a form costs no template and no database. They are of
// one revision of what administrators keep: with the next, all are forgotten.
type Kept struct {
	mu       sync.Mutex
	revision int64
	bytes    int
	pages    map[PageKey]Page
}

// PageKey is what a page depends on beside the revision. There are as many as
// open service points, and badges of officials, have languages and draws; requests cannot
// add to them.
type PageKey struct {
	Code     agency.Code
	Point    int64 // id: a badge is at one counter now and at another then
	Language string
	Draw     int   // see Draw: of a submission
	Campaign int64 // that holds now, 0 for none: it begins and ends without a change
}

// Page is a rendered form: the submission id belongs between Before and After.
type Page struct{ Before, After []byte }

// keptBytes bounds what pages take: those of some 2,000 service points in two
// languages.
const keptBytes = 48 << 20

// Get gives the page of a form as of a revision, rendering it when it is missing.
func (k *Kept) Get(revision int64, key PageKey, now time.Time, render func(submission string) ([]byte, error)) (Page, error) {
	if page, ok := k.find(revision, key); ok {
		return page, nil
	}
	place := survey.NewID(now) // nobody can have written it into a text
	html, err := render(place)
	if err != nil {
		return Page{}, err
	}
	before, after, found := bytes.Cut(html, []byte(place))
	if !found {
		return Page{}, fmt.Errorf("page of form %s has no place for the submission id", key.Code)
	}
	page := Page{before, after}
	k.keep(revision, key, page)
	return page, nil
}

func (k *Kept) find(revision int64, key PageKey) (Page, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	page, ok := k.pages[key]
	return page, ok && k.revision == revision
}

func (k *Kept) keep(revision int64, key PageKey, page Page) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case revision < k.revision:
		return // rendered while something was changed
	case revision > k.revision || k.pages == nil:
		k.revision, k.bytes, k.pages = revision, 0, map[PageKey]Page{}
	}
	if old, ok := k.pages[key]; ok {
		k.bytes -= old.size()
		delete(k.pages, key)
	}
	if page.size() > keptBytes {
		return
	}
	for other, old := range k.pages { // any will do: it is rendered again when asked for
		if k.bytes+page.size() <= keptBytes {
			break
		}
		k.bytes -= old.size()
		delete(k.pages, other)
	}
	k.pages[key] = page
	k.bytes += page.size()
}

func (p Page) size() int { return len(p.Before) + len(p.After) }
