package counter

import (
	"errors"

	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/registry"
)

func (s *side) close(r *httpd.Request) error { return s.set(r, false, "point-closed") }

func (s *side) open(r *httpd.Request) error { return s.set(r, true, "point-opened") }

// set lets a counter take answers or not; one that does so already stays.
func (s *side) set(r *httpd.Request, active bool, done string) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	err = r.Change(func(c *registry.Change) error {
		kept, err := keptNow(r, c, snap)
		if err != nil {
			return err
		}
		if kept.Active == active {
			return revision.ErrNotKept
		}
		return c.SetServicePointActive(r.Context(), kept.ID, active)
	})
	if err != nil && !errors.Is(err, revision.ErrNotKept) {
		return err
	}
	r.LeadTo(afterwards(r.Point.Code, done))
	return nil
}
