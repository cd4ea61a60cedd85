package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestRemovedTextIsInNoFile looks through every byte of the database for what
// was taken out, while a server has it open. There is more than fits a page, and
// texts come in no order, so that pages were split before.
func TestRemovedTextIsInNoFile(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	server, command := testkit.OpenStore(t, url), testkit.OpenStore(t, url)
	h := buildHall(t, server)
	random := rand.New(rand.NewPCG(1, 2))
	const people, together = 8000, 40
	all := make([]survey.Response, people)
	for i := range all {
		all[i] = h.response(1+random.IntN(1<<30), []agency.ServicePoint{h.land, h.mixed}[i%2], "2025-03-14", "5.", "far")
		all[i].Texts = []survey.TextAnswer{{Question: "comment", Text: fmt.Sprintf("<NGƯỜI %06d> %s", i, strings.Repeat("x", random.IntN(300)))}}
	}
	for i := 0; i < people; i += together {
		save(t, server, all[i:i+together]...)
	}
	gone := random.Perm(people)[:300]
	for _, i := range gone {
		if err := command.RemoveResponse(t.Context(), all[i].ServicePointID, all[i].Receipt); err != nil {
			t.Fatal(err)
		}
	}
	path := strings.TrimPrefix(url, "sqlite:")
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range gone {
			if bytes.Contains(content, fmt.Appendf(nil, "<NGƯỜI %06d>", i)) {
				t.Errorf("%s still holds what person %d wrote", name, i)
			}
		}
		if stays := all[gone[len(gone)-1]+1].Texts[0].Text; name == path && !bytes.Contains(content, []byte(stays)) {
			t.Error("looked in the wrong place")
		}
	}
	noDrift(t, server, people-int64(len(gone)))
}

// TestRemovalSaysWhatItCouldNotClear: somebody reads for long, so the log cannot
// be cut off; the next call does it.
func TestRemovalSaysWhatItCouldNotClear(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	st := testkit.OpenStore(t, url)
	h := buildHall(t, st)
	r := h.response(1, h.land, "2025-03-14", "5.")
	r.Texts = []survey.TextAnswer{{Question: "comment", Text: "<NGƯỜI>"}}
	save(t, st, r)
	var traces *store.TracesError
	err := st.DB.Snapshot(t.Context(), func(tx *db.Tx) error {
		var n int
		if err := tx.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM responses").Scan(&n); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if err := st.RemoveResponse(t.Context(), h.land.ID, r.Receipt); !errors.As(err, &traces) || errors.Is(err, fault.ErrNotFound) {
			t.Errorf("while somebody reads: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.RemoveResponse(t.Context(), h.land.ID, r.Receipt); errors.As(err, &traces) || !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("again: %v", err)
	}
	log, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:") + "-wal")
	if err != nil || len(log) != 0 {
		t.Errorf("the log has %d bytes, %v", len(log), err)
	}
}

// TestRemovalAndTheSameSubmissionAtOnce: whoever is first, nothing comes back
// once it is taken out.
func TestRemovalAndTheSameSubmissionAtOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := buildHall(t, st)
		if st.Dialect() == "postgres" { // a removal that takes its time between its statements
			for _, statement := range []string{
				"CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END'",
				"CREATE TRIGGER pause BEFORE INSERT ON spent_submissions FOR EACH ROW EXECUTE FUNCTION pause()",
			} {
				if _, err := st.Exec(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i := range 8 {
			r := h.response(i, h.land, "2025-03-14", "5.")
			save(t, st, r)
			removed := make(chan error)
			go func() { removed <- st.RemoveResponse(t.Context(), h.land.ID, r.Receipt) }()
			for done := false; !done; {
				save(t, st, r)
				select {
				case err := <-removed:
					if done = true; err != nil {
						t.Fatal(err)
					}
				default:
				}
			}
			if got := save(t, st, r)[0]; got != (store.Outcome{Removed: true}) {
				t.Errorf("afterwards: %+v", got)
			}
		}
		noDrift(t, st, 0)
	})
}
