package httpd

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/agency"
	"sipas/internal/forms"
	"sipas/internal/strictjson"
	"sipas/internal/survey"
)

// receiptDocument acknowledges answers.
type receiptDocument struct {
	Receipt agency.Code `json:"receipt"`
}

// handleAPIResponseCreate takes one person's answers: 201 if they were kept
// now, 200 if the same came before. They take their turn from the same buckets
// as those of the form page.
func (s *Server) handleAPIResponseCreate(c *gin.Context) error {
	form, err := s.form(c)
	if err != nil {
		return err
	}
	submission, err := readSubmission(c)
	receipt, err := s.take(c, form, submission, err)
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if receipt.Replayed {
		status = http.StatusOK
	}
	c.JSON(status, receiptDocument{receipt.Code})
	return nil
}

// idempotencyKey reads the header of a draft standard, by which it is a text in
// quotation marks; most clients leave them out. Two of them name two
// submissions, and count as none.
func idempotencyKey(h http.Header) string {
	keys := h.Values("Idempotency-Key")
	if len(keys) != 1 {
		return ""
	}
	key := strings.TrimSpace(keys[0])
	if inner, quoted := strings.CutPrefix(key, `"`); quoted && strings.HasSuffix(inner, `"`) {
		return strings.TrimSuffix(inner, `"`)
	}
	return key
}

func readSubmission(c *gin.Context) (survey.Submission, error) {
	key := idempotencyKey(c.Request.Header)
	if key == "" {
		return survey.Submission{}, errKeyMissing
	}
	body, err := readJSON(c)
	if err != nil {
		return survey.Submission{}, err
	}
	submission, err := forms.FromJSON(body)
	submission.ID = key
	return submission, err
}

// readJSON reads a body that says that it is JSON and is not compressed: what a
// compressed body unpacks to has no bound.
func readJSON(c *gin.Context) ([]byte, error) {
	kind, parameters, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	charset := parameters["charset"]
	switch {
	case err != nil, kind != "application/json", charset != "" && !strings.EqualFold(charset, "utf-8"):
		return nil, fmt.Errorf("content type %.60q: %w", c.GetHeader("Content-Type"), errMediaType)
	case c.GetHeader("Content-Encoding") != "":
		return nil, fmt.Errorf("content encoding %.60q: %w", c.GetHeader("Content-Encoding"), errMediaType)
	}
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return nil, fmt.Errorf("read body: %w: %w", strictjson.ErrMalformed, err)
	}
	return body, nil
}
