// Package sheets is the web for who prints surveys on paper: which sheets a counter has,
// and the sheets themselves, for programs too.
package sheets

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/paper"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// side is the side of the web on which sheets of paper are printed.
type side struct{ k *httpd.Kernel }

const (
	pointsPath = "/quay" // where service points are listed, by package province
	printPath  = pointsPath + "/phieu.pdf"
)

// Routes are those of sheets of paper.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := side{k}
	one := []httpd.About{{In: httpd.Path, Name: "point", Is: httpd.Point}}
	some := []httpd.About{{In: httpd.Query, Name: "point", Is: httpd.Point, Optional: true}}
	return []httpd.Route{
		{Method: http.MethodGet, Path: pointsPath + "/:point/phieu", Permission: access.ViewPoints, About: one, Handle: s.show},
		{Method: http.MethodGet, Path: printPath, Permission: access.ViewPoints, About: some, Asks: []string{"survey", "version"}, Handle: func(r *httpd.Request) error {
			return s.print(r, r.Query("survey"))
		}},
		{Method: http.MethodGet, Path: "/api/v1/surveys/:survey/sheet", Permission: access.ViewPoints, About: some, Asks: []string{"survey", "version"}, Handle: func(r *httpd.Request) error {
			return s.print(r, r.Param("survey"))
		}},
	}
}

// page says which sheets of its survey a counter has.
type page struct {
	Point    agency.ServicePoint
	Survey   string
	Version  string
	Sheets   []sheet
	NoSurvey bool // nothing is published that it could ask
}

// sheet is one in a language.
type sheet struct {
	Language string
	Name     string // of the language
	To, Any  string // its address, and that of the same for any counter
	Lacks    string // the characters that no font has: then there is none
}

func (s side) show(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("sheets", nil)
	data := page{Point: *r.Point}
	v := snap.Newest(r.Point.SurveyKey)
	if v == nil {
		data.NoSurvey = true
	} else {
		data.Survey, data.Version = v.Definition.Title.In(p.Language), v.Name()
		for _, language := range v.Definition.Languages {
			of := func(code string) string {
				return httpd.AddressOf(printPath, "point", code, "survey", r.Point.SurveyKey, "version", v.Number, "lang", language)
			}
			data.Sheets = append(data.Sheets, sheet{
				Language: language, Name: p.LanguageName(language), To: of(string(r.Point.Code)), Any: of(""),
				Lacks: string(paper.Lacks(s.form(r, snap, v, language))),
			})
		}
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/sheets", p)
}

// form is the sheet of a version in a language, of the service point that the request is
// about.
func (s side) form(r *httpd.Request, snap *registry.Snapshot, v *survey.Version, language string) paper.Form {
	f := paper.Form{Version: v, Language: language, Words: s.k.Catalogues.For(language), Made: s.k.Now(), Fonts: s.k.Fonts, Notice: paper.NoticeOf(snap)}
	if r.Point != nil {
		f.Counter = paper.CounterOf(snap, *r.Point, s.k.PublicURL.String(), language)
	}
	return f
}

// print gives the sheet of a survey, "" for that of the service point: in the language that
// is asked for, else in the survey's first.
func (s side) print(r *httpd.Request, key string) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	if key == "" && r.Point != nil {
		key = r.Point.SurveyKey
	}
	v, err := versionOf(snap, key, r.Query("version"))
	if err != nil {
		return err
	}
	language := r.AskedLanguage()
	if language == "" {
		language = v.Definition.Languages[0]
	}
	var file bytes.Buffer
	err = paper.Write(&file, s.form(r, snap, v, language))
	if errors.Is(err, paper.ErrLanguage) {
		return fmt.Errorf("%w: %w", httpd.ErrQuery, err)
	}
	if err != nil {
		return fmt.Errorf("sheet of %s: %w", v.Name(), err)
	}
	name := "phieu-" + v.Name() + "-" + language
	if r.Point != nil {
		name += "-" + string(r.Point.Code)
	}
	r.Set("Content-Disposition", `inline; filename="`+name+`.pdf"`)
	r.WriteFile("application/pdf", file.Bytes())
	return nil
}

// versionOf finds a version of a survey by its number, the newest for "".
func versionOf(snap *registry.Snapshot, key, number string) (*survey.Version, error) {
	versions := snap.Versions(key)
	if number == "" && len(versions) > 0 {
		return snap.Newest(key), nil
	}
	i := slices.IndexFunc(versions, func(v *survey.Version) bool { return strconv.Itoa(v.Number) == number })
	if i < 0 {
		return nil, fmt.Errorf("version %.20q of survey %.40q: %w", number, key, fault.ErrNotFound)
	}
	return versions[i], nil
}
