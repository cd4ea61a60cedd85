package survey

const typePoints QuestionType = "points"

// points is the kind of a question each of whose choices is worth 2, 1 or 0
// points. A single question whose choices have points is the same.
type points struct{ single }

func (kinds) Points() Kind { return points{} }

func (points) name() QuestionType { return typePoints }

func (points) uses() []string { return []string{"choices"} } // a scale keeps its order

func (p points) check(v *validator, at string, q Question) {
	p.single.check(v, at, q)
	if !q.Pointed() {
		v.of("choices").add(at, FaultPointsMissing, "", "each choice needs points")
	}
}
