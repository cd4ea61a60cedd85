package counter

import (
	"strings"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// columns are what there is to say of a counter, in the order of its page.
var columns = []string{"name_vi", "name_en", "agency", judged, "place", "hours", "fields", "channel", "survey", "limit", ownHotline}

// label is what a column is called.
func label(p httpd.Page, column string) string {
	switch column {
	case "agency":
		return p.T("point.agency") // which accounts call their scope
	case "limit":
		return p.T("point.limit") // of which the form has two fields
	case ownHotline:
		return p.T("point.hotline")
	}
	return p.T("field." + column)
}

// words are a counter in the reader's words, by column; "" for what it has not.
// An agency that the reader may not see is somebody else.
func words(snap *registry.Snapshot, view registry.View, p httpd.Page, point agency.ServicePoint) map[string]string {
	office := func(id int64) string {
		a, known := snap.Tree.Agency(id)
		if !known || !view.Sees(id) {
			return p.T("point.somebody-else")
		}
		return a.Name.In(p.Language)
	}
	said := map[string]string{
		"name_vi": point.Name["vi"], "name_en": point.Name["en"], "agency": office(point.AgencyID), "place": point.Place,
		"channel": p.Channel(point.Channel), "survey": point.SurveyKey, "limit": limitWords(p, point.Limit), ownHotline: point.Hotline,
	}
	hours, _ := agency.ParseHours(point.Hours)
	said["hours"] = hours.Text(p.Language)
	if point.JudgedID != point.AgencyID {
		said[judged] = office(point.JudgedID)
	}
	if newest := snap.Newest(point.SurveyKey); newest != nil {
		said["survey"] = newest.Definition.Title.In(p.Language)
	}
	var fields []string
	for _, key := range point.FieldKeys {
		f, _ := snap.Field(key)
		fields = append(fields, f.Name.In(p.Language))
	}
	said["fields"] = strings.Join(fields, ", ")
	return said
}
