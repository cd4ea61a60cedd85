// Package studio keeps drafts of surveys and changes them by operations.
//
// A Draft is a flat set of elements, each under a Key that never changes: the survey
// itself (Whole), sections and questions in one list, so that moving a question past a
// heading changes its section, the choices and rows of each question, remarks (what of
// the survey nobody could check) and reports (what an imported file said). An element has
// fields, texts as they were typed, by language where they have one; its code, by which
// files and figures call it, is one of them. Conditions and the headline name elements by
// key, so that renaming breaks nothing.
//
// An Operation adds, sets, moves, duplicates, removes, restores or translates; what it is about and
// where it goes (behind which element) it says by keys. It names the revision its author
// looked at. Draft.Apply makes it on the newest one, or returns a *Conflict where somebody
// changed the same field, or added, removed or restored the same thing, since then; what
// cannot be is a *fault.Invalid. Whatever else was typed is kept and told by
// Draft.Problems, never refused. An operation that was made is a Revision: effects that
// can be taken back, which is how Undo and Redo work, for each author apart.
//
// Draft.Definition is the survey as it would be published. A Studio keeps drafts in a
// database:
//
//	info, err := s.Create(ctx, by, studio.Origin{...})   // blank, library, version or file
//	draft, info, err := s.Draft(ctx, id, after)              // to read
//	revision, err := s.Operate(ctx, id, author, op)       // one operation, exactly once
//	revision, err := s.Undo(ctx, id, author, 0)           // the author's own last operation
//	version, err := s.Publish(ctx, by, id, revision, over)
package studio
