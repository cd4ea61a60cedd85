package httpd

import (
	"errors"
	"fmt"

	"github.com/gin-gonic/gin"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/intake"
)

// entryHeader is where programs give the token of an entry link.
const entryHeader = "Entry-Link"

// form finds the form that a request is about, if the sender may answer it.
// The sheets of staff are for who was let in: everybody else is told what they
// are told of a code that does not exist. Errors: those of intake.Form,
// auth.ErrEntryEnded with the form.
func (s *Server) form(c *gin.Context) (intake.Form, error) {
	form, err := s.Intake.Form(c.Request.Context(), c.Param("code"))
	if !form.Point.Channel.Staffed() {
		return form, err
	}
	switch barred := s.admit(c, form.Point); {
	case errors.Is(barred, auth.ErrEntryEnded):
		return form, barred
	case barred != nil:
		return intake.Form{}, barred
	}
	return form, err
}

// admit lets in who has an entry link for a service point, or an account that
// looks after it.
func (s *Server) admit(c *gin.Context, p agency.ServicePoint) error {
	ctx := c.Request.Context()
	if who, known := s.Auth.Identify(c.Request); known && who.May(access.ManagePoints) {
		snap, err := s.snapshot(c)
		if err != nil {
			return err
		}
		if snap.For(who).Sees(p.AgencyID) {
			return nil
		}
	}
	link, err := auth.EntryLink{}, fault.ErrNotFound
	if token := c.GetHeader(entryHeader); token != "" {
		link, err = s.Auth.EntryByToken(ctx, token)
	} else if id, ok := s.senders.Entry(c.Request, p.Code); ok {
		link, err = s.Auth.EntryByID(ctx, id)
	}
	if err == nil && link.ServicePointID != p.ID {
		err = fault.ErrNotFound
	}
	return err
}

// handleEntry lets in who has an entry link and leads to the form, whose
// address opens nothing for anybody else.
func (s *Server) handleEntry(c *gin.Context) error {
	ctx := c.Request.Context()
	link, err := s.Auth.EntryByToken(ctx, c.Param("token"))
	if err != nil {
		return err
	}
	snap, err := s.snapshot(c)
	if err != nil {
		return err
	}
	point, ok := snap.PointByID(link.ServicePointID)
	if !ok {
		return fmt.Errorf("service point of entry link %d: %w", link.ID, fault.ErrNotFound)
	}
	s.senders.MarkEntry(c.Writer, point.Code, link.ID)
	return redirectToForm(c, point.Code)
}
