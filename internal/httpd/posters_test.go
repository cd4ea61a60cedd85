package httpd_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/jobs"
	"sipas/internal/qr"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// order asks for posters of the environment in somebody's name and gives the address of
// the order.
func (h *harness) order(login string) (path string) {
	h.t.Helper()
	user, err := h.deps.Auth.UserByLogin(context.Background(), login)
	if err != nil {
		h.t.Fatal(err)
	}
	var points []int64
	for _, p := range h.snapshot().Points {
		if p.HasPoster() && (user.AgencyID == 0 || p.AgencyID == user.AgencyID) {
			points = append(points, p.ID)
		}
	}
	id, err := h.deps.Posters.Ask(context.Background(), access.Identity{UserID: user.ID, Name: user.Name, Role: access.Role(user.Role), Scope: user.AgencyID}, qr.A4, points)
	if err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprintf("/quay/in/%d", id)
}

// addCounters adds counters to an agency, each with a poster.
func (h *harness) addCounters(of agency.Agency, n int) []agency.ServicePoint {
	h.t.Helper()
	points := make([]agency.ServicePoint, n)
	for i := range points {
		points[i] = agency.ServicePoint{
			Code: agency.NewCode(), AgencyID: of.ID, Name: agency.Text{"vi": fmt.Sprintf("Bàn %d", i+1)}, SurveyKey: "quay-nhanh",
			Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
		}
	}
	err := h.st.Registry.Change(context.Background(), testkit.Author(), func(c *registry.Change) error {
		return c.AddServicePoints(context.Background(), points)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return points
}

// work does jobs until the end of the test.
func (h *harness) work() {
	h.t.Helper()
	runner, err := jobs.New(h.st.DB, jobs.Options{Log: slog.New(slog.DiscardHandler), Now: time.Now, Poll: 5 * time.Millisecond}, h.deps.Posters.Handlers()...)
	if err != nil {
		h.t.Fatal(err)
	}
	runner.Start(context.Background())
	h.t.Cleanup(func() {
		if err := runner.Close(context.Background()); err != nil {
			h.t.Error(err)
		}
	})
}

// await asks for a page until it says something.
func (h *harness) await(client *http.Client, path, said string) reply {
	h.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		page := h.get(client, path)
		if strings.Contains(page.body, said) {
			return page
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("%s never says %q:\n%d %s", path, said, page.status, page.body)
		}
	}
}

// Posters of many counters are made beside the request: their page tells how far they
// are, and who asked fetches the file, as long as they may see all of these counters
// and for a day. Of others it is unknown.
func TestPostersOfManyAreAnOrder(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		points := h.addCounters(h.environment, 60)
		login := h.account(access.Viewer, h.environment.ID)
		viewer := h.signedIn(login)
		asked := h.get(viewer, "/quay/poster.pdf?size=A5&agency="+h.environment.Code)
		to := asked.header.Get("Location")
		h.get(viewer, to+"&lang=vi").check(t, "what is asked", http.StatusOK, []string{"62 quầy có bản in", "Bản in của nhiều quầy được làm riêng", `value="A5" checked`}, nil)
		ordered := h.post(viewer, "/quay/in", url.Values{"agency": {h.environment.Code}, "size": {"A5"}})
		order := ordered.header.Get("Location")
		if ordered.status != http.StatusSeeOther || order != "/quay/in/1" {
			t.Fatalf("ordered: %d to %q\n%s", ordered.status, order, ordered.body)
		}
		h.get(viewer, order+"?lang=vi").check(t, "it waits", http.StatusOK, []string{"Đang chờ đến lượt", "Đã làm 0 trong 62 quầy", "Xem đã làm đến đâu"}, []string{order + "/tep"})
		const all = "/quay/in/da-dat?lang=vi"
		h.get(viewer, all).check(t, "the list, waiting", http.StatusOK, []string{`href="` + order + `"`, "62 quầy, mẫu: A5", "Đang chờ đến lượt", "Tài khoản thử " + login}, []string{order + "/tep"})
		h.get(viewer, order+"/tep").check(t, "not yet", http.StatusNotFound, nil, nil)
		h.work()
		h.await(viewer, order+"?lang=vi", "Bản in đã xong").check(t, "done", http.StatusOK, []string{`href="` + order + `/tep"`}, []string{"Xem đã làm đến đâu"})
		h.get(viewer, all).check(t, "the list, done", http.StatusOK, []string{"Bản in đã xong", `href="` + order + `/tep"`, "giữ đến"}, nil)
		file := h.get(viewer, order+"/tep")
		if pages := strings.Count(file.body, "/Type /Page\n"); file.status != http.StatusOK || file.header.Get("Content-Type") != "application/pdf" || pages != 62 ||
			file.header.Get("Content-Length") != fmt.Sprint(len(file.body)) {
			t.Errorf("the file: %d %v, %d bytes, %d pages", file.status, file.header, len(file.body), pages)
		}
		for who, client := range map[string]*http.Client{
			"a colleague": h.signedIn(h.account(access.Viewer, h.environment.ID)), "the chief": h.signedIn(h.account(access.Administrator, 0)),
			"another agency": h.signedIn(h.account(access.Manager, h.construction.ID)),
		} {
			h.get(client, all).check(t, who, http.StatusOK, []string{"Chưa có bản in nào đang giữ", `href="/quay"`}, []string{order})
			h.get(client, order).check(t, who, http.StatusNotFound, nil, nil)
			h.get(client, order+"/tep").check(t, who, http.StatusNotFound, nil, []string{"%PDF"})
			h.post(client, order, url.Values{}).check(t, who, http.StatusNotFound, nil, nil)
		}
		again := h.post(viewer, order, url.Values{})
		again.check(t, "again", http.StatusSeeOther, nil, nil)
		moved := points[7]
		moved.AgencyID = h.construction.ID
		h.rewrite(moved)
		h.get(viewer, order+"/tep").check(t, "one of them is somebody else's", http.StatusNotFound, nil, []string{"%PDF"})
		h.get(viewer, all).check(t, "the list, one of them somebody else's", http.StatusOK, nil, []string{`href="` + order + `"`})
		moved.AgencyID = h.environment.ID
		h.rewrite(moved)
		h.get(viewer, order+"/tep").check(t, "theirs again", http.StatusOK, nil, nil)
		h.clock.Advance(24*time.Hour + time.Second)
		later := h.signedIn(login)
		h.get(later, order+"/tep").check(t, "the day after", http.StatusNotFound, nil, nil)
		h.get(later, all).check(t, "the list, the day after", http.StatusOK, []string{"Chưa có bản in nào đang giữ"}, nil)
	})
}
