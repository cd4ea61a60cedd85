package campaign

import (
	"cmp"
	"slices"

	"sipas/internal/agency"
)

// Span is some civil days, the last one included.
type Span struct{ First, Last string }

// within is the part of a span that lies in another; ok is false where there is none.
func (s Span) within(o Span) (part Span, ok bool) {
	part = Span{max(s.First, o.First), min(s.Last, o.Last)}
	return part, part.First <= part.Last
}

// Span is the days of a campaign.
func (c *Campaign) Span() Span { return Span{c.FirstDay, c.LastDay} }

// Overlap is two campaigns that want the same counters on the same days.
type Overlap struct {
	Span
	A, B *Campaign // the one that begins first, and the other
	// How many counters ask each, by the rule.
	AsksA, AsksB int
}

// Overlaps lists the overlaps in a span, by their first day: of each two campaigns that
// cover some of the counters. A third one may be asked there all the same.
func (l List) Overlaps(tree *agency.Tree, points []agency.ServicePoint, in Span) (all []Overlap) {
	covered := make([][]Scope, len(l)) // by campaign and counter, once it is needed
	scopes := func(i int) []Scope {
		if covered[i] == nil {
			covered[i] = make([]Scope, len(points))
			for n := range points {
				covered[i][n] = l[i].Covers(tree, &points[n])
			}
		}
		return covered[i]
	}
	for i := range l {
		for j := i + 1; j < len(l); j++ {
			days, _ := l[i].Span().within(l[j].Span())
			days, some := days.within(in) // of no days there is no part
			if !some {
				continue
			}
			o := Overlap{Span: days, A: &l[i], B: &l[j]}
			a, b := scopes(i), scopes(j)
			for n := range points {
				switch {
				case a[n] == Nowhere || b[n] == Nowhere:
				case (candidate{o.A, a[n]}).before(candidate{o.B, b[n]}) < 0:
					o.AsksA++
				default:
					o.AsksB++
				}
			}
			if o.AsksA+o.AsksB > 0 {
				all = append(all, o)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Overlap) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last)) })
	return all
}

// Gaps lists the days of a span on which no campaign is anywhere: every counter asks its
// own survey.
func (l List) Gaps(in Span) (gaps []Span) {
	next := in.First
	for i := range l { // by their first day
		days, some := l[i].Span().within(in)
		if !some {
			continue
		}
		if days.First > next {
			gaps = append(gaps, Span{next, dayAfter(days.First, -1)})
		}
		next = max(next, dayAfter(days.Last, 1))
	}
	if next <= in.Last {
		gaps = append(gaps, Span{next, in.Last})
	}
	return gaps
}
