package httpd_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/arrival"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/duty"
	"sipas/internal/entry"
	"sipas/internal/httpd"
	"sipas/internal/httpd/admin"
	"sipas/internal/httpd/board"
	"sipas/internal/httpd/campaigns"
	"sipas/internal/httpd/caseload"
	"sipas/internal/httpd/citizen"
	"sipas/internal/httpd/counter"
	designers "sipas/internal/httpd/designer"
	exchanges "sipas/internal/httpd/exchange"
	"sipas/internal/httpd/lists"
	officials "sipas/internal/httpd/official"
	"sipas/internal/httpd/province"
	"sipas/internal/httpd/reforms"
	"sipas/internal/httpd/roster"
	"sipas/internal/httpd/search"
	"sipas/internal/httpd/setup"
	"sipas/internal/httpd/sheets"
	studios "sipas/internal/httpd/studio"
	"sipas/internal/httpd/translations"
	"sipas/internal/httpd/typing"
	"sipas/internal/intake"
	"sipas/internal/limit"
	"sipas/internal/poster"
	"sipas/internal/procedure"
	"sipas/internal/publication"
	"sipas/internal/published"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/studio"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// harness is the whole web over a real store with a small catalogue, answering
// on a loopback port.
type harness struct {
	*catalogue
	t      testing.TB
	st     *testkit.Place
	deps   httpd.Deps
	kernel *httpd.Kernel
	http   *httptest.Server
	url    string // without a trailing slash
	clock  *clock
	log    *logBook
}

// newHarness seeds an empty store and serves it. Options change what the
// server is made of; by default nothing is limited.
func newHarness(t testing.TB, st *testkit.Place, options ...func(*httpd.Deps)) *harness {
	t.Helper()
	c := seed(t, st, newClock().Now())
	h := serve(t, st, options...)
	h.catalogue = c
	return h
}

// serve serves a store as it is.
func serve(t testing.TB, st *testkit.Place, options ...func(*httpd.Deps)) *harness {
	t.Helper()
	h := &harness{t: t, st: st, clock: newClock(), log: &logBook{}}
	h.http = httptest.NewUnstartedServer(nil)
	h.url = "http://" + h.http.Listener.Addr().String()
	public, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("ICT", 7*3600)
	log := slog.New(slog.NewTextHandler(io.MultiWriter(h.log, t.Output()), nil))
	st.Registry = registry.New(st.DB, registry.Options{Now: h.clock.Now, Log: log})
	rota := duty.New(st.DB, duty.Options{Now: h.clock.Now, Zone: zone, Log: log})
	h.deps = httpd.Deps{
		Registry:  st.Registry,
		Intake:    intake.New(st.Registry, st.Store, intake.Options{Now: h.clock.Now, Zone: zone, Log: log, Duty: rota}),
		Reports:   report.New(st.Store, report.Options{Now: h.clock.Now, Zone: zone}),
		Auth:      auth.New(st.DB, auth.Options{Now: h.clock.Now}),
		Audit:     audit.New(st.DB),
		Duty:      rota,
		Arrivals:  arrival.New(st.DB, h.clock.Now, zone),
		Limiter:   limit.NewMemory(h.clock.Now),
		PublicURL: public,
		Secret:    []byte("a secret of tests, 32 bytes long"),
		Log:       log, Now: h.clock.Now, Zone: zone,
	}
	h.deps.Published = published.New(st.DB, h.clock.Now)
	h.deps.Posters = poster.NewOrders(st.DB, st.Registry, h.url, nil, h.clock.Now)
	h.deps.Studio = studio.New(st.DB, st.Registry, h.clock.Now)
	h.deps.Entries = entry.New(st.DB, st.Store, h.deps.Intake, entry.Options{Now: h.clock.Now, Zone: zone, Log: log})
	h.deps.Procedures = procedure.New(st.DB)
	h.deps.Publisher = publication.New(st.DB, h.deps.Reports, h.clock.Now)
	for _, change := range options {
		change(&h.deps)
	}
	if h.kernel, err = httpd.New(h.deps); err != nil {
		t.Fatal(err)
	}
	if h.http.Config.Handler, err = h.kernel.Handler(citizen.Routes(h.kernel), board.Routes(h.kernel), campaigns.Routes(h.kernel), province.Routes(h.kernel, h.reforms()), caseload.Routes(h.kernel), counter.Routes(h.kernel), officials.Routes(h.kernel), roster.Routes(h.kernel), studios.Routes(h.kernel), designers.Routes(h.kernel), translations.Routes(h.kernel), exchanges.Routes(h.kernel), lists.Routes(h.kernel), search.Routes(h.kernel), setup.Routes(h.kernel), typing.Routes(h.kernel), sheets.Routes(h.kernel), reforms.Routes(h.kernel, h.reforms()), admin.Routes(h.kernel)); err != nil {
		t.Fatal(err)
	}
	h.http.Start()
	// Browsers unpack what they get, in tests of their own; here it would be most of the work.
	h.http.Client().Transport.(*http.Transport).DisableCompression = true
	t.Cleanup(func() {
		h.http.Close()
		if err := h.deps.Intake.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return h
}

const goodPassword = "một cửa liên thông"

// account makes an account that sees the part of the tree under an agency (0:
// all of it) and returns its login; its password is goodPassword.
func (h *harness) account(role access.Role, agencyID int64) (login string) {
	h.t.Helper()
	login = string(role) + "-" + strings.ToLower(string(agency.NewCode()))
	_, err := h.deps.Auth.AddUser(context.Background(), testkit.Author(), auth.NewUser{
		Login: login, Name: "Tài khoản thử " + login, Password: goodPassword, Role: role, AgencyID: agencyID,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return login
}

// snapshot is what administrators keep.
func (h *harness) snapshot() *registry.Snapshot {
	h.t.Helper()
	snap, err := h.st.Snapshot(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	return snap
}

// disable ends the use of an account.
func (h *harness) disable(login string) {
	h.t.Helper()
	user, err := h.deps.Auth.UserByLogin(context.Background(), login)
	if err == nil {
		err = h.deps.Auth.DisableUser(context.Background(), testkit.Author(), user)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// client is a browser without JavaScript and with cookies of its own. It does
// not follow redirects, so that they can be looked at.
func (h *harness) client() *http.Client {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &http.Client{
		Jar:           jar,
		Transport:     h.http.Client().Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// reply is what a server answered.
type reply struct {
	status int
	header http.Header
	body   string
}

// do sends a request with pairs of header name and value. An url.Values is
// sent as a form, a string as it is, nil as nothing.
func (h *harness) do(client *http.Client, method, path string, body any, headers ...string) reply {
	h.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, h.url+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	switch b := body.(type) {
	case nil:
	case url.Values:
		request.Body = io.NopCloser(strings.NewReader(b.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	case string:
		request.Body = io.NopCloser(strings.NewReader(b))
	default:
		h.t.Fatalf("a body of type %T", body)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(content)}
}

func (h *harness) get(client *http.Client, path string, headers ...string) reply {
	h.t.Helper()
	return h.do(client, http.MethodGet, path, nil, headers...)
}

func (h *harness) post(client *http.Client, path string, body any, headers ...string) reply {
	h.t.Helper()
	return h.do(client, http.MethodPost, path, body, headers...)
}

// check compares a reply with the wanted status and looks for what must and
// must not be in its body.
func (r reply) check(t testing.TB, what string, status int, want, notWant []string) {
	t.Helper()
	if r.status != status {
		t.Errorf("%s: status %d, want %d", what, r.status, status)
	}
	for _, w := range want {
		if !strings.Contains(r.body, w) {
			t.Errorf("%s: %q is missing in\n%s", what, w, r.body)
		}
	}
	for _, w := range notWant {
		if strings.Contains(r.body, w) {
			t.Errorf("%s: %q must not be in\n%s", what, w, r.body)
		}
	}
}

// responses counts what was kept, and that the tallies agree.
func (h *harness) responses() int64 {
	h.t.Helper()
	counted, err := h.st.Recount(context.Background(), false, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if counted.Drift != 0 {
		h.t.Errorf("tallies drifted: %+v", counted)
	}
	return counted.Responses
}

// clock is a time that tests move.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2025, 11, 20, 1, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) Now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) Advance(d time.Duration) { c.at.Add(int64(d)) }

// logBook keeps what was logged, to be searched for what must not be there.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// The codes of the catalogue's service points.
const (
	codeLand     = "DATDAT23" // one field
	codeDesk     = "HANHCH23" // three fields
	codeClosed   = "DNGCDA23"
	codeSIPAS    = "SPASSP23" // asks the long survey
	codeStaff    = "PHVPVN23" // the same, filled in by staff
	codeHospital = "BENHVN23"
	codeKiosk    = "KSKSKS23" // one device for everybody
	codeUnknown  = "KHNGCQ23" // of no service point
)

// catalogue is the organisation that every test has: a province with two
// departments and a hospital.
type catalogue struct {
	province, environment, construction, hospital agency.Agency
	points                                        map[string]agency.ServicePoint // by code
}

func seed(t testing.TB, st *testkit.Place, now time.Time) *catalogue {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	office := func(parent int64, code, vi, en string, kind agency.Kind) agency.Agency {
		a, err := st.AddAgency(ctx, agency.Agency{ParentID: parent, Code: code, Name: agency.Text{"vi": vi, "en": en}, Kind: kind})
		must(err)
		return a
	}
	c := &catalogue{points: map[string]agency.ServicePoint{}}
	c.province = office(0, "tinh", "Tỉnh Bình Thuận", "Bình Thuận Province", agency.KindProvince)
	c.environment = office(c.province.ID, "so-tnmt", "Sở Tài nguyên và Môi trường", "Department of Natural Resources", agency.KindDepartment)
	c.construction = office(c.province.ID, "so-xay-dung", "Sở Xây dựng", "Department of Construction", agency.KindDepartment)
	c.hospital = office(c.province.ID, "benh-vien-tinh", "Bệnh viện Đa khoa tỉnh", "General Hospital", agency.KindHospital)
	for i, f := range []agency.ServiceField{
		{Key: "dat-dai", Name: agency.Text{"vi": "Đất đai", "en": "Land"}, Scope: agency.ScopeProcedures},
		{Key: "xay-dung", Name: agency.Text{"vi": "Xây dựng", "en": "Construction"}, Scope: agency.ScopeProcedures},
		{Key: "dau-tu", Name: agency.Text{"vi": "Đầu tư", "en": "Investment"}, Scope: agency.ScopeProcedures},
		{Key: "y-te", Name: agency.Text{"vi": "Y tế", "en": "Health"}, Scope: agency.ScopePublic},
		{Key: agency.FieldUnsaidProcedure, Name: agency.Text{"vi": "Hành chính", "en": "Procedures"}, Scope: agency.ScopeProcedures},
		{Key: agency.FieldUnsaid, Name: agency.Text{"vi": "Không rõ", "en": "Unknown"}, Scope: agency.ScopeUnknown},
	} {
		f.Order = i
		must(st.AddServiceField(ctx, f))
	}
	definitions, err := surveys.BuiltIn()
	must(err)
	for _, d := range definitions {
		_, err := st.PublishVersion(ctx, d, now)
		must(err)
	}
	point := func(code string, owner agency.Agency, vi, en, surveyKey string, channel agency.Channel, active bool, fields ...string) {
		p, err := st.AddServicePoint(ctx, agency.ServicePoint{
			Code: agency.Code(code), AgencyID: owner.ID, Name: agency.Text{"vi": vi, "en": en}, Place: "Tầng 1",
			SurveyKey: surveyKey, Channel: channel, FieldKeys: fields, Active: active,
		})
		must(err)
		c.points[code] = p
	}
	point(codeLand, c.environment, "Quầy 3 · Đăng ký đất đai", "Desk 3 · Land registration", "quay-nhanh", agency.ChannelQR, true, "dat-dai")
	point(codeDesk, c.construction, "Quầy 1", "Desk 1", "quay-nhanh", agency.ChannelQR, true, "xay-dung", "dat-dai", "dau-tu")
	point(codeClosed, c.construction, "Quầy đã đóng", "Closed desk", "quay-nhanh", agency.ChannelQR, false, "xay-dung")
	point(codeSIPAS, c.construction, "Khảo sát năm", "Yearly survey", "sipas", agency.ChannelOnline, true, "xay-dung")
	point(codeStaff, c.construction, "Phỏng vấn năm", "Yearly interviews", "sipas", agency.ChannelInterviewer, true, "xay-dung")
	point(codeHospital, c.hospital, "Khoa Khám bệnh", "Outpatients", "quay-nhanh", agency.ChannelQR, true, "y-te")
	point(codeKiosk, c.environment, "Ki-ốt sảnh", "Kiosk in the hall", "quay-nhanh", agency.ChannelKiosk, true, "dat-dai")
	return c
}
