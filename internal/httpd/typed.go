package httpd

import (
	"sipas/internal/fault"
	"sipas/internal/forms"
)

// Typed is a form as it was filled in, with what is wrong with it: it comes back
// to whoever sent it with everything that was typed.
type Typed struct {
	Values   map[string]string
	Problems []Wrong
	// Opened is what the form showed when it was opened, which goes with it; nil where
	// nobody else can change the same.
	Opened map[string]string
}

// Wrong is what is wrong with a field, in the reader's language.
type Wrong struct{ Where, Text string }

// Typed is a form that shows values, which the problems are about.
func (y Reply) Typed(values map[string]string, problems ...fault.Problem) Typed {
	t, printer := Typed{Values: values}, y.Printer()
	for _, p := range problems {
		t.Problems = append(t.Problems, Wrong{p.Where, forms.Sentence(printer, p)})
	}
	return t
}

// TypedFields reads fields of a form, as they were typed.
func (r *Request) TypedFields(names ...string) (map[string]string, error) {
	fields, err := r.Fields()
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, name := range names {
		values[name] = fields.Get(name)
	}
	return values, nil
}

// Value is what was typed into a field.
func (t Typed) Value(name string) string { return t.Values[name] }

// Wrong says what is wrong with a field, "" if nothing is.
func (t Typed) Wrong(name string) string {
	for _, p := range t.Problems {
		if p.Where == name {
			return p.Text
		}
	}
	return ""
}

// Line is one field of a form with what a page shows of it.
type Line struct {
	Page  Page
	Typed Typed
	Name  string
}

// lineOf gives templates a field.
func lineOf(p Page, t Typed, name string) Line { return Line{p, t, name} }

// Label is what the field is called.
func (f Line) Label() string { return f.Page.T("field." + f.Name) }

// Hint says what to type, "" where the label says enough.
func (f Line) Hint() string {
	if !f.Page.Has("hint." + f.Name) {
		return ""
	}
	return f.Page.T("hint." + f.Name)
}

// Value is what was typed.
func (f Line) Value() string { return f.Typed.Value(f.Name) }

// Wrong says what is wrong, "" if nothing is.
func (f Line) Wrong() string { return f.Typed.Wrong(f.Name) }
