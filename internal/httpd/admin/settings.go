package admin

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/freetext"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/message"
	"sipas/internal/preset"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/textfile"
	"sipas/internal/wording"
)

// settingPages are the page of what the deployment decides.
type settingPages struct{ *side }

const settingsPath = "/cai-dat"

// settingFields are the fields of the form; the setting of those that the operator may
// have given stands beside.
var settingFields = []string{"province_vi", "province_en", "province_hotline", "languages", "small_cell", "min_sample", "cut_off_days", "text_months"}

// givenBy is the setting of a field that the operator may give instead.
var givenBy = map[string]string{
	"small_cell": registry.SettingSmallCell, "min_sample": registry.SettingMinSample, "cut_off_days": registry.SettingCutOffDays, "text_months": registry.SettingTextMonths,
}

// settingsPage shows the settings, and asks for them whoever may change them.
type settingsPage struct {
	httpd.Typed
	Given     map[string]bool // fields that the operator has given, and that are not asked for
	Languages []httpd.Choice  // of forms, beside Vietnamese
	Headless  bool            // there is no single agency whose hotline would be the province's
	Lowers    bool            // k is to be less: this is asked once more
	Forgets   int64           // so many texts are to be removed: this is asked once more
	Kept      []keptLine      // what is kept how long, beside what is asked for
	Former    bool            // there was another emblem before
	Picture   string          // what is wrong with a picture that was sent
	Zone      string
	Done      string
}

func (s settingPages) showSettings(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	typed := r.Typed(settingValues(snap))
	typed.Opened = typed.Values
	return s.writeSettings(r, http.StatusOK, settingsPage{Typed: typed, Done: r.Done()})
}

// settingValues are the settings as the form shows them.
func settingValues(snap *registry.Snapshot) map[string]string {
	root, _ := snap.Tree.Agency(snap.Tree.Root())
	s := snap.Settings
	return map[string]string{
		"province_vi": s.Province["vi"], "province_en": s.Province["en"], "province_hotline": root.Hotline,
		"languages":  strings.Join(s.Offered(asked(snap)), ","),
		"small_cell": strconv.FormatInt(s.SmallCell, 10), "min_sample": strconv.FormatInt(s.MinSample, 10), "cut_off_days": s.CutOffs.String(),
		"text_months": strconv.Itoa(s.TextMonths),
	}
}

// asked lists the languages of the surveys that are asked now, Vietnamese first.
func asked(snap *registry.Snapshot) []string {
	list := []string{agency.FallbackLanguage}
	for _, key := range snap.Surveys {
		for _, l := range snap.Newest(key).Definition.Languages {
			if !slices.Contains(list, l) {
				list = append(list, l)
			}
		}
	}
	return list
}

func (s settingPages) writeSettings(r *httpd.Request, status int, data settingsPage) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	data.Former = snap.Settings.FormerEmblem
	data.Given, data.Headless, data.Zone = map[string]bool{}, snap.Tree.Root() == 0, s.k.Zone.String()
	for field, name := range givenBy {
		data.Given[field] = snap.Settings.Given(name)
	}
	p := r.NewPage("settings", nil)
	offered := strings.Split(data.Value("languages"), ",")
	for _, l := range asked(snap)[1:] {
		data.Languages = append(data.Languages, httpd.Choice{Value: l, Text: p.LanguageName(l), Chosen: slices.Contains(offered, l)})
	}
	data.Kept = keptLines(p)
	p.Data = data
	return r.Show(status, "desk/settings", p)
}

// changeSettings keeps what was changed in the form, each setting by itself: what somebody
// else has changed since the form was opened stays, and where both changed the same, both
// are shown.
func (s settingPages) changeSettings(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	typed := map[string]string{}
	for _, name := range settingFields {
		typed[name] = textfile.OneLine(fields.Get(name))
	}
	typed["languages"] = strings.Join(append([]string{agency.FallbackLanguage}, fields.All("languages")...), ",")
	form, status, printer := settingsPage{}, http.StatusUnprocessableEntity, r.Printer()
	err = r.Change(func(c *registry.Change) error {
		now, err := c.Now(r.Context())
		if err != nil {
			return err
		}
		form.Opened = settingValues(now)
		maps.DeleteFunc(typed, func(field, _ string) bool { return now.Settings.Given(givenBy[field]) })
		merged, both := revision.Merge(fields, typed, form.Opened)
		for field, value := range form.Opened {
			if _, asked := merged[field]; !asked {
				merged[field] = value
			}
		}
		form.Values = merged
		for _, field := range both {
			status = http.StatusConflict
			form.Problems = append(form.Problems, httpd.Wrong{Where: field, Text: printer.T("desk.changed-since", "value", form.Opened[field])})
		}
		if len(both) == 0 {
			form.Problems = settingProblems(now, merged, form.Opened, printer)
			form.Lowers = lowers(merged, form.Opened)
			before := s.textsBefore(merged, form.Opened)
			if form.Forgets, err = freetext.Count(r.Context(), c.Tx(), before); err != nil {
				return err
			}
			if len(form.Problems) == 0 {
				form.Problems = onceMore(fields, form, before, printer)
			}
		}
		if len(form.Problems) > 0 {
			return revision.ErrNotKept
		}
		return keepSettings(r, c, now, merged, form.Opened)
	})
	if errors.Is(err, revision.ErrNotKept) {
		return s.writeSettings(r, status, form)
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(settingsPath, "da", "saved"))
	return nil
}

// lowers tells whether answers are to be shown in smaller groups than before.
func lowers(typed, now map[string]string) bool {
	k, err := strconv.Atoi(typed["small_cell"])
	before, _ := strconv.Atoi(now["small_cell"])
	return err == nil && k < before
}

// textsBefore is the day before which free texts are to go, where that is later than it was;
// else it is before every day.
func (s settingPages) textsBefore(typed, before map[string]string) string {
	months, err := strconv.Atoi(typed["text_months"])
	kept, _ := strconv.Atoi(before["text_months"])
	if err != nil || months <= 0 || kept > 0 && months >= kept {
		return ""
	}
	return civil.MonthsBefore(s.k.Now().In(s.k.Zone).Format(time.DateOnly), months)
}

// onceMore asks whether what cannot be taken back is meant.
func onceMore(fields httpd.Fields, form settingsPage, before string, printer message.Printer) (list []httpd.Wrong) {
	if form.Lowers && fields.Get("lower") == "" {
		list = append(list, httpd.Wrong{Where: "small_cell", Text: printer.T("settings.lowers")})
	}
	if form.Forgets > 0 && fields.Get("forget") == "" {
		w := wording.New(printer)
		list = append(list, httpd.Wrong{Where: "text_months", Text: printer.T("settings.forgets", "n", w.Count(form.Forgets), "day", w.Day(before))})
	}
	return list
}

// mostPeople bounds k and the least number of people for a standing.
const mostPeople = 1_000_000

// settingProblems say what is wrong with what was changed.
func settingProblems(now *registry.Snapshot, typed, before map[string]string, printer message.Printer) (list []httpd.Wrong) {
	wrong := func(field, text string) {
		if typed[field] != before[field] {
			list = append(list, httpd.Wrong{Where: field, Text: text})
		}
	}
	for _, field := range []string{"province_vi", "province_en"} {
		if strings.ContainsFunc(typed[field], unicode.IsControl) || utf8.RuneCountInString(typed[field]) > preset.LongestName {
			wrong(field, printer.T("settings.name", "n", strconv.Itoa(preset.LongestName)))
		}
	}
	if typed["province_vi"] == "" {
		wrong("province_vi", printer.T("settings.no-name"))
	}
	if _, ok := agency.ParseHotline(typed["province_hotline"]); !ok || now.Tree.Root() == 0 {
		wrong("province_hotline", printer.T("settings.hotline"))
	}
	for _, l := range strings.Split(typed["languages"], ",") {
		if !slices.Contains(asked(now), l) {
			wrong("languages", printer.T("settings.language"))
		}
	}
	k, err := strconv.Atoi(typed["small_cell"])
	if err != nil || k < score.MinK || k > mostPeople {
		wrong("small_cell", printer.T("settings.small-cell", "least", strconv.Itoa(score.MinK)))
	}
	given := now.Settings.Given(registry.SettingMinSample) // then it is k where it would be less
	if n, err := strconv.Atoi(typed["min_sample"]); !given && (err != nil || n < k || n > mostPeople) {
		list = append(list, httpd.Wrong{Where: "min_sample", Text: printer.T("settings.min-sample", "k", typed["small_cell"])})
	}
	if _, err := civil.ParseCutOffs(typed["cut_off_days"]); err != nil {
		wrong("cut_off_days", printer.T("settings.cut-off-days"))
	}
	if n, err := strconv.Atoi(typed["text_months"]); err != nil || n < 0 || n > registry.MostTextMonths {
		wrong("text_months", printer.T("settings.text-months", "most", strconv.Itoa(registry.MostTextMonths)))
	}
	return list
}

// keepSettings keeps what is not as before, an entry of the log for each.
func keepSettings(r *httpd.Request, c *registry.Change, now *registry.Snapshot, typed, before map[string]string) error {
	changed := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return typed[f] != before[f] })
	}
	if changed("province_vi", "province_en") {
		name := maps.Clone(now.Settings.Province)
		if name == nil {
			name = agency.Text{}
		}
		name["vi"], name["en"] = typed["province_vi"], typed["province_en"]
		maps.DeleteFunc(name, func(_, text string) bool { return text == "" })
		kept, err := json.Marshal(name)
		if err == nil {
			err = c.Set(r.Context(), registry.SettingProvince, string(kept))
		}
		if err != nil {
			return err
		}
	}
	if changed("province_hotline") {
		number, _ := agency.ParseHotline(typed["province_hotline"])
		if err := c.SetHotline(r.Context(), now.Tree.Root(), number); err != nil {
			return err
		}
	}
	for _, field := range []string{"languages", "small_cell", "min_sample", "cut_off_days", "text_months"} {
		if changed(field) {
			if err := c.Set(r.Context(), cmp.Or(givenBy[field], field), typed[field]); err != nil {
				return err
			}
		}
	}
	return nil
}
