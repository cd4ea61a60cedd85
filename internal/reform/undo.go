package reform

import (
	"slices"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/registry"
)

// obstacles says why a reform, one of all, cannot be undone.
func (r Reform) obstacles(snap *registry.Snapshot, holders []auth.Holder, all []Reform) (found []Problem) {
	say := func(key, value string) {
		if p := (Problem{Key: key, Value: value}); !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	if r.Undone() {
		return []Problem{{Key: ProblemUndone}}
	}
	name := func(id int64) string {
		a, _ := snap.Tree.Agency(id)
		return a.Name.In(agency.FallbackLanguage)
	}
	touched := r.Steps.touched()
	for _, later := range all {
		if later.ID <= r.ID || later.Undone() {
			continue
		}
		for id := range later.Steps.touched() {
			if touched[id] {
				return []Problem{{Key: ProblemBuiltOn, Value: later.Day}}
			}
		}
	}
	for _, e := range r.Steps.Ends {
		a, known := snap.Tree.Agency(e.ID)
		if !known || a.ValidTo != r.Day || !r.outlived(snap, a.ParentID, e.Was) {
			say(ProblemChanged, name(e.ID))
		}
	}
	for _, id := range r.Steps.Takers {
		if a, known := snap.Tree.Agency(id); !known || a.ValidTo != "" {
			say(ProblemChanged, name(id))
		}
	}
	for _, t := range r.Steps.Successions {
		if !slices.Contains(snap.Successions(), t.on(r.Day)) {
			say(ProblemChanged, name(t.From))
		}
	}
	for _, m := range r.Steps.Moves {
		if !m.stands(snap, holders) {
			say(ProblemChanged, m.Name)
		}
	}
	for _, m := range r.Steps.Made {
		if r.used(snap, holders, m.ID) {
			say(ProblemUsed, name(m.ID))
		}
	}
	return found
}

// outlived tells whether an agency is there until a day, "" for ever, once the reform is
// undone.
func (r Reform) outlived(snap *registry.Snapshot, id int64, day string) bool {
	until := ""
	if a, known := snap.Tree.Agency(id); known {
		until = a.ValidTo
	}
	for _, e := range r.Steps.Ends {
		if e.ID == id {
			until = e.Was
		}
	}
	return until == "" || day != "" && day <= until
}

// stands tells whether a thing is where a move has put it. A token that was revoked
// since is no longer among the holders, and cannot have been moved.
func (m Move) stands(snap *registry.Snapshot, holders []auth.Holder) bool {
	switch m.Thing {
	case Office:
		a, known := snap.Tree.Agency(m.ID)
		return known && a.ParentID == m.To
	case Point:
		p, known := snap.PointByID(m.ID)
		return known && p.AgencyID == m.To && p.JudgedID == m.JudgedTo && !(m.Closes && p.Active)
	case Official:
		o, known := snap.OfficialByID(m.ID)
		return known && o.AgencyID == m.To
	case Account, Token:
		for _, h := range holders {
			if thingOf(h) == m.Thing && h.ID == m.ID {
				return h.AgencyID == m.To
			}
		}
		return m.Thing == Token
	}
	return false
}

// used tells whether something hangs on an agency that the reform made, beside what it
// moved there itself.
func (r Reform) used(snap *registry.Snapshot, holders []auth.Holder, id int64) bool {
	moved := map[Thing]map[int64]bool{}
	for _, thing := range Things() {
		moved[thing] = map[int64]bool{}
	}
	for _, m := range r.Steps.Moves {
		moved[m.Thing][m.ID] = true
	}
	for _, child := range snap.Tree.Children(id) {
		if !moved[Office][child.ID] {
			return true
		}
	}
	for _, p := range snap.Points {
		if (p.AgencyID == id || p.JudgedID == id) && !moved[Point][p.ID] {
			return true
		}
	}
	for _, o := range snap.Officials {
		if o.AgencyID == id && !moved[Official][o.ID] {
			return true
		}
	}
	for _, h := range holders {
		if h.AgencyID == id && !moved[thingOf(h)][h.ID] {
			return true
		}
	}
	for _, t := range snap.Targets {
		if t.AgencyID == id {
			return true
		}
	}
	for _, su := range snap.Successions() {
		if (su.FromID == id || su.ToID == id) && !slices.Contains(r.Steps.Successions, Taking{su.FromID, su.ToID, su.Share}) {
			return true
		}
	}
	return false
}
