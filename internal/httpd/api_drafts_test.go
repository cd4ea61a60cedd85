package httpd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/exchange"
	"sipas/internal/studio"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// draft makes a draft of the survey that counters ask.
func (h *harness) draft() studio.Info {
	h.t.Helper()
	versions := h.snapshot().Versions("quay-nhanh")
	info, err := h.deps.Studio.Create(context.Background(), testkit.Author(), studio.Origin{Version: versions[len(versions)-1]})
	if err != nil {
		h.t.Fatal(err)
	}
	return info
}

const draftsAPI = "/api/v1/drafts"

// fileForm is a file as a form sends it.
func fileForm(t testing.TB, content []byte) (body, contentType string) {
	t.Helper()
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	part, err := form.CreateFormFile("file", "phieu")
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), form.FormDataContentType()
}

// tryDrafts sees every status that the document describes of drafts.
func (h *harness) tryDrafts(client *http.Client, administrator, viewer []string) {
	h.t.Helper()
	one := draftsAPI + "/1"
	h.draft()
	for _, path := range []string{draftsAPI, one, one + "/operations", one + "/differences", one + "/simulation"} {
		for _, who := range [][]string{administrator, viewer, nil} {
			h.get(client, path, who...)
		}
		h.get(client, path+"?nothing=1", administrator...)
		h.get(client, strings.Replace(path, one, draftsAPI+"/999", 1), administrator...)
	}
	for path, body := range map[string]string{
		draftsAPI: `{"from":"library","survey":"sipas"}`, one + "/operations": `{"base":0,"do":"set","element":"e2","field":"text","language":"vi","value":"Một"}`,
		one + "/undo": "{}", one + "/redo": "{}", one + "/publish": `{"revision":0,"over":1}`, one + "/archived": `{"archived":false}`,
	} {
		method := http.MethodPost
		if strings.HasSuffix(path, "/archived") {
			method = http.MethodPut
		}
		plain := append(administrator[:2:2], "Content-Type", "text/plain")
		large := strings.Repeat(" ", 1<<20+1)
		for _, try := range []struct {
			body string
			who  []string
		}{{body, []string{"Content-Type", jsonType}}, {body, viewer}, {"x", administrator}, {large, administrator}, {body, plain}, {`{"colour":1}`, administrator}} {
			h.do(client, method, path, try.body, try.who...)
		}
		h.do(client, method, strings.Replace(path, one, draftsAPI+"/999", 1), body, administrator...)
	}
	var library bytes.Buffer
	all, err := surveys.Library()
	if err == nil {
		err = surveys.Encode(&library, all[0])
	}
	if err != nil {
		h.t.Fatal(err)
	}
	for _, content := range [][]byte{library.Bytes(), []byte("khong phai phieu"), make([]byte, exchange.MaxBytes+1)} {
		body, contentType := fileForm(h.t, content)
		h.post(client, draftsAPI+"/files", body, append(administrator[:2:2], "Content-Type", contentType)...)
		if len(content) < 1<<20 {
			h.post(client, draftsAPI+"/files", body, append(viewer[:2:2], "Content-Type", contentType)...)
			h.post(client, draftsAPI+"/files", body, "Content-Type", contentType)
			h.post(client, draftsAPI+"/files", body[:len(body)/2], append(administrator[:2:2], "Content-Type", contentType)...)
		}
	}
	body, contentType := fileForm(h.t, library.Bytes())
	for _, path := range []string{"/files?dry_run=1", "/files?dry_run=2", "/files?next=1", "/files?nothing=1"} {
		h.post(client, draftsAPI+path, body, append(administrator[:2:2], "Content-Type", contentType)...)
	}
	h.post(client, draftsAPI+"/files", "x", append(administrator[:2:2], "Content-Type", "text/plain")...)
	for path, status := range map[string]int{
		"/drafts/1/file?format=yaml": 200, "/drafts/1/file?format=spss": 400, "/drafts/1/file?format=yaml&x=1": 400, "/drafts/999/file?format=yaml": 404,
		"/surveys/quay-nhanh/file?format=yaml": 200, "/surveys/quay-nhanh/file?format=exe": 400, "/surveys/ghost/file?format=yaml": 404, "/surveys/khmer/file?format=paper&lang=km": 409,
	} {
		h.get(client, "/api/v1"+path, administrator...).check(h.t, path, status, nil, leaks)
		h.get(client, "/api/v1"+path, viewer...)
		h.get(client, "/api/v1"+path)
	}
	blank := h.post(client, draftsAPI, `{"from":"blank"}`, administrator...).header.Get("Location")
	h.get(client, blank+"/file?format=yaml", administrator...).check(h.t, "a blank draft", http.StatusUnprocessableEntity, nil, leaks)
	khmer := h.post(client, draftsAPI, `{"from":"version","survey":"khmer"}`, administrator...).header.Get("Location")
	h.get(client, khmer+"/file?format=paper&lang=km", administrator...).check(h.t, "a draft that no font can write", http.StatusConflict, nil, leaks)
	h.workOn(client, h.token(access.Designer, 0))
}

// workOn has an administrator and a designer work on one draft, from its beginning to
// what is published.
func (h *harness) workOn(client *http.Client, designer []string) {
	h.t.Helper()
	person, administrator := h.signedIn(h.account(access.Administrator, 0)), []string{"Content-Type", jsonType}
	person.Transport = client.Transport
	designer = append(designer, "Content-Type", jsonType)
	begun := h.post(person, draftsAPI, `{"from":"version","survey":"quay-nhanh"}`, administrator...)
	begun.check(h.t, "begin", http.StatusCreated, []string{`"continues":"quay-nhanh"`, `"revision":0`}, leaks)
	one := begun.header.Get("Location")
	var drawn struct {
		Elements []struct{ Key, Kind string }
		Problems []any
	}
	if err := json.Unmarshal([]byte(h.get(client, one, designer...).body), &drawn); err != nil {
		h.t.Fatal(err)
	}
	question := ""
	for _, e := range drawn.Elements {
		if e.Kind == "question" && question == "" {
			question = e.Key
		}
	}
	if question == "" || len(drawn.Problems) > 0 {
		h.t.Fatalf("%+v", drawn)
	}
	text := func(base, value string) string {
		return `{"base":` + base + `,"sent":"` + value + `","do":"set","element":"` + question + `","field":"text","language":"vi","value":"` + value + `"}`
	}
	const details = "application/problem+json; charset=utf-8"
	for range 2 {
		h.post(person, one+"/operations", text("0", "Của quản trị"), administrator...).check(h.t, "the first", http.StatusOK, []string{`"revision":1`}, leaks)
	}
	h.post(client, one+"/operations", text("0", "Của người soạn"), designer...).check(h.t, "the second", http.StatusConflict,
		[]string{`"text":"Của quản trị"`, `"text":"Của người soạn"`, `"field":"text","language":"vi"`, `"revision":1`}, leaks)
	h.post(client, one+"/operations", text("1", "Của người soạn"), designer...).check(h.t, "knowing of it", http.StatusOK, []string{`"was":"Của quản trị"`}, leaks)
	if met := h.post(person, one+"/undo", "{}", administrator...); met.status != http.StatusConflict || met.header.Get("Content-Type") != details {
		h.t.Errorf("undoing what another changed: %d %s", met.status, met.body)
	}
	h.post(client, one+"/undo", "{}", designer...).check(h.t, "undo", http.StatusOK, []string{`"undoes":2`}, leaks)
	h.post(person, one+"/operations", text("3", "Của quản trị, sau"), administrator...).check(h.t, "again", http.StatusOK, []string{`"revision":4`}, leaks)
	h.post(client, one+"/redo", "{}", designer...).check(h.t, "redo over it", http.StatusConflict, []string{`"theirs"`}, leaks)
	h.post(person, one+"/undo", "{}", administrator...).check(h.t, "undo", http.StatusOK, []string{`"undoes":4`}, leaks)
	h.post(client, one+"/redo", "{}", designer...).check(h.t, "redo", http.StatusOK, []string{`"undoes":3`}, leaks)
	h.get(client, one+"/operations?after=4", designer...).check(h.t, "operations", http.StatusOK, []string{`"revision":5`, `"revision":6`}, append(leaks, `"revision":4,`))
	h.get(client, one+"/differences", designer...).check(h.t, "differences", http.StatusOK, []string{`"version":"quay-nhanh.1"`, `"sort":"wording"`, `"now":"Của người soạn"`, `"breaks":true`}, leaks)
	h.get(client, one+"/differences?version=9", designer...).check(h.t, "differences of nothing", http.StatusNotFound, nil, leaks)

	h.get(client, one+"/simulation?citizens=50&seed=2", designer...).check(h.t, "a simulation", http.StatusOK,
		[]string{`"citizens":50,"seed":2,"refused":0`, `{"question":"overall","section":"overall","reached":50,"never":false}`, `"satisfied":{"overall":{"value":100}`}, leaks)
	h.get(client, one+"/simulation?citizens=10001", designer...).check(h.t, "too many citizens", http.StatusBadRequest, nil, leaks)

	empty := `{"base":6,"do":"set","element":"` + question + `","field":"text","language":"vi","value":""}`
	h.post(client, one+"/operations", empty, designer...).check(h.t, "empty", http.StatusOK, nil, leaks)
	h.get(client, one+"/simulation", designer...).check(h.t, "a simulation of what has faults", http.StatusUnprocessableEntity, []string{`"where":"` + question}, leaks)
	h.post(client, one+"/publish", `{"revision":7,"over":1}`, designer...).check(h.t, "without a text", http.StatusUnprocessableEntity, []string{`"where":"` + question + `.text@vi"`, `"key":"no-text"`}, leaks)
	h.post(client, one+"/publish", `{"revision":6}`, designer...).check(h.t, "without knowing of version 1", http.StatusConflict, nil, leaks)
	h.post(client, one+"/publish", `{"revision":6,"over":1}`, designer...).check(h.t, "publish", http.StatusOK, []string{`"version":"quay-nhanh.2"`}, leaks)
	if newest := h.snapshot().Newest("quay-nhanh"); newest.Number != 2 || !strings.Contains(newest.Questions()[0].Text["vi"], "Của người soạn") {
		h.t.Errorf("published %s: %+v", newest.Name(), newest.Questions()[0].Text)
	}
	h.do(client, http.MethodPut, one+"/archived", `{"archived":true}`, designer...).check(h.t, "archive", http.StatusOK, []string{`"archived":true`}, leaks)
	h.post(client, one+"/operations", text("7", "Nữa"), designer...).check(h.t, "archived", http.StatusConflict, nil, leaks)
	h.get(client, draftsAPI+"?archived=1", designer...).check(h.t, "archived", http.StatusOK, []string{`"survey":"quay-nhanh"`}, leaks)
	for body, status := range map[string]int{
		`{"from":"blank","languages":["vi","en"],"method":"pooled"}`: http.StatusCreated, `{"from":"copy","survey":"quay-nhanh","version":1}`: http.StatusCreated,
		`{"from":"copy","survey":"quay-nhanh","version":9}`: 422, `{"from":"library","survey":"khong-co"}`: 422, `{"from":"moon"}`: 422, `{"from":"blank","from":"blank"}`: 422,
	} {
		h.post(client, draftsAPI, body, designer...).check(h.t, body, status, nil, leaks)
	}
}
