package simulation

import "sipas/internal/survey"

// walked is how a citizen came through the survey.
type walked struct {
	response survey.Response
	shown    []bool // of each question in order, also of what is said and not asked
	answers  int    // that the questions shown asked for
}

// walk gives each answer that the answers before it call for, in their order, and sends
// them. Who is not asked for the service does not say it.
func (t *trial) walk(a survey.Accepting, s survey.Submission, give func(survey.Part) (survey.Value, bool)) (walked, error) {
	type answer struct {
		value survey.Value
		given bool
	}
	before := map[string]answer{} // what was said stays said
	said := func(p survey.Part) (survey.Value, bool) {
		said, is := before[addressOf(p)]
		if !is {
			said.value, said.given = give(p)
			before[addressOf(p)] = said
		}
		return said.value, said.given
	}
	sent, w, asked := t.once(a, s, said)
	if !asked && s.FieldKey != "" {
		s.FieldKey = ""
		sent, w, _ = t.once(a, s, said)
	}
	var err error
	w.response, err = a.Accept(sent)
	return w, err
}

// once goes through the survey once, and tells whether it asked for the service.
func (t *trial) once(a survey.Accepting, s survey.Submission, give func(survey.Part) (survey.Value, bool)) (_ survey.Submission, w walked, asked bool) {
	s.Answers = map[string]survey.Value{}
	way := a.Begin(s)
	for _, p := range t.version.Parts() {
		q, _ := t.version.Question(p.Question.Key)
		own := q.Type == p.Question.Type // others are asked of everybody, besides
		switch {
		case !way.Asks(p):
			continue
		case t.parts[addressOf(p)].shape.Fields:
			asked, own = true, own && len(a.Point.FieldKeys) > 1
		default:
			v, answered := give(p)
			if answered && p.Reserved {
				s.Procedure = v.Text
			} else if answered {
				s.Answers[p.Key()] = v
			}
		}
		if own {
			w.answers++
		}
	}
	for _, q := range t.result.Questions {
		w.shown = append(w.shown, way.Shows(q.Question.Show))
	}
	return s, w, asked
}
