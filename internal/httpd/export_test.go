package httpd

import (
	"html/template"

	"sipas/internal/asset"
)

// What the tests of the whole web look at.
var (
	OpenAPI        = openAPI
	ErrMethod      = errMethod
	ErrCrossOrigin = errCrossOrigin
	ErrSignIn      = errSignIn
)

const (
	EntryHeader    = entryHeader
	LanguageCookie = languageCookie
)

// Templates are those of every page by name, parsed.
func Templates() (map[string]*template.Template, error) {
	a, err := asset.Load()
	if err != nil {
		return nil, err
	}
	p, err := loadPages(a)
	if err != nil {
		return nil, err
	}
	return p.ByName(), nil
}

// Templates are those that a kernel renders.
func (k *Kernel) Templates() map[string]*template.Template { return k.pages.ByName() }

// Asset is the address of an asset.
func (k *Kernel) Asset(name string) (string, error) { return k.assets.Path(name) }
