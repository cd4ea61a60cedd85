package httpd_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"sipas/internal/agency"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// longSurvey asks so many questions in five languages, twenty to a section. No two have the
// same words: texts that are alike would weigh next to nothing on the wire.
func longSurvey(questions int) survey.Definition {
	draw := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ông bà hài lòng mức nào việc này thời gian giải quyết hồ sơ cán bộ hướng dẫn thủ tục đất đai xây dựng tiếp nhận trả kết quả đúng hẹn phí lệ công khai nơi ngồi chờ thái độ lịch sự")
	text := func(s string) agency.Text {
		t := agency.Text{}
		for _, l := range []string{"vi", "en", "km", "zh", "ko"} {
			t[l] = s + " " + l
			for range 10 {
				t[l] += " " + syllables[draw.IntN(len(syllables))]
			}
		}
		return t
	}
	d := survey.Definition{Key: "dai", Languages: []string{"vi", "en", "km", "zh", "ko"}, Title: text("Khảo sát dài"), Method: "sipas-2023"}
	for i := range questions {
		if i%20 == 0 {
			d.Sections = append(d.Sections, survey.Section{Key: fmt.Sprint("p", i/20), Title: text(fmt.Sprint("Phần ", i/20+1))})
		}
		s := &d.Sections[i/20]
		s.Questions = append(s.Questions, survey.Question{Key: fmt.Sprint("c", i), Type: "scale5", Text: text(fmt.Sprint("Câu ", i+1))})
	}
	return d
}

// designsLong is a designer with a draft of 200 questions in five languages.
func (h *harness) designsLong() designer {
	h.t.Helper()
	d := h.designs(url.Values{"from": {"blank"}})
	info, err := h.deps.Studio.Create(h.t.Context(), testkit.Author(), studio.Origin{Definition: longSurvey(200)})
	if err != nil {
		h.t.Fatal(err)
	}
	d.draft = fmt.Sprint("/khao-sat/soan/", info.ID)
	return d
}

// slowed makes the processor of a tab so many times as slow.
func slowed(times float64) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: times})
		return err
	})
}

// awaited runs a script that promises numbers.
func awaited(b tab, script string) []float64 {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]float64](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// worked are the milliseconds of the processor that the main thread of a tab has taken until now.
func (b tab) worked() map[string]float64 {
	b.t.Helper()
	all := map[string]float64{}
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		got, err := cdp.Call(ctx, target, performance.GetMetrics, cdp.Empty{})
		if err == nil {
			for _, m := range got.Metrics {
				all[m.Name] = 1000 * m.Value
			}
		}
		return err
	}))
	return all
}

// painted is how many milliseconds after the request the first content of a page was
// painted, and when its answer was there.
const painted = `new Promise(done => new PerformanceObserver(list => {
	const at = list.getEntriesByName("first-contentful-paint")[0];
	if (at) done([at.startTime, performance.getEntriesByType("navigation")[0].responseEnd]);
}).observe({type: "paint", buffered: true}))`

// operated changes a field and leaves it, as a person does, and gives the milliseconds
// until the answer is painted, until it was there, and those of the last until it was put in.
const operated = `(async (id, text) => {
	const field = document.getElementById(id);
	field.focus();
	field.value = text;
	performance.clearResourceTimings();
	const begun = performance.now();
	field.dispatchEvent(new Event("change", {bubbles: true}));
	await new Promise(done => new MutationObserver(() => "busy" in document.getElementById("thiet-ke").dataset || done()).observe(document.getElementById("thiet-ke"), {attributes: true}));
	const put = performance.now();
	await new Promise(done => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); }));
	const shown = performance.now(), got = performance.getEntriesByType("resource").find(e => e.initiatorType === "fetch");
	return [shown - begun, got.responseEnd - begun, put - got.responseEnd];
})(%q, %q)`

// idle is what an operation on an empty page takes that asks nobody.
const idle = `(async () => {
	const begun = performance.now();
	document.body.append("x");
	await new Promise(done => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); }));
	return [performance.now() - begun];
})()`

// BenchmarkTheDesignersPage measures in Chromium how soon the page of a draft of 200
// questions in five languages is painted, and an operation on it, beside an empty page:
//
//	go test ./internal/httpd -run '^$' -bench TheDesignersPage -benchtime 40x
//
// What other programs take of the machine is in every figure but those that begin with
// "cpu": they are what the processor worked on the page for one operation.
func BenchmarkTheDesignersPage(b *testing.B) {
	h := newHarness(b, testkit.SQLite(b))
	d := h.designsLong()
	empty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>x</title><p>x")
	}))
	b.Cleanup(empty.Close)
	for _, times := range []float64{1, 4} {
		b.Run(fmt.Sprintf("slowed=%.0f", times), func(b *testing.B) {
			t := tab{b, testkit.Browser(b, testkit.Desktop)}
			t.do(d.withCookie(d.client), chromedp.Navigate(empty.URL), slowed(times))
			all := map[string][]float64{}
			note := func(what string, ms float64) { all[what] = append(all[what], ms) }
			for range 8 {
				t.do(chromedp.Navigate(empty.URL))
				note("empty-paint", awaited(t, painted)[0])
				note("empty-op", awaited(t, idle)[0])
				t.do(chromedp.Navigate(h.url + d.draft + "?chon=e2&view=sua"))
				at := awaited(t, painted)
				note("page-paint", at[0])
				note("page-answer", at[1])
			}
			n := 0
			t.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
				_, err := cdp.Call(ctx, target, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
				return err
			}))
			before := t.worked()
			for b.Loop() {
				took := awaited(t, fmt.Sprintf(operated, "f-e2-text-vi-o", fmt.Sprint("Câu hỏi mới ", n)))
				n++
				note("op-painted", took[0])
				note("op-answer", took[1])
				note("op-put", took[2])
			}
			after := t.worked()
			for _, what := range []string{"TaskDuration", "LayoutDuration", "RecalcStyleDuration", "ScriptDuration"} {
				b.ReportMetric((after[what]-before[what])/float64(n), "cpu-"+what+"-ms")
			}
			for what, list := range all {
				slices.Sort(list)
				b.ReportMetric(list[len(list)/2], what+"-ms")
				b.ReportMetric(list[(len(list)*95-1)/100], what+"-p95-ms")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
