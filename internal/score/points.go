package score

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math/big"
)

// PointCounts is how many files (or people) were given 0, 1 and 2 points by one criterion of the 2-1-0 form.
type PointCounts [3]int64

// Add returns c + d.
func (c PointCounts) Add(d PointCounts) PointCounts {
	for i := range c {
		c[i] += d[i]
	}
	return c
}

// Files is how many were judged by the criterion.
func (c PointCounts) Files() int64 { return c[0] + c[1] + c[2] }

func (c PointCounts) usable() bool { return c[0] >= 0 && c[1] >= 0 && c[2] >= 0 && c.Files() > 0 }

// score is the points of all files over their number, rounded half up to one decimal as article 13 of the circular says. It is the
// one figure that is rounded before it is added: the rule is the circular's.
func (c PointCounts) score() Number {
	mean := big.NewRat(c[1]+2*c[2], c.Files())
	tenths, ok := new(big.Rat).SetString(mean.FloatString(1))
	if !ok {
		return Number{mean} // FloatString always reads back
	}
	return Number{tenths}
}

// Criterion is the score of one criterion by Points210, 0 to 2; without files no data.
func Criterion(c PointCounts) Index { return points([]PointCounts{c}) }

// points is the sum of the scores of the criteria that were judged; the others are left out. N is the largest number at one
// criterion. It has no interval: the circular knows none, and a sum of rounded numbers has no simple one.
func points(criteria []PointCounts) Index {
	x := Index{Method: Points210}
	sum := new(big.Rat)
	for _, c := range criteria {
		if c.usable() {
			x.HasData, x.N = true, max(x.N, c.Files())
			sum.Add(sum, c.score().value())
		}
	}
	if x.HasData {
		x.Value = Number{sum}
	}
	return x
}

// PointScale says which class a sum of points makes, for what, and from which criteria.
type PointScale struct {
	Of       string       `json:"of"` // what is classed
	Criteria []string     `json:"criteria"`
	Classes  []PointClass `json:"classes"` // best first
}

// PointClass is one class, reached from AtLeast points.
type PointClass struct {
	Class   string  `json:"class"`
	AtLeast float64 `json:"at_least"`
}

//go:embed tt01-2018.json
var circular []byte

// PointScales are the scales of Thông tư 01/2018/TT-VPCP, for agencies and for officials, with their source.
func PointScales() (scales []PointScale, source string, err error) {
	var file struct {
		Source string
		Scales []PointScale
	}
	if err := json.Unmarshal(circular, &file); err != nil {
		return nil, "", fmt.Errorf("scales of %s: %w", Points210, err)
	}
	return file.Scales, file.Source, nil
}

// Class sums the criteria of the scale that were judged and gives the class, with the criteria that were left out: with any of them
// the class can only be better. ok is false if none was judged.
func (s PointScale) Class(judged map[string]PointCounts) (class string, x Index, leftOut []string, ok bool) {
	var criteria []PointCounts
	for _, key := range s.Criteria {
		if c := judged[key]; c.usable() {
			criteria = append(criteria, c)
		} else {
			leftOut = append(leftOut, key)
		}
	}
	x = points(criteria)
	if !x.HasData {
		return "", x, leftOut, false
	}
	for _, c := range s.Classes {
		if x.Value.Cmp(NumberOf(c.AtLeast)) >= 0 {
			return c.Class, x, leftOut, true
		}
	}
	return "", x, leftOut, true
}
