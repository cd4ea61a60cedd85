package httpd_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/testkit"
)

// named is how a thing is named in a request.
type named struct {
	own, unknown string
	malformed    []string
}

// oddNames cannot be anything's.
var oddNames = []string{"xyzzy", "' OR 1=1--", "☃☃", "-1-1", "1e999", "%zz%", strings.Repeat("9", 300)}

// names are how each thing is named; own is what the environment has.
func (h *harness) names() map[httpd.Thing]named {
	form := named{codeLand, codeUnknown, []string{"xyzzy", "' OR 1=1--", "☃☃", "-1-1", strings.Repeat("☃", 100)}}
	return map[httpd.Thing]named{
		httpd.Agency:         {h.environment.Code, "khong-co", oddNames},
		httpd.Judged:         {h.environment.Code, "khong-co", oddNames},
		httpd.Point:          {codeLand, codeUnknown, oddNames},
		httpd.JudgedPoint:    {codeLand, codeUnknown, oddNames},
		httpd.Points:         {codeLand, codeUnknown, oddNames},
		httpd.Form:           form,
		httpd.FormOrReason:   form,
		httpd.Entry:          {strings.Repeat("A", 26), strings.Repeat("B", 26), oddNames},
		httpd.Account:        {accountHere, "khong-co", oddNames},
		httpd.Invitation:     {strings.Repeat("A", 26), strings.Repeat("B", 26), oddNames},
		httpd.Target:         {"1", "999", append([]string{"01", "+1"}, oddNames...)},
		httpd.Indicator:      {"1", "999", append([]string{"01", "+1"}, oddNames...)},
		httpd.Order:          {"1", "999", append([]string{"01", "+1", "-1"}, oddNames...)},
		httpd.Rated:          {clerk, "khong-co", oddNames},
		httpd.Official:       {officialHere, "khong-co", oddNames},
		httpd.Draft:          {"1", "999", append([]string{"01", "+1", "-1"}, oddNames...)},
		httpd.PublishedIndex: {"1", "999", append([]string{"01", "+1"}, oddNames...)},
		httpd.Batch:          {"1", "999", append([]string{"01", "+1", "-1"}, oddNames...)},
		httpd.Publication:    {"1", "999", append([]string{"0001", "1.00"}, oddNames...)},
	}
}

// foreign are the things that an asker may not see.
func (h *harness) foreign(is httpd.Thing, a asker) []string {
	who := a.identity(h)
	environment, construction := []string{h.environment.Code}, []string{h.construction.Code, h.province.Code}
	switch is {
	case httpd.Agency, httpd.Judged:
	case httpd.Point, httpd.JudgedPoint, httpd.Points:
		environment, construction = []string{codeLand, codeKiosk}, []string{codeDesk, codeStaff, codeHospital}
	case httpd.Official:
		environment, construction = []string{officialHere}, []string{officialElsewhere}
	case httpd.Batch:
		environment, construction = []string{"1"}, []string{"2"}
	case httpd.Account:
		environment, construction = []string{accountHere}, []string{accountElsewhere, accountOfAll}
	case httpd.Form, httpd.FormOrReason:
		if !who.May(access.EnterResponses) || who.Scope == h.environment.ID {
			return []string{codeStaff}
		}
		return nil
	case httpd.Indicator: // the whole province's, as its boards
		if !who.May(access.ViewBoard) {
			return []string{"1"}
		}
		return nil
	case httpd.Target: // the whole province's, as who reads the log may read
		if !who.May(access.Administer) && !who.May(access.ReadLog) {
			return []string{"1"}
		}
		return nil
	case httpd.Draft: // the whole province's
		if !who.May(access.DesignSurveys) {
			return []string{"1"}
		}
		return nil
	case httpd.Publication, httpd.PublishedIndex:
		if !who.May(access.Administer) {
			return []string{"1"}
		}
		return nil
	case httpd.Rated: // the head's, and their own
		if who.Role != access.Manager || who.Scope != h.environment.ID {
			return []string{clerk}
		}
		return nil
	case httpd.Order: // that of the viewer who is signed in
		if a.name != "session here" {
			return []string{"1"}
		}
		return nil
	case httpd.Entry, httpd.Invitation, httpd.Code, httpd.Nothing: // who has the token may use it
		return nil
	}
	switch {
	case !a.known():
		return slices.Concat(environment, construction)
	case who.Scope == h.environment.ID:
		return construction
	case who.Scope == h.construction.ID:
		return environment
	}
	return nil
}

// may tells whether a route is for an asker at all.
func (a asker) may(h *harness, r httpd.Route) bool {
	return r.Permission == access.Public || a.known() && a.identity(h).May(r.Permission)
}

// askAbout asks for a route with a name in one parameter, and all else in order.
func (a asker) askAbout(h *harness, r httpd.Route, about httpd.About, name string) reply {
	h.t.Helper()
	path := r.Path
	values := map[httpd.Place]url.Values{httpd.Query: {}, httpd.Field: {"year": {"2025"}, "period": {"Y"}}}
	for _, other := range r.About {
		switch {
		case other == about && about.In != httpd.Path:
			values[about.In].Set(about.Name, name)
		case other == about:
			path = strings.Replace(path, ":"+about.Name, url.PathEscape(name), 1)
		case other.In == httpd.Path:
			path = strings.Replace(path, ":"+other.Name, h.names()[other.Is].own, 1)
		case !other.Optional && other.Is != httpd.Nothing:
			values[other.In].Set(other.Name, h.names()[other.Is].own)
		}
	}
	path = strings.Replace(path, ":receipt", "23456789", 1)
	if query := values[httpd.Query].Encode(); query != "" {
		path += "?" + query
	}
	switch {
	case r.Method == http.MethodGet:
		return h.do(a.client, r.Method, path, nil, a.headers...)
	case strings.HasPrefix(path, "/api/"):
		body := quick(5)
		if about.In == httpd.Field {
			body = fmt.Sprintf("{%q:%q}", about.Name, name)
		}
		return h.do(a.client, r.Method, path, body, append([]string{"Content-Type", jsonType, "Idempotency-Key", h.newKey()}, a.headers...)...)
	case strings.HasPrefix(path, "/q/"):
		values[httpd.Field] = h.answerForm(codeLand)
	}
	return h.do(a.client, r.Method, path, values[httpd.Field], a.headers...)
}

// told is a reply without its number, and with what was asked for left out of
// the addresses in it.
func (r reply) told(about httpd.About, name string) string {
	to, err := url.QueryUnescape(r.header.Get("Location"))
	if err != nil {
		return err.Error()
	}
	if to != "" {
		r.body = "" // says where to, as the header does
	}
	text := fmt.Sprint(r.status, " ", to, " ", html.UnescapeString(strings.ReplaceAll(r.body, r.header.Get("X-Request-Id"), "ID")))
	if about.In == httpd.Path {
		return strings.NewReplacer("/"+url.PathEscape(name), "/NAME", "/"+name, "/NAME").Replace(text)
	}
	return strings.ReplaceAll(text, about.Name+"="+url.QueryEscape(name), "NAME")
}

// TestForeignIsUnknown asks for every route, with every parameter that names
// something, as everybody: what is not theirs, what does not exist and what
// cannot exist are answered alike, and nothing changes.
func TestForeignIsUnknown(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.aim("1/KH-UBND", "dat-dai", 8500, "")
		h.publishPAPI()
		h.clerks("")
		h.answer(codeLand, 5, 4)
		askers := h.askers()
		for _, a := range askers {
			if a.name == "administrator of all" {
				h.post(a.client, "/api/v1/publications", `{"year":2025}`, append([]string{"Content-Type", jsonType}, a.headers...)...).check(t, "publish", http.StatusCreated, nil, nil)
			}
		}
		before := h.state()
		tried := map[httpd.Thing]int{}
		for _, r := range h.kernel.Routes() {
			for _, about := range r.About {
				if about.Is == httpd.Nothing || about.Is == httpd.Code {
					continue // a typed code leads to an address, which tells by itself
				}
				names, known := h.names()[about.Is]
				if !known {
					t.Errorf("%s %s is about %q: say in names how that is named", r.Method, r.Path, about.Is)
					continue
				}
				for _, a := range askers {
					want := a.askAbout(h, r, about, names.unknown)
					if a.may(h, r) != (want.status == http.StatusNotFound) {
						t.Errorf("%s %s, %s: %d of what is unknown", r.Method, r.Path, a.name, want.status)
					}
					for _, name := range append(h.foreign(about.Is, a), names.malformed...) {
						tried[about.Is]++
						if got := a.askAbout(h, r, about, name); got.told(about, name) != want.told(about, names.unknown) {
							t.Errorf("%s %s, %s: %q is answered\n%s\nand what is unknown\n%s", r.Method, r.Path, a.name, name, got.told(about, name), want.told(about, names.unknown))
						}
					}
				}
			}
		}
		for thing := range h.names() {
			if tried[thing] == 0 {
				t.Errorf("no route is about %q", thing)
			}
		}
		if after := h.state(); after != before {
			t.Errorf("before %s, after %s", before, after)
		}
	})
}

// state is what must not change.
func (h *harness) state() string {
	h.t.Helper()
	published, err := h.deps.Publisher.Publications(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprint(h.responses(), " responses, revision ", h.snapshot().Revision, ", publications ", len(published))
}
