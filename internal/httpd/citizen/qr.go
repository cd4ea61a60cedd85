package citizen

import (
	"fmt"
	"strconv"

	"sipas/internal/httpd"
	"sipas/internal/qr"
)

// Sides of a QR image in pixels.
const (
	defaultSide = 600
	minSide     = 100
)

func (s *side) drawPNG(r *httpd.Request) error {
	side := defaultSide
	if text, asked := r.Asked("size"); asked {
		n, err := strconv.Atoi(text)
		if side = qr.Side(n); err != nil || n < minSide || side == 0 {
			return fmt.Errorf("size of QR image: %w", httpd.ErrQuery)
		}
	}
	image, err := s.images.PNG(s.k.FormURL(r.Form.Code), side)
	return writeImage(r, "image/png", image, err)
}

func (s *side) drawSVG(r *httpd.Request) error {
	code := r.Form.Code
	image, err := s.images.SVG(s.k.FormURL(code), code.Grouped())
	return writeImage(r, "image/svg+xml", image, err)
}

func writeImage(r *httpd.Request, contentType string, image qr.Image, err error) error {
	if err != nil {
		return fmt.Errorf("QR image: %w", err)
	}
	r.Set("Cache-Control", "public, max-age=3600")
	r.WriteTagged(image.ETag, contentType, image.Content)
	return nil
}
