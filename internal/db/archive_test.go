package db_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/archive"
	"sipas/internal/auth"
	"sipas/internal/db"
	"sipas/internal/procedure"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// archived is when archives were made.
var archived = time.Date(2025, 11, 20, 8, 30, 0, 123456000, time.UTC)

func text(s string) agency.Text { return agency.Text{"vi": s} }

func pulse() survey.Definition {
	least, most := 0, 10
	return survey.Definition{
		Key: "pulse", Languages: []string{"vi"}, Title: text("Khảo sát"), Method: "sipas-2023", Headline: "overall",
		Sections: []survey.Section{{Key: "all", Title: text("Chung"), Questions: []survey.Question{
			{Key: "overall", Type: survey.TypeScale, Required: true, Text: text("Chung?")},
			{Key: "reasons", Type: survey.TypeMulti, Text: text("Vì sao?"), Choices: []survey.Choice{
				{Key: "slow", Text: text("Chậm")}, {Key: "far", Text: text("Xa")},
			}},
			{Key: "comment", Type: survey.TypeText, Text: text("Góp ý")},
			{Key: "again", Type: "number", Text: text("Mấy lần?"), Min: &least, Max: &most},
		}}},
	}
}

// fillEverything puts at least one row into every table of an archive. It
// returns one of the two responses.
func fillEverything(t *testing.T, st *testkit.Place) survey.Response {
	t.Helper()
	ctx, by := t.Context(), testkit.Author()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var dept, late agency.Agency
	var point agency.ServicePoint
	var version *survey.Version
	must(st.Registry.Change(ctx, by, func(c *registry.Change) (err error) {
		dept, err = c.AddAgency(ctx, agency.Agency{Code: "so-x", Name: text("Sở X"), Kind: agency.KindDepartment})
		must(err)
		late, err = c.AddAgency(ctx, agency.Agency{Code: "tinh", Kind: agency.KindProvince, Name: text("Tỉnh \"<&>\" 🙂\u2028")})
		must(err)
		must(c.AddServiceField(ctx, agency.ServiceField{Key: "dat-dai", Name: text("Đất đai"), Scope: agency.ScopeProcedures}))
		version, err = c.PublishVersion(ctx, pulse(), archived)
		must(err)
		point, err = c.AddServicePoint(ctx, agency.ServicePoint{
			AgencyID: dept.ID, Name: text("Quầy 1"), SurveyKey: "pulse", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
		})
		must(err)
		point.Code, err = c.RecodeServicePoint(ctx, point.ID)
		must(err)
		must(c.Set(ctx, registry.SettingSynthetic, "1"))
		must(c.AddSuccession(ctx, agency.Succession{FromID: dept.ID, ToID: late.ID, Day: "2025-07-01", Share: 10000}))
		must(c.AddIndicator(ctx, target.Indicator{Kind: target.IndicatorField, FieldKey: "dat-dai", SurveyKey: "pulse", Counts: true}))
		must(procedure.Add(ctx, c, []procedure.Procedure{{Code: "1.000110", Name: text("Khai sinh"), FieldKey: "dat-dai"}}))
		must(procedure.Keep(ctx, c, []procedure.Files{{Key: procedure.Key{AgencyID: dept.ID, HalfMonth: 20251101, ProcedureID: 1}, Counts: procedure.Counts{Handled: 3, Late: 1}}},
			func(procedure.Key) (string, string) { return "so-x", "1.000110" }))
		return c.AddTarget(ctx, target.Target{Plan: "KH 1", Indicator: target.IndicatorSIPAS, Year: 2025, Percent: 8500})
	}))
	var all [3]survey.Response
	for i := range all {
		all[i] = survey.Response{
			ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", i), ServicePointID: point.ID, AgencyID: dept.ID, FieldKey: "dat-dai",
			VersionID: version.ID, Channel: point.Channel, Language: "vi", At: archived, Day: "2025-03-14", Scale: "5",
			Receipt: agency.NewCode(), Fingerprint: "f", OfficialID: int64(i % 2),
		}
	}
	spoken, gone := &all[0], &all[2]
	spoken.Values = []survey.KeptValue{{Question: "again", Value: "9"}}
	spoken.Choices = []survey.ChosenAnswer{{Question: "reasons", Choices: []string{"slow"}}}
	spoken.Texts = []survey.TextAnswer{{Question: "comment", Text: "Chờ lâu\n\"quá\" '; DROP TABLE users; --"}}
	for i := range all {
		version.Judge(&all[i])
	}
	_, err := st.SaveResponses(ctx, all[:])
	must(err)
	must(st.RemoveResponse(ctx, point.ID, gone.Receipt))
	snap, err := st.Snapshot(ctx)
	must(err)
	_, err = st.Store.Close(ctx, testkit.Closing(snap, archived))
	must(err)
	for _, statement := range []string{
		// A parent that is younger than its child.
		fmt.Sprintf("UPDATE agencies SET parent_id = %d WHERE id = %d", late.ID, dept.ID),
		"INSERT INTO publications (year, period, edition, board, published_at, published_by) VALUES (2025, 'Q1', 1, '{}', 1, 'x')",
		"INSERT INTO reforms (kind, day, made_at, made_by, revision, done) VALUES ('merge', '2025-07-01', 1, 'x', 1, '{}')",
		"INSERT INTO published_indices (name, year, value, rank, ranked, source, day) VALUES ('PAPI', 2024, '43,15', 18, 34, 'x', '')",
		"INSERT INTO emblems (place, hash, width, height, content) VALUES ('now', 'abc', 48, 64, 'iVBORw0KGgo='), ('before', 'def', 48, 48, '')",
		"INSERT INTO officials (code, badge, agency_id, name) SELECT 'CB-1', 'ABCDEFGH', MIN(id), 'x' FROM agencies",
		"INSERT INTO replaced_badges (badge, official_id, replaced_at) SELECT 'BCDFGHJK', MIN(id), 1 FROM officials",
		"INSERT INTO shifts (official_id, service_point_id, first_day, last_day, weekdays, from_minute, to_minute) SELECT o.id, p.id, '2026-11-02', '', 31, 450, 690 FROM officials o, service_points p LIMIT 1",
		"INSERT INTO serving (service_point_id, official_id, day) SELECT p.id, o.id, '2026-11-02' FROM officials o, service_points p LIMIT 1",
		"INSERT INTO drafts (continues, from_version, code, title, revision, bytes, checkpoint, checkpoint_revision, published_revision, created_at, created_by, changed_at, changed_by, archived_at) VALUES ('pulse', 1, 'pulse', 'x', 1, 2, '[]', 0, 0, 1, 'x', 1, 'x', 0)",
		"INSERT INTO draft_operations (draft_id, revision, sent, undoes, user_id, author, at, effects) SELECT id, 1, '', 0, 0, 'x', 1, '[]' FROM drafts",
		"INSERT INTO entry_batches (service_point_id, version_id, channel, language, from_day, to_day, expected, twice, opened_at, opened_by, closed_at) SELECT p.id, v.id, 'paper', 'vi', '2025-11-01', '2025-11-02', 3, 1, 1, 'x', NULL FROM service_points p, survey_versions v",
		"INSERT INTO entry_sheets (service_point_id, batch_id, number, typing, typed_by, void, cells) SELECT service_point_id, id, 1, 2, 'account 1', 0, '{\"a.x\": \"tỉnh\"}' FROM entry_batches",
		"INSERT INTO entry_kept (service_point_id, batch_id, number, response_id) SELECT service_point_id, id, 7, '00000000-0000-7000-8000-000000000001' FROM entry_batches",
		`INSERT INTO campaigns (name, first_day, last_day, version_id, channels) SELECT '{"vi":"Đợt"}', '2025-03-01', '2025-03-31', MIN(id), 'qr;kiosk' FROM survey_versions`,
		"INSERT INTO campaign_agencies (campaign_id, agency_id) SELECT c.id, MIN(a.id) FROM campaigns c, agencies a GROUP BY c.id",
		"INSERT INTO campaign_points (campaign_id, point_id) SELECT c.id, MIN(p.id) FROM campaigns c, service_points p GROUP BY c.id",
		"INSERT INTO jobs (kind, key, payload, state, due_at, created_at, ended_at) VALUES ('letter', '7', '{\"to\": \"tỉnh\"}', 'waiting', 1, 1, NULL)",
	} {
		_, err := st.Exec(ctx, statement)
		must(err)
	}
	accounts := auth.New(st.DB, auth.Options{Now: func() time.Time { return archived }})
	_, err = accounts.AddUser(ctx, by, auth.NewUser{Login: "quan-tri", Name: "Quản trị", Password: "một cửa liên thông", Role: access.Administrator})
	must(err)
	_, err = accounts.CreateEntryLink(ctx, by, point, "đoàn", archived)
	must(err)
	_, err = accounts.CreateToken(ctx, by, "cổng", access.Viewer, late.ID)
	must(err)
	return all[1]
}

func archiveOf(t *testing.T, st *testkit.Place) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := st.Dump(t.Context(), &out, app.Tables(), archived, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// unpacked gives the lines of an archive.
func unpacked(t *testing.T, archive []byte) []string {
	t.Helper()
	text, err := unzip(archive)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(strings.Lines(text))
}

func unzip(archive []byte) (string, error) {
	zip, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(zip)
	return string(text), err
}

// pack makes an archive of lines, with a trailer that fits unless seal is false.
func pack(t *testing.T, text string, seal bool) []byte {
	t.Helper()
	if seal {
		rows := 0
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "[") {
				rows++
			}
		}
		text += fmt.Sprintf("{\"rows\":%d,\"sha256\":\"%x\"}\n", rows, sha256.Sum256([]byte(text)))
	}
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if _, err := io.WriteString(zip, text); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestArchiveMovesBetweenDatabases(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, from *testkit.Place) {
		kept := fillEverything(t, from)
		archive := archiveOf(t, from)
		testkit.EachStore(t, func(t *testing.T, to *testkit.Place) {
			ctx := t.Context()
			n, err := to.Load(ctx, bytes.NewReader(archive), app.Tables(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Count(strings.Join(unpacked(t, archive), ""), "\n["); n != int64(want) {
				t.Errorf("%d rows were loaded of %d", n, want)
			}
			if got, err := to.Recount(ctx, false, nil); err != nil || got.Drift != 0 || got.Responses != 2 {
				t.Errorf("recount: %+v, %v", got, err)
			}
			again := archiveOf(t, to)
			if diff := cmp.Diff(byTable(unpacked(t, archive)), byTable(unpacked(t, again))); diff != "" && from.Dialect() == to.Dialect() {
				t.Errorf("dumped again: %s", diff)
			}
			// New rows get numbers of their own.
			if _, err := to.AddAgency(ctx, agency.Agency{Code: "moi", Kind: agency.KindCommune, Name: text("Mới")}); err != nil {
				t.Errorf("an agency after loading: %v", err)
			}
			// A citizen who sends again gets the same receipt.
			if out, err := to.SaveResponses(ctx, []survey.Response{kept}); err != nil || !out[0].Replayed {
				t.Errorf("a response from before: %+v, %v, want a replay", out, err)
			}
			if _, err := to.Load(ctx, bytes.NewReader(archive), app.Tables(), nil); !errors.Is(err, db.ErrNotEmpty) {
				t.Errorf("restored twice: %v", err)
			}
		})
	})
}

// byTable sorts the rows of each table: databases sort texts differently. The
// order between agencies is checked by loading them.
func byTable(all []string) map[string][]string {
	tables := map[string][]string{}
	table := ""
	for _, line := range all[:len(all)-1] {
		if line[0] != '[' {
			table = line
		}
		tables[table] = append(tables[table], line)
	}
	for _, rows := range tables {
		slices.Sort(rows)
	}
	return tables
}

func TestArchiveHoldsEveryTable(t *testing.T) {
	t.Parallel()
	left := map[string]bool{"tallies_made": true, "sessions": true, "invitations": true, "readiness": true, "poster_orders": true, "poster_parts": true, "sheets": true, "registry": true, "duty": true, "goose_db_version": true, "sqlite_sequence": true}
	query := map[string]string{
		"sqlite":   "SELECT name FROM sqlite_master WHERE type = 'table'",
		"postgres": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
	}
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		fillEverything(t, st)
		all := strings.Join(unpacked(t, archiveOf(t, st)), "")
		n := 0
		err := st.Query(t.Context(), query[st.Dialect()], nil, func(rows *sql.Rows) error {
			var name string
			if err := rows.Scan(&name); err != nil || left[name] {
				return err
			}
			n++
			if _, after, found := strings.Cut(all, `{"table":"`+name+`"`); !found || !strings.HasPrefix(after[strings.Index(after, "\n")+1:], "[") {
				t.Errorf("the archive has no rows of %s", name)
			}
			return nil
		})
		if err != nil || n < 10 {
			t.Errorf("%d tables, %v", n, err)
		}
	})
}

func TestBadArchivesAreRefused(t *testing.T) {
	t.Parallel()
	source := testkit.SQLite(t)
	fillEverything(t, source)
	good := archiveOf(t, source)
	all := unpacked(t, good)
	text := strings.Join(all[:len(all)-1], "")
	replaced := func(old, with string) []byte {
		if !strings.Contains(text, old) {
			t.Fatalf("there is no %s", old)
		}
		return pack(t, strings.Replace(text, old, with, 1), true)
	}
	schema := regexp.MustCompile(`"schema":\d+`).FindString(text)
	flipped := bytes.Clone(good)
	flipped[len(flipped)-8] ^= 0x10 // of gzip's own checksum
	tests := map[string]struct {
		archive []byte
		want    string
	}{
		"empty":            {nil, "cut off"},
		"no gzip":          {[]byte("section,question\n" + strings.Repeat("x", 100)), "no gzip file"},
		"no backup":        {pack(t, "{\"hello\":1}\n", true), "no backup of sipas"},
		"half":             {good[:len(good)/2], "cut off"},
		"without its end":  {good[:len(good)-4], "cut off"},
		"bit flipped":      {flipped, "damaged"},
		"no trailer":       {pack(t, text, false), "cut off"},
		"value changed":    {pack(t, strings.Replace(strings.Join(all, ""), "quan-tri", "quan-tre", 1), false), "SHA-256"},
		"row taken out":    {pack(t, strings.Replace(strings.Join(all, ""), `["synthetic","1"]`+"\n", "", 1), false), "rows"},
		"row is too short": {replaced(`["synthetic","1"]`, `["synthetic"]`), "not 2 values"},
		"row in a row":     {replaced(`["synthetic","1"]`, `["synthetic",["1"]]`), "no text"},
		"a fraction":       {replaced(`["synthetic","1"]`, `["synthetic",1.5]`), "whole number"},
		"two in a line":    {replaced(`["synthetic","1"]`, `["synthetic","1"]["x","y"]`), "not 2 values"},
		"newer format":     {replaced(`"version":1`, `"version":2`), "format has number 2"},
		"newer schema":     {replaced(schema, `"schema":99`), "install the newer program"},
		"older schema":     {replaced(schema, `"schema":0`), "program that made it"},
		"unknown table":    {replaced(`{"table":"settings"`, `{"table":"sqlite_master"`), "not expected"},
		"other columns":    {replaced(`"columns":["name","value"]`, `"columns":["name","value) VALUES ('x','y'); --"]`), "other columns"},
		"a table is gone":  {pack(t, text[:strings.LastIndex(text, `{"table":`)], true), "tables of"},
		"more behind":      {pack(t, strings.Join(all, "")+"{}\n", false), "after its end"},
		"blank line":       {replaced("{\"table\":\"agencies\"", "\n{\"table\":\"agencies\""), "is empty"},
		"endless line":     {pack(t, all[0]+strings.Repeat("x", 17<<20), false), "longer than"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := testkit.SQLite(t)
			_, err := st.Load(t.Context(), bytes.NewReader(test.archive), app.Tables(), nil)
			var refused *archive.Error
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want it to say %q", err, test.want)
			}
			if _, err := st.Load(t.Context(), bytes.NewReader(good), app.Tables(), nil); err != nil {
				t.Errorf("the database is not empty afterwards: %v", err)
			}
		})
	}
}

// TestNoFlippedBitIsLoaded: whichever it is, and whatever it makes of the text.
// A bit that changes nothing of it is no damage: what repeats itself may be
// pointed to in two places.
func TestNoFlippedBitIsLoaded(t *testing.T) {
	t.Parallel()
	source, st := testkit.SQLite(t), testkit.SQLite(t)
	fillEverything(t, source)
	good := archiveOf(t, source)
	text := strings.Join(unpacked(t, good), "")
	tried := 0
	for at := 10; at < len(good)-4; at += 97 { // behind the head, which says when and by whom it was packed
		flipped := bytes.Clone(good)
		flipped[at] ^= 0x10
		if same, err := unzip(flipped); err == nil && same == text {
			continue
		}
		tried++
		if _, err := st.Load(t.Context(), bytes.NewReader(flipped), app.Tables(), nil); err == nil || errors.Is(err, db.ErrNotEmpty) {
			t.Fatalf("byte %d of %d: %v", at, len(good), err)
		}
	}
	if _, err := st.Load(t.Context(), bytes.NewReader(good), app.Tables(), nil); err != nil || tried < 20 {
		t.Errorf("after %d flipped bits: %v", tried, err)
	}
}

func TestArchiveFromABrokenDiskIsNotCalledDamaged(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	_, err := st.Load(t.Context(), io.MultiReader(bytes.NewReader(archiveOf(t, st)[:40]), broken{}), app.Tables(), nil)
	var refused *archive.Error
	if !errors.Is(err, io.ErrClosedPipe) || errors.As(err, &refused) {
		t.Errorf("error %v, want that of the disk", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
