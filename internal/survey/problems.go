package survey

import (
	"strconv"

	"sipas/internal/fault"
)

// problems collects what is wrong; its error is nil while it is empty.
type problems []fault.Problem

func (ps *problems) add(where, key string) { *ps = append(*ps, fault.Problem{Where: where, Key: key}) }

// text adds what textProblem found.
func (ps *problems) text(where, key string, most int) {
	if key == fault.ProblemTooLong {
		ps.over(where, key, strconv.Itoa(most))
		return
	}
	ps.add(where, key)
}

func (ps *problems) over(where, key, limit string) {
	*ps = append(*ps, fault.Problem{Where: where, Key: key, Limit: limit})
}

func (ps problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return &fault.Invalid{Problems: ps[:min(len(ps), fault.MaxProblems)]}
}
