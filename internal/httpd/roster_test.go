package httpd_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/duty"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// rosterAt asks about officials and keeps one of a counter, with a shift that goes on.
func (h *harness) rosterAt(code agency.Code) agency.Official {
	h.t.Helper()
	ctx := context.Background()
	p, known := h.snapshot().Point(code)
	if !known {
		h.t.Fatalf("no counter %s", code)
	}
	added := []agency.Official{{Code: "cb-017", AgencyID: p.AgencyID, PointID: p.ID, Name: "Cán bộ tiếp nhận", Login: "tiep-nhan", Active: true}}
	err := h.st.Registry.Change(ctx, testkit.Author(), func(c *registry.Change) error {
		if err := c.Set(ctx, registry.SettingOfficials, "1"); err != nil {
			return err
		}
		if err := c.AddOfficials(ctx, added); err != nil {
			return err
		}
		shift := duty.Shift{OfficialID: added[0].ID, PointID: p.ID, FirstDay: "2025-01-06", Weekdays: duty.Working, From: 450, To: 690}
		return duty.Keep(ctx, c.Tx(), c.Entry, []duty.Shift{shift}, func(duty.Shift) (string, agency.Code) { return added[0].Code, p.Code })
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return added[0]
}

// A manager adds and changes the officials of their agency, replaces a badge and takes a
// shift out; the switch is the administrator's; a queue system says who serves.
func TestOfficialsOnTheDesk(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.officialsOfBoth()
		manager, administrator := h.signedIn(h.account(access.Manager, h.environment.ID)), h.signedIn(h.account(access.Administrator, 0))
		h.get(administrator, "/quay").check(t, "off", http.StatusOK, nil, []string{`href="/can-bo"`})
		h.get(h.client(), h.post(administrator, "/cai-dat/can-bo", url.Values{"officials": {"1"}}).header.Get("Location"))
		h.get(administrator, "/cai-dat?da=officials-on").check(t, "switched on", http.StatusOK, []string{"Đã bật đánh giá theo cán bộ", "Đang bật"}, nil)
		if !h.snapshot().Settings.Officials {
			t.Fatal("officials are still off")
		}
		h.get(administrator, "/quay").check(t, "on", http.StatusOK, []string{`href="/can-bo"`}, nil)
		h.post(manager, "/cai-dat/can-bo", url.Values{"officials": {"0"}}).check(t, "no manager's", http.StatusForbidden, nil, nil)

		form := url.Values{"official_code": {"CB 1"}, "name": {""}, "agency": {h.environment.Code}, "service_point": {"22222222"}, "login": {""}, "named": {"no"}, "active": {"yes"}}
		h.post(manager, "/can-bo/them", form).check(t, "wrong", http.StatusUnprocessableEntity, []string{"f-official_code-wrong", "f-name-wrong", "Không có quầy nào mang mã", "CB 1"}, nil)
		form.Set("official_code", "cb-1")
		form.Set("name", "Nhân viên Quầy Ba")
		form.Set("service_point", h.points[codeLand].Code.Grouped())
		if r := h.post(manager, "/can-bo/them", form); r.header.Get("Location") != "/can-bo/cb-1?da=official-added" {
			t.Fatalf("%d %s %s", r.status, r.header.Get("Location"), r.body)
		}
		o, _ := h.snapshot().Official("cb-1")
		page := h.get(manager, "/can-bo/cb-1")
		page.check(t, "page", http.StatusOK, []string{"Nhân viên Quầy Ba", o.Badge.Grouped(), h.points[codeLand].Name["vi"]}, nil)
		h.get(manager, "/can-bo/cb-1/ma.svg").check(t, "code", http.StatusOK, []string{"<svg"}, nil)
		h.get(manager, "/can-bo?tim=nhan+vien").check(t, "found", http.StatusOK, []string{"Nhân viên Quầy Ba"}, []string{"Cán bộ Một Cửa", "Viên chức Xây Dựng"})
		h.get(manager, "/can-bo").check(t, "list", http.StatusOK, []string{"Cán bộ Một Cửa"}, []string{"Viên chức Xây Dựng"})
		h.get(manager, "/can-bo/"+officialElsewhere).check(t, "another agency's", http.StatusNotFound, nil, []string{"Viên chức Xây"})
		h.post(manager, "/can-bo/them", form).check(t, "taken", http.StatusUnprocessableEntity, []string{"đã có"}, nil)

		opened := url.Values{"was.name": {o.Name}, "name": {"Nhân viên Quầy Bốn"}, "was.named": {"no"}, "named": {"no"}, "was.active": {"yes"}, "active": {"yes"}, "was.login": {""}, "login": {""}}
		h.post(manager, "/can-bo/cb-1/sua", opened).check(t, "changed", http.StatusSeeOther, nil, nil)
		h.post(manager, "/can-bo/cb-1/doi-the", url.Values{}).check(t, "badge", http.StatusSeeOther, nil, nil)
		now, _ := h.snapshot().Official("cb-1")
		if now.Name != "Nhân viên Quầy Bốn" || now.PointID != o.PointID || now.Badge == o.Badge {
			t.Errorf("%+v, was %+v", now, o)
		}
		h.get(manager, "/can-bo/cb-1").check(t, "history", http.StatusOK, []string{"Thay thẻ cán bộ", o.Badge.Grouped(), now.Badge.Grouped(), "Nhân viên Quầy Ba"}, nil)

		shifts := "official,service_point,first_day,weekdays,from,to\ncb-1," + codeLand + ",02/11/2020,T2-CN,0:00,24:00\n"
		check := h.sendFile(administrator, "/can-bo/ca/nhap", "ca.csv", shifts)
		check.check(t, "shifts checked", http.StatusOK, []string{"<b>1</b> sẽ được thêm"}, nil)
		proof := checkedFields.FindStringSubmatch(check.body)
		if proof == nil {
			t.Fatalf("no proof of what was checked:\n%s", check.body)
		}
		kept := h.sendFile(administrator, "/can-bo/ca/nhap", "ca.csv", shifts, "do", "import", "file-sha256", proof[1], "revision", proof[2])
		kept.check(t, "shifts kept", http.StatusSeeOther, nil, nil)
		h.clock.Advance(2_000_000_000)
		h.get(manager, "/can-bo/ca").check(t, "shifts", http.StatusOK, []string{"Nhân viên Quầy Bốn", "00:00–24:00"}, nil)
		point := h.points[codeLand]
		if id, ok := h.deps.Duty.At(t.Context(), point.ID, h.clock.Now()); !ok || id != now.ID {
			t.Errorf("on duty is %d %v, want %d", id, ok, now.ID)
		}

		token := h.token(access.Manager, h.environment.ID)
		put := func(what, body string, status int, has ...string) {
			t.Helper()
			h.do(h.client(), http.MethodPut, "/api/v1/service-points/"+codeLand+"/serving", body, append([]string{"Content-Type", "application/json"}, token...)...).check(t, what, status, has, []string{"Viên chức Xây"})
		}
		put("serves", `{"official":"`+officialHere+`"}`, http.StatusOK, officialHere)
		here, _ := h.snapshot().Official(officialHere)
		if id, _ := h.deps.Duty.At(t.Context(), point.ID, h.clock.Now()); id != here.ID {
			t.Errorf("serving is %d, want %d", id, here.ID)
		}
		put("another agency's", `{"official":"`+officialElsewhere+`"}`, http.StatusNotFound)
		put("nothing", `{}`, http.StatusUnprocessableEntity)
		put("a number", `{"official":5}`, http.StatusUnprocessableEntity)
		put("something else", `{"official":null,"x":1}`, http.StatusUnprocessableEntity)
		put("no object", `[]`, http.StatusBadRequest)
		put("no more", `{"official":null}`, http.StatusOK, `"official":null`)
		if id, _ := h.deps.Duty.At(t.Context(), point.ID, h.clock.Now()); id != now.ID {
			t.Errorf("serving is %d, want %d by the shift", id, now.ID)
		}

		all, err := h.deps.Duty.Of(t.Context(), now.ID)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		h.post(manager, "/can-bo/"+officialHere+"/bo-ca", url.Values{"shift": {"1"}}).check(t, "of another official", http.StatusNotFound, nil, nil)
		h.post(manager, "/can-bo/cb-1/bo-ca", url.Values{"shift": {"1"}}).check(t, "taken out", http.StatusSeeOther, nil, nil)
		h.get(manager, "/can-bo/cb-1").check(t, "no shifts", http.StatusOK, []string{"Chưa có ca nào", "Bỏ ca trực"}, nil)
		if strings.Contains(h.log.String(), "Nhân viên Quầy") {
			t.Error("the log tells the name")
		}
	})
}

// The page of an official leads to their figures whoever may read those, and nobody else
// who sees the page.
func TestOfficialsLeadToTheirFigures(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		self := h.account(access.Administrator, h.environment.ID)
		h.clerks(self)
		const page, figures = "/can-bo/" + clerk, "/can-bo/" + clerk + "/ket-qua"
		head, other := h.signedIn(h.account(access.Manager, h.environment.ID)), h.signedIn(h.account(access.Administrator, 0))
		link := []string{`href="` + figures + `"`}
		for name, client := range map[string]*http.Client{"the head": head, "the official": h.signedIn(self)} {
			h.get(client, page).check(t, name, http.StatusOK, link, nil)
			h.get(client, figures).check(t, name+" follows it", http.StatusOK, nil, nil)
		}
		h.get(other, page).check(t, "somebody else", http.StatusOK, nil, link)
		h.get(other, figures).check(t, "who guesses it", http.StatusNotFound, nil, nil)
		if err := st.SaveSetting(t.Context(), registry.SettingOfficials, "0"); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(5_000_000_000)
		h.get(head, page).check(t, "where officials are not judged", http.StatusOK, nil, link)
	})
}

// The badge of an official is a card to print, and those of a list as it is searched are
// some: of those who serve and whom the caller may see, and of no more than fit a request.
func TestBadgesArePrinted(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.officialsOfBoth()
		manager := h.signedIn(h.account(access.Manager, h.environment.ID))
		here, _ := h.snapshot().Official(officialHere)
		printed := func(what, path string, has, hasNot []string) {
			t.Helper()
			file := h.get(manager, path)
			if file.status != http.StatusOK || file.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(file.header.Get("Content-Disposition"), `inline; filename="the-c`) {
				t.Fatalf("%s: %d %v", what, file.status, file.header)
			}
			text := strings.Join(strings.Fields(pdfText(t, file.body)), " ")
			for _, want := range has {
				if !strings.Contains(text, want) {
					t.Errorf("%s does not say %q:\n%s", what, want, text)
				}
			}
			for _, other := range hasNot {
				if strings.Contains(text, other) {
					t.Errorf("%s says %q:\n%s", what, other, text)
				}
			}
		}
		said := []string{here.Name, here.Badge.Grouped(), here.Badge.Path(), "Mời ông/bà đánh giá", "Please rate"}
		printed("one", "/can-bo/"+officialHere+"/the.pdf", said, nil)
		h.get(manager, "/can-bo/"+officialElsewhere+"/the.pdf").check(t, "another agency's", http.StatusNotFound, nil, []string{"%PDF"})
		h.get(manager, "/can-bo/"+officialHere).check(t, "page", http.StatusOK, []string{`href="/can-bo/` + officialHere + `/the.pdf"`}, nil)

		gone, second := h.officialNamed("Cán bộ Thôi Việc", codeLand, false), h.officialNamed("Nhân viên Quầy Ba", codeKiosk, true)
		gone.Active = false
		if err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
			return c.UpdateOfficials(t.Context(), []agency.Official{gone})
		}); err != nil {
			t.Fatal(err)
		}
		h.get(manager, "/can-bo/"+gone.Code+"/the.pdf").check(t, "of one who left", http.StatusNotFound, nil, nil)
		h.get(manager, "/can-bo/"+gone.Code).check(t, "page of one who left", http.StatusOK, nil, []string{"the.pdf"})
		printed("the list", "/can-bo/in", append(said, second.Name, second.Badge.Grouped()), []string{gone.Name, "Viên chức Xây"})
		printed("those found", "/can-bo/in?tim=nhan+vien&trang-thai=dang", []string{second.Name}, []string{here.Name})
		h.get(manager, "/can-bo?tim=nhan+vien").check(t, "list", http.StatusOK, []string{`href="/can-bo/in?tim=nhan&#43;vien"`, "In thẻ của danh sách này"}, nil)
		for _, none := range []string{"?trang-thai=thoi", "?tim=vien+chuc"} {
			h.get(manager, "/can-bo/in"+none).check(t, none, http.StatusNotFound, nil, nil)
			h.get(manager, "/can-bo"+none).check(t, none, http.StatusOK, nil, []string{"/can-bo/in"})
		}
		h.get(manager, "/can-bo/in?trang-thai=x").check(t, "no state", http.StatusBadRequest, nil, nil)

		for range 49 {
			h.officialNamed("Cán bộ Nhiều", codeLand, false)
		}
		many := h.get(manager, "/can-bo/in?trang-thai=dang")
		if many.status != http.StatusSeeOther || many.header.Get("Location") != "/can-bo?trang-thai=dang" {
			t.Errorf("51 badges: %d to %q", many.status, many.header.Get("Location"))
		}
		h.get(manager, "/can-bo?trang-thai=dang").check(t, "too many", http.StatusOK, []string{"Mỗi lần chỉ in được 50 thẻ"}, []string{"/can-bo/in"})
		printed("fewer", "/can-bo/in?tim=nhieu", []string{"Cán bộ Nhiều"}, []string{here.Name})
	})
}
