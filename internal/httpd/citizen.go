package httpd

import (
	"cmp"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/forms"
	"sipas/internal/intake"
	"sipas/internal/strictjson"
	"sipas/internal/survey"
	"sipas/internal/wording"
)

// handleFormShow shows the form of a service point. A code that was typed in
// another way leads to the address that is printed.
func (s *Server) handleFormShow(c *gin.Context) error {
	code, well := s.Intake.Find(c.Request.Context(), c.Param("code"))
	if well && string(code) != c.Param("code") {
		return redirectToForm(c, code)
	}
	form, err := s.form(c)
	if err != nil {
		return s.showNoForm(c, form, err)
	}
	s.senders.MarkDevice(c.Writer, c.Request)
	channel := form.Point.Channel
	language := s.formLanguage(c, form)
	if channel != agency.ChannelKiosk {
		s.rememberLanguage(c)
		// Back leads to the page with the same submission id, so that sending it
		// again adds nothing. Any other visit asks for a new page.
		c.Header("Cache-Control", "private, no-cache")
	}
	viewer := forms.Viewer{Printer: s.catalogues.For(language), Language: language, Version: form.Version}
	if channel.Staffed() {
		view := viewer.View(form)
		view.Submission = survey.NewID(s.Now())
		if last, ok := agency.ParseCode(c.Query("xong")); ok {
			view.Last = last.Grouped()
		}
		return s.showForm(c, http.StatusOK, viewer, view)
	}
	key := forms.PageKey{Code: form.Point.Code, Language: language}
	page, err := s.forms.Get(form.Snapshot.Revision, key, s.Now(), func(submission string) ([]byte, error) {
		view := viewer.View(form)
		view.Submission = submission
		return s.writeForm(c, viewer, view)
	})
	if err != nil {
		return err
	}
	submission := []byte(survey.NewID(s.Now()))
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Header("Content-Length", strconv.Itoa(len(page.Before)+len(submission)+len(page.After)))
	c.Status(http.StatusOK)
	for _, part := range [][]byte{page.Before, submission, page.After} {
		if _, err := c.Writer.Write(part); err != nil {
			return fmt.Errorf("write form: %w", err)
		}
	}
	return nil
}

// handleFormStray leads from what scanners, chats and people make of an address
// below /q/ to where it should be: capitals, slashes, an address in the address.
// What somebody sends there their browser sends again, so that no answer is lost.
func (s *Server) handleFormStray(c *gin.Context) error {
	path := "/" + strings.Trim(c.Request.URL.Path, "/")
	at := strings.LastIndex(strings.ToLower(path), "/q/")
	if at < 0 || !strings.EqualFold(path[:3], "/q/") || len(path) > maxStray {
		return fault.ErrNotFound
	}
	typed, receipt, thanks := strings.Cut(strings.Trim(path[at+3:], "/"), "/xong/")
	code, well := s.Intake.Find(c.Request.Context(), typed)
	if !well || strings.Contains(typed+receipt, "/") {
		return s.showNoForm(c, intake.Form{}, fault.ErrNotFound)
	}
	if thanks {
		return redirect(c, code.Path()+"/xong/"+url.PathEscape(receipt))
	}
	return redirectToForm(c, code)
}

// maxStray is how long an address may be that is read with patience, in bytes.
const maxStray = 1024

// handleFormFind is where a code typed by hand goes; without one it asks.
func (s *Server) handleFormFind(c *gin.Context) error {
	typed := c.Query("code")
	code, well := s.Intake.Find(c.Request.Context(), typed)
	switch {
	case typed == "":
		return s.showNoForm(c, intake.Form{}, fault.ErrNotFound)
	case !well:
		p := s.citizenPage(c, "", s.printer(c).Language, s.catalogues.Languages())
		p.Title, p.Data = p.T("no-form.wrong"), cut(typed, 40)
		return s.render(c, http.StatusNotFound, "citizen/no-form", p)
	}
	return redirectToForm(c, code)
}

func redirectToForm(c *gin.Context, code agency.Code) error { return redirect(c, code.Path()) }

// redirect keeps the language that was asked for.
func redirect(c *gin.Context, address string) error {
	if tag := c.Query("lang"); tag != "" {
		address += "?lang=" + url.QueryEscape(tag)
	}
	status := http.StatusSeeOther
	if c.Request.Method == http.MethodPost {
		status = http.StatusTemporaryRedirect // sent again, with its body
	}
	c.Redirect(status, address)
	return nil
}

// acknowledged tells the form's script that an answer was kept, and where to
// go next.
type acknowledged struct {
	Receipt agency.Code `json:"receipt"`
	Next    string      `json:"next"`
}

// handleResponseCreate takes the answers of a form. A browser is led to the
// receipt; our script asks for JSON and goes there itself.
func (s *Server) handleResponseCreate(c *gin.Context) error {
	form, barred := s.form(c)
	if barred != nil && !errors.Is(barred, auth.ErrEntryEnded) {
		return s.refuse(c, form, nil, barred)
	}
	given, err := readForm(c)
	if barred != nil {
		return s.refuse(c, form, given, cmp.Or(err, barred))
	}
	var submission survey.Submission
	if err == nil {
		submission, err = forms.FromFields(given, form.VersionNamed(given.Get(forms.KeyVersion)))
	}
	receipt, err := s.take(c, form, submission, err)
	if err != nil {
		return s.refuse(c, form, given, err)
	}
	next := s.afterwards(c, form.Point, receipt.Code, given.Get(forms.KeyLanguage))
	if wantsJSON(c) {
		c.JSON(http.StatusOK, acknowledged{Receipt: receipt.Code, Next: next})
		return nil
	}
	c.Redirect(http.StatusSeeOther, next)
	return nil
}

// afterwards is where a browser goes when its answers are kept: to the receipt;
// on a kiosk to thanks without one, as the next person sees that screen; and
// staff to the next sheet.
func (s *Server) afterwards(c *gin.Context, p agency.ServicePoint, receipt agency.Code, language string) string {
	next, query := p.Code.Path()+"/xong/"+string(receipt), url.Values{}
	if language != s.printer(c).Language || p.Channel == agency.ChannelKiosk && language != agency.FallbackLanguage {
		query.Set("lang", language)
	}
	switch {
	case p.Channel == agency.ChannelKiosk:
		next = p.Code.Path() + "/xong"
	case p.Channel.Staffed():
		next = p.Code.Path()
		query.Set("xong", string(receipt))
	}
	if len(query) > 0 {
		next += "?" + query.Encode()
	}
	return next
}

// take judges a submission, takes the sender's turn and keeps it, whichever way
// it came; unread says why it could not even be read. It is judged first,
// because the service point's turns are for answers that add something: those
// that are refused, and those that came before, must not use them up.
func (s *Server) take(c *gin.Context, form intake.Form, submission survey.Submission, unread error) (intake.Receipt, error) {
	ctx, err := c.Request.Context(), unread
	var response survey.Response
	if err == nil {
		response, err = s.Intake.Accept(form, submission)
	}
	if turn := s.senders.TakeTurn(c.Request, form.Point, err == nil); turn != nil {
		return intake.Receipt{}, turn
	}
	if err != nil {
		return intake.Receipt{}, err
	}
	receipt, err := s.Intake.Keep(ctx, response)
	if err != nil || receipt.Replayed {
		var away *intake.Unavailable
		s.senders.Unspent(c.Request, form.Point, errors.As(err, &away))
	}
	return receipt, err
}

// readForm reads a form-encoded body, and nothing from the address. Errors:
// errMediaType, strictjson.ErrMalformed, *http.MaxBytesError.
func readForm(c *gin.Context) (url.Values, error) {
	mediaType, _, err := mime.ParseMediaType(c.ContentType())
	if err != nil || mediaType != "application/x-www-form-urlencoded" || c.GetHeader("Content-Encoding") != "" {
		return nil, errMediaType
	}
	if err := c.Request.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		return nil, strictjson.ErrMalformed // the parser's own words would repeat what was typed
	}
	return c.Request.PostForm, nil
}

func wantsJSON(c *gin.Context) bool {
	return strings.Contains(c.GetHeader("Accept"), "application/json")
}

// refuse answers a submission that was not taken: with the form and everything
// that was typed, where there is a form to show.
func (s *Server) refuse(c *gin.Context, form intake.Form, given url.Values, err error) error {
	f := failureOf(err)
	switch {
	case wantsJSON(c):
		s.announce(c, err, f)
		s.problem(c, f)
		return nil
	case f.status == http.StatusNotFound:
		return s.showNoForm(c, form, err)
	case given == nil:
		return err
	}
	s.announce(c, err, f)
	language := given.Get(forms.KeyLanguage)
	if !slices.Contains(form.Version.Definition.Languages, language) {
		language = s.formLanguage(c, form)
	}
	viewer := forms.Viewer{
		Printer: s.catalogues.For(language), Language: language,
		Version: form.VersionNamed(given.Get(forms.KeyVersion)), Given: given,
	}
	refusal := viewer.Refuse(s.catalogues.For(language).T(f.key, "seconds", f.retrySeconds()), f.problems)
	refusal.Anew = f.status == http.StatusConflict
	view := viewer.View(form)
	view.Refusal = refusal
	view.Submission = survey.NewID(s.Now())
	if id, ok := survey.ParseID(given.Get(forms.KeySubmission)); ok {
		view.Submission = id
	}
	if form.Point.Channel != agency.ChannelKiosk {
		// Back from the page after this one leads here, not to a browser's
		// question whether to send again.
		c.Header("Cache-Control", "private, no-cache")
	}
	return s.showForm(c, f.status, viewer, view)
}

// handleReceiptShow thanks. The receipt is not looked up: the page says nothing
// that the address does not, and may be loaded again at will.
func (s *Server) handleReceiptShow(c *gin.Context) error {
	receipt, well := agency.ParseCode(c.Param("receipt"))
	form, err := s.form(c)
	if err == nil && !well {
		err = fault.ErrNotFound
	}
	if err != nil {
		return s.showNoForm(c, form, err)
	}
	return s.thank(c, form, receipt.Grouped())
}

// handleKioskThanks thanks on a device that is everybody's, where a receipt
// would be the next person's to read.
func (s *Server) handleKioskThanks(c *gin.Context) error {
	form, err := s.form(c)
	if err == nil && form.Point.Channel != agency.ChannelKiosk {
		err = fault.ErrNotFound
	}
	if err != nil {
		return s.showNoForm(c, form, err)
	}
	return s.thank(c, form, "")
}

// kioskBack is how long a kiosk shows thanks, in seconds.
const kioskBack = "5"

// receiptView is what the thanks page shows.
type receiptView struct {
	Receipt, Point, Agency string
	Head, Hotline, Dialled string // as in forms.View
	Code                   agency.Code
	Kiosk                  bool
}

func (s *Server) thank(c *gin.Context, form intake.Form, receipt string) error {
	p := s.citizenPage(c, form.Point.Channel, s.formLanguage(c, form), form.Version.Definition.Languages)
	p.Title = p.T("thanks.title")
	view := receiptView{
		Receipt: receipt, Code: form.Point.Code, Kiosk: form.Point.Channel == agency.ChannelKiosk,
		Point: form.Point.Name.In(p.Language), Agency: form.Agency.Name.In(p.Language),
		Head: form.Head.Name.In(p.Language), Hotline: form.Hotline, Dialled: agency.Dialled(form.Hotline),
	}
	if view.Kiosk {
		view.Receipt = ""
		c.Header("Refresh", kioskBack+"; url="+form.Point.Code.Path())
	}
	p.Data = view
	return s.render(c, http.StatusOK, "citizen/thanks", p)
}

// closedView is what the page of a closed service point shows.
type closedView struct {
	Point, Agency          string
	Head, Hotline, Dialled string      // as in forms.View
	Else                   agency.Code // where else the agency takes answers, "" for nowhere
	ElseName, ElsePlace    string
}

// showNoForm says that there is nothing to answer, with the same status and
// after the same work whether the code is unknown, is a sheet of staff or
// belongs to a closed service point. Whoever has the code of a closed one read
// it on the spot, and is told so.
func (s *Server) showNoForm(c *gin.Context, form intake.Form, err error) error {
	f := failureOf(err)
	if f.status != http.StatusNotFound {
		return err
	}
	s.announce(c, fault.ErrNotFound, f)
	if !errors.Is(err, fault.ErrClosed) {
		p := s.citizenPage(c, "", s.printer(c).Language, s.catalogues.Languages())
		p.Title = p.T("no-form.title")
		return s.render(c, http.StatusNotFound, "citizen/no-form", p)
	}
	p := s.citizenPage(c, form.Point.Channel, s.formLanguage(c, form), form.Version.Definition.Languages)
	p.Title = p.T("closed.title")
	view := closedView{
		Point: form.Point.Name.In(p.Language), Agency: form.Agency.Name.In(p.Language),
		Head: form.Head.Name.In(p.Language), Hotline: form.Hotline, Dialled: agency.Dialled(form.Hotline),
	}
	if other := form.Elsewhere; other != nil && form.Point.Channel != agency.ChannelKiosk { // a kiosk leads nowhere
		view.Else, view.ElseName, view.ElsePlace = other.Code, other.Name.In(p.Language), other.Place
	}
	p.Data = view
	return s.render(c, http.StatusNotFound, "citizen/closed", p)
}

func (s *Server) writeForm(c *gin.Context, viewer forms.Viewer, view forms.View) ([]byte, error) {
	name, layout := "citizen/form", agency.Channel("")
	if view.Pressed() {
		name, layout = "citizen/kiosk", agency.ChannelKiosk
	}
	p := s.citizenPage(c, layout, viewer.Language, viewer.Version.Definition.Languages)
	p.Title = p.T("form.title", "point", view.Point)
	if view.Refusal != nil {
		p.Title = p.T("form.refused-title", "title", p.Title)
	}
	p.Data = view
	return s.pages.write(name, p)
}

func (s *Server) showForm(c *gin.Context, status int, viewer forms.Viewer, view forms.View) error {
	html, err := s.writeForm(c, viewer, view)
	if err != nil {
		return err
	}
	c.Data(status, "text/html; charset=utf-8", html)
	return nil
}

// citizenPage fills what every page of a citizen shows. It holds nothing of
// the request, so that a form may be kept for the next person.
func (s *Server) citizenPage(c *gin.Context, channel agency.Channel, language string, languages []string) page {
	about := s.settings(c.Request.Context())
	p := page{
		Words: wording.New(s.catalogues.For(language)), Languages: languages, Key: string(channel),
		Synthetic: about.Synthetic, Province: about.Province.In(language),
	}
	p.Language = language // of the survey, where there is no catalogue in it
	return p
}

// formLanguage picks the language of a form: the one asked for if the survey
// has it, else the reader's. A kiosk knows of no reader before this one.
func (s *Server) formLanguage(c *gin.Context, form intake.Form) string {
	tags := []string{c.Query("lang")}
	if form.Point.Channel != agency.ChannelKiosk {
		tags = append(tags, s.printer(c).Language)
	}
	for _, tag := range tags {
		if slices.Contains(form.Version.Definition.Languages, tag) {
			return tag
		}
	}
	return agency.FallbackLanguage
}
