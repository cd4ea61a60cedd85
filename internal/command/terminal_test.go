package command

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgressBar(t *testing.T) {
	t.Parallel()
	begun := time.Date(2025, 11, 20, 8, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		total, done int64
		after       time.Duration
		want        string
	}{
		{0, 1500, time.Second, "1500 rows"},
		{200, 0, 0, "[                              ]   0%  0 of 200 rows"},
		{200, 100, time.Minute, "[===============               ]  50%  100 of 200 rows, 1m0s left"},
		{200, 300, time.Minute, "[==============================] 100%  200 of 200 rows, 0s left"},
	} {
		b := Bar{what: "rows", total: test.total, begun: begun}
		if got := b.line(test.done, begun.Add(test.after)); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	// Not on a terminal: nothing at all.
	var errs bytes.Buffer
	s := &Session{Errs: &errs, Now: func() time.Time { return begun }}
	b := s.Bar("rows", 10)
	b.To(5)
	b.End()
	if errs.Len() > 0 {
		t.Errorf("a file gets %q", &errs)
	}
}

func TestOperatorsAreNamed(t *testing.T) {
	t.Parallel()
	for want, of := range map[string][2]string{
		"sipas":             {"sipas", ""},
		"sipas (sudo minh)": {"sipas", "minh"},
		"root":              {"root", "root"},
		"uid 65532":         {"uid 65532", ""},
	} {
		if got := operatorName(of[0], of[1]); got != want {
			t.Errorf("%q is named %q, want %q", of, got, want)
		}
	}
	if by := Operator(); by.Name == "" || by.Via != "command-line" {
		t.Errorf("here commands are by %+v", by)
	}
}

func TestTerminalTricksAreTakenOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Sở Xây dựng":             "Sở Xây dựng",
		"\x1b[2Jgone":             "�[2Jgone",
		"a\u202eb":                "a�b",
		"{\n\t\"addr\"\r}":        "{\n\t\"addr\"�}",
		strings.Repeat("ế", 2000): strings.Repeat("ế", 1000) + "…",
	} {
		if got := Printable(text); got != want {
			t.Errorf("printable(%q) = %q", text, got)
		}
	}
	if got := Cell("a\tb\nc\x1b"); got != "a b c�" {
		t.Errorf("a cell holds %q", got)
	}
}
