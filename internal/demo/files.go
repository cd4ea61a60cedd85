package demo

import (
	"cmp"
	"context"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/procedure"
	"sipas/internal/registry"
)

// handleFiles keeps how many files were handled in each half month that is over and
// has none yet.
func handleFiles(ctx context.Context, reg *registry.Registry, s *simulator, responses int) error {
	return reg.Change(ctx, author(), func(c *registry.Change) error {
		kept, err := c.Now(ctx)
		if err != nil {
			return err
		}
		procedures, err := addProcedures(ctx, c)
		if err != nil {
			return err
		}
		done, err := procedure.Within(c).HalfMonths(ctx)
		if err != nil {
			return err
		}
		codes := map[int64]string{}
		for _, p := range procedures {
			codes[p.ID] = p.Code
		}
		var files []procedure.Files
		r := s.roster(quickForm)
		today := civil.HalfMonthOf(opening.AddDate(0, 0, s.days).Format(time.DateOnly))
		for _, half := range civil.HalfMonths(civil.HalfMonthOf(opening.Format(time.DateOnly)), today) {
			if !slices.Contains(done, half) {
				files = append(files, s.filesOf(half, r, kept.Tree, procedures, responses)...)
			}
		}
		return procedure.Keep(ctx, c, files, func(k procedure.Key) (office, code string) {
			a, _ := kept.Tree.Agency(k.AgencyID)
			return a.Code, codes[k.ProcedureID]
		})
	})
}

// filesOf makes up the files of a half month: as many as there would be if those who
// are expected to answer at the desks of an agency were its share of all whose file it
// handled.
func (s *simulator) filesOf(half civil.HalfMonth, r roster, tree *agency.Tree, procedures map[string]procedure.Procedure, responses int) (all []procedure.Files) {
	expected, weights := s.expected(half, r, responses)
	for _, code := range slices.Sorted(maps.Keys(expected)) {
		a, _ := tree.ByCode(code)
		handles, sum := examplesOf(a), 0.0
		for _, e := range handles {
			sum += e.weight
		}
		people := expected[code] / s.share(a, weights[code], half)
		rng := s.random(numberOf(code)<<32|int(half), forFiles)
		for _, e := range handles {
			n := int64(people*e.weight/sum*(0.85+0.3*rng.Float64()) + rng.Float64())
			late := int64(float64(n)*e.late*haste(half)*(0.5+rng.Float64()) + rng.Float64())
			if n > 0 {
				all = append(all, procedure.Files{
					Key:    procedure.Key{AgencyID: a.ID, HalfMonth: half, ProcedureID: procedures[e.code].ID},
					Counts: procedure.Counts{Handled: n, Late: min(late, n)},
				})
			}
		}
	}
	return all
}

// haste is how many files are late, relative to 2023: fewer every year.
func haste(half civil.HalfMonth) float64 {
	return [5]float64{1.4, 1.2, 1, 0.85, 0.7}[min(half.Year()-firstYear, 4)]
}

// share is how many of those whose file an agency handled answer: fewer where they have
// to travel far, fewer still where hardly anybody is asked, and more every year.
func (s *simulator) share(a agency.Agency, weight float64, half civil.HalfMonth) float64 {
	usual := 0.1
	switch a.Kind {
	case agency.KindDistrict:
		usual = 0.07
	case agency.KindCommune:
		usual = 0.14
	case agency.KindProvince, agency.KindDepartment, agency.KindHospital, agency.KindSchool:
	}
	own := 0.7 + 0.6*s.random(numberOf(a.Code), forFiles).Float64()
	return usual * own * min(1, 0.2+weight) * crowd(half.Year())
}

// expected is how many people answer at the desks of each agency in a half month, and
// how much these weigh.
func (s *simulator) expected(half civil.HalfMonth, r roster, responses int) (people, weights map[string]float64) {
	people, weights = map[string]float64{}, map[string]float64{}
	heirs := map[string]string{}
	if half.From() >= reformDay {
		for _, a := range agencies() {
			heirs[a.code] = a.successor
		}
	}
	from, before := dayOf(half), dayOf(half.Next())
	for i, number := range r.desks {
		d := s.desks[number]
		code := cmp.Or(heirs[d.agency], d.agency)
		if n := r.chance(i, from, before); n > 0 {
			people[code] += n * quickShare * float64(responses)
			weights[code] += d.weight
		}
	}
	return people, weights
}

// dayOf is the day of the story on which a half month begins.
func dayOf(half civil.HalfMonth) int {
	day, err := time.ParseInLocation(time.DateOnly, half.From(), zone)
	if err != nil {
		return 0 // half months begin on days
	}
	return int(day.Sub(opening) / (24 * time.Hour))
}

// numberOf is a number for an agency that is the same in every database.
func numberOf(code string) int {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(code)) // never fails
	return int(sum.Sum32() >> 1)
}
