package httpd

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"

	"sipas/internal/chart"
	"sipas/internal/fault"
	"sipas/web"
)

// assets are the style sheets, scripts and pictures, each under a name that
// changes with its content, so that browsers may keep it for good.
type assets struct {
	byHashed map[string]asset  // file name with hash -> content
	hashed   map[string]string // file name -> file name with hash
}

type asset struct {
	contentType string
	content     []byte
}

func loadAssets() (*assets, error) {
	files, err := fs.Sub(web.Files, "static")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.*")
	if err != nil {
		return nil, err
	}
	a := &assets{byHashed: map[string]asset{}, hashed: map[string]string{}}
	a.add("chart.css", []byte(chart.Stylesheet()))
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		a.add(name, content)
	}
	if err := a.join("kiosk.css", files, "citizen.css", "kiosk.css"); err != nil {
		return nil, err
	}
	return a, nil
}

// join makes one asset of several files: each request costs a slow network a
// round trip.
func (a *assets) join(name string, files fs.FS, parts ...string) error {
	var all []byte
	for _, part := range parts {
		content, err := fs.ReadFile(files, part)
		if err != nil {
			return err
		}
		all = append(all, content...)
	}
	a.add(name, all)
	return nil
}

func (a *assets) add(name string, content []byte) {
	if path.Ext(name) == ".css" {
		content = uncommented(content)
	}
	sum := sha256.Sum256(content)
	extension := path.Ext(name)
	hashed := strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(sum[:5]) + extension
	a.byHashed[hashed] = asset{mime.TypeByExtension(extension), content}
	a.hashed[name] = hashed
}

// uncommented is a style sheet without its comments, which are for us: a first
// visit on a slow network must not pay for them.
func uncommented(sheet []byte) []byte {
	var out []byte
	for {
		before, rest, found := bytes.Cut(sheet, []byte("/*"))
		out = append(out, before...)
		if !found {
			return out
		}
		_, after, _ := bytes.Cut(rest, []byte("*/"))
		sheet = bytes.TrimLeft(after, " \n")
	}
}

// path is the address of an asset, for templates.
func (a *assets) path(name string) (string, error) {
	hashed, ok := a.hashed[name]
	if !ok {
		return "", fmt.Errorf("no asset %s", name)
	}
	return "/static/" + hashed, nil
}

func (k *Kernel) showAsset(r *Request) error {
	a, ok := k.assets.byHashed[r.Param("name")]
	if !ok {
		return fault.ErrNotFound
	}
	r.Set("Cache-Control", "public, max-age=31536000, immutable")
	r.WriteFile(a.contentType, a.content)
	return nil
}
