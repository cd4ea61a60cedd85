package httpd

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/report"
	"sipas/internal/strictjson"
	"sipas/internal/survey"
)

// handleAPIBoard gives the figures of an agency that the caller may see, and
// with detail=1 what the board opens below each.
func (s *Server) handleAPIBoard(c *gin.Context) error {
	if err := onlyQuery(c, "year", "period", "agency", "field", "channel", "detail", "lang"); err != nil {
		return err
	}
	detail, asked := c.GetQuery("detail")
	if asked && detail != "1" {
		return fmt.Errorf("detail %.40q: %w", detail, errQuery)
	}
	snap, err := s.snapshot(c)
	if err != nil {
		return err
	}
	q, err := s.readBoardQuery(c, snap.For(identity(c)))
	if err != nil {
		return err
	}
	q.Detail = asked
	board, err := s.Reports.Board(c.Request.Context(), snap, q.Query)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, board.API())
	return nil
}

// onlyQuery refuses an address that says something else than the named things,
// or one of them twice: a program that asks wrongly should not get figures of
// something it did not mean.
func onlyQuery(c *gin.Context, known ...string) error {
	given, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return fmt.Errorf("%w: %w", errQuery, err)
	}
	for name, values := range given {
		if len(values) > 1 || !slices.Contains(known, name) {
			return fmt.Errorf("%.40q: %w", name, errQuery)
		}
	}
	return nil
}

// publicationDocument is an edition of published figures. Who published it is
// not for the public.
type publicationDocument struct {
	Edition     int    `json:"edition"`
	PublishedAt string `json:"published_at"`
	report.PublicBoard
}

func describePublication(p report.Published) publicationDocument {
	return publicationDocument{p.Edition, p.At.UTC().Format(time.RFC3339), p.Document}
}

// handleAPIPublished lists what is public, for everybody.
func (s *Server) handleAPIPublished(c *gin.Context) error {
	published, err := s.Reports.Published(c.Request.Context())
	if err != nil {
		return err
	}
	list := make([]publicationDocument, len(published))
	for i, p := range published {
		list[i] = describePublication(p)
	}
	c.JSON(http.StatusOK, list)
	return nil
}

// handleAPIPublish makes the figures of a period public as they are now.
func (s *Server) handleAPIPublish(c *gin.Context) error {
	body, err := readJSON(c)
	if err != nil {
		return err
	}
	period, err := decodePeriod(body)
	if err != nil {
		return err
	}
	snap, err := s.snapshot(c)
	if err != nil {
		return err
	}
	published, err := s.Reports.Publish(c.Request.Context(), snap, period, author(c, audit.API))
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, describePublication(published))
	return nil
}

// decodePeriod reads {"year": 2025, "period": "Q1"}.
func decodePeriod(body []byte) (civil.Period, error) {
	var year int
	var part string
	d, err := strictjson.NewDecoder(body)
	if err != nil {
		return civil.Period{}, err
	}
	d.Members("body", "", func(key string) {
		switch key {
		case "year":
			value := d.Value(key)
			if value.Kind != survey.ValueLevel {
				d.Add(key, fault.ProblemWrongType)
			}
			year = value.Level
		case "period":
			part = d.Text(key)
		default:
			d.Add(fault.Shortened(key), fault.ProblemUnknownField)
			d.Value(key)
		}
	})
	if err := d.Err(); err != nil {
		return civil.Period{}, err
	}
	return periodAsked(strconv.Itoa(year), part)
}

// handleAPIWithdraw takes a period back from the public.
func (s *Server) handleAPIWithdraw(c *gin.Context) error {
	period, err := periodAsked(c.Param("year"), c.Param("period"))
	if err != nil {
		return err
	}
	if err := s.Reports.Withdraw(c.Request.Context(), author(c, audit.API), period); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
	return nil
}
