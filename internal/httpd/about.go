package httpd

import (
	"context"

	"github.com/gin-gonic/gin"

	"sipas/internal/registry"
)

const keySnapshot = "snapshot"

// snapshot is what administrators keep, the same for the whole of a request.
func (s *Server) snapshot(c *gin.Context) (*registry.Snapshot, error) {
	if known, ok := c.Value(keySnapshot).(*registry.Snapshot); ok {
		return known, nil
	}
	snap, err := s.Registry.Current(c.Request.Context())
	if err == nil {
		c.Set(keySnapshot, snap)
	}
	return snap, err
}

// settings are those of the deployment, as far as they are known.
func (s *Server) settings(ctx context.Context) registry.Settings {
	snap, err := s.Registry.Current(ctx)
	if err != nil {
		s.Log.Warn("pages cannot say whose they are", "error", err)
		return registry.Settings{}
	}
	return snap.Settings
}
