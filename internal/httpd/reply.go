package httpd

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Reply is how a request is answered.
type Reply struct{ x *exchange }

// Set sets a header.
func (y Reply) Set(name, value string) { y.x.c.Header(name, value) }

// WriteJSON answers a program.
func (y Reply) WriteJSON(status int, document any) { y.x.c.JSON(status, document) }

// WriteHTML answers with a page that was rendered. It is sent as a whole: each part
// written by itself would be a packet.
func (y Reply) WriteHTML(status int, parts ...[]byte) error {
	whole := y.x.k.whole.Get().(*bytes.Buffer)
	defer y.x.k.whole.Put(whole)
	whole.Reset()
	for _, part := range parts {
		whole.Write(part)
	}
	y.Set("Content-Type", "text/html; charset=utf-8")
	y.Set("Content-Length", strconv.Itoa(whole.Len()))
	y.x.c.Status(status)
	if _, err := y.x.c.Writer.Write(whole.Bytes()); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// WriteFile answers with a picture or a document.
func (y Reply) WriteFile(contentType string, content []byte) {
	y.x.c.Data(http.StatusOK, contentType, content)
}

// Stream answers with a document of so many bytes that is not in memory as a whole.
// One that is cut off is not as long as was said.
func (y Reply) Stream(contentType string, bytes int64, write func(w io.Writer) error) error {
	y.Set("Content-Type", contentType)
	y.Set("Content-Length", strconv.FormatInt(bytes, 10))
	y.x.c.Status(http.StatusOK)
	if err := write(y.x.c.Writer); err != nil {
		y.x.k.Log.Warn("a document was cut off", "id", y.x.id(), "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// WriteTagged is WriteFile for what the reader may know already, by its tag.
func (y Reply) WriteTagged(tag, contentType string, content []byte) {
	y.Set("ETag", tag)
	if known := y.x.c.GetHeader("If-None-Match"); known == "*" || strings.Contains(known, tag) {
		y.nothing(http.StatusNotModified)
		return
	}
	y.WriteFile(contentType, content)
}

// WriteNothing says that it was done, and nothing more.
func (y Reply) WriteNothing() { y.nothing(http.StatusNoContent) }

func (y Reply) nothing(status int) {
	y.x.c.Status(status)
	y.x.c.Writer.WriteHeaderNow()
}

// LeadTo leads to another page of this server.
func (y Reply) LeadTo(address string) { y.x.c.Redirect(http.StatusSeeOther, address) }

// LeadOn leads to the right address of what was asked for, in the language that
// was asked for. What was sent is sent again, with its body.
func (y Reply) LeadOn(address string) {
	if tag := y.x.c.Query(languageQuery); tag != "" {
		address += "?lang=" + url.QueryEscape(tag)
	}
	status := http.StatusSeeOther
	if y.x.c.Request.Method == http.MethodPost {
		status = http.StatusTemporaryRedirect
	}
	y.x.c.Redirect(status, address)
}

// WantsJSON tells whether a page's script asks, and not the browser itself.
func (y Reply) WantsJSON() bool {
	return strings.Contains(y.x.c.GetHeader("Accept"), "application/json")
}
