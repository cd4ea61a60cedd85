package httpd_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/limit"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

const jsonType = "application/json"

// send sends answers as JSON under a key.
func (h *harness) send(client *http.Client, code, key, body string, headers ...string) reply {
	h.t.Helper()
	headers = append([]string{"Content-Type", jsonType, "Idempotency-Key", key}, headers...)
	return h.post(client, "/api/v1/service-points/"+code+"/responses", body, headers...)
}

func (h *harness) newKey() string { return survey.NewID(h.clock.Now()) }

// quick is a body that answers the one question of the quick form.
func quick(level int) string {
	return fmt.Sprintf(`{"version":"quay-nhanh.1","answers":{"overall":%d}}`, level)
}

// remove takes out the response with the receipt in an answer of the API.
func (h *harness) remove(code, receipt string) {
	h.t.Helper()
	points, err := h.st.ServicePoints(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range points {
		if string(p.Code) == code {
			read, _ := agency.ParseCode(strings.Trim(strings.TrimPrefix(strings.TrimSpace(receipt), `{"receipt":`), `"}`))
			if err := h.st.RemoveResponse(h.t.Context(), p.ID, read); err != nil {
				h.t.Fatalf("%s: %v", receipt, err)
			}
		}
	}
}

// TestRemovedAnswersStayRemoved: a page that was left open sends again, and so
// does a client that never heard of the receipt.
func TestRemovedAnswersStayRemoved(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		client := h.api(newContract(t, h.http.Client().Transport))
		key := h.newKey()
		h.remove(codeLand, h.send(client, codeLand, key, quick(5)).body)
		for _, body := range []string{quick(5), quick(4)} {
			h.send(client, codeLand, key, body).check(t, "sent again", http.StatusGone, []string{`"status":410`, "rút ra"}, append(leaks, "receipt"))
		}
		page := h.client()
		form := h.openForm(page, codeLand)
		form.Set("submission", key)
		form.Set("a.overall", "5")
		h.post(page, "/q/"+codeLand, form).check(t, "form sent again", http.StatusGone, []string{"rút ra"}, leaks)
		if n := h.responses(); n != 0 {
			t.Errorf("%d responses are kept, want none", n)
		}
	})
}

// TestAPIResponses sends answers, again, changed and elsewhere.
func TestAPIResponses(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		client := h.api(newContract(t, h.http.Client().Transport))
		key := h.newKey()

		first := h.send(client, codeLand, key, quick(5))
		first.check(t, "first", http.StatusCreated, []string{`{"receipt":"`}, nil)
		again := h.send(client, "datd-at23", strings.ToUpper(key), `{"answers":{"overall":5},"language":"vi","version":"quay-nhanh.1","comment":"  "}`)
		h.send(client, codeLand, `"`+key+`"`, quick(5)).check(t, "the same key in quotation marks", http.StatusOK, []string{first.body}, nil)
		again.check(t, "the same in other words", http.StatusOK, []string{first.body}, nil)
		h.send(client, codeLand, key, quick(1)).check(t, "changed", http.StatusConflict, []string{`"status":409`}, append(leaks, "receipt"))
		h.send(client, codeKiosk, key, quick(5)).check(t, "elsewhere", http.StatusCreated, []string{`{"receipt":"`}, []string{first.body})
		h.send(client, codeDesk, h.newKey(), `{"version":"quay-nhanh.1","language":"en","field":"dau-tu","procedure":"Cấp giấy phép",
			"answers":{"overall":2,"access":0,"staff":1,"reasons":["waiting","attitude"]},"comment":"<script>alert(1)</script> ${7*7} {{7*7}}"}`).
			check(t, "everything", http.StatusCreated, nil, nil)
		h.send(client, codeDesk, h.newKey(), quick(3)).check(t, "no field said", http.StatusCreated, nil, nil)
		h.send(client, codeSIPAS, h.newKey(), `{"version":"sipas.1","answers":{"access-signs":4,"access-seats":0}}`, "Content-Type", "application/json; charset=UTF-8").
			check(t, "the long survey", http.StatusCreated, nil, nil)
		if n := h.responses(); n != 5 {
			t.Errorf("%d responses are kept, want 5", n)
		}

		fresh := h.newKey()
		receipts, created := map[string]bool{}, 0
		var mu sync.Mutex
		var everybody sync.WaitGroup
		for range 50 {
			everybody.Go(func() {
				r := h.send(client, codeHospital, fresh, quick(4))
				mu.Lock()
				defer mu.Unlock()
				receipts[r.body] = true
				if r.status == http.StatusCreated {
					created++
				} else if r.status != http.StatusOK {
					t.Errorf("status %d: %s", r.status, r.body)
				}
			})
		}
		everybody.Wait()
		if n := h.responses(); n != 6 || created != 1 || len(receipts) != 1 {
			t.Errorf("50 times the same: %d responses, %d of them created, receipts %v", n, created, receipts)
		}
	})
}

// TestAPIResponsesRefused sends what must not be taken. Nothing of it is kept,
// and no answer shows the program's inside.
func TestAPIResponsesRefused(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		client := h.api(newContract(t, h.http.Client().Transport))
		refused := func(what string, r reply, status int, want ...string) {
			t.Helper()
			r.check(t, what, status, append(want, fmt.Sprintf(`"status":%d`, status), `"instance":"urn:uuid:`), leaks)
			if got := r.header.Get("Content-Type"); got != "application/problem+json; charset=utf-8" {
				t.Errorf("%s: content type %s", what, got)
			}
		}

		for answer, problem := range map[string]string{
			`"overall":6`: "out-of-scale", `"overall":-1`: "out-of-scale", `"overall":99999999999999999999`: "out-of-scale",
			`"overall":0`: "no-opinion-not-offered", `"overall":"5"`: "wrong-type", `"overall":5.0`: "wrong-type", `"overall":1e1`: "wrong-type",
			`"overall":true`: "wrong-type", `"overall":null`: "wrong-type", `"overall":[]`: "wrong-type", `"overall":[5]`: "wrong-type", `"overall":{"$gt":0}`: "wrong-type",
			`"overall":5,"overall":5`: "duplicate-key", `"access":5`: "required",
			`"overall":5,"reasons":"waiting"`: "wrong-type", `"overall":5,"reasons":["good"]`: "unknown-choice", `"overall":5,"reasons":["place","place"]`: "duplicate-choice",
			`"overall":5,"reasons":[` + strings.Repeat(`"place",`, 999) + `"place"]`: "too-many-choices",
			`"overall":5,"comment":7`: "wrong-type", `"overall":5,"comment":"a\u0000b"`: "control-character", `"overall":5,"comment":"\u202e"`: "control-character",
			`"overall":5,"comment":"\ud800"`: "bad-utf8", "\"overall\":5,\"comment\":\"\xff\"": "bad-utf8",
			`"overall":5,"comment":"` + strings.Repeat("ạ", 1001) + `"`: "too-long", `"overall":5,"access-signs":5`: "unknown-question",
			`"overall":5,"' OR 1=1--":5`: "unknown-question",
		} {
			r := h.send(client, codeLand, h.newKey(), `{"version":"quay-nhanh.1","answers":{`+answer+`}}`)
			refused(answer, r, http.StatusUnprocessableEntity, `"key":"`+problem+`"`)
		}
		for member, problem := range map[string]string{
			`"created_at":"2020-01-01T00:00:00Z"`: "server-field", `"ip":"10.0.0.1"`: "server-field", `"agency_id":1`: "server-field", `"score":100`: "server-field",
			`"status":"ok"`: "server-field", `"channel":"paper"`: "server-field", `"receipt":"AAAAAAAA"`: "server-field", `"day":"2020-01-01"`: "server-field",
			`"service_point_id":2`: "server-field", `"extra":1`: "unknown-field", `"language":"ja"`: "unknown-language", `"field":"y-te"`: "field-not-offered",
			`"comment":"a","comment":"b"`: "duplicate-key", `"procedure":"a\u0001"`: "control-character", `"version":"quay-nhanh.1"`: "duplicate-key",
		} {
			refused(member, h.send(client, codeLand, h.newKey(), `{"version":"quay-nhanh.1","answers":{"overall":5},`+member+`}`), http.StatusUnprocessableEntity, `"key":"`+problem+`"`)
		}
		for _, version := range []string{`"quay-nhanh.2"`, `"sipas.1"`, `""`, `"1"`, `"' OR 1=1--"`} {
			refused(version, h.send(client, codeLand, h.newKey(), `{"version":`+version+`,"answers":{"overall":5}}`), http.StatusUnprocessableEntity, `"key":"unknown-version"`)
		}
		for _, key := range []string{"1", "00000000-0000-0000-0000-000000000000", "018f6d3c-7a51-7c3e-9a53-0b7c64d0a11g", "018f6d3c7a517c3e9a530b7c64d0a111"} {
			refused(key, h.send(client, codeLand, key, quick(5)), http.StatusUnprocessableEntity, `"key":"submission-id"`)
		}
		path := "/api/v1/service-points/" + codeLand + "/responses"
		refused("no key", h.post(client, path, quick(5), "Content-Type", jsonType), http.StatusBadRequest, "Idempotency-Key")

		for _, body := range []string{"", "null", "[]", "5", `{"answers":`, quick(5) + "x", quick(5) + quick(5), "answers[overall]=5", "\x1f\x8b\x08\x00", strings.Repeat("[", 20000)} {
			refused(fmt.Sprintf("%.20q", body), h.send(client, codeLand, h.newKey(), body), http.StatusBadRequest)
		}
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/problem+json", "application/json; charset=utf-16", "json", "application/xml"} {
			refused("type "+kind, h.send(client, codeLand, h.newKey(), quick(5), "Content-Type", kind), http.StatusUnsupportedMediaType)
		}
		for _, coding := range []string{"gzip", "deflate", "br", "identity, gzip"} {
			refused("coding "+coding, h.send(client, codeLand, h.newKey(), quick(5), "Content-Encoding", coding), http.StatusUnsupportedMediaType)
		}
		refused("too large", h.send(client, codeLand, h.newKey(), `{"comment":"`+strings.Repeat("a", httpd.OrdinaryBody)+`"}`), http.StatusRequestEntityTooLarge)
		refused("just too large", h.send(client, codeLand, h.newKey(), quick(5)+strings.Repeat(" ", httpd.OrdinaryBody)), http.StatusRequestEntityTooLarge)
		for _, code := range []string{codeUnknown, codeClosed, "%00", "..%2f", "%27%20OR%201=1--", strings.Repeat("A", 3000)} {
			refused(code, h.send(client, code, h.newKey(), quick(5)), http.StatusNotFound)
		}
		if n := h.responses(); n != 0 {
			t.Errorf("%d responses are kept", n)
		}
		truncated(t, h)
	})
}

// truncated breaks off in the middle of a body.
func truncated(t *testing.T, h *harness) {
	t.Helper()
	address := strings.TrimPrefix(h.url, "http://")
	conn, err := net.DialTimeout("tcp", address, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /api/v1/service-points/%s/responses HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"+
		"Idempotency-Key: %s\r\nContent-Length: 500\r\nConnection: close\r\n\r\n%s", codeLand, address, h.newKey(), quick(5))
	if tcp, ok := conn.(*net.TCPConn); ok {
		if err := tcp.CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(answer), "HTTP/1.1 400 ") || h.responses() != 0 {
		t.Errorf("a truncated body: %.200s", answer)
	}
}

// TestAPIResponsesLimited: the API takes from the same buckets as the form, and
// its answers say when to come back.
func TestAPIResponsesLimited(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st, func(d *httpd.Deps) {
			rate, err := limit.ParseRate("2/1m")
			if err != nil {
				t.Fatal(err)
			}
			d.Limits.Point = rate
		})
		client := h.api(newContract(t, h.http.Client().Transport))
		h.send(client, codeLand, h.newKey(), quick(5)).check(t, "first", http.StatusCreated, nil, nil)
		browser := h.client()
		page := h.post(browser, "/q/"+codeLand, url.Values{
			"submission": {h.newKey()}, "version": {"quay-nhanh.1"}, "language": {"vi"}, "a.overall": {"4"},
		})
		page.check(t, "by the form", http.StatusSeeOther, nil, nil)
		key := h.newKey()
		r := h.send(client, "datd-at23", key, quick(5))
		r.check(t, "third", http.StatusTooManyRequests, []string{`"status":429`}, leaks)
		if seconds := r.header.Get("Retry-After"); seconds != "30" {
			t.Errorf("Retry-After %q, want 30", seconds)
		}
		h.send(client, codeKiosk, h.newKey(), quick(5)).check(t, "another point", http.StatusCreated, nil, nil)
		h.clock.Advance(time.Minute)
		h.send(client, codeLand, key, quick(5)).check(t, "later", http.StatusCreated, nil, nil)
	})
}

// TestAPIResponsesUnavailable: what cannot be kept is refused in a way that
// tells clients to try again.
func TestAPIResponsesUnavailable(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.api(newContract(t, h.http.Client().Transport))
	key := h.newKey()
	if err := h.deps.Intake.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := h.send(client, codeLand, key, quick(5))
	r.check(t, "draining", http.StatusServiceUnavailable, []string{`"status":503`}, leaks)
	if r.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
