package questionnaire

import (
	"bytes"
	"fmt"
	"sync"
	"time"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// Kept keeps the rendered page of each form for a few seconds, cut where the
// submission id belongs, so that showing a form costs no template and no
// database. Its zero value is empty and ready.
type Kept struct {
	pages sync.Map // PageKey -> Page
}

// PageKey is what a page depends on. There are as many as open service points
// have versions and languages; requests cannot add to them.
type PageKey struct {
	Code              agency.Code
	Version, Language string
}

// Page is a rendered form: the submission id belongs between Before and After.
type Page struct {
	at            time.Time
	Before, After []byte
}

// KeptFor is how long a change of a name takes to be seen.
const KeptFor = 5 * time.Second

// Get gives the page of a form, rendering it when it is missing or old.
func (k *Kept) Get(key PageKey, now time.Time, render func(submission string) ([]byte, error)) (Page, error) {
	if kept, ok := k.pages.Load(key); ok {
		if page, ok := kept.(Page); ok && now.Sub(page.at) < KeptFor {
			return page, nil
		}
	}
	place := survey.NewID(now) // nobody can have written it into a text
	html, err := render(place)
	if err != nil {
		return Page{}, err
	}
	before, after, found := bytes.Cut(html, []byte(place))
	if !found {
		return Page{}, fmt.Errorf("page of form %s has no place for the submission id", key.Version)
	}
	page := Page{now, before, after}
	k.pages.Store(key, page)
	return page, nil
}
