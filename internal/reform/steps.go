package reform

import (
	"slices"
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/auth"
)

// Thing is a kind of thing that goes from one agency to another.
type Thing string

// The things.
const (
	Office   Thing = "agency"        // that stood below one that ends
	Point    Thing = "service-point" // of one that ends, or at which its work is judged
	Official Thing = "official"      // of one that ends
	Account  Thing = "user"
	Token    Thing = "token"
)

// Things lists every kind.
func Things() []Thing { return []Thing{Office, Point, Official, Account, Token} }

// Steps are what a reform does, as it is kept: by ids, with what was before. The
// names are kept for good.
type Steps struct {
	Ends        []Ending `json:"ends"`
	Made        []Making `json:"made,omitempty"`
	Takers      []int64  `json:"takers,omitempty"` // who takes over, made or not
	Moves       []Move   `json:"moves,omitempty"`
	Successions []Taking `json:"successions,omitempty"`
}

// Ending is an agency that ends, and the day on which it would have ended.
type Ending struct {
	ID  int64  `json:"id"`
	Was string `json:"was,omitempty"`
}

// Making is an agency that is made. Its id is below 0 until then.
type Making struct {
	ID    int64       `json:"id"`
	Code  string      `json:"code"`
	Name  agency.Text `json:"name"`
	Above int64       `json:"above"`
}

// Taking is a share of one agency that another takes over.
type Taking struct {
	From  int64 `json:"from"`
	To    int64 `json:"to"`
	Share int   `json:"share"`
}

func (t Taking) on(day string) agency.Succession {
	return agency.Succession{FromID: t.From, ToID: t.To, Day: day, Share: t.Share}
}

// Move is what becomes of one thing. Where it stays, From and To are the same.
type Move struct {
	Thing Thing  `json:"thing"`
	ID    int64  `json:"id"`
	Name  string `json:"name"` // as people name it among its kind: a code, a login, a number
	From  int64  `json:"from,omitempty"`
	To    int64  `json:"to,omitempty"`
	// Of a service point: whose work is judged at it, and whether it takes answers.
	JudgedFrom int64 `json:"judged_from,omitempty"`
	JudgedTo   int64 `json:"judged_to,omitempty"`
	Closes     bool  `json:"closes,omitempty"`
	Opens      bool  `json:"opens,omitempty"`
	// Of an official: they go where their service point goes, and cannot be placed.
	Follows bool `json:"follows,omitempty"`
}

// Key names the thing of a move among all.
func (m Move) Key() string { return string(m.Thing) + "/" + m.Name }

// goesTo is the agency that a thing, or the work that is judged at it, goes to.
func (m Move) goesTo() int64 {
	if m.From == m.To {
		return m.JudgedTo
	}
	return m.To
}

// back is the move that undoes another.
func (m Move) back() Move {
	m.From, m.To, m.JudgedFrom, m.JudgedTo, m.Closes, m.Opens = m.To, m.From, m.JudgedTo, m.JudgedFrom, m.Opens, m.Closes
	return m
}

// holder is who has the scope that a move changes.
func (m Move) holder() auth.Holder {
	return auth.Holder{Token: m.Thing == Token, ID: m.ID, AgencyID: m.From}
}

// with puts ids in the place of others: of agencies that are made now.
func (s Steps) with(made map[int64]int64) Steps {
	id := func(of int64) int64 {
		if now, ok := made[of]; ok {
			return now
		}
		return of
	}
	out := Steps{Ends: s.Ends}
	for _, m := range s.Made {
		m.ID = id(m.ID)
		out.Made = append(out.Made, m)
	}
	for _, of := range s.Takers {
		out.Takers = append(out.Takers, id(of))
	}
	for _, m := range s.Moves {
		m.From, m.To, m.JudgedFrom, m.JudgedTo = id(m.From), id(m.To), id(m.JudgedFrom), id(m.JudgedTo)
		out.Moves = append(out.Moves, m)
	}
	for _, t := range s.Successions {
		out.Successions = append(out.Successions, Taking{t.From, id(t.To), t.Share})
	}
	return out
}

// MadeOne finds an agency that the steps made, also when it is gone since.
func (s Steps) MadeOne(id int64) (Making, bool) {
	at := slices.IndexFunc(s.Made, func(m Making) bool { return m.ID == id })
	if at < 0 {
		return Making{}, false
	}
	return s.Made[at], true
}

// touched are the agencies that the steps are about.
func (s Steps) touched() map[int64]bool {
	all := map[int64]bool{}
	for _, e := range s.Ends {
		all[e.ID] = true
	}
	for _, id := range s.Takers {
		all[id] = true
	}
	for _, m := range s.Moves {
		if m.Thing == Office {
			all[m.ID] = true
		}
	}
	return all
}

// Count tells how many moves are of a thing.
func (s Steps) Count(of Thing) (n int) {
	for _, m := range s.Moves {
		if m.Thing == of {
			n++
		}
	}
	return n
}

func thingOf(h auth.Holder) Thing {
	if h.Token {
		return Token
	}
	return Account
}

// Percent writes a share of hundredths of a percent: "62.5".
func Percent(share int) string { return strconv.FormatFloat(float64(share)/100, 'f', -1, 64) }
