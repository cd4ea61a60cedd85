package bulk_test

import (
	"fmt"
	"strings"
	"testing"

	"sipas/internal/bulk"
	"sipas/internal/testkit"
)

// manyLines is a list of new service points.
func manyLines(n int) string {
	var b strings.Builder
	b.WriteString("code,name_vi,name_en,agency,judged_agency,fields,channel,survey,place,active\n")
	for i := range n {
		fmt.Fprintf(&b, ",Quầy số %d tiếp nhận và trả kết quả,Counter %d,so-xay-dung,,dat-dai;xay-dung,qr,quay-nhanh,\"Tầng %d, phòng %d\",yes\n", i, i, i%5, i%40)
	}
	return b.String()
}

// BenchmarkLongList imports 100,000 service points, and changes them all; run it with
// -benchtime 1x. Memory is measured with the command: docs/adr/0030.
func BenchmarkLongList(b *testing.B) {
	const lines = 100_000
	st := province(b, testkit.SQLite(b))
	content := manyLines(lines)
	for b.Loop() {
		for _, list := range []string{content, ""} {
			if list == "" {
				list = strings.ReplaceAll(written(b, st, bulk.ServicePoints(), "csv"), "Tầng", "Lầu")
			}
			plan := judge(b, bulk.ServicePoints(), st, []byte(list))
			if err := plan.Apply(b.Context(), st.Registry, testkit.Author()); err != nil || plan.Created+plan.Updated < lines {
				b.Fatal(plan.Problems, err)
			}
		}
	}
}
