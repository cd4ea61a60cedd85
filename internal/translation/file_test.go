package translation_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/exchange/draft"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/internal/translation"
)

// file is a draft's texts in a format.
func file(t failing, d *studio.Draft, language, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := translation.Write(&out, format, d, language); err != nil {
		t.Fatalf("write: %v", err)
	}
	return out.Bytes()
}

// What is written of a survey, in whatever state its translation is, is read as unchanged;
// and into a draft without it as the same translation. The same texts are the same bytes.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	all := library(t)
	alphabet := rapid.StringOfN(rapid.SampledFrom([]rune("aĐẩខ្មែꨌ가=+-@'\";,\t\n <>&]`{}\u200b\ufffe\\")), 0, 30, -1)
	rapid.Check(t, func(t *rapid.T) {
		def := rapid.SampledFrom(all).Draw(t, "survey")
		language := rapid.SampledFrom([]string{"km", "en", "zh-Hant"}).Draw(t, "language")
		d, bare := studio.From(def, draft.Report{}), studio.From(def, draft.Report{})
		texts := translation.Texts(d, language)
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			spot := rapid.SampledFrom(texts).Draw(t, "text").Spot
			in := rapid.SampledFrom([]string{language, language, "vi"}).Draw(t, "in")
			value := alphabet.Draw(t, "value")
			if in == "vi" {
				set(t, bare, spot.Element, studio.Cell(spot.Field, in), value)
			}
			set(t, d, spot.Element, studio.Cell(spot.Field, in), value)
		}
		for _, format := range translation.Formats() {
			content := file(t, d, language, format)
			if again := file(t, d, language, format); !bytes.Equal(content, again) {
				t.Fatalf("%s: the same texts are other bytes", format)
			}
			plan := translation.PlanOf(d, language, content)
			if plan.Changes() || len(plan.Errors)+len(plan.Warnings) > 0 || plan.Unchanged != plan.Units || plan.Units == 0 {
				t.Fatalf("%s: %+v of\n%s", format, plan, content)
			}
			plan = translation.PlanOf(bare, language, content)
			if len(plan.Errors)+len(plan.Warnings) > 0 {
				t.Fatalf("%s into another draft: %+v", format, plan)
			}
			other := studio.Draft{Tree: bare.Tree, Revision: bare.Revision, Past: bare.Past}
			apply(t, &other, plan.Operation())
			want := map[studio.Spot]string{}
			for _, one := range translation.Texts(d, language) {
				if translation.Clean(one.Source) != "" && translation.Clean(one.Target) != "" {
					want[one.Spot] = strings.ReplaceAll(translation.Clean(one.Target), "\ufffe", "\ufffd")
				}
			}
			for _, one := range translation.Texts(&other, language) {
				if target, told := want[one.Spot]; told && strings.ReplaceAll(translation.Clean(one.Target), "\ufffe", "\ufffd") != target {
					t.Fatalf("%s: %s is %q instead of %q", format, one.Unit, one.Target, target)
				}
			}
		}
	})
}

// What a translator's file may say is taken whole or not at all, and everything that is
// wrong is told by the id of its unit.
func TestPlan(t *testing.T) {
	t.Parallel()
	unit := func(id, source, target string) string {
		return fmt.Sprintf(`<unit id=%q><segment state="final"><source>%s</source><target>%s</target></segment></unit>`, id, source, target)
	}
	xliff := func(units ...string) string {
		return `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="vi" trgLang="km"><file id="f">` + strings.Join(units, "") + `</file></xliff>`
	}
	fresh := func() *studio.Draft {
		d := studio.From(testkit.EveryKind(t), draft.Report{})
		set(t, d, studio.Whole, "title@vi", "Phiếu")
		set(t, d, studio.Whole, "title@km", "ក")
		set(t, d, studio.Whole, "title@vi", "Phiếu hỏi")
		return d
	}
	var question translation.Text
	for _, one := range translation.Texts(fresh(), "km") {
		if one.Kind == studio.KindQuestion && one.Field == "text" {
			question = one
			break
		}
	}
	if !strings.HasPrefix(question.Unit, "question.") {
		t.Fatalf("%+v", question)
	}
	q := strings.ReplaceAll(question.Source, "&", "&amp;")
	deep := strings.Repeat("<group id='g'>", 20)
	for name, one := range map[string]struct {
		content  string
		want     translation.Plan
		stale    []string // units, once it is taken
		problems []string // of errors, or else of warnings: unit and key
	}{
		"new":                    {content: xliff(unit(question.Unit, q, "ថ្មី")), want: translation.Plan{Units: 1, Created: 1}, stale: []string{"survey.title"}},
		"other blanks":           {content: xliff(unit(question.Unit, "\n  "+q+" ", " ថ្មី\n")), want: translation.Plan{Units: 1, Created: 1}, stale: []string{"survey.title"}},
		"read over":              {content: xliff(unit("survey.title", "Phiếu hỏi", "ក")), want: translation.Plan{Units: 1, Checked: 1}},
		"not read over":          {content: strings.Replace(xliff(unit("survey.title", "Phiếu hỏi", "ក")), "final", "translated", 1), want: translation.Plan{Units: 1, Unchanged: 1}, stale: []string{"survey.title"}},
		"another":                {content: xliff(unit("survey.title", "Phiếu hỏi", "ខ")), want: translation.Plan{Units: 1, Updated: 1}},
		"of a former text":       {content: xliff(unit("survey.title", "Phiếu", "ខ")), want: translation.Plan{Units: 1, Updated: 1, Stale: 1}, stale: []string{"survey.title"}, problems: []string{"survey.title stale"}},
		"former and unchanged":   {content: xliff(unit("survey.title", "Phiếu", "ក")), want: translation.Plan{Units: 1, Unchanged: 1}, stale: []string{"survey.title"}, problems: []string{"survey.title stale"}},
		"empty takes nothing":    {content: xliff(unit("survey.title", "Phiếu hỏi", " ")), want: translation.Plan{Units: 1, Unchanged: 1}, stale: []string{"survey.title"}},
		"no target":              {content: xliff(`<unit id="survey.title"><segment><source>Phiếu hỏi</source></segment></unit>`), want: translation.Plan{Units: 1, Unchanged: 1}, stale: []string{"survey.title"}},
		"several segments":       {content: xliff(`<unit id="survey.title"><segment><source>Phiếu</source><target>ខ</target></segment><ignorable><source> </source></ignorable><segment><source>hỏi</source><target>គ</target></segment></unit>`), want: translation.Plan{Units: 1, Updated: 1}},
		"marks and others' own":  {content: xliff(`<unit id="survey.title"><x:m xmlns:x="urn:x"><x:source>no</x:source></x:m><segment><source>Phiếu <mrk id="m">hỏi</mrk></source><target><mrk id="m">ខ</mrk></target></segment></unit>`), want: translation.Plan{Units: 1, Updated: 1}},
		"half":                   {content: xliff(`<unit id="survey.title"><segment><source>Phiếu</source><target>ខ</target></segment><segment><source> hỏi</source></segment></unit>`), want: translation.Plan{Units: 1}, problems: []string{"survey.title half"}},
		"unknown, twice, no id":  {content: xliff(unit("question.khong-co.text", "a", "b"), unit("survey.title", "Phiếu hỏi", "ខ"), unit("survey.title", "Phiếu hỏi", "គ"), unit("", "a", "b")), want: translation.Plan{Units: 4}, problems: []string{"question.khong-co.text unknown", "survey.title twice", " no-id"}},
		"what is no text":        {content: xliff(`<unit id="survey.title"><segment><source>Phiếu hỏi</source><target>ខ<ph id="1"/></target></segment></unit>`), want: translation.Plan{Units: 1}, problems: []string{"survey.title inline"}},
		"no source":              {content: xliff(unit("survey.title", "", "ខ")), want: translation.Plan{Units: 1}, problems: []string{"survey.title no-source"}},
		"too long":               {content: xliff(unit("survey.title", "Phiếu hỏi", strings.Repeat("ខ", studio.MostText/3+1))), want: translation.Plan{Units: 1}, problems: []string{"survey.title too-long"}},
		"much too long":          {content: xliff(unit("survey.title", "Phiếu hỏi", strings.Repeat("x", 3*studio.MostText))), want: translation.Plan{}, problems: []string{" too-long"}},
		"another language":       {content: strings.Replace(xliff(unit("survey.title", "Phiếu hỏi", "ខ")), `trgLang="km"`, `trgLang="ko"`, 1), want: translation.Plan{Units: 1}, problems: []string{" language"}},
		"of another language":    {content: strings.Replace(xliff(), `srcLang="vi"`, `srcLang="en"`, 1), problems: []string{" source-language"}},
		"for no language":        {content: strings.Replace(xliff(), `trgLang="km"`, ``, 1), problems: []string{" language"}},
		"XLIFF 1.2":              {content: `<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>`, problems: []string{" version"}},
		"another document":       {content: `<html></html>`, problems: []string{" no-xliff"}},
		"nothing in it":          {content: xliff(), problems: []string{" nothing"}},
		"entities":               {content: `<!DOCTYPE x [<!ENTITY a "aaaa">]>` + xliff(unit("survey.title", "&a;", "b")), problems: []string{" doctype"}},
		"an entity of nobody's":  {content: xliff(unit("survey.title", "&nbsp;", "b")), problems: []string{" xml"}},
		"deep":                   {content: xliff(deep), problems: []string{" deep"}},
		"cut off":                {content: xliff(unit("survey.title", "Phiếu hỏi", "ខ"))[:200], problems: []string{" xml"}},
		"another encoding":       {content: "<?xml version='1.0' encoding='windows-1258'?>" + xliff(), problems: []string{" xml"}},
		"no Unicode":             {content: "<\xff\xfe", problems: []string{" encoding"}},
		"large":                  {content: "<" + strings.Repeat(" ", translation.MaxBytes), problems: []string{" too-large"}},
		"many":                   {content: xliff(strings.Repeat("<unit/>", 2*studio.MostTexts+1)), want: translation.Plan{Units: 2 * studio.MostTexts}, problems: []string{" too-many"}},
		"a table":                {content: "id;source;target\nsurvey.title;Phiếu hỏi;ខ\n;;\n", want: translation.Plan{Units: 1, Updated: 1}},
		"a formula of a table":   {content: "id\tsource\ttarget\nsurvey.title\tPhiếu hỏi\t'=1+1\n", want: translation.Plan{Units: 1, Updated: 1}},
		"a table read over":      {content: "id,source,target,state\nsurvey.title,Phiếu hỏi,ក,final\n", want: translation.Plan{Units: 1, Checked: 1}},
		"a table without source": {content: "id,target\nsurvey.title,x\n", problems: []string{" no-column"}},
		"a table of another":     {content: "id,language,source,target\nsurvey.title,ko,Phiếu hỏi,x\n", want: translation.Plan{Units: 1}, problems: []string{" language"}},
		"a table of two":         {content: "id,language,source,target\nsurvey.title,km,Phiếu hỏi,x\nsurvey.intro,ko,a,b\n", want: translation.Plan{Units: 2}, problems: []string{"survey.intro language"}},
		"quotation marks":        {content: "id,source,target\nsurvey.title,\"Phiếu hỏi,x\n", problems: []string{" quotes"}},
		"an empty file":          {content: "", problems: []string{" nothing"}},
	} {
		d := fresh()
		plan := translation.PlanOf(d, "km", []byte(one.content))
		counts := translation.Plan{Units: plan.Units, Created: plan.Created, Updated: plan.Updated, Checked: plan.Checked, Unchanged: plan.Unchanged, Stale: plan.Stale}
		told := plan.Warnings
		if len(plan.Errors) > 0 {
			told = plan.Errors
			if plan.Changes() || len(plan.Operation().Texts) > 0 {
				t.Errorf("%s: something is taken", name)
			}
			counts = translation.Plan{Units: plan.Units} // of what is not taken nobody asks
		}
		var problems []string
		for _, p := range told {
			problems = append(problems, p.Unit+" "+p.Key)
		}
		for _, wanted := range one.problems {
			if !strings.Contains("|"+strings.Join(problems, "|")+"|", "|"+wanted+"|") {
				t.Errorf("%s: %v, and not %q", name, problems, wanted)
			}
		}
		if len(one.problems) == 0 && len(problems) > 0 {
			t.Errorf("%s: %v", name, told)
		}
		if diff := cmp.Diff(one.want, counts, cmp.AllowUnexported(translation.Plan{}, studio.Operation{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(plan.Errors) > 0 {
			continue
		}
		apply(t, d, plan.Operation())
		var stale []string
		for _, text := range translation.Texts(d, "km") {
			if text.Stale {
				stale = append(stale, text.Unit)
			}
		}
		if diff := cmp.Diff(one.stale, stale); diff != "" {
			t.Errorf("%s: stale: %s", name, diff)
		}
	}
}

// A cell never begins a formula.
func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	d := studio.From(testkit.EveryKind(t), draft.Report{})
	set(t, d, studio.Whole, "title@km", "=HYPERLINK(1)")
	set(t, d, studio.Whole, "intro@km", "@SUM(1)")
	content := string(file(t, d, "km", translation.CSV))
	if !strings.Contains(content, ",'=HYPERLINK(1)") || !strings.HasPrefix(content, "\ufeffid,language,") || strings.Contains(content, ",=") || strings.Contains(content, ",@") {
		t.Errorf("%s", content)
	}
}

// Whatever a file is, reading it ends, and what is taken of it can be done.
func FuzzPlan(f *testing.F) {
	f.Add([]byte(`<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="vi" trgLang="km"><file id="f"><unit id="survey.title"><segment><source>a</source><target>b</target></segment></unit></file></xliff>`))
	f.Add([]byte("id,source,target\nsurvey.title,a,b\n"))
	f.Add([]byte("<!DOCTYPE a>"))
	f.Fuzz(func(t *testing.T, content []byte) {
		d := studio.From(survey.Definition{Key: "a", Languages: []string{"vi"}, Title: map[string]string{"vi": "a"}}, draft.Report{})
		plan := translation.PlanOf(d, "km", content)
		if len(plan.Errors) > 0 == plan.Changes() && plan.Changes() {
			t.Fatalf("%+v", plan)
		}
		apply(t, d, plan.Operation())
	})
}
