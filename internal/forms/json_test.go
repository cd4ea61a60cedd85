package forms

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/fault"
	"sipas/internal/strictjson"
	"sipas/internal/survey"
)

func levelValue(n int) survey.Value   { return survey.Value{Kind: survey.ValueLevel, Level: n} }
func textValue(s string) survey.Value { return survey.Value{Kind: survey.ValueText, Text: s} }

// TestDecodeSubmission reads what a client may send.
func TestDecodeSubmission(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		want       survey.Submission
	}{
		{"nothing said", `{}`, survey.Submission{Language: "vi"}},
		{
			"everything", ` {"version":"quay-nhanh.1","language":"en","field":"dat-dai","procedure":"1.001234",
			"answers":{"overall":5,"access":0,"reasons":["place","online"],"comment":"Tốt"}}` + "\r\n",
			survey.Submission{
				Version: "quay-nhanh.1", Language: "en", FieldKey: "dat-dai", Procedure: "1.001234",
				Answers: map[string]survey.Value{
					"overall": levelValue(5), "access": levelValue(0), "comment": textValue("Tốt"),
					"reasons": {Kind: survey.ValueChoices, Choices: []string{"place", "online"}},
				},
			},
		},
		{
			"comment beside the answers", `{"answers":{"overall":4},"comment":"ồn"}`,
			survey.Submission{Language: "vi", Answers: map[string]survey.Value{"overall": levelValue(4), "comment": textValue("ồn")}},
		},
		{
			"escapes", `{"comment":"\ud83d\ude00 \u1ea1 \\ud800 \"\/\n"}`,
			survey.Submission{Language: "vi", Answers: map[string]survey.Value{"comment": textValue("😀 ạ \\ud800 \"/\n")}},
		},
		{"NUL is left to the rules of texts", `{"comment":"a\u0000"}`, survey.Submission{Language: "vi", Answers: map[string]survey.Value{"comment": textValue("a\x00")}}},
		{"markup is text", `{"comment":"<script>alert(1)</script>"}`, survey.Submission{Language: "vi", Answers: map[string]survey.Value{"comment": textValue("<script>alert(1)</script>")}}},
		{"out of any scale", `{"answers":{"a":-1,"b":6,"c":99999999999999999999}}`, survey.Submission{Language: "vi", Answers: map[string]survey.Value{"a": levelValue(-1), "b": levelValue(6), "c": levelValue(1<<63 - 1)}}},
		{"no choices", `{"answers":{"a":[]}}`, survey.Submission{Language: "vi", Answers: map[string]survey.Value{"a": {Kind: survey.ValueChoices, Choices: []string{}}}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := FromJSON([]byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if test.want.Answers == nil {
				test.want.Answers = map[string]survey.Value{}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestDecodeSubmissionKinds: a value of no answer's type has no kind, so that
// the rules of every question refuse it.
func TestDecodeSubmissionKinds(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"5.0", "1e1", "1E0", "-0", "0.5", "true", "false", "null", "{}", `{"$gt":0}`, `{"a":{"b":[1,{"c":2}]}}`,
		"[1]", "[null]", "[[]]", `["a",{}]`, `["a",["b"]]`, strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
	} {
		got, err := FromJSON([]byte(`{"answers":{"overall":` + value + `,"access":4}}`))
		if err != nil {
			t.Errorf("%.40s: %v", value, err)
			continue
		}
		if diff := cmp.Diff(map[string]survey.Value{"overall": {}, "access": levelValue(4)}, got.Answers); diff != "" {
			t.Errorf("%.40s: -want +got:\n%s", value, diff)
		}
	}
}

// TestDecodeSubmissionMalformed: what is not one whole JSON object is no
// submission at all.
func TestDecodeSubmissionMalformed(t *testing.T) {
	t.Parallel()
	many := make([]string, strictjson.MaxMembers+1)
	for i := range many {
		many[i] = `"a":1`
	}
	for _, body := range []string{
		"", " ", "null", "5", `"x"`, "[]", `[{}]`, "{", `{"answers":{"overall":5}`, `{"answers":{"overall":5}}x`, `{}{}`, `{} []`,
		`{"a":}`, `{,}`, `{"a":1,}`, `{a:1}`, `{'a':1}`, `{"a":01}`, `{"a":+1}`, `{"a":.5}`, `{"a":NaN}`, `{"a":1}//`, "{\"a\":\"\n\"}", `{"a":"\x"}`, `{"a":"\u12"}`,
		"\xef\xbb\xbf{}", "a=1&b=2", "<xml/>", "\x1f\x8b\x08",
		"{" + strings.Join(many, ",") + "}", `{"answers":{` + strings.Join(many, ",") + "}}",
		strings.Repeat(`{"answers":`, 20000) + "1" + strings.Repeat("}", 20000),
	} {
		s, err := FromJSON([]byte(body))
		if !errors.Is(err, strictjson.ErrMalformed) {
			t.Errorf("%.60q: %+v, %v; want malformed", body, s, err)
		}
	}
}

func TestDecodeSubmissionProblems(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body string
		want string // where: key, ...
	}{
		{`{"version":1}`, "version: wrong-type"},
		{`{"version":null,"language":[],"field":{},"procedure":true}`, "version: wrong-type; language: wrong-type; field: wrong-type; procedure: wrong-type"},
		{`{"answers":[]}`, "answers: wrong-type"},
		{`{"answers":null}`, "answers: wrong-type"},
		{`{"answers":"overall"}`, "answers: wrong-type"},
		{`{"answers":[[{}]],"nonsense":{"deep":[1]},"version":"a.1"}`, "answers: wrong-type; unknown-field"},
		{`{"created_at":"2020-01-01","ip":"1.2.3.4","agency_id":1,"score":100,"status":"ok","channel":"paper"}`,
			"created_at: server-field; ip: server-field; agency_id: server-field; score: server-field; status: server-field; channel: server-field"},
		{`{"receipt":"X","day":"2020-01-01","service_point_id":{},"Version":"a.1","answers.overall":5}`,
			"receipt: server-field; day: server-field; service_point_id: server-field; unknown-field; unknown-field"},
		{`{"version":"a.1","version":"a.1"}`, "version: duplicate-key"},
		{`{"answers":{"overall":5},"answers":{"overall":1}}`, "answers: duplicate-key"},
		{`{"answers":{"overall":5,"overall":1}}`, "answers.overall: duplicate-key"},
		{`{"answers":{"overall":5,"over\u0061ll":[1]}}`, "answers.overall: duplicate-key"},
		{`{"comment":"a","answers":{"comment":"a"}}`, "answers.comment: duplicate-key"},
		{`{"answers":{"comment":"a"},"comment":"a"}`, "comment: duplicate-key"},
		{`{"comment":"\ud800"}`, "comment: bad-utf8"},
		{`{"comment":"\udc00\ud800"}`, "comment: bad-utf8"},
		{`{"comment":"\ud800\ud800\udc00"}`, "comment: bad-utf8"},
		{`{"comment":"\uD83Dx\uDE00"}`, "comment: bad-utf8"},
		{`{"comment":"\\\ud800"}`, "comment: bad-utf8"},
		{"{\"comment\":\"\xff\"}", "comment: bad-utf8"},
		{"{\"comment\":\"a\xed\xa0\x80\"}", "comment: bad-utf8"},
		{`{"answers":{"reasons":["\udfff","place"]}}`, "answers.reasons: bad-utf8"},
		{`{"answers":{"\ud800":5}}`, "answers: bad-utf8"},
		{"{\"\xfe\":5,\"version\":\"\xfe\"}", "body: bad-utf8; version: bad-utf8"},
	}
	for _, test := range tests {
		_, err := FromJSON([]byte(test.body))
		var invalid *fault.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%q: %v, want problems", test.body, err)
		} else if want := "invalid: " + test.want; err.Error() != want {
			t.Errorf("%q: %s\nwant %s", test.body, err, want)
		}
	}
}

// FuzzDecodeSubmission compares the strict reader with the standard library's
// lenient one: whatever it accepts means the same there.
func FuzzDecodeSubmission(f *testing.F) {
	for _, seed := range []string{
		`{"version":"quay-nhanh.1","language":"vi","answers":{"overall":5,"reasons":["a"],"comment":"ạ\ud83d\ude00"}}`,
		`{"comment":"\ud800","answers":{"a":5.0,"a":[{"b":null}]}}`, `{"ip":"","x":[[1]]}`, "{\"\xff\":1}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := FromJSON(body)
		var invalid *fault.Invalid
		if err != nil {
			if !errors.Is(err, strictjson.ErrMalformed) && (!errors.As(err, &invalid) || len(invalid.Problems) == 0) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		var lenient struct {
			Version, Language, Field, Procedure string
			Comment                             *string
			Answers                             map[string]any
		}
		if err := json.Unmarshal(body, &lenient); err != nil && s.Answers["comment"].Kind == survey.ValueText {
			t.Fatalf("accepted, but %v", err)
		}
		if s.Version != lenient.Version || s.FieldKey != lenient.Field || s.Procedure != lenient.Procedure {
			t.Fatalf("%+v, want %+v", s, lenient)
		}
		for key, want := range lenient.Answers {
			value, ok := s.Answers[key]
			if !ok {
				t.Fatalf("answer %q is lost", key)
			}
			if value.Kind == survey.ValueText && value.Text != want ||
				value.Kind == survey.ValueChoices && fmt.Sprint(value.Choices) != fmt.Sprint(want) {
				t.Fatalf("answer %q is %+v, want %v", key, value, want)
			}
			if !utf8.ValidString(value.Text) {
				t.Fatalf("answer %q is not UTF-8", key)
			}
		}
	})
}
