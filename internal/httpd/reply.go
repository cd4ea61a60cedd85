package httpd

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// Reply is how a request is answered.
type Reply struct {
	k *Kernel
	c *gin.Context
}

// Set sets a header.
func (y Reply) Set(name, value string) { y.c.Header(name, value) }

// WriteJSON answers a program.
func (y Reply) WriteJSON(status int, document any) { y.c.JSON(status, document) }

// WriteHTML answers with a page that was rendered.
func (y Reply) WriteHTML(status int, parts ...[]byte) error {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	y.Set("Content-Type", "text/html; charset=utf-8")
	y.Set("Content-Length", strconv.Itoa(length))
	y.c.Status(status)
	for _, part := range parts {
		if _, err := y.c.Writer.Write(part); err != nil {
			return fmt.Errorf("write page: %w", err)
		}
	}
	return nil
}

// WriteFile answers with a picture or a document.
func (y Reply) WriteFile(contentType string, content []byte) {
	y.c.Data(http.StatusOK, contentType, content)
}

// WriteTagged is WriteFile for what the reader may know already, by its tag.
func (y Reply) WriteTagged(tag, contentType string, content []byte) {
	y.Set("ETag", tag)
	if known := y.c.GetHeader("If-None-Match"); known == "*" || strings.Contains(known, tag) {
		y.nothing(http.StatusNotModified)
		return
	}
	y.WriteFile(contentType, content)
}

// WriteNothing says that it was done, and nothing more.
func (y Reply) WriteNothing() { y.nothing(http.StatusNoContent) }

func (y Reply) nothing(status int) {
	y.c.Status(status)
	y.c.Writer.WriteHeaderNow()
}

// LeadTo leads to another page of this server.
func (y Reply) LeadTo(address string) { y.c.Redirect(http.StatusSeeOther, address) }

// LeadOn leads to the right address of what was asked for, in the language that
// was asked for. What was sent is sent again, with its body.
func (y Reply) LeadOn(address string) {
	if tag := y.c.Query(languageQuery); tag != "" {
		address += "?lang=" + url.QueryEscape(tag)
	}
	status := http.StatusSeeOther
	if y.c.Request.Method == http.MethodPost {
		status = http.StatusTemporaryRedirect
	}
	y.c.Redirect(status, address)
}
