package paper

import (
	"sipas/internal/agency"
	"sipas/internal/qr"
	"sipas/internal/registry"
)

// CounterOf is what a sheet says of a service point in a language. Its code points to the
// server at base, an address without a slash at its end.
func CounterOf(snap *registry.Snapshot, p agency.ServicePoint, base, language string) *Counter {
	owner, _ := snap.Tree.Agency(p.AgencyID)
	c := &Counter{
		Agency: owner.Name.In(language), Name: p.Name.In(language), Place: p.Place, Code: p.Code.Grouped(), URL: base + p.Code.Path(),
		Open: p.HasPoster(), Hotline: snap.Hotline(p),
	}
	if head := snap.Tree.Head(p.AgencyID); head.ID != 0 {
		c.Head = head.Name.In(language)
	}
	for _, key := range p.FieldKeys {
		field, _ := snap.Field(key)
		c.Fields = append(c.Fields, field)
	}
	return c
}

// NoticeOf is the notice of a server's sheets, "" where people may fill them in.
func NoticeOf(snap *registry.Snapshot) string {
	if snap.Settings.Synthetic {
		return qr.NoticeSynthetic
	}
	return ""
}
