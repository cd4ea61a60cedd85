package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestOptionsInNoOrder: each form shows options that have no order in one of its own, the
// one that comes back with problems in the same, and whatever was chosen is kept by its key;
// what staff copy from paper stands as it is printed.
func TestOptionsInNoOrder(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		var written []string
		code, v := h.kinds(func(d *survey.Definition) {
			for i := range d.Sections[0].Questions {
				if q := &d.Sections[0].Questions[i]; q.Key == "reasons" {
					q.RandomOrder = true
					for n := range 4 {
						q.Choices = slices.Insert(q.Choices, 0, survey.Choice{Key: fmt.Sprintf("more-%d", n), Text: q.Choices[0].Text})
					}
					for _, c := range q.Choices {
						written = append(written, c.Key)
					}
				}
			}
		})
		options := regexp.MustCompile(`name="a\.reasons"[^>]* value="([a-z0-9-]+)"`)
		orderOf := func(body string) string {
			var order []string
			for _, found := range options.FindAllStringSubmatch(body, -1) {
				order = append(order, found[1])
			}
			if len(order) != len(written) || order[len(order)-1] != "else" {
				t.Fatalf("the options are %v", order)
			}
			return strings.Join(order, " ")
		}
		client := h.client()
		orders := map[string]bool{}
		for range 12 {
			shown := h.get(client, "/q/"+code+"?lang=vi")
			order := orderOf(shown.body)
			orders[order] = true
			id := regexp.MustCompile(`name="submission" value="([^"]+)"`).FindStringSubmatch(shown.body)[1]
			again := h.post(client, "/q/"+code, url.Values{"submission": {id}, "version": {v.Name()}, "language": {"vi"}, "a.visits": {"many"}})
			if again.status != http.StatusUnprocessableEntity || orderOf(again.body) != order {
				t.Errorf("after a problem (%d): %s, before: %s", again.status, orderOf(again.body), order)
			}
		}
		if len(orders) < 4 {
			t.Errorf("twelve forms have %d orders", len(orders))
		}
		documents := map[string]bool{}
		for range 12 {
			documents[h.reasonsOf(client, code)] = true
		}
		if len(documents) < 4 {
			t.Errorf("twelve documents have %d orders", len(documents))
		}
		sheet, err := st.AddServicePoint(t.Context(), agency.ServicePoint{
			AgencyID: h.construction.ID, Name: agency.Text{"vi": "Phiếu giấy"}, SurveyKey: v.Definition.Key, Channel: agency.ChannelPaper, FieldKeys: []string{"dat-dai"}, Active: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		h.points[string(sheet.Code)] = sheet
		h.clock.Advance(time.Minute)
		staff := h.client()
		h.get(staff, "/vao/"+h.entryLink(string(sheet.Code), time.Time{})).check(t, "enter", http.StatusSeeOther, nil, nil)
		for range 3 {
			if got := h.reasonsOf(staff, string(sheet.Code)); got != strings.Join(written, " ") {
				t.Errorf("paper has %s", got)
			}
		}
	})
}

// reasonsOf are the choices of the question for reasons, as a program is told them.
func (h *harness) reasonsOf(client *http.Client, code string) string {
	h.t.Helper()
	var document struct {
		Questions []struct {
			Key     string
			Choices []struct{ Key string }
		}
	}
	if err := json.Unmarshal([]byte(h.get(client, "/api/v1/service-points/"+code+"/form").body), &document); err != nil {
		h.t.Fatal(err)
	}
	var keys []string
	for _, q := range document.Questions {
		for _, c := range q.Choices {
			if q.Key == "reasons" {
				keys = append(keys, c.Key)
			}
		}
	}
	return strings.Join(keys, " ")
}
