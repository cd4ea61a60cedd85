package survey_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/survey"
)

func text(s string) agency.Text { return agency.Text{"vi": s} }

func points(n int) *int { return &n }

// sheet is a version with every kind of question.
func sheet() *survey.Version {
	return survey.NewVersion(7, 2, time.Time{}, survey.Definition{
		Key: "sheet", Languages: []string{"vi"}, Title: text("Phiếu"), Method: "sipas-2023",
		Sections: []survey.Section{{Key: "a", Title: text("A"), Questions: []survey.Question{
			{Key: "overall", Type: survey.TypeScale, Required: true, Text: text("Chung")},
			{Key: "staff", Type: survey.TypeScale, NoOpinion: true, Text: text("Công chức")},
			{Key: "asked", Type: survey.TypeSingle, Text: text("Có góp ý không?"), Choices: []survey.Choice{
				{Key: "yes", Text: text("Có"), Points: points(2)}, {Key: "no", Text: text("Không"), Points: points(0)},
			}},
			{Key: "heard", Type: survey.TypeScale, Text: text("Được lắng nghe"), Show: &survey.Condition{Question: "asked", In: []string{"yes"}}},
			{Key: "reasons", Type: survey.TypeMulti, MaxChoices: 2, Text: text("Vì sao"), Choices: []survey.Choice{
				{Key: "slow", Text: text("Chậm")}, {Key: "far", Text: text("Xa")}, {Key: "cost", Text: text("Đắt")},
			}},
			{Key: "comment", Type: survey.TypeText, MaxLength: 12, Text: text("Góp ý")},
		}}},
	})
}

func level(n int) survey.Value { return survey.Value{Kind: survey.ValueLevel, Level: n} }
func word(s string) survey.Value {
	return survey.Value{Kind: survey.ValueText, Text: s}
}
func chosen(keys ...string) survey.Value {
	return survey.Value{Kind: survey.ValueChoices, Choices: keys}
}

type answers = map[string]survey.Value

func accept(s survey.Submission) (survey.Response, error) {
	a := survey.Accepting{
		Point: agency.ServicePoint{
			ID: 3, AgencyID: 4, JudgedID: 5, Channel: agency.ChannelKiosk, FieldKeys: []string{"dat-dai", "y-te"},
		},
		Version: sheet(),
		Scopes:  map[string]agency.FieldScope{"dat-dai": agency.ScopeProcedures, "y-te": agency.ScopePublic},
		At:      time.Date(2025, 12, 31, 17, 0, 0, 999, time.UTC),
		Zone:    time.FixedZone("ICT", 7*3600),
	}
	return a.Accept(s)
}

func given(a answers) survey.Submission {
	return survey.Submission{ID: "0191e5a0-0000-7000-8000-0000000000AB", Version: "sheet.2", Language: "vi", FieldKey: "dat-dai", Answers: a}
}

func TestAcceptedResponse(t *testing.T) {
	t.Parallel()
	s := given(answers{
		"overall": level(4), "staff": level(0), "asked": word("yes"), "heard": level(1),
		"reasons": chosen("cost", "slow"), "comment": word("  Cảm ơn 👍\n"),
	})
	s.Procedure = "Đăng ký đất đai"
	r, err := accept(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Receipt) != 8 || len(r.Fingerprint) != 32 {
		t.Errorf("receipt %q, fingerprint %q", r.Receipt, r.Fingerprint)
	}
	r.Receipt, r.Fingerprint = "", ""
	want := survey.Response{
		ID: "0191e5a0-0000-7000-8000-0000000000ab", ServicePointID: 3, AgencyID: 5, FieldKey: "dat-dai", VersionID: 7,
		Channel: agency.ChannelKiosk, Language: "vi", At: time.Date(2025, 12, 31, 17, 0, 0, 0, time.UTC), Day: "2026-01-01",
		Scale: "401", Judged: []int{4, 0, 1}, Points: []int{2}, Numbers: []survey.Number{{Question: "asked", Value: 2}},
		Choices: []survey.ChosenAnswer{{Question: "asked", Choices: []string{"yes"}}, {Question: "reasons", Choices: []string{"slow", "cost"}}},
		Texts:   []survey.TextAnswer{{Question: "comment", Text: "Cảm ơn 👍"}, {Question: "procedure", Text: "Đăng ký đất đai"}},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{4, 0, 1}, r.Levels()); diff != "" {
		t.Error(diff)
	}
}

func TestEveryRefusalHasItsOwnProblem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*survey.Submission)
		want   fault.Problem
	}{
		"unknown question":       {set("ghost", level(1)), fault.Problem{Where: "answers.ghost", Key: "unknown-question"}},
		"text where a level is":  {set("overall", word("5")), fault.Problem{Where: "answers.overall", Key: "wrong-type"}},
		"list where a level is":  {set("overall", chosen("5")), fault.Problem{Where: "answers.overall", Key: "wrong-type"}},
		"nothing at all":         {set("overall", survey.Value{}), fault.Problem{Where: "answers.overall", Key: "wrong-type"}},
		"level six":              {set("overall", level(6)), fault.Problem{Where: "answers.overall", Key: "out-of-scale", Limit: "1-5"}},
		"negative level":         {set("staff", level(-1)), fault.Problem{Where: "answers.staff", Key: "out-of-scale", Limit: "1-5"}},
		"no opinion not offered": {set("overall", level(0)), fault.Problem{Where: "answers.overall", Key: "no-opinion-not-offered"}},
		"missing answer":         {unset("overall"), fault.Problem{Where: "answers.overall", Key: "required"}},
		"hidden question":        {set("heard", level(3)), fault.Problem{Where: "answers.heard", Key: "hidden-question"}},
		"choice of another":      {set("asked", word("slow")), fault.Problem{Where: "answers.asked", Key: "unknown-choice"}},
		"list for one choice":    {set("asked", chosen("yes")), fault.Problem{Where: "answers.asked", Key: "wrong-type"}},
		"one choice for a list":  {set("reasons", word("slow")), fault.Problem{Where: "answers.reasons", Key: "wrong-type"}},
		"choice twice":           {set("reasons", chosen("slow", "slow")), fault.Problem{Where: "answers.reasons", Key: "duplicate-choice"}},
		"too many choices":       {set("reasons", chosen("slow", "far", "cost")), fault.Problem{Where: "answers.reasons", Key: "too-many-choices", Limit: "2"}},
		"long text":              {set("comment", word(strings.Repeat("ữ", 13))), fault.Problem{Where: "answers.comment", Key: "too-long", Limit: "12"}},
		"NUL":                    {set("comment", word("a\x00b")), fault.Problem{Where: "answers.comment", Key: "control-character"}},
		"escape":                 {set("comment", word("a\x1b[31m")), fault.Problem{Where: "answers.comment", Key: "control-character"}},
		"right-to-left override": {set("comment", word("a\u202eb")), fault.Problem{Where: "answers.comment", Key: "control-character"}},
		"bad UTF-8":              {set("comment", word("a\xff")), fault.Problem{Where: "answers.comment", Key: "bad-utf8"}},
		"level for a text":       {set("comment", level(1)), fault.Problem{Where: "answers.comment", Key: "wrong-type"}},
		"other version":          {func(s *survey.Submission) { s.Version = "sheet.1" }, fault.Problem{Where: "version", Key: "unknown-version"}},
		"other language":         {func(s *survey.Submission) { s.Language = "km" }, fault.Problem{Where: "language", Key: "unknown-language"}},
		"field of another":       {func(s *survey.Submission) { s.FieldKey = "xay-dung" }, fault.Problem{Where: "field", Key: "field-not-offered"}},
		"id no UUID":             {func(s *survey.Submission) { s.ID = "1' OR '1'='1" }, fault.Problem{Where: "submission", Key: "submission-id"}},
		"nil id":                 {func(s *survey.Submission) { s.ID = "00000000-0000-0000-0000-000000000000" }, fault.Problem{Where: "submission", Key: "submission-id"}},
		"long procedure":         {func(s *survey.Submission) { s.Procedure = strings.Repeat("a", 201) }, fault.Problem{Where: "procedure", Key: "too-long", Limit: "200"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(answers{"overall": level(5)})
			c.change(&s)
			_, err := accept(s)
			var invalid *fault.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff([]fault.Problem{c.want}, invalid.Problems); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCharactersThatCannotBeSeen: those that turn the order of a text around are
// refused wherever they stand, those without width are kept within a text only.
func TestCharactersThatCannotBeSeen(t *testing.T) {
	t.Parallel()
	for _, c := range "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" {
		s := given(answers{"overall": level(5), "comment": word("tốt" + string(c))})
		s.Procedure = string(c)
		_, err := accept(s)
		var invalid *fault.Invalid
		want := []fault.Problem{{Where: "answers.comment", Key: "control-character"}, {Where: "procedure", Key: "control-character"}}
		if !errors.As(err, &invalid) || cmp.Diff(want, invalid.Problems) != "" {
			t.Errorf("%U: %v", c, err)
		}
	}
	for _, text := range []string{"👨\u200d👩\u200d👧", "❤\ufe0f", "نمی\u200cدانم", "chờ\u200blâu", "a\u2060b", "a\ufeffb"} {
		r, err := accept(given(answers{"overall": level(5), "comment": word("\ufeff " + text + "\u200b\n")}))
		if err != nil || len(r.Texts) != 1 || r.Texts[0].Text != text {
			t.Errorf("%+q: %+q, %v", text, r.Texts, err)
		}
	}
	for _, text := range []string{"\u200b", " \ufeff\n\u200d\u200c\u2060\t\u00a0"} {
		s := given(answers{"overall": level(5), "comment": word(text)})
		s.Procedure = text
		if r, err := accept(s); err != nil || r.Texts != nil {
			t.Errorf("%+q is kept as an answer: %+q, %v", text, r.Texts, err)
		}
	}
}

func set(key string, v survey.Value) func(*survey.Submission) {
	return func(s *survey.Submission) { s.Answers[key] = v }
}

func unset(key string) func(*survey.Submission) {
	return func(s *survey.Submission) { delete(s.Answers, key) }
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := accept(given(answers{"ghost": level(1), "another": level(1), "overall": level(9), "comment": word("\x00")}))
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || len(invalid.Problems) != 4 || invalid.Problems[0].Where != "answers.another" {
		t.Errorf("got %v", err)
	}
	if said := err.Error(); strings.Contains(said, "ghost") || !strings.Contains(said, "answers.overall: out-of-scale") {
		t.Errorf("the log says %s", said)
	}
}

func TestFingerprintTellsReplayFromConflict(t *testing.T) {
	t.Parallel()
	print := func(id string, a answers) string {
		s := given(a)
		s.ID = id
		r, err := accept(s)
		if err != nil {
			t.Fatal(err)
		}
		return r.Fingerprint
	}
	const one, two = "0191e5a0-0000-7000-8000-000000000001", "0191e5a0-0000-7000-8000-000000000002"
	first := print(one, answers{"overall": level(5), "reasons": chosen("far", "slow")})
	if again := print(one, answers{"reasons": chosen("slow", "far"), "overall": level(5)}); again != first {
		t.Error("the same content in another order is a conflict")
	}
	for name, other := range map[string]string{
		"another level":   print(one, answers{"overall": level(4), "reasons": chosen("far", "slow")}),
		"fewer choices":   print(one, answers{"overall": level(5), "reasons": chosen("far")}),
		"one more text":   print(one, answers{"overall": level(5), "reasons": chosen("far", "slow"), "comment": word("x")}),
		"another id":      print(two, answers{"overall": level(5), "reasons": chosen("far", "slow")}),
		"text not choice": print(one, answers{"overall": level(5), "comment": word("far,slow")}),
	} {
		if other == first {
			t.Errorf("%s has the same fingerprint", name)
		}
	}
}

func TestFieldOfResponse(t *testing.T) {
	t.Parallel()
	scopes := map[string]agency.FieldScope{"a": agency.ScopeProcedures, "b": agency.ScopeProcedures, "c": agency.ScopePublic}
	for _, c := range []struct {
		serves []string
		chosen string
		want   string
		ok     bool
	}{
		{[]string{"a"}, "", "a", true},
		{[]string{"a"}, "a", "a", true},
		{[]string{"a"}, "b", "", false},
		{[]string{"a", "b"}, "", agency.FieldUnsaidProcedure, true},
		{[]string{"a", "c"}, "", agency.FieldUnsaid, true},
		{[]string{"a", "c"}, "c", "c", true},
		{nil, "", agency.FieldUnsaid, true},
	} {
		got, ok := agency.ServicePoint{FieldKeys: c.serves}.FieldFor(c.chosen, scopes)
		if got != c.want || ok != c.ok {
			t.Errorf("%v, chosen %q: %q %v, want %q %v", c.serves, c.chosen, got, ok, c.want, c.ok)
		}
	}
}

// FuzzCleanText: what is cleaned is clean, stays so, is never longer, and what
// was fine is as it was.
func FuzzCleanText(f *testing.F) {
	for _, seed := range []string{"Xin gọi lại \u202d+84 900 000 000\u202c", "a\vb\fc\u0085d\u2028e", "👨\u200d👩\u200d👧", "a\x00b", "\xff", "\r\n\r"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		clean := survey.CleanText(typed)
		if survey.CleanText(clean) != clean || len(clean) > len(typed) {
			t.Errorf("%q becomes %q and then %q", typed, clean, survey.CleanText(clean))
		}
		_, err := accept(given(answers{"overall": level(4), "comment": word(clean)}))
		var invalid *fault.Invalid
		if errors.As(err, &invalid) && utf8.ValidString(typed) && invalid.Problems[0].Key != fault.ProblemTooLong {
			t.Errorf("%q becomes %q, which is refused: %v", typed, clean, err)
		}
	})
}
