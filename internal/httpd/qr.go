package httpd

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"sipas/internal/qr"
	"sipas/internal/survey"
)

// Sides of a QR image in pixels. What is larger is printed from the SVG or the
// poster, and would let anybody make us draw.
const (
	defaultSide = 600
	minSide     = 100
	maxSide     = 1200
)

// formURL is the address of a service point's form, as printed and scanned.
func (s *Server) formURL(code survey.Code) string {
	return s.PublicURL.String() + code.Path()
}

func (s *Server) handleQRPNG(c *gin.Context) error {
	side := defaultSide
	if text, asked := c.GetQuery("size"); asked {
		n, err := strconv.Atoi(text)
		if err != nil || n < minSide || n > maxSide {
			return fmt.Errorf("size of QR image: %w", errQuery)
		}
		side = n
	}
	form, err := s.Intake.Form(c.Request.Context(), c.Param("code"))
	if err != nil {
		return err
	}
	image, err := qr.PNG(s.formURL(form.Point.Code), side)
	if err != nil {
		return fmt.Errorf("QR image: %w", err)
	}
	writeImage(c, "image/png", image)
	return nil
}

func (s *Server) handleQRSVG(c *gin.Context) error {
	form, err := s.Intake.Form(c.Request.Context(), c.Param("code"))
	if err != nil {
		return err
	}
	image, err := qr.SVG(s.formURL(form.Point.Code), form.Point.Code.Grouped())
	if err != nil {
		return fmt.Errorf("QR image: %w", err)
	}
	writeImage(c, "image/svg+xml", image)
	return nil
}

func writeImage(c *gin.Context, contentType string, image []byte) {
	c.Header("Cache-Control", "public, max-age=3600")
	c.Data(http.StatusOK, contentType, image)
}
