package registry_test

import (
	"errors"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// A badge is nobody else's, whatever becomes of it: no official gets it again, and no
// service point is called so.
func TestBadgesAreNobodyElses(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		if err := addUnit(t.Context(), st.Registry, 1); err != nil {
			t.Fatal(err)
		}
		office := current(t, st.Registry).Tree.All()[0]
		change := func(f func(c *registry.Change) error) error {
			return st.Registry.Change(t.Context(), testkit.Author(), f)
		}
		added := []agency.Official{{Code: "cb-2", AgencyID: office.ID, Name: "Hai"}, {Code: "cb-1", AgencyID: office.ID, Name: "Một", Named: true, Active: true, Login: "mot"}}
		if err := change(func(c *registry.Change) error { return c.AddOfficials(t.Context(), added) }); err != nil {
			t.Fatal(err)
		}
		if err := change(func(c *registry.Change) error {
			return c.AddOfficials(t.Context(), []agency.Official{{Code: "cb-1", AgencyID: office.ID, Name: "Ba"}})
		}); err == nil {
			t.Error("a code is there twice")
		}
		s := current(t, st.Registry)
		if len(s.Officials) != 2 || s.Officials[0] != added[1] || s.Officials[1] != added[0] || added[0].ID == 0 {
			t.Fatalf("%+v, want %+v", s.Officials, added)
		}
		first := added[1]
		moved := first
		moved.Code, moved.Badge, moved.PointID, moved.Active, moved.Name = "other", "23456789", s.Points[0].ID, false, "Khác"
		var badge agency.Code
		err := change(func(c *registry.Change) (err error) {
			if err = c.UpdateOfficials(t.Context(), []agency.Official{moved}); err != nil {
				return err
			}
			badge, err = c.ReplaceBadge(t.Context(), first.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		moved.Code, moved.Badge = first.Code, badge
		s = current(t, st.Registry)
		if o, replaced, ok := s.Badge(badge); !ok || replaced || o != moved {
			t.Errorf("by the badge %+v, %v %v", o, replaced, ok)
		}
		if o, replaced, ok := s.Badge(first.Badge); !ok || !replaced || o != moved {
			t.Errorf("by the lost badge %+v, %v %v", o, replaced, ok)
		}
		if o, _, ok := s.Badge("BCDFGHJK"); ok {
			t.Errorf("by a badge of nobody %+v", o)
		}
		for _, code := range []agency.Code{badge, first.Badge} {
			err := change(func(c *registry.Change) error {
				_, err := c.AddServicePoint(t.Context(), agency.ServicePoint{Code: code, AgencyID: office.ID, Name: text("Quầy"), SurveyKey: "pulse", Channel: agency.ChannelQR})
				return err
			})
			if !errors.Is(err, fault.ErrConflict) {
				t.Errorf("a service point is called as a badge: %v", err)
			}
		}
		for _, id := range []int64{0, 99} {
			err := change(func(c *registry.Change) error { return c.UpdateOfficials(t.Context(), []agency.Official{{ID: id}}) })
			if !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("official %d: %v", id, err)
			}
			err = change(func(c *registry.Change) error { _, err := c.ReplaceBadge(t.Context(), id); return err })
			if !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("badge of official %d: %v", id, err)
			}
		}
	})
}
