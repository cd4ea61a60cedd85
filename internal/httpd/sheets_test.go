package httpd_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/internal/typeset"
)

// khmer publishes a survey in a language that the program's own font cannot write.
func (h *harness) khmer() {
	h.t.Helper()
	both := func(vi, km string) agency.Text { return agency.Text{"vi": vi, "km": km} }
	d := survey.Definition{Key: "khmer", Languages: []string{"vi", "km"}, Method: "pooled", Title: both("Phiếu", "បែបបទ"), Sections: []survey.Section{{
		Key: "mot", Title: both("Một", "មួយ"), Questions: []survey.Question{{Key: "chung", Type: "scale5", Text: both("Có hài lòng không?", "ពេញចិត្តទេ?")}},
	}}}
	err := h.st.Registry.Change(context.Background(), testkit.Author(), func(c *registry.Change) error {
		_, err := c.PublishVersion(context.Background(), d, h.clock.Now())
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// A counter has a page with the sheets of its survey in every language, each of which is a
// PDF; one that no font can write is said there, and refused in words.
func TestSheetsOfPaper(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st, func(d *httpd.Deps) { d.Fonts = typeset.In(t.TempDir()) })
		viewer := h.signedIn(h.account(access.Viewer, h.environment.ID))
		page := h.get(viewer, "/quay/"+codeLand+"/phieu?lang=vi")
		page.check(t, "page", http.StatusOK, []string{"quay-nhanh.1", "Tiếng Việt</h2>", "English</h2>", "Phiếu của quầy này (PDF)"}, []string{"không có phông chữ"})
		h.get(viewer, "/quay/"+codeLand+"?lang=vi").check(t, "counter", http.StatusOK, []string{`href="/quay/` + codeLand + `/phieu"`}, nil)
		pdfs := 0
		for part := range strings.SplitSeq(page.body, `href="`) {
			address, _, _ := strings.Cut(part, `"`)
			if !strings.HasPrefix(address, "/quay/phieu.pdf") {
				continue
			}
			pdfs++
			address = strings.ReplaceAll(address, "&amp;", "&")
			sheet := h.get(viewer, address)
			sheet.check(t, address, http.StatusOK, []string{"%PDF"}, nil)
			if got := sheet.header.Get("Content-Type"); got != "application/pdf" {
				t.Errorf("%s is %s", address, got)
			}
		}
		if pdfs != 4 {
			t.Errorf("%d sheets on the page, want one of the counter and one of any in two languages", pdfs)
		}
		h.get(viewer, "/quay/phieu.pdf?point="+codeLand).check(t, "its survey", http.StatusOK, []string{"%PDF"}, nil)
		h.get(viewer, "/quay/phieu.pdf").check(t, "of no survey", http.StatusNotFound, nil, []string{"%PDF"})

		h.khmer()
		err := h.st.Registry.Change(context.Background(), testkit.Author(), func(c *registry.Change) error {
			counter, err := c.ServicePoint(context.Background(), h.points[codeLand].ID)
			if err != nil {
				return err
			}
			counter.SurveyKey = "khmer"
			return c.UpdateServicePoints(context.Background(), []agency.ServicePoint{counter})
		})
		if err != nil {
			t.Fatal(err)
		}
		h.get(viewer, "/quay/"+codeLand+"/phieu?lang=vi").check(t, "no font", http.StatusOK, []string{"Chưa in được vì máy chủ không có phông chữ cho:", "ប"}, []string{"lang=km"})
		h.get(viewer, "/quay/phieu.pdf?survey=khmer&lang=km", "Accept-Language", "vi").check(t, "refused", http.StatusConflict, []string{"không có phông chữ"}, []string{"%PDF", "\u1794"})
	})
}
