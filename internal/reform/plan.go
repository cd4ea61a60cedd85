package reform

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/registry"
	"sipas/internal/target"
)

// Plan is what a reform would do, worked out from what is kept and changing nothing.
type Plan struct {
	Asked    Asked
	Revision int64 // of what administrators keep, that it was made of
	Problems []Problem
	Early    bool // the day has not come: it can be looked at only
	Steps    Steps
	Targets  []target.Target   // of agencies that end: they stay theirs
	Stay     []auth.Holder     // whose agency ends without a successor: they go on seeing what it had
	Remain   []agency.Official // the same of officials: they stay its

	snap   *registry.Snapshot
	made   map[int64]agency.Agency // to be made, by ids below 0
	ending map[int64]bool
	takers []agency.Agency
}

// Make works a plan out. Holders are all who have a scope; today is the civil day.
func Make(snap *registry.Snapshot, holders []auth.Holder, asked Asked, today string) *Plan {
	p := &Plan{Asked: asked, Revision: snap.Revision, snap: snap, made: map[int64]agency.Agency{}, ending: map[int64]bool{}}
	p.judgeDay(today)
	ends := p.readEnds()
	p.readTakers(ends)
	p.judgeCounts()
	if len(p.Problems) > 0 {
		return p
	}
	for _, a := range ends {
		p.end(a)
	}
	p.judgedElsewhere()
	p.seat()
	p.hold(holders)
	p.judgePlaces()
	for _, t := range snap.Targets {
		if p.ending[t.AgencyID] {
			p.Targets = append(p.Targets, t)
		}
	}
	return p
}

// Hash binds a plan to what it was made of: another asked, or anything changed since,
// is another hash.
func (p *Plan) Hash() string {
	text, err := json.Marshal(struct {
		Asked    Asked
		Revision int64
		Steps    Steps
		Stay     []auth.Holder
		Remain   []agency.Official
	}{p.Asked, p.Revision, p.Steps, p.Stay, p.Remain})
	if err != nil {
		return "" // texts and numbers always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Agency finds an agency that the plan speaks of, made or not.
func (p *Plan) Agency(id int64) agency.Agency {
	if a, ok := p.made[id]; ok {
		return a
	}
	a, _ := p.snap.Tree.Agency(id)
	return a
}

// Takers are who takes over, in the order asked.
func (p *Plan) Takers() []agency.Agency { return p.takers }

// Ends are the agencies that end.
func (p *Plan) Ends() (list []agency.Agency) {
	for _, e := range p.Steps.Ends {
		list = append(list, p.Agency(e.ID))
	}
	return list
}

func (p *Plan) problem(where, key, value, detail string) {
	p.Problems = append(p.Problems, Problem{where, key, value, detail})
}

func (p *Plan) judgeDay(today string) {
	at, err := time.Parse(time.DateOnly, p.Asked.Day)
	if err != nil || at.Year() < 1900 {
		p.problem("day", ProblemDay, p.Asked.Day, "")
	}
	p.Early = p.Asked.Day > today
}

// judgeCounts judges how many agencies there are on either side.
func (p *Plan) judgeCounts() {
	from, into := len(p.Asked.From), len(p.Asked.Into)
	switch kind := p.Asked.Kind; {
	case !slices.Contains(Kinds(), kind):
		p.problem("kind", ProblemKind, string(kind), "")
	case from == 0:
		p.problem("from", ProblemNoAgency, "", "")
	case kind != Merge && from > 1:
		p.problem("from", ProblemOneAgency, "", "")
	case kind == Merge && into == 0:
		p.problem("into", ProblemNoSuccessor, "", "")
	case kind != Split && into > 1:
		p.problem("into", ProblemOneSuccessor, "", "")
	case kind == Split && into < 2:
		p.problem("into", ProblemTwoSuccessors, "", "")
	case kind == Split:
		p.judgeShares()
	}
}

func (p *Plan) judgeShares() {
	sum := 0
	for _, s := range p.Asked.Into {
		if s.Share < 1 || s.Share >= whole {
			p.problem("share", ProblemShare, s.Code, "")
			return
		}
		sum += s.Share
	}
	if sum != whole {
		p.problem("share", ProblemSum, Percent(sum), "")
	}
}

// readEnds finds the agencies that end.
func (p *Plan) readEnds() (ends []agency.Agency) {
	for _, code := range p.Asked.From {
		a, known := p.snap.Tree.ByCode(code)
		name := a.Name.In(agency.FallbackLanguage)
		switch {
		case !known:
			p.problem("from", ProblemUnknown, code, "")
		case p.ending[a.ID]:
			p.problem("from", ProblemTwice, name, "")
		case a.ID == p.snap.Tree.Root() || a.ParentID == 0:
			p.problem("from", ProblemTop, name, "")
		case a.ValidTo != "" && a.ValidTo <= p.Asked.Day:
			p.problem("from", ProblemEnded, name, a.ValidTo)
		case a.ValidFrom >= p.Asked.Day:
			p.problem("from", ProblemNotYet, name, a.ValidFrom)
		default:
			p.ending[a.ID] = true
			ends = append(ends, a)
		}
	}
	return ends
}

// readTakers finds who takes over, and makes up who is not there yet.
func (p *Plan) readTakers(ends []agency.Agency) {
	seen := map[string]bool{}
	for _, s := range p.Asked.Into {
		a, known := p.snap.Tree.ByCode(s.Code)
		name := a.Name.In(agency.FallbackLanguage)
		switch {
		case seen[s.Code]:
			p.problem("into", ProblemTwice, s.Code, "")
			continue
		case s.Name != nil:
			var sound bool
			if a, sound = p.makeUp(s, ends); !sound {
				continue
			}
		case !known:
			p.problem("into", ProblemUnknown, s.Code, "")
			continue
		case p.ending[a.ID]:
			p.problem("into", ProblemEnds, name, "")
			continue
		case a.ValidTo != "":
			p.problem("into", ProblemEnded, name, a.ValidTo)
			continue
		case a.ValidFrom > p.Asked.Day:
			p.problem("into", ProblemNotYet, name, a.ValidFrom)
			continue
		case slices.ContainsFunc(ends, func(end agency.Agency) bool { return p.snap.Tree.Below(end.ID, a.ID) }):
			p.problem("into", ProblemBelow, name, "")
			continue
		}
		seen[s.Code] = true
		p.takers = append(p.takers, a)
		p.Steps.Takers = append(p.Steps.Takers, a.ID)
	}
	if len(ends) > 0 && len(p.Problems) == 0 {
		p.judgeSuccessions(ends)
	}
}

// judgeSuccessions refuses what is on record already.
func (p *Plan) judgeSuccessions(ends []agency.Agency) {
	for _, su := range p.snap.Successions() {
		for _, end := range ends {
			if su.FromID == end.ID && slices.Contains(p.Steps.Takers, su.ToID) {
				p.problem("into", ProblemSucceeded, p.Agency(su.ToID).Name.In(agency.FallbackLanguage), end.Name.In(agency.FallbackLanguage))
			}
		}
	}
}

// makeUp makes an agency up that takes over: it is of the kind of the first that ends,
// and stands where that one does.
func (p *Plan) makeUp(s Successor, ends []agency.Agency) (a agency.Agency, sound bool) {
	before := len(p.Problems)
	if !agency.WellFormedKey(s.Code) {
		p.problem("into", ProblemCode, s.Code, "")
	}
	for _, other := range p.snap.Tree.All() {
		if agency.Confusable(other.Code) == agency.Confusable(s.Code) {
			p.problem("into", ProblemAlike, s.Code, other.Code)
		}
	}
	name := agency.Text{}
	for language, text := range s.Name {
		if text = norm.NFC.String(strings.TrimSpace(text)); text != "" {
			name[language] = text
		}
		if len(text) > maxName || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
			delete(name, agency.FallbackLanguage)
		}
	}
	if name[agency.FallbackLanguage] == "" {
		p.problem("into", ProblemName, s.Code, "")
	}
	if len(p.Problems) > before || len(ends) == 0 {
		return a, false
	}
	like := ends[0]
	a = agency.Agency{
		ID: -int64(len(p.made) + 1), Code: s.Code, ParentID: p.above(like), Kind: like.Kind, Name: name, ValidFrom: p.Asked.Day,
		Order: like.Order, Hotline: like.Hotline,
	}
	p.made[a.ID] = a
	p.Steps.Made = append(p.Steps.Made, Making{a.ID, a.Code, a.Name, a.ParentID})
	return a, true
}

// maxName bounds the name of an agency that is made, in bytes.
const maxName = 400

// above is the nearest agency above one that does not end.
func (p *Plan) above(a agency.Agency) int64 {
	for p.ending[a.ParentID] {
		a, _ = p.snap.Tree.Agency(a.ParentID)
	}
	return a.ParentID
}

// taker is who takes a thing over; 0: nobody.
func (p *Plan) taker(of Move) int64 {
	if len(p.takers) == 0 {
		return 0
	}
	if code, placed := p.Asked.Places[of.Key()]; placed {
		for _, a := range p.takers {
			if a.Code == code {
				return a.ID
			}
		}
	}
	return p.takers[0].ID
}

// end says what becomes of an agency that ends and of what hangs on it.
func (p *Plan) end(a agency.Agency) {
	p.Steps.Ends = append(p.Steps.Ends, Ending{a.ID, a.ValidTo})
	for i, taker := range p.takers {
		share := whole
		if p.Asked.Kind == Split {
			share = p.Asked.Into[i].Share
		}
		p.Steps.Successions = append(p.Steps.Successions, Taking{a.ID, taker.ID, share})
	}
	for _, child := range p.snap.Tree.Children(a.ID) {
		if p.ending[child.ID] || child.ValidTo != "" && child.ValidTo <= p.Asked.Day {
			continue // it ends no later: its figures stay where they are
		}
		m := Move{Thing: Office, ID: child.ID, Name: child.Code, From: a.ID}
		if m.To = p.taker(m); m.To == 0 {
			m.To = p.above(a)
		}
		p.Steps.Moves = append(p.Steps.Moves, m)
	}
	for _, point := range p.snap.PointsOf(a.ID) {
		m := Move{Thing: Point, ID: point.ID, Name: string(point.Code), From: a.ID, To: a.ID, JudgedFrom: point.JudgedID, JudgedTo: point.JudgedID}
		if to := p.taker(m); to != 0 {
			m.To = to
			if p.ending[point.JudgedID] {
				m.JudgedTo = to
			}
		} else if m.Closes = point.Active; !m.Closes {
			continue
		}
		p.Steps.Moves = append(p.Steps.Moves, m)
	}
}

// judgedElsewhere says what becomes of service points of others at which the work of an
// agency that ends is judged.
func (p *Plan) judgedElsewhere() {
	for _, point := range p.snap.Points {
		if !p.ending[point.JudgedID] || p.ending[point.AgencyID] {
			continue
		}
		m := Move{Thing: Point, ID: point.ID, Name: string(point.Code), From: point.AgencyID, To: point.AgencyID, JudgedFrom: point.JudgedID}
		if m.JudgedTo = p.taker(m); m.JudgedTo == 0 {
			m.JudgedTo = point.AgencyID
		}
		p.Steps.Moves = append(p.Steps.Moves, m)
	}
}

// seat says what becomes of the officials: whose service point goes to a successor, or
// whose work at one of others does, goes with it.
func (p *Plan) seat() {
	goes := map[int64]int64{}
	for _, m := range p.Steps.Moves {
		if m.Thing == Point {
			goes[m.ID] = m.goesTo()
		}
	}
	for _, o := range p.snap.Officials {
		if !p.ending[o.AgencyID] {
			continue
		}
		if len(p.takers) == 0 {
			p.Remain = append(p.Remain, o)
			continue
		}
		m := Move{Thing: Official, ID: o.ID, Name: o.Code, From: o.AgencyID}
		if m.To, m.Follows = goes[o.PointID]; !m.Follows {
			m.To = p.taker(m)
		}
		p.Steps.Moves = append(p.Steps.Moves, m)
	}
}

// hold says what becomes of the scopes.
func (p *Plan) hold(holders []auth.Holder) {
	for _, h := range holders {
		if !p.ending[h.AgencyID] {
			continue
		}
		m := Move{Thing: thingOf(h), ID: h.ID, Name: h.Handle(), From: h.AgencyID}
		if m.To = p.taker(m); m.To == 0 {
			p.Stay = append(p.Stay, h)
			continue
		}
		p.Steps.Moves = append(p.Steps.Moves, m)
	}
}

// judgePlaces refuses places of what does not move, and places that are none.
func (p *Plan) judgePlaces() {
	moves := map[string]bool{}
	for _, m := range p.Steps.Moves {
		moves[m.Key()] = !m.Follows
	}
	for _, key := range slices.Sorted(maps.Keys(p.Asked.Places)) {
		code := p.Asked.Places[key]
		if !moves[key] || !slices.ContainsFunc(p.takers, func(a agency.Agency) bool { return a.Code == code }) {
			p.problem("place", ProblemPlace, key, code)
		}
	}
}
