package httpd

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/store"
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
	if who, known := s.Auth.Identify(c.Request); known && who.May(auth.ManagePoints) {
		agencies, err := s.Store.Agencies(ctx)
		if err != nil {
			return err
		}
		if who.Covers(agencies, p.AgencyID) {
			return nil
		}
	}
	link, err := store.EntryLink{}, fault.ErrNotFound
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
	points, err := s.Store.ServicePoints(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(points, func(p agency.ServicePoint) bool { return p.ID == link.ServicePointID })
	if at < 0 {
		return fmt.Errorf("service point of entry link %d: %w", link.ID, fault.ErrNotFound)
	}
	code := points[at].Code
	s.senders.MarkEntry(c.Writer, code, link.ID)
	return redirectToForm(c, code)
}
