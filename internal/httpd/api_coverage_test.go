package httpd_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/limit"
	"sipas/internal/testkit"
)

// TestAPIContract sees every operation and status that the document describes,
// except faults and what only bad luck brings about.
func TestAPIContract(t *testing.T) {
	t.Parallel()
	rate, err := limit.ParseRate("1/1m")
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t, testkit.SQLite(t), func(d *httpd.Deps) { d.Limits.Point = rate })
	seen := newContract(t, h.http.Client().Transport)
	client := h.api(seen)
	administrator := append(h.token(access.Administrator, 0), "Content-Type", jsonType)
	viewer := append(h.token(access.Viewer, h.environment.ID), "Content-Type", jsonType)
	const (
		points       = "/api/v1/service-points"
		board        = "/api/v1/board"
		publications = "/api/v1/publications"
	)
	tooLarge := strings.Repeat(" ", httpd.OrdinaryBody+1)

	tag := h.get(client, "/api/v1/openapi.json").header.Get("ETag")
	h.get(client, "/api/v1/openapi.json", "If-None-Match", tag)
	h.get(client, points+"/"+codeLand+"/form")
	h.get(client, points+"/"+codeUnknown+"/form")

	ended := []string{httpd.EntryHeader, h.entryLink(codeStaff, h.clock.Now())}
	h.get(client, points+"/"+codeStaff+"/form", ended...).check(t, "form, ended link", http.StatusForbidden, nil, leaks)
	h.send(client, codeStaff, h.newKey(), quick(5), ended...).check(t, "answers, ended link", http.StatusForbidden, nil, leaks)

	h.officialsOfBoth()
	for _, try := range []struct {
		code, body string
		headers    []string
	}{
		{codeLand, `{"official":"` + officialHere + `"}`, administrator}, {codeLand, `{"official":null}`, administrator}, {codeLand, "{}", administrator},
		{codeLand, "x", administrator}, {codeLand, tooLarge, administrator}, {codeUnknown, "{}", administrator},
		{codeLand, "{}", append(administrator[:2:2], "Content-Type", "text/plain")}, {codeLand, "{}", viewer}, {codeLand, "{}", []string{"Content-Type", jsonType}},
	} {
		h.do(client, http.MethodPut, points+"/"+try.code+"/serving", try.body, try.headers...)
	}

	key := h.newKey()
	for _, try := range []struct {
		status     int
		code, body string
		headers    []string
	}{
		{201, codeLand, quick(5), nil},
		{200, codeLand, quick(5), nil},
		{409, codeLand, quick(4), nil},
		{422, codeLand, "{}", nil},
		{400, codeLand, "x", nil},
		{413, codeLand, tooLarge, nil},
		{415, codeLand, quick(5), []string{"Content-Type", "text/plain"}},
		{404, codeUnknown, quick(5), nil},
	} {
		h.send(client, try.code, key, try.body, try.headers...).check(t, try.body[:1], try.status, nil, leaks)
		h.clock.Advance(time.Minute)
	}
	gone := h.newKey()
	h.remove(codeLand, h.send(client, codeLand, gone, quick(5)).body)
	h.clock.Advance(time.Minute)
	h.send(client, codeLand, gone, quick(5)).check(t, "taken out", http.StatusGone, nil, leaks)
	h.clock.Advance(time.Minute)
	h.send(client, codeLand, h.newKey(), quick(5))
	h.send(client, codeLand, h.newKey(), quick(5)).check(t, "at once again", http.StatusTooManyRequests, nil, leaks)

	h.year2025()
	detail := h.get(client, board+"?year=2025&detail=1", administrator...)
	for name := range loadOpenAPI(t).Components.Schemas["Row"].Value.Properties {
		detail.check(t, "described and seen", http.StatusOK, []string{`"` + name + map[bool]string{true: `":{"n1"`, false: `":[{"`}[name == "levels"]}, nil)
	}
	h.get(client, board+"?year=2025&detail=1", viewer...)
	h.get(client, board+"?year=x", viewer...)
	h.get(client, board+"?agency=tinh", viewer...)
	for _, who := range [][]string{administrator, viewer, nil} {
		h.get(client, points, who...)
		h.get(client, board, who...)
		h.post(client, publications, `{"year":2025}`, who...)
		h.do(client, http.MethodDelete, publications+"/2025/Y", nil, who...)
	}
	h.clerks("")
	h.served(40, 5, 4)
	const figures = "/api/v1/officials/" + clerk + "/figures"
	head := h.token(access.Manager, h.environment.ID)
	h.get(client, figures, head...).check(t, "an official's figures", http.StatusOK, []string{`"months":[{"month":"2025-05"`}, leaks)
	h.get(client, figures+"?year=x", head...)
	h.get(client, figures, viewer...)
	h.get(client, figures)
	h.khmer()
	const sheets = "/api/v1/surveys/"
	for path, status := range map[string]int{
		"quay-nhanh/sheet?lang=en&point=" + codeLand: 200, "quay-nhanh/sheet?lang=km": 400, "ghost/sheet": 404, "quay-nhanh/sheet?version=9": 404, "khmer/sheet?lang=km": 409,
	} {
		h.get(client, sheets+path, viewer...).check(t, path, status, map[bool][]string{true: {"%PDF"}}[status == http.StatusOK], nil)
	}
	h.get(client, sheets+"quay-nhanh/sheet")
	h.get(client, "/api/v1/published")
	h.tryDrafts(client, administrator, viewer)
	for _, body := range []string{"x", `{"year":true}`, tooLarge} {
		h.post(client, publications, body, administrator...)
	}
	h.post(client, publications, "{}", h.token(access.Administrator, 0)...)
	h.do(client, http.MethodDelete, publications+"/2025/Y", nil, administrator...)
	h.do(client, http.MethodDelete, publications+"/2025/x", nil, administrator...)

	const campaigns = "/api/v1/campaigns"
	h.get(client, campaigns)
	h.get(client, campaigns, viewer...)
	coming := `{"name":{"vi":"Đợt"},"first_day":"2025-12-01","last_day":"2025-12-31","version":"quay-nhanh"}`
	now := strings.Replace(coming, "2025-12-01", "2025-11-20", 1)
	for _, body := range []string{coming, now, "x", "{}", tooLarge + strings.Repeat(tooLarge, 16)} {
		h.post(client, campaigns, body, administrator...)
		h.do(client, http.MethodPut, campaigns+"/1", body, administrator...)
	}
	plain := append(administrator[:2:2], "Content-Type", "text/plain")
	for _, try := range []struct {
		method, path, body string
	}{
		{http.MethodPost, campaigns, coming}, {http.MethodPut, campaigns + "/1", coming}, {http.MethodPut, campaigns + "/9", coming},
		{http.MethodPost, campaigns + "/1/end", "{}"}, {http.MethodPost, campaigns + "/3/end", "{}"}, {http.MethodPost, campaigns + "/9/end", "{}"},
		{http.MethodPost, campaigns + "/1/end", "x"}, {http.MethodPost, campaigns + "/1/end", tooLarge + strings.Repeat(tooLarge, 16)},
		{http.MethodDelete, campaigns + "/3", ""}, {http.MethodDelete, campaigns + "/9", ""}, {http.MethodDelete, campaigns + "/1", ""},
	} {
		for _, headers := range [][]string{{"Content-Type", jsonType}, append(viewer[:len(viewer):len(viewer)], "Content-Type", jsonType), plain, administrator} {
			h.do(client, try.method, try.path, try.body, headers...)
		}
	}

	if err := h.deps.Intake.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(time.Minute)
	h.send(client, codeLand, h.newKey(), quick(5)).check(t, "draining", http.StatusServiceUnavailable, nil, leaks)

	seen.complete("500", "readForm 503", "listServicePoints 503", "setServing 503", "listCampaigns 503", "addCampaign 503", "changeCampaign 503", "removeCampaign 503", "endCampaign 503", "readBoard 503", "readServed 503", "printSheet 503", "readPublished 503", "publish 409", "publish 503", "withdraw 503",
		"listDrafts 503", "createDraft 503", "importDraft 503", "readDraft 503", "listOperations 503", "operate 503", "undo 503", "redo 503", "compareDraft 503", "simulateDraft 503", "publishDraft 503", "archiveDraft 503", "exportSurvey 503", "exportDraft 503")
}
