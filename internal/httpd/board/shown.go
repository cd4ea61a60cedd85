package board

import (
	"context"
	"html/template"
	"weak"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/report"
)

// shown is what is shown of a board to everybody who may see the same of it. It is
// written once for all of them: rendering takes longer than making the board.
type shown struct {
	board    weak.Pointer[report.Board] // that it is of; how many are kept is not for this to say
	title    string
	answers  bool           // somebody answered in the period
	html     template.HTML  // the main part of the page
	document httpd.Document // or the document for a program
}

// sight is all that decides what is shown of a board. What is written has nothing
// else of who asked: no name, and no permission but to see what lies below an agency.
type sight struct {
	query
	role     access.Role
	scope    int64
	language string
	years    string // that there are to choose from
	day      string // the server's, for paper
	document bool   // for a program; it has the same for everybody who may see the board
}

// mostShown bounds the bytes of what is kept.
const mostShown = 16 << 20

// show gives what is kept of a board, or else has it written.
func (s *side) show(ctx context.Context, at sight, board *report.Board, write func() (shown, error)) (shown, error) {
	if kept, ok := s.kept.Find(at); ok && kept.board == weak.Make(board) {
		return kept, nil
	}
	done, err := s.writing.Take(ctx, at)
	if err != nil {
		return shown{}, err
	}
	defer done()
	if kept, ok := s.kept.Find(at); ok && kept.board == weak.Make(board) {
		return kept, nil
	}
	written, err := write()
	if err != nil {
		return shown{}, err
	}
	written.board = weak.Make(board)
	s.kept.Keep(at, written, len(written.html)+written.document.Size())
	return written, nil
}
