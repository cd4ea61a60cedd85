package admin

import (
	"errors"
	"net/http"

	"sipas/internal/emblem"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/registry"
)

const (
	// pictureBytes bounds a form with a picture: what is too large for an emblem, but no
	// more than this, is told on the page.
	pictureBytes = emblem.MaxUpload + 1<<20
	// emblemSeen is the field that says which emblem the form showed.
	emblemSeen = "was"
)

// takeEmblem shows an uploaded picture as the province's emblem.
func (s settingPages) takeEmblem(r *httpd.Request) error {
	upload, fields, err := r.File()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return s.refusePicture(r, http.StatusRequestEntityTooLarge, r.Printer().T("emblem."+string(emblem.Large)))
	case err != nil:
		return err
	case len(upload) == 0:
		return s.refusePicture(r, http.StatusUnprocessableEntity, r.Printer().T("emblem.none"))
	}
	e, err := s.readPicture(upload)
	var wrong emblem.Fault
	if errors.As(err, &wrong) {
		return s.refusePicture(r, http.StatusUnprocessableEntity, r.Printer().T("emblem."+string(wrong)))
	}
	if err != nil {
		return err
	}
	return s.changeEmblem(r, fields, "emblem-set", func(c *registry.Change) error { return c.SetEmblem(r.Context(), &e) })
}

func (s settingPages) readPicture(upload []byte) (emblem.Emblem, error) {
	s.pictures.Lock()
	defer s.pictures.Unlock()
	return emblem.Read(upload)
}

func (s settingPages) refusePicture(r *httpd.Request, status int, why string) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	typed := r.Typed(settingValues(snap))
	typed.Opened = typed.Values
	return s.writeSettings(r, status, settingsPage{Typed: typed, Picture: why})
}

func (s settingPages) removeEmblem(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	return s.changeEmblem(r, fields, "emblem-removed", func(c *registry.Change) error { return c.SetEmblem(r.Context(), nil) })
}

func (s settingPages) restoreEmblem(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	return s.changeEmblem(r, fields, "emblem-restored", func(c *registry.Change) error { return c.RestoreEmblem(r.Context()) })
}

// changeEmblem makes a change of the emblem that the form showed; where somebody else has
// changed it since, that is shown first.
func (s settingPages) changeEmblem(r *httpd.Request, fields httpd.Fields, done string, change func(c *registry.Change) error) error {
	err := r.Change(func(c *registry.Change) error {
		now, err := c.Now(r.Context())
		if err != nil {
			return err
		}
		shown := ""
		if e := now.Settings.Emblem; e != nil {
			shown = e.Hash
		}
		if fields.Get(emblemSeen) != shown {
			return revision.ErrNotKept
		}
		return change(c)
	})
	if errors.Is(err, revision.ErrNotKept) {
		return s.refusePicture(r, http.StatusConflict, r.Printer().T("emblem.changed-since"))
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(settingsPath, "da", done))
	return nil
}
