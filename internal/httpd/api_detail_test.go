package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/testkit"
)

// told is a figure, a row or something behind a row, as a client reads it.
type told struct {
	Key, Question, Choice, Month string
	Agency, Point                *struct {
		Code string
		Name agency.Text
	}
	Label     agency.Text
	N         *int64
	Percent   *float64
	Display   *string
	Low, High *float64
	Share     *float64
	Gain, Aim float64
	Targets   []struct {
		Percent      float64
		Gap          *float64
		Standing     string
		BeyondChance bool `json:"beyond_chance"`
		Inherited    bool
	}
	Levels                                   map[string]int64
	Factors, Drivers, Reasons, Months, Parts []told
}

func text[T any](p *T) string {
	if p == nil {
		return "null"
	}
	return fmt.Sprint(*p)
}

func (f told) figure() string {
	return strings.Join([]string{text(f.N), text(f.Percent), text(f.Display), text(f.Low), text(f.High)}, " ")
}

func (f told) standings() (list []string) {
	for _, t := range f.Targets {
		list = append(list, fmt.Sprint(t.Percent, text(t.Gap), t.Standing, t.BeyondChance, t.Inherited))
	}
	return list
}

// lines says one by one what an answer of the API gives.
func (f told) lines() []string {
	list := []string{fmt.Sprint("row ", f.figure(), f.standings())}
	for _, x := range f.Factors {
		list = append(list, fmt.Sprint("factor ", x.Key, x.Label, x.figure()))
	}
	for _, x := range f.Drivers {
		list = append(list, fmt.Sprint("driver ", x.Key, " ", x.Gain, " to ", x.Aim))
	}
	for _, x := range f.Reasons {
		list = append(list, fmt.Sprint("reason ", x.Question, x.Choice, x.Label, text(x.N), text(x.Share)))
	}
	if f.Levels != nil {
		list = append(list, fmt.Sprint("levels ", f.Levels))
	}
	for _, x := range f.Months { // a month has no interval
		list = append(list, fmt.Sprint("month ", x.Month, x.figure()))
	}
	for _, x := range f.Parts {
		if x.Agency != nil {
			list = append(list, fmt.Sprint("part ", x.Agency.Code, x.Agency.Name, x.figure(), x.standings()))
		} else {
			list = append(list, fmt.Sprint("part ", x.Point.Code, x.Point.Name, x.figure(), x.standings()))
		}
	}
	return list
}

// expected is a figure of a board as the API has to give it.
func expected(f report.Figure, interval bool) string {
	switch {
	case !f.Index.HasData:
		return fmt.Sprint(f.N, " null null null null")
	case interval && f.Index.HasInterval:
		return fmt.Sprint(f.N, " ", f.Index.Value.Float(), " ", f.Index.Display(2), " ", f.Index.Low, " ", f.Index.High)
	}
	return fmt.Sprint(f.N, " ", f.Index.Value.Float(), " ", f.Index.Display(2), " null null")
}

func expectedTargets(targets []report.TargetStanding) (list []string) {
	for _, t := range targets {
		gap := "null"
		if t.HasGap {
			gap = fmt.Sprint(t.Gap.Float())
		}
		list = append(list, fmt.Sprint(float64(t.Percent)/100, gap, string(t.Standing), t.BeyondChance, t.Inherited))
	}
	return list
}

// expectedLines says the same of a row of a board.
func expectedLines(r report.Row) []string {
	list := []string{fmt.Sprint("row ", expected(r.Figure, true), expectedTargets(r.Targets))}
	for _, f := range r.Factors {
		list = append(list, fmt.Sprint("factor ", f.Key, f.Label, expected(f.Figure, true)))
	}
	aim, _ := r.Aim()
	for _, d := range r.Drivers {
		if d.Gain.Cmp(score.Number{}) != 0 {
			list = append(list, fmt.Sprint("driver ", d.Key, " ", d.Gain.Float(), " to ", aim.Float()))
		}
	}
	for _, x := range r.Reasons {
		list = append(list, fmt.Sprint("reason ", x.Question, x.Choice, x.Label, fmt.Sprint(x.N), fmt.Sprint(x.Share.Float())))
	}
	if r.Levels.Valid() > 0 {
		l := r.Levels
		list = append(list, fmt.Sprint("levels ", map[string]int64{"n1": l[1], "n2": l[2], "n3": l[3], "n4": l[4], "n5": l[5]}))
	}
	for _, m := range r.Trend {
		list = append(list, fmt.Sprint("month ", fmt.Sprintf("2025-%02d", m.Month-202500), expected(m.Figure, false)))
	}
	for _, p := range r.Parts {
		if p.Agency != nil {
			list = append(list, fmt.Sprint("part ", p.Agency.Code, p.Agency.Name, expected(p.Figure, true), expectedTargets(p.Targets)))
		} else {
			list = append(list, fmt.Sprint("part ", p.Point.Code, p.Point.Name, expected(p.Figure, true), expectedTargets(p.Targets)))
		}
	}
	return list
}

// TestAPIDetail holds the detailed answers to the boards that the pages show,
// and looks everywhere in them for the numbers of those who wait.
func TestAPIDetail(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.year2025()
		client, who := h.api(newContract(t, h.http.Client().Transport)), h.token(access.Administrator, 0)
		all := h.get(client, "/api/v1/board?year=2025&detail=1", who...)
		all.check(t, "by hand", http.StatusOK, []string{
			`"drivers":[{"key":"result","gain":17,"aim":85}`, `"choice":"waiting","label":{"en":"Long waiting","vi":"Phải chờ lâu"},"n":70,"share":17.5}`,
			`"levels":{"n1":0,"n2":70,"n3":0,"n4":110,"n5":220}`, `{"month":"2025-02","n":40,"percent":82.5,"display":"82,50%"}`,
			`{"agency":{"code":"so-tnmt","name":{"en":"Department of Natural Resources","vi":"Sở Tài nguyên và Môi trường"}},"n":400,"percent":82.5,"display":"82,50%","low":`,
		}, nil)
		if other := h.get(client, "/api/v1/board?year=2025&detail=1&lang=en", who...); other.body != all.body {
			t.Error("the language changes the figures")
		}
		h.get(client, "/api/v1/board?year=2025", who...).check(t, "without detail", http.StatusOK, []string{`"n":400`}, []string{"factors", "drivers", "reasons", "levels", "months", "parts"})
		h.get(client, "/api/v1/board?year=2025&detail=1", h.token(access.Viewer, h.environment.ID)...).check(t, "one's own", http.StatusOK,
			[]string{`"point":{"code":"DATDAT23"`}, []string{"so-xay-dung", "HANHCH23", `"n":100`, "Outpatients"})

		for _, asked := range []struct {
			query  report.Query
			agency string
			// secret are the numbers of those who wait, and those that give them away.
			secret []float64
		}{
			{report.Query{}, "", []float64{3, 402, 523}},
			{report.Query{AgencyID: h.hospital.ID}, "benh-vien-tinh", []float64{1, 2, 3}},
			{report.Query{AgencyID: h.environment.ID}, "so-tnmt", []float64{2, 402, 100 * 330. / 402}},
			{report.Query{AgencyID: h.environment.ID, Channel: agency.ChannelKiosk}, "so-tnmt", []float64{2, 402, 42}},
			{report.Query{AgencyID: h.environment.ID, Channel: agency.ChannelQR}, "so-tnmt", []float64{2, 402, 42}},
			{report.Query{AgencyID: h.construction.ID, FieldKey: "dau-tu"}, "so-xay-dung", nil},
		} {
			for _, part := range []string{"Y", "M01", "Q1"} {
				q := asked.query
				period, err := civil.ParsePeriod(2025, part)
				if err != nil {
					t.Fatal(err)
				}
				q.Period, q.Detail = period, true
				values := url.Values{"year": {"2025"}, "detail": {"1"}}
				for name, value := range map[string]string{"period": part, "agency": asked.agency, "field": q.FieldKey, "channel": string(q.Channel)} {
					if value != "" {
						values.Set(name, value)
					}
				}
				address := "/api/v1/board?" + values.Encode()
				answer := h.get(client, address, who...)
				var got struct{ Rows []told }
				if err := json.Unmarshal([]byte(answer.body), &got); err != nil {
					t.Fatal(err)
				}
				board, err := h.deps.Reports.Board(t.Context(), h.snapshot(), q)
				if err != nil {
					t.Fatal(err)
				}
				var want, have []string
				for _, r := range board.Rows {
					want = append(want, expectedLines(r)...)
				}
				for _, r := range got.Rows {
					have = append(have, r.lines()...)
				}
				if diff := cmp.Diff(want, have); diff != "" {
					t.Errorf("%s: -board +API:\n%s", address, diff)
				}
				for _, n := range numbers(answer.body) {
					if slices.Contains(asked.secret, n) {
						t.Errorf("%s gives %v away:\n%s", address, n, answer.body)
					}
				}
			}
		}
	})
}

// number is one in JSON or in a text that people read, but not a part of a word.
var number = regexp.MustCompile(`[^\pL\d.,/-](\d+([.,]\d+)?)[^\pL\d/-]`)

// numbers lists all in a body, those of texts too, but for the places in names
// of desks.
func numbers(body string) (list []float64) {
	for _, name := range []string{"Quầy 3", "Desk 3", "Quầy 1", "Desk 1"} {
		body = strings.ReplaceAll(body, name, "")
	}
	for _, found := range number.FindAllStringSubmatch(body, -1) {
		var n float64
		if _, err := fmt.Sscan(strings.Replace(found[1], ",", ".", 1), &n); err == nil {
			list = append(list, n)
		}
	}
	return list
}
