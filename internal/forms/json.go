package forms

import (
	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/strictjson"
	"sipas/internal/survey"
)

// serverFields are what a client must not say, because the system knows better
// or because it must not be known at all.
var serverFields = map[string]bool{
	"id": true, "submission": true, "submission_id": true, "response_id": true, "idempotency_key": true,
	"created_at": true, "received_at": true, "submitted_at": true, "at": true, "day": true, "month": true, "time": true,
	"ip": true, "address": true, "user_agent": true, "device": true, "user_id": true,
	"agency": true, "agency_id": true, "judged_agency_id": true,
	"code": true, "point": true, "service_point": true, "service_point_id": true,
	"version_id": true, "channel": true, "status": true, "receipt": true, "fingerprint": true,
	"score": true, "scale": true, "points": true, "percent": true,
}

// FromJSON reads the body of a response sent as JSON, strictly: what is
// not asked for, said twice or of another type is refused, and no text is
// mended. Errors: strictjson.ErrMalformed if it is not one JSON object, *fault.Invalid
// with every problem found. Whether an answer fits its question is not its
// business: a value that no question can have becomes a survey.Value without a
// kind.
func FromJSON(body []byte) (survey.Submission, error) {
	d, err := strictjson.NewDecoder(body)
	if err != nil {
		return survey.Submission{}, err
	}
	r := jsonReader{d, survey.Submission{Language: agency.FallbackLanguage, Answers: map[string]survey.Value{}}}
	d.Members("body", "", r.member)
	return r.submission, d.Err()
}

// jsonReader fills a submission from the members of its body.
type jsonReader struct {
	*strictjson.Decoder
	submission survey.Submission
}

func (r *jsonReader) member(key string) {
	switch key {
	case "version":
		r.submission.Version = r.Text(key)
	case KeyCampaign:
		r.submission.Campaign = r.Text(key)
	case "language":
		r.submission.Language = r.Text(key)
	case "field":
		r.submission.FieldKey = r.Text(key)
	case "procedure":
		r.submission.Procedure = r.Text(key)
	case "answers":
		r.Object(key, "answers.", func(question string) { r.answer("answers."+fault.Shortened(question), question) })
	case survey.CommentQuestion:
		r.answer(key, key)
	default:
		problem := fault.ProblemUnknownField
		if serverFields[key] {
			problem = fault.ProblemServerField
		}
		r.Add(fault.Shortened(key), problem)
		r.Value(key)
	}
}

func (r *jsonReader) answer(where, question string) {
	value := r.Value(where)
	if _, twice := r.submission.Answers[question]; twice {
		r.Add(where, fault.ProblemDuplicateKey)
		return
	}
	r.submission.Answers[question] = value
}
