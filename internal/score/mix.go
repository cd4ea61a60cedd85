package score

import "math/big"

// MixPart is a part of what an agency does: how much of the work it is, and what people
// said of it.
type MixPart struct {
	Key    string
	Weight int64 // files handled
	Index
}

// Mix is the mean of the indices of parts, each weighted by how much of the work it is:
// sum(w × index) / sum(w), exact. It has no value while a part of the work lacks at least
// so many answers, 1 or more: those are told by their keys. Parts without work are not
// looked at; without any work there is no value.
func Mix(parts []MixPart, least int64) (value Number, lacking []string, ok bool) {
	sum, weights := new(big.Rat), new(big.Rat)
	for _, p := range parts {
		switch {
		case p.Weight <= 0:
			continue
		case !p.HasData || p.N < least:
			lacking = append(lacking, p.Key)
			continue
		}
		weight := big.NewRat(p.Weight, 1)
		sum.Add(sum, new(big.Rat).Mul(weight, p.Value.value()))
		weights.Add(weights, weight)
	}
	if len(lacking) > 0 || weights.Sign() == 0 {
		return Number{}, lacking, false
	}
	return Number{sum.Quo(sum, weights)}, nil, true
}
