// Package poster is what the posters of service points and the badges of officials say.
package poster

import (
	"sipas/internal/agency"
	"sipas/internal/qr"
	"sipas/internal/registry"
)

// Of makes the posters of those service points that have one, in their order.
// Their codes point to the server at base, an address without a slash at its end.
func Of(snap *registry.Snapshot, points []agency.ServicePoint, base string) []qr.Poster {
	notice, picture := dress(snap)
	var posters []qr.Poster
	for _, p := range points {
		if !p.HasPoster() {
			continue
		}
		owner, _ := snap.Tree.Agency(p.AgencyID)
		posters = append(posters, qr.Poster{
			Kind: kindOf(p.Channel), File: owner.Code + "-" + string(p.Code),
			Head: snap.Tree.Head(p.AgencyID).Name.In("vi"), Hotline: snap.Hotline(p), Hours: p.Hours,
			Agency: owner.Name.In("vi"), Point: p.Name.In("vi"), Place: p.Place,
			URL: base + p.Code.Path(), Code: p.Code.Grouped(), Notice: notice, Emblem: picture,
		})
	}
	return posters
}

// Badges makes the badges of those officials who serve, in their order; base is as in Of.
func Badges(snap *registry.Snapshot, officials []agency.Official, base string) []qr.Badge {
	notice, picture := dress(snap)
	var badges []qr.Badge
	for _, o := range officials {
		if !o.Active {
			continue
		}
		office, _ := snap.Tree.Agency(o.AgencyID)
		badges = append(badges, qr.Badge{
			Agency: office.Name.In("vi"), Name: o.Name, URL: base + o.Badge.Path(), Code: o.Badge.Grouped(), Notice: notice, Emblem: picture,
		})
	}
	return badges
}

// dress is what all of a server's prints have alike.
func dress(snap *registry.Snapshot) (notice string, picture qr.Picture) {
	if snap.Settings.Synthetic {
		notice = qr.NoticeSynthetic
	}
	if e := snap.Settings.Emblem; e != nil {
		picture = qr.Picture{Name: e.Name(), PNG: e.PNG, Width: e.Width, Height: e.Height}
	}
	return notice, picture
}

// kindOf says what a poster tells of how to answer.
func kindOf(c agency.Channel) qr.Kind {
	switch c {
	case agency.ChannelKiosk:
		return qr.Kiosk
	case agency.ChannelOnline:
		return qr.Online
	case agency.ChannelQR, agency.ChannelInterviewer, agency.ChannelPaper: // of the last two there is none
	}
	return qr.Counter
}
