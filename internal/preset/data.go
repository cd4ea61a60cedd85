package preset

import (
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/score"
	"sipas/internal/survey"
)

// The files of a preset. targets.csv holds the satisfaction targets as the
// provinces' plans state them, agencies.csv the agencies that the plans name;
// `fields` are the service fields of an agency's desk, separated by spaces.
//
//go:embed data/*.csv
var files embed.FS

// province is one preset.
type province struct {
	key      string
	name     survey.Text
	agencies []agency // parents before their children
	targets  []survey.Target
}

type agency struct {
	survey.Agency
	parent string   // the code of the agency above; "" at the root
	fields []string // of its desk; none: it has no desk
}

// names tells whether an agency is one of the preset's. Codes alone do not
// tell, as every province has a people's committee.
func (p province) names(other survey.Agency) bool {
	return slices.ContainsFunc(p.agencies, func(a agency) bool {
		return a.Code == other.Code && a.Name["vi"] == other.Name["vi"]
	})
}

// The surveys that the presets use.
const (
	quick = "quay-nhanh"
	sipas = "sipas"
)

func provinces() []province {
	return []province{
		{key: "binh-thuan", name: survey.Text{"vi": "Bình Thuận", "en": "Binh Thuan"}},
		{key: "vinh-phuc", name: survey.Text{"vi": "Vĩnh Phúc", "en": "Vinh Phuc"}},
		{key: "quang-nam", name: survey.Text{"vi": "Quảng Nam", "en": "Quang Nam"}},
		{key: "ca-mau", name: survey.Text{"vi": "Cà Mau", "en": "Ca Mau"}},
		{key: "tay-ninh", name: survey.Text{"vi": "Tây Ninh", "en": "Tay Ninh"}},
	}
}

// deskName is the name of an agency's desk. The districts' were called so by the
// rules of their time; at the others people may hand in and fetch whatever the
// place is called now.
func deskName(kind survey.AgencyKind) survey.Text {
	switch kind {
	case survey.KindDistrict:
		return survey.Text{"vi": "Bộ phận tiếp nhận và trả kết quả", "en": "Reception and results desk"}
	case survey.KindHospital:
		return survey.Text{"vi": "Khu khám bệnh", "en": "Outpatient area"}
	case survey.KindSchool:
		return survey.Text{"vi": "Văn phòng nhà trường", "en": "School office"}
	case survey.KindProvince, survey.KindDepartment, survey.KindCommune:
	}
	return survey.Text{"vi": "Quầy tiếp nhận và trả kết quả", "en": "Reception and results counter"}
}

// points are the service points of the preset as of a civil day: the desk of
// each agency that has one, and one for the yearly survey, which home affairs
// makes (or else the province) and which is about the whole province. Those of
// agencies that have ended are closed.
func (p province) points(today string) []point {
	var points []point
	surveyor := p.agencies[0] // the root
	for _, a := range p.agencies {
		if a.Code == "so-noi-vu" {
			surveyor = a
		}
		if len(a.fields) > 0 {
			points = append(points, point{agency: a.Code, judged: a.Code, ServicePoint: survey.ServicePoint{
				Name: deskName(a.Kind), SurveyKey: quick, Channel: survey.ChannelQR, FieldKeys: a.fields,
				Active: a.ValidTo == "" || today < a.ValidTo,
			}})
		}
	}
	return append(points, point{agency: surveyor.Code, judged: p.agencies[0].Code, ServicePoint: survey.ServicePoint{
		Name:      survey.Text{"vi": "Khảo sát theo tiêu chí SIPAS", "en": "Survey by the SIPAS criteria"},
		SurveyKey: sipas, Channel: survey.ChannelInterviewer, FieldKeys: []string{survey.FieldUnsaidProcedure}, Active: true,
	}})
}

// point is a service point with the codes of its agencies.
type point struct {
	survey.ServicePoint
	agency, judged string
}

// fields are the service fields that the plans set targets for, and the two
// for citizens who did not say, sorted last. Health and education are what
// public hospitals and schools do: the desks of their departments handle
// procedures, like those of justice and finance.
func fields() []survey.ServiceField {
	return []survey.ServiceField{
		{Key: "dat-dai", Name: survey.Text{"vi": "Đất đai", "en": "Land"}, Scope: survey.ScopeProcedures, Order: 1},
		{Key: "xay-dung", Name: survey.Text{"vi": "Xây dựng", "en": "Construction"}, Scope: survey.ScopeProcedures, Order: 2},
		{Key: "dau-tu", Name: survey.Text{"vi": "Đầu tư", "en": "Investment"}, Scope: survey.ScopeProcedures, Order: 3},
		{Key: "y-te", Name: survey.Text{"vi": "Dịch vụ y tế công lập", "en": "Public health services"}, Scope: survey.ScopePublic, Order: 4},
		{Key: "giao-duc", Name: survey.Text{"vi": "Dịch vụ giáo dục công lập", "en": "Public education services"}, Scope: survey.ScopePublic, Order: 5},
		{Key: survey.FieldUnsaidProcedure, Scope: survey.ScopeProcedures, Order: 98,
			Name: survey.Text{"vi": "Thủ tục hành chính khác", "en": "Other administrative procedures"}},
		{Key: survey.FieldUnsaid, Scope: survey.ScopeUnknown, Order: 99,
			Name: survey.Text{"vi": "Chưa rõ lĩnh vực", "en": "Field not stated"}},
	}
}

// indicators are those of the plans: SIPAS from its own survey, the others
// from the quick form.
func indicators() []survey.Indicator {
	all := []survey.Indicator{
		{Kind: survey.IndicatorProcedures, SurveyKey: quick},
		{Kind: survey.IndicatorSIPAS, SurveyKey: sipas},
	}
	for _, f := range fields() {
		if !survey.UnsaidField(f.Key) {
			all = append(all, survey.Indicator{Kind: survey.IndicatorField, FieldKey: f.Key, SurveyKey: quick})
		}
	}
	for i := range all {
		all[i].Counts, all[i].Order = true, i+1
	}
	return all
}

func agenciesOf(key string) ([]agency, error) {
	rows, err := read("data/agencies.csv", key)
	if err != nil {
		return nil, err
	}
	agencies := make([]agency, 0, len(rows))
	for _, r := range rows {
		agencies = append(agencies, agency{
			Agency: survey.Agency{
				Code: r["code"], Kind: survey.AgencyKind(r["kind"]), ValidTo: r["valid_to"],
				Name: survey.Text{"vi": r["vi"], "en": r["en"]},
			},
			parent: r["parent"], fields: strings.Fields(r["fields"]),
		})
	}
	return agencies, nil
}

func targetsOf(key string) ([]survey.Target, error) {
	rows, err := read("data/targets.csv", key)
	if err != nil {
		return nil, err
	}
	targets := make([]survey.Target, 0, len(rows))
	for _, r := range rows {
		year, err := strconv.Atoi(r["year"])
		if err != nil {
			return nil, fmt.Errorf("targets.csv: %w", err)
		}
		percent, err := score.ParseTarget(r["target_percent"])
		if err != nil {
			return nil, fmt.Errorf("targets.csv: %w", err)
		}
		targets = append(targets, survey.Target{
			Plan: r["plan"], Indicator: survey.IndicatorKind(r["indicator"]), FieldKey: r["service_field"],
			Year: year, Percent: int(percent), LeadAgency: r["lead_agency"],
			Comparator: survey.Comparator(r["comparator"]), Note: noteOf(r),
		})
	}
	return targets, nil
}

// noteOf is the note of a row of targets.csv, nil if it has none.
func noteOf(r map[string]string) survey.Text {
	if r["note_vi"] == "" {
		return nil
	}
	return survey.Text{"vi": r["note_vi"], "en": r["note_en"]}
}

// read gives the rows of a file that belong to a province, by column name.
func read(name, key string) ([]map[string]string, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	records, err := csv.NewReader(f).ReadAll()
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var rows []map[string]string
	for _, record := range records[min(1, len(records)):] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		if row["province"] == key {
			rows = append(rows, row)
		}
	}
	return rows, nil
}
