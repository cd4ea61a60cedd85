package httpd_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/freetext"
	"sipas/internal/publication"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/testkit"
)

// TestAddressesAsScannersAndChatsMakeThem: each leads to the form, and what is
// sent there arrives.
func TestAddressesAsScannersAndChatsMakeThem(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	for path, want := range map[string]string{
		"/Q/FGY9NMPD":            "/q/FGY9NMPD",
		"/Q/fgy9nmpd":            "/q/FGY9NMPD",
		"/q/FGY9NMPD.":           "/q/FGY9NMPD",
		"/q/FGY9NMPD,":           "/q/FGY9NMPD",
		"/q/FGY9NMPD)":           "/q/FGY9NMPD",
		"/q/FGY9NMPD;":           "/q/FGY9NMPD",
		"/q/FGY9NMPD%22":         "/q/FGY9NMPD",
		"/q/FGY9NMPD%E2%80%8B":   "/q/FGY9NMPD",
		"/q/%EF%BB%BFFGY9NMPD!?": "/q/FGY9NMPD",
		"/q/FGY9NMPD/":           "/q/FGY9NMPD",
		"/q/FGY9NMPD//":          "/q/FGY9NMPD",
		"//q//FGY9NMPD":          "/q/FGY9NMPD",
		"/Q/FGY9-NMPD?lang=en":   "/q/FGY9NMPD?lang=en",
		"/q/FGY9%20NMPD":         "/q/FGY9NMPD",
		"/q/https://khaosat.example.vn/q/FGY9NMPD":  "/q/FGY9NMPD",
		"/q/%EF%BC%A6%EF%BC%A7%EF%BC%B99NMPD":       "/q/FGY9NMPD",
		"/Q/" + codeLand + "/xong/7k3mq9td":         "/q/" + codeLand + "/xong/7k3mq9td",
		"/q/FGY9NMPD/qr.gif":                        "",
		"/q/FGY9NMPD/xong/":                         "",
		"/q/x":                                      "",
		"/qq/FGY9NMPD":                              "",
		"/a/q/FGY9NMPD":                             "",
		"/Q/" + strings.Repeat("FGY9NMPD%20", 1000): "",
		"/Q/%2e%2e%2fFGY9NMPD":                      "",
	} {
		r := h.get(h.client(), path)
		if got := r.header.Get("Location"); want != "" && (r.status != http.StatusSeeOther || got != want) || want == "" && r.status != http.StatusNotFound {
			t.Errorf("%s: status %d to %q, want %q", path, r.status, got, want)
		}
	}
	form := h.openForm(h.client(), codeLand)
	form.Set("a.overall", "4")
	for _, path := range []string{"/Q/" + codeLand, "/q/" + codeLand + "//"} {
		r := h.post(h.client(), path, form)
		if r.status != http.StatusTemporaryRedirect || r.header.Get("Location") != "/q/"+codeLand {
			t.Errorf("sent to %s: status %d to %q", path, r.status, r.header.Get("Location"))
		}
	}
	h.post(h.client(), "/q/"+strings.ToLower(codeLand)+".", form).check(t, "sent with a full stop", http.StatusSeeOther, nil, nil)
	h.get(h.client(), "/q/"+strings.ToLower(codeLand)+"./xong/7k3m%20q9td").check(t, "thanks", http.StatusOK, []string{"7K3M-Q9TD"}, nil)
	h.get(h.client(), "/api/v1/service-points/"+codeLand[:4]+"%20"+codeLand[4:]+"./form").check(t, "API", http.StatusOK, []string{codeLand}, nil)
}

// TestCodesAsPeopleTypeThem: the two boxes lead to the code that was meant; of
// several that exists, and a stranger sees no difference.
func TestCodesAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	for typed, want := range map[string]string{
		"https://khaosat.example.vn/q/NTEZXAT2": "NTEZXAT2",
		"khaosat.example.vn/q/ntezxat2":         "NTEZXAT2",
		"/q/NTEZXAT2":                           "NTEZXAT2",
		"Mã quầy / Counter code: NTEZ-XAT2":     "NTEZXAT2",
		"NTEZ-XAT2.":                            "NTEZXAT2",
		"NTEZXAT2\u200b":                        "NTEZXAT2",
		"B2978PẢ":                               "B2978PAR",
		"HHH73ÂP":                               "HHH73AAP",
		"DNFĐBNF":                               "DNFDDBNF",
		"PWX8XVẸ":                               "PWX8XVEJ",
		"AZỰDYQG":                               "AZWJDYQG",
		"DẢDAT2":                                "",       // seven keys
		"ĐATAT23":                               codeLand, // it exists, and D may be pressed late
		"DATĐA23":                               "DATDDA23",
		"hanhch23, DNGCDA23":                    codeDesk, // the other is closed
	} {
		for _, box := range []string{"/?ma=", "/q?code="} {
			r := h.get(h.client(), box+url.QueryEscape(typed))
			if got := r.header.Get("Location"); want != "" && (r.status != http.StatusSeeOther || got != "/q/"+want) || want == "" && got != "" {
				t.Errorf("%s%s: status %d to %q, want %q", box, typed, r.status, got, want)
			}
		}
	}
	// Of two codes that a keyboard makes the same, the one that is there.
	point, err := h.st.AddServicePoint(t.Context(), agency.ServicePoint{
		Code: "B29783A5", AgencyID: h.environment.ID, Name: agency.Text{"vi": "Quầy VNI"}, SurveyKey: "quay-nhanh", Channel: agency.ChannelQR, Active: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(1e10)
	if got := h.get(h.client(), "/?ma="+url.QueryEscape("B29783Ạ")).header.Get("Location"); got != point.Code.Path() {
		t.Errorf("B29783Ạ leads to %s, want %s", got, point.Code.Path())
	}
}

// TestWhatNobodySeesIsCleaned: what came in from telephones, slides, tables and
// PDF, and what is kept of it. The API, whose callers can mend it, refuses it.
func TestWhatNobodySeesIsCleaned(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		for typed, want := range map[string]string{
			"Xin gọi lại \u202d+84 900 000 000\u202c":   "Xin gọi lại +84 900 000 000",
			"\u202a0900 000 000\u202c":                  "0900 000 000",
			"hồ sơ \u200e123":                           "hồ sơ 123",
			"dòng một\x0bdòng hai":                      "dòng một\ndòng hai",
			"ô bảng\x07":                                "ô bảng",
			"trang 1\x0ctrang 2":                        "trang 1\ntrang 2",
			"chờ lâu\u0085":                             "chờ lâu",
			"một\u2028hai\u2029ba\u0085bốn\rnăm\r\nsáu": "một\nhai\nba\nbốn\nnăm\nsáu",
			"\ufeffNUL\x00 ESC\x1b[31m \u200bhết\u2060": "NUL ESC[31m hết",
			"\u2067gia đình 👨\u200d👩\u200d👧 👍🏽\u2069":   "gia đình 👨\u200d👩\u200d👧 👍🏽",
			"\u200b\u202c\x07":                          "",
		} {
			form := h.openForm(h.client(), codeLand)
			form.Set("a.overall", "4")
			form.Set("a.comment", typed)
			first := h.post(h.client(), "/q/"+codeLand, form)
			first.check(t, typed, http.StatusSeeOther, nil, nil)
			form.Set("a.comment", want)
			if again := h.post(h.client(), "/q/"+codeLand, form); again.header.Get("Location") != first.header.Get("Location") {
				t.Errorf("%q and what is kept of it have different receipts", typed)
			}
			if got := h.textOf(form.Get("submission")); got != want {
				t.Errorf("%q is kept as %q, want %q", typed, got, want)
			}
		}
		h.send(h.client(), codeLand, h.newKey(), `{"version":"quay-nhanh.1","answers":{"overall":4},"comment":"h\u1ed3 s\u01a1 \u200e123"}`).
			check(t, "API", http.StatusUnprocessableEntity, []string{"control-character"}, nil)
	})
}

// textOf gives the free text of a response, as a backup has it; "" is none.
func (h *harness) textOf(submission string) string {
	h.t.Helper()
	var archive bytes.Buffer
	if _, err := h.st.Dump(h.t.Context(), &archive, slices.Concat(registry.Tables(), store.Tables(), freetext.Tables(), auth.Tables(), publication.Tables()), h.clock.Now(), nil); err != nil {
		h.t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(&archive)
	if err != nil {
		h.t.Fatal(err)
	}
	lines, err := io.ReadAll(unpacked)
	if err != nil {
		h.t.Fatal(err)
	}
	_, texts, _ := strings.Cut(string(lines), `{"table":"response_texts"`)
	for line := range strings.Lines(texts) {
		var row []any
		if json.Unmarshal([]byte(line), &row) == nil && strings.Contains(line, submission) {
			return row[len(row)-2].(string) // before the day
		}
	}
	return ""
}
