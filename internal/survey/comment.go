package survey

// CommentQuestion is the reserved key of the question for anything else that
// somebody wants to say. Its answer may stand beside the others.
const CommentQuestion = "comment"

const typeComment QuestionType = CommentQuestion

// comment is the kind of that question.
type comment struct{ text }

func (kinds) Comment() Kind { return comment{} }

func (comment) name() QuestionType { return typeComment }
func (comment) named() string      { return CommentQuestion }

func (k comment) check(v *validator, at string, q Question) {
	k.text.check(v, at, q)
	if q.Key != CommentQuestion {
		v.of("key").add(at, FaultKeyNamed, string(typeComment), "the question of this type has the key %q", typeComment)
	}
}
