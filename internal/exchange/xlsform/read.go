package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"sipas/internal/exchange/draft"
	"sipas/internal/spreadsheet"
	"sipas/internal/survey"
)

// Bounds of a form: far more than a survey may have, so that what is too much is
// told, and not so much that telling it takes long.
const (
	maxRows    = 5_000
	maxChoices = 20_000
)

// reader reads one form.
type reader struct {
	book
	frames  []*frame
	current *draft.Section // and of which frame it is
	of      *frame
	names   map[string]bool  // of questions, for those that stand twice
	offered map[string]bool  // lists of which it was said that they may be a scale
	items   map[string]*item // by name
}

// book is what holds for every row of the file, and what there is to say of it as a whole.
type book struct {
	d        *draft.Draft
	settings row
	lists    map[string]*list
	tags     map[string]string // language as a header writes it -> tag
	marked   bool              // the file bears our marks
	metadata []string
	hints    []string
	unused   map[string][]string
}

// item is a question with what its marks may name.
type item struct {
	q    *draft.Question
	list *list
	part map[string]string // name of a choice or row in the file -> key
}

// frame is a group that is open.
type frame struct {
	where, name string
	labels      map[string]string
	whens       []draft.When
	kind        string // group, repeat; score, rank, kobomatrix
	list        string // of the rows of a score
	table       bool   // rows on one list
	grid        *draft.Question
	required    int
}

// Read reads the sheets of a workbook.
func Read(sheets []spreadsheet.Sheet) (survey.Definition, draft.Report) {
	r := &reader{
		book:  book{d: draft.New(draft.XPath), lists: map[string]*list{}, unused: map[string][]string{}},
		names: map[string]bool{}, offered: map[string]bool{}, items: map[string]*item{},
	}
	found := r.sheets(sheets)
	if found["survey"] == nil {
		return survey.Definition{}, r.d.Report
	}
	read := func(name string, most int) sheet {
		if found[name] == nil {
			return sheet{name: name}
		}
		s := titled(r.d, name, found[name].Rows)
		if len(s.rows) > most {
			r.d.Refuse(name, draft.ProblemTooLarge, fmt.Sprint(len(s.rows)), fmt.Sprint(most))
			s.rows = s.rows[:most]
		}
		return s
	}
	questions, choices, settings, marks := read("survey", maxRows), read("choices", maxChoices), read("settings", 10), read("_sipas", maxRows)
	r.marked = found["_sipas"] != nil
	if len(settings.rows) > 0 {
		r.settings = settings.rows[0]
	}
	if !slices.ContainsFunc(questions.rows, func(row row) bool { return row.get("type") != "" }) {
		r.d.Refuse("survey", draft.ProblemNoColumn, "type", "")
		return survey.Definition{}, r.d.Report
	}
	r.languages(questions, choices)
	r.set()
	r.choices(choices)
	for _, row := range questions.rows {
		r.row(row)
	}
	for _, f := range r.frames {
		r.d.Refuse(f.where, draft.ProblemUnmatched, "begin_"+f.kind, f.name)
	}
	r.columns(questions)
	r.marks(marks)
	r.summary()
	def := r.d.Finish()
	return def, r.d.Report
}

// sheets finds those that mean something, by their names in any case.
func (b *book) sheets(all []spreadsheet.Sheet) map[string]*spreadsheet.Sheet {
	found := map[string]*spreadsheet.Sheet{}
	var others []string
	for i := range all {
		s := &all[i]
		name := strings.ToLower(strings.TrimSpace(s.Name))
		switch {
		case slices.Contains([]string{"survey", "choices", "settings", "_sipas"}, name):
			if found[name] != nil {
				b.d.Refuse(s.Name, draft.ProblemSheetTwice, name, "")
			}
			found[name] = s
		case len(s.Rows) > 0 && !strings.HasPrefix(name, "_"):
			others = append(others, s.Name)
		}
	}
	if found["survey"] == nil && len(all) == 1 {
		found["survey"], others = &all[0], nil
	}
	for _, name := range []string{"survey", "choices", "settings"} {
		if found[name] != nil {
			continue
		}
		for _, other := range others {
			if near(name, strings.ToLower(other)) {
				b.d.Warn(other, draft.ProblemSheetName, other, name)
			}
		}
	}
	if found["survey"] == nil {
		b.d.Refuse("", draft.ProblemNoSheet, "survey", strings.Join(others, ", "))
	} else if len(others) > 0 {
		b.d.Warn("", draft.ProblemSheet, strings.Join(others, ", "), "")
	}
	return found
}

// near tells whether two names differ by two letters at most.
func near(a, b string) bool {
	if len(b) > 40 {
		return false
	}
	before := make([]int, len(b)+1)
	for j := range before {
		before[j] = j
	}
	for i := range len(a) {
		now := append([]int{i + 1}, make([]int, len(b))...)
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			now[j+1] = min(before[j]+cost, before[j+1]+1, now[j]+1)
		}
		before = now
	}
	return before[len(b)] <= 2
}

func (b *book) setting(name string) string { return b.settings.get(name) }

// set reads the settings.
func (b *book) set() {
	title := b.setting("form_title")
	var keys draft.Keys
	name := b.setting("form_id")
	if name == "" {
		name = title
	}
	if name == "" {
		name = "bieu-mau"
	}
	b.d.Key = keys.Make(name)
	if b.d.Key != name {
		b.d.Warn("settings", draft.ProblemKeys, "1", name+" → "+b.d.Key)
	}
	if title == "" {
		title = name
	}
	titles := map[string]string{}
	for _, language := range b.d.Languages {
		titles[language] = title
	}
	b.d.Title = b.d.Text("settings", titles)
	for _, c := range ordered(b.settings) {
		if !slices.Contains([]string{"form_title", "form_id", "default_language", "version", "allow_choice_duplicates", "namespaces", "style", "instance_name"}, c.name) {
			b.d.Warn(b.settings.where, draft.ProblemSetting, c.raw, b.settings.values[c])
		}
	}
}

// known are columns of the sheet survey that are read, or told elsewhere.
var known = []string{"type", "name", "label", "hint", "required", "relevant", "constraint", "appearance", "parameters", "calculation", "repeat_count", "sipas_kind", "disabled", "choice_filter", scoreChoices}

// columns tells which columns have no counterpart, with the rows where they say
// something.
func (b *book) columns(s sheet) {
	var order []string
	for _, row := range s.rows {
		for _, c := range ordered(row) {
			if slices.Contains(known, c.name) || c.name == "read_only" && strings.EqualFold(row.values[c], "no") {
				continue
			}
			if b.unused[c.raw] == nil {
				order = append(order, c.raw)
			}
			_, line, _ := strings.Cut(row.where, ":")
			b.unused[c.raw] = append(b.unused[c.raw], line)
		}
	}
	for _, raw := range order {
		b.d.Warn(s.name, draft.ProblemColumn, raw, short(b.unused[raw]))
	}
}

// short lists the first of many.
func short(all []string) string {
	text := strings.Join(all[:min(12, len(all))], ", ")
	if len(all) > 12 {
		text += fmt.Sprintf(", … (%d)", len(all))
	}
	return text
}

// summary says in one line each what would else be said for each row.
func (b *book) summary() {
	if len(b.metadata) > 0 {
		b.d.Warn("survey", draft.ProblemMetadata, short(b.metadata), "")
	}
	if len(b.hints) > 0 {
		b.d.Warn("survey", draft.ProblemHint, short(b.hints), "")
	}
	var unused []string
	for name, l := range b.lists {
		if !l.used {
			unused = append(unused, name)
		}
	}
	if slices.Sort(unused); len(unused) > 0 {
		b.d.Warn("choices", draft.ProblemList, short(unused), "")
	}
}
