package designer

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"sipas/internal/agency"
	"sipas/internal/forms"
	"sipas/internal/httpd"
	"sipas/internal/intake"
	"sipas/internal/studio"
	"sipas/internal/survey"
)

// tried tells the script of a citizen's form where to go once it was sent.
type tried struct {
	Next string `json:"next"`
}

// previewed is a draft as the form of a counter that nobody has, and of which nothing is
// kept: of the citizen's page it is that page itself; with the code of the question that is
// in the editor.
func (s *desk) previewed(r *httpd.Request) (form intake.Form, language, shown string, err error) {
	snap, err := r.Snapshot()
	if err != nil {
		return form, "", "", err
	}
	d, info, err := s.k.Studio.Draft(r.Context(), r.Draft.ID, newest)
	if err != nil {
		return form, "", "", err
	}
	def := d.Definition()
	printer := r.Printer()
	form = intake.Form{
		Code:    agency.Code("nhap-" + strconv.FormatInt(info.ID, 10)),
		Point:   agency.ServicePoint{Name: agency.Text{"vi": printer.T("studio.try-point")}, Channel: agency.ChannelQR, Active: true},
		Agency:  agency.Agency{Name: agency.Text{"vi": snap.Settings.Province.In(printer.Language)}},
		Version: survey.NewVersion(0, 0, time.Time{}, def), Fields: snap.Fields, Snapshot: snap,
	}
	for _, f := range snap.Fields {
		form.Point.FieldKeys = append(form.Point.FieldKeys, f.Key)
	}
	language = r.AskedLanguage()
	if !slices.Contains(def.Languages, language) {
		language = agency.FallbackLanguage
	}
	if e := d.Element((opened{Draft: d}).top(studio.Key(r.Query(chosenField)))); e != nil {
		shown = e.Fields["code"]
	}
	return form, language, shown, nil
}

// preview shows a draft as citizens would see it, or that answers were taken.
func (s *desk) preview(r *httpd.Request) error {
	form, language, shown, err := s.previewed(r)
	if err != nil {
		return err
	}
	viewer := viewerOf(s.k, form, language, nil)
	if r.Query("gui") != "" {
		p := r.CitizenPage("", language, form.Version.Definition.Languages)
		p.Title = p.T("studio.tried")
		p.Data = pathOf(r.Draft.ID) + previewEnd + "?lang=" + url.QueryEscape(language)
		return r.Show(http.StatusOK, "citizen/tried", p)
	}
	return s.writePreview(r, http.StatusOK, form, viewer, viewer.With(form, shown))
}

// viewerOf shows a draft with what was answered.
func viewerOf(k *httpd.Kernel, form intake.Form, language string, given url.Values) forms.Viewer {
	id := forms.SubmissionOf(given, k.Now())
	return forms.Viewer{
		Printer: k.Catalogues.For(language), Language: language, Version: form.Version, Given: given, Submission: id, Draw: forms.Draw(form.Version, id),
	}
}

func (s *desk) writePreview(r *httpd.Request, status int, form intake.Form, viewer forms.Viewer, view forms.View) error {
	view.Action, view.Preview = pathOf(r.Draft.ID)+previewEnd, true
	p := r.CitizenPage("", viewer.Language, form.Version.Definition.Languages)
	p.Title, p.Data = view.Title, view
	html, err := s.k.Render("citizen/form", p)
	if err != nil {
		return err
	}
	return r.WriteHTML(status, html)
}

// try takes answers as the citizen's page would, says what is wrong with them, and keeps
// nothing.
func (s *desk) try(r *httpd.Request) error {
	form, _, _, err := s.previewed(r)
	if err != nil {
		return err
	}
	given, err := r.Answers()
	if err != nil {
		return err
	}
	submission, err := forms.FromFields(given, form.Version)
	if err == nil {
		_, err = s.k.Intake.Accept(r.Context(), form, submission)
	}
	language := given.Get(forms.KeyLanguage)
	if !slices.Contains(form.Version.Definition.Languages, language) {
		language = agency.FallbackLanguage
	}
	viewer := viewerOf(s.k, form, language, given)
	if given.Get(forms.KeyTurn) != "" {
		view := viewer.Turn(form, "", nil)
		if err != nil {
			f := httpd.FailureOf(err)
			view = viewer.Turn(form, viewer.T(f.Key), f.Problems)
		}
		return s.writePreview(r, http.StatusOK, form, viewer, view)
	}
	if err != nil {
		f := httpd.FailureOf(err)
		r.Announce(err, f)
		if r.WantsJSON() {
			r.WriteProblem(f)
			return nil
		}
		return s.writePreview(r, f.Status, form, viewer, viewer.Refused(form, viewer.Refuse(viewer.T(f.Key), f.Problems), f.Problems))
	}
	next := httpd.AddressOf(pathOf(r.Draft.ID)+previewEnd, "gui", "1", "lang", language)
	if r.WantsJSON() {
		r.WriteJSON(http.StatusOK, tried{next})
		return nil
	}
	r.LeadTo(next)
	return nil
}
