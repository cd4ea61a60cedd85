// Package score is the arithmetic of the product: it turns counted answers into indices, intervals and standings.
//
// It knows nothing of databases, surveys or pages. Everything that is added up is an integer and every index is an exact
// rational number; rounding happens once, when a figure is printed.
package score

// Counts is how many people chose each level of one five-level question. Position 0 is "no opinion", positions 1 to 5 are the
// levels from "very dissatisfied" to "very satisfied". "No opinion" is outside every numerator and every denominator.
type Counts [6]int64

// Valid is the number of people who chose one of the levels 1 to 5.
func (c Counts) Valid() int64 { return c[1] + c[2] + c[3] + c[4] + c[5] }

// Satisfied is the number of people who chose level 4 or 5.
func (c Counts) Satisfied() int64 { return c[4] + c[5] }

// Add returns c + d, level by level.
func (c Counts) Add(d Counts) Counts {
	for i := range c {
		c[i] += d[i]
	}
	return c
}

// Sub returns c - d, level by level: it takes out exactly what Add put in.
func (c Counts) Sub(d Counts) Counts {
	for i := range c {
		c[i] -= d[i]
	}
	return c
}

// usable says whether the counts can carry an index. A negative count is a tally that has drifted: no figure is better than a
// wrong one.
func (c Counts) usable() bool {
	for _, n := range c {
		if n < 0 {
			return false
		}
	}
	return c.Valid() > 0
}

// scaled returns the sum and the sum of squares of the answers, levels 1 to 5 moved to 0 to 4.
func (c Counts) scaled() (sum, squares int64) {
	for level := int64(1); level <= 5; level++ {
		sum += c[level] * (level - 1)
		squares += c[level] * (level - 1) * (level - 1)
	}
	return sum, squares
}

// ShareUnit is the denominator of a person's satisfied share. 55440 is twice the least common multiple of 1 to 12, so the share
// is exact for forms of up to 12 scale questions and rounded (half up) beyond; it only serves to estimate variance, never the
// index itself. The squares of two thousand million people fit an int64.
const ShareUnit = 55440

// People holds the respondent-level measures of one cell. Every field is a sum over people, so cells can be added and a person
// can be taken out exactly.
type People struct {
	N            int64 // people with at least one valid scale answer (1 to 5)
	AllSatisfied int64 // of them, those all of whose valid scale answers are 4 or 5
	ShareSum     int64 // sum of each person's satisfied share, in units of 1/ShareUnit
	ShareSqSum   int64 // sum of the squares of the same, in units of 1/ShareUnit²
	PointsN      int64 // people with at least one answer on the 2-1-0 form
	Points       int64 // points they gave
	MaxPoints    int64 // points they could have given: 2 for each question they answered
}

// Add returns p + q, field by field.
func (p People) Add(q People) People {
	return People{
		N: p.N + q.N, AllSatisfied: p.AllSatisfied + q.AllSatisfied,
		ShareSum: p.ShareSum + q.ShareSum, ShareSqSum: p.ShareSqSum + q.ShareSqSum,
		PointsN: p.PointsN + q.PointsN, Points: p.Points + q.Points, MaxPoints: p.MaxPoints + q.MaxPoints,
	}
}

// Sub returns p - q, field by field.
func (p People) Sub(q People) People {
	return People{
		N: p.N - q.N, AllSatisfied: p.AllSatisfied - q.AllSatisfied,
		ShareSum: p.ShareSum - q.ShareSum, ShareSqSum: p.ShareSqSum - q.ShareSqSum,
		PointsN: p.PointsN - q.PointsN, Points: p.Points - q.Points, MaxPoints: p.MaxPoints - q.MaxPoints,
	}
}

// PersonOf is what one person adds to a cell through the scale questions. Levels are 1 to 5; 0 (no opinion), -1 (unanswered) and
// anything else count for nothing. Somebody without a valid answer adds nothing at all.
func PersonOf(levels []int) People {
	var valid, satisfied int64
	for _, level := range levels {
		if level >= 1 && level <= 5 {
			valid++
			if level >= 4 {
				satisfied++
			}
		}
	}
	if valid == 0 {
		return People{}
	}
	share := (2*satisfied*ShareUnit + valid) / (2 * valid)
	p := People{N: 1, ShareSum: share, ShareSqSum: share * share}
	if satisfied == valid {
		p.AllSatisfied = 1
	}
	return p
}

// PointsOf is what one person adds to a cell through the questions of the 2-1-0 form: each value is the 0, 1 or 2 points of the
// choice, anything else is unanswered and in no denominator. For a form with both kinds of question, add it to PersonOf.
func PointsOf(points []int) People {
	var p People
	for _, n := range points {
		if n >= 0 && n <= 2 {
			p.PointsN = 1
			p.Points += int64(n)
			p.MaxPoints += 2
		}
	}
	return p
}

// Expectation adds up answers to "how much of what you expected was met", 0 to 100 and possibly above.
type Expectation struct {
	N, Sum, SqSum int64 // people who answered, sum of their answers, sum of the squares
}

// Add returns e + f.
func (e Expectation) Add(f Expectation) Expectation {
	return Expectation{e.N + f.N, e.Sum + f.Sum, e.SqSum + f.SqSum}
}

// Sub returns e - f.
func (e Expectation) Sub(f Expectation) Expectation {
	return Expectation{e.N - f.N, e.Sum - f.Sum, e.SqSum - f.SqSum}
}
