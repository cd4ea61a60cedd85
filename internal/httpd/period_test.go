package httpd_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// quarters gives land answers around the ends of quarters of both calendars, in
// groups that are complete: 10, 20, 40, 80, 160 people, so that a sum says whose
// they are.
func (h *harness) quarters() {
	h.t.Helper()
	h.aim("3612/KH-UBND 2021-09-29", "dat-dai", 8500, "")
	h.crowds(
		crowd{codeLand, "dat-dai", "2024-12-14", 10, 0}, crowd{codeLand, "dat-dai", "2024-12-15", 20, 0},
		crowd{codeLand, "dat-dai", "2025-01-01", 40, 0}, crowd{codeLand, "dat-dai", "2025-03-14", 80, 0},
		crowd{codeLand, "dat-dai", "2025-03-15", 160, 0},
	)
}

// TestPeriodsOfTheBoard: the board counts exactly the days of the period, be it
// of the civil calendar, of the reports or named by its days; it says which, and
// every address on it leads to the same period.
func TestPeriodsOfTheBoard(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.quarters()
		words := loadCatalogues(t).For("vi")
		client, api := h.signedIn(h.account(access.Viewer, 0)), h.api(newContract(t, h.http.Client().Transport))
		token := h.token(access.Viewer, 0)
		for _, row := range []struct {
			address, n, said, document, keeps string
		}{
			{"year=2025&period=Q1", "n = 280", "Quý 1/2025<", `"year":2025,"period":"Q1","from":"2025-01-01","to":"2025-03-31"`, "period=Q1&amp;"},
			{"year=2025&period=Q1&calendar=report", "n = 140", "Quý 1/2025 (kỳ báo cáo 15/12/2024 – 14/3/2025)<", `"year":2025,"period":"RQ1","calendar":"report","from":"2024-12-15","to":"2025-03-14"`, "period=RQ1&amp;"},
			{"year=2025&period=RQ1", "n = 140", "Quý 1/2025 (kỳ báo cáo 15/12/2024 – 14/3/2025)<", `"period":"RQ1","calendar":"report"`, "period=RQ1&amp;"},
			{"year=2025&calendar=report", "n = 300", "Năm 2025 (kỳ báo cáo 15/12/2024 – 14/12/2025)<", `"year":2025,"period":"RY","calendar":"report","from":"2024-12-15","to":"2025-12-14"`, "period=RY&amp;"},
			{"year=2024&calendar=report&period=Q4", "n = 10", "Quý 4/2024 (kỳ báo cáo 15/9/2024 – 14/12/2024)<", `"from":"2024-09-15","to":"2024-12-14"`, "period=RQ4&amp;"},
			{"from=2025-03-01&to=2025-03-14", "n = 80", "Từ 1/3/2025 đến 14/3/2025<", `"year":2025,"period":"20250301-20250314","from":"2025-03-01","to":"2025-03-14"`, "from=2025-03-01&amp;"},
			{"from=2024-12-01&to=2025-01-14", "n = 70", "Từ 1/12/2024 đến 14/1/2025<", `"year":2024,"period":"20241201-20250114","from":"2024-12-01","to":"2025-01-14"`, "to=2025-01-14"},
			{"year=2024&period=20241201-20250114", "n = 70", "Từ 1/12/2024 đến 14/1/2025<", `"year":2024,"period":"20241201-20250114"`, "to=2025-01-14"},
		} {
			page := h.get(client, "/bang?lang=vi&field=dat-dai&"+row.address)
			page.check(t, row.address, http.StatusOK, []string{"<small>" + row.said, "/bang?"}, nil)
			page.section(`id="FIELD.quay-nhanh.dat-dai"`, "</details>").check(t, row.address, http.StatusOK, []string{row.n + "<"}, nil)
			for i, link := range strings.Split(page.body, `href="/bang?`)[1:] {
				address, _, _ := strings.Cut(link, `"`)
				if !strings.Contains(address+"&amp;", row.keeps) && !strings.HasSuffix(address, "lang=en") { // the other language, by the address as it is
					t.Errorf("%s: link %d leads to %s", row.address, i, address)
				}
			}
			h.get(api, "/api/v1/board?field=dat-dai&"+row.address, token...).check(t, row.address, http.StatusOK,
				[]string{row.document, `"field":"dat-dai","n":` + strings.TrimPrefix(row.n, "n = ") + `,`}, nil)
		}
		for _, bad := range []struct{ address, key string }{
			{"from=2025-03-02&to=2025-03-14", "error.span"}, {"from=2025-03-01&to=2025-03-15", "error.span"}, {"from=2025-03-01", "error.span"},
			{"to=2025-03-14", "error.span"}, {"from=2025-03-15&to=2025-03-14", "error.span"}, {"from=2020-01-01&to=2025-01-14", "error.span"},
			{"from=2025-03-01%00&to=2025-03-14", "error.span"},
			{"year=2025&from=2025-03-01&to=2025-03-14", "error.query"}, {"calendar=report&from=2025-03-01&to=2025-03-14", "error.query"},
			{"year=2025&calendar=lunar", "error.query"}, {"year=2025&calendar=report&period=M01", "error.query"},
			{"year=2025&period=RM01", "error.query"}, {"year=2025&period=20241201-20250114", "error.query"},
		} {
			said := words.T(bad.key)
			h.get(client, "/bang?lang=vi&"+bad.address).check(t, bad.address, http.StatusBadRequest, []string{said}, leaks)
			h.get(api, "/api/v1/board?lang=vi&"+bad.address, token...).check(t, bad.address, http.StatusBadRequest, []string{said}, append(leaks, "rows"))
		}
		h.get(api, "/api/v1/board?lang=vi&from=1/3/2025&to=14/3/2025", token...).check(t, "a program writes days in one way", http.StatusBadRequest, []string{words.T("error.span")}, append(leaks, "rows"))
	})
}

// TestPeriodIsChosen: without a script. The list has both calendars, days have a
// form of their own, and neither names what the other does.
func TestPeriodIsChosen(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.quarters()
	client := h.signedIn(h.account(access.Viewer, 0))
	const first, second, end = `<form class="filters"`, `<details class="otherwise">`, "</details>"
	named := h.get(client, "/bang?lang=vi&year=2025&period=RQ1&field=dat-dai")
	named.section(first, second).check(t, "by name", http.StatusOK, []string{
		`<optgroup label="Kỳ dương lịch"><option value="">Cả năm</option>`, `<option value="M12">Tháng 12</option></optgroup>`,
		`<optgroup label="Kỳ báo cáo (Bộ Nội vụ)"><option value="RY">Cả năm (15/12 – 14/12)</option>`,
		`<option value="RQ1" selected>Quý 1 (15/12 – 14/3)</option>`, `<option value="2025" selected>`,
	}, []string{`name="from"`, "RM"})
	named.section(second, end).check(t, "days beside it", http.StatusOK, []string{
		"Khoảng ngày khác", `name="from" value="15/12/2024"`, `name="to" value="14/3/2025"`, `<input type="hidden" name="field" value="dat-dai">`,
	}, []string{`name="year"`, `name="period"`})
	days := h.get(client, "/bang?lang=vi&from=2025-03-01&to=2025-03-14&field=dat-dai")
	h.get(client, "/bang?lang=vi&from=1/3/2025&to=14-03-2025&field=dat-dai").section(first, second).check(t, "as people write them", http.StatusOK, []string{`name="from" value="1/3/2025"`}, nil)
	days.section(first, second).check(t, "by days", http.StatusOK,
		[]string{`name="from" value="1/3/2025"`, `name="to" value="14/3/2025"`, `name="field"`}, []string{`name="year"`, `name="period"`})
	days.section(second, end).check(t, "a name beside it", http.StatusOK,
		[]string{"Chọn theo kỳ", `name="period"`, `<option value="2025" selected>`, `<input type="hidden" name="field" value="dat-dai">`}, []string{`name="from"`})

	const next = `<option value="2026">`
	h.get(client, "/bang?year=2025").check(t, "in November", http.StatusOK, nil, []string{next})
	h.clock.Advance(25 * 24 * time.Hour)
	h.get(h.signedIn(h.account(access.Viewer, 0)), "/bang?year=2025").check(t, "the first quarter of the reports has begun", http.StatusOK, []string{next}, nil)
}

// TestPeriodsArePublished: a quarter of the reports is another than the civil one
// of its name, and so is a span; each is published and taken back by itself.
func TestPeriodsArePublished(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.quarters()
		admin, nobody := h.signedIn(h.account(access.Administrator, 0)), h.client()
		const reported, span = "Quý 1/2025 (kỳ báo cáo 15/12/2024 – 14/3/2025)", "Từ 1/3/2025 đến 14/3/2025"
		page := h.get(admin, "/bang?lang=vi&year=2025&period=RQ1")
		page.check(t, "board", http.StatusOK, []string{"/bang/cong-bo?year=2025&amp;period=RQ1"}, nil)
		for _, address := range []string{"year=2025&period=RQ1", "year=2025&period=Q1&calendar=report"} {
			h.get(admin, "/bang/cong-bo?lang=vi&"+address).check(t, address, http.StatusOK,
				[]string{"Công bố kết quả: " + reported, `name="period" value="RQ1"`}, []string{"Kỳ này chưa kết thúc"})
		}
		h.get(admin, "/bang?lang=vi&from=2025-03-01&to=2025-03-14").check(t, "span", http.StatusOK, []string{"/bang/cong-bo?year=2025&amp;period=20250301-20250314"}, nil)
		for _, period := range []string{"RQ1", "Q1", "20250301-20250314"} {
			done := h.post(admin, "/bang/cong-bo", url.Values{"year": {"2025"}, "period": {period}})
			if done.status != http.StatusSeeOther || done.header.Get("Location") != "/cong-khai?period="+period+"&year=2025" {
				t.Fatalf("publish %s: %d to %q", period, done.status, done.header.Get("Location"))
			}
		}
		for address, want := range map[string][2]string{
			"year=2025&period=RQ1": {reported, "n = 140<"}, "year=2025&calendar=report&period=Q1": {reported, "n = 140<"},
			"year=2025&period=Q1": {"Quý 1/2025", "n = 280<"}, "year=2025&period=20250301-20250314": {span, "n = 80<"},
			"from=2025-03-01&to=2025-03-14": {span, "n = 80<"}, "": {"Quý 1/2025", "n = 280<"},
		} {
			h.get(nobody, "/cong-khai?lang=vi&"+address).check(t, address, http.StatusOK, []string{"<small>" + want[0] + "<", want[1]}, nil)
		}
		for _, address := range []string{"year=2025&period=RQ2", "year=2025&calendar=report", "from=2025-03-01&to=2025-03-15", "year=2025&calendar=lunar"} {
			h.get(nobody, "/cong-khai?"+address).check(t, address, http.StatusNotFound, nil, nil)
		}

		api := h.api(newContract(t, h.http.Client().Transport))
		token := append(h.token(access.Administrator, 0), "Content-Type", jsonType)
		for body, document := range map[string]string{
			`{"year":2025,"period":"Q1","calendar":"report"}`: `"edition":2,"published_at":"2025-11-20T01:00:00Z","year":2025,"period":"RQ1","calendar":"report","from":"2024-12-15","to":"2025-03-14"`,
			`{"from":"2025-03-01","to":"2025-03-14"}`:         `"edition":2,"published_at":"2025-11-20T01:00:00Z","year":2025,"period":"20250301-20250314","from":"2025-03-01","to":"2025-03-14"`,
		} {
			h.post(api, "/api/v1/publications", body, token...).check(t, body, http.StatusCreated, []string{document}, nil)
		}
		for body, status := range map[string]int{
			`{"from":"2025-03-01"}`: 400, `{"from":"2025-03-02","to":"2025-03-14"}`: 400, `{"year":2025,"from":"2025-03-01","to":"2025-03-14"}`: 400,
			`{"year":2025,"calendar":"lunar"}`: 400, `{"year":2025,"calendar":1}`: 422, `{"from":20250301,"to":"2025-03-14"}`: 422,
		} {
			h.post(api, "/api/v1/publications", body, token...).check(t, body, status, nil, append(leaks, "rows"))
		}
		h.do(api, http.MethodDelete, "/api/v1/publications/2025/RQ1", nil, token...).check(t, "withdraw", http.StatusNoContent, nil, nil)
		h.get(api, "/api/v1/published").check(t, "the others stand", http.StatusOK, []string{`"period":"Q1"`, `"period":"20250301-20250314"`}, []string{"RQ1"})
		h.do(api, http.MethodDelete, "/api/v1/publications/2025/20250301-20250314", nil, token...).check(t, "withdraw a span", http.StatusNoContent, nil, nil)
	})
}
