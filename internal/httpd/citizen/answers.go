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
	if err == nil && given.Get(forms.KeyTurn) != "" {
		return s.turn(r, given)
	}
	var submission survey.Submission
	if err == nil {
		submission, err = s.submitted(r, given)
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
	viewer := s.viewer(r, given)
	refusal := viewer.Refuse(viewer.T(f.Key, "seconds", f.RetrySeconds()), f.Problems)
	refusal.Anew = f.Status == http.StatusConflict
	return s.showAgain(r, f.Status, viewer, viewer.Refused(form, refusal, f.Problems))
}

// viewer shows a form in the language in which it was sent, with what was answered and its
// options in the same order: under the id that was sent, or a new one.
func (s *side) viewer(r *httpd.Request, given url.Values) forms.Viewer {
	language := given.Get(forms.KeyLanguage)
	if !slices.Contains(r.Form.Version.Definition.Languages, language) {
		language = formLanguage(r, *r.Form)
	}
	viewer := forms.Viewer{
		Printer: s.k.Catalogues.For(language), Language: language,
		Version: r.Form.VersionNamed(given.Get(forms.KeyVersion)), Given: given, Submission: forms.SubmissionOf(given, s.k.Now()),
	}
	viewer.Draw = drawOf(*r.Form, viewer.Version, viewer.Submission)
	return viewer
}

// showAgain shows a form that was sent.
func (s *side) showAgain(r *httpd.Request, status int, viewer forms.Viewer, view forms.View) error {
	if r.Form.Point.Channel != agency.ChannelKiosk {
		// Back from the page after this one leads here, not to a browser's
		// question whether to send again.
		r.Set("Cache-Control", "private, no-cache")
	}
	return s.writeForm(r, status, viewer, view)
}

// turn shows the next screen of a long form, or the one before. Nothing is kept: what was
// answered goes on with the form.
func (s *side) turn(r *httpd.Request, given url.Values) error {
	if err := r.TakeScreen(r.Form.Point); err != nil {
		return s.refuse(r, given, err)
	}
	viewer := s.viewer(r, given)
	_, err := s.submitted(r, given)
	if err == nil {
		return s.showAgain(r, http.StatusOK, viewer, viewer.Turn(*r.Form, "", nil))
	}
	f := httpd.FailureOf(err)
	view, status := viewer.Turn(*r.Form, viewer.T(f.Key), f.Problems), http.StatusOK
	if view.Refusal != nil {
		status = f.Status
	}
	return s.showAgain(r, status, viewer, view)
}

// submitted reads and judges what was sent. What was answered on another screen of a long
// form before it was no longer asked is left out.
func (s *side) submitted(r *httpd.Request, given url.Values) (survey.Submission, error) {
	version := r.Form.VersionNamed(given.Get(forms.KeyVersion))
	submission, err := forms.FromFields(given, version)
	if err != nil || given.Get(forms.KeyScreen) == "" {
		return submission, err
	}
	if _, err = s.k.Intake.Accept(r.Context(), *r.Form, submission); err == nil || given.Get(forms.KeyTurn) != "" {
		return submission, err
	}
	viewer := forms.Viewer{Version: version, Given: given}
	for viewer.Unasked(httpd.FailureOf(err).Problems) {
		if submission, err = forms.FromFields(given, version); err != nil {
			return submission, err
		}
		if _, err = s.k.Intake.Accept(r.Context(), *r.Form, submission); err == nil {
			break
		}
	}
	return submission, nil // take judges it, whose turn it is first
}
