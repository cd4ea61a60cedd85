package entry

import (
	"context"
	"maps"
	"slices"
	"strings"

	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// Difference is one field of a sheet that was typed in two ways.
type Difference struct {
	Number        int
	Cell          string // its name, or CellVoid where one of the two has no answers at all
	First, Second string // what was typed, "" for nothing
}

// CellVoid is the name of the difference between a sheet with answers and one that
// cannot be used; the void side says CellVoid.
const CellVoid = "void"

// Comparison is what the two typings of a batch differ in.
type Comparison struct {
	Differences []Difference
	Missing     []int // numbers of sheets that were typed once only
	Agreed      int   // sheets that are the same
}

// Compare compares what was typed twice, sheet by sheet and field by field in the order
// of the form. A void sheet needs no second typing.
func Compare(v *survey.Version, sheets []Sheet) (c Comparison) {
	for _, both := range byNumber(sheets) {
		first, second := both[0], both[1]
		switch {
		case first.Void && second.Number == 0 || second.Void && first.Number == 0:
			c.Agreed++
			continue
		case first.Number == 0 || second.Number == 0:
			c.Missing = append(c.Missing, max(first.Number, second.Number))
			continue
		}
		found := differences(v, first, second)
		if len(found) == 0 {
			c.Agreed++
		}
		c.Differences = append(c.Differences, found...)
	}
	return c
}

// byNumber pairs what was typed the first time and the second; a zero Sheet was not.
func byNumber(sheets []Sheet) [][2]Sheet {
	pairs := map[int][2]Sheet{}
	for _, s := range sheets {
		both := pairs[s.Number]
		both[s.Typing-1] = s
		pairs[s.Number] = both
	}
	var list [][2]Sheet
	for _, number := range slices.Sorted(maps.Keys(pairs)) {
		list = append(list, pairs[number])
	}
	return list
}

func differences(v *survey.Version, first, second Sheet) (found []Difference) {
	if first.Void != second.Void {
		d := Difference{Number: first.Number, Cell: CellVoid}
		if first.Void {
			d.First = CellVoid
		} else {
			d.Second = CellVoid
		}
		return []Difference{d}
	}
	for _, name := range cellNames(v) {
		if first.Cells[name] != second.Cells[name] {
			found = append(found, Difference{first.Number, name, first.Cells[name], second.Cells[name]})
		}
	}
	return found
}

// cellNames are the names of all cells that a sheet of a version can have, in order.
func cellNames(v *survey.Version) []string {
	names := []string{CellDay}
	for _, p := range v.Parts() {
		if p.Reserved {
			names = append(names, p.Key())
		} else {
			names = append(names, answer+p.Key())
		}
	}
	return names
}

// Of are the differences of one sheet.
func (c Comparison) Of(number int) []Difference {
	return slices.DeleteFunc(slices.Clone(c.Differences), func(d Difference) bool { return d.Number != number })
}

// Settle chooses, for each field in which a sheet differs, what was typed the first time
// (1) or the second (2); then both are alike. Errors: *fault.Invalid where something is
// not chosen or what is chosen does not go together, fault.ErrNotFound.
func (k *Book) Settle(ctx context.Context, snap *registry.Snapshot, b Batch, number int, chosen map[string]int) error {
	v := snap.Version(b.VersionID)
	return k.db.Change(ctx, func(tx *db.Tx) error {
		if _, err := holdOpen(ctx, tx, b.ID); err != nil {
			return err
		}
		first, err := sheetOf(ctx, tx, b, 1, number)
		if err != nil {
			return err
		}
		second, err := sheetOf(ctx, tx, b, 2, number)
		if err != nil {
			return err
		}
		merged, err := merge(first, second, differences(v, first, second), chosen)
		if err != nil {
			return err
		}
		if !merged.Void {
			if _, err := k.accept(ctx, snap, b, merged.Cells, survey.NewID(k.Now())); err != nil {
				return err
			}
		}
		for _, s := range []Sheet{first, second} {
			s.Void, s.Cells = merged.Void, merged.Cells
			if err := putSheet(ctx, tx, b, s, true); err != nil {
				return err
			}
		}
		return nil
	})
}

func merge(first, second Sheet, found []Difference, chosen map[string]int) (Sheet, error) {
	merged := first
	merged.Cells = maps.Clone(first.Cells)
	var problems []fault.Problem
	for _, d := range found {
		switch chosen[d.Cell] {
		case 1:
		case 2:
			if d.Cell == CellVoid {
				return second, nil
			}
			delete(merged.Cells, d.Cell)
			merged.Cells.set(d.Cell, d.Second)
		default:
			problems = append(problems, fault.Problem{Where: d.Cell, Key: ProblemChoose})
		}
	}
	if len(problems) > 0 {
		return merged, &fault.Invalid{Problems: problems}
	}
	return merged, nil
}

// Address is the address of the answer that a cell holds, "" if it holds none.
func Address(cell string) string {
	address, is := strings.CutPrefix(cell, answer)
	if !is {
		return ""
	}
	return address
}
