package score

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Target is a value to be reached, exactly, in hundredths of the unit of its indicator's method (hundredths of a percent): 85% is
// 8500.
type Target int64

// ParseTarget reads "85", "87.5", "87,25" or "85%": 0 to 100 with at most two decimals.
func ParseTarget(s string) (Target, error) {
	text := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	whole, fraction, dotted := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	if !digits(whole) || len(whole) > 3 || len(fraction) > 2 || dotted && !digits(fraction) {
		return 0, fmt.Errorf("target %.20q is not a percentage with at most two decimals", s)
	}
	hundredths, err := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	if err != nil || hundredths > 10000 {
		return 0, fmt.Errorf("target %.20q is not between 0 and 100", s)
	}
	return Target(hundredths), nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Number is the exact target.
func (t Target) Number() Number { return Number{big.NewRat(int64(t), 100)} }

// Standing is how an index stands against a target.
type Standing string

// The standings.
const (
	Met           Standing = "met"             // the exact index reaches the target, or passes it where it must
	Missed        Standing = "missed"          // it does not, however little is missing
	NotEnoughData Standing = "not-enough-data" // fewer people than the least number, or nobody
)

// DefaultMinN is the least number of people for a standing where a deployment says nothing else.
const DefaultMinN = 30

// Verdict is an index held against a target.
type Verdict struct {
	Standing Standing
	HasGap   bool   // false without data
	Gap      Number // index minus target, in points, exact
	// BeyondChance says that the target lies outside the 95% interval, so that the difference is larger than chance explains. It is
	// never true of NotEnoughData.
	BeyondChance bool
}

// Judge compares before any rounding: 84.995 misses 85 although both print alike. A target that must be passed (above) is missed
// at 85 itself. Fewer than minN people are NotEnoughData.
func Judge(x Index, t Target, above bool, minN int64) Verdict {
	if !x.HasData {
		return Verdict{Standing: NotEnoughData}
	}
	v := Verdict{Standing: Met, HasGap: true, Gap: x.Value.Sub(t.Number())}
	if x.N < minN {
		v.Standing = NotEnoughData
		return v
	}
	if sign := v.Gap.value().Sign(); sign < 0 || above && sign == 0 {
		v.Standing = Missed
	}
	aim := t.Number().Float()
	v.BeyondChance = x.HasInterval && (aim < x.Low || aim > x.High)
	return v
}

// SampleSize is how many people to ask in a population: n = N/(1+N*e²), rounded up (T. Yamane, 1967; used by the ministry's earlier
// method). The error is in hundredths of a percent: 500 is 5%. Bad arguments are an error.
func SampleSize(population, errorHundredths int64) (int64, error) {
	if population < 0 || errorHundredths <= 0 || errorHundredths > 10000 {
		return 0, fmt.Errorf("sample of %d people with an error of %d hundredths of a percent: want people >= 0 and an error of 1 to 10000",
			population, errorHundredths)
	}
	one := big.NewInt(10000 * 10000)
	top := new(big.Int).Mul(big.NewInt(population), one)
	bottom := new(big.Int).Mul(big.NewInt(population), big.NewInt(errorHundredths*errorHundredths))
	bottom.Add(bottom, one)
	top.Add(top, bottom).Sub(top, big.NewInt(1))
	return top.Quo(top, bottom).Int64(), nil
}
