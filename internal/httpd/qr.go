package httpd

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/agency"
	"sipas/internal/qr"
)

// Sides of a QR image in pixels.
const (
	defaultSide = 600
	minSide     = 100
)

// imageBytes bounds what drawn images take: those of some 2,000 service points
// in every side.
const imageBytes = 24 << 20

// formURL is the address of a service point's form, as printed and scanned.
func (s *Server) formURL(code agency.Code) string {
	return s.PublicURL.String() + code.Path()
}

func (s *Server) handleQRPNG(c *gin.Context) error {
	side := defaultSide
	if text, asked := c.GetQuery("size"); asked {
		n, err := strconv.Atoi(text)
		if side = qr.Side(n); err != nil || n < minSide || side == 0 {
			return fmt.Errorf("size of QR image: %w", errQuery)
		}
	}
	form, err := s.form(c)
	if err != nil {
		return err
	}
	image, err := s.images.PNG(s.formURL(form.Point.Code), side)
	if err != nil {
		return fmt.Errorf("QR image: %w", err)
	}
	writeImage(c, "image/png", image)
	return nil
}

func (s *Server) handleQRSVG(c *gin.Context) error {
	form, err := s.form(c)
	if err != nil {
		return err
	}
	image, err := s.images.SVG(s.formURL(form.Point.Code), form.Point.Code.Grouped())
	if err != nil {
		return fmt.Errorf("QR image: %w", err)
	}
	writeImage(c, "image/svg+xml", image)
	return nil
}

func writeImage(c *gin.Context, contentType string, image qr.Image) {
	c.Header("Cache-Control", "public, max-age=3600")
	c.Header("ETag", image.ETag)
	if strings.Contains(c.GetHeader("If-None-Match"), image.ETag) {
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return
	}
	c.Data(http.StatusOK, contentType, image.Content)
}
