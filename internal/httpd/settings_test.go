package httpd_test

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// asIs are the settings as the form shows them, with what it showed.
func asIs(h *harness, client *http.Client) url.Values {
	h.t.Helper()
	page := h.get(client, "/cai-dat?lang=vi")
	page.check(h.t, "the settings", http.StatusOK, []string{"Cài đặt"}, nil)
	form := url.Values{}
	for _, name := range []string{"province_vi", "province_en", "province_hotline", "small_cell", "min_sample", "cut_off_days", "languages"} {
		_, rest, found := strings.Cut(page.body, `name="was.`+name+`" value="`)
		if !found {
			h.t.Fatalf("the form does not say what %s was", name)
		}
		value, _, _ := strings.Cut(rest, `"`)
		value = html.UnescapeString(value)
		form.Set("was."+name, value)
		form.Set(name, value)
	}
	form["languages"] = strings.Split(form.Get("languages"), ",")[1:]
	return form
}

// Settings are changed one by one, each with its entry in the log, and act at once; a
// smaller k is asked for twice; what two change at once stays of both; and only the
// province's administrator may, the auditor looks.
func TestSettings(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		chief := h.signedIn(h.account(access.Administrator, 0))
		auditor := h.signedIn(h.account(access.Auditor, 0))
		save := func(form url.Values) reply { t.Helper(); return h.post(chief, "/cai-dat?lang=vi", form) }
		first := asIs(h, chief)
		other := asIs(h, chief) // another who has the form open
		first.Set("small_cell", "7")
		first.Set("min_sample", "40")
		first.Set("cut_off_days", "31/3, 30/6")
		first.Set("province_hotline", "1900 1234")
		first.Del("languages")
		save(first).check(t, "saved", http.StatusSeeOther, nil, nil)
		other.Set("province_vi", "Tỉnh <Mới>")
		save(other).check(t, "of another", http.StatusSeeOther, nil, nil)
		s := h.snapshot().Settings
		if s.SmallCell != 7 || s.MinSample != 40 || s.CutOffs.String() != "31/3,30/6" || s.Province["vi"] != "Tỉnh <Mới>" || h.snapshot().Tree.Hotline(h.province.ID) != "1900 1234" {
			t.Errorf("kept: %+v", s)
		}
		entries, err := h.deps.Audit.List(t.Context(), audit.Filter{Action: "setting.", Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var changed []string
		for _, e := range entries {
			changed = append(changed, strings.TrimPrefix(e.Subject, "setting/"))
		}
		if want := []string{"languages", "small-cell", "min-sample", "cut-off-days", "province"}; !slices.Equal(changed[len(changed)-len(want):], want) {
			t.Errorf("the log tells of %v", changed)
		}
		h.get(h.client(), "/q/"+codeLand).check(t, "a form in Vietnamese only", http.StatusOK, nil, []string{`hreflang="en"`})
		h.get(h.client(), "/q/"+codeLand+"?lang=en").check(t, "English is not offered", http.StatusOK, []string{`<html lang="vi"`}, nil)
		h.get(chief, "/bang?year=2025&lang=vi").check(t, "every page says so", http.StatusOK, []string{"Tỉnh &lt;Mới&gt;"}, nil)

		late := asIs(h, chief)
		late.Set("was.province_vi", "Tên cũ")
		late.Set("province_vi", "Tên khác")
		save(late).check(t, "both changed it", http.StatusConflict, []string{"người khác đã đổi", "Tên khác"}, nil)
		lower := asIs(h, chief)
		lower.Set("small_cell", "5")
		save(lower).check(t, "a smaller k", http.StatusUnprocessableEntity, []string{"vẫn giảm", `name="lower"`, `value="5"`}, nil)
		if k := h.snapshot().Settings.SmallCell; k != 7 {
			t.Errorf("k is %d without being asked twice", k)
		}
		lower.Set("lower", "yes")
		save(lower).check(t, "all the same", http.StatusSeeOther, nil, nil)
		for field, values := range map[string][]string{
			"small_cell": {"2", "năm", ""}, "min_sample": {"4", "-1", "x"}, "cut_off_days": {"13/3", ""}, "province_hotline": {"không có"},
			"province_vi": {"", strings.Repeat("x", 101)}, "languages": {"fr"},
		} {
			for _, value := range values {
				wrong := asIs(h, chief)
				wrong.Set(field, value)
				save(wrong).check(t, field+" "+value, http.StatusUnprocessableEntity, []string{`href="#f-` + field + `"`}, nil)
			}
		}
		if s := h.snapshot().Settings; s.SmallCell != 5 || s.MinSample != 40 {
			t.Errorf("kept in the end: %+v", s)
		}

		h.get(auditor, "/cai-dat?lang=vi").check(t, "the auditor looks", http.StatusOK, []string{"<fieldset class=\"field stack\" disabled>"}, []string{"Lưu</button>"})
		h.post(auditor, "/cai-dat", lower).check(t, "and changes nothing", http.StatusForbidden, nil, nil)
		h.get(h.signedIn(h.account(access.Administrator, h.environment.ID)), "/cai-dat").check(t, "an agency's administrator", http.StatusForbidden, nil, nil)
	})
}

// What the operator gave at start goes before what is kept: the page says so, asks for
// nothing of it, and does not change it.
func TestSettingsOfTheOperator(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h := newHarness(t, st, func(d *httpd.Deps) {
		d.Registry = registry.New(st.DB, registry.Options{Now: d.Now, Log: d.Log, Given: map[string]string{registry.SettingSmallCell: "9"}})
	})
	chief := h.signedIn(h.account(access.Administrator, 0))
	form := asIs(h, chief)
	if form.Get("was.small_cell") != "9" {
		t.Errorf("k is shown as %s", form.Get("was.small_cell"))
	}
	h.get(chief, "/cai-dat?lang=vi").check(t, "who decided", http.StatusOK, []string{"do người vận hành đặt khi khởi động"}, []string{`id="f-small_cell"`})
	form.Set("small_cell", "4")
	form.Set("province_vi", "Tên mới")
	h.post(chief, "/cai-dat", form).check(t, "the rest is saved", http.StatusSeeOther, nil, nil)
	if kept := h.snapshot().Settings; kept.Value(registry.SettingSmallCell) != "" || kept.Province["vi"] != "Tên mới" {
		t.Errorf("kept: %+v", kept)
	}
}
