package registry

import (
	"context"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/target"
)

// Note writes an entry into the audit. Those who make a Change need it only for
// what was changed in another way: by restoring a backup.
func (c noted) Note(ctx context.Context, action, subject string, before, after any) error {
	return audit.Append(ctx, c.tx, c.Entry(action, subject, before, after))
}

// Entry is what Note writes: for those who write many at once.
func (c noted) Entry(action, subject string, before, after any) audit.Entry {
	return audit.Entry{At: c.at, Author: c.by, Action: action, Subject: subject, Before: before, After: after}
}

// What entries of the audit say of things that were added. The names are kept
// for good; each type has the fields of the thing itself, or does not compile.
type (
	agencyEntry struct {
		ID        int64       `json:"id"`
		Code      string      `json:"code"`
		ParentID  int64       `json:"parent_id,omitempty"`
		Name      agency.Text `json:"name"`
		Kind      agency.Kind `json:"kind"`
		ValidFrom string      `json:"valid_from,omitempty"`
		ValidTo   string      `json:"valid_to,omitempty"`
		Order     int         `json:"order"`
		Hotline   string      `json:"hotline,omitempty"`
	}
	successionEntry struct {
		FromID int64  `json:"from_id"`
		ToID   int64  `json:"to_id"`
		Day    string `json:"day"`
		Share  int    `json:"share"`
	}
	fieldEntry struct {
		Key   string            `json:"key"`
		Name  agency.Text       `json:"name"`
		Scope agency.FieldScope `json:"scope"`
		Order int               `json:"order"`
	}
	pointEntry struct {
		ID        int64          `json:"id"`
		Code      agency.Code    `json:"code"`
		AgencyID  int64          `json:"agency_id"`
		JudgedID  int64          `json:"judged_agency_id"`
		Name      agency.Text    `json:"name"`
		Place     string         `json:"place,omitempty"`
		SurveyKey string         `json:"survey"`
		Channel   agency.Channel `json:"channel"`
		FieldKeys []string       `json:"fields"`
		Active    bool           `json:"active"`
		Limit     string         `json:"limit,omitempty"`
		Hours     string         `json:"hours,omitempty"`
		Hotline   string         `json:"hotline,omitempty"`
	}
	officialEntry struct {
		ID       int64       `json:"id"`
		Code     string      `json:"code"`
		Badge    agency.Code `json:"badge"`
		AgencyID int64       `json:"agency_id"`
		PointID  int64       `json:"service_point_id,omitempty"`
		Name     string      `json:"name"`
		Login    string      `json:"login,omitempty"`
		Named    bool        `json:"named"`
		Active   bool        `json:"active"`
	}
	indicatorEntry struct {
		ID        int64                `json:"id"`
		Kind      target.IndicatorKind `json:"kind"`
		FieldKey  string               `json:"field,omitempty"`
		SurveyKey string               `json:"survey"`
		Method    string               `json:"method,omitempty"`
		Counts    bool                 `json:"counts"`
		Order     int                  `json:"order"`
	}
	targetEntry struct {
		ID         int64                `json:"id"`
		Plan       string               `json:"plan"`
		Indicator  target.IndicatorKind `json:"indicator"`
		FieldKey   string               `json:"field,omitempty"`
		AgencyID   int64                `json:"agency_id,omitempty"` // 0: the whole province
		Year       int                  `json:"year"`
		Comparator target.Comparator    `json:"comparator"`
		Percent    int                  `json:"percent_hundredths"`
		LeadAgency string               `json:"lead_agency,omitempty"`
		CoAgencies string               `json:"co_agencies,omitempty"`
		Note       agency.Text          `json:"note,omitempty"`
	}
)
