package httpd_test

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/retention"
	"sipas/internal/testkit"
)

// asIs are the settings as the form shows them, with what it showed.
func asIs(h *harness, client *http.Client) url.Values {
	h.t.Helper()
	page := h.get(client, "/cai-dat?lang=vi")
	page.check(h.t, "the settings", http.StatusOK, []string{"Cài đặt"}, nil)
	form := url.Values{}
	for _, name := range []string{"province_vi", "province_en", "province_hotline", "small_cell", "min_sample", "cut_off_days", "text_months", "languages"} {
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
			"small_cell": {"2", "năm", ""}, "min_sample": {"4", "-1", "x"}, "cut_off_days": {"13/3", ""}, "text_months": {"-1", "hai", "241", ""}, "province_hotline": {"không có"},
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

// Free texts are kept for 24 months unless set otherwise. Who shortens that is told how many
// will be removed, and asked once more; keeping them for longer asks nothing. Nothing goes at
// once, and what a run of the chore would remove is what was told.
func TestRetentionIsAskedOnceMore(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		chief := h.signedIn(h.account(access.Administrator, 0))
		save := func(form url.Values) reply { t.Helper(); return h.post(chief, "/cai-dat?lang=vi", form) }
		months := func(n string) url.Values { form := asIs(h, chief); form.Set("text_months", n); return form }
		if form := asIs(h, chief); form.Get("was.text_months") != "24" {
			t.Errorf("texts are kept for %s months where nobody has set it", form.Get("was.text_months"))
		}
		save(months("12")).check(t, "shorter, with no text", http.StatusSeeOther, nil, nil)
		h.answer(codeLand, 1203, 4)
		for _, statement := range []string{
			"INSERT INTO response_texts (service_point_id, response_id, question, text, day) SELECT service_point_id, id, 'comment', 'x', '2024-12-31' FROM responses",
			"UPDATE response_texts SET day = '2025-06-30' WHERE response_id IN (SELECT response_id FROM response_texts LIMIT 1)",
		} {
			if _, err := st.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		today := h.clock.Now().In(h.deps.Zone).Format(time.DateOnly)
		kept := func() (n int64) {
			t.Helper()
			if err := st.QueryRow(t.Context(), "SELECT COUNT(*) FROM response_texts").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		asked := save(months("6"))
		day := civil.MonthsBefore(today, 6)
		asked.check(t, "asked once more", http.StatusUnprocessableEntity, []string{"1.202 lời góp ý trước ngày 20/5/2025 sẽ bị xóa vĩnh viễn", `name="forget"`, `value="6"`}, []string{`name="lower"`})
		if s := h.snapshot().Settings; s.TextMonths != 12 || kept() != 1203 {
			t.Errorf("without an answer %d months are kept, and %d texts", s.TextMonths, kept())
		}
		sure := months("6")
		sure.Set("forget", "yes")
		save(sure).check(t, "all the same", http.StatusSeeOther, nil, nil)
		before, some := h.snapshot().Settings.TextsBefore(today)
		if !some || before != day || kept() != 1203 {
			t.Errorf("texts from before %s go, want %s; %d are kept", before, day, kept())
		}
		n, err := retention.ForgetTexts(t.Context(), st.DB, testkit.Author(), h.clock.Now(), before)
		if err != nil || n != 1202 || kept() != 1 {
			t.Errorf("%d went, %d are kept, %v", n, kept(), err)
		}
		for _, longer := range []string{"36", "0"} {
			save(months(longer)).check(t, longer, http.StatusSeeOther, nil, nil)
		}
		if _, some := h.snapshot().Settings.TextsBefore(today); some {
			t.Error("texts go though they are kept for ever")
		}
		save(months("240")).check(t, "from for ever to for long", http.StatusSeeOther, nil, nil)
		h.get(h.signedIn(h.account(access.Auditor, 0)), "/quan-tri/nhat-ky?lang=vi").check(t, "the log", http.StatusOK, []string{"Xóa ý kiến viết thêm đã hết thời hạn", "Cài đặt thời hạn giữ ý kiến"}, nil)
	})
}
