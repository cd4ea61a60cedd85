package httpd

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/fault"
)

// handleMetrics serves the metrics to who has their token. For everybody else
// the path does not exist.
func (s *Server) handleMetrics(c *gin.Context) error {
	given, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	// Hashes are of one length, so that the time says nothing about the token's.
	want, got := sha256.Sum256([]byte(s.MetricsToken)), sha256.Sum256([]byte(given))
	if !ok || s.Metrics == nil || s.MetricsToken == "" || subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
		return fault.ErrNotFound
	}
	s.Metrics.ServeHTTP(c.Writer, c.Request)
	return nil
}
