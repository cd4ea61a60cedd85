package httpd_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// Every part of a board and every service point is on exactly one page, links lead
// to all of them, and a link to a service point leads to the page it is on.
func TestLongListsHavePages(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		var last agency.ServicePoint
		if err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
			for i := range 420 {
				commune, err := c.AddAgency(t.Context(), agency.Agency{
					ParentID: h.province.ID, Code: fmt.Sprintf("xa-%d", i), Kind: agency.KindCommune, Name: agency.Text{"vi": fmt.Sprintf("Xã số %d.", i)}, Order: i,
				})
				if err == nil {
					last, err = c.AddServicePoint(t.Context(), agency.ServicePoint{
						AgencyID: commune.ID, Name: agency.Text{"vi": "Quầy"}, SurveyKey: "quay-nhanh", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
					})
				}
				if err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		h.year2025()
		client := h.signedIn(h.account(access.Viewer, 0))
		link := regexp.MustCompile(`<a href="([^"]+)"[^>]*><span class="sr">Trang </span>`)
		for path, it := range map[string]*regexp.Regexp{
			"/bang?year=2025&lang=vi": regexp.MustCompile(`role="rowheader" scope="row"><a[^>]*>(Xã số \d+\.)<`),
			"/quay?lang=vi":           regexp.MustCompile(`<p class="of">(Xã số \d+\.)<`),
		} {
			seen := map[string]int{}
			follow := map[string]bool{path: true}
			for done := map[string]bool{}; len(done) < len(follow); {
				for to := range follow {
					if done[to] {
						continue
					}
					done[to] = true
					r := h.get(client, to)
					r.check(t, to, http.StatusOK, []string{`aria-current="page"><span class="sr">Trang </span>`}, nil)
					if len(done) > 1 { // the first again, by its address
						for _, m := range it.FindAllStringSubmatch(r.body, -1) {
							seen[m[1]]++
						}
					}
					for _, m := range link.FindAllStringSubmatch(r.body, -1) {
						follow[strings.ReplaceAll(strings.ReplaceAll(m[1], "&amp;", "&"), "#don-vi", "")] = true
					}
				}
			}
			if len(seen) != 420 {
				t.Errorf("%s: %d communes on %d pages, want 420", path, len(seen), len(follow)-1)
			}
			for name, n := range seen {
				if n != 1 {
					t.Errorf("%s: %s on %d pages", path, name, n)
				}
			}
		}
		b := tab{t, testkit.Browser(t, testkit.Phone)}
		for _, path := range []string{"/bang?year=2025&page=2", "/quay?page=3"} {
			b.do(h.withCookie(client), chromedp.Navigate(h.url+path))
			if over := ask[int64](b, `document.documentElement.scrollWidth`) - testkit.Phone.Width; over > 0 {
				t.Errorf("%s is %d pixels too wide", path, over)
			}
			for _, low := range ask[[]string](b, lowTargets) {
				t.Errorf("%s: less than 44 pixels high: %s", path, low)
			}
		}
		h.get(client, "/quay?lang=vi&page=99").check(t, "after the last", http.StatusOK, []string{`id="quay-` + string(last.Code), "trong 427"}, nil)
		h.get(client, "/quay?lang=vi&point="+string(last.Code)).check(t, "the point's page", http.StatusOK, []string{`id="quay-` + string(last.Code)}, nil)
		for _, bad := range []string{"/quay?page=0", "/quay?page=-1", "/quay?page=x", "/bang?year=2025&page=0", "/bang?year=2025&page=1e9"} {
			h.get(client, bad).check(t, bad, http.StatusBadRequest, nil, nil)
		}
		h.get(client, "/bang?year=2025&agency=so-tnmt&lang=vi").check(t, "a short list", http.StatusOK,
			[]string{`point=` + codeLand + `&amp;`}, []string{`class="pages"`})
	})
}
