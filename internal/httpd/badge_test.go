package httpd_test

import (
	"net/http"
	"strings"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// Officials of the department of the environment and of another one.
const officialHere, officialElsewhere = "cb-moi-truong", "cb-xay-dung"

// officialsOfBoth keeps them.
func (h *harness) officialsOfBoth() {
	h.t.Helper()
	err := h.st.Registry.Change(h.t.Context(), testkit.Author(), func(c *registry.Change) error {
		return c.AddOfficials(h.t.Context(), []agency.Official{
			{Code: officialHere, AgencyID: h.environment.ID, PointID: h.points[codeLand].ID, Name: "Cán bộ Một Cửa", Active: true},
			{Code: officialElsewhere, AgencyID: h.construction.ID, Name: "Viên chức Xây Dựng", Active: true},
		})
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// officialNamed keeps an official of a counter.
func (h *harness) officialNamed(name, counter string, named bool) agency.Official {
	h.t.Helper()
	p := h.points[counter]
	added := []agency.Official{{Code: "cb-" + strings.ToLower(string(agency.NewCode())), AgencyID: p.AgencyID, PointID: p.ID, Name: name, Named: named, Active: true}}
	err := h.st.Registry.Change(h.t.Context(), testkit.Author(), func(c *registry.Change) error { return c.AddOfficials(h.t.Context(), added) })
	if err != nil {
		h.t.Fatal(err)
	}
	return added[0]
}

// Whoever knows a badge learns the name of its official only where the agency says so:
// not from the page, the form for programs, the receipt, what is refused, the pictures or
// the log. The answer counts at the counter, whose limits hold.
func TestABadgeTellsNoName(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		if err := st.SaveSetting(t.Context(), registry.SettingOfficials, "1"); err != nil {
			t.Fatal(err)
		}
		const secret, known = "Cán bộ Kín Đáo", "Cán bộ Công Khai"
		quiet, open := h.officialNamed(secret, codeLand, false), h.officialNamed(known, codeLand, true)
		badge, names := string(quiet.Badge), []string{secret, "Kín Đáo", quiet.Code}
		counter := h.points[codeLand]
		h.get(h.client(), "/q/"+string(open.Badge)).check(t, "where the agency says so", http.StatusOK, []string{known, counter.Name["vi"]}, names)
		h.get(h.client(), "/api/v1/service-points/"+string(open.Badge)+"/form").check(t, "for programs", http.StatusOK, []string{`"official":"` + known}, names)
		client := h.client()
		h.get(client, "/q/"+strings.ToLower(badge)).check(t, "typed", http.StatusSeeOther, []string{"/q/" + badge}, names)
		h.get(client, "/q/"+badge).check(t, "page", http.StatusOK, []string{counter.Name["vi"], `action="/q/` + badge}, names)
		h.get(client, "/api/v1/service-points/"+badge+"/form").check(t, "for programs", http.StatusOK, []string{counter.Name["vi"]}, append(names, `"official"`))
		h.get(client, "/q/"+badge+"/qr.svg").check(t, "picture", http.StatusOK, nil, names)
		form := h.openForm(client, badge)
		h.post(client, "/q/"+badge, form).check(t, "nothing answered", http.StatusUnprocessableEntity, nil, names)
		form.Set("a.overall", "5")
		sent := h.post(client, "/q/"+badge, form)
		sent.check(t, "sent", http.StatusSeeOther, nil, names)
		if next := sent.header.Get("Location"); !strings.HasPrefix(next, "/q/"+badge+"/xong/") {
			t.Errorf("sent leads to %s", next)
		}
		h.get(client, sent.header.Get("Location")).check(t, "receipt", http.StatusOK, []string{counter.Name["vi"]}, names)
		var point int64
		if err := st.QueryRow(t.Context(), "SELECT service_point_id FROM responses").Scan(&point); err != nil || point != counter.ID {
			t.Errorf("the answer is of the service point %d, %v, want %d", point, err, counter.ID)
		}
		if err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
			_, err := c.ReplaceBadge(t.Context(), quiet.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		fresh, _ := h.snapshot().OfficialByID(quiet.ID)
		h.get(client, "/q/"+badge).check(t, "lost", http.StatusNotFound, []string{"Thẻ này không còn được dùng"}, append(names, string(fresh.Badge)))
		h.post(client, "/q/"+badge, form).check(t, "lost, an open form", http.StatusNotFound, nil, append(names, string(fresh.Badge)))
		fresh.PointID = 0
		if err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
			return c.UpdateOfficials(t.Context(), []agency.Official{fresh})
		}); err != nil {
			t.Fatal(err)
		}
		h.get(client, "/q/"+string(fresh.Badge)).check(t, "at no counter", http.StatusNotFound, []string{"Thẻ này hiện chưa gắn với quầy nào", "Xin quét mã QR dán tại quầy"}, names)
		h.get(client, "/api/v1/service-points/"+string(fresh.Badge)+"/form").check(t, "at no counter, for programs", http.StatusNotFound, nil, names)
		if said := h.log.String(); strings.Contains(said, "Kín Đáo") {
			t.Error("the log tells the name")
		}
		// Off, nothing a citizen holds is dead, and no name is told.
		if err := st.SaveSetting(t.Context(), registry.SettingOfficials, "0"); err != nil {
			t.Fatal(err)
		}
		h.get(h.client(), "/q/"+string(open.Badge)).check(t, "off", http.StatusOK, []string{counter.Name["vi"]}, []string{known})
	})
}
