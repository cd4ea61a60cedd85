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

// view is the part of it that the caller may see.
func (s *Server) view(c *gin.Context) (registry.View, error) {
	snap, err := s.snapshot(c)
	if err != nil {
		return registry.View{}, err
	}
	return snap.For(identity(c)), nil
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
