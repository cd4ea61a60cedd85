package reforms

import (
	"strings"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/reform"
	"sipas/internal/registry"
	"sipas/internal/score"
)

// account is what a reform does, thing by thing: before and after.
type account struct {
	Kind, Day string
	Agencies  []line
	Points    []line
	Officials []line
	Holders   []line // accounts and keys of the API
	Targets   []line // that stay as they are
	Takings   []line // who took over how much, and so which years are compared
	Below     bool   // agencies change the one above, and so where their former figures count
	Closed    bool   // counters are closed
	Stay      int64  // accounts whose agency ends without a successor
	Remain    int64  // officials whose agency does
}

// line is one thing.
type line struct {
	Name, Code    string
	Before, After string
	Key           string         // of its place
	Places        []httpd.Choice // to which successors it may go, where there are several
}

// teller tells what a reform does.
type teller struct {
	httpd.Page
	snap   *registry.Snapshot
	agency func(id int64) agency.Agency
	asked  reform.Asked // zero of one that was made
}

func (t teller) name(id int64) string { return t.agency(id).Name.In(t.Language) }

func (t teller) tell(s reform.Steps) account {
	a := account{}
	ends := map[int64]bool{}
	for _, m := range s.Made {
		a.Agencies = append(a.Agencies, line{Name: m.Name.In(t.Language), Code: m.Code, Before: "–", After: t.T("reform.made", "above", t.name(m.Above))})
	}
	for _, e := range s.Ends {
		ends[e.ID] = true
		a.Agencies = append(a.Agencies, line{Name: t.name(e.ID), Code: t.agency(e.ID).Code, Before: t.T("reform.in-force"), After: t.T("reform.no-more")})
	}
	for _, m := range s.Moves {
		l := line{Key: m.Key(), Before: t.name(m.From), After: t.name(m.To), Places: t.places(s, m)}
		switch m.Thing {
		case reform.Office:
			a.Below = true
			l.Name, l.Code = t.name(m.ID), m.Name
			l.Before, l.After = t.T("reform.below-which", "above", l.Before), t.T("reform.below-which", "above", l.After)
			a.Agencies = append(a.Agencies, l)
		case reform.Point:
			a.Points = append(a.Points, t.point(m, l))
			a.Closed = a.Closed || m.Closes
		case reform.Official:
			o, _ := t.snap.OfficialByID(m.ID)
			l.Name, l.Code = o.Name, m.Name
			a.Officials = append(a.Officials, l)
		case reform.Account, reform.Token:
			if l.Name = m.Name; m.Thing == reform.Token {
				l.Name = t.T("reform.token", "n", m.Name)
			}
			a.Holders = append(a.Holders, l)
		}
	}
	for _, target := range t.snap.Targets {
		if ends[target.AgencyID] {
			a.Targets = append(a.Targets, line{Name: target.Plan, Code: t.T("reform.year", "year", target.Year), Before: t.name(target.AgencyID)})
		}
	}
	for _, taking := range s.Successions {
		a.Takings = append(a.Takings, line{Name: t.name(taking.From), Before: percent(t.Language, taking.Share), After: t.name(taking.To)})
	}
	return a
}

func (t teller) point(m reform.Move, l line) line {
	p, _ := t.snap.PointByID(m.ID)
	l.Name, l.Code = p.Name.In(t.Language), p.Code.Grouped()
	switch {
	case m.Closes:
		l.Before, l.After = t.T("reform.point-open"), t.T("reform.point-closed")
	case m.From == m.To:
		l.Before, l.After = t.T("reform.judged", "agency", t.name(m.JudgedFrom)), t.T("reform.judged", "agency", t.name(m.JudgedTo))
	}
	return l
}

// places are the successors to which a thing may go in a split.
func (t teller) places(s reform.Steps, m reform.Move) (list []httpd.Choice) {
	if t.asked.Kind != reform.Split || m.Follows {
		return nil
	}
	to := m.To
	if m.From == m.To {
		to = m.JudgedTo
	}
	for _, id := range s.Takers {
		list = append(list, httpd.Choice{Value: m.Key() + "=" + t.agency(id).Code, Text: t.name(id), Chosen: id == to})
	}
	return list
}

// percent writes a share of hundredths of a percent: "62,5%".
func percent(language string, share int) string {
	text := strings.TrimSuffix(score.Target(share).Number().Percent(language, 2), "%")
	if strings.ContainsAny(text, ",.") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ",.")
	}
	return text + "%"
}
