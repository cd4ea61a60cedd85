// Package asset holds the style sheets, scripts and pictures of pages, each under a name
// that changes with its content, so that browsers may keep it for good.
package asset

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
	"sipas/web"
)

// Assets are all of them. They do not change.
type Assets struct {
	byHashed map[string]Asset  // file name with hash -> content
	hashed   map[string]string // file name -> file name with hash
}

// Asset is one of them.
type Asset struct {
	ContentType string
	Content     []byte
}

// Load reads those of the program.
func Load() (*Assets, error) {
	files, err := fs.Sub(web.Files, "static")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.*")
	if err != nil {
		return nil, err
	}
	a := &Assets{byHashed: map[string]Asset{}, hashed: map[string]string{}}
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
func (a *Assets) join(name string, files fs.FS, parts ...string) error {
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

func (a *Assets) add(name string, content []byte) {
	if path.Ext(name) == ".css" {
		content = uncommented(content)
	}
	sum := sha256.Sum256(content)
	extension := path.Ext(name)
	hashed := strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(sum[:5]) + extension
	a.byHashed[hashed] = Asset{mime.TypeByExtension(extension), content}
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

// Path is the address of an asset, for templates.
func (a *Assets) Path(name string) (string, error) {
	hashed, ok := a.hashed[name]
	if !ok {
		return "", fmt.Errorf("no asset %s", name)
	}
	return "/static/" + hashed, nil
}

// Find gives an asset by its file name with the hash.
func (a *Assets) Find(name string) (Asset, bool) {
	found, ok := a.byHashed[name]
	return found, ok
}
