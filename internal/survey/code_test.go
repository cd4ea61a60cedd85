package survey_test

import (
	"strings"
	"testing"
	"time"

	"sipas/internal/survey"
)

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]survey.Code{
		"7K3MQ9TD": "7K3MQ9TD", "7k3mq9td": "7K3MQ9TD", "7K3M-Q9TD": "7K3MQ9TD", "7k3m-q9td": "7K3MQ9TD",
	} {
		if got, ok := survey.ParseCode(typed); !ok || got != want {
			t.Errorf("%q: %q %v", typed, got, ok)
		}
	}
	for _, typed := range []string{
		"", "7K3MQ9T", "7K3MQ9TDD", "7K3MQ9T0", "7K3MQ9TO", "7K3MQ9TI", "7K3-MQ9TD", "7K3MQ9T%", "../../..", "' OR 1=1", "7K3MQ9T\x00",
		strings.Repeat("A", 1<<20), "7K3MQ9Tı",
	} {
		if got, ok := survey.ParseCode(typed); ok {
			t.Errorf("%.20q was read as %q", typed, got)
		}
	}
	if got := survey.Code("7K3MQ9TD").Grouped(); got != "7K3M-Q9TD" {
		t.Errorf("grouped: %s", got)
	}
}

func TestNewCodesDifferAndCanBeRead(t *testing.T) {
	t.Parallel()
	seen := map[survey.Code]bool{}
	used := map[rune]bool{}
	for range 5000 {
		c := survey.NewCode()
		if parsed, ok := survey.ParseCode(string(c)); !ok || parsed != c || seen[c] {
			t.Fatalf("code %q: parsed %q, seen %v", c, parsed, seen[c])
		}
		seen[c] = true
		for _, letter := range c {
			used[letter] = true
		}
	}
	if len(used) != 30 {
		t.Errorf("%d letters are used, want all 30", len(used))
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	early := survey.NewID(time.UnixMilli(1_700_000_000_000))
	late := survey.NewID(time.UnixMilli(1_700_000_000_001))
	if early >= late || early[14] != '7' || !strings.ContainsRune("89ab", rune(early[19])) {
		t.Errorf("ids %s, %s", early, late)
	}
	if got, ok := survey.ParseID(strings.ToUpper(early)); !ok || got != early {
		t.Errorf("upper case: %q %v", got, ok)
	}
	for _, bad := range []string{"", "x", early[:35], early + "0", strings.ReplaceAll(early, "-", "_"), "00000000-0000-0000-0000-000000000000", "{" + early[2:] + "}"} {
		if _, ok := survey.ParseID(bad); ok {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("7K3M-Q9TD")
	f.Fuzz(func(t *testing.T, typed string) {
		if code, ok := survey.ParseCode(typed); ok {
			if again, ok := survey.ParseCode(code.Grouped()); !ok || again != code {
				t.Errorf("%q was read as %q, and that as %q", typed, code, again)
			}
		}
	})
}
