package studio

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"sipas/internal/difference"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/simulation"
	"sipas/internal/survey"
)

func (s *side) list(r *httpd.Request) error {
	if err := r.NothingElse(); err != nil {
		return err
	}
	archived := r.Query("archived")
	if !slices.Contains([]string{"", "0", "1"}, archived) {
		return httpd.ErrQuery
	}
	list, err := s.k.Studio.List(r.Context(), archived == "1")
	if err != nil {
		return err
	}
	documents := make([]infoDocument, len(list))
	for i, info := range list {
		documents[i] = describeInfo(info)
	}
	r.WriteJSON(http.StatusOK, map[string]any{"drafts": documents})
	return nil
}

// newest is all of a past but nothing: the draft as it is is enough.
const newest = 1 << 30

func (s *side) show(r *httpd.Request) error {
	if err := r.NothingElse(); err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	d, info, err := s.k.Studio.Draft(r.Context(), r.Draft.ID, newest)
	if err != nil {
		return err
	}
	undo, redo, err := s.k.Studio.Undoable(r.Context(), info.ID, r.Editor())
	if err != nil {
		return err
	}
	def := d.Definition()
	r.WriteJSON(http.StatusOK, draftDocument{
		infoDocument: describeInfo(info), Undo: undo, Redo: redo, Elements: describeElements(d), Definition: def,
		Problems: describeProblems(d.Problems(info, snap.Versions(def.Key)), r.Printer()),
	})
	return nil
}

func (s *side) listOperations(r *httpd.Request) error {
	if err := r.NothingElse(); err != nil {
		return err
	}
	after, err := number(r.Query("after"))
	if err != nil {
		return err
	}
	revisions, err := s.k.Studio.Revisions(r.Context(), r.Draft.ID, after, mostRevisions)
	if err != nil {
		return err
	}
	documents := make([]revisionDocument, len(revisions))
	for i, one := range revisions {
		documents[i] = describeRevision(one)
	}
	r.WriteJSON(http.StatusOK, map[string]any{"operations": documents})
	return nil
}

// mostRevisions are told at once; who wants more asks for those after the last.
const mostRevisions = 500

// number reads a number of the query, 0 where there is none.
func number(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || strconv.Itoa(n) != text {
		return 0, fmt.Errorf("%.40q: %w", text, httpd.ErrQuery)
	}
	return n, nil
}

// compare holds the draft against a published version: the newest of its survey, unless
// another is named.
func (s *side) compare(r *httpd.Request) error {
	if err := r.NothingElse(); err != nil {
		return err
	}
	wanted, err := number(r.Query("version"))
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	d, info, err := s.k.Studio.Draft(r.Context(), r.Draft.ID, newest)
	if err != nil {
		return err
	}
	after := d.Definition()
	versions := snap.Versions(after.Key)
	if info.Continues != "" {
		versions = snap.Versions(info.Continues)
	}
	comparison := comparisonDocument{Differences: []differenceDocument{}}
	var before survey.Definition
	switch at := slices.IndexFunc(versions, func(v *survey.Version) bool { return v.Number == wanted }); {
	case at >= 0:
		before, comparison.Version = versions[at].Definition, versions[at].Name()
	case wanted != 0:
		return fmt.Errorf("version %d: %w", wanted, fault.ErrNotFound)
	case len(versions) > 0:
		last := versions[len(versions)-1]
		before, comparison.Version = last.Definition, last.Name()
	}
	for _, one := range difference.Compare(before, after) {
		comparison.Differences = append(comparison.Differences, differenceDocument(one))
	}
	r.WriteJSON(http.StatusOK, comparison)
	return nil
}

// simulate tries the draft with made-up citizens, of whom nothing is kept.
func (s *side) simulate(r *httpd.Request) error {
	if err := r.NothingElse(); err != nil {
		return err
	}
	citizens, err := number(r.Query("citizens"))
	if err != nil {
		return err
	}
	seed, err := number(r.Query("seed"))
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	d, info, err := s.k.Studio.Draft(r.Context(), r.Draft.ID, newest)
	if err != nil {
		return err
	}
	def, err := d.Ready(info, snap.Versions)
	if err != nil {
		return err
	}
	result, err := simulation.Run(r.Context(), simulation.Plan{Survey: def, Fields: snap.Fields, Citizens: citizens, Seed: uint64(seed)})
	if errors.Is(err, simulation.ErrCitizens) {
		return fmt.Errorf("%d citizens: %w", citizens, httpd.ErrQuery)
	}
	if err != nil {
		return err
	}
	r.WriteJSON(http.StatusOK, result.Document())
	return nil
}
