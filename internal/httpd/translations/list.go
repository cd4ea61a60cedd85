package translations

import (
	"net/http"
	"slices"
	"strings"

	"sipas/internal/httpd"
	"sipas/internal/studio"
	"sipas/internal/translation"
)

// listPage lists the languages of a draft.
type listPage struct {
	Path, Back, Name string
	Revision         int
	Archived         bool
	Lines            []line
	New              []httpd.Choice
	Typed            string // what was typed instead of choosing, and is no language
	Refused          string
	Done             string
}

// line is one language.
type line struct {
	Tag, Name, Path string
	Offered         bool
	translation.Progress
}

func (s *side) list(r *httpd.Request) error {
	chosen := strings.TrimSpace(r.Query("khac"))
	if chosen == "" {
		chosen = r.Query("chon")
	}
	if translatable(chosen) {
		r.LeadTo(languagePath(r.Draft.ID, chosen))
		return nil
	}
	return s.writeList(r, http.StatusOK, listPage{Typed: chosen, Done: r.Done()})
}

func (s *side) writeList(r *httpd.Request, status int, data listPage) error {
	d, info, err := s.draft(r)
	if err != nil {
		return err
	}
	p := r.NewPage("draft-languages", nil)
	data.Path, data.Back, data.Name = languagesPath(info.ID), draftPath(info.ID), nameOf(d, p)
	data.Revision, data.Archived = d.Revision, !info.ArchivedAt.IsZero()
	begun := translation.Begun(d)
	for _, tag := range begun {
		data.Lines = append(data.Lines, line{
			Tag: tag, Name: languageName(p, tag), Path: languagePath(info.ID, tag), Offered: offered(d, tag),
			Progress: translation.ProgressOf(translation.Texts(d, tag)),
		})
	}
	for _, tag := range translation.Suggested() {
		if !slices.Contains(begun, tag) {
			data.New = append(data.New, httpd.Choice{Value: tag, Text: languageName(p, tag)})
		}
	}
	p.Data = data
	if data.Typed != "" {
		status = http.StatusUnprocessableEntity
	}
	return r.Show(status, "desk/draft-languages", p)
}

// offer puts a language among those that citizens may choose, or takes it from there; its
// texts stay in the draft.
func (s *side) offer(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	tag := fields.Get("language")
	if !translatable(tag) {
		return s.writeList(r, http.StatusUnprocessableEntity, listPage{Typed: tag})
	}
	d, info, err := s.draft(r)
	if err != nil {
		return err
	}
	base := int(httpd.NumberOf(fields.Get("base")))
	languages := slices.DeleteFunc(d.Languages(), func(l string) bool { return l == tag })
	done := "language-left-out"
	if fields.Get("do") == "offer" {
		languages, done = append(languages, tag), "language-offered"
	}
	_, err = s.k.Studio.Operate(r.Context(), info.ID, r.Editor(), studio.Operation{
		Base: base, Do: studio.DoSet, Element: studio.Whole, Field: "languages", Value: strings.Join(languages, " "),
	})
	if err != nil {
		f := httpd.FailureOf(err)
		if f.Status != http.StatusConflict {
			return err
		}
		r.Announce(err, f)
		return s.writeList(r, f.Status, listPage{Refused: r.Printer().T(f.Key)})
	}
	r.LeadTo(httpd.AddressOf(languagesPath(info.ID), "da", done))
	return nil
}
