package citizen

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/forms"
	"sipas/internal/httpd"
	"sipas/internal/survey"
)

// acknowledged tells the form's script that an answer was kept, and where to
// go next.
type acknowledged struct {
	Receipt agency.Code `json:"receipt"`
	Next    string      `json:"next"`
}

// takeAnswers takes the answers of a form. A browser is led to the receipt; our
// script asks for JSON and goes there itself.
func (s *side) takeAnswers(r *httpd.Request) error {
	if r.Barred != nil && !errors.Is(r.Barred, auth.ErrEntryEnded) {
		return s.refuse(r, nil, r.Barred)
	}
	given, err := r.Answers()
	if r.Barred != nil {
		return s.refuse(r, given, cmp.Or(err, r.Barred))
	}
	var submission survey.Submission
	if err == nil {
		submission, err = forms.FromFields(given, r.Form.VersionNamed(given.Get(forms.KeyVersion)))
	}
	receipt, err := s.take(r, submission, err)
	if err != nil {
		return s.refuse(r, given, err)
	}
	next := afterwards(r, receipt.Code, given.Get(forms.KeyLanguage))
	if r.WantsJSON() {
		r.WriteJSON(http.StatusOK, acknowledged{Receipt: receipt.Code, Next: next})
		return nil
	}
	r.LeadTo(next)
	return nil
}

// afterwards is where a browser goes when its answers are kept: to the receipt;
// on a kiosk to thanks without one, as the next person sees that screen; and
// staff to the next sheet.
func afterwards(r *httpd.Request, receipt agency.Code, language string) string {
	p, code := r.Form.Point, r.Form.Code
	next, query := code.Path()+"/xong/"+string(receipt), url.Values{}
	if language != r.Printer().Language || p.Channel == agency.ChannelKiosk && language != agency.FallbackLanguage {
		query.Set("lang", language)
	}
	switch {
	case p.Channel == agency.ChannelKiosk:
		next = code.Path() + "/xong"
	case p.Channel.Staffed():
		next = code.Path()
		query.Set("xong", string(receipt))
	}
	if len(query) > 0 {
		next += "?" + query.Encode()
	}
	return next
}

// refuse answers a submission that was not taken: with the form and everything
// that was typed, where there is a form to show.
func (s *side) refuse(r *httpd.Request, given url.Values, err error) error {
	form := *r.Form
	f := httpd.FailureOf(err)
	switch {
	case r.WantsJSON():
		r.Announce(err, f)
		r.WriteProblem(f)
		return nil
	case f.Status == http.StatusNotFound:
		return s.showNoForm(r, err)
	case given == nil:
		return err
	}
	r.Announce(err, f)
	language := given.Get(forms.KeyLanguage)
	if !slices.Contains(form.Version.Definition.Languages, language) {
		language = formLanguage(r, form)
	}
	submission := survey.NewID(s.k.Now())
	if id, ok := survey.ParseID(given.Get(forms.KeySubmission)); ok {
		submission = id
	}
	viewer := forms.Viewer{
		Printer: s.k.Catalogues.For(language), Language: language,
		Version: form.VersionNamed(given.Get(forms.KeyVersion)), Given: given,
	}
	viewer.Draw = drawOf(form, viewer.Version, submission)
	refusal := viewer.Refuse(s.k.Catalogues.For(language).T(f.Key, "seconds", f.RetrySeconds()), f.Problems)
	refusal.Anew = f.Status == http.StatusConflict
	view := viewer.View(form)
	view.Refusal = refusal
	view.Submission = submission
	if form.Point.Channel != agency.ChannelKiosk {
		// Back from the page after this one leads here, not to a browser's
		// question whether to send again.
		r.Set("Cache-Control", "private, no-cache")
	}
	return s.writeForm(r, f.Status, viewer, view)
}
