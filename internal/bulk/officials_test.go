package bulk_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/bulk"
	"sipas/internal/duty"
	"sipas/internal/testkit"
)

// Officials and shifts come and go as spreadsheets: what is written is read as unchanged,
// and what is wrong is told by line, two officials at a counter at a time among it.
func TestOfficialsAndShifts(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		a, err := st.AddAgency(ctx, agency.Agency{Code: "so-x", Kind: agency.KindDepartment, Name: agency.Text{"vi": "Sở X"}})
		if err != nil {
			t.Fatal(err)
		}
		var codes [2]string
		for i := range codes {
			p, err := st.AddServicePoint(ctx, agency.ServicePoint{AgencyID: a.ID, Name: agency.Text{"vi": "Quầy"}, SurveyKey: "x", Channel: agency.ChannelQR, Active: true})
			if err != nil {
				t.Fatal(err)
			}
			codes[i] = string(p.Code)
		}
		board := duty.New(st.DB, duty.Options{Now: time.Now, Zone: time.UTC, Log: slog.New(slog.DiscardHandler)})
		plan := func(list bulk.List, file string) *bulk.Plan {
			t.Helper()
			snap, err := st.Registry.Load(ctx)
			if err != nil {
				t.Fatal(err)
			}
			p, err := list.Plan(ctx, snap, []byte(strings.NewReplacer("P0", codes[0], "P1", codes[1]).Replace(file)))
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		wrong := func(list bulk.List, file string, want ...string) {
			t.Helper()
			p := plan(list, file)
			var got []string
			for _, problem := range p.Problems {
				got = append(got, fmt.Sprintf("%d %s %s %s", problem.Line, problem.Column, problem.Key, problem.Detail))
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") || !errors.Is(p.Apply(ctx, st.Registry, testkit.Author()), bulk.ErrWrong) {
				t.Errorf("%s\nis wrong in\n%s\nwant\n%s", file, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		right := func(list bulk.List, file string, created, updated, unchanged int) {
			t.Helper()
			p := plan(list, file)
			if p.Wrong > 0 || p.Created != created || p.Updated != updated || p.Unchanged != unchanged {
				t.Fatalf("%s\n%d %d %d %+v", file, p.Created, p.Updated, p.Unchanged, p.Problems)
			}
			if err := p.Apply(ctx, st.Registry, testkit.Author()); err != nil {
				t.Fatal(err)
			}
		}
		again := func(list bulk.List, rows int) string {
			t.Helper()
			snap, err := st.Registry.Load(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := list.Write(ctx, &out, "csv", snap); err != nil {
				t.Fatal(err)
			}
			right(list, out.String(), 0, 0, rows)
			return out.String()
		}
		const head = "code,name,agency,service_point,login,named,active\n"
		wrong(bulk.Officials(), head+"cb 1,,so-y,ABCDEFGH,,maybe,\ncb-1,A,so-x,,,,\ncb-1,A,so-x,,,,\nca,A,so-x,,,,\n",
			"2 code code-form ", "4 code twice 3", "5 code code-page ")
		wrong(bulk.Officials(), head+"cb-1,,so-y,ABCDEFGH,,maybe,\n", "2 name required ", "2 agency unknown-agency ", "2 service_point unknown-point ", "2 named one-of yes, no")
		right(bulk.Officials(), head+"cb-1,Cán bộ Một,so-x,P0,MOT,yes,\ncb-2,Cán bộ Hai,so-x,,,,\n", 2, 0, 0)
		right(bulk.Officials(), "code,active\ncb-2,no\n", 0, 1, 0)
		if out := again(bulk.Officials(), 2); !strings.Contains(out, "Cán bộ Một,so-x,"+codes[0]+",mot,yes,yes") {
			t.Error(out)
		}

		shifts := bulk.Shifts(board)
		const top = "official,service_point,first_day,last_day,weekdays,from,to\n"
		wrong(shifts, top+"cb-9,22222222,x,,T8,7,25:00\n", "2 official unknown-official ", "2 service_point unknown-point ", "2 first_day day ", "2 weekdays weekdays ", "2 from hour ", "2 to hour ")
		wrong(shifts, top+"cb-1,P0,02/11/2026,01/11/2026,,11:00,7:00\n", "2 last_day day-order 2026-11-02", "2 to hours 11:00")
		wrong(shifts, top+"cb-1,P0,2/11/2026,,,7:30,11:30\ncb-2,P0,9/11/2026,,T2,11:00,12:00\ncb-1,P1,2/11/2026,,T6,7:00,8:00\ncb-1,P0,2/11/2026,,T7,7:30,8:00\n",
			"3 service_point shift-meets 2", "4 official shift-meets 2", "5 official shift-meets 2")
		right(shifts, top+"cb-1,P0,2/11/2026,,,7:30,11:30\ncb-2,P0,2/11/2026,30/11/2026,T2-T4,13:30,17:00\n", 2, 0, 0)
		right(shifts, "official,service_point,first_day,from,to\ncb-2,P0,2/11/2026,13:30,16:30\ncb-1,P0,2/11/2026,7:30,11:30\n", 0, 1, 1)
		wrong(shifts, top+"cb-2,P0,1/12/2026,,,11:00,12:00\n", "2 service_point shift-kept cb-1, "+codes[0]+", 2026-11-02, 07:30")
		if out := again(shifts, 2); !strings.Contains(out, "cb-2,"+codes[0]+",2026-11-02,2026-11-30,T2;T3;T4,13:30,16:30") {
			t.Error(out)
		}
	})
}
