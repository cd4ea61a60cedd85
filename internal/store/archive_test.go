package store_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/archive"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// fillEverything puts at least one row into every table of an archive.
func fillEverything(t *testing.T, st *store.Store) hall {
	t.Helper()
	ctx := t.Context()
	h := buildHall(t, st)
	late, err := st.AddAgency(ctx, agency.Agency{Code: "tinh", Kind: agency.KindProvince, Name: agency.Text{"vi": "Tỉnh \"<&>\" 🙂\u2028"}})
	if err != nil {
		t.Fatal(err)
	}
	spoken := h.response(1, h.land, "2025-03-14", "5.", "slow")
	spoken.Texts = []survey.TextAnswer{{Question: "comment", Text: "Chờ lâu\n\"quá\" '; DROP TABLE users; --"}}
	gone := h.response(3, h.mixed, "2025-03-15", "40")
	save(t, st, spoken, h.response(2, h.mixed, "2025-03-15", "40"), gone)
	for _, err := range []error{
		st.RemoveResponse(ctx, h.mixed.ID, gone.Receipt),
		// A parent that is younger than its child.
		st.ExecForTest(ctx, "UPDATE agencies SET parent_id = $1 WHERE id = $2", late.ID, h.agency.ID),
		st.SaveSetting(ctx, store.SettingSynthetic, "1"),
		st.AddSuccession(ctx, agency.Succession{FromID: h.agency.ID, ToID: late.ID, Day: "2025-07-01", Share: 10000}),
		st.AddIndicator(ctx, target.Indicator{Kind: target.IndicatorField, FieldKey: "dat-dai", SurveyKey: "pulse", Counts: true}),
		st.AddTarget(ctx, target.Target{Plan: "KH 1", Indicator: target.IndicatorSIPAS, Year: 2025, Percent: 8500}),
		st.ExecForTest(ctx, "INSERT INTO publications (year, period, edition, board, published_at, published_by) VALUES (2025, 'Q1', 1, '{}', 1, 'x')"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := st.AddUser(ctx, store.User{Login: "quan-tri", Name: "Quản trị", PasswordHash: "$x$", Role: "administrator", CreatedAt: accountDay}); err != nil {
		t.Fatal(err)
	}
	if _, err := st.AddEntryLink(ctx, store.EntryLink{Hash: "e", ServicePointID: h.land.ID, Label: "đoàn", CreatedAt: accountDay, ExpiresAt: accountDay}); err != nil {
		t.Fatal(err)
	}
	if _, err := st.AddToken(ctx, store.Token{Hash: "h", Label: "cổng", Role: "viewer", AgencyID: late.ID, CreatedAt: accountDay}); err != nil {
		t.Fatal(err)
	}
	return h
}

func archiveOf(t *testing.T, st *store.Store) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := st.Dump(t.Context(), &out, accountDay, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// unpacked gives the lines of an archive.
func unpacked(t *testing.T, archive []byte) []string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(strings.Lines(string(text)))
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
	testkit.EachStore(t, func(t *testing.T, from *store.Store) {
		h := fillEverything(t, from)
		archive := archiveOf(t, from)
		testkit.EachStore(t, func(t *testing.T, to *store.Store) {
			ctx := t.Context()
			n, err := to.Load(ctx, bytes.NewReader(archive), nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Count(strings.Join(unpacked(t, archive), ""), "\n["); n != int64(want) {
				t.Errorf("%d rows were loaded of %d", n, want)
			}
			noDrift(t, to, 2)
			again := archiveOf(t, to)
			if diff := cmp.Diff(byTable(unpacked(t, archive)), byTable(unpacked(t, again))); diff != "" && from.Dialect() == to.Dialect() {
				t.Errorf("dumped again: %s", diff)
			}
			// New rows get numbers of their own.
			if _, err := to.AddAgency(ctx, agency.Agency{Code: "moi", Kind: agency.KindCommune, Name: text("Mới")}); err != nil {
				t.Errorf("an agency after loading: %v", err)
			}
			// A citizen who sends again gets the same receipt.
			out := save(t, to, h.response(2, h.mixed, "2025-03-15", "40"))
			if !out[0].Replayed {
				t.Errorf("a response from before: %+v, want a replay", out)
			}
			if _, err := to.Load(ctx, bytes.NewReader(archive), nil); !errors.Is(err, store.ErrNotEmpty) {
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
	left := map[string]bool{"sessions": true, "readiness": true, "goose_db_version": true, "sqlite_sequence": true}
	query := map[string]string{
		"sqlite":   "SELECT name FROM sqlite_master WHERE type = 'table'",
		"postgres": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
	}
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		fillEverything(t, st)
		all := strings.Join(unpacked(t, archiveOf(t, st)), "")
		rows, err := st.DBForTest().QueryContext(t.Context(), query[st.Dialect()])
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		n := 0
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			if left[name] {
				continue
			}
			n++
			if _, after, found := strings.Cut(all, `{"table":"`+name+`"`); !found || !strings.HasPrefix(after[strings.Index(after, "\n")+1:], "[") {
				t.Errorf("the archive has no rows of %s", name)
			}
		}
		if err := rows.Err(); err != nil || n < 10 {
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
	flipped[len(flipped)/2] ^= 0x10
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
		"a table is gone":  {pack(t, text[:strings.Index(text, `{"table":"publications"`)], true), "tables of"},
		"more behind":      {pack(t, strings.Join(all, "")+"{}\n", false), "after its end"},
		"blank line":       {replaced("{\"table\":\"agencies\"", "\n{\"table\":\"agencies\""), "is empty"},
		"endless line":     {pack(t, all[0]+strings.Repeat("x", 17<<20), false), "longer than"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := testkit.SQLite(t)
			_, err := st.Load(t.Context(), bytes.NewReader(test.archive), nil)
			var refused *archive.Error
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want it to say %q", err, test.want)
			}
			if _, err := st.Load(t.Context(), bytes.NewReader(good), nil); err != nil {
				t.Errorf("the database is not empty afterwards: %v", err)
			}
		})
	}
}

func TestArchiveFromABrokenDiskIsNotCalledDamaged(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	_, err := st.Load(t.Context(), io.MultiReader(bytes.NewReader(archiveOf(t, st)[:40]), broken{}), nil)
	var refused *archive.Error
	if !errors.Is(err, io.ErrClosedPipe) || errors.As(err, &refused) {
		t.Errorf("error %v, want that of the disk", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
