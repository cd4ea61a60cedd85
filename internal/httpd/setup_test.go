package httpd_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/firstrun"
	"sipas/internal/testkit"
)

var trialLink = regexp.MustCompile(`href="[^"]*(/thu/[^"]+)"`)

// A province begins on an empty database: the first account by the link that the server
// printed, once and within its time; the steps follow from what is kept; and a counter is
// tried from a phone, whose answer is kept and counts in nothing.
func TestAProvinceBegins(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := serve(t, st)
		chief := h.client()
		first := "/thiet-lap/" + auth.FirstToken(h.deps.Secret, h.clock.Now())
		h.get(chief, "/thiet-lap/"+auth.FirstToken(h.deps.Secret, h.clock.Now().Add(-auth.FirstLinkLasts))).check(t, "an old link", http.StatusNotFound, nil, nil)
		h.get(chief, "/thiet-lap/"+auth.FirstToken([]byte("another secret, 32 bytes long ..."), h.clock.Now())).check(t, "another's link", http.StatusNotFound, nil, nil)
		h.post(chief, "/thiet-lap/AAAA", url.Values{"login": {"ke-gian"}, "name": {"Kẻ gian"}, "password": {goodPassword}}).check(t, "no link", http.StatusNotFound, nil, nil)
		h.get(chief, "/bat-dau").check(t, "nobody yet", http.StatusSeeOther, nil, nil)
		page := h.get(chief, first+"?lang=vi")
		page.check(t, "the first account", http.StatusOK, []string{"Tài khoản đầu tiên"}, nil)
		if page.header.Get("Referrer-Policy") != "no-referrer" {
			t.Error("the link goes to other sites")
		}
		h.post(chief, first+"?lang=vi", url.Values{"login": {"x"}, "name": {""}, "password": {"matkhau123"}}).check(t, "all wrong", http.StatusUnprocessableEntity,
			[]string{`href="#f-login"`, `href="#f-name"`, `href="#f-password"`}, []string{"matkhau123"})
		made := h.post(chief, first, url.Values{"login": {"quan-tri"}, "name": {"Phòng Cải cách"}, "password": {goodPassword}})
		if made.status != http.StatusSeeOther || made.header.Get("Location") != "/bat-dau" {
			t.Fatalf("made: %d %s", made.status, made.body)
		}
		for what, r := range map[string]reply{
			"used": h.get(h.client(), first), "sent again": h.post(h.client(), first, url.Values{"login": {"ke-gian"}, "name": {"Kẻ gian"}, "password": {goodPassword}}),
		} {
			r.check(t, what, http.StatusNotFound, nil, nil)
		}
		if strings.Contains(h.log.String(), strings.TrimPrefix(first, "/thiet-lap/")) {
			t.Error("the link is in the log")
		}
		h.get(chief, "/quan-tri/nhat-ky?lang=vi").check(t, "the log", http.StatusOK, []string{"Lập tài khoản đầu tiên", "Tài khoản quan-tri"}, nil)

		h.get(chief, "/bat-dau?lang=vi").check(t, "the steps", http.StatusOK, []string{"Còn 6 việc", `href="/bat-dau/tinh"`, `href="/co-quan/nhap"`, `href="/bat-dau/thu"`}, nil)
		h.get(chief, "/bat-dau/thu?lang=vi").check(t, "nothing to try", http.StatusOK, []string{"Chưa có quầy nào để thử"}, nil)
		h.get(chief, "/bat-dau/tinh?lang=vi").check(t, "which province", http.StatusOK, []string{`value="lam-dong"`, "Cà Mau"}, []string{`value="binh-thuan"`})
		h.post(chief, "/bat-dau/tinh?lang=vi", url.Values{"preset": {""}, "province_name": {" "}}).check(t, "no name", http.StatusUnprocessableEntity, []string{`href="#f-province_name"`}, nil)
		h.post(chief, "/bat-dau/tinh", url.Values{"preset": {"atlantis"}}).check(t, "no such preset", http.StatusBadRequest, nil, nil)
		h.post(chief, "/bat-dau/tinh", url.Values{"preset": {""}, "province_name": {"thành phố Huế"}}).check(t, "named", http.StatusSeeOther, nil, nil)
		h.get(chief, "/bat-dau/tinh").check(t, "once", http.StatusSeeOther, nil, nil)
		h.post(chief, "/bat-dau/tinh", url.Values{"preset": {"lam-dong"}}).check(t, "another one", http.StatusConflict, nil, nil)
		h.get(chief, "/bat-dau?da=province-chosen&lang=vi").check(t, "a step is done", http.StatusOK, []string{"Còn 5 việc", "Huế", "Đã lập tỉnh"}, nil)

		ctx := t.Context()
		root := h.snapshot().Tree.All()[0]
		point, err := st.AddServicePoint(ctx, agency.ServicePoint{AgencyID: root.ID, JudgedID: root.ID, Name: agency.Text{"vi": "Quầy 1"}, SurveyKey: "quay-nhanh", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true})
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(2 * time.Second) // for what was added beside the server
		trial := h.get(chief, "/bat-dau/thu?lang=vi")
		trial.check(t, "to scan", http.StatusOK, []string{"data:image/svg", "Quầy 1"}, []string{"Đã nhận được câu trả lời"})
		link := trialLink.FindStringSubmatch(trial.body)[1]
		phone := h.client()
		h.get(phone, link[:len(link)-1]+"_").check(t, "a made-up link", http.StatusNotFound, nil, nil)
		if led := h.get(phone, link); led.status != http.StatusSeeOther || led.header.Get("Location") != point.Code.Path() {
			t.Fatalf("led to %d %s", led.status, led.header.Get("Location"))
		}
		for range 2 { // the second one counts
			form := h.openForm(phone, string(point.Code))
			form.Set("a.overall", "5")
			h.post(phone, point.Code.Path(), form).check(t, "an answer", http.StatusSeeOther, nil, nil)
		}
		var tried, counted int
		if err := st.QueryRow(ctx, "SELECT SUM(CASE WHEN mark = 0 THEN 0 ELSE 1 END), SUM(CASE WHEN mark = 0 THEN 1 ELSE 0 END) FROM responses").Scan(&tried, &counted); err != nil || tried != 1 || counted != 1 {
			t.Errorf("%d tried, %d counted, %v", tried, counted, err)
		}
		h.get(chief, "/bat-dau/thu?lang=vi").check(t, "it came", http.StatusOK, []string{"Đã nhận được câu trả lời"}, nil)
		h.clock.Advance(15 * time.Minute)
		h.get(phone, link).check(t, "later", http.StatusNotFound, nil, nil)

		signedIn := func(to string) {
			t.Helper()
			if led := h.signIn(h.client(), "quan-tri", goodPassword, "127.0.0.1"); led.header.Get("Location") != to {
				t.Errorf("signing in leads to %s, want %s", led.header.Get("Location"), to)
			}
		}
		signedIn("/bat-dau")
		h.post(chief, "/bat-dau", url.Values{"away": {"yes"}}).check(t, "put away", http.StatusSeeOther, nil, nil)
		signedIn("/bang")
		h.post(chief, "/bat-dau", url.Values{}).check(t, "back", http.StatusSeeOther, nil, nil)
		if h.snapshot().Settings.Value(firstrun.Setting) != "" {
			t.Error("still put away")
		}
	})
}
