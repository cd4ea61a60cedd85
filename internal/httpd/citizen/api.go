package citizen

import (
	"net/http"

	"sipas/internal/agency"
	"sipas/internal/forms"
	"sipas/internal/httpd"
	"sipas/internal/survey"
)

// describeForm gives a program what the form asks.
func (s *side) describeForm(r *httpd.Request) error {
	r.MarkDevice()
	r.WriteJSON(http.StatusOK, forms.Describe(*r.Form, formLanguage(r, *r.Form), drawOf(*r.Form, r.Form.Version, survey.NewID(s.k.Now()))))
	return nil
}

// receiptDocument acknowledges answers.
type receiptDocument struct {
	Receipt agency.Code `json:"receipt"`
}

// takeDocument takes one person's answers: 201 if they were kept now, 200 if the
// same came before. They take their turn from the same buckets as those of the
// form page.
func (s *side) takeDocument(r *httpd.Request) error {
	submission, err := readSubmission(r)
	receipt, err := s.take(r, submission, err)
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if receipt.Replayed {
		status = http.StatusOK
	}
	r.WriteJSON(status, receiptDocument{receipt.Code})
	return nil
}

func readSubmission(r *httpd.Request) (survey.Submission, error) {
	key, err := r.IdempotencyKey()
	if err != nil {
		return survey.Submission{}, err
	}
	body, err := r.JSON()
	if err != nil {
		return survey.Submission{}, err
	}
	submission, err := forms.FromJSON(body)
	submission.ID = key
	return submission, err
}
