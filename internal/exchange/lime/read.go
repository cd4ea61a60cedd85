package lime

import (
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/exchange/draft"
	"sipas/internal/survey"
)

// reader reads one survey.
type reader struct {
	d       *draft.Draft
	f       *file
	sid     string
	byID    map[string]*question
	section *draft.Section
	whens   []draft.When // of the group
	foreign map[string]bool
	help    []string
}

// Read reads a survey as LimeSurvey exports it.
func Read(content []byte) (survey.Definition, draft.Report) {
	d := draft.New(draft.Lime)
	f, err := parse(content)
	if err != nil {
		refuse(d, err)
		return survey.Definition{}, d.Report
	}
	if !strings.EqualFold(f.kind, "Survey") || len(f.tables["surveys"]) == 0 {
		d.Refuse("", draft.ProblemLimePart, f.kind, "")
		return survey.Definition{}, d.Report
	}
	r := &reader{d: d, f: f, byID: map[string]*question{}, foreign: map[string]bool{}}
	r.settings()
	groups := f.groups()
	for _, g := range groups {
		for _, q := range g.questions {
			r.byID[q.id] = q
		}
	}
	for i, g := range groups {
		r.group(i, g)
	}
	r.rest()
	def := d.Finish()
	return def, d.Report
}

// refuse says why a file is not read.
func refuse(d *draft.Draft, err error) {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errTooLarge) || errors.Is(err, errDeep):
		d.Refuse("", draft.ProblemTooLarge, "", "")
	case errors.Is(err, errNoSurvey):
		d.Refuse("", draft.ProblemFormat, "", "")
	case errors.Is(err, errEncoding):
		d.Refuse("", draft.ProblemXMLEncoding, "", "")
	case errors.As(err, &syntax):
		d.Refuse(fmt.Sprint(syntax.Line), draft.ProblemXML, syntax.Msg, "")
	default:
		d.Refuse("", draft.ProblemXML, err.Error(), "")
	}
}

// settings reads what belongs to the whole survey.
func (r *reader) settings() {
	s := r.f.tables["surveys"][0]
	r.sid = s["sid"]
	base := strings.ToLower(s["language"])
	r.d.Base = base
	for _, language := range append([]string{base}, strings.Fields(strings.ToLower(s["additional_languages"]))...) {
		if language != "" && !slices.Contains(r.d.Languages, language) {
			r.d.Languages = append(r.d.Languages, language)
		}
	}
	texts := map[string]map[string]string{}
	for _, row := range r.f.tables["surveys_languagesettings"] {
		for column, text := range row {
			if texts[column] == nil {
				texts[column] = map[string]string{}
			}
			texts[column][row["surveyls_language"]] = text
		}
	}
	r.d.Title = r.text("surveys", texts["surveyls_title"])
	name := r.d.Title[base]
	if name == "" {
		name = "limesurvey-" + r.sid
	}
	if len(r.d.Title) == 0 {
		r.d.Title = r.same(name)
	}
	var keys draft.Keys
	r.d.Key = keys.Make(name)
	r.d.Warn("surveys", draft.ProblemKeys, "1", name+" → "+r.d.Key)
	r.d.Intro = r.text("surveys", texts["surveyls_welcometext"])
	if about := r.text("surveys", texts["surveyls_description"]); len(r.d.Intro) == 0 {
		r.d.Intro = about
	} else if len(about) > 0 {
		r.d.Warn("surveys", draft.ProblemSetting, "surveyls_description", about[base])
	}
	for _, column := range []string{"surveyls_endtext", "surveyls_url", "surveyls_policy_notice"} {
		if text := r.text("surveys", texts[column]); len(text) > 0 {
			r.d.Warn("surveys", draft.ProblemSetting, column, text[base])
		}
	}
}

// text makes a text, of the languages of the survey.
func (r *reader) text(where string, raw map[string]string) agency.Text {
	of := map[string]string{}
	for _, language := range slices.Backward(slices.Sorted(maps.Keys(raw))) { // that of all comes last
		lower, text := strings.ToLower(language), raw[language]
		switch {
		case slices.Contains(r.d.Languages, lower):
			of[lower] = text
		case lower == "":
			for _, language := range r.d.Languages {
				if of[language] == "" {
					of[language] = text
				}
			}
		case !r.foreign[lower]:
			r.foreign[lower] = true
			r.d.Warn(where, draft.ProblemProperty, "language", lower)
		}
	}
	return r.d.Text(where, of)
}

// same is a name in place of a text.
func (r *reader) same(name string) agency.Text { return r.both(agency.Text{"vi": name, "en": name}) }

// both is a text of ours in the languages of the survey.
func (r *reader) both(t agency.Text) agency.Text {
	all := agency.Text{}
	for _, language := range r.d.Languages {
		if all[language] = t[language]; all[language] == "" {
			all[language] = t["en"]
		}
	}
	return all
}

// group reads a page and what is asked on it.
func (r *reader) group(i int, g *group) {
	where := fmt.Sprintf("groups:%d", i+1)
	r.section = r.d.Section(fmt.Sprintf("nhom-%d", i+1), r.text(where, g.name))
	r.whens = nil
	if !always(g.relevance) {
		r.whens = []draft.When{{Where: where, Text: g.relevance}}
	}
	if about := r.text(where, g.about); len(about) > 0 {
		q := &draft.Question{Where: where, When: r.whens}
		q.Type, q.Text = "information", about
		r.d.Add(r.section, "thong-tin", false, q)
	}
	for _, q := range g.questions {
		r.question(q)
	}
}

// always tells whether a condition asks nothing.
func always(relevance string) bool {
	relevance = strings.TrimSpace(relevance)
	return relevance == "" || relevance == "1"
}

// question reads one.
func (r *reader) question(q *question) {
	where := "questions:" + q.code
	if q.code == "" {
		q.code, where = "q"+q.id, "questions:"+q.id
	}
	b := asked{r: r, q: q, where: where, text: r.text(where, q.text), whens: slices.Clone(r.whens)}
	if q.attribute("hidden") == "1" {
		r.d.Warn(where, draft.ProblemHidden, q.code, b.text[r.d.Base])
		r.gone(q, "hidden")
		return
	}
	if len(b.text) == 0 {
		if q.kind != "*" {
			r.d.Warn(where, draft.ProblemNoLabel, q.code, "")
		}
		b.text = r.same(q.code)
	}
	if help := r.text(where, q.help); len(help) > 0 {
		r.help = append(r.help, q.code)
		b.text = r.d.Join(where, b.text, "\n", help)
	}
	if !always(q.relevance) {
		b.whens = append(b.whens, draft.When{Where: where, Text: q.relevance})
	} else if e, text := r.conditions(q.id); text != "" {
		b.whens = append(b.whens, draft.When{Where: "conditions:" + q.code, Text: text, Expr: e})
	}
	if q.mandatory == "S" {
		r.d.Warn(where, draft.ProblemSoft, q.code, "")
	}
	for _, row := range slices.Concat(q.rows, q.columns) {
		if !always(row.relevance) {
			r.d.Refuse(where, draft.ProblemConditionRow, row.relevance, row.code)
		}
	}
	b.attributes()
	b.become()
}

// define says what the names of an answer stand for.
func (r *reader) define(q *question, below string, s draft.Symbol) {
	sgqa := r.sid + "X" + q.group + "X" + q.id
	if below == "" {
		r.d.Define(q.code, s)
		r.d.Replace(sgqa, s) // the longest number of a question is meant
		return
	}
	r.d.Define(q.code+"_"+below, s)
	r.d.Define(sgqa+below, s)
}

// gone says that nothing can be asked of a question.
func (r *reader) gone(q *question, what string) {
	r.define(q, "", draft.Symbol{Gone: what})
	for _, row := range q.rows {
		r.define(q, row.code, draft.Symbol{Gone: what})
	}
}

// tables are those that are read, or hold nothing that a survey here has.
var tables = []string{
	"surveys", "surveys_languagesettings", "groups", "group_l10ns", "questions", "question_l10ns", "subquestions", "answers", "answer_l10ns",
	"question_attributes", "conditions", "themes", "themes_inherited", "surveymenu", "plugin_settings", "survey_url_parameters",
}

// rest tells what else stands in the file.
func (r *reader) rest() {
	for _, name := range slices.Sorted(maps.Keys(r.f.tables)) {
		if !slices.Contains(tables, name) {
			r.d.Warn(name, draft.ProblemQuota, name, fmt.Sprint(len(r.f.tables[name])))
		}
	}
	if len(r.help) > 0 {
		r.d.Warn("questions", draft.ProblemHint, strings.Join(r.help[:min(12, len(r.help))], ", "), "")
	}
	for _, q := range r.f.orphans {
		r.d.Warn("subquestions:"+q.code, draft.ProblemUnsupported, q.code, r.text("", q.text)[r.d.Base])
	}
}
