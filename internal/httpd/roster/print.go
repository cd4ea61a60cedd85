package roster

import (
	"bytes"
	"fmt"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/poster"
	"sipas/internal/qr"
)

// serving are those of some lines who still serve: the badges of others are out of use.
func serving(lines []line) (officials []agency.Official) {
	for _, l := range lines {
		if l.Active {
			officials = append(officials, l.Official)
		}
	}
	return officials
}

// printOne gives the badge of an official as a card to print.
func (s *side) printOne(r *httpd.Request) error {
	return s.print(r, "the-"+r.Official.Code, []agency.Official{*r.Official})
}

// printFound gives the badges of those whom the list is asked for. Of more than are
// printed at once it leads to the list, which says how to find fewer.
func (s *side) printFound(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	page, all, err := s.find(r, snap, r.NewPage("officials", nil).Language) // whose names are searched
	if err != nil {
		return err
	}
	officials := serving(all)
	if len(officials) > poster.AtOnce {
		r.LeadTo(httpd.AddressOf(listPath, "tim", page.Search, "trang-thai", page.State))
		return nil
	}
	return s.print(r, "the-can-bo", officials)
}

func (s *side) print(r *httpd.Request, name string, officials []agency.Official) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	badges := poster.Badges(snap, officials, s.k.PublicURL.String())
	if len(badges) == 0 {
		return fmt.Errorf("no badge to print: %w", fault.ErrNotFound)
	}
	var file bytes.Buffer
	if err := qr.WriteBadges(&file, s.k.Now(), s.k.Fonts, badges); err != nil {
		return fmt.Errorf("badges: %w", err)
	}
	r.Set("Content-Disposition", `inline; filename="`+name+`.pdf"`)
	r.WriteFile("application/pdf", file.Bytes())
	return nil
}
