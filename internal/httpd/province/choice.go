package province

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// pointChoice is what is chosen in the list of service points, and what came of what
// was done with it.
type pointChoice struct {
	All     bool   // everything that is looked for is chosen, but what is not ticked
	Ticked  bool   // every one on the page
	Shown   string // codes on the page
	OnPage  int64
	None    string // the addresses of the page with nothing chosen,
	Page    string // all of the page,
	Every   string // and all that are looked for
	Formats []httpd.Choice

	Stopped string // why nothing was done, in words
	Done    string // what was done, in words
	Changed string // the codes of those that were changed
	Undo    string // what takes that back
}

// The ways to begin a choice, as they are asked for.
const (
	choosePage = "trang"
	chooseAll  = "tat-ca"
)

// choiceFields are the fields of a choice beside the ticks.
var choiceFields = []string{"all", "found", "shown", "tim", "state", "page", "chon"}

// choiceBytes bounds a choice: taking back what was done to 100,000 service points
// names each.
const choiceBytes = 1 << 20

func choiceOn(page pointsPage, on httpd.Page, asked string) pointChoice {
	at := func(choice string) string {
		return httpd.AddressOf(pointsPath, "tim", page.Search, "state", page.State, "page", page.Pages.At, "chon", choice) + "#chon"
	}
	c := pointChoice{
		All: asked == chooseAll, Ticked: asked == chooseAll || asked == choosePage,
		None: at(""), Page: at(choosePage), Every: at(chooseAll), Formats: formatChoices(on, "A4"),
	}
	var codes []string
	for _, g := range page.Groups {
		for _, p := range g.Points {
			codes = append(codes, string(p.Code))
		}
	}
	c.Shown, c.OnPage = strings.Join(codes, " "), int64(len(codes))
	return c
}

// chosen is a choice as a form sends it.
type chosen struct {
	ticked []agency.ServicePoint
	all    bool
	filter pointsPage
	found  string   // how many there were, as it was shown
	left   []string // codes of those that are not chosen, of all
}

func (s *side) chosenIn(r *httpd.Request, fields httpd.Fields) (c chosen, err error) {
	c = chosen{ticked: r.Points, all: fields.Get("all") != "", found: fields.Get("found")}
	if c.filter, err = s.lookedFor(r, fields.Get); err != nil || !c.all {
		return c, err
	}
	for code := range strings.FieldsSeq(fields.Get("shown")) {
		if !slices.ContainsFunc(c.ticked, func(p agency.ServicePoint) bool { return string(p.Code) == code }) {
			c.left = append(c.left, code)
		}
	}
	return c, nil
}

// stopped is why nothing is done with a choice, as a key with the number that it says.
type stopped struct {
	key string
	n   int
}

func (s stopped) Error() string { return fmt.Sprintf("%s: %d", s.key, s.n) }

// among finds what is chosen as it is kept now. Where all that are looked for are
// chosen, and they are not as many as was shown, it is stopped.
func (c chosen) among(now registry.View) (points []agency.ServicePoint, err error) {
	if c.all {
		found := c.filter.wanted(now)
		if strconv.Itoa(len(found)) != c.found {
			return nil, stopped{"recounted", len(found)}
		}
		for _, p := range found {
			if !slices.Contains(c.left, string(p.Code)) {
				points = append(points, p)
			}
		}
	}
	for _, p := range c.ticked {
		if kept, err := now.PointByID(p.ID); !c.all && err == nil {
			points = append(points, kept)
		}
	}
	if len(points) == 0 {
		err = stopped{key: "none"}
	}
	return points, err
}

// changeChosen closes or opens what is chosen, in one change; what is so already stays.
func (s *side) changeChosen(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	choice, err := s.chosenIn(r, fields)
	if err != nil {
		return err
	}
	active := fields.Get("do") == "open"
	if !active && fields.Get("do") != "close" {
		return fmt.Errorf("do %.20q: %w", fields.Get("do"), httpd.ErrQuery)
	}
	var changed []string
	err = r.Change(func(c *registry.Change) error {
		now, err := c.Now(r.Context())
		if err != nil {
			return err
		}
		points, err := choice.among(r.View(now))
		if err != nil {
			return err
		}
		var ids []int64
		for _, p := range points {
			if p.Active != active {
				ids, changed = append(ids, p.ID), append(changed, string(p.Code))
			}
		}
		if len(ids) == 0 {
			return stopped{key: fields.Get("do")}
		}
		return c.SetServicePointsActive(r.Context(), ids, active)
	})
	if err != nil {
		return s.stop(r, fields, err)
	}
	return s.showChosen(r, fields, http.StatusOK, func(p httpd.Page, c *pointChoice) {
		n := p.Count(int64(len(changed)))
		c.Done, c.Undo, c.Changed = p.T("points.were-closed", "n", n), "open", strings.Join(changed, " ")
		if active {
			c.Done, c.Undo = p.T("points.were-opened", "n", n), "close"
		}
	})
}

// stop shows the list with why nothing was done; what else went wrong is returned.
func (s *side) stop(r *httpd.Request, fields httpd.Fields, err error) error {
	var why stopped
	if !errors.As(err, &why) {
		return err
	}
	return s.showChosen(r, fields, http.StatusConflict, func(p httpd.Page, c *pointChoice) {
		c.Stopped = p.T("choice."+why.key, "n", p.Count(int64(why.n)))
	})
}

// showChosen shows the list as it is after a choice.
func (s *side) showChosen(r *httpd.Request, fields httpd.Fields, status int, say func(httpd.Page, *pointChoice)) error {
	snap, err := s.k.Registry.Current(r.Context())
	if err != nil {
		return err
	}
	p := r.NewPage("points", nil)
	p.Path = pointsPath
	data, err := s.listPoints(r, snap, p, fields.Get)
	if err != nil {
		return err
	}
	say(p, &data.Choice)
	p.Data = data
	return r.Show(status, "desk/points", p)
}
