package httpd

import (
	"crypto/sha256"
	_ "embed" // for the document
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/questionnaire"
)

// openAPI describes the routes under /api; a test holds both together.
//
//go:embed openapi.json
var openAPI []byte

// handleOpenAPI serves the description of the API. It changes with the program
// only, so clients may ask whether theirs is still the same.
func (s *Server) handleOpenAPI(c *gin.Context) error {
	sum := sha256.Sum256(openAPI)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "public, no-cache")
	if offered := c.GetHeader("If-None-Match"); offered == "*" || strings.Contains(offered, tag) {
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return nil
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", openAPI)
	return nil
}

func (s *Server) handleAPIForm(c *gin.Context) error {
	form, err := s.Intake.Form(c.Request.Context(), c.Param("code"))
	if err != nil {
		return err
	}
	s.senders.MarkDevice(c.Writer, c.Request)
	c.JSON(http.StatusOK, questionnaire.Describe(form, s.surveyLanguage(c, form.Version)))
	return nil
}
