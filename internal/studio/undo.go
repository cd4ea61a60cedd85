package studio

// Past operations of one author, as far as they can be undone and redone, each the last
// first to go.
type stacks struct{ undo, redo []int }

// stacksOf are those of an author. Whoever does something new redoes nothing older.
func stacksOf(past []Revision, by Author) stacks {
	var s stacks
	undoing := map[int]bool{} // revisions that undid, and were not redone, else redid
	for _, r := range past {
		if r.Author != by {
			continue
		}
		switch {
		case r.Undoes == 0:
			s.undo, s.redo = append(s.undo, r.Number), nil
		case undoing[r.Undoes]:
			s.redo, s.undo = without(s.redo, r.Undoes), append(s.undo, r.Number)
		default:
			undoing[r.Number] = true
			s.undo, s.redo = without(s.undo, r.Undoes), append(s.redo, r.Number)
		}
	}
	return s
}

func without(numbers []int, one int) []int {
	var rest []int
	for _, n := range numbers {
		if n != one {
			rest = append(rest, n)
		}
	}
	return rest
}

// Undoable is the revision that Undo would take back for an author, and Redoable the one
// that Redo would; 0 for none.
func (d *Draft) Undoable(by Author) (undo, redo int) {
	s := stacksOf(d.Past, by)
	return last(s.undo), last(s.redo)
}

func last(numbers []int) int {
	if len(numbers) == 0 {
		return 0
	}
	return numbers[len(numbers)-1]
}

// Revert takes a revision of Past back and returns what that did. Where somebody changed
// the same since then it is a *Conflict.
func (d *Draft) Revert(number int) ([]Effect, error) {
	for _, r := range d.Past {
		if r.Number != number {
			continue
		}
		plan := inverses(r.Effects)
		if err := d.conflict(plan, number); err != nil {
			return nil, err
		}
		return d.carry(plan), nil
	}
	return nil, refuse("revision", RefusedNothing)
}
