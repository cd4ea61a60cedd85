package campaigns

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/campaign/asked"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/registry"
)

// formPage is the form of a new campaign, or of one that is changed.
type formPage struct {
	httpd.Typed
	Versions   []httpd.Choice
	Channels   []httpd.Choice
	Agencies   look
	Points     look
	Path, Back string
	Kept       *line  // nil of a new one
	Begun      bool   // only its name and its last day can be changed
	Over       bool   // only its name
	Late       int    // how many days answers count after its end
	End        string // address, "" if it does not run
	Remove     string // address, "" if it has begun
}

// look is things to choose from: all of a few, else those chosen and those looked for.
type look struct {
	List    []place
	Many    bool
	Text    string // what is looked for
	Missing bool   // nothing was found
}

type place struct {
	httpd.Choice
	Of string // whose it is, above which agency
}

// fields are those of the form. The lists are texts with `;` between codes.
var fields = []string{"campaign_vi", "campaign_en", "first_day", "last_day", "version", "at", "channels", "agencies", "points"}

// lookFields are what is looked for, and whether it is.
var lookFields = []string{"look_agency", "look_point", "do"}

const (
	// everywhere and somewhere are the values of the field `at`.
	everywhere = "all"
	somewhere  = "some"
	// few is how many are shown all at once, and found how many of those looked for.
	few   = 50
	found = 20
)

// begunFields are those that can still be changed once it has begun.
var begunFields = []string{"campaign_vi", "campaign_en", "last_day"}

func valuesOf(snap *registry.Snapshot, c campaign.Campaign, p httpd.Page) map[string]string {
	a, at := asked.Of(snap, c), somewhere
	if c.Everywhere() {
		at = everywhere
	}
	return map[string]string{
		"campaign_vi": a.NameVi, "campaign_en": a.NameEn, "first_day": p.Day(c.FirstDay), "last_day": p.Day(c.LastDay), "version": a.Version, "at": at,
		"channels": strings.Join(a.Channels, ";"), "agencies": strings.Join(a.Agencies, ";"), "points": strings.Join(a.Points, ";"),
	}
}

// askedBy is what a form asks for.
func askedBy(values map[string]string) asked.Campaign {
	list := func(name string) []string {
		return strings.FieldsFunc(values[name], func(r rune) bool { return r == ';' })
	}
	a := asked.Campaign{
		NameVi: values["campaign_vi"], NameEn: values["campaign_en"], FirstDay: values["first_day"], LastDay: values["last_day"], Version: values["version"], Channels: list("channels"),
	}
	if values["at"] == somewhere {
		a.Agencies, a.Points = list("agencies"), list("points")
	}
	return a
}

// keep keeps what a form asks for, and gives what is wrong with it.
func (s side) keep(r *httpd.Request, c *registry.Change, id int64, values map[string]string) ([]httpd.Wrong, error) {
	a := askedBy(values)
	if values["at"] == somewhere && len(a.Agencies)+len(a.Points) == 0 {
		return []httpd.Wrong{{Where: "at", Text: r.Printer().T("campaigns.nowhere")}}, nil
	}
	_, err := a.Keep(r.Context(), c, id, s.now())
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		wrong := r.Typed(nil, invalid.Problems...).Problems
		for i := range wrong {
			wrong[i].Where = strings.Replace(wrong[i].Where, "name_", "campaign_", 1)
		}
		return wrong, nil
	}
	return nil, err
}

func (s side) showNew(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	return s.writeForm(r, snap, http.StatusOK, r.Typed(map[string]string{"at": everywhere}), campaign.Campaign{})
}

func (s side) add(r *httpd.Request) error {
	sent, err := r.Fields()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	form := httpd.Typed{Values: revision.Cells(sent, fields)}
	if looked(sent, form.Values) {
		return s.writeForm(r, snap, http.StatusOK, form, campaign.Campaign{})
	}
	err = r.Change(func(c *registry.Change) (err error) {
		form.Problems, err = s.keep(r, c, 0, form.Values)
		if err == nil && len(form.Problems) > 0 {
			err = revision.ErrNotKept
		}
		return err
	})
	if errors.Is(err, revision.ErrNotKept) {
		return s.writeForm(r, snap, http.StatusUnprocessableEntity, form, campaign.Campaign{})
	}
	if err != nil {
		return err
	}
	return s.lead(r, form.Values["first_day"], "campaign-added")
}

// looked tells whether the form only looks for places; what it looks for joins its values.
func looked(sent httpd.Fields, values map[string]string) bool {
	for _, name := range []string{"look_agency", "look_point"} {
		values[name] = strings.TrimSpace(httpd.Cut(sent.Get(name), 100))
	}
	return sent.Get("do") == "look"
}

// kept is the campaign that the address names.
func kept(r *httpd.Request) (*registry.Snapshot, campaign.Campaign, error) {
	snap, err := r.Snapshot()
	if err != nil {
		return nil, campaign.Campaign{}, err
	}
	of := snap.Campaigns.ByID(named(r))
	if of == nil {
		return nil, campaign.Campaign{}, fmt.Errorf("campaign %.20q: %w", r.Param("campaign"), fault.ErrNotFound)
	}
	return snap, *of, nil
}

func (s side) showForm(r *httpd.Request) error {
	snap, of, err := kept(r)
	if err != nil {
		return err
	}
	shown := r.Typed(valuesOf(snap, of, r.NewPage("campaign-change", nil)))
	shown.Opened = shown.Values
	return s.writeForm(r, snap, http.StatusOK, shown, of)
}

// change keeps what was changed in the form, of the campaign as it is at that moment.
func (s side) change(r *httpd.Request) error {
	snap, of, err := kept(r)
	if err != nil {
		return err
	}
	sent, err := r.Fields()
	if err != nil {
		return err
	}
	shown := fields
	if of.State(s.now()) != campaign.Planned {
		shown = begunFields
	}
	typed, p := revision.Cells(sent, shown), r.NewPage("campaign-change", nil)
	if looked(sent, typed) {
		form := httpd.Typed{Values: typed, Opened: valuesOf(snap, of, p)}
		for name := range form.Opened {
			form.Opened[name] = cmp.Or(strings.Join(sent.All(revision.Opened(name)), ";"), form.Opened[name])
		}
		return s.writeForm(r, snap, http.StatusOK, form, of)
	}
	for _, name := range lookFields {
		delete(typed, name)
	}
	form, status, err := revision.Keep(r, sent, typed, revision.Of{
		Now: func(c *registry.Change) (map[string]string, error) {
			if snap, err = c.Now(r.Context()); err != nil {
				return nil, err
			}
			now := snap.Campaigns.ByID(of.ID)
			if now == nil {
				return nil, fmt.Errorf("campaign %d: %w", of.ID, fault.ErrNotFound)
			}
			of = *now
			return valuesOf(snap, of, p), nil
		},
		Keep: func(c *registry.Change, merged map[string]string) ([]httpd.Wrong, error) {
			for name, value := range valuesOf(snap, of, p) {
				if _, sent := merged[name]; !sent {
					merged[name] = value
				}
			}
			return s.keep(r, c, of.ID, merged)
		},
		Said: func(values map[string]string) map[string]string { return values },
	})
	if errors.Is(err, revision.ErrNotKept) {
		return s.writeForm(r, snap, status, form, of)
	}
	if err != nil {
		return err
	}
	return s.lead(r, p.Day(of.FirstDay), "saved")
}

// lead leads back to the list, of the year in which a campaign begins.
func (s side) lead(r *httpd.Request, firstDay, done string) error {
	year := s.now().Day[:4]
	if len(firstDay) >= 4 {
		if parts := strings.FieldsFunc(firstDay, func(r rune) bool { return r < '0' || r > '9' }); len(parts) == 3 {
			year = cmp.Or(longest(parts), year)
		}
	}
	r.LeadTo(httpd.AddressOf(path, "nam", year, "da", done))
	return nil
}

// longest is the part of a day that has four digits.
func longest(parts []string) string {
	at := slices.IndexFunc(parts, func(part string) bool { return len(part) == 4 })
	if at < 0 {
		return ""
	}
	return parts[at]
}

func (s side) writeForm(r *httpd.Request, snap *registry.Snapshot, status int, shown httpd.Typed, of campaign.Campaign) error {
	p, view := r.NewPage("campaign-new", nil), r.View(snap)
	data := formPage{Typed: shown, Path: newPath, Back: path, Late: campaign.Late}
	if of.ID != 0 {
		p = r.NewPage("campaign-change", nil)
		one := lineOf(p, snap, view, of, s.now())
		data.Kept, data.Path = &one, pathOf(of.ID)+formEnd
		switch of.State(s.now()) {
		case campaign.Planned:
			data.Remove = pathOf(of.ID) + removeEnd
		case campaign.Running:
			data.Begun, data.End = true, pathOf(of.ID)+endEnd
		case campaign.Over:
			data.Begun, data.Over = true, true
		}
	}
	data.Versions = versionChoices(p, snap, shown.Value("version"))
	for _, c := range agency.Channels() {
		data.Channels = append(data.Channels, httpd.Choice{Value: string(c), Text: p.Channel(c), Chosen: has(shown.Value("channels"), string(c))})
	}
	data.offer(p, view)
	p.Data = data
	return r.Show(status, "desk/campaign", p)
}

func has(list, one string) bool { return slices.Contains(strings.Split(list, ";"), one) }

// versionChoices are the newest version of each survey, and the one that was chosen.
func versionChoices(p httpd.Page, snap *registry.Snapshot, chosen string) (list []httpd.Choice) {
	for _, key := range snap.Surveys {
		for _, v := range snap.Versions(key) {
			if v == snap.Newest(key) || v.Name() == chosen {
				list = append(list, httpd.Choice{Value: v.Name(), Text: versionWords(p, v.Definition.Title.In(p.Language), v.Number), Chosen: v.Name() == chosen})
			}
		}
	}
	return list
}

// offer puts together which agencies and counters there are to choose from.
func (d *formPage) offer(p httpd.Page, view registry.View) {
	names := map[int64]string{}
	agencies := view.Agencies()
	for _, a := range agencies {
		names[a.ID] = a.Name.In(p.Language)
	}
	chosen := d.Value("agencies")
	d.Agencies = look{Many: len(agencies) > few, Text: d.Value("look_agency")}
	sought := agencies
	if d.Agencies.Many {
		sought = nil
		if d.Agencies.Text != "" {
			sought, _ = view.Search(d.Agencies.Text).BestAgencies(found)
			d.Agencies.Missing = len(sought) == 0
		}
	}
	for _, a := range agencies {
		is := has(chosen, a.Code)
		if is || slices.ContainsFunc(sought, func(o agency.Agency) bool { return o.ID == a.ID }) {
			d.Agencies.List = append(d.Agencies.List, place{httpd.Choice{Value: a.Code, Text: names[a.ID], Chosen: is}, names[a.ParentID]})
		}
	}
	points, chosen := view.Points(), d.Value("points")
	d.Points = look{Many: len(points) > few, Text: d.Value("look_point")}
	some := points
	if d.Points.Many {
		some = nil
		if d.Points.Text != "" {
			some, _ = view.Search(d.Points.Text).BestPoints(found)
			d.Points.Missing = len(some) == 0
		}
	}
	for _, of := range points {
		is := has(chosen, string(of.Code))
		if is || slices.ContainsFunc(some, func(o agency.ServicePoint) bool { return o.ID == of.ID }) {
			d.Points.List = append(d.Points.List, place{httpd.Choice{Value: string(of.Code), Text: of.Name.In(p.Language), Chosen: is}, names[of.AgencyID]})
		}
	}
}

// end ends a campaign at once.
func (s side) end(r *httpd.Request) error {
	_, of, err := kept(r)
	if err == nil {
		err = r.Change(func(c *registry.Change) error {
			_, err := asked.End(r.Context(), c, of.ID, s.now())
			return err
		})
	}
	if err != nil && !errors.Is(err, fault.ErrConflict) { // it is over already
		return err
	}
	return s.lead(r, of.FirstDay, "campaign-ended")
}

// remove forgets a campaign that has not begun; the form of one that has begun says what
// can be done.
func (s side) remove(r *httpd.Request) error {
	_, of, err := kept(r)
	if err == nil {
		err = r.Change(func(c *registry.Change) error { return asked.Remove(r.Context(), c, of.ID, s.now()) })
	}
	if errors.Is(err, fault.ErrConflict) {
		r.LeadTo(pathOf(of.ID) + formEnd)
		return nil
	}
	if err != nil {
		return err
	}
	return s.lead(r, of.FirstDay, "campaign-removed")
}
