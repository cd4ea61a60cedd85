package score

import (
	"math"
	"math/big"
)

// Confidence is the level of every interval in this package.
const Confidence = 0.95

// z is the normal quantile of Confidence (two-sided).
const z = 1.959963984540054

// proportion makes an index in percent with the Wilson score interval (E. B. Wilson, 1927) at an effective sample size.
func proportion(m Method, n int64, value Number, effective float64) Index {
	low, high := wilson(value.Float()/100, effective)
	x := Index{Method: m, N: n, HasData: true, Value: value, HasInterval: true}
	x.Low, x.High = around(value.Float(), 100*low, 100*high, 0, 100)
	return x
}

// meanScore makes an index on the scale 1 to 5, whose interval is that of the same mean moved to 0 to 1.
func meanScore(n int64, value Number, effective float64) Index {
	low, high := wilson((value.Float()-1)/4, effective)
	x := Index{Method: MeanScore, N: n, HasData: true, Value: value, HasInterval: true}
	x.Low, x.High = around(value.Float(), 1+4*low, 1+4*high, 1, 5)
	return x
}

// expectation has no upper bound, so its interval is Student's; it needs two people who differ.
func expectation(e Expectation) Index {
	value, ok := NewNumber(e.Sum, e.N)
	if !ok || e.N < 0 || e.Sum < 0 {
		return Index{Method: ExpectationMean}
	}
	x := Index{Method: ExpectationMean, N: e.N, HasData: true, Value: value}
	excess := excess(e.N, e.Sum, e.SqSum)
	if e.N < 2 || excess.Sign() <= 0 {
		return x
	}
	variance, _ := new(big.Rat).Quo(excess, new(big.Rat).SetInt(product(e.N, e.N-1))).Float64()
	half := student(float64(e.N-1)) * math.Sqrt(variance/float64(e.N))
	x.HasInterval = true
	x.Low, x.High = around(value.Float(), value.Float()-half, value.Float()+half, 0, math.MaxFloat64)
	return x
}

// information says how many yes-or-no answers one person is worth in a mean over so many questions, from 1 (their answers are all
// alike) to the number of questions (independent of one another). It is the estimate of a cluster sample with people as clusters:
// mean*(1-mean) over the variance between the people's satisfied shares, which is n_eff/N for n_eff = p(1-p)/var(p̂). If nobody
// differs from anybody, nothing is known about the variance and a person counts once.
func (p People) information(questions int64) float64 {
	if p.N < 2 {
		return 1
	}
	return min(spread(p.N, p.ShareSum, p.ShareSqSum, ShareUnit, float64(p.N-1)), float64(questions))
}

// spread is mean*(1-mean)/variance of n values of 0 to unit, scaled to 0 to 1, and at least 1: nothing varies more than yes or no.
// With few degrees of freedom the variance is itself uncertain, so it is reduced by (z/t)² (Korn and Graubard, 1998).
func spread(n, sum, squares, unit int64, freedom float64) float64 {
	excess := excess(n, sum, squares)
	if n < 2 || freedom < 1 || excess.Sign() <= 0 {
		return 1
	}
	rest := new(big.Int).Sub(product(n, unit), big.NewInt(sum))
	top := rest.Mul(rest, product(sum, n-1))
	ratio := new(big.Rat).SetFrac(top, big.NewInt(n))
	f, _ := ratio.Quo(ratio, excess).Float64()
	t := student(freedom)
	return max(1, f*(z/t)*(z/t))
}

// excess is n*squares - sum*sum, which is n*(n-1) times the variance.
func excess(n, sum, squares int64) *big.Rat {
	d := product(n, squares)
	return new(big.Rat).SetInt(d.Sub(d, product(sum, sum)))
}

func product(a, b int64) *big.Int { return new(big.Int).Mul(big.NewInt(a), big.NewInt(b)) }

// wilson is the score interval of a proportion p (0 to 1) seen in n answers; n need not be whole.
func wilson(p, n float64) (low, high float64) {
	zz := z * z
	centre := p + zz/(2*n)
	half := z * math.Sqrt(max(0, p*(1-p)/n)+zz/(4*n*n))
	return (centre - half) / (1 + zz/n), (centre + half) / (1 + zz/n)
}

// around keeps an interval round its value and inside the scale, and rounds it outwards to a millionth so that it does not depend
// on the last bits of a processor's floating-point arithmetic.
func around(value, low, high, least, most float64) (float64, float64) {
	const grain = 1e6
	low = math.Floor(low*grain) / grain
	high = math.Ceil(high*grain) / grain
	return max(least, min(low, value)), min(most, max(high, value))
}

// student is the two-sided quantile of Student's distribution at Confidence: exact for 1 and 2 degrees of freedom, beyond by the
// Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5), right to 0.2% at 3 degrees and better above.
func student(freedom float64) float64 {
	const upper = (1 + Confidence) / 2
	switch {
	case freedom < 2:
		return math.Tan(math.Pi * (upper - 0.5))
	case freedom < 3:
		return (2*upper - 1) / math.Sqrt(2*upper*(1-upper))
	}
	z3, z5, z7, z9 := math.Pow(z, 3), math.Pow(z, 5), math.Pow(z, 7), math.Pow(z, 9)
	return z + (z3+z)/(4*freedom) +
		(5*z5+16*z3+3*z)/(96*math.Pow(freedom, 2)) +
		(3*z7+19*z5+17*z3-15*z)/(384*math.Pow(freedom, 3)) +
		(79*z9+776*z7+1482*z5-1920*z3-945*z)/(92160*math.Pow(freedom, 4))
}
