package export

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// Row is one response as other programs see it: everything is named by its
// public key, nothing by a number of the database.
type Row struct {
	// ID is the submission id. It is what makes reading a row twice harmless,
	// and, being a UUID of version 7, it tells when the form was opened. It is
	// absent where it was not asked for.
	ID           string         `json:"id,omitempty"`
	ServicePoint survey.Code    `json:"service_point"`
	Agency       string         `json:"agency"` // whose work is judged
	Field        string         `json:"field"`
	Version      string         `json:"version"`
	Channel      survey.Channel `json:"channel"`
	Language     string         `json:"language"`
	Day          string         `json:"day"`  // the civil day at the place, 2006-01-02
	Time         string         `json:"time"` // the full hour at the place, RFC 3339
	Answers      Answers        `json:"answers"`
}

// naming turns the numbers of the database into public keys.
type naming struct {
	zone     *time.Location
	withID   bool
	agencies map[int64]string
	points   map[int64]survey.Code
	versions map[int64]*survey.Version
	order    []*survey.Version // survey by survey, oldest first
}

func newNaming(ctx context.Context, st *store.Store, o Options) (*naming, error) {
	agencies, err := st.Agencies(ctx)
	if err != nil {
		return nil, err
	}
	points, err := st.ServicePoints(ctx)
	if err != nil {
		return nil, err
	}
	versions, err := st.Versions(ctx)
	if err != nil {
		return nil, err
	}
	n := &naming{
		zone: o.Zone, withID: !o.WithoutIDs, order: versions,
		agencies: map[int64]string{}, points: map[int64]survey.Code{}, versions: map[int64]*survey.Version{},
	}
	for _, a := range agencies {
		n.agencies[a.ID] = a.Code
	}
	for _, p := range points {
		n.points[p.ID] = p.Code
	}
	for _, v := range versions {
		n.versions[v.ID] = v
	}
	return n, nil
}

func (n *naming) row(r survey.Response) (Row, error) {
	v, known := n.versions[r.VersionID]
	if !known || n.points[r.ServicePointID] == "" || n.agencies[r.AgencyID] == "" {
		return Row{}, fmt.Errorf("response %s came while the export ran and names something newer; export again", r.ID)
	}
	at := r.At.In(n.zone)
	row := Row{
		ServicePoint: n.points[r.ServicePointID], Agency: n.agencies[r.AgencyID], Field: r.FieldKey,
		Version: v.Name(), Channel: r.Channel, Language: r.Language, Day: r.Day,
		Time:    time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), 0, 0, 0, n.zone).Format(time.RFC3339),
		Answers: Answers{},
	}
	if n.withID {
		row.ID = r.ID
	}
	for i, level := range r.Levels() {
		if level >= 0 && i < len(v.Scale()) {
			row.Answers[v.Scale()[i].Key] = survey.Value{Kind: survey.ValueLevel, Level: level}
		}
	}
	for _, c := range r.Choices {
		if q, _ := v.Question(c.Question); q.Type == survey.TypeSingle && len(c.Choices) == 1 {
			row.Answers[c.Question] = survey.Value{Kind: survey.ValueText, Text: c.Choices[0]}
			continue
		}
		row.Answers[c.Question] = survey.Value{Kind: survey.ValueChoices, Choices: c.Choices}
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
