package studio

import (
	"fmt"
	"net/http"
	"slices"

	"sipas/internal/audit"
	"sipas/internal/exchange"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/score"
	"sipas/internal/strictjson"
	"sipas/internal/studio"
)

// members reads the members of a JSON object that was sent.
func members(r *httpd.Request, read func(d *strictjson.Decoder, key string) bool) error {
	body, err := r.JSON()
	if err != nil {
		return err
	}
	return strictjson.Read(body, read)
}

func invalid(where, key string) error {
	return &fault.Invalid{Problems: []fault.Problem{{Where: where, Key: key}}}
}

// asked is what a new draft is to be made of.
type asked struct {
	from, survey, method string
	version              int
	languages            []string
}

// fromBlank begins a draft of nothing; the other origins are those of package studio.
const fromBlank = "blank"

func (s *side) create(r *httpd.Request) error {
	var a asked
	err := members(r, func(d *strictjson.Decoder, key string) bool {
		switch key {
		case "from":
			a.from = d.Text(key)
		case "survey":
			a.survey = d.Text(key)
		case "method":
			a.method = d.Text(key)
		case "version":
			a.version = d.Whole(key)
		case "languages":
			d.List(key, studio.MostLanguages, func(at string) { a.languages = append(a.languages, d.Text(at)) })
		default:
			return false
		}
		return true
	})
	if err != nil {
		return err
	}
	origin, err := a.origin(r)
	if err != nil {
		return err
	}
	return s.begin(r, origin)
}

func (a asked) origin(r *httpd.Request) (studio.Origin, error) {
	if a.from == fromBlank {
		if a.method == "" {
			a.method = string(score.DefaultMethod)
		}
		if len(a.languages) == 0 {
			a.languages = []string{"vi"}
		}
		return studio.BlankOrigin(a.method, a.languages...), nil
	}
	snap, err := r.Snapshot()
	if err != nil {
		return studio.Origin{}, err
	}
	return studio.FindOrigin(snap, a.from, a.survey, a.version)
}

// begin keeps a new draft.
func (s *side) begin(r *httpd.Request, from studio.Origin) error {
	info, err := s.k.Studio.Create(r.Context(), r.Author(audit.API), from)
	if err != nil {
		return err
	}
	r.Set("Location", fmt.Sprintf("%s/%d", drafts, info.ID))
	r.WriteJSON(http.StatusCreated, describeInfo(info))
	return nil
}

// read makes a draft of a file, or says what one would be. A file of which something would
// be lost is refused with all that there is to say of it.
func (s *side) read(r *httpd.Request) error {
	if err := r.NothingElse(); err != nil {
		return err
	}
	dry, next := r.Query("dry_run"), r.Query("next")
	if !slices.Contains([]string{"", "0", "1"}, dry) || !slices.Contains([]string{"", "0", "1"}, next) {
		return httpd.ErrQuery
	}
	content, _, err := r.File()
	if err != nil {
		return err
	}
	def, report := exchange.Read(content)
	if dry == "1" {
		r.WriteJSON(http.StatusOK, exchange.Tell(def, report, r.Printer()))
		return nil
	}
	if !report.Drafted() {
		f := httpd.FailureOf(&fault.Invalid{})
		details := r.Details(f)
		for _, p := range report.Errors {
			details.Problems = append(details.Problems, httpd.ProblemMessage{Where: p.Where, Key: p.Key, Message: p.Text(r.Printer())})
		}
		r.WriteDetails(f.Status, details)
		return nil
	}
	from := studio.Origin{Definition: def, Report: report}
	if next == "1" {
		snap, err := r.Snapshot()
		if err != nil {
			return err
		}
		if from.Version = snap.Newest(def.Key); from.Version == nil {
			return invalid("next", studio.RefusedUnknown)
		}
	}
	return s.begin(r, from)
}

func (s *side) operate(r *httpd.Request) error {
	var op studio.Operation
	err := members(r, func(d *strictjson.Decoder, key string) bool { return readOperation(d, key, &op) })
	if err != nil {
		return err
	}
	made, err := s.k.Studio.Operate(r.Context(), r.Draft.ID, r.Editor(), op)
	if err != nil {
		return err
	}
	r.WriteJSON(http.StatusOK, describeRevision(made))
	return nil
}

// readOperation reads one member of an operation.
func readOperation(d *strictjson.Decoder, key string, op *studio.Operation) bool {
	switch key {
	case "sent":
		op.Sent = d.Text(key)
	case "base":
		op.Base = d.Whole(key)
	case "do":
		op.Do = studio.Doing(d.Text(key))
	case "element":
		op.Element = studio.Key(d.Text(key))
	case "field":
		op.Field = d.Text(key)
	case "language":
		op.Language = d.Text(key)
	case "value":
		op.Value = d.Text(key)
	case "kind":
		op.Kind = studio.Kind(d.Text(key))
	case "in":
		op.In = studio.Key(d.Text(key))
	case "after":
		op.After = studio.Key(d.Text(key))
	case "whole":
		op.Whole = d.Flag(key)
	case "items":
		d.List(key, studio.MostParts, func(at string) {
			item := map[string]string{}
			d.Object(at, at+".", func(cell string) { item[cell] = d.Text(at + "." + fault.Shortened(cell)) })
			op.Items = append(op.Items, item)
		})
	case "texts":
		d.List(key, studio.MostTexts, func(at string) { op.Texts = append(op.Texts, readTranslated(d, at)) })
	default:
		return false
	}
	return true
}

// readTranslated reads one text of an operation that translates.
func readTranslated(d *strictjson.Decoder, at string) (t studio.Translated) {
	d.Object(at, at+".", func(member string) {
		switch where := at + "." + fault.Shortened(member); member {
		case "element":
			t.Element = studio.Key(d.Text(where))
		case "field":
			t.Field = d.Text(where)
		case "value":
			t.Value = d.Text(where)
		case "source":
			t.Source = d.Text(where)
		default:
			d.Value(where)
			d.Add(where, fault.ProblemUnknownField)
		}
	})
	return t
}

func (s *side) undo(r *httpd.Request) error {
	revision := 0
	err := members(r, func(d *strictjson.Decoder, key string) bool {
		if key == "revision" {
			revision = d.Whole(key)
		}
		return key == "revision"
	})
	if err != nil {
		return err
	}
	made, err := s.k.Studio.Undo(r.Context(), r.Draft.ID, r.Editor(), revision)
	if err == nil {
		r.WriteJSON(http.StatusOK, describeRevision(made))
	}
	return err
}

func (s *side) redo(r *httpd.Request) error {
	if err := members(r, func(*strictjson.Decoder, string) bool { return false }); err != nil {
		return err
	}
	made, err := s.k.Studio.Redo(r.Context(), r.Draft.ID, r.Editor())
	if err == nil {
		r.WriteJSON(http.StatusOK, describeRevision(made))
	}
	return err
}

func (s *side) publish(r *httpd.Request) error {
	revision, over := -1, 0
	err := members(r, func(d *strictjson.Decoder, key string) bool {
		switch key {
		case "revision":
			revision = d.Whole(key)
		case "over":
			over = d.Whole(key)
		default:
			return false
		}
		return true
	})
	if err == nil && revision < 0 {
		err = invalid("revision", fault.ProblemRequired)
	}
	if err != nil {
		return err
	}
	v, err := s.k.Studio.Publish(r.Context(), r.Author(audit.API), r.Draft.ID, revision, over)
	if err == nil {
		r.WriteJSON(http.StatusOK, versionDocument{v.Name(), v.Number, v.PublishedAt})
	}
	return err
}

func (s *side) archive(r *httpd.Request) error {
	var archived, said bool
	err := members(r, func(d *strictjson.Decoder, key string) bool {
		if key == "archived" {
			archived, said = d.Flag(key), true
		}
		return key == "archived"
	})
	if err == nil && !said {
		err = invalid("archived", fault.ProblemRequired)
	}
	if err != nil {
		return err
	}
	if err := s.k.Studio.Archive(r.Context(), r.Author(audit.API), r.Draft.ID, archived); err != nil {
		return err
	}
	info, err := s.k.Studio.Info(r.Context(), r.Draft.ID)
	if err == nil {
		r.WriteJSON(http.StatusOK, describeInfo(info))
	}
	return err
}
