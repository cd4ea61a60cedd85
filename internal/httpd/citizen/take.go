package citizen

import (
	"errors"

	"sipas/internal/httpd"
	"sipas/internal/intake"
	"sipas/internal/survey"
)

// take judges a submission, takes the sender's turn and keeps it, whichever way
// it came; unread says why it could not even be read. It is judged first,
// because the service point's turns are for answers that add something: those
// that are refused, and those that came before, must not use them up.
func (s *side) take(r *httpd.Request, submission survey.Submission, unread error) (intake.Receipt, error) {
	var response survey.Response
	err := unread
	if err == nil {
		response, err = s.k.Intake.Accept(r.Context(), *r.Form, submission)
	}
	if turn := r.TakeTurn(r.Form.Point, err == nil); turn != nil {
		return intake.Receipt{}, turn
	}
	if err != nil {
		return intake.Receipt{}, err
	}
	trial := r.Tries(r.Form.Point.Code)
	if trial {
		response.Mark = survey.Trial
	}
	receipt, err := s.k.Intake.Keep(r.Context(), response)
	if err == nil && trial {
		r.EndTrial()
	}
	if err != nil || receipt.Replayed {
		var away *intake.Unavailable
		r.Unspent(r.Form.Point, errors.As(err, &away))
	}
	return receipt, err
}
