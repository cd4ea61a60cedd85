package testkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/db"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/target"
)

// Large fills an empty place with a province of so many agencies, in three
// levels, and service points that ask the first of some surveys. The agencies have
// the ids 1 (the province itself) to agencies, the points 1 to points.
func Large(t testing.TB, st *Place, agencies, points int, definitions []survey.Definition) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range definitions {
		_, err := st.PublishVersion(ctx, d, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
		must(err)
	}
	for i, key := range largeFields {
		must(st.AddServiceField(ctx, agency.ServiceField{Key: key, Name: agency.Text{"vi": key, "en": key}, Scope: agency.ScopeProcedures, Order: i}))
		must(st.AddTarget(ctx, target.Target{Plan: "1/KH-UBND", Indicator: target.IndicatorField, FieldKey: key, Year: 2025, Comparator: target.AtLeast, Percent: 8500}))
	}
	var rows []string
	for id := 1; id <= agencies; id++ {
		parent, kind := "NULL", agency.KindProvince
		switch top := agencies / 10; {
		case id > 1+top:
			parent, kind = fmt.Sprint(2+id%top), agency.KindCommune
		case id > 1:
			parent, kind = "1", agency.KindDepartment
		}
		rows = append(rows, fmt.Sprintf(`(%d, 'cq-%d', %s, '%s', '{"vi":"Cơ quan %d","en":"Agency %d"}', %d)`, id, id, parent, kind, id, id, id))
	}
	var counters, fields []string
	for id := 1; id <= points; id++ {
		of, channel := 1+id%agencies, []agency.Channel{agency.ChannelQR, agency.ChannelKiosk}[id%2]
		counters = append(counters, fmt.Sprintf(`(%d, '%s', %d, %d, '{"vi":"Quầy %d","en":"Counter %d"}', '%s', '%s')`,
			id, agency.NewCode(), of, of, id, id, definitions[0].Key, channel))
		for i := range 2 {
			fields = append(fields, fmt.Sprintf("(%d, '%s', %d)", id, largeFields[(id+i)%len(largeFields)], i))
		}
	}
	must(st.change(ctx, func(c *registry.Change) error {
		return errors.Join(
			insert(ctx, c.Tx(), "agencies (id, code, parent_id, kind, name, sort)", rows),
			insert(ctx, c.Tx(), "service_points (id, code, agency_id, judged_agency_id, name, survey_key, channel)", counters),
			insert(ctx, c.Tx(), "service_point_fields (service_point_id, field_key, sort)", fields),
		)
	}))
}

// largeFields are the service fields of a large province.
var largeFields = []string{"dat-dai", "xay-dung", "dau-tu", "tu-phap", "ho-tich", "giao-thong", "moi-truong", "lao-dong"}

// Answered fills the tallies of the first months of 2025 of a large province: about
// 40 people for each service point, field and month answered all of the built-in quick form.
func Answered(t testing.TB, st *Place, months int) {
	t.Helper()
	of := `FROM service_points p JOIN service_point_fields f ON f.service_point_id = p.id
		CROSS JOIN (SELECT MIN(id) AS version FROM survey_versions WHERE survey_key = (SELECT MIN(survey_key) FROM service_points)) v
		CROSS JOIN (` + numbers(1, months) + `) m`
	people := "(20 + (p.id * 7 + m.n * 13) % 41)"
	cell := "20250001 + m.n * 100, v.version, "
	place := "f.field_key, p.judged_agency_id, p.channel, p.id, 0, 0, "
	for _, fill := range []string{
		"tally_people SELECT " + cell + place + people + ", " + people + ", " + people + " / 2, " + people + " * 27720, " + people + " * 1000000, 0, 0, 0" + waits(8) + of,
		"tally_scale SELECT " + cell + "i.n, " + place + "0, 1, 1, " + people + " / 10, " + people + " / 2, " + people + " / 3" + waits(6) + of + " CROSS JOIN (" + numbers(0, 5) + ") i",
		"tally_choice SELECT " + cell + "'reasons', c.n, " + place + people + " / 5" + waits(1) + of + " CROSS JOIN (SELECT 'waiting' AS n UNION ALL SELECT 'attitude' UNION ALL SELECT 'late-result') c",
		"half_month_changes SELECT 20250001 + m.n * 100, s.n, 1, 1 FROM (" + numbers(1, months) + ") m CROSS JOIN (" + numbers(0, 15) + ") s",
	} {
		if _, err := st.Exec(t.Context(), "INSERT INTO "+fill); err != nil {
			t.Fatal(err)
		}
	}
	if st.DB.SingleWriter() {
		return
	}
	if _, err := st.Exec(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
}

// waits is that nobody waits, in a row of so many sums, and that nobody knows who served.
func waits(sums int) string { return strings.Repeat(", 0", sums+1) + " " }

func numbers(from, to int) string {
	var all []string
	for n := from; n <= to; n++ {
		all = append(all, fmt.Sprintf("SELECT %d AS n", n))
	}
	return strings.Join(all, " UNION ALL ")
}

// insert adds rows written as SQL, some hundred at a time.
func insert(ctx context.Context, tx *db.Tx, table string, rows []string) error {
	for part := range slices.Chunk(rows, 500) {
		if _, err := tx.ExecContext(ctx, "INSERT INTO "+table+" VALUES "+strings.Join(part, ", ")); err != nil {
			return err
		}
	}
	return nil
}
