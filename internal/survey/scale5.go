package survey

// TypeScale is a level 1 to 5, or 0 where "no opinion" is offered.
const TypeScale QuestionType = "scale5"

// scale5 is the kind of a question that is answered with one of five levels.
type scale5 struct{ scale }

func (kinds) Scale5() Kind { return scale5{scale{levels: 5}} }

func (scale5) name() QuestionType { return TypeScale }
func (scale5) heads() bool        { return true }
