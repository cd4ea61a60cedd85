package preset

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/surveys"
)

// The files of a preset are in the folder of its key: province.csv has the
// province's name, agencies.csv the agencies, parents before their children
// (`fields` are the service fields of an agency's desk, separated by spaces),
// and targets.csv the targets as the province's plan states them; a province
// whose plan states none has no such file. A commune has the code xa- and its
// official number; where another has had that number, the year follows.
//
//go:embed data
var files embed.FS

// province is one preset.
type province struct {
	key      string // what the database is signed with
	name     agency.Text
	agencies []body // parents before their children
	points   []point
	targets  []target.Target
	adopts   bool // agencies that are there already are its own
}

// body is an agency of a preset.
type body struct {
	agency.Agency
	parent string   // the code of the agency above; "" at the root
	fields []string // of its desk; none: it has no desk
}

// names tells whether an agency is one of the preset's. Codes alone do not
// tell, as every province has a people's committee.
func (p province) names(other agency.Agency) bool {
	return slices.ContainsFunc(p.agencies, func(a body) bool {
		return a.Code == other.Code && a.Name["vi"] == other.Name["vi"]
	})
}

// Offer is a preset to choose.
type Offer struct {
	Key  string
	Name agency.Text
}

// Today offers the provinces of today, with their communes; the others are those that
// plans of before 2025 describe.
func Today() ([]Offer, error) {
	var offers []Offer
	for _, key := range Keys() {
		p, err := load(key)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(p.agencies, func(a body) bool { return a.Kind == agency.KindCommune }) {
			offers = append(offers, Offer{key, p.name})
		}
	}
	return offers, nil
}

// The surveys that the presets use.
const (
	quick = surveys.Quick
	sipas = "sipas"
)

// deskName is the name of an agency's desk. The districts' were called so by the
// rules of their time; at the others people may hand in and fetch whatever the
// place is called now.
func deskName(kind agency.Kind) agency.Text {
	switch kind {
	case agency.KindDistrict:
		return agency.Text{"vi": "Bộ phận tiếp nhận và trả kết quả", "en": "Reception and results desk"}
	case agency.KindHospital:
		return agency.Text{"vi": "Khu khám bệnh", "en": "Outpatient area"}
	case agency.KindSchool:
		return agency.Text{"vi": "Văn phòng nhà trường", "en": "School office"}
	case agency.KindProvince, agency.KindDepartment, agency.KindCommune:
	}
	return agency.Text{"vi": "Quầy tiếp nhận và trả kết quả", "en": "Reception and results counter"}
}

// pointsOf are the service points of a preset: the desk of each agency that has one, and
// one for the yearly survey, which home affairs makes (or else the province) and which is
// about the whole province.
func pointsOf(agencies []body) []point {
	var points []point
	surveyor := agencies[0] // the root
	for _, a := range agencies {
		if a.Code == "so-noi-vu" {
			surveyor = a
		}
		if len(a.fields) > 0 {
			points = append(points, point{agency: a.Code, judged: a.Code, until: a.ValidTo, ServicePoint: agency.ServicePoint{
				Name: deskName(a.Kind), SurveyKey: quick, Channel: agency.ChannelQR, FieldKeys: a.fields,
			}})
		}
	}
	return append(points, point{agency: surveyor.Code, judged: agencies[0].Code, ServicePoint: agency.ServicePoint{
		Name:      agency.Text{"vi": "Khảo sát theo tiêu chí SIPAS", "en": "Survey by the SIPAS criteria"},
		SurveyKey: sipas, Channel: agency.ChannelInterviewer, FieldKeys: []string{agency.FieldUnsaidProcedure},
	}})
}

// point is a service point with the codes of its agencies. It is closed from the day on
// which its agency is there no longer.
type point struct {
	agency.ServicePoint
	agency, judged, until string
}

// fields are the service fields that the plans set targets for, and the two
// for citizens who did not say, sorted last. Health and education are what
// public hospitals and schools do: the desks of their departments handle
// procedures, like those of justice and finance.
func fields() []agency.ServiceField {
	return []agency.ServiceField{
		{Key: "dat-dai", Name: agency.Text{"vi": "Đất đai", "en": "Land"}, Scope: agency.ScopeProcedures, Order: 1},
		{Key: "xay-dung", Name: agency.Text{"vi": "Xây dựng", "en": "Construction"}, Scope: agency.ScopeProcedures, Order: 2},
		{Key: "dau-tu", Name: agency.Text{"vi": "Đầu tư", "en": "Investment"}, Scope: agency.ScopeProcedures, Order: 3},
		{Key: "y-te", Name: agency.Text{"vi": "Dịch vụ y tế công lập", "en": "Public health services"}, Scope: agency.ScopePublic, Order: 4},
		{Key: "giao-duc", Name: agency.Text{"vi": "Dịch vụ giáo dục công lập", "en": "Public education services"}, Scope: agency.ScopePublic, Order: 5},
		{Key: agency.FieldUnsaidProcedure, Scope: agency.ScopeProcedures, Order: 98,
			Name: agency.Text{"vi": "Thủ tục hành chính khác", "en": "Other administrative procedures"}},
		{Key: agency.FieldUnsaid, Scope: agency.ScopeUnknown, Order: 99,
			Name: agency.Text{"vi": "Chưa rõ lĩnh vực", "en": "Field not stated"}},
	}
}

// indicators are those of the plans: SIPAS from its own survey, the others
// from the quick form.
func indicators() []target.Indicator {
	all := []target.Indicator{
		{Kind: target.IndicatorProcedures, SurveyKey: quick},
		{Kind: target.IndicatorSIPAS, SurveyKey: sipas},
	}
	for _, f := range fields() {
		if !agency.UnsaidField(f.Key) {
			all = append(all, target.Indicator{Kind: target.IndicatorField, FieldKey: f.Key, SurveyKey: quick})
		}
	}
	for i := range all {
		all[i].Counts, all[i].Order = true, i+1
	}
	return all
}

func agenciesOf(key string) ([]body, error) {
	rows, err := read(key, "agencies.csv")
	if err != nil {
		return nil, err
	}
	agencies := make([]body, 0, len(rows))
	for _, r := range rows {
		agencies = append(agencies, body{
			Agency: agency.Agency{
				Code: r["code"], Kind: agency.Kind(r["kind"]), ValidFrom: r["valid_from"], ValidTo: r["valid_to"],
				Name: agency.Text{"vi": r["name_vi"], "en": r["name_en"]},
			},
			parent: r["parent"], fields: strings.Fields(r["fields"]),
		})
	}
	return agencies, nil
}

func targetsOf(key string) ([]target.Target, error) {
	rows, err := read(key, "targets.csv")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	targets := make([]target.Target, 0, len(rows))
	for _, r := range rows {
		year, err := strconv.Atoi(r["year"])
		if err != nil {
			return nil, fmt.Errorf("targets.csv: %w", err)
		}
		percent, err := score.ParseTarget(r["target_percent"])
		if err != nil {
			return nil, fmt.Errorf("targets.csv: %w", err)
		}
		targets = append(targets, target.Target{
			Plan: r["plan"], Indicator: target.IndicatorKind(r["indicator"]), FieldKey: r["service_field"],
			Year: year, Percent: int(percent), LeadAgency: r["lead_agency"],
			Comparator: target.Comparator(r["comparator"]), Note: noteOf(r),
		})
	}
	return targets, nil
}

// noteOf is the note of a row of targets.csv, nil if it has none.
func noteOf(r map[string]string) agency.Text {
	if r["note_vi"] == "" {
		return nil
	}
	return agency.Text{"vi": r["note_vi"], "en": r["note_en"]}
}

// nameOf is the name of a preset's province.
func nameOf(key string) (agency.Text, error) {
	rows, err := read(key, "province.csv")
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 {
		return nil, fmt.Errorf("%s/province.csv has %d rows, want one", key, len(rows))
	}
	return agency.Text{"vi": rows[0]["name_vi"], "en": rows[0]["name_en"]}, nil
}

// read gives the rows of a file of a preset, by column name.
func read(key, file string) ([]map[string]string, error) {
	name := path.Join("data", key, file)
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
		rows = append(rows, row)
	}
	return rows, nil
}
