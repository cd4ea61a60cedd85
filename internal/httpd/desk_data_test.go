package httpd_test

import (
	"context"
	"fmt"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/published"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// crowd is people who answered the quick form at one service point on one day.
type crowd struct {
	code, field, day  string
	satisfied, others int
}

// crowds saves answers as they are kept. Every second person answers the
// factors too: access is good and the result is not. Who is not satisfied says
// that waiting took long.
func (h *harness) crowds(list ...crowd) {
	h.t.Helper()
	versions, err := h.st.Versions(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	var quick *survey.Version // the newest
	for _, v := range versions {
		if v.Definition.Key == "quay-nhanh" {
			quick = v
		}
	}
	var batch []survey.Response
	for _, c := range list {
		point := h.points[c.code]
		for i := range c.satisfied + c.others {
			levels := []byte{'5', '5', '4', '4', '2', '4'}
			if i%3 == 0 {
				levels[0], levels[2] = '4', '3'
			}
			r := survey.Response{
				ID: survey.NewID(h.clock.Now()), ServicePointID: point.ID, AgencyID: point.JudgedID, FieldKey: c.field, VersionID: quick.ID,
				Channel: point.Channel, Language: "vi", At: h.clock.Now(), Day: c.day, Receipt: agency.NewCode(), Fingerprint: fmt.Sprint(i),
			}
			if i >= c.satisfied {
				levels[0] = '2'
				r.Choices = []survey.ChosenAnswer{{Question: "reasons", Choices: []string{"waiting"}}}
			}
			if i%2 == 1 {
				copy(levels[1:], ".....")
			}
			r.Scale = string(levels)
			r.Judged = r.Levels()
			batch = append(batch, r)
		}
	}
	if _, err := h.st.SaveResponses(context.Background(), batch); err != nil {
		h.t.Fatal(err)
	}
}

// aim sets a target for the whole province in 2025, in hundredths of a percent.
func (h *harness) aim(plan, field string, percent int, lead string) {
	h.t.Helper()
	aim := target.Target{Plan: plan, Indicator: target.IndicatorField, FieldKey: field, Year: 2025, Percent: percent, LeadAgency: lead}
	if field == "" {
		aim.Indicator = target.IndicatorProcedures
	}
	if err := h.st.AddTarget(context.Background(), aim); err != nil {
		h.t.Fatal(err)
	}
}

// publishPAPI is what others say of the province in 2025: rank 18 of 34.
func (h *harness) publishPAPI() {
	h.t.Helper()
	err := h.deps.Published.Keep(context.Background(), testkit.Author(), published.Index{
		Name: "PAPI", Year: 2025, Value: "43.15", Rank: 18, Of: 34, Source: "Báo cáo PAPI 2025", Day: "2026-04-10",
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// year2025 is a year whose figures can be worked out by hand:
//
//	land          330 of 400 = 82,5 %, targets 85 and 80; 2 of them at the kiosk
//	construction   95 of 100 = 95 %, target 85
//	investment     19 of 20, target 85: fewer than 30 people
//	health          1 of 3: fewer than 5 people
//	procedures    444 of 520 = 85,38 %, target 90
func (h *harness) year2025() {
	h.t.Helper()
	const plan = "3612/KH-UBND 2021-09-29"
	h.aim(plan, "", 9000, "Văn phòng UBND tỉnh")
	h.aim(plan, "dat-dai", 8500, "Sở Tài nguyên và Môi trường")
	h.aim("1211/KH-UBND 2022-03-04", "dat-dai", 8000, "")
	h.aim(plan, "xay-dung", 8500, "Sở Xây dựng")
	h.aim(plan, "dau-tu", 8500, "Sở Kế hoạch và Đầu tư")
	h.aim(plan, "y-te", 8500, "Sở Y tế")
	list := []crowd{
		{codeKiosk, "dat-dai", "2025-01-15", 0, 2},
		{codeLand, "dat-dai", "2025-01-15", 33, 7},
		{codeDesk, "xay-dung", "2025-03-10", 95, 5},
		{codeDesk, "dau-tu", "2025-03-10", 19, 1},
		{codeHospital, "y-te", "2025-04-02", 1, 2},
	}
	for month := 2; month <= 10; month++ {
		list = append(list, crowd{codeLand, "dat-dai", fmt.Sprintf("2025-%02d-15", month), 33, 7})
	}
	h.crowds(list...)
}

// section cuts a reply to what lies between two texts, so that a test can say
// in which row something stands.
func (r reply) section(from, to string) reply {
	_, after, found := strings.Cut(r.body, from)
	if !found {
		return reply{r.status, r.header, ""}
	}
	before, _, _ := strings.Cut(after, to)
	return reply{r.status, r.header, before}
}

// emptyAgency is a department without service points.
func (h *harness) emptyAgency() agency.Agency {
	return agency.Agency{ParentID: h.province.ID, Code: "so-moi", Kind: agency.KindDepartment, Name: agency.Text{"vi": "Sở Mới", "en": "New"}}
}
