package board

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/publication"
	"sipas/internal/strictjson"
	"sipas/internal/survey"
)

// giveBoard gives the figures of an agency that the caller may see, and
// with detail=1 what the board opens below each.
func (s *side) giveBoard(r *httpd.Request) error {
	if err := r.NothingElse(); err != nil {
		return err
	}
	detail, asked := r.Asked("detail")
	if asked && detail != "1" {
		return fmt.Errorf("detail %.40q: %w", detail, httpd.ErrQuery)
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	q, err := s.readQuery(r, snap, namedBy(r.Query))
	if err != nil {
		return err
	}
	q.Detail = asked
	board, err := s.k.Reports.Board(r.Context(), snap, q.Query)
	if err != nil {
		return err
	}
	written, err := s.show(r.Context(), sight{query: query{Query: q.Query}, document: true}, board, func() (shown, error) {
		content, err := json.Marshal(board.API())
		if err != nil {
			return shown{}, err
		}
		document, err := httpd.NewDocument("application/json; charset=utf-8", content)
		return shown{document: document}, err
	})
	if err != nil {
		return err
	}
	return r.WriteDocument(written.document)
}

// publicationDocument is an edition of published figures. Who published it is
// not for the public.
type publicationDocument struct {
	Edition     int    `json:"edition"`
	PublishedAt string `json:"published_at"`
	publication.PublicBoard
}

func describePublication(p publication.Published) publicationDocument {
	return publicationDocument{p.Edition, p.At.UTC().Format(time.RFC3339), p.Document}
}

// givePublished lists what is public, for everybody.
func (s *side) givePublished(r *httpd.Request) error {
	published, err := s.k.Publisher.Published(r.Context())
	if err != nil {
		return err
	}
	list := make([]publicationDocument, len(published))
	for i, p := range published {
		list[i] = describePublication(p)
	}
	r.WriteJSON(http.StatusOK, list)
	return nil
}

// takePublication makes the figures of a period public as they are now.
func (s *side) takePublication(r *httpd.Request) error {
	body, err := r.JSON()
	if err != nil {
		return err
	}
	period, err := decodePeriod(body)
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	published, err := s.k.Publisher.Publish(r.Context(), snap, period, r.Author(audit.API))
	if err != nil {
		return err
	}
	r.WriteJSON(http.StatusCreated, describePublication(published))
	return nil
}

// decodePeriod reads {"year": 2025, "period": "Q1"}, also with "calendar":
// "report", or {"from": "2026-03-01", "to": "2026-04-14"}.
func decodePeriod(body []byte) (civil.Period, error) {
	var n named
	err := strictjson.Read(body, func(d *strictjson.Decoder, key string) bool {
		switch key {
		case "year":
			value := d.Value(key)
			if value.Kind != survey.ValueLevel {
				d.Add(key, fault.ProblemWrongType)
			}
			n.year = strconv.Itoa(value.Level)
		case "period":
			n.period = d.Text(key)
		case "calendar":
			n.calendar = d.Text(key)
		case "from":
			n.from = d.Text(key)
		case "to":
			n.to = d.Text(key)
		default:
			return false
		}
		return true
	})
	if err != nil {
		return civil.Period{}, err
	}
	return n.read()
}

// takeBack takes a period back from the public.
func (s *side) takeBack(r *httpd.Request) error {
	period, err := named{year: r.Param("year"), period: r.Param("period")}.read()
	if err != nil {
		return err
	}
	if err := s.k.Publisher.Withdraw(r.Context(), r.Author(audit.API), period); err != nil {
		return err
	}
	r.WriteNothing()
	return nil
}
