package draft

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/survey"
)

// Draft is a survey that a file of another program becomes.
type Draft struct {
	Report
	Key       string
	Languages []string // of the texts, in the order of the file
	Base      string   // the language that stands in for others, if Vietnamese is missing
	Title     agency.Text
	Intro     agency.Text
	Source    agency.Text // of files of ours
	Untested  []agency.Text
	Method    string // "" is not said
	Headline  string
	Sections  []*Section
	Dialect   Dialect

	keys, sections Keys
	symbols        map[string]Symbol
	gaps           map[string][]string // language -> where a text lacks
	html           []string            // where HTML was taken out
	count          int
}

// Section is one of a draft.
type Section struct {
	Key         string
	Title, Stem agency.Text
	Questions   []*Question
}

// Question is one of a draft.
type Question struct {
	survey.Question
	Where string
	When  []When // all of these must hold

	place int
}

// When is a condition as the file says it.
type When struct {
	Where, Text string
	Expr        *Expr // where it was no text
}

// always tells whether a question is answered by everybody.
func (q *Question) always() bool { return q.Required && len(q.When) == 0 && q.Show == nil }

// New begins a draft. Keys that have a meaning of their own are not made by chance.
func New(dialect Dialect) *Draft {
	d := &Draft{Dialect: dialect, symbols: map[string]Symbol{}, gaps: map[string][]string{}}
	d.keys.Reserve("field", survey.ProcedureQuestion, survey.CommentQuestion)
	return d
}

// Section begins a section.
func (d *Draft) Section(name string, title agency.Text) *Section {
	s := &Section{Key: d.sections.Make(name), Title: title}
	d.Sections = append(d.Sections, s)
	return s
}

// Add adds a question by the name it has in the file, of which its key is made. The
// names of our own files, exact, stay as they are.
func (d *Draft) Add(s *Section, name string, exact bool, q *Question) {
	if exact && d.keys.Take(name) {
		q.Key = name
	} else {
		q.Key = d.keys.Make(name)
	}
	d.count++
	q.place = d.count
	s.Questions = append(s.Questions, q)
}

// Define says what a name stands for in conditions. The first stays.
func (d *Draft) Define(name string, s Symbol) {
	if _, known := d.symbols[name]; !known && name != "" {
		d.symbols[name] = s
	}
}

// Symbol is what a name stands for.
func (d *Draft) Symbol(name string) (Symbol, bool) {
	if d.Dialect == Lime {
		for _, suffix := range []string{".NAOK", ".value", ".code"} {
			name = strings.TrimSuffix(name, suffix)
		}
	}
	s, known := d.symbols[name]
	return s, known
}

// Text makes a text of what a file says in each language, without HTML.
func (d *Draft) Text(where string, raw map[string]string) agency.Text {
	t := agency.Text{}
	stripped := false
	for _, language := range d.order(raw) {
		plain, had, lost := Plain(raw[language])
		stripped = stripped || had
		if lost != "" {
			d.Warn(where, ProblemMedia, lost, language)
		}
		if plain != "" {
			t[language] = plain
		}
	}
	if stripped {
		d.html = append(d.html, where)
	}
	return t
}

func (d *Draft) order(of map[string]string) []string {
	var languages []string
	for language := range of {
		languages = append(languages, language)
	}
	slices.Sort(languages)
	return languages
}

// Finish gives the definition. If there are errors, it is what could be read of it.
func (d *Draft) Finish() survey.Definition {
	d.Sections = slices.DeleteFunc(d.Sections, func(s *Section) bool { return len(s.Questions) == 0 })
	def := survey.Definition{Key: d.Key, Method: d.Method, Headline: d.Headline}
	d.language()
	def.Languages = d.Languages
	def.Title, def.Intro = d.whole("", d.Title), d.whole("", d.Intro)
	def.Source = d.whole("", d.Source)
	for _, text := range d.Untested {
		def.Unverified = append(def.Unverified, d.whole("", text))
	}
	questions, parts := 0, 0
	for _, s := range d.Sections {
		if len(s.Title) == 0 {
			s.Title = d.Title
		}
		section := survey.Section{Key: s.Key, Title: d.whole(s.Key, s.Title), Stem: d.whole(s.Key, s.Stem)}
		for _, q := range s.Questions {
			d.show(q)
			d.texts(q)
			section.Questions = append(section.Questions, q.Question)
			questions++
			parts += max(1, len(q.Rows))
			for _, c := range q.Choices {
				if c.Other {
					parts++
				}
			}
		}
		def.Sections = append(def.Sections, section)
	}
	d.told()
	switch {
	case questions == 0:
		d.Refuse("", ProblemNoQuestions, "", "")
	case questions > 200 || parts > 250:
		d.Refuse("", ProblemTooMany, fmt.Sprint(questions), "200")
	}
	d.judge(&def)
	if len(d.Errors) == 0 {
		for _, wrong := range def.Validate() {
			d.Refuse("", ProblemInvalid, wrong, "")
		}
	}
	return def
}

// judge checks the method, and says one where the file has none.
func (d *Draft) judge(def *survey.Definition) {
	if def.Method == "" {
		def.Method = string(score.DefaultMethod)
		d.Warn("", ProblemMethod, def.Method, "")
	}
	method, err := score.ParseMethod(def.Method)
	if err != nil || !method.Tallied() {
		d.Refuse("", ProblemUnknownMethod, def.Method, "")
	}
	if method == score.SingleQuestion && def.Headline == "" {
		d.Refuse("", ProblemHeadline, def.Method, "")
	}
}

// language sees to it that there is Vietnamese.
func (d *Draft) language() {
	if !slices.Contains(d.Languages, agency.FallbackLanguage) {
		d.Refuse("", ProblemNoVietnamese, strings.Join(d.Languages, ", "), "")
	} else {
		d.Base = agency.FallbackLanguage
	}
}

// whole gives a text in every language: what lacks is that of the base.
func (d *Draft) whole(where string, t agency.Text) agency.Text {
	if len(t) == 0 {
		return nil
	}
	full := agency.Text{}
	for _, language := range d.Languages {
		text, has := t[language]
		if !has {
			d.gaps[language] = append(d.gaps[language], where)
			if text = t[d.Base]; text == "" {
				for _, other := range d.Languages {
					if text == "" {
						text = t[other]
					}
				}
			}
		}
		if text == "" {
			continue
		}
		if utf8.RuneCountInString(text) > 10000 {
			d.Refuse(where, ProblemTooLong, "10000", "")
		}
		if at := strings.Index(text, "${"); at >= 0 || expression(text) {
			d.Warn(where, ProblemExpression, text, language)
		}
		full[language] = text
	}
	if len(full) == 0 {
		return nil
	}
	return full
}

// expression tells a text with a place that LimeSurvey would fill: a brace with
// no blank behind it.
func expression(text string) bool {
	for {
		at := strings.IndexByte(text, '{')
		if at < 0 || at+1 == len(text) {
			return false
		}
		text = text[at+1:]
		if end := strings.IndexByte(text, '}'); end > 0 && text[0] != ' ' && text[0] != '\n' && !strings.HasPrefix(text, "hotline}") {
			return true
		}
	}
}

func (d *Draft) texts(q *Question) {
	q.Text, q.Short, q.Unit = d.whole(q.Where, q.Text), d.whole(q.Where, q.Short), d.whole(q.Where, q.Unit)
	q.NoOpinionText = d.whole(q.Where, q.NoOpinionText)
	for i := range q.Rows {
		r := &q.Rows[i]
		r.Text, r.Short = d.whole(q.Where, r.Text), d.whole(q.Where, r.Short)
	}
	for i := range q.Choices {
		c := &q.Choices[i]
		c.Text, c.Note = d.whole(q.Where, c.Text), d.whole(q.Where, c.Note)
	}
	switch n := len(q.Choices); {
	case n == 1:
		d.Refuse(q.Where, ProblemFewChoices, q.Key, "")
	case n > 100:
		d.Refuse(q.Where, ProblemManyChoices, fmt.Sprint(n), "100")
	}
}

// show translates the conditions of a question.
func (d *Draft) show(q *Question) {
	var all []survey.Condition
	if q.Show != nil {
		all = append(all, *q.Show)
	}
	for _, when := range q.When {
		t := translator{find: d.Symbol, place: q.place, zero: d.Dialect == Lime}
		var e Expr
		var err error
		if when.Expr != nil {
			e = *when.Expr
		} else if e, err = Parse(when.Text, d.Dialect); err != nil {
			d.Refuse(when.Where, ProblemConditionUnread, when.Text, "")
			continue
		}
		c, wrong := t.condition(e, false)
		switch {
		case wrong.key != "":
			d.Refuse(when.Where, wrong.key, when.Text, wrong.detail)
		case c.constant == Never:
			d.Refuse(when.Where, ProblemConditionNever, when.Text, "")
		case c.constant != Always:
			all = append(all, c.condition)
		}
		if wrong.key == "" && t.loose {
			d.Warn(when.Where, ProblemConditionUnasked, when.Text, "")
		}
	}
	q.Show = nil
	if all = merged(all, All); len(all) == 1 {
		q.Show = &all[0]
	} else if len(all) > 1 {
		q.Show = &survey.Condition{All: all}
	}
	if q.Show != nil && depth(*q.Show) > 5 {
		d.Refuse(q.Where, ProblemConditionDeep, q.Key, "5")
	}
}

// told says in one line each what would else be said a hundred times.
func (d *Draft) told() {
	for _, language := range d.Languages {
		if gaps := d.gaps[language]; len(gaps) > 0 && d.Base != "" {
			d.Warn("", ProblemUntranslated, language, counted(gaps))
		}
	}
	if len(d.html) > 0 {
		d.Warn("", ProblemHTML, "", counted(d.html))
	}
	if changed := slices.Concat(d.sections.changed, d.keys.changed); len(changed) > 0 {
		d.Warn("", ProblemKeys, fmt.Sprint(len(changed)), counted(changed))
	}
}

// counted lists the first of many, each once, and says how many there are.
func counted(all []string) string {
	var once []string
	for _, one := range all {
		if !slices.Contains(once, one) && len(once) <= 10 {
			once = append(once, one)
		}
	}
	text := strings.Join(once[:min(10, len(once))], ", ")
	if len(once) > 10 {
		text += fmt.Sprintf(", … (%d)", len(all))
	}
	return text
}

// Replace says anew what a name stands for.
func (d *Draft) Replace(name string, s Symbol) { d.symbols[name] = s }

// Join puts one text behind another, in each language of either; where one of them
// lacks, that of another language stands.
func (d *Draft) Join(where string, a agency.Text, between string, b agency.Text) agency.Text {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	in := func(t agency.Text, language string) string {
		if text := t[language]; text != "" {
			return text
		}
		d.gaps[language] = append(d.gaps[language], where)
		for _, other := range append([]string{agency.FallbackLanguage, d.Base}, d.Languages...) {
			if t[other] != "" {
				return t[other]
			}
		}
		return ""
	}
	joined := agency.Text{}
	for _, language := range d.Languages {
		if a[language] != "" || b[language] != "" {
			joined[language] = in(a, language) + between + in(b, language)
		}
	}
	return joined
}
