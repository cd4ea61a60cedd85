package xlsform

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/exchange/draft"
	"sipas/internal/survey"
)

var (
	bracket   = regexp.MustCompile(`(?i)^(begin|end)[ _]?(group|repeat|lgroup|loop|score|rank|kobomatrix)\b`)
	selection = regexp.MustCompile(`(?i)^(?:add )?(select[ _]one prompt using|select[ _]multiple prompt using|select[ _]one from|select[ _]one|select1|select all that apply from|select all that apply|select[ _]multiple|rank)(?: +(.+))?$`)
	orOther   = regexp.MustCompile(`(?i)[ _]or[ _](specify[ _])?other$`)
	elsewhere = regexp.MustCompile(`(?i)^(select[ _](one|multiple)[ _](from[ _]file|external)|(xml|csv)-external)\b`)
	nameForm  = regexp.MustCompile(`^[\p{L}_][\p{L}\p{M}\p{N}_.\-]*$`)
)

// metadata are types that a device fills in by itself.
var metadata = strings.Fields(`start end today deviceid device_id username phonenumber phone_number simserial sim_id subscriberid subscriber_id imei
	email uri audit caseid start-geopoint background-audio background-geopoint start_time end_time start-time end-time`)

// unsupported are types that nothing here is like.
var unsupported = strings.Fields(`time datetime geopoint geotrace geoshape gps location image photo audio video file barcode osm csv-external xml-external
	background-image text_audit trace`)

// row reads one row of the sheet survey.
func (r *reader) row(row row) {
	kind := row.get("type")
	if off, _ := row.yes("disabled"); off {
		r.d.Warn(row.where, draft.ProblemUnsupported, "disabled", row.get("name"))
		return
	}
	if kind == "" {
		if row.get("name") != "" || len(r.in(row, "label")) > 0 {
			r.d.Refuse(row.where, draft.ProblemNoType, row.get("name"), "")
		}
		return
	}
	if found := bracket.FindStringSubmatch(kind); found != nil {
		r.bracket(row, strings.ToLower(found[1]), strings.ToLower(found[2]))
		return
	}
	name, lower := row.get("name"), strings.ToLower(kind)
	if n := len(r.frames); n > 0 && r.frames[n-1].unasked() {
		r.gone(row, name, kind)
		return
	} else if n > 0 && lower == "score__row" {
		kind = "select_one " + r.frames[n-1].list
	}
	lower = strings.TrimPrefix(lower, "get ")
	if slices.Contains(metadata, strings.ReplaceAll(lower, " ", "_")) || slices.Contains(metadata, strings.ReplaceAll(lower, " ", "")) {
		r.metadata = append(r.metadata, lower)
		r.d.Define(name, draft.Symbol{Gone: lower})
		return
	}
	if !r.name(row, name, lower == "note") {
		return
	}
	switch {
	case lower == "calculate" || lower == "hidden" || lower == "calculate_here":
		r.d.Warn(row.where, draft.ProblemComputed, name, row.get("calculation"))
		r.d.Define(name, draft.Symbol{Gone: lower})
	case elsewhere.MatchString(kind) || slices.Contains(unsupported, strings.ReplaceAll(lower, " ", "")):
		r.gone(row, name, kind)
	default:
		r.question(row, name, kind)
	}
}

// gone tells of a question that has no counterpart.
func (r *reader) gone(row row, name, kind string) {
	label := r.d.Text(row.where, r.in(row, "label"))
	text := label.In("vi")
	if text == "" {
		text = label.In(r.d.Base)
	}
	r.d.Warn(row.where, draft.ProblemUnsupported, kind, strings.TrimSpace(name+" "+text))
	r.d.Define(name, draft.Symbol{Gone: kind})
}

// name checks the name of a question.
func (r *reader) name(row row, name string, note bool) bool {
	switch {
	case name == "" && note:
		return true
	case name == "":
		r.d.Refuse(row.where, draft.ProblemNoName, row.get("type"), "")
	case !nameForm.MatchString(name):
		r.d.Refuse(row.where, draft.ProblemName, name, "")
	case r.names[r.path()+name]:
		r.d.Refuse(row.where, draft.ProblemNameTwice, name, "")
	default:
		r.names[r.path()+name] = true
		return true
	}
	return name != "" // what else is wrong with it is worth knowing
}

// path is which groups are open: names must differ within one.
func (r *reader) path() string {
	path := ""
	for _, f := range r.frames {
		path += f.where + "/"
	}
	return path
}

// bracket opens or closes a group.
func (r *reader) bracket(row row, what, kind string) {
	if kind == "lgroup" || kind == "loop" {
		kind = "group"
	}
	name := row.get("name")
	if what == "end" {
		if n := len(r.frames); n == 0 || r.frames[n-1].kind != kind {
			r.d.Refuse(row.where, draft.ProblemUnmatched, "end_"+kind, name)
		} else {
			r.close(r.frames[n-1])
			r.frames = r.frames[:n-1]
		}
		return
	}
	if len(r.frames) > 30 {
		r.d.Refuse(row.where, draft.ProblemTooLarge, name, "30")
		return
	}
	f := &frame{where: row.where, name: name, kind: kind, labels: r.d.Text(row.where, r.in(row, "label"))}
	if name != "" {
		r.name(row, name, false)
	}
	if text := row.get("relevant"); text != "" {
		f.whens = []draft.When{{Where: row.where, Text: text}}
	}
	looks := row.words("appearance")
	f.table, f.list = slices.Contains(looks, "table-list") || kind == "score", row.get(scoreChoices)
	if kind == "repeat" {
		r.d.Warn(row.where, draft.ProblemRepeat, name, row.get("repeat_count"))
	} else if f.unasked() {
		r.gone(row, name, row.get("type"))
	} else if len(r.frames) > 0 && row.get("sipas_kind") != "grid" {
		r.d.Warn(row.where, draft.ProblemNested, name, r.frames[len(r.frames)-1].name)
	}
	if row.get("sipas_kind") == "grid" {
		q := &draft.Question{Where: row.where, When: r.whens(f.whens)}
		q.Type, q.Text = "grid", f.labels
		if len(q.Text) == 0 {
			q.Text = r.named(name)
		}
		section := r.section()
		r.d.Add(section, name, r.marked, q)
		r.items[name] = &item{q: q, part: map[string]string{}}
		f.grid = q
	}
	r.frames = append(r.frames, f)
}

// scoreChoices is the column in which KoboToolbox names the list of a table of rows.
const scoreChoices = "kobo--score-choices"

// unasked tells whether nothing in a frame is asked here: KoboToolbox's own rankings, and
// tables whose columns are questions.
func (f *frame) unasked() bool { return f.kind == "rank" || f.kind == "kobomatrix" }

// close ends a group.
func (r *reader) close(f *frame) {
	if q := f.grid; q != nil {
		q.Required = f.required > 0 && f.required == len(q.Rows)
		if f.required > 0 && !q.Required {
			r.d.Warn(f.where, draft.ProblemRequiredSome, f.name, "")
		}
		if len(q.Rows) == 0 || len(q.Rows) > 50 {
			r.d.Refuse(f.where, draft.ProblemManyChoices, f.name, "50")
		}
	}
}

// whens are the conditions of all open groups, and more.
func (r *reader) whens(more []draft.When) []draft.When {
	var all []draft.When
	for _, f := range r.frames {
		all = append(all, f.whens...)
	}
	return append(all, more...)
}

// section is where the next question stands: a group is one, and what stands
// behind a group or before it another.
func (r *reader) section() *draft.Section {
	var top *frame
	title := map[string]string{}
	name := "muc"
	for _, f := range r.frames {
		if f.grid != nil {
			break
		}
		top = f
		if f.name != "" {
			name = f.name
		}
		for language, label := range f.labels {
			if title[language] != "" {
				label = title[language] + " – " + label
			}
			title[language] = label
		}
	}
	if r.current == nil || r.of != top {
		where := "survey"
		if top != nil {
			where = top.where
		}
		r.of, r.current = top, r.d.Section(name, r.d.Text(where, title))
	}
	return r.current
}

// label is what a question says: its label with its hint below.
func (r *reader) label(row row, name string) agency.Text {
	text, hint := r.d.Text(row.where, r.in(row, "label")), r.d.Text(row.where, r.in(row, "hint"))
	if len(hint) > 0 && len(text) > 0 && !(r.marked && row.get("sipas_kind") == "number") {
		_, line, _ := strings.Cut(row.where, ":")
		r.hints = append(r.hints, line)
		text = r.d.Join(row.where, text, "\n", hint)
	} else if len(text) == 0 {
		text = hint
	}
	if len(text) == 0 {
		r.d.Warn(row.where, draft.ProblemNoLabel, name, "")
		text = r.named(name)
	}
	return text
}

// question reads a row that asks or says something.
func (r *reader) question(row row, name, kind string) {
	looks, mark := row.words("appearance"), row.get("sipas_kind")
	if top := len(r.frames); top > 0 && r.frames[top-1].grid != nil {
		r.gridRow(row, name, kind, r.frames[top-1])
		return
	}
	text := r.label(row, name)
	switch {
	case mark == "intro" && len(r.frames) == 0:
		r.d.Intro = text
		return
	case mark == "stem":
		r.section().Stem = text
		return
	case slices.Contains(looks, "label"): // the header of a grid: its list stands in the rows
		if labels := r.in(row, "label"); len(labels) == 0 || r.sameAsGroup(text) {
			return
		}
		kind = "note"
	}
	q := &draft.Question{Where: row.where, When: r.whens(nil)}
	q.Text = text
	if when := row.get("relevant"); when != "" {
		q.When = append(q.When, draft.When{Where: row.where, Text: when})
	}
	required, other := row.yes("required")
	if q.Required = required; other != "" {
		r.d.Warn(row.where, draft.ProblemRequiredIf, name, other)
	}
	if r.follows(row, name, kind, mark, q) {
		return
	}
	if text := row.get("choice_filter"); text != "" {
		r.d.Warn(row.where, draft.ProblemProperty, "choice_filter", text)
	}
	if text := row.get("calculation"); text != "" {
		r.d.Warn(row.where, draft.ProblemProperty, "calculation", text)
	}
	if found := selection.FindStringSubmatch(kind); found != nil {
		if strings.HasPrefix(found[2], "${") { // the choices are answers
			r.gone(row, name, kind)
			return
		}
		r.selected(row, name, kind, strings.ToLower(found[1]), found[2], mark, looks, q)
		return
	}
	r.plain(row, name, strings.ToLower(kind), mark, looks, q)
}

// sameAsGroup tells whether a text only repeats the title of its group.
func (r *reader) sameAsGroup(text agency.Text) bool {
	n := len(r.frames)
	return n > 0 && maps.Equal(map[string]string(text), r.frames[n-1].labels)
}

// add adds a question that became one.
func (r *reader) add(name string, q *draft.Question, s draft.Symbol, l *list) {
	text := string(q.Type) == "text" && name == survey.CommentQuestion // it may stand beside the answers
	r.d.Add(r.section(), name, r.marked || text, q)
	s.Question = q
	r.d.Define(name, s)
	it := &item{q: q, list: l, part: map[string]string{}}
	if l != nil {
		_, codes, _ := l.taken(false)
		it.part = codes
	}
	if name != "" && r.items[name] == nil {
		r.items[name] = it
	}
}

// gridRow is a row of a grid of ours.
func (r *reader) gridRow(row row, name, kind string, f *frame) {
	found := selection.FindStringSubmatch(kind)
	var l *list
	if found != nil {
		l = r.list(row, found[2])
	}
	if l == nil {
		r.d.Refuse(row.where, draft.ProblemUnknownType, kind, "")
		return
	}
	levels := 0
	none, is := l.levels(5)
	if is {
		levels = 5
	} else if none, is = l.levels(3); is {
		levels, f.grid.Levels = 3, 3
	}
	if levels == 0 {
		r.d.Refuse(row.where, draft.ProblemMark, "grid", l.name)
		return
	}
	short := strings.TrimPrefix(name, f.name+".")
	var keys draft.Keys
	for _, before := range f.grid.Rows {
		keys.Reserve(before.Key)
	}
	key := keys.Make(short)
	f.grid.Rows = append(f.grid.Rows, survey.Row{Key: key, Text: r.label(row, name)})
	if required, _ := row.yes("required"); required {
		f.required++
	}
	if row.get("relevant") != "" {
		r.d.Refuse(row.where, draft.ProblemConditionRow, row.get("relevant"), "")
	}
	s := r.scale(f.grid, l, levels, none)
	s.Row = key
	r.d.Define(name, s)
	r.items[f.name].part[name] = key
}
