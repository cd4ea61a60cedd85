package httpd

import (
	"bytes"
	"fmt"
	"sync"
	"time"

	"sipas/internal/survey"
)

// formCache keeps the rendered page of each form for a few seconds, cut where
// the submission id belongs, so that showing a form costs no template and no
// database. Its zero value is empty and ready.
type formCache struct {
	pages sync.Map // formKey -> cachedForm
}

// formKey is what a page depends on. There are as many as open service points
// have versions and languages; requests cannot add to them.
type formKey struct {
	code              survey.Code
	version, language string
}

type cachedForm struct {
	at            time.Time
	before, after []byte
}

// formAge is how long a change of a name takes to be seen.
const formAge = 5 * time.Second

// get gives the page of a form, rendering it when it is missing or old.
func (f *formCache) get(key formKey, now time.Time, render func(submission string) ([]byte, error)) (cachedForm, error) {
	if kept, ok := f.pages.Load(key); ok {
		if page, ok := kept.(cachedForm); ok && now.Sub(page.at) < formAge {
			return page, nil
		}
	}
	place := survey.NewID(now) // nobody can have written it into a text
	html, err := render(place)
	if err != nil {
		return cachedForm{}, err
	}
	before, after, found := bytes.Cut(html, []byte(place))
	if !found {
		return cachedForm{}, fmt.Errorf("page of form %s has no place for the submission id", key.version)
	}
	page := cachedForm{now, before, after}
	f.pages.Store(key, page)
	return page, nil
}
