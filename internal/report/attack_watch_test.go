package report_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/testkit"
)

// TestWatchingTellsNothingOfTheLast: 200 people answer one after another, and
// somebody who knows which counter each was at, and who served there then, reads
// every board and every official's figures after each. What
// moves moves when so many people were there that it may be any of them, never
// because of what the last one said; and then at least k people together.
func TestWatchingTellsNothingOfTheLast(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		const k = score.DefaultK
		p := newProvince(t, st)
		p.office("so", "tinh", agency.KindDepartment)
		p.point("so-1", "so", "quay-nhanh", "dat-dai", "xay-dung")
		p.point("so-2", "so", "quay-nhanh", "dat-dai")
		p.point("so-s", "so", "sipas", "dat-dai")
		w := watcher{p, p.reporter(), nil}
		w.see()
		random := rand.New(rand.NewPCG(3, 4))
		type place struct {
			point, field string
			served       int64
		}
		came := map[place]int{}
		moments, reasons, served := 0, 0, 0
		for n := range 300 {
			a := answer{point: "so-1", field: "dat-dai", month: 12}
			switch random.IntN(6) {
			case 0:
				a.field = "xay-dung"
			case 1:
				a.point = "so-2"
			case 2:
				a.point = "so-s"
			}
			for range p.versions[p.points[a.point].SurveyKey].Scale() {
				a.scale += string(".12345"[random.IntN(6)])
			}
			a.scale = string("12345"[random.IntN(5)]) + a.scale[1:]
			if a.scale[0] <= '3' && a.point != "so-s" { // who is not satisfied is asked why
				a.reasons = [][]string{{"waiting"}, {"attitude"}, {"waiting", "late-result"}, nil}[random.IntN(4)]
			}
			if a.point == "so-1" { // they change every seven people
				a.official = clerk + int64(n/7%2)
			}
			p.answered(a)
			at := place{a.point, a.field, a.official}
			came[at]++
			before := w.seen
			names := moved(t, fmt.Sprintf("person %d at %v", n, at), before, w.see(), 1, k)
			if came[at] < k {
				if len(names) > 0 {
					t.Fatalf("person %d answered at %v, the %dth since figures moved, and there moves %v", n, at, came[at], names)
				}
				continue
			}
			came[at] = 0
			moments++
			for _, name := range names {
				if w.seen[name].choice != "" {
					reasons++
				}
				switch by := w.seen[name].served; by {
				case 0:
				case a.official:
					served++
				default:
					t.Errorf("person %d was served by %d, and %s moves", n, a.official, name)
				}
			}
			if len(names) == 0 {
				t.Errorf("%d people came to %v, and nothing moves", k, at)
			}
		}
		if moments < 30 || reasons < 30 || served < 30 {
			t.Errorf("%d moments, %d movements of reasons, %d of officials: nothing was watched", moments, reasons, served)
		}
	})
}

// TestWatchingWhatIsTakenOut: answers are removed one after another while others
// come and while none do, set aside and counted again, and half months close, and figures fall and rise by groups only.
func TestWatchingWhatIsTakenOut(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		const k = score.DefaultK
		p := newProvince(t, st)
		p.office("so", "tinh", agency.KindDepartment)
		p.office("xa", "tinh", agency.KindCommune)
		p.point("so-1", "so", "quay-nhanh", "dat-dai", "xay-dung")
		p.point("xa-1", "xa", "quay-nhanh", "dat-dai")
		random := rand.New(rand.NewPCG(5, 6))
		for range 60 {
			a := answer{point: []string{"so-1", "so-1", "xa-1"}[random.IntN(3)], month: 12}
			for range 6 {
				a.scale += string("012345"[random.IntN(6)])
			}
			if a.point == "so-1" {
				a.official = clerk + int64(random.IntN(4)/3)
			}
			p.answered(a)
		}
		w := watcher{p, p.reporter(), nil}
		w.see()
		fell, rose := 0, 0
		step := func(what string, sign int64) {
			t.Helper()
			before := w.seen
			n := len(moved(t, what, before, w.see(), sign, k))
			if sign < 0 {
				fell += n
			} else {
				rose += n
			}
		}
		var ids []string
		var receipts []agency.Code
		p.must(st.Query(t.Context(), "SELECT id, receipt FROM responses WHERE service_point_id = $1 ORDER BY id", []any{p.points["so-1"].ID}, func(rows *sql.Rows) error {
			ids, receipts = append(ids, ""), append(receipts, "")
			return rows.Scan(&ids[len(ids)-1], &receipts[len(receipts)-1])
		}))
		// Were one who is taken out mixed with those who come next, a level would fall:
		// theirs.
		for i, receipt := range receipts[:3] {
			p.must(st.Store.RemoveResponse(t.Context(), testkit.Author(), noon, p.points["so-1"], receipt, p.snap().Version))
			step(fmt.Sprint("one of three removals ", i), -1)
			for n := range 2 * k {
				p.answered(answer{point: "so-1", month: 12, scale: "555555", official: clerk})
				step(fmt.Sprintf("removal %d, and newcomer %d", i, n), 1)
			}
		}
		for i, receipt := range receipts[3:14] {
			p.must(st.Store.RemoveResponse(t.Context(), testkit.Author(), noon, p.points["so-1"], receipt, p.snap().Version))
			step(fmt.Sprint("removal ", 3+i), -1)
		}
		ids = ids[14:26]
		for _, mark := range []int{1, 0, 1} {
			for from := 0; from < len(ids); from += 4 {
				_, err := st.Mark(t.Context(), testkit.Author(), noon, p.points["so-1"], ids[from:from+4], mark, p.snap().Version)
				p.must(err)
				step(fmt.Sprint("mark ", mark, " from ", from), int64(1-2*mark))
			}
		}
		if fell == 0 {
			t.Error("nothing was ever taken out of a figure")
		}
		for h := civil.HalfMonth(20251201); h <= 20260115; h = h.Next() {
			_, err := st.Store.Close(t.Context(), store.Closing{Now: h, Ends: civil.ReportCutOffs().Ends, Tree: p.snap().Tree})
			p.must(err)
			step("closing until "+h.From(), 1)
		}
		if rose == 0 {
			t.Error("no closing showed anything")
		}
	})
}

// watcher reads every board again and again.
type watcher struct {
	*province
	reporter *report.Reporter
	seen     map[string]figure
}

func (w *watcher) see() map[string]figure {
	w.t.Helper()
	w.seen = w.look(w.reporter, []string{"tinh", "so"}, []string{"Y", "M12", "RH2"}, []agency.Channel{"", agency.ChannelQR})
	for _, official := range []int64{clerk, otherClerk} {
		for _, f := range w.served(official, "Y", "M12", "RH2") {
			w.seen[f.name] = f
		}
	}
	return w.seen
}
