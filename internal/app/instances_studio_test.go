package app_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"sipas/internal/studio"
	"sipas/internal/testkit"
)

// Two instances take operations of two people at once: none is lost.
func TestTwoPeopleChangeADraftAtOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, p *testkit.Place) {
		info, err := studio.New(p.DB, p.Registry, auditClock).Create(t.Context(), testkit.Author(), studio.Origin{Definition: testkit.EveryKind(t)})
		if err != nil {
			t.Fatal(err)
		}
		var people sync.WaitGroup
		for i := range 2 {
			people.Go(func() {
				s, by := studio.New(p.DB, p.Registry, auditClock), studio.Author{UserID: int64(i + 1), Name: "x"}
				for n := range 40 {
					if _, err := s.Operate(context.WithoutCancel(t.Context()), info.ID, by, studio.Operation{Do: studio.DoAdd, Kind: studio.KindQuestion, Items: []map[string]string{{"text@vi": fmt.Sprint(i, n)}}}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		people.Wait()
		d, info, err := studio.New(p.DB, p.Registry, auditClock).Draft(t.Context(), info.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		there := map[string]bool{}
		for _, e := range d.Outline() {
			there[e.Fields["text@vi"]] = true
		}
		for i := range 2 {
			for n := range 40 {
				if !there[fmt.Sprint(i, n)] {
					t.Errorf("%d %d is lost", i, n)
				}
			}
		}
		if info.Revision != 80 {
			t.Errorf("%d revisions", info.Revision)
		}
	})
}
