package survey

// CommentQuestion is the reserved key of the question for anything else that
// somebody wants to say. Its answer may stand beside the others.
const CommentQuestion = "comment"

const typeComment QuestionType = CommentQuestion

// comment is the kind of that question.
type comment struct{ text }

func (kinds) Comment() Kind { return comment{} }

func (comment) name() QuestionType { return typeComment }

func (k comment) check(v *validator, at string, q Question) {
	k.text.check(v, at, q)
	if q.Key != CommentQuestion {
		v.add(at, "the question of this type has the key %q", typeComment)
	}
}
