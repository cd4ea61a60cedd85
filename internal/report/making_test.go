package report

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// counter is a place with one service point.
type counter struct {
	*testkit.Place
	point   agency.ServicePoint
	version *survey.Version
	sent    int
}

func newCounter(t *testing.T, st *testkit.Place) *counter {
	t.Helper()
	c := &counter{Place: st}
	definitions, err := surveys.BuiltIn()
	for _, d := range definitions {
		if err == nil && d.Key == "quay-nhanh" {
			c.version, err = st.PublishVersion(t.Context(), d, time.Unix(0, 0))
		}
	}
	if err == nil {
		err = st.AddServiceField(t.Context(), agency.ServiceField{Key: "dat-dai", Name: agency.Text{"vi": "Đất đai"}, Scope: agency.ScopeProcedures})
	}
	var office agency.Agency
	if err == nil {
		office, err = st.AddAgency(t.Context(), agency.Agency{Code: "tinh", Kind: agency.KindProvince, Name: agency.Text{"vi": "Tỉnh"}})
	}
	if err == nil {
		c.point, err = st.AddServicePoint(t.Context(), agency.ServicePoint{
			AgencyID: office.ID, Name: agency.Text{"vi": "Quầy"}, SurveyKey: "quay-nhanh", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answered keeps a group of five.
func (c *counter) answered(t *testing.T, day string) {
	t.Helper()
	var batch []survey.Response
	for range 5 {
		c.sent++
		r := survey.Response{
			ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", c.sent), ServicePointID: c.point.ID, AgencyID: c.point.JudgedID, FieldKey: "dat-dai",
			VersionID: c.version.ID, Channel: c.point.Channel, Language: "vi", At: time.Unix(0, 0), Day: day, Scale: "5.....", Receipt: agency.NewCode(), Fingerprint: "f",
		}
		c.version.Judge(&r)
		batch = append(batch, r)
	}
	if _, err := c.SaveResponses(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

func (c *counter) snap(t *testing.T) *registry.Snapshot {
	t.Helper()
	snap, err := c.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// waitFor waits until n have the turn at a board or wait for it.
func waitFor(r *Reporter, q Query, n int) {
	for r.making.Askers(q) < n {
		runtime.Gosched()
	}
}

// TestOneMakingForAllWhoAsk: twenty who ask for a board while it is being made get one
// that was made once, after all of them asked.
func TestOneMakingForAllWhoAsk(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		c := newCounter(t, st)
		c.answered(t, "2025-05-02")
		r, q, snap := New(st.Store, Options{Now: time.Now, Zone: time.UTC}), Query{Period: civil.Period{Year: 2025, Kind: civil.Year, Number: 1}, Detail: true}, c.snap(t)
		busy, err := r.making.Take(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		boards, failed := make(chan *Board, 20), make(chan error, 21)
		for i := range 20 {
			go func() {
				board, err := r.Board(t.Context(), snap, q)
				failed <- err
				boards <- board
			}()
			waitFor(r, q, i+2)
			c.answered(t, "2025-05-03") // so that each saw something else
		}
		// One more gives up, and the others do not mind.
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			_, err := r.Board(ctx, snap, q)
			failed <- err
		}()
		waitFor(r, q, 22)
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up got %v", err)
		}
		busy()
		made := map[*Board]bool{}
		for range 20 {
			if err := <-failed; err != nil {
				t.Fatal(err)
			}
			made[<-boards] = true
			c.answered(t, "2025-05-03") // answers go on coming in
		}
		if len(made) != 1 {
			t.Errorf("the board was made %d times", len(made))
		}
		for board := range made {
			if len(board.Rows) == 0 || board.Rows[0].N < 105 {
				t.Errorf("it is older than what all had asked for: %+v", board.Rows)
			}
		}
		if r.making.Askers(q) != 0 {
			t.Error("turns are left over")
		}
	})
}

// TestWhoGivesUpSpoilsNothing: a board whose maker went away is made by the next.
func TestWhoGivesUpSpoilsNothing(t *testing.T) {
	t.Parallel()
	c := newCounter(t, testkit.SQLite(t))
	c.answered(t, "2025-05-02")
	r, q := New(c.Store, Options{Now: time.Now, Zone: time.UTC}), Query{Period: civil.Period{Year: 2025, Kind: civil.Year, Number: 1}}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if board, err := r.Board(gone, c.snap(t), q); err == nil {
		t.Errorf("a board for nobody: %+v", board)
	}
	if board, err := r.Board(t.Context(), c.snap(t), q); err != nil || len(board.Rows) == 0 || board.Rows[0].N != 5 {
		t.Errorf("%+v, %v", board, err)
	}
}

// TestNobodyGetsWhatIsOlderThanTheQuestion, however many ask while answers come in.
func TestNobodyGetsWhatIsOlderThanTheQuestion(t *testing.T) {
	t.Parallel()
	c := newCounter(t, testkit.SQLite(t))
	r, q, snap := New(c.Store, Options{Now: time.Now, Zone: time.UTC}), Query{Period: civil.Period{Year: 2025, Kind: civil.Year, Number: 1}}, c.snap(t)
	failed := make(chan error, 100)
	for round := range 20 {
		c.answered(t, "2025-05-02")
		least := int64(5 * (round + 1))
		for range 5 {
			go func() {
				board, err := r.Board(t.Context(), snap, q)
				if err == nil && (len(board.Rows) == 0 || board.Rows[0].N < least) {
					err = fmt.Errorf("%d were shown, and the board has %+v", least, board.Rows)
				}
				failed <- err
			}()
		}
	}
	for range 100 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}

// TestOneLookForAllWhoCome: twenty who come while somebody looks at what has changed
// share the next look, and who comes after it began has another.
func TestOneLookForAllWhoCome(t *testing.T) {
	t.Parallel()
	c := newCounter(t, testkit.SQLite(t))
	r, day := New(c.Store, Options{Now: time.Now, Zone: time.UTC}), civil.HalfMonthOf("2025-05-02")
	come := func() *builder { return &builder{Reporter: r, halves: []civil.HalfMonth{day}} }
	of := span{day, day}
	busy, err := r.looking.Take(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	looks, failed := make(chan look, 20), make(chan error, 20)
	for i := range 20 {
		go func() {
			b := come()
			failed <- b.lookAtChanges(t.Context())
			looks <- b.look
		}()
		for r.looking.Askers(of) < i+2 {
			runtime.Gosched()
		}
	}
	c.answered(t, "2025-05-02")
	busy()
	shared := map[int64]bool{}
	for range 20 {
		if err := <-failed; err != nil {
			t.Fatal(err)
		}
		l := <-looks
		shared[l.asked] = true
		if l.changes[day].Sum() != 1 {
			t.Errorf("a look does not see what came before it began: %v", l.changes)
		}
	}
	if len(shared) != 1 {
		t.Errorf("%d looks for twenty who came before the first", len(shared))
	}
	c.answered(t, "2025-05-03")
	later := come()
	if err := later.lookAtChanges(t.Context()); err != nil || later.changes[day].Sum() != 2 || shared[later.asked] {
		t.Errorf("who came later has an older look: %+v, %v", later.look, err)
	}
}
