package httpd

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// pointDocument is a service point as lists for programs show it.
type pointDocument struct {
	Code   string   `json:"code"`
	Name   string   `json:"name"`
	Agency string   `json:"agency"`
	Fields []string `json:"fields"`
	Active bool     `json:"active"`
}

// handleAPIPoints lists the service points of the agencies that the caller may
// see.
func (s *Server) handleAPIPoints(c *gin.Context) error {
	snap, err := s.snapshot(c)
	if err != nil {
		return err
	}
	language, list := s.printer(c).Language, []pointDocument{}
	for _, p := range snap.For(identity(c)).Points() {
		owner, _ := snap.Tree.Agency(p.AgencyID)
		fields := append([]string{}, p.FieldKeys...)
		list = append(list, pointDocument{string(p.Code), p.Name.In(language), owner.Code, fields, p.Active})
	}
	c.JSON(http.StatusOK, list)
	return nil
}
