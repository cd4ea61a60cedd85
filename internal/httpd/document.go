package httpd

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// Document is what many ask for, compressed once for all of them.
type Document struct {
	contentType string
	gzipped     []byte
}

// NewDocument compresses a document.
func NewDocument(contentType string, content []byte) (Document, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		return Document{}, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return Document{}, fmt.Errorf("compress: %w", err)
	}
	return Document{contentType, out.Bytes()}, nil
}

// Size is how many bytes it takes.
func (d Document) Size() int { return len(d.gzipped) }

// WriteDocument answers with a document: compressed to who can read that.
func (y Reply) WriteDocument(d Document) error {
	if takesGzip(y.x.c.Request) {
		y.Set("Content-Encoding", "gzip")
		y.WriteFile(d.contentType, d.gzipped)
		return nil
	}
	in, err := gzip.NewReader(bytes.NewReader(d.gzipped))
	if err != nil {
		return fmt.Errorf("uncompress: %w", err)
	}
	content, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("uncompress: %w", err)
	}
	y.WriteFile(d.contentType, content)
	return nil
}

// takesGzip tells whether a request says that the answer may be compressed.
func takesGzip(r *http.Request) bool {
	for _, list := range r.Header.Values("Accept-Encoding") {
		for one := range strings.SplitSeq(list, ",") {
			name, weight, _ := strings.Cut(one, ";")
			if strings.EqualFold(strings.TrimSpace(name), "gzip") {
				return strings.Trim(strings.ReplaceAll(weight, " ", ""), "0.") != "q="
			}
		}
	}
	return false
}
