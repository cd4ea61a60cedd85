package forms

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sipas/internal/agency"
	"sipas/internal/intake"
	"sipas/internal/message"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestWhatIsTypedMeansWhatIsSent: the fields of a form are the answers that a
// client of the API would send, for each kind.
func TestWhatIsTypedMeansWhatIsSent(t *testing.T) {
	t.Parallel()
	v := survey.NewVersion(1, 1, time.Unix(0, 0), testkit.EveryKind(t))
	for _, c := range testkit.KindCases(t) {
		for _, typed := range c.Typed {
			got, err := FromFields(url.Values(typed.Fields), v)
			want := typed.Send.Submission(t, v, "")
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(survey.Submission{}, "Version", "Language")); diff != "" || err != nil {
				t.Errorf("%s %v: %v %s", c.Name, typed.Fields, err, diff)
			}
		}
	}
}

// TestEveryKindHasItsFields: the page gives each answer that a version asks for
// a field under the name that it is read by, and what is offered there is taken.
func TestEveryKindHasItsFields(t *testing.T) {
	t.Parallel()
	v := survey.NewVersion(1, 1, time.Unix(0, 0), testkit.EveryKind(t))
	viewer := Viewer{Printer: message.Printer{}, Language: "vi", Version: v}
	form := intake.Form{Fields: []agency.ServiceField{{Key: "dat-dai"}, {Key: "y-te"}}}
	names := map[string]bool{}
	var visit func(q Question)
	visit = func(q Question) {
		names[q.Name] = true
		for _, o := range q.Options {
			if _, err := FromFields(url.Values{q.Name: {o.Value}}, v); err != nil {
				t.Errorf("%s offers %q: %v", q.Key, o.Value, err)
			}
			if o.Other != nil {
				visit(*o.Other)
			}
		}
		for _, row := range q.Rows {
			visit(row)
		}
	}
	view := viewer.View(form)
	for _, q := range view.Sections[0].Questions {
		visit(q)
	}
	if view.Field != nil {
		t.Error("the survey asks for the field itself, and the form asks again")
	}
	for _, p := range v.Parts() {
		if name := nameOf(p); !names[name] {
			t.Errorf("nobody can answer %s: there is no field %s", p.Key(), name)
		}
	}
}
