package report

import "sipas/internal/score"

// Finding is the facts of a board's first sentence: "3 of 7 targets were met;
// land is 2.8 points short, mostly for the time it takes".
type Finding struct {
	Met, Missed, NotEnough int // targets, of the rows that count
	Worst                  *Shortfall
}

// Targets is the number of targets.
func (f Finding) Targets() int { return f.Met + f.Missed + f.NotEnough }

// Shortfall is the missed target with the widest gap. Row and Target are places
// in Board.Rows and Row.Targets.
type Shortfall struct {
	Row, Target int
	// Factor is the weakest shown factor of the row, with detail only; nil if
	// none is shown or none is below the target.
	Factor *Factor
}

// FindingOf states the finding. Of equal gaps the first counts.
func FindingOf(rows []Row) Finding {
	var f Finding
	var worst score.Number
	for i, row := range rows {
		for j, t := range row.Targets {
			switch t.Standing {
			case score.Met:
				f.Met++
			case score.NotEnoughData:
				f.NotEnough++
			case score.Missed:
				f.Missed++
				if f.Worst == nil || t.Gap.Cmp(worst) < 0 {
					worst = t.Gap
					f.Worst = &Shortfall{Row: i, Target: j, Factor: row.weakest(t)}
				}
			}
		}
	}
	return f
}

func (r Row) weakest(t TargetStanding) *Factor {
	var weakest *Factor
	for i := range r.Factors {
		factor := &r.Factors[i]
		if factor.HasFigure() && factor.Index.Value.Cmp(score.Target(t.Percent).Number()) < 0 &&
			(weakest == nil || factor.Index.Value.Cmp(weakest.Index.Value) < 0) {
			weakest = factor
		}
	}
	return weakest
}
