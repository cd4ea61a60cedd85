package command

import (
	"slices"

	"sipas/internal/agency"
	"sipas/internal/qr"
	"sipas/internal/registry"
)

// Posters are those of the service points that have one, in the order of lists.
// Their codes point to the server at base.
func Posters(snap *registry.Snapshot, points []agency.ServicePoint, base string) []qr.Poster {
	notice := ""
	if snap.Settings.Synthetic {
		notice = qr.NoticeSynthetic
	}
	var posters []qr.Poster
	for _, p := range ListedPoints(points) {
		if p.HasPoster() {
			owner, _ := snap.Tree.Agency(p.AgencyID)
			posters = append(posters, qr.Poster{
				Head: snap.Tree.Head(owner.ID).Name.In("vi"), Hotline: snap.Tree.Hotline(owner.ID),
				Agency: owner.Name.In("vi"), Point: p.Name.In("vi"), Place: p.Place,
				URL: base + p.Code.Path(), Code: p.Code.Grouped(), Notice: notice,
			})
		}
	}
	return posters
}

// Unprintable says, once for each text, what the fonts of posters lack.
func Unprintable(posters []qr.Poster) []string {
	var said []string
	for _, p := range posters {
		for _, u := range p.Unprintable() {
			if text := Printable(u.String()); !slices.Contains(said, text) {
				said = append(said, text)
			}
		}
	}
	return said
}
