package studio

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// form is how a field is written.
type form int

const (
	plain     form = iota // as it is
	words                 // by language
	number                // whole
	numbers               // whole, with blanks or commas between them
	flag                  // true, or nothing
	choice                // true, false or nothing
	tags                  // of languages
	reference             // an element
	condition             // JSON
)

// Field is one of an element.
type Field struct {
	Name string // in operations
	form form
	json string // in the JSON of a definition
}

// Spoken tells whether it has a text in each language.
func (f Field) Spoken() bool { return f.form == words }

// FieldsOf lists the fields that elements of a kind may have. A property of a question,
// or of another thing in a definition, is one line here.
func FieldsOf(kind Kind) []Field {
	code := Field{"code", plain, "key"}
	of := func(f form, name string) Field { return Field{name, f, name} }
	switch kind {
	case KindSurvey:
		return []Field{
			code, of(tags, "languages"), of(words, "title"), of(words, "intro"), of(words, "source"),
			of(plain, "method"), of(reference, "headline"),
		}
	case KindSection:
		return []Field{code, of(words, "title"), of(words, "stem")}
	case KindQuestion:
		return []Field{
			code, of(plain, "type"), of(flag, "required"), of(words, "text"), of(words, "short"),
			of(flag, "no_opinion"), of(words, "no_opinion_text"), of(numbers, "satisfied"), of(choice, "scored"),
			of(number, "levels"), of(flag, "random_order"), of(number, "max_choices"), of(number, "max_length"), of(number, "min"), of(number, "max"),
			of(words, "unit"), of(plain, "from"), of(plain, "to"), of(condition, "show"),
		}
	case KindChoice:
		return []Field{code, of(words, "text"), of(words, "note"), of(number, "points"), of(flag, "other")}
	case KindRow:
		return []Field{code, of(words, "text"), of(words, "short")}
	case KindRemark:
		return []Field{of(words, "text")}
	}
	return nil
}

// settable tells whether there is such a field, in such a language.
func settable(kind Kind, field, language string) bool {
	for _, f := range FieldsOf(kind) {
		if f.Name == field {
			return f.Spoken() == (language != "") && (language == "" || IsLanguage(language))
		}
	}
	return false
}

// IsLanguage tells whether a text is the tag of a language: vi, zh-Hant, cjm.
func IsLanguage(tag string) bool {
	first, rest, more := strings.Cut(tag, "-")
	plain := func(s string) bool {
		return !strings.ContainsFunc(s, func(c rune) bool { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') })
	}
	return len(tag) <= 20 && (len(first) == 2 || len(first) == 3) && first == strings.ToLower(first) && plain(first) &&
		(!more || rest != "" && plain(strings.ReplaceAll(rest, "-", "")) && !strings.HasSuffix(rest, "-"))
}

// read turns what was typed in a field into a value of JSON; absent where nothing was
// typed, unread where it cannot be what the field is.
func (f Field) read(typed string) (value any, unread bool) {
	typed = strings.TrimSpace(typed)
	switch f.form {
	case number:
		n, err := strconv.Atoi(typed)
		return n, err != nil
	case numbers:
		var list []int
		for _, one := range strings.FieldsFunc(typed, func(c rune) bool { return c == ' ' || c == ',' || c == ';' }) {
			n, err := strconv.Atoi(one)
			if err != nil {
				return nil, true
			}
			list = append(list, n)
		}
		return list, false
	case flag, choice:
		switch typed {
		case "true":
			return true, false
		case "false":
			return f.present(false), false
		}
		return nil, true
	}
	return typed, false
}

// present leaves a false out where it is the same as nothing.
func (f Field) present(yes bool) any {
	if f.form == flag && !yes {
		return nil
	}
	return yes
}

// typed is what somebody would have typed for a value of JSON.
func (f Field) typed(value json.RawMessage) string {
	switch f.form {
	case numbers, tags:
		var list []any
		_ = json.Unmarshal(value, &list) // it was just marshalled
		texts := make([]string, len(list))
		for i, one := range list {
			texts[i] = textOf(one)
		}
		return strings.Join(texts, " ")
	}
	var one any
	_ = json.Unmarshal(value, &one) // it was just marshalled
	return textOf(one)
}

func textOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.Itoa(int(v))
	}
	return ""
}

// object is the JSON of a part of a definition.
type object map[string]any

// CellsOf reads the fields of a kind from a part of a definition.
func CellsOf(kind Kind, part any) map[string]string {
	cells := map[string]string{}
	content, err := json.Marshal(part)
	if err != nil {
		return cells // what is no number and no text is in no definition
	}
	var members map[string]json.RawMessage
	_ = json.Unmarshal(content, &members) // it was just marshalled
	for _, f := range FieldsOf(kind) {
		value, has := members[f.json]
		switch {
		case !has:
		case f.form == words:
			var text map[string]string
			_ = json.Unmarshal(value, &text) // it was just marshalled
			for language, s := range text {
				cells[Cell(f.Name, language)] = s
			}
		case f.form != condition:
			cells[f.Name] = f.typed(value)
		}
	}
	for cell, text := range cells {
		if text == "" {
			delete(cells, cell)
		}
	}
	return cells
}

// objectOf is the other way round: the fields of an element that are among some, as JSON
// of a part of a definition, with what could not be read of them.
func (e *Element) objectOf(languages []string, has func(name string) bool) (o object, unread []Field) {
	o = object{}
	for _, f := range FieldsOf(e.Kind) {
		typed := e.Fields[f.Name]
		switch {
		case !has(f.Name), f.form == condition, f.form == reference, f.form == tags:
		case f.form == words:
			text := map[string]string{}
			for cell, s := range e.Fields {
				if field, language := SplitCell(cell); field == f.Name && slices.Contains(languages, language) {
					text[language] = s
				}
			}
			if len(text) > 0 {
				o[f.json] = text
			}
		case typed != "":
			value, not := f.read(typed)
			if not {
				unread = append(unread, f)
			} else if value != nil {
				o[f.json] = value
			}
		}
	}
	return o, unread
}
