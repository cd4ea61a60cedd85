package campaigns

import (
	"errors"
	"net/http"
	"strings"

	"sipas/internal/audit"
	"sipas/internal/campaign"
	"sipas/internal/campaign/asked"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/strictjson"
	"sipas/internal/survey"
)

// describe is a campaign for a program, with the agencies and counters that it sees.
func (s side) describe(r *httpd.Request, snap *registry.Snapshot, c campaign.Campaign) asked.Document {
	document := asked.Describe(snap, c, s.now())
	agencies, points, _ := seen(r.View(snap), c)
	document.Agencies, document.Points = []string{}, []string{}
	for _, a := range agencies {
		document.Agencies = append(document.Agencies, a.Code)
	}
	for _, p := range points {
		document.Points = append(document.Points, string(p.Code))
	}
	return document
}

// give lists the campaigns by their first day.
func (s side) give(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	list := make([]asked.Document, len(snap.Campaigns))
	for i, c := range snap.Campaigns {
		list[i] = s.describe(r, snap, c)
	}
	r.WriteJSON(http.StatusOK, list)
	return nil
}

// take adds a campaign.
func (s side) take(r *httpd.Request) error { return s.takeChange(r, http.StatusCreated) }

// put keeps a campaign as it is sent; see campaign.Becomes for what can be another.
func (s side) put(r *httpd.Request) error {
	if _, _, err := kept(r); err != nil {
		return err
	}
	return s.takeChange(r, http.StatusOK)
}

func (s side) takeChange(r *httpd.Request, status int) error {
	body, err := r.JSON()
	if err != nil {
		return err
	}
	sent, err := decode(body)
	if err != nil {
		return err
	}
	id := int64(0)
	if status == http.StatusOK {
		id = named(r)
	}
	return s.answer(r, status, func(c *registry.Change) (campaign.Campaign, error) {
		return sent.Keep(r.Context(), c, id, s.now())
	})
}

// takeEnd ends a campaign at once.
func (s side) takeEnd(r *httpd.Request) error {
	_, of, err := kept(r)
	if err != nil {
		return err
	}
	body, err := r.JSON()
	if err != nil {
		return err
	}
	if err := strictjson.Read(body, func(*strictjson.Decoder, string) bool { return false }); err != nil {
		return err
	}
	return s.answer(r, http.StatusOK, func(c *registry.Change) (campaign.Campaign, error) {
		of, err := asked.End(r.Context(), c, of.ID, s.now())
		return of, notNow(err, campaign.ProblemIdle)
	})
}

// notNow says of what a campaign is not ready for why not.
func notNow(err error, problem string) error {
	if errors.Is(err, fault.ErrConflict) {
		return &fault.Invalid{Problems: []fault.Problem{{Where: "campaign", Key: problem}}}
	}
	return err
}

// takeBack forgets a campaign that has not begun.
func (s side) takeBack(r *httpd.Request) error {
	_, of, err := kept(r)
	if err == nil {
		err = s.make(r, func(c *registry.Change) error { return asked.Remove(r.Context(), c, of.ID, s.now()) })
	}
	if err != nil {
		return notNow(err, campaign.ProblemBegun)
	}
	r.WriteNothing()
	return nil
}

// make makes a change of a program's.
func (s side) make(r *httpd.Request, f func(c *registry.Change) error) error {
	return s.k.Registry.Change(r.Context(), r.Author(audit.API), f)
}

// answer makes a change and gives the campaign as it has left it.
func (s side) answer(r *httpd.Request, status int, f func(c *registry.Change) (campaign.Campaign, error)) error {
	var document asked.Document
	err := s.make(r, func(c *registry.Change) error {
		of, err := f(c)
		if err != nil {
			return err
		}
		snap, err := c.Now(r.Context())
		if err == nil {
			document = s.describe(r, snap, of)
		}
		return err
	})
	var invalid *fault.Invalid
	if errors.As(err, &invalid) { // by the members of the body
		for i := range invalid.Problems {
			p := &invalid.Problems[i]
			p.Where = strings.Replace(p.Where, "name_", "name.", 1)
		}
	}
	if err != nil {
		return err
	}
	r.WriteJSON(status, document)
	return nil
}

// decode reads a campaign as asked.Document writes it, without what is not a program's to
// say.
func decode(body []byte) (a asked.Campaign, err error) {
	list := func(d *strictjson.Decoder, key string) []string {
		v := d.Value(key)
		if v.Kind != survey.ValueChoices {
			d.Add(key, fault.ProblemWrongType)
		}
		return v.Choices
	}
	err = strictjson.Read(body, func(d *strictjson.Decoder, key string) bool {
		switch key {
		case "name":
			d.Object(key, "name.", func(language string) {
				switch language {
				case "vi":
					a.NameVi = d.Text("name.vi")
				case "en":
					a.NameEn = d.Text("name.en")
				default:
					d.Add("name."+fault.Shortened(language), fault.ProblemUnknownField)
					d.Value(key)
				}
			})
		case "first_day":
			a.FirstDay = d.Text(key)
		case "last_day":
			a.LastDay = d.Text(key)
		case "version":
			a.Version = d.Text(key)
		case "channels":
			a.Channels = list(d, key)
		case "agencies":
			a.Agencies = list(d, key)
		case "points":
			a.Points = list(d, key)
		default:
			return false
		}
		return true
	})
	return a, err
}
