package setup

import (
	"net/http"
	"strconv"

	"sipas/internal/firstrun"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// stepsPage lists what is to be done before a province can begin.
type stepsPage struct {
	Steps      []stepLine
	Left       int64
	Away, Done bool   // nobody is led here; nothing is left
	Note       string // what was done just now, as a key
}

// stepLine is a step, its state in words, and the page that does it.
type stepLine struct {
	Key, State, To string
	Done           bool
}

func (s *side) showSteps(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	now := s.k.Now().In(s.k.Zone)
	steps, err := firstrun.Steps(r.Context(), snap, s.k.Auth, s.k.Reports, now)
	if err != nil {
		return err
	}
	p := r.NewPage("steps", nil)
	data := stepsPage{Away: snap.Settings.Value(firstrun.Setting) == firstrun.Away, Note: r.Done()}
	for _, step := range steps {
		if !step.Done {
			data.Left++
		}
		data.Steps = append(data.Steps, stepLine{step.Key, s.state(p, snap, step), to(step, now.Year()), step.Done})
	}
	data.Done = data.Left == 0
	p.Data = data
	return r.Show(http.StatusOK, "desk/steps", p)
}

// state says in words how far a step is.
func (s *side) state(p httpd.Page, snap *registry.Snapshot, step firstrun.Step) string {
	year := strconv.Itoa(s.k.Now().In(s.k.Zone).Year())
	switch {
	case !step.Done:
		return p.T("steps.none-"+step.Key, "year", year)
	case step.Key == firstrun.Province:
		return snap.Settings.Province.In(p.Language)
	case step.Key == firstrun.Zone:
		return s.k.Now().In(s.k.Zone).Format("UTC-07:00")
	}
	return p.T("steps.some-"+step.Key, "n", p.Count(step.N), "year", year)
}

// to is the page that does a step, or shows what was done.
func to(step firstrun.Step, year int) string {
	switch step.Key {
	case firstrun.Province:
		if step.Done {
			return "/cai-dat"
		}
		return provincePath
	case firstrun.Zone:
		return "/cai-dat#noi-khac"
	case firstrun.Agencies:
		if step.Done {
			return "/co-quan"
		}
		return "/co-quan/nhap"
	case firstrun.Points:
		return "/quay"
	case firstrun.Targets:
		return "/chi-tieu?year=" + strconv.Itoa(year)
	case firstrun.Accounts:
		return "/quan-tri/tai-khoan"
	}
	return trialPath
}

// putAway leads nobody to the steps any more, or again.
func (s *side) putAway(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	value, done := "", "steps-back"
	if fields.Get("away") != "" {
		value, done = firstrun.Away, "steps-away"
	}
	err = r.Change(func(c *registry.Change) error { return c.Set(r.Context(), firstrun.Setting, value) })
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(stepsPath, "da", done))
	return nil
}
