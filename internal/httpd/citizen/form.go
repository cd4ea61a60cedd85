package citizen

import (
	"net/http"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/forms"
	"sipas/internal/httpd"
	"sipas/internal/intake"
	"sipas/internal/survey"
)

// showForm shows the form of a service point. A code that was typed in another
// way leads to the address that is printed.
func (s *side) showForm(r *httpd.Request) error {
	if r.Code != "" && string(r.Code) != r.Param("code") {
		return leadToForm(r, r.Code)
	}
	if r.Barred != nil {
		return s.showNoForm(r, r.Barred)
	}
	r.MarkDevice()
	form, channel := *r.Form, r.Form.Point.Channel
	language := formLanguage(r, form)
	if channel != agency.ChannelKiosk {
		r.RememberLanguage()
		// Back leads to the page with the same submission id, so that sending it
		// again adds nothing. Any other visit asks for a new page.
		r.Set("Cache-Control", "private, no-cache")
	}
	id := survey.NewID(s.k.Now())
	viewer := forms.Viewer{Printer: s.k.Catalogues.For(language), Language: language, Version: form.Version, Submission: id, Draw: drawOf(form, form.Version, id)}
	if channel.Staffed() {
		view := viewer.View(form)
		if last, ok := agency.ParseCode(r.Query("xong")); ok {
			view.Last = last.Grouped()
		}
		return s.writeForm(r, http.StatusOK, viewer, view)
	}
	key := forms.PageKey{Code: form.Code, Point: form.Point.ID, Language: language, Draw: viewer.Draw}
	if form.Campaign != nil {
		key.Campaign = form.Campaign.ID
	}
	page, err := s.forms.Get(form.Snapshot.Revision, key, s.k.Now(), func(submission string) ([]byte, error) {
		view := viewer.First(form)
		view.Submission = submission
		return s.renderForm(r, viewer, view)
	})
	if err != nil {
		return err
	}
	return r.WriteHTML(http.StatusOK, page.Before, []byte(id), page.After)
}

// drawOf is in which order a form shows options: that of its submission, but as they are
// written where staff copy a sheet of paper, which is printed so.
func drawOf(form intake.Form, v *survey.Version, submission string) int {
	if form.Point.Channel == agency.ChannelPaper {
		return 0
	}
	return forms.Draw(v, submission)
}

func (s *side) renderForm(r *httpd.Request, viewer forms.Viewer, view forms.View) ([]byte, error) {
	name, layout := "citizen/form", agency.Channel("")
	if view.Pressed() {
		name, layout = "citizen/kiosk", agency.ChannelKiosk
	}
	p := r.CitizenPage(string(layout), viewer.Language, r.Form.Languages())
	p.Title = p.T("form.title", "point", view.Point)
	if view.Refusal != nil {
		p.Title = p.T("form.refused-title", "title", p.Title)
	}
	p.Data = view
	return s.k.Render(name, p)
}

func (s *side) writeForm(r *httpd.Request, status int, viewer forms.Viewer, view forms.View) error {
	html, err := s.renderForm(r, viewer, view)
	if err != nil {
		return err
	}
	return r.WriteHTML(status, html)
}

// formLanguage picks the language of a form: the one asked for if it
// is offered, else the reader's. A kiosk knows of no reader before this one.
func formLanguage(r *httpd.Request, form intake.Form) string {
	tags := []string{r.AskedLanguage()}
	if form.Point.Channel != agency.ChannelKiosk {
		tags = append(tags, r.Printer().Language)
	}
	for _, tag := range tags {
		if slices.Contains(form.Languages(), tag) {
			return tag
		}
	}
	return agency.FallbackLanguage
}
