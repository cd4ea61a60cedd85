package score

import (
	"math/big"
	"slices"
)

// Section is a factor: questions that belong together.
type Section struct {
	Key       string
	Questions []Question
}

// Question is one satisfaction question with its counts.
type Question struct {
	Key    string
	Counts Counts
}

// counts lists the counts of the questions.
func (s Section) counts() []Counts {
	list := make([]Counts, len(s.Questions))
	for i, q := range s.Questions {
		list[i] = q.Counts
	}
	return list
}

// Driver is a factor with what mending it would bring.
type Driver struct {
	Key   string
	Index Index
	// Gain is by how many points the overall index would rise if this factor rose to the aim and nothing else changed: the factor's
	// weight times what it lacks, never negative.
	Gain Number
}

// Drivers ranks the factors by what they take away from the overall index, most first; equal ones keep their order, factors without
// data are left out. The aim is a target or the overall index itself, in the unit of the method.
//
// The weight of a factor is its share of the answered questions (Sipas2023) or of the answers (Pooled, MeanScore), so Gain is exact
// arithmetic, not a statement about causes.
func Drivers(m Method, sections []Section, aim Number) []Driver {
	m = m.parts()
	var drivers []Driver
	var weights []int64
	var all int64
	for _, s := range sections {
		x := m.Section(s.counts())
		if !x.HasData {
			continue
		}
		weight := s.weight(m)
		all += weight
		weights = append(weights, weight)
		lacking := aim.Sub(x.Value)
		if lacking.value().Sign() < 0 {
			lacking = Number{}
		}
		drivers = append(drivers, Driver{Key: s.Key, Index: x, Gain: lacking})
	}
	for i := range drivers {
		part := big.NewRat(weights[i], all)
		drivers[i].Gain = Number{part.Mul(part, drivers[i].Gain.value())}
	}
	slices.SortStableFunc(drivers, func(a, b Driver) int { return b.Gain.Cmp(a.Gain) })
	return drivers
}

func (s Section) weight(m Method) int64 {
	var weight int64
	for _, q := range s.Questions {
		switch {
		case !q.Counts.usable():
		case m == Sipas2023:
			weight++
		default:
			weight += q.Counts.Valid()
		}
	}
	return weight
}
