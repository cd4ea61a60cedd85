package export

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// Row is one response as other programs see it: everything is named by its
// public key, nothing by a number of the database.
type Row struct {
	// ID is the alias of the submission id: see aliases. It is what makes reading
	// a row twice harmless, and tells nothing. It is absent where it was not
	// asked for. Files made before there were aliases have the submission id.
	ID           string         `json:"id,omitempty"`
	ServicePoint agency.Code    `json:"service_point"`
	Agency       string         `json:"agency"` // whose work is judged
	Field        string         `json:"field"`
	Version      string         `json:"version"`
	Channel      agency.Channel `json:"channel"`
	Language     string         `json:"language"`
	// Day is a civil day at the place, 2006-01-02, and Time a full hour of it, RFC
	// 3339: the first of the half month, where no more was asked for.
	Day     string  `json:"day"`
	Time    string  `json:"time"`
	Answers Answers `json:"answers"`
}

// naming turns the numbers of the database into public keys.
type naming struct {
	zone    *time.Location
	hours   bool
	aliases *aliases // nil: no ids
	snap    *registry.Snapshot
}

func newNaming(ctx context.Context, reg *registry.Registry, o Options) (*naming, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	n := &naming{zone: o.Zone, hours: o.Hours}
	if !o.WithoutIDs {
		known, err := newAliases(ctx, reg)
		if err != nil {
			return nil, err
		}
		n.aliases = &known
	}
	var err error
	n.snap, err = reg.Current(ctx)
	return n, err
}

// versionsOf lists every version, survey by survey, oldest first.
func versionsOf(snap *registry.Snapshot) []*survey.Version {
	var all []*survey.Version
	for _, key := range snap.Surveys {
		all = append(all, snap.Versions(key)...)
	}
	return all
}

func (n *naming) row(r survey.Response) (Row, error) {
	v := n.snap.Version(r.VersionID)
	point, placed := n.snap.PointByID(r.ServicePointID)
	judged, known := n.snap.Tree.Agency(r.AgencyID)
	if v == nil || !placed || !known {
		return Row{}, fmt.Errorf("response %s came while the export ran and names something newer; export again", r.ID)
	}
	at := r.At.In(n.zone)
	day, hour := r.Day, time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), 0, 0, 0, n.zone)
	if !n.hours {
		day = civil.HalfMonthOf(r.Day).From()
		first, err := time.ParseInLocation(time.DateOnly, day, n.zone)
		if err != nil {
			return Row{}, fmt.Errorf("response %s has the day %q", r.ID, r.Day)
		}
		hour = first
	}
	row := Row{
		ServicePoint: point.Code, Agency: judged.Code, Field: r.FieldKey,
		Version: v.Name(), Channel: r.Channel, Language: r.Language, Day: day,
		Time: hour.Format(time.RFC3339), Answers: v.Values(r),
	}
	if n.aliases != nil {
		row.ID = n.aliases.of(r.ID)
	}
	return row, nil
}

// cell writes one answer into one cell; the keys of choices hold no spaces.
func cell(v survey.Value) string {
	switch v.Kind {
	case survey.ValueLevel:
		return strconv.Itoa(v.Level)
	case survey.ValueText:
		return v.Text
	case survey.ValueChoices:
		text := ""
		for i, c := range v.Choices {
			if i > 0 {
				text += " "
			}
			text += c
		}
		return text
	}
	return ""
}
