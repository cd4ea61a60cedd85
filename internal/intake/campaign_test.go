package intake_test

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestCampaignsAtTheCounter: the form of a day is that of the campaign that holds; what
// was opened before it began, or in it, is kept once, with the version and the campaign
// by which it was opened.
func TestCampaignsAtTheCounter(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		code, _ := open(t, st)
		other := definition()
		other.Key = "yearly"
		yearly, err := st.PublishVersion(t.Context(), other, noon)
		if err != nil {
			t.Fatal(err)
		}
		plan := func(c campaign.Campaign) campaign.Campaign {
			t.Helper()
			c.Name = agency.Text{"vi": "Đợt khảo sát"}
			kept, err := st.KeepCampaign(t.Context(), c, "2025-01-01")
			if err != nil {
				t.Fatal(err)
			}
			return kept
		}
		one := plan(campaign.Campaign{FirstDay: "2025-07-05", LastDay: "2025-07-10", VersionID: yearly.ID})
		plan(campaign.Campaign{FirstDay: "2025-07-05", LastDay: "2025-07-10", VersionID: yearly.ID, Channels: []agency.Channel{agency.ChannelKiosk}})
		now := noon
		in := intake.New(st.Registry, st.Store, intake.Options{
			Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Zone: time.FixedZone("ICT", 7*3600),
		})
		defer func() {
			if err := in.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		on := func(day int) { now = time.Date(2025, 7, day, 3, 0, 0, 0, time.UTC) }
		opened := func() survey.Submission {
			t.Helper()
			form, err := in.Form(t.Context(), code)
			if err != nil {
				t.Fatal(err)
			}
			s := submission(4)
			s.Version, s.Campaign = form.Version.Name(), form.CampaignName()
			return s
		}
		kept := int64(0)
		send := func(what string, s survey.Submission, want string) {
			t.Helper()
			form, err := in.Form(t.Context(), code)
			if err != nil {
				t.Fatal(err)
			}
			var receipts []agency.Code
			for range 2 { // a phone sends again what got no answer
				response, err := in.Accept(t.Context(), form, s)
				if err != nil {
					t.Errorf("%s: %v", what, err)
					return
				}
				receipt, err := in.Keep(t.Context(), response)
				if err != nil {
					t.Errorf("%s: %v", what, err)
				}
				receipts = append(receipts, receipt.Code)
			}
			kept++
			got := ""
			err = st.Query(t.Context(), "SELECT version_id, campaign_id FROM responses WHERE id = $1", []any{s.ID}, func(rows *sql.Rows) error {
				var version, of int64
				err := rows.Scan(&version, &of)
				got += fmt.Sprintf("%t %d", version == yearly.ID, of)
				return err
			})
			if err != nil || got != want || receipts[0] != receipts[1] {
				t.Errorf("%s is kept as %q, want %q; %v %v", what, got, want, receipts, err)
			}
		}
		asked := fmt.Sprintf("true %d", one.ID)

		on(4)
		before := opened()
		if before.Version != "pulse.1" || before.Campaign != "" {
			t.Fatalf("the day before, %s of %q is asked", before.Version, before.Campaign)
		}
		on(5)
		send("what was opened before it began", before, "false 0")
		during, late, over := opened(), opened(), opened()
		if during.Version != "yearly.1" || during.Campaign == "" {
			t.Fatalf("on its first day, %s of %q is asked", during.Version, during.Campaign)
		}
		send("what was opened in it", during, asked)
		forged := opened()
		forged.Version = "pulse.1"
		send("one that names another version with it", forged, "false 0")
		made := opened()
		made.Campaign = "4000"
		send("one that makes up a campaign", made, "true 0")
		on(10)
		if s := opened(); s.Version != "yearly.1" {
			t.Errorf("on its last day %s is asked", s.Version)
		}
		on(11)
		after := opened()
		if after.Version != "pulse.1" || after.Campaign != "" {
			t.Errorf("the day after, %s of %q is asked", after.Version, after.Campaign)
		}
		send("what was opened after it", after, "false 0")
		send("what was opened in it and sent after it", late, asked)
		on(10 + campaign.Late + 1)
		send("what was sent long after it", over, "true 0")
		recount(t, st, kept)

		// Another survey than the counter's and its campaigns' nobody can answer there.
		strange := submission(4)
		strange.Version = "yearly.2"
		form, err := in.Form(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		var invalid *fault.Invalid
		if _, err := in.Accept(t.Context(), form, strange); !errors.As(err, &invalid) || !slices.Equal(invalid.Problems, []fault.Problem{{Where: "version", Key: fault.ProblemUnknownVersion}}) {
			t.Errorf("a version that nobody asked: %v", err)
		}
	})
}
