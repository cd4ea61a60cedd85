package xlsform

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/exchange/draft"
	"sipas/internal/fold"
	"sipas/internal/survey"
)

// list finds the list of a question.
func (b *book) list(row row, named string) *list {
	named = strings.TrimSpace(orOther.ReplaceAllString(strings.TrimSpace(named), ""))
	l := b.lists[named]
	switch {
	case named == "":
		b.d.Refuse(row.where, draft.ProblemNoList, row.get("type"), "")
		return nil
	case l == nil:
		b.d.Refuse(row.where, draft.ProblemMissing, named, "choices")
		return nil
	}
	l.used = true
	return l
}

// selected reads a question with choices.
func (r *reader) selected(row row, name, kind, verb, named, mark string, looks []string, q *draft.Question) {
	l := r.list(row, named)
	if verb == "rank" {
		r.gone(row, name, kind)
		return
	}
	if l == nil {
		r.d.Define(name, draft.Symbol{Gone: kind})
		return
	}
	several := strings.Contains(verb, "multiple") || strings.Contains(verb, "all")
	other := orOther.MatchString(named)
	s := draft.Symbol{}
	five, isFive := l.levels(5)
	three, isThree := l.levels(3)
	yes, no, isYesNo := l.yesNo()
	likert := slices.Contains(looks, "likert")
	switch {
	case len(l.choices) == 1 && !other && mark == "": // a box to tick
		q.Type, q.Text = "yes-no", r.d.Join(row.where, q.Text, " – ", l.choices[0].text)
		s.Codes, s.Order = map[string]string{l.choices[0].name: "yes"}, []string{"yes", "no"}
		r.d.Warn(row.where, draft.ProblemAcknowledge, name, "")
	case several:
		q.Type = "multi"
		q.Choices, s.Codes, s.Order = l.taken(false)
		s.Several = true
		for _, c := range l.choices {
			if strings.ContainsAny(c.name, " \t") {
				r.d.Refuse(c.where, draft.ProblemChoiceBlank, c.name, "")
			}
		}
	case isFive && (mark == "scale5" || likert && mark == ""):
		q.Type = "scale5"
		s = r.scale(q, l, 5, five)
		r.words(l, mark)
	case isThree && mark == "scale3":
		q.Type = "scale3"
		s = r.scale(q, l, 3, three)
	case isYesNo && !other && (mark == "" || mark == "yes-no"):
		q.Type = "yes-no"
		s.Codes, s.Order = map[string]string{yes: "yes", no: "no"}, []string{"yes", "no"}
	default:
		q.Type = "single"
		if mark == "points" && l.pointed() {
			q.Type = "points"
		}
		q.Choices, s.Codes, s.Order = l.taken(l.pointed())
		if mark == "" {
			r.offer(row, l, isFive || likert || len(l.choices) == 5 && l.numbered())
		} else if string(q.Type) != mark {
			r.d.Warn(row.where, draft.ProblemMark, mark, "sipas_kind")
		}
	}
	r.limits(row, q)
	parameters := row.parameters()
	if drawn := parameters["randomize"]; drawn == "false" || drawn == "true" && r.drawn(q) {
		delete(parameters, "randomize")
	}
	r.parameters(row, parameters)
	r.add(name, q, s, l)
	if n := len(r.frames); mark == "" && (slices.Contains(looks, "list-nolabel") || n > 0 && r.frames[n-1].table) {
		r.d.Warn(row.where, draft.ProblemRows, name, "")
	}
	if other {
		r.orOther(row, name, q, &s, several)
	}
}

// numbered tells whether all codes are numbers.
func (l *list) numbered() bool {
	return !slices.ContainsFunc(l.choices, func(c choice) bool { _, err := strconv.Atoi(c.name); return err != nil })
}

// words tells once that a scale has words of its own here.
func (r *reader) words(l *list, mark string) {
	if mark == "" && !r.offered[l.name] {
		r.offered[l.name] = true
		r.d.Warn(l.where, draft.ProblemScaleWords, l.name, "")
	}
}

// offer tells once that a list may be a scale, or worth points.
func (r *reader) offer(row row, l *list, scale bool) {
	points := len(l.choices) == 3 && l.choices[0].name+l.choices[1].name+l.choices[2].name == "210"
	if r.offered[l.name] || !scale && !points {
		return
	}
	r.offered[l.name] = true
	if scale {
		r.d.Warn(row.where, draft.ProblemMaybeScale, l.name, "")
	} else {
		r.d.Warn(row.where, draft.ProblemMaybePoints, l.name, "")
	}
}

// orOther adds what "or_other" means.
func (r *reader) orOther(row row, name string, q *draft.Question, s *draft.Symbol, several bool) {
	text, say := agency.Text{}, agency.Text{}
	for _, language := range r.d.Languages {
		text[language], say[language] = "Other", "Please say which"
		if language == "vi" {
			text[language], say[language] = "Khác", "Xin ghi rõ"
		}
	}
	var keys draft.Keys
	for _, c := range q.Choices {
		keys.Reserve(c.Key)
	}
	c := survey.Choice{Key: keys.Make("other"), Text: text, Other: several}
	q.Choices = append(q.Choices, c)
	s.Question, s.Codes["other"], s.Order = q, c.Key, append(s.Order, c.Key)
	r.d.Replace(name, *s)
	r.d.Warn(row.where, draft.ProblemOther, name, c.Key)
	if !several {
		more := &draft.Question{Where: row.where, When: q.When}
		more.Type, more.Text, more.Show = "text", say, &survey.Condition{Question: q.Key, In: []string{c.Key}}
		r.add(name+"_other", more, draft.Symbol{}, nil)
	}
}

// otherwise are beginnings of what a choice is called that stands for all others.
var otherwise = []string{"other", "khac", "y kien khac", "autre", "otro", "outro", "specify", "ly do khac"}

// follows folds the text that says what an "other" choice means into its question.
func (r *reader) follows(row row, name, kind, mark string, q *draft.Question) bool {
	if strings.ToLower(kind) != "text" && strings.ToLower(kind) != "string" || row.get("relevant") == "" {
		return false
	}
	e, err := draft.Parse(row.get("relevant"), draft.XPath)
	if err != nil || e.Op != draft.Holds && (e.Op != draft.Compare || e.Cmp != "=") {
		return false
	}
	s, known := r.d.Symbol(e.Left.Text)
	if !known || !s.Several || slices.ContainsFunc(s.Question.Choices, func(c survey.Choice) bool { return c.Other }) {
		return false
	}
	for i := range s.Question.Choices {
		c := &s.Question.Choices[i]
		if c.Key != s.Codes[e.Right.Text] {
			continue
		}
		called := fold.Text(c.Text.In("vi") + "\n" + c.Text.In("en") + "\n" + strings.ReplaceAll(c.Key, "-", " "))
		if mark != "other" && !slices.ContainsFunc(otherwise, func(w string) bool {
			return strings.HasPrefix(called, w) || strings.Contains(called, "\n"+w)
		}) {
			return false
		}
		c.Other = true
		r.d.Define(name, draft.Symbol{Gone: kind})
		if mark != "other" {
			r.d.Warn(row.where, draft.ProblemOther, name, s.Question.Key)
		}
		return true
	}
	return false
}

// plain reads a question without choices.
func (r *reader) plain(row row, name, kind, mark string, looks []string, q *draft.Question) {
	s := draft.Symbol{}
	parameters := row.parameters()
	switch kind {
	case "text", "string":
		q.Type = "text"
		if r.marked && name == mark && slices.Contains([]string{"comment", "procedure", "field"}, mark) {
			q.Type = survey.QuestionType(mark)
		}
	case "integer", "int", "decimal", "range":
		r.number(row, kind, mark, looks, parameters, q, &s)
	case "date":
		q.Type = "date"
	case "note":
		q.Type, q.Required = "information", false
		if name == "" {
			name = "note"
		}
	case "acknowledge", "trigger":
		q.Type = "yes-no"
		s.Codes, s.Order = map[string]string{"OK": "yes"}, []string{"yes", "no"}
		r.d.Warn(row.where, draft.ProblemAcknowledge, name, "")
	default:
		r.d.Refuse(row.where, draft.ProblemUnknownType, kind, "")
		r.d.Define(name, draft.Symbol{Gone: kind})
		return
	}
	if kind != "range" {
		r.parameters(row, parameters)
	}
	r.limits(row, q)
	r.add(name, q, s, nil)
}

// drawn takes the choices of a question out of their order, where it can have none.
func (r *reader) drawn(q *draft.Question) bool {
	q.RandomOrder = slices.Contains(survey.Uses(q.Type), "random_order") && !q.Pointed()
	return q.RandomOrder
}

// parameters tells of those without a counterpart.
func (b *book) parameters(row row, all map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(all)) {
		b.d.Warn(row.where, draft.ProblemProperty, "parameters", key+"="+all[key])
	}
}

// number reads a question that is answered with a number.
func (r *reader) number(row row, kind, mark string, looks []string, parameters map[string]string, q *draft.Question, s *draft.Symbol) {
	q.Type = "number"
	s.Numbers = true
	if r.marked && mark == "number" {
		q.Unit = r.d.Text(row.where, r.in(row, "hint"))
	}
	if kind == "decimal" {
		r.d.Warn(row.where, draft.ProblemDecimal, row.get("name"), "")
	}
	if kind != "range" {
		return
	}
	bounds := map[string]float64{"start": 0, "end": 10, "step": 1}
	others := map[string]string{}
	for key, value := range parameters {
		n, err := strconv.ParseFloat(value, 64)
		if _, is := bounds[key]; !is || err != nil || math.IsNaN(n) || math.Abs(n) > 1e9 {
			others[key] = value
			continue
		}
		bounds[key] = n
	}
	r.parameters(row, others)
	least, most := int(math.Ceil(bounds["start"])), int(math.Floor(bounds["end"]))
	if least > most {
		least, most = most, least
	}
	if bounds["step"] != 1 || float64(least) != bounds["start"] {
		r.d.Warn(row.where, draft.ProblemStep, row.get("name"), row.get("parameters"))
	}
	switch {
	case mark == "nps" && least == 0 && most == 10:
		q.Type = "nps"
		*s = draft.Symbol{Levels: true, Zero: true, Codes: map[string]string{}}
		for n := range 11 {
			s.Order = append(s.Order, strconv.Itoa(n))
			s.Codes[strconv.Itoa(n)] = strconv.Itoa(n)
		}
	case slices.Contains(looks, "rating") && least == 1 && most == 5:
		scored := false
		q.Type, q.Scored = "scale5", &scored
		*s = draft.Symbol{Levels: true, Codes: map[string]string{}}
		for n := 1; n <= 5; n++ {
			s.Order = append(s.Order, strconv.Itoa(n))
			s.Codes[strconv.Itoa(n)] = strconv.Itoa(n)
		}
		r.d.Warn(row.where, draft.ProblemNotScored, row.get("name"), "")
	default:
		q.Min, q.Max = &least, &most
	}
}

// limits reads a constraint: the bounds that a question here can have.
func (b *book) limits(row row, q *draft.Question) {
	text := row.get("constraint")
	if text == "" {
		return
	}
	e, err := draft.Parse(text, draft.XPath)
	all := []draft.Expr{e}
	if e.Op == draft.All {
		all = e.Of
	}
	understood := err == nil
	for _, e := range all {
		understood = understood && b.limit(q, e)
	}
	if q.Min != nil && q.Max != nil && *q.Min > *q.Max || q.From != "" && q.To != "" && q.From > q.To {
		q.Min, q.Max, q.From, q.To, understood = nil, nil, "", "", false
	}
	if !understood {
		b.d.Warn(row.where, draft.ProblemConstraint, row.get("name"), text)
	}
}

func (b *book) limit(q *draft.Question, e draft.Expr) bool {
	if e.Op != draft.Compare || e.Cmp == "!=" || e.Cmp == "=" {
		return false
	}
	counts := func(function string) bool {
		return e.Left.Kind == draft.Call && e.Left.Text == function && len(e.Left.Args) == 1 && e.Left.Args[0].Kind == draft.Self
	}
	least := strings.HasPrefix(e.Cmp, ">")
	if e.Left.Kind == draft.Self && e.Right.Kind == draft.Call && e.Right.Text == "date" && len(e.Right.Args) == 1 {
		day := e.Right.Args[0].Text
		_, err := time.Parse(time.DateOnly, day)
		if is := string(q.Type) == "date"; !is || err != nil || day < "1900-01-01" || day > "2100-12-31" || len(e.Cmp) == 1 {
			return false
		}
		if least {
			q.From = day
		} else {
			q.To = day
		}
		return true
	}
	n, err := strconv.ParseFloat(e.Right.Text, 64)
	if e.Right.Kind == draft.Ref || err != nil || math.IsNaN(n) || math.Abs(n) > 1e9-1 {
		return false
	}
	bound := int(math.Floor(n))
	switch e.Cmp {
	case ">":
		bound++
	case ">=":
		bound = int(math.Ceil(n))
	case "<":
		bound = int(math.Ceil(n)) - 1
	}
	switch kind := string(q.Type); {
	case e.Left.Kind == draft.Self && kind == "number":
		if least {
			q.Min = &bound
		} else {
			q.Max = &bound
		}
		return true
	case counts("count-selected") && kind == "multi" && !least && bound >= 1:
		q.MaxChoices = min(bound, len(q.Choices))
		return true
	case counts("count-selected") && kind == "multi" && least && bound == 1 && q.Required:
		return true
	case counts("string-length") && slices.Contains([]string{"text", "comment"}, kind) && !least && bound >= 1:
		q.MaxLength = min(bound, 10000)
		return true
	}
	return false
}
