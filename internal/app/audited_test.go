package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/bulk"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/demo"
	"sipas/internal/emblem"
	"sipas/internal/preset"
	"sipas/internal/publication"
	"sipas/internal/published"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/retention"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// scene is a province in which somebody changes things.
type scene struct {
	*testkit.Place
	*auth.Auth
	publisher *publication.Publisher
	snap      *registry.Snapshot
	point     agency.ServicePoint
	receipt   agency.Code
	secrets   []string // what must stand in no entry
}

var auditDay = time.Date(2025, 11, 20, 5, 0, 0, 0, time.UTC)

func auditClock() time.Time { return auditDay }

// answerID is that of the citizen who answers.
const answerID = "00000000-0000-7000-8000-000000000001"

const saidInConfidence = "họ bắt tôi chờ ba ngày"

// change is one of the ways to change something, and the entries it leaves.
type change struct {
	name    string // as changers finds it in the source
	entries []string
	do      func(ctx context.Context, s *scene, by audit.Author) error
}

// inRegistry is a change by one method of registry.Change, or of a part of it that is
// named before a dot.
func inRegistry(method, entry string, do func(context.Context, *scene, *registry.Change) error) change {
	if !strings.Contains(method, ".") {
		method = "Change." + method
	}
	return change{"registry." + method, []string{entry}, func(ctx context.Context, s *scene, by audit.Author) error {
		return s.Registry.Change(ctx, by, func(c *registry.Change) error { return do(ctx, s, c) })
	}}
}

// changes are made one after the other. Who adds a method that changes something
// adds it here, or TestEveryChangeHasItsEntry fails.
func changes() []change {
	return append([]change{
		{"preset.Apply", nil, func(ctx context.Context, s *scene, by audit.Author) error {
			return preset.Apply(ctx, s.Registry, by, preset.Named("binh-thuan"), auditDay)
		}},
		{"registry.Registry.Keep", []string{"setting.set setting/export-key"}, func(ctx context.Context, s *scene, by audit.Author) error {
			key, err := s.Registry.Keep(ctx, by, registry.SettingExportKey, "2f1d6cc7ae")
			s.secrets = append(s.secrets, key)
			return err
		}},
		{"registry.Registry.Change", []string{"setting.set setting/synthetic", "agency.set-hotline agency/ubnd-tinh"}, func(ctx context.Context, s *scene, by audit.Author) error {
			return s.Registry.Change(ctx, by, func(c *registry.Change) error {
				return errors.Join(c.Set(ctx, registry.SettingSynthetic, "1"), c.SetHotline(ctx, s.top().ID, "1900 1111"))
			})
		}},
		inRegistry("Set", "setting.set setting/synthetic", func(ctx context.Context, _ *scene, c *registry.Change) error {
			return c.Set(ctx, registry.SettingSynthetic, "0")
		}),
		inRegistry("AddAgency", "agency.add agency/so-moi", func(ctx context.Context, s *scene, c *registry.Change) error {
			_, err := c.AddAgency(ctx, agency.Agency{Code: "so-moi", ParentID: s.top().ID, Kind: agency.KindProvince, Name: agency.Text{"vi": "Sở mới"}})
			return err
		}),
		inRegistry("UpdateAgency", "agency.update agency/so-moi", func(ctx context.Context, _ *scene, c *registry.Change) error {
			snap, err := c.Now(ctx)
			if err != nil {
				return err
			}
			a, _ := snap.Tree.ByCode("so-moi")
			a.Name = agency.Text{"vi": "Sở mới hơn"}
			return c.UpdateAgency(ctx, a)
		}),
		inRegistry("SetHotline", "agency.set-hotline agency/ubnd-tinh", func(ctx context.Context, s *scene, c *registry.Change) error {
			return c.SetHotline(ctx, s.top().ID, "1900 2222")
		}),
		inRegistry("AddSuccession", "succession.add agency/ubnd-tinh", func(ctx context.Context, s *scene, c *registry.Change) error {
			return c.AddSuccession(ctx, agency.Succession{FromID: s.top().ID, ToID: s.point.AgencyID, Day: "2025-07-01", Share: 10000})
		}),
		inRegistry("AddServiceField", "service-field.add service-field/moi", func(ctx context.Context, _ *scene, c *registry.Change) error {
			return c.AddServiceField(ctx, agency.ServiceField{Key: "moi", Name: agency.Text{"vi": "Mới"}, Scope: "public-services"})
		}),
		inRegistry("AddServicePoint", "service-point.add service-point/23456789", func(ctx context.Context, s *scene, c *registry.Change) error {
			added := s.point
			added.Code = "23456789"
			_, err := c.AddServicePoint(ctx, added)
			return err
		}),
		inRegistry("AddServicePoints", "service-point.add service-point/2345678A", func(ctx context.Context, s *scene, c *registry.Change) error {
			added := s.point
			added.Code = "2345678A"
			return c.AddServicePoints(ctx, []agency.ServicePoint{added})
		}),
		inRegistry("UpdateServicePoints", "service-point.update service-point/POINT", func(ctx context.Context, s *scene, c *registry.Change) error {
			changed := s.point
			changed.Place = "Tầng 2"
			return c.UpdateServicePoints(ctx, []agency.ServicePoint{changed})
		}),
		{"bulk.Plan.Apply", []string{"agency.update agency/so-moi", "agencies.import list/agencies"}, func(ctx context.Context, s *scene, by audit.Author) error {
			snap, err := s.Registry.Load(ctx)
			if err != nil {
				return err
			}
			plan, err := bulk.Agencies().Plan(ctx, snap, []byte("code,order\nso-moi,7\n"))
			if err != nil {
				return err
			}
			return plan.Apply(ctx, s.Registry, by)
		}},
		inRegistry("RecodeServicePoint", "service-point.recode service-point/2345678A", func(ctx context.Context, _ *scene, c *registry.Change) error {
			snap, err := c.Now(ctx)
			if err != nil {
				return err
			}
			p, _ := snap.Point("2345678A")
			_, err = c.RecodeServicePoint(ctx, p.ID)
			return err
		}),
		inRegistry("SetServicePointActive", "service-point.close service-point/POINT", func(ctx context.Context, s *scene, c *registry.Change) error {
			return c.SetServicePointActive(ctx, s.point.ID, false)
		}),
		inRegistry("SetServicePointsActive", "service-point.open service-point/POINT", func(ctx context.Context, s *scene, c *registry.Change) error {
			return c.SetServicePointsActive(ctx, []int64{s.point.ID}, true)
		}),
		inRegistry("SetServicePointLimit", "service-point.set-limit service-point/POINT", func(ctx context.Context, s *scene, c *registry.Change) error {
			return c.SetServicePointLimit(ctx, s.point.ID, "2400/1m")
		}),
		inRegistry("PublishVersion", "survey.publish survey/KEY.2", func(ctx context.Context, s *scene, c *registry.Change) error {
			definitions, err := surveys.BuiltIn()
			if err != nil {
				return err
			}
			d := definitions[slices.IndexFunc(definitions, func(d survey.Definition) bool { return d.Key == s.point.SurveyKey })]
			d.Title = agency.Text{"vi": "Tên mới", "en": "A new name"}
			_, err = c.PublishVersion(ctx, d, auditDay)
			return err
		}),
		{"registry.emblems.SetEmblem", []string{"emblem.set setting/emblem", "emblem.remove setting/emblem"}, func(ctx context.Context, s *scene, by audit.Author) error {
			s.secrets = append(s.secrets, "a picture", base64.StdEncoding.EncodeToString([]byte("a picture"))) // it says which, and not what it looks like
			return s.Registry.Change(ctx, by, func(c *registry.Change) error {
				return errors.Join(c.SetEmblem(ctx, &emblem.Emblem{Hash: "abc", Width: 48, Height: 64, PNG: []byte("a picture")}), c.SetEmblem(ctx, nil))
			})
		}},
		inRegistry("emblems.RestoreEmblem", "emblem.set setting/emblem", func(ctx context.Context, _ *scene, c *registry.Change) error {
			return c.RestoreEmblem(ctx)
		}),
		{"demo.Accounts", []string{"user.add user/quantri", "user.add user/so-xay-dung"}, func(ctx context.Context, s *scene, by audit.Author) error {
			const password = "mat khau dung thu"
			s.secrets = append(s.secrets, password)
			_, err := demo.Accounts(ctx, s.Auth, s.snap.Tree, by, func() string { return password })
			return err
		}},
		{"auth.accounts.AddUser", []string{"user.add user/minh"}, func(ctx context.Context, s *scene, by audit.Author) error {
			s.secrets = append(s.secrets, "mot mat khau dai")
			_, err := s.AddUser(ctx, by, auth.NewUser{Login: "minh", Name: "Minh", Password: "mot mat khau dai", Role: access.Viewer})
			return err
		}},
		{"auth.accounts.SetPassword", []string{"user.set-password user/minh"}, ofMinh(func(ctx context.Context, s *scene, by audit.Author, u auth.User) error {
			s.secrets = append(s.secrets, "mat khau khac hon")
			return s.SetPassword(ctx, by, u.ID, "mat khau khac hon")
		})},
		{"auth.accounts.UpdateUser", []string{"user.change user/minh"}, ofMinh(func(ctx context.Context, s *scene, by audit.Author, u auth.User) error {
			u.Name = "Minh khác"
			return s.UpdateUser(ctx, by, u)
		})},
		{"auth.accounts.EndSessions", []string{"user.end-sessions user/minh"}, ofMinh(func(ctx context.Context, s *scene, by audit.Author, u auth.User) error {
			return s.EndSessions(ctx, by, u)
		})},
		{"auth.accounts.Invite", []string{"user.invite user/moi"}, func(ctx context.Context, s *scene, by audit.Author) error {
			_, token, err := s.Invite(ctx, by, auth.NewUser{Login: "moi", Name: "Mới", Role: access.Viewer})
			s.secrets = append(s.secrets, token)
			return err
		}},
		{"auth.accounts.InviteAgain", []string{"user.invite-again user/minh"}, ofMinh(func(ctx context.Context, s *scene, by audit.Author, u auth.User) error {
			token, err := s.InviteAgain(ctx, by, u)
			s.secrets = append(s.secrets, token)
			return err
		})},
		{"auth.accounts.KeepRoster", []string{"user.change user/minh", "user.invite user/hai", "users.import list/users"}, ofMinh(func(ctx context.Context, s *scene, by audit.Author, u auth.User) error {
			known, err := s.Users(ctx)
			if err != nil {
				return err
			}
			u.Name = "Minh nữa"
			tokens, err := s.KeepRoster(ctx, by, auth.Roster{
				Known: known, Changed: []auth.User{u}, Added: []auth.NewUser{{Login: "hai", Name: "Hai", Role: access.Viewer}},
				Note: audit.Entry{Action: "users.import", Subject: "list/users"},
			})
			s.secrets = append(s.secrets, tokens...)
			return err
		})},
		{"bulk.UserPlan.Apply", []string{"user.invite user/ba", "users.import list/users"}, func(ctx context.Context, s *scene, by audit.Author) error {
			known, err := s.Users(ctx)
			if err != nil {
				return err
			}
			made, err := bulk.PlanUsers(s.snap, known, []byte("login,name,role\nba,Ba,viewer\n")).Apply(ctx, s.Auth, by)
			for _, i := range made {
				s.secrets = append(s.secrets, i.Token)
			}
			return err
		}},
		{"auth.accounts.DisableUser", []string{"user.disable user/minh"}, ofMinh(func(ctx context.Context, s *scene, by audit.Author, u auth.User) error {
			return s.DisableUser(ctx, by, u)
		})},
		{"auth.accounts.EnableUser", []string{"user.enable user/minh"}, ofMinh(func(ctx context.Context, s *scene, by audit.Author, u auth.User) error {
			return s.EnableUser(ctx, by, u)
		})},
		{"auth.Auth.CreateToken", []string{"token.create token/N"}, func(ctx context.Context, s *scene, by audit.Author) error {
			token, err := s.CreateToken(ctx, by, "cổng", access.Viewer, 0)
			s.secrets = append(s.secrets, token)
			return err
		}},
		{"auth.Auth.RevokeToken", []string{"token.revoke token/N"}, func(ctx context.Context, s *scene, by audit.Author) error {
			tokens, err := s.Tokens(ctx)
			if err != nil {
				return err
			}
			return s.RevokeToken(ctx, by, tokens[0].ID)
		}},
		{"auth.entryLinks.CreateEntryLink", []string{"entry-link.create entry-link/N"}, func(ctx context.Context, s *scene, by audit.Author) error {
			link, err := s.CreateEntryLink(ctx, by, s.point, "đoàn 2", auditDay.AddDate(0, 1, 0))
			s.secrets = append(s.secrets, link)
			return err
		}},
		{"auth.entryLinks.RevokeEntryLink", []string{"entry-link.revoke entry-link/N"}, func(ctx context.Context, s *scene, by audit.Author) error {
			links, err := s.EntryLinks(ctx)
			if err != nil {
				return err
			}
			return s.RevokeEntryLink(ctx, by, links[0].ID)
		}},
		{"publication.Publisher.Publish", []string{"publication.publish publication/2025/Q3"}, func(ctx context.Context, s *scene, by audit.Author) error {
			_, err := s.publisher.Publish(ctx, s.snap, q3, by)
			return err
		}},
		{"published.Book.Keep", []string{"published-index.add published-index/PAPI/2025", "published-index.change published-index/PAPI/2025"}, func(ctx context.Context, s *scene, by audit.Author) error {
			papi := published.Index{Name: "PAPI", Year: 2025, Rank: 18, Of: 34, Source: "Báo cáo PAPI 2025"}
			book := published.New(s.DB, auditClock)
			if err := book.Keep(ctx, by, papi); err != nil {
				return err
			}
			all, err := book.All(ctx)
			if err != nil {
				return err
			}
			papi.ID, papi.Value = all[0].ID, "43.15"
			return book.Keep(ctx, by, papi)
		}},
		{"published.Book.Remove", []string{"published-index.remove published-index/PAPI/2025"}, func(ctx context.Context, s *scene, by audit.Author) error {
			book := published.New(s.DB, auditClock)
			all, err := book.All(ctx)
			if err != nil {
				return err
			}
			return book.Remove(ctx, by, all[0].ID)
		}},
		{"publication.Publisher.Withdraw", []string{"publication.withdraw publication/2025/Q3"}, func(ctx context.Context, s *scene, by audit.Author) error {
			return s.publisher.Withdraw(ctx, by, q3)
		}},
		{"store.Store.Mend", []string{"tallies.mend tallies"}, func(ctx context.Context, s *scene, by audit.Author) error {
			_, err := s.Mend(ctx, by, auditDay, s.snap.Version, testkit.Closing(s.snap, auditDay), nil)
			return err
		}},
		{"store.Store.Mark", []string{"response.mark service-point/POINT"}, func(ctx context.Context, s *scene, by audit.Author) error {
			_, err := s.Mark(ctx, by, auditDay, s.point, []string{answerID}, 1, s.snap.Version)
			return err
		}},
		{"retention.ForgetTexts", []string{"response.forget-texts texts"}, func(ctx context.Context, s *scene, by audit.Author) error {
			_, err := retention.ForgetTexts(ctx, s.DB, by, auditDay, "2025-09-02")
			return err
		}},
		{"store.Store.RemoveResponse", []string{"response.remove service-point/POINT"}, func(ctx context.Context, s *scene, by audit.Author) error {
			return s.Store.RemoveResponse(ctx, by, auditDay, s.point, s.receipt, s.snap.Version)
		}},
	}, slices.Concat(reforms(), procedureChanges(), officialChanges(), entryChanges(), targetChanges(), campaignChanges(), draftChanges())...)
}

var q3 = civil.Period{Year: 2025, Kind: civil.Quarter, Number: 3}

// ofMinh is a change of the account minh.
func ofMinh(do func(context.Context, *scene, audit.Author, auth.User) error) func(context.Context, *scene, audit.Author) error {
	return func(ctx context.Context, s *scene, by audit.Author) error {
		u, err := s.UserByLogin(ctx, "minh")
		if err != nil {
			return err
		}
		s.secrets = append(s.secrets, u.PasswordHash)
		return do(ctx, s, by, u)
	}
}

func (s *scene) top() agency.Agency { return s.snap.Tree.All()[0] }

// look reads what is kept, and has a citizen answer when the preset is there.
func (s *scene) look(t *testing.T) {
	t.Helper()
	var err error
	if s.snap, err = s.Snapshot(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.receipt != "" || len(s.snap.Points) == 0 {
		return
	}
	s.point, s.receipt = s.snap.Points[slices.IndexFunc(s.snap.Points, func(p agency.ServicePoint) bool { return p.Active && p.Channel == agency.ChannelQR })], "BCFGHJKM"
	version := s.snap.Newest(s.point.SurveyKey)
	s.secrets = append(s.secrets, saidInConfidence, string(s.receipt))
	_, err = s.SaveResponses(t.Context(), []survey.Response{{
		ID: answerID, ServicePointID: s.point.ID, AgencyID: s.point.JudgedID, FieldKey: s.point.FieldKeys[0],
		VersionID: version.ID, Channel: s.point.Channel, Language: "vi", At: auditDay, Day: "2025-09-01",
		Scale: strings.Repeat("5", len(version.Scale())), Receipt: s.receipt, Fingerprint: "f",
		Texts: []survey.TextAnswer{{Question: "comment", Text: saidInConfidence}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Exec(t.Context(), "UPDATE tally_people SET responses = responses + 1"); err != nil { // for Mend
		t.Fatal(err)
	}
}

// TestEveryChangeHasItsEntry makes every change that the program knows: with an
// audit that refuses, where nothing may be changed, and with one that works,
// where the entry says who did it, and no secret.
func TestEveryChangeHasItsEntry(t *testing.T) {
	t.Parallel()
	var known []string
	for _, c := range changes() {
		known = append(known, c.name)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	if diff := cmp.Diff(changers(t), known); diff != "" {
		t.Errorf("what changes something (-) and what is tried here (+):\n%s", diff)
	}
	testkit.EachStore(t, func(t *testing.T, p *testkit.Place) {
		s := &scene{Place: p, Auth: auth.New(p.DB, auth.Options{Now: auditClock}), publisher: publication.New(p.DB, report.New(p.Store, report.Options{Now: auditClock, Zone: time.UTC}), auditClock)}
		var last int64
		for i, c := range changes() {
			s.look(t)
			by := audit.Author{UserID: int64(i), Name: "Người thứ " + fmt.Sprint(i), Via: audit.Web}
			before := s.kept(t)
			s.refuse(t, true)
			if err := c.do(t.Context(), s, by); err == nil || !strings.Contains(err.Error(), "refused by the test") {
				t.Errorf("%s with an audit that refuses: %v", c.name, err)
			}
			s.refuse(t, false)
			if s.kept(t) != before {
				t.Fatalf("%s changes something and leaves no entry", c.name)
			}
			if err := c.do(t.Context(), s, by); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if s.kept(t) == before {
				t.Errorf("%s changes nothing", c.name)
			}
			last = s.written(t, c, by, last)
		}
		s.saysNoSecret(t)
	})
}

var numbered = regexp.MustCompile(`^(token|entry-link|entry-batch|reform|campaign|draft)/\d+$`)

// written looks at the entries behind the last one.
func (s *scene) written(t *testing.T, c change, by audit.Author, last int64) int64 {
	t.Helper()
	entries, err := audit.New(s.DB).List(t.Context(), audit.Filter{After: last})
	if err != nil || len(entries) == 0 {
		t.Fatalf("%s leaves no entry: %v", c.name, err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Action+" "+numbered.ReplaceAllString(e.Subject, "$1/N")) // a change that failed may have used a number
		if e.Author != by {
			t.Errorf("%s is by %+v, says %s", c.name, by, got[len(got)-1])
		}
	}
	s.named(t, entries)
	want := strings.NewReplacer("POINT", string(s.point.Code), "KEY", s.point.SurveyKey).Replace(strings.Join(c.entries, "\n"))
	if c.entries != nil && strings.Join(got, "\n") != want {
		t.Errorf("%s leaves %q, want %q", c.name, got, want)
	}
	return entries[len(entries)-1].Number
}

// kept is everything that a backup holds, but the audit.
func (s *scene) kept(t *testing.T) string {
	t.Helper()
	tables := slices.DeleteFunc(app.Tables(), func(table db.Table) bool { return strings.HasPrefix(table.Name, "audit_") })
	tables = append(tables, db.Table{Name: "invitations", Order: "token_hash"}) // in no backup
	var out bytes.Buffer
	if _, err := s.Dump(t.Context(), &out, tables, auditDay, nil); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// refuse lets the database refuse entries, or take them again.
func (s *scene) refuse(t *testing.T, on bool) {
	t.Helper()
	statements := map[string][]string{
		"sqlite": {"CREATE TRIGGER refused BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'refused by the test'); END"},
		"postgres": {
			"CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by the test'; END; $$",
			"CREATE TRIGGER refused BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION refused()",
		},
	}[s.Dialect()]
	if !on {
		statements = map[string][]string{"sqlite": {"DROP TRIGGER refused"}, "postgres": {"DROP FUNCTION refused CASCADE"}}[s.Dialect()]
	}
	for _, statement := range statements {
		if _, err := s.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// saysNoSecret looks for secrets in everything that the audit says.
func (s *scene) saysNoSecret(t *testing.T) {
	t.Helper()
	log := audit.New(s.DB)
	entries, err := log.List(t.Context(), audit.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if seal, err := log.Verify(t.Context()); err != nil || seal.Entries != int64(len(entries)) {
		t.Errorf("the audit is %s, %v", seal, err)
	}
	said, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, column := range []string{"password_hash FROM users", "token_hash FROM api_tokens", "token_hash FROM entry_links"} {
		err := s.Query(t.Context(), "SELECT "+column, nil, func(rows *sql.Rows) error {
			s.secrets = append(s.secrets, "")
			return rows.Scan(&s.secrets[len(s.secrets)-1])
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(s.secrets) < 10 {
		t.Errorf("only %d secrets are known", len(s.secrets))
	}
	for _, secret := range s.secrets {
		if secret != "" && bytes.Contains(said, []byte(secret)) {
			t.Errorf("the audit says %q", secret)
		}
	}
}
