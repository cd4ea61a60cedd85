package intake_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/duty"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// An answer is of whose badge was scanned, or of who is on duty at the counter; of nobody
// where officials are not asked about, and on sheets that staff fill in.
func TestWhoServedIsKeptWithTheAnswer(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		open(t, st)
		points, err := st.ServicePoints(ctx)
		if err != nil {
			t.Fatal(err)
		}
		counter := points[0]
		kiosk, sheets := counter, counter
		kiosk.Code, kiosk.Channel, sheets.Code, sheets.Channel = "", agency.ChannelKiosk, "", agency.ChannelPaper
		if kiosk, err = st.AddServicePoint(ctx, kiosk); err != nil {
			t.Fatal(err)
		}
		if sheets, err = st.AddServicePoint(ctx, sheets); err != nil {
			t.Fatal(err)
		}
		official := func(code string, point int64) agency.Official {
			return agency.Official{Code: code, AgencyID: counter.AgencyID, PointID: point, Name: "Tên", Active: true}
		}
		people := []agency.Official{official("desk", counter.ID), official("shift", 0), official("kiosk", kiosk.ID), official("paper", sheets.ID), official("gone", counter.ID), official("lost", counter.ID)}
		people[4].Active = false
		change := func(f func(c *registry.Change) error) {
			t.Helper()
			if err := st.Registry.Change(ctx, testkit.Author(), f); err != nil {
				t.Fatal(err)
			}
		}
		desk, shift, atKiosk, paper, gone, lost := 0, 1, 2, 3, 4, 5
		change(func(c *registry.Change) error {
			if err := c.AddOfficials(ctx, people); err != nil {
				return err
			}
			_, err := c.ReplaceBadge(ctx, people[lost].ID)
			return err
		})
		board := duty.New(st.DB, duty.Options{Now: time.Now, Zone: time.FixedZone("ICT", 7*3600), Log: slog.New(slog.DiscardHandler)})
		in := start(t, st, intake.Options{Duty: board})
		served := func(code agency.Code) (official, point int64, channel agency.Channel) {
			t.Helper()
			form, err := in.Form(ctx, string(code))
			if err != nil {
				t.Fatalf("%s: %v", code, err)
			}
			response, err := in.Accept(ctx, form, submission(5))
			if err != nil || form.Code != code {
				t.Fatalf("%s, by %s: %v", code, form.Code, err)
			}
			return response.OfficialID, response.ServicePointID, response.Channel
		}
		want := func(what string, code agency.Code, official, point int64, channel agency.Channel) {
			t.Helper()
			if o, p, c := served(code); o != official || p != point || c != channel {
				t.Errorf("%s: official %d at %d by %s, want %d at %d by %s", what, o, p, c, official, point, channel)
			}
		}
		closed := func(what string, code agency.Code, why error) {
			t.Helper()
			if _, err := in.Form(ctx, string(code)); !errors.Is(err, why) {
				t.Errorf("%s: %v, want %v", what, err, why)
			}
		}
		want("off, a badge", people[desk].Badge, 0, counter.ID, agency.ChannelQR)
		closed("off, at no counter", people[shift].Badge, fault.ErrNoCounter)
		// It is Tuesday, 1 July, half past midnight.
		night := duty.Shift{OfficialID: people[shift].ID, PointID: counter.ID, FirstDay: "2025-07-01", Weekdays: duty.Working, From: 0, To: 60}
		change(func(c *registry.Change) error {
			if err := c.Set(ctx, registry.SettingOfficials, "1"); err != nil {
				return err
			}
			names := func(duty.Shift) (string, agency.Code) { return "shift", counter.Code }
			return duty.Keep(ctx, c.Tx(), c.Entry, []duty.Shift{night}, names)
		})
		board.Forget()
		want("the badge at the counter", people[desk].Badge, people[desk].ID, counter.ID, agency.ChannelQR)
		want("the badge of the shift", people[shift].Badge, people[shift].ID, counter.ID, agency.ChannelQR)
		want("the counter in the shift", counter.Code, people[shift].ID, counter.ID, agency.ChannelQR)
		want("a badge beside a kiosk", people[atKiosk].Badge, people[atKiosk].ID, kiosk.ID, agency.ChannelQR)
		want("a kiosk without a shift", kiosk.Code, 0, kiosk.ID, agency.ChannelKiosk)
		want("sheets of staff", sheets.Code, 0, sheets.ID, agency.ChannelPaper)
		closed("a badge at sheets of staff", people[paper].Badge, fault.ErrNoCounter)
		closed("a badge of who serves no longer", people[gone].Badge, fault.ErrReplaced)
		closed("a lost badge", people[lost].Badge, fault.ErrReplaced)
		if err := board.Serve(ctx, testkit.Author(), kiosk, people[desk]); err != nil {
			t.Fatal(err)
		}
		people[shift].Active = false
		change(func(c *registry.Change) error { return c.UpdateOfficials(ctx, people[shift:shift+1]) })
		want("the counter of who serves no longer", counter.Code, 0, counter.ID, agency.ChannelQR)
		if today := time.Now().UTC().Add(7 * time.Hour).Format(time.DateOnly); today != "2025-07-01" {
			want("what was said on another day", kiosk.Code, 0, kiosk.ID, agency.ChannelKiosk)
		}
	})
}
