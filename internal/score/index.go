package score

import "math/big"

// Index is one figure with everything that must be said beside it.
type Index struct {
	Method  Method // the rule that made this figure
	N       int64  // people behind it; for a figure over several questions without People, the largest number at one question
	HasData bool   // false: nothing was answered, and Value means nothing (it is not 0%)
	Value   Number // percent, 1 to 5 for MeanScore, a sum of points for Points210; exact

	HasInterval bool    // false: no data, or too little to say how far chance reaches (ExpectationMean only)
	Low, High   float64 // 95% interval in the unit of Value; Low <= Value <= High
}

// Display is the figure in Vietnamese, with a percent sign if it is a percentage; "" without data.
func (x Index) Display(decimals int) string { return x.DisplayIn("vi", decimals) }

// DisplayIn is Display in a language, "vi" or "en".
func (x Index) DisplayIn(lang string, decimals int) string {
	switch {
	case !x.HasData:
		return ""
	case x.Method.IsPercent():
		return x.Value.Percent(lang, decimals)
	case x.Method == Points210: // it has no more
		return x.Value.Decimal(lang, min(decimals, 1))
	default:
		return x.Value.Decimal(lang, decimals)
	}
}

// Interval is the interval for JSON, which rounds nothing; without one both are nil.
func (x Index) Interval() (low, high *float64) {
	if !x.HasInterval {
		return nil, nil
	}
	return &x.Low, &x.High
}

// Tally is what was counted in one cell, as far as its survey asks it.
type Tally struct {
	Questions   []Counts // the satisfaction questions, one each
	Headline    Counts   // the one question that SingleQuestion takes
	People      People
	Criteria    []PointCounts // of the 2-1-0 form, one each
	Expectation Expectation
	Returning   int64 // people who chose an answer that means coming back
	ReturnAsked int64 // people who answered that question
}

// Whole is the index of a survey: that of its headline question where it has one, or else
// what the method makes of all of it.
func (m Method) Whole(headline bool, t Tally) Index {
	if headline && m != SingleQuestion {
		return m.Question(t.Headline)
	}
	return m.Overall(t)
}

// Question is the index of one question: 100*(n4+n5)/(n1+...+n5), or the mean level for MeanScore. No answers, no data.
func (m Method) Question(c Counts) Index {
	return m.parts().mean([]Counts{c}, People{})
}

// Section is the index of a factor over its questions. Questions without answers are left out: what was not asked has no data.
// Rules without a factor index of their own (people, points...) are accompanied by the figures of Sipas2023, and the index says so.
func (m Method) Section(questions []Counts) Index {
	return m.parts().mean(questions, People{})
}

// Overall is the index of the whole cell. What the tally lacks for the rule gives no data.
func (m Method) Overall(t Tally) Index {
	switch m {
	case Sipas2023, Pooled, MeanScore:
		return m.mean(t.Questions, t.People)
	case SingleQuestion:
		if !t.Headline.usable() {
			return Index{Method: m}
		}
		return share(m, t.Headline.Satisfied(), t.Headline.Valid(), t.Headline.Valid())
	case AllSatisfied:
		return share(m, t.People.AllSatisfied, t.People.N, t.People.N)
	case ReturnIntent:
		return share(m, t.Returning, t.ReturnAsked, t.ReturnAsked)
	case Points210:
		return points(t.Criteria)
	case PointsRatio:
		return share(m, t.People.Points, t.People.MaxPoints, t.People.PointsN)
	case ExpectationMean:
		return expectation(t.Expectation)
	default:
		return Index{Method: m}
	}
}

// share is part/whole in percent, given by n people. When a person can give more than one unit (points), an interval for n yes-or-no
// answers is on the safe side, because nothing between 0 and 1 varies more than yes or no.
func share(m Method, part, whole, n int64) Index {
	value, ok := Ratio(part, whole)
	if !ok || part < 0 || part > whole || n <= 0 {
		return Index{Method: m}
	}
	return proportion(m, n, value, float64(n))
}

// mean aggregates questions by Sipas2023, Pooled or MeanScore.
func (m Method) mean(questions []Counts, people People) Index {
	var pooled Counts
	var used, largest int64
	indices, inverse := new(big.Rat), 0.0
	for _, c := range questions {
		if !c.usable() {
			continue
		}
		used++
		pooled = pooled.Add(c)
		largest = max(largest, c.Valid())
		inverse += 1 / float64(c.Valid())
		if m == Sipas2023 {
			indices.Add(indices, big.NewRat(c.Satisfied(), c.Valid()))
		}
	}
	if used == 0 {
		return Index{Method: m}
	}
	n := max(people.N, largest)
	// base is the sample size if every person's answers were all alike. For an unweighted mean over questions it is the harmonic
	// mean of their numbers of answers, for a ratio over answers the arithmetic mean (Cauchy-Schwarz in both cases).
	base := float64(pooled.Valid()) / float64(used)
	switch m {
	case Pooled:
		value, _ := Ratio(pooled.Satisfied(), pooled.Valid())
		return proportion(m, n, value, base*people.information(used))
	case MeanScore:
		sum, squares := pooled.scaled()
		value := big.NewRat(sum, pooled.Valid())
		value.Add(value, big.NewRat(1, 1))
		return meanScore(n, Number{value}, base*spread(pooled.Valid(), sum, squares, 4, base-1))
	default:
		base = float64(used) / inverse
		value := indices.Mul(indices, big.NewRat(100, used))
		return proportion(m, n, Number{value}, base*people.information(used))
	}
}
