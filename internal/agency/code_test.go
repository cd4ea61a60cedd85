package agency_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// TestCodesAreReadAsPeopleAndPhonesMakeThem: what came in at the counters and
// by chat, and which code was meant.
func TestCodesAreReadAsPeopleAndPhonesMakeThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]agency.Code{
		"7K3MQ9TD": "7K3MQ9TD", "7k3mq9td": "7K3MQ9TD", "7K3M-Q9TD": "7K3MQ9TD", "7k3m-q9td": "7K3MQ9TD", "7K3-MQ9TD": "7K3MQ9TD",
		// whole addresses
		"https://khaosat.example.vn/q/NTEZXAT2":                      "NTEZXAT2",
		"khaosat.example.vn/q/ntezxat2":                              "NTEZXAT2",
		"/q/NTEZXAT2":                                                "NTEZXAT2",
		"/Q/NTEZXAT2":                                                "NTEZXAT2",
		"//q//NTEZ-XAT2//":                                           "NTEZXAT2",
		"https://feedback.vn/q/NTEZXAT2?lang=en":                     "NTEZXAT2",
		"https://a.vn/q/NTEZXAT2/xong/BCFGHJKM":                      "NTEZXAT2",
		"https://a.vn/?ma=NTEZXAT2":                                  "NTEZXAT2",
		"https://a.vn/q/NTEZXAT2%E2%80%8B":                           "NTEZXAT2",
		"https://a.vn/q/NTEZXAT2?fbclid=" + strings.Repeat("x", 9e3): "NTEZXAT2",
		// words around, characters glued on
		"Mã quầy / Counter code: NTEZ-XAT2": "NTEZXAT2",
		"Feedback code NTEZ XAT2":           "NTEZXAT2",
		"NTEZ-XAT2.":                        "NTEZXAT2",
		"NTEZXAT2,":                         "NTEZXAT2",
		"(NTEZXAT2)":                        "NTEZXAT2",
		"“NTEZXAT2”;":                       "NTEZXAT2",
		"\"NTEZXAT2\":!?":                   "NTEZXAT2",
		"NTEZXAT2…":                         "NTEZXAT2",
		"NTEZXAT2\u200b":                    "NTEZXAT2",
		"\ufeffNTEZ\u00adXAT2\u2060":        "NTEZXAT2",
		"\u202aNTEZXAT2\u202c":              "NTEZXAT2",
		// blanks and dashes of every kind, full width
		" N T E Z  X A T 2 ":     "NTEZXAT2",
		"NTEZ\u00a0\u2013\tXAT2": "NTEZXAT2",
		"NTEZ−XAT2":              "NTEZXAT2",
		"ＮＴＥＺ－ｘａｔ２":              "NTEZXAT2",
		// Telex and VNI left on
		"B2978PẢ": "B2978PAR", "HHH73ÂP": "HHH73AAP", "DNFĐBNF": "DNFDDBNF", "PWX8XVẸ": "PWX8XVEJ", "AZỰDYQG": "AZWJDYQG",
		"b2978pả": "B2978PAR", "HHH73-ÂP": "HHH73AAP", "B2978PA\u0309": "B2978PAR", "HHH73A\u0302P": "HHH73AAP", "https://a.vn/q/DNFĐBNF.": "DNFDDBNF",
	} {
		if got, ok := agency.ParseCode(typed); !ok || got != want {
			t.Errorf("%.60q: %q %v, want %s", typed, got, ok, want)
		}
	}
	for typed, want := range map[string]agency.Code{"7K3MẠ9T": "7K3MA59T", "7K3MĐQT": "7K3MD9QT"} {
		if !slices.Contains(agency.ReadCodes(typed), want) {
			t.Errorf("%s may not be %s in VNI: %q", typed, want, agency.ReadCodes(typed))
		}
	}
	for _, typed := range []string{
		"", "7K3MQ9T", "7K3MQ9TDD", "7K3MQ9T0", "7K3MQ9TO", "7K3MQ9TI", "7K3MQ9T%", "../../..", "' OR 1=1", "7K3MQ9T\x00", "7K3M.Q9TD", "NTEZXAT0", "7K3MQ9Tı",
		strings.Repeat("A", 1<<20), "7K3MQ9T\xff", "Mã quầy",
	} {
		if got, ok := agency.ParseCode(typed); ok {
			t.Errorf("%.20q was read as %q", typed, got)
		}
	}
	if got := agency.Code("7K3MQ9TD").Grouped(); got != "7K3M-Q9TD" {
		t.Errorf("grouped: %s", got)
	}
}

func TestNewCodesDifferAndCanBeRead(t *testing.T) {
	t.Parallel()
	seen := map[agency.Code]bool{}
	used := map[rune]bool{}
	for range 5000 {
		c := agency.NewCode()
		if parsed, ok := agency.ParseCode(string(c)); !ok || parsed != c || seen[c] || strings.Trim(string(c), "0123456789") == "" {
			t.Fatalf("code %q: parsed %q, seen %v", c, parsed, seen[c])
		}
		seen[c] = true
		for _, letter := range c {
			used[letter] = true
		}
	}
	if len(used) != 25 {
		t.Errorf("%d letters are used, want all 25", len(used))
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

// FuzzReadCodes: few codes, all of them well formed, however hostile the text,
// and each is read again from what is printed.
func FuzzReadCodes(f *testing.F) {
	for _, seed := range []string{"7K3M-Q9TD", "B2978PẢ", "/q/AZỰDYQG", strings.Repeat("Ế ", 600), "Ấ Ấ Ấ Ấ", "ＮＴＥＺ－ｘａｔ２", "A\u0301\u0301\u0301\u0301\u0301\u0301\u0301"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		codes := agency.ReadCodes(typed)
		if len(codes) > agency.MaxReadings {
			t.Errorf("%q has %d readings", typed, len(codes))
		}
		for i, code := range codes {
			if again, ok := agency.ParseCode(code.Grouped()); !ok || again != code || slices.Contains(codes[:i], code) {
				t.Errorf("%q was read as %q, and that as %q", typed, code, again)
			}
		}
		if first, ok := agency.ParseCode(typed); ok != (len(codes) > 0) || ok && (first != codes[0] || !utf8.ValidString(string(first))) {
			t.Errorf("%q: %q is not the first of %q", typed, first, codes)
		}
	})
}

// BenchmarkReadCodesOfAHostileText is what a megabyte costs that was made to be
// dear.
func BenchmarkReadCodesOfAHostileText(b *testing.B) {
	text := strings.Repeat("Ấ Ấ Ơ1 ", 1<<17)
	for b.Loop() {
		agency.ReadCodes(text)
	}
}
