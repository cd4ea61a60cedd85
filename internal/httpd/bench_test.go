package httpd_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// BenchmarkPagesOfALargeProvince asks for pages of a province of 1,000 communes
// with two counters each, as a viewer of the whole and as one of a commune.
func BenchmarkPagesOfALargeProvince(b *testing.B) {
	st := testkit.SQLite(b)
	h := newHarness(b, st)
	ctx := context.Background()
	var last agency.Agency
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must(st.Registry.Change(ctx, testkit.Author(), func(c *registry.Change) error {
		for i := range 1000 {
			commune, err := c.AddAgency(ctx, agency.Agency{
				ParentID: h.province.ID, Code: fmt.Sprintf("xa-%d", i), Kind: agency.KindCommune, Name: agency.Text{"vi": fmt.Sprintf("Xã %d", i)}, Order: i,
			})
			if err != nil {
				return err
			}
			last = commune
			for desk := range 2 {
				if _, err := c.AddServicePoint(ctx, agency.ServicePoint{
					AgencyID: commune.ID, Name: agency.Text{"vi": fmt.Sprintf("Quầy %d", desk)}, SurveyKey: "quay-nhanh",
					Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
				}); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	h.year2025()
	for _, viewer := range []struct {
		name  string
		scope int64
	}{{"province", 0}, {"commune", last.ID}} {
		token := h.token(access.Viewer, viewer.scope)
		for _, page := range []string{"/bang?year=2025", "/quay", "/api/v1/board?year=2025&detail=1"} {
			b.Run(viewer.name+page, func(b *testing.B) {
				client := h.client()
				b.ReportAllocs()
				bytes := 0
				for b.Loop() {
					r := h.get(client, page, token...)
					if r.status != http.StatusOK {
						b.Fatalf("%s: %d %s", page, r.status, r.body)
					}
					bytes = len(r.body)
				}
				b.ReportMetric(float64(bytes), "body-bytes")
			})
		}
	}
}
