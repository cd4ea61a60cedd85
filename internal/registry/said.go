package registry

import (
	"encoding/json"
	"fmt"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/target"
)

// said reads what an entry of the audit tells of, before or after it; ok is false where
// that is no such thing.
func said[Entry any](told any) (e Entry, ok bool) {
	raw, _ := told.(json.RawMessage)
	return e, json.Unmarshal(raw, &e) == nil
}

// PointSaid reads the service point that an entry of the audit tells of, before or after
// it; ok is false where it tells of none.
func PointSaid(told any) (agency.ServicePoint, bool) {
	e, ok := said[pointEntry](told)
	return agency.ServicePoint(e), ok
}

// AgencySaid reads the agency that an entry tells of, as PointSaid does.
func AgencySaid(told any) (agency.Agency, bool) {
	e, ok := said[agencyEntry](told)
	return agency.Agency(e), ok
}

// SuccessionSaid reads who took over, as PointSaid does.
func SuccessionSaid(told any) (agency.Succession, bool) {
	e, ok := said[successionEntry](told)
	return agency.Succession(e), ok
}

// TargetSaid reads the target that an entry tells of, as PointSaid does.
func TargetSaid(told any) (target.Target, bool) {
	e, ok := said[targetEntry](told)
	return target.Target(e), ok
}

// AboutPoint tells which entries are about the service point that had a code.
func AboutPoint(code agency.Code) audit.About { return audit.About{Subject: subjectOf(code)} }

// AboutAgency tells which entries are about the agency with a code.
func AboutAgency(code string) audit.About { return audit.About{Subject: "agency/" + code} }

// AboutSuccession tells which entries are about one agency's taking over from another,
// which has a code.
func AboutSuccession(from string, su agency.Succession) audit.About {
	return audit.About{Subject: AboutAgency(from).Subject, Saying: fmt.Sprintf(`{"from_id":%d,"to_id":%d,`, su.FromID, su.ToID)}
}

// AboutTarget tells which entries are about a target while it was of its indicator and
// year, by which entries name many.
func AboutTarget(t target.Target) audit.About {
	return audit.About{Subject: subjectOfTarget(t), Saying: fmt.Sprintf(`{"id":%d,`, t.ID)}
}
