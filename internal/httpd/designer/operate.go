package designer

import (
	"cmp"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/studio"
)

// operationFields are those of an operation. A button of a list names what it is about
// by itself.
var operationFields = []string{
	"sent", "do", "element", "field", "language", "value", "kind", "in", "after", "whole", "type", "lines", "look",
	"up", "down", "remove", "restore", "duplicate", "sure", "section", "question",
}

// operate makes one operation.
func (s *desk) operate(r *httpd.Request) error {
	f, err := r.Fields()
	if err != nil {
		return err
	}
	at := placeOf(f)
	op := studio.Operation{
		Sent: f.Get("sent"), Base: at.Base, Do: studio.Doing(f.Get("do")), Element: studio.Key(f.Get("element")), Field: f.Get("field"),
		Language: f.Get("language"), Value: strings.ReplaceAll(f.Get("value"), "\r\n", "\n"), Kind: studio.Kind(f.Get("kind")), In: studio.Key(f.Get("in")),
		After: studio.Key(f.Get("after")), Whole: f.Get("whole") != "",
	}
	p := r.NewPage("draft", nil)
	o, err := s.read(r, p, at.Base)
	if err != nil {
		return err
	}
	asking{o}.pressed(f, &op)
	switch {
	case op.Do == studio.DoRemove && len(o.Depends(op.Element)) > 0 && f.Get("sure") == "":
		return s.askFirst(r, o, p, at, op.Element)
	case op.Do == studio.DoRemove && f.Get("sure") == "too":
		if err := s.clearConditions(r, o, op.Element); err != nil {
			return s.answer(r, at, studio.Revision{}, err)
		}
		op.Base = o.Revision
	case op.Do == studio.DoAdd && f.Get("look") != "":
		return s.lookFirst(r, o, p, at, op, f.Get("lines"))
	case op.Do == studio.DoAdd:
		op.Items = asking{o}.items(op, f)
	}
	made, err := s.k.Studio.Operate(r.Context(), r.Draft.ID, r.Editor(), op)
	if err == nil && op.Do == studio.DoRemove && o.top(at.Chosen) == op.Element {
		at.Chosen = ""
	}
	return s.answer(r, at, made, err)
}

// asking is a draft with regard to what a form asks for.
type asking struct{ opened }

// pressed reads which button of a list was pressed.
func (o asking) pressed(f httpd.Fields, op *studio.Operation) {
	for _, do := range []studio.Doing{studio.DoRemove, studio.DoRestore, studio.DoDuplicate} {
		if key := f.Get(string(do)); key != "" {
			op.Do, op.Element = do, studio.Key(key)
		}
	}
	for _, kind := range []studio.Kind{studio.KindSection, studio.KindQuestion} {
		if f.Get(string(kind)) != "" {
			op.Do, op.Kind, op.In, op.After = studio.DoAdd, kind, "", o.behind(op.After)
		}
	}
	key := studio.Key(cmp.Or(f.Get("up"), f.Get("down")))
	e := o.Element(key)
	if e == nil {
		return
	}
	op.Do, op.Element, op.After = studio.DoMove, key, ""
	list := o.siblings(e)
	at := slices.Index(list, e)
	switch {
	case f.Get("down") != "":
		op.After = list[min(max(at+1, 0), len(list)-1)].Key
		if at == len(list)-1 && at > 0 {
			op.After = list[at-1].Key // it is the last, and stays
		}
		if op.After == key {
			op.After = "" // it is alone
		}
	case at > 1:
		op.After = list[at-2].Key
	}
}

// behind is where something new goes: behind a row of the outline, else at the end.
func (o asking) behind(after studio.Key) studio.Key {
	outline := o.Outline()
	if e := o.Element(o.top(after)); e != nil && slices.Contains(outline, e) {
		return e.Key
	}
	if len(outline) == 0 {
		return ""
	}
	return outline[len(outline)-1].Key
}

// items are the new elements that are asked for: one for each line that was typed.
func (o asking) items(op studio.Operation, f httpd.Fields) []map[string]string {
	switch op.Kind {
	case studio.KindQuestion:
		return []map[string]string{{"type": f.Get("type")}}
	case studio.KindSection:
		return nil
	}
	var items []map[string]string
	for _, line := range linesOf(f.Get("lines")) {
		if op.Kind == studio.KindRemark || !o.has(op, line) {
			items = append(items, map[string]string{studio.Cell("text", agency.FallbackLanguage): line})
		}
	}
	return items
}

// linesOf are the lines of a list that somebody pasted, without the marks and numbers of
// a list, each once.
func linesOf(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if mark, rest, marked := strings.Cut(line, " "); marked && (strings.Trim(mark, "-–•*+") == "" || strings.Trim(mark, "0123456789") == "." || strings.Trim(mark, "0123456789") == ")") {
			line = rest
		}
		if line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// has tells whether a question has a part with a text.
func (o asking) has(op studio.Operation, text string) bool {
	parts := o.Choices(op.In)
	if op.Kind == studio.KindRow {
		parts = o.Rows(op.In)
	}
	return slices.ContainsFunc(parts, func(e *studio.Element) bool {
		return strings.EqualFold(e.Text("text", agency.FallbackLanguage), text)
	})
}

// lookFirst shows what a list that was pasted would become.
func (s *desk) lookFirst(r *httpd.Request, o opened, p httpd.Page, at place, op studio.Operation, text string) error {
	o, err := s.judge(r, o)
	if err != nil {
		return err
	}
	d := pageOf(s.k.Zone, o, at, "", "")
	for i, l := range d.Editor.Lists {
		if l.Kind != op.Kind {
			continue
		}
		l.Pasted = Pasted{Text: text}
		for _, line := range linesOf(text) {
			there := asking{o}.has(op, line)
			if !there {
				l.New++
			}
			l.Lines = append(l.Lines, httpd.Choice{Text: line, Chosen: there})
		}
		d.Editor.Lists[i] = l
	}
	return s.write(r, 200, o, p, d, at)
}

// askFirst lists what depends on something before it is removed.
func (s *desk) askFirst(r *httpd.Request, o opened, p httpd.Page, at place, key studio.Key) error {
	o, err := s.judge(r, o)
	if err != nil {
		return err
	}
	at.Chosen = key
	d := pageOf(s.k.Zone, o, at, "", "")
	for _, e := range o.Depends(key) {
		d.Editor.Depend = append(d.Editor.Depend, o.name(e))
	}
	return s.write(r, 200, o, p, d, at)
}

// clearConditions takes the conditions out that name an element, each as an operation of
// its own.
func (s *desk) clearConditions(r *httpd.Request, o opened, on studio.Key) error {
	for _, e := range o.Depends(on) {
		op := studio.Operation{Base: o.Revision, Do: studio.DoSet, Element: e.Key, Field: "show"}
		if _, err := s.k.Studio.Operate(r.Context(), r.Draft.ID, r.Editor(), op); err != nil {
			return err
		}
	}
	return nil
}
