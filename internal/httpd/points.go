package httpd

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"

	"github.com/gin-gonic/gin"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/qr"
)

// pointsPage lists the service points of the caller's scope, by agency.
type pointsPage struct {
	Groups []pointGroup
	Open   int64
	Closed int64
}

// pointGroup is one agency with its service points.
type pointGroup struct {
	Name   string
	Code   string
	Posts  bool // one of its service points has a poster
	Points []pointLine
}

// pointLine is one service point.
type pointLine struct {
	Name    string
	Place   string
	Code    agency.Code
	Fields  []string
	Channel agency.Channel
	Active  bool
	Posts   bool // it has a poster
	// Unprintable is what a poster of it would show a question mark for.
	Unprintable string
}

func (s *Server) handlePoints(c *gin.Context) error {
	t, err := s.territory(c)
	if err != nil {
		return err
	}
	fields, err := s.Store.ServiceFields(c.Request.Context())
	if err != nil {
		return err
	}
	points, err := s.Store.ServicePoints(c.Request.Context())
	if err != nil {
		return err
	}
	p := s.newPage(c, "points", nil)
	p.Data = listPoints(t, points, fields, p.Language)
	return s.render(c, http.StatusOK, "desk/points", p)
}

func listPoints(t territory, points []agency.ServicePoint, fields []agency.ServiceField, language string) pointsPage {
	names := map[string]string{}
	for _, f := range fields {
		names[f.Key] = f.Name.In(language)
	}
	var page pointsPage
	for _, a := range t.visible {
		group := pointGroup{Name: a.Name.In(language), Code: a.Code}
		for _, p := range points {
			if p.AgencyID != a.ID {
				continue
			}
			line := pointLine{Name: p.Name.In(language), Place: p.Place, Code: p.Code, Channel: p.Channel, Active: p.Active, Posts: p.HasPoster()}
			if line.Posts {
				for _, u := range (qr.Poster{Agency: a.Name.In("vi"), Point: p.Name.In("vi"), Place: p.Place}).Unprintable() {
					line.Unprintable += string(u.Characters)
				}
			}
			for _, key := range p.FieldKeys {
				line.Fields = append(line.Fields, names[key])
			}
			group.Posts = group.Posts || line.Posts
			if p.Active {
				page.Open++
			} else {
				page.Closed++
			}
			group.Points = append(group.Points, line)
		}
		if len(group.Points) > 0 {
			page.Groups = append(page.Groups, group)
		}
	}
	return page
}

// handlePosters prints the posters of one service point, or of an agency with
// everything below it, as one PDF. A closed service point has none, nor has one
// whose sheets staff fill in.
func (s *Server) handlePosters(c *gin.Context) error {
	size, err := qr.ParseSize(c.DefaultQuery("size", string(qr.A4)))
	if err != nil {
		return fmt.Errorf("%w: %w", errQuery, err)
	}
	t, err := s.territory(c)
	if err != nil {
		return err
	}
	name, posters, err := s.posters(c, t)
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := qr.WritePosters(&pdf, qr.Sheet{Size: size, Made: s.Now()}, posters); err != nil {
		return fmt.Errorf("posters: %w", err)
	}
	c.Header("Content-Disposition", `inline; filename="`+fileName("ma-qr-"+name+"-"+string(size))+`.pdf"`)
	c.Data(http.StatusOK, "application/pdf", pdf.Bytes())
	return nil
}

// posters makes what the pages say. Its error is survey.ErrNotFound for what
// does not exist, is closed, or lies outside the caller's scope.
func (s *Server) posters(c *gin.Context, t territory) (name string, posters []qr.Poster, err error) {
	points, err := s.Store.ServicePoints(c.Request.Context())
	if err != nil {
		return "", nil, err
	}
	wanted := func(p agency.ServicePoint) bool { return string(p.Code) == c.Query("point") }
	name = c.Query("point")
	if code := c.Query("agency"); code != "" {
		office, err := t.find(code)
		if err != nil {
			return "", nil, err
		}
		wanted = func(p agency.ServicePoint) bool { return auth.InSubtree(t.all, office.ID, p.AgencyID) }
		name = code
	}
	notice := ""
	if s.deployment(c.Request.Context()).Synthetic {
		notice = qr.NoticeSynthetic
	}
	hierarchy := agency.NewHierarchy(t.all)
	for _, a := range t.visible {
		for _, p := range points {
			if p.AgencyID == a.ID && p.HasPoster() && wanted(p) {
				posters = append(posters, qr.Poster{
					Head: hierarchy.Head(a.ID).Name.In("vi"), Hotline: hierarchy.Hotline(a.ID),
					Agency: a.Name.In("vi"), Point: p.Name.In("vi"), Place: p.Place,
					URL: s.formURL(p.Code), Code: p.Code.Grouped(), Notice: notice,
				})
			}
		}
	}
	if len(posters) == 0 {
		return "", nil, fmt.Errorf("posters of %q: %w", name, fault.ErrNotFound)
	}
	return name, posters, nil
}

var unfitForFile = regexp.MustCompile(`[^A-Za-z0-9]+`)

// fileName keeps of a name what every file system and header takes.
func fileName(name string) string { return unfitForFile.ReplaceAllString(name, "-") }
