package forms

import (
	"hash/fnv"
	"math/rand/v2"
	"net/url"
	"slices"
	"time"

	"sipas/internal/survey"
)

// draws is in how many orders a question whose options have none is shown: of two to six
// options, and many others, each stands in each place equally often. There are no more, for
// pages are kept.
const draws = 60

// Draw is the order in which a form shows such options, by its submission: 0 is the order
// in which they are written, where no question asks for another.
func Draw(v *survey.Version, submission string) int {
	if !slices.ContainsFunc(v.Questions(), func(q survey.Question) bool { return q.RandomOrder }) {
		return 0
	}
	return 1 + int(number(submission)%draws)
}

// SubmissionOf is the id under which a form was sent, so that it comes back with the options
// where they were; of a form without one it is a new one.
func SubmissionOf(given url.Values, now time.Time) string {
	if id, ok := survey.ParseID(given.Get(KeySubmission)); ok {
		return id
	}
	return survey.NewID(now)
}

// otherKey is the key of a choice that is another than those before it, where nothing is to
// be said of it: importing gives it that.
const otherKey = "other"

// drawn are the choices of a question as a draw has them; what is another than those
// written stays last.
func drawn(q survey.Question, draw int) []survey.Choice {
	if !q.RandomOrder || draw == 0 {
		return q.Choices
	}
	var free, last []survey.Choice
	for _, c := range q.Choices {
		if c.Other || c.Key == otherKey {
			last = append(last, c)
		} else {
			free = append(free, c)
		}
	}
	if n := len(free); n > 0 {
		rng := rand.New(rand.NewPCG(number(q.Key), uint64((draw-1)/n)))
		rng.Shuffle(n, func(i, j int) { free[i], free[j] = free[j], free[i] })
		turn := (draw - 1) % n
		free = slices.Concat(free[turn:], free[:turn])
	}
	return append(free, last...)
}

func number(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	return h.Sum64()
}
