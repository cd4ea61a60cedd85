package httpd_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"sipas/internal/testkit"
)

// leaks are traces of the program's inside, which no answer may show.
var leaks = []string{
	"SELECT", "INSERT", "SQL", "sql", "gorm", "pgx", "constraint", "goroutine", "panic", ".go:", "strconv", "json:", "EOF",
	"invalid character", "malformed body", "not found", "unsupported media", "no such table", "0x", "runtime", "bad query",
}

// TestAPIForm asks for forms, well and badly.
func TestAPIForm(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		covered := newContract(t, h.http.Client().Transport)
		client := h.api(covered)
		form := func(code, query string, headers ...string) reply {
			return h.get(client, "/api/v1/service-points/"+code+"/form"+query, headers...)
		}

		form(codeLand, "").check(t, "one field", http.StatusOK, []string{
			`"version":"quay-nhanh.1"`, `"language":"vi"`, `"languages":["vi","en"]`, `"title":"Phiếu đánh giá nhanh"`,
			`"point":{"code":"DATDAT23","name":"Quầy 3 · Đăng ký đất đai"}`, `"agency":{"code":"so-tnmt","name":"Sở Tài nguyên và Môi trường"}`,
			`{"key":"overall","type":"scale5","required":true,"section":"overall",`,
			`{"key":"access","type":"scale5","required":false,"section":"factors",`, `"no_opinion":true,"choices":[]`,
			`"choices":[{"key":"waiting","text":"Phải chờ lâu"}`, `"max_choices":8`, `"max_length":1000`,
		}, []string{`"fields"`, `"agency_id"`, `"id":`})
		form(codeDesk, "?lang=en").check(t, "several fields, in English", http.StatusOK, []string{
			`"language":"en"`, `"fields":[{"key":"xay-dung","text":"Construction"},{"key":"dat-dai","text":"Land"},{"key":"dau-tu","text":"Investment"}]`,
			`"point":{"code":"HANHCH23","name":"Desk 1"}`, "Are you satisfied with the service here today?",
		}, []string{"Quầy"})
		form(codeLand, "", "Accept-Language", "en-GB,en;q=0.9").check(t, "the reader's language", http.StatusOK, []string{`"language":"en"`}, nil)
		form(codeLand, "?lang=ja", "Accept-Language", "ja").check(t, "a language we lack", http.StatusOK, []string{`"language":"vi"`}, nil)
		form(codeSIPAS, "").check(t, "the long survey", http.StatusOK, []string{`"version":"sipas.1"`, `"section":"procedure"`}, nil)
		form("datd-at23", "").check(t, "as typed", http.StatusOK, []string{`"code":"DATDAT23"`}, nil)

		for _, code := range []string{
			codeUnknown, codeClosed, "%00", "DATDAT2%00", "..%2f..", "%27%20OR%201=1--", "quay-nhanh", strings.Repeat("A", 5000),
		} {
			r := form(code, "")
			r.check(t, code, http.StatusNotFound, []string{`"status":404`, `"title":"Không tìm thấy`}, leaks)
			if r.header.Get("Content-Type") != "application/problem+json; charset=utf-8" {
				t.Errorf("%.20s: content type %s", code, r.header.Get("Content-Type"))
			}
		}
		for _, path := range []string{
			"/api/v1/service-points/DATDAT23/form/", "/api/v1/service-points/DATDAT23/form.json", "/api/v1/service-points/DATDAT23", "/api/v1/service-points//form",
			"/api/v2/service-points/DATDAT23/form", "/api/service-points/DATDAT23/form", "/API/v1/service-points/DATDAT23/form", "//api/v1/service-points/DATDAT23/form",
		} {
			if r := h.get(client, path); r.status != http.StatusNotFound {
				t.Errorf("%s: status %d; the form has one address", path, r.status)
			}
		}
		if r := h.do(client, http.MethodPut, "/api/v1/service-points/DATDAT23/form", nil); r.status != http.StatusMethodNotAllowed || !strings.Contains(r.body, `"status":405`) {
			t.Errorf("PUT: %d %s", r.status, r.body)
		}
	})
}

// TestOpenAPIIsServed fetches the document twice.
func TestOpenAPIIsServed(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.api(newContract(t, h.http.Client().Transport))
	const path = "/api/v1/openapi.json"
	first := h.get(client, path)
	first.check(t, "first", http.StatusOK, []string{`"openapi": "3.1.`}, nil)
	if !json.Valid([]byte(first.body)) {
		t.Error("not JSON")
	}
	tag := first.header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	for _, offered := range []string{tag, `"other", W/` + tag, "*"} {
		again := h.get(client, path, "If-None-Match", offered)
		again.check(t, offered, http.StatusNotModified, nil, []string{"openapi"})
	}
	h.get(client, path, "If-None-Match", `"other"`).check(t, "changed", http.StatusOK, []string{"openapi"}, nil)
}
