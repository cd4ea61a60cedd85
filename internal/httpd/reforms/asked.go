package reforms

import (
	"net/url"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/reform"
	"sipas/internal/score"
)

// The fields by which a form says what is asked, and what it looks for.
var (
	askedFields  = []string{"viec", "ngay", "tu", "vao", "hang", "ty-le", "ma-moi", "ten-moi", "ty-le-moi", "cho"}
	searchFields = []string{"tim-tu", "tim-vao"}
)

// made is what is chosen as the successor that is made.
const made = "+"

// form is what is asked, as it was filled in.
type form struct {
	Kind   reform.Kind
	Day    string
	From   []string // codes
	Into   string   // of a merger or dissolution: a code, or made
	Shares []share  // of a split: agencies that are there
	New    []share  // agencies that are made: the first only, unless it is a split
	Places []string // "thing/name=code"
}

// share is a successor in a form.
type share struct{ Code, Name, Share string }

// readForm reads a form from the query or from what was sent.
func readForm(all func(name string) []string) form {
	get := func(name string, i int) string {
		if values := all(name); i < len(values) {
			return strings.TrimSpace(values[i])
		}
		return ""
	}
	f := form{Kind: reform.Kind(get("viec", 0)), Day: get("ngay", 0), Into: get("vao", 0), Places: all("cho")}
	if !slices.Contains(reform.Kinds(), f.Kind) {
		f.Kind = ""
	}
	for _, code := range all("tu") {
		if code != "" && !slices.Contains(f.From, code) {
			f.From = append(f.From, code)
		}
	}
	for i, code := range all("hang") {
		f.Shares = append(f.Shares, share{Code: code, Share: get("ty-le", i)})
	}
	for i := range all("ma-moi") {
		f.New = append(f.New, share{get("ma-moi", i), get("ten-moi", i), get("ty-le-moi", i)})
	}
	return f
}

// asked is what the form asks for.
func (f form) asked() reform.Asked {
	asked := reform.Asked{Kind: f.Kind, From: f.From, Day: f.Day}
	if day, ok := civil.ReadDay(f.Day); ok {
		asked.Day = day
	}
	switch {
	case f.Kind == reform.Split:
		for _, s := range f.Shares {
			if s.Share != "" {
				asked.Into = append(asked.Into, reform.Successor{Code: s.Code, Share: hundredths(s.Share)})
			}
		}
		for _, s := range f.New {
			if s != (share{}) {
				asked.Into = append(asked.Into, s.successor())
			}
		}
	case f.Into == made && len(f.New) > 0:
		asked.Into = []reform.Successor{f.New[0].successor()}
	case f.Into != "" && f.Into != made:
		asked.Into = []reform.Successor{{Code: f.Into}}
	}
	for _, place := range f.Places {
		if key, code, ok := strings.Cut(place, "="); ok {
			if asked.Places == nil {
				asked.Places = map[string]string{}
			}
			asked.Places[key] = code
		}
	}
	return asked
}

// successor is one that is made.
func (s share) successor() reform.Successor {
	return reform.Successor{Code: s.Code, Name: agency.Text{agency.FallbackLanguage: s.Name}, Share: hundredths(s.Share)}
}

// hundredths reads a share, 0 where it is none.
func hundredths(typed string) int {
	value, err := score.ParseTarget(typed)
	if err != nil {
		return 0
	}
	return int(value)
}

// values are the form as fields, without the places.
func (f form) values() url.Values {
	v := url.Values{"tu": f.From}
	set := func(name, value string) {
		if value != "" {
			v.Add(name, value)
		}
	}
	set("viec", string(f.Kind))
	set("ngay", f.Day)
	set("vao", f.Into)
	for _, s := range f.Shares {
		if s.Share != "" {
			v.Add("hang", s.Code)
			v.Add("ty-le", s.Share)
		}
	}
	for _, s := range f.New {
		if s != (share{}) {
			v.Add("ma-moi", s.Code)
			v.Add("ten-moi", s.Name)
			v.Add("ty-le-moi", s.Share)
		}
	}
	return v
}

// address leads back to the form.
func (f form) address() string { return path + "?" + f.values().Encode() }

// hidden are the fields of the form, in their order, for a form that is about the same.
func (f form) hidden() (list []httpd.Choice) {
	v := f.values()
	for _, name := range askedFields {
		for _, value := range v[name] {
			list = append(list, httpd.Choice{Value: value, Text: name})
		}
	}
	return list
}

// where is the field of a form that a problem is about.
func where(p reform.Problem) string {
	switch p.Where {
	case "kind":
		return "viec"
	case "from":
		return "tu"
	case "day":
		return "ngay"
	case "share":
		return "ty-le"
	case "place":
		return "cho"
	}
	return "vao"
}
