package setup

import (
	"net/http"
	"slices"
	"unicode/utf8"

	"sipas/internal/audit"
	"sipas/internal/firstrun"
	"sipas/internal/httpd"
	"sipas/internal/preset"
	"sipas/internal/textfile"
)

// provincePage asks which province this is.
type provincePage struct {
	httpd.Typed
	Presets []httpd.Choice
}

var provinceFields = []string{"preset", "province_name"}

// askProvince asks while there is none.
func (s *side) askProvince(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	if firstrun.Chosen(snap) {
		r.LeadTo(stepsPath)
		return nil
	}
	return s.writeProvince(r, http.StatusOK, r.Typed(nil))
}

func (s *side) writeProvince(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, data := r.NewPage("province", nil), provincePage{Typed: typed}
	var offered []preset.Offer
	if len(snap.Tree.All()) == 0 { // presets bring their own
		if offered, err = preset.Today(); err != nil {
			return err
		}
	}
	for _, o := range offered {
		data.Presets = append(data.Presets, httpd.Choice{Value: o.Key, Text: o.Name.In(p.Language), Chosen: o.Key == typed.Value("preset")})
	}
	p.Data = data
	return r.Show(status, "desk/province", p)
}

// chooseProvince seeds an empty database: fault.ErrConflict if somebody was faster.
func (s *side) chooseProvince(r *httpd.Request) error {
	typed, err := r.TypedFields(provinceFields...)
	if err != nil {
		return err
	}
	of, name := preset.Named(typed["preset"]), textfile.OneLine(typed["province_name"])
	if typed["preset"] == "" {
		if n := utf8.RuneCountInString(name); n == 0 || n > preset.LongestName {
			form := r.Typed(typed)
			form.Problems = []httpd.Wrong{{Where: "province_name", Text: r.Printer().T("begin.name")}}
			return s.writeProvince(r, http.StatusUnprocessableEntity, form)
		}
		of = preset.Empty(name)
	} else if !slices.Contains(preset.Keys(), typed["preset"]) {
		return httpd.ErrQuery
	}
	if err := preset.Apply(r.Context(), s.k.Registry, r.Author(audit.Web), of, s.k.Now().In(s.k.Zone)); err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(stepsPath, "da", "province-chosen"))
	return nil
}
