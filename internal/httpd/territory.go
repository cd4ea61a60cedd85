package httpd

import (
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/fault"
)

// territory is the part of the agency tree that the caller may see.
type territory struct {
	all     []agency.Agency
	visible []agency.Agency // parents before children, siblings in order
	depth   map[int64]int   // below the top of what is visible
	scope   int64           // the caller's root, 0: the whole province
}

func (s *Server) territory(c *gin.Context) (territory, error) {
	all, err := s.Store.Agencies(c.Request.Context())
	if err != nil {
		return territory{}, fmt.Errorf("read agencies: %w", err)
	}
	return newTerritory(all, identity(c)), nil
}

func newTerritory(all []agency.Agency, who auth.Identity) territory {
	t := territory{all: all, depth: map[int64]int{}, scope: who.Scope}
	var walk func(a agency.Agency, depth int)
	walk = func(a agency.Agency, depth int) {
		if _, twice := t.depth[a.ID]; twice || !who.Covers(all, a.ID) {
			return
		}
		t.depth[a.ID] = depth
		t.visible = append(t.visible, a)
		for _, child := range all {
			if child.ParentID == a.ID {
				walk(child, depth+1)
			}
		}
	}
	for _, a := range all {
		if a.ID == who.Scope || who.Scope == 0 && a.ParentID == 0 {
			walk(a, 0)
		}
	}
	return t
}

// find gives a visible agency by its code. What the caller may not see does
// not exist for them.
func (t territory) find(code string) (agency.Agency, error) {
	i := slices.IndexFunc(t.visible, func(a agency.Agency) bool { return a.Code == code })
	if i < 0 {
		return agency.Agency{}, fmt.Errorf("agency %.40q: %w", code, fault.ErrNotFound)
	}
	return t.visible[i], nil
}

// sees tells whether an agency is visible.
func (t territory) sees(id int64) bool {
	_, ok := t.depth[id]
	return ok
}
