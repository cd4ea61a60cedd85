package survey

const typeScale3 QuestionType = "scale3"

// scale3 is the kind of a question that is answered with one of three levels:
// not satisfied, neither, satisfied.
type scale3 struct{ scale }

func (kinds) Scale3() Kind { return scale3{scale{levels: 3}} }

func (scale3) name() QuestionType { return typeScale3 }
