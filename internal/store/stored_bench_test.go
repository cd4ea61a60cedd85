package store_test

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	_ "github.com/glebarez/go-sqlite"
	_ "github.com/jackc/pgx/v5/stdlib"

	"sipas/internal/agency"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// BenchmarkStoredAnswers measures the forms in which the answers of a response
// can be stored, on both databases: bytes a row with its key, time to insert one
// in sets of 500, time to read one and count it. ADR 0021 has the figures.
func BenchmarkStoredAnswers(b *testing.B) {
	for _, form := range []string{"quick", "twelve", "every-kind"} {
		responses := answered(b, form, 4000)
		for _, l := range []layout{digits{}, object{}, packed{}} {
			for _, driver := range []string{"sqlite", "postgres"} {
				b.Run(fmt.Sprintf("%s/%s/%s", form, strings.TrimPrefix(fmt.Sprintf("%T", l), "store_test."), driver), func(b *testing.B) { measure(b, driver, l, responses) })
			}
		}
	}
}

// layout is a form in which answers are stored.
type layout interface {
	columns(driver string) []string // with their types
	write(r survey.Response) []any
	read(rows *sql.Rows, v *survey.Version, c counting) error
}

// counting is what a recount makes of answers.
type counting struct {
	levels  map[int][6]int64
	choices map[[2]string]int64
}

func (c counting) level(item, level int) {
	n := c.levels[item]
	n[level]++
	c.levels[item] = n
}

// digits is what is shipped: a digit for each level, and the rest in words.
type digits struct{}

func (digits) columns(string) []string {
	return []string{"scale TEXT NOT NULL", "choices TEXT NOT NULL"}
}
func (digits) write(r survey.Response) []any {
	return []any{r.Scale, survey.WriteAnswers(r)}
}
func (digits) read(rows *sql.Rows, _ *survey.Version, c counting) error {
	var scale, choices string
	if err := rows.Scan(&scale, &choices); err != nil {
		return err
	}
	for item, level := range survey.LevelsOf(scale) {
		if level >= 0 {
			c.level(item, level)
		}
	}
	chosen, _ := survey.ReadAnswers(choices)
	for _, a := range chosen {
		for _, choice := range a.Choices {
			c.choices[[2]string{a.Question, choice}]++
		}
	}
	return nil
}

// object is a JSON object by the addresses of the answers.
type object struct{}

func (object) columns(driver string) []string {
	if driver == "postgres" {
		return []string{"answers JSONB NOT NULL"}
	}
	return []string{"answers TEXT NOT NULL"}
}

func (object) write(r survey.Response) []any {
	answers := map[string]any{}
	for item, level := range r.Levels() {
		if level >= 0 {
			answers[fmt.Sprint("item-", item)] = level // a name of some length, as keys have
		}
	}
	for _, c := range r.Choices {
		answers[c.Question] = c.Choices
	}
	for _, v := range r.Values {
		answers[v.Question] = v.Value
	}
	text, _ := json.Marshal(answers)
	return []any{string(text)}
}

func (object) read(rows *sql.Rows, _ *survey.Version, c counting) error {
	var text []byte
	if err := rows.Scan(&text); err != nil {
		return err
	}
	var answers map[string]any
	if err := json.Unmarshal(text, &answers); err != nil {
		return err
	}
	for key, v := range answers {
		switch v := v.(type) {
		case float64:
			var item int
			_, _ = fmt.Sscanf(key, "item-%d", &item)
			c.level(item, int(v))
		case []any:
			for _, choice := range v {
				c.choices[[2]string{key, choice.(string)}]++
			}
		}
	}
	return nil
}

// packed is binary in the order of the version: a byte for each level, then for
// each question with choices how many and which, then values by their lengths.
type packed struct{}

func (packed) columns(driver string) []string {
	if driver == "postgres" {
		return []string{"answers BYTEA NOT NULL"}
	}
	return []string{"answers BLOB NOT NULL"}
}

func (packed) write(r survey.Response) []any {
	out := []byte(r.Scale)
	v := benchVersions[r.VersionID]
	for at, q := range v.Questions() {
		for _, c := range r.Choices {
			if c.Question == q.Key {
				out = append(out, byte(at), byte(len(c.Choices)))
				for _, key := range c.Choices {
					out = append(out, indexOf(q, key))
				}
			}
		}
		for _, kept := range r.Values {
			if kept.Question == q.Key {
				out = append(out, byte(at), 0)
				out = binary.AppendUvarint(out, uint64(len(kept.Value)))
				out = append(out, kept.Value...)
			}
		}
	}
	return []any{out}
}

func indexOf(q survey.Question, key string) byte {
	shape := q.Shape()
	for i, c := range shape.Choices {
		if c.Key == key {
			return byte(i)
		}
	}
	for i, value := range shape.Values {
		if value == key {
			return byte(i)
		}
	}
	return 255
}

func (packed) read(rows *sql.Rows, v *survey.Version, c counting) error {
	var raw []byte
	if err := rows.Scan(&raw); err != nil {
		return err
	}
	n := len(v.Scale())
	for item, level := range survey.LevelsOf(string(raw[:n])) {
		if level >= 0 {
			c.level(item, level)
		}
	}
	qs := v.Definition.Sections
	for in := bytes.NewBuffer(raw[n:]); in.Len() > 0; {
		at, _ := in.ReadByte()
		many, _ := in.ReadByte()
		if many == 0 {
			length, _ := binary.ReadUvarint(in)
			in.Next(int(length))
			continue
		}
		q := nth(qs, int(at))
		for range many {
			i, _ := in.ReadByte()
			key := ""
			if int(i) < len(q.Choices) {
				key = q.Choices[i].Key
			}
			c.choices[[2]string{q.Key, key}]++
		}
	}
	return nil
}

func nth(sections []survey.Section, at int) survey.Question {
	for _, s := range sections {
		if at < len(s.Questions) {
			return s.Questions[at]
		}
		at -= len(s.Questions)
	}
	return survey.Question{}
}

// benchVersions are the versions that the benchmark's responses answer.
var benchVersions = map[int64]*survey.Version{}

// answered makes responses to a form.
func answered(b *testing.B, form string, n int) []survey.Response {
	b.Helper()
	d := testkit.EveryKind(b)
	random := rand.New(rand.NewPCG(1, 1))
	scale := func(key string) survey.Question {
		return survey.Question{Key: key, Type: survey.TypeScale, Text: d.Title, NoOpinion: true}
	}
	section := &d.Sections[0].Questions
	switch form {
	case "quick":
		var reasons survey.Question
		for _, q := range *section {
			if q.Key == "reasons" {
				reasons = q
			}
		}
		*section = []survey.Question{scale("overall"), scale("access"), scale("procedure"), scale("staff"), scale("result"), scale("feedback"), reasons}
	case "twelve":
		*section = nil
		for i := range 12 {
			*section = append(*section, scale(fmt.Sprintf("question-%d", i)))
		}
	}
	id := int64(len(benchVersions) + 1)
	v := survey.NewVersion(id, 1, time.Time{}, d)
	benchVersions[id] = v
	cases := testkit.KindCases(b)
	responses := make([]survey.Response, n)
	for i := range responses {
		sent := testkit.Sent{}
		for _, p := range v.Parts() {
			if p.Scale && p.Question.Shape().Levels == 5 && (i%2 == 0 || form != "quick" || p.Key() == "overall") {
				sent[p.Key()] = float64(1 + random.IntN(5))
			}
		}
		for _, c := range cases {
			if q, _ := v.Question(c.Question.Key); q.Type == c.Question.Type && q.Type != survey.TypeScale && len(c.Kept) > 0 && (form == "every-kind" || i%3 == 0) {
				for address, value := range c.Kept[random.IntN(len(c.Kept))].Send {
					sent[address] = value
				}
			}
		}
		at := time.Date(2026, 11, 1+i%28, i%24, i%60, 0, 0, time.UTC)
		r, err := survey.Accepting{
			Point: agency.ServicePoint{ID: int64(1 + i%50), JudgedID: 1, Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai", "y-te"}}, Version: v, At: at, Zone: time.UTC,
		}.Accept(sent.Submission(b, v, survey.NewID(at)))
		if err != nil {
			b.Fatal(err)
		}
		responses[i] = r
	}
	return responses
}

func measure(b *testing.B, driver string, l layout, responses []survey.Response) {
	db, kinds := openBench(b, driver)
	names := []string{"service_point_id", "id", "agency_id", "field_key", "version_id", "channel", "language", "received_at", "day", "receipt", "fingerprint"}
	var written []string
	for _, c := range l.columns(driver) {
		name, _, _ := strings.Cut(c, " ")
		written = append(written, name)
	}
	all := append(names, written...)
	inserting, reading := time.Duration(1<<62), time.Duration(1<<62) // of the best round: others use the machine too
	var size float64
	run := func(query string, args ...any) {
		if _, err := db.Exec(query, args...); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		run("DROP TABLE IF EXISTS bench")
		run("CREATE TABLE bench (service_point_id BIGINT NOT NULL, id " + kinds + " NOT NULL, agency_id BIGINT NOT NULL, field_key TEXT NOT NULL, " +
			"version_id BIGINT NOT NULL, channel TEXT NOT NULL, language TEXT NOT NULL, received_at BIGINT NOT NULL, day TEXT NOT NULL, " +
			"receipt TEXT NOT NULL, fingerprint TEXT NOT NULL, " + strings.Join(l.columns(driver), ", ") + ", PRIMARY KEY (service_point_id, id))")
		before := sizeOf(b, db, driver)
		start := time.Now()
		for from := 0; from < len(responses); from += 500 {
			var values []string
			var args []any
			for _, r := range responses[from : from+500] {
				row := append([]any{
					r.ServicePointID, r.ID, r.AgencyID, r.FieldKey, r.VersionID, string(r.Channel), r.Language, r.At.UnixMicro(), r.Day,
					string(r.Receipt), r.Fingerprint,
				}, l.write(r)...)
				places := make([]string, len(row))
				for i := range row {
					places[i] = "?" // SQLite's driver takes a quarter of a second to find 6,000 by name
					if driver == "postgres" {
						places[i] = fmt.Sprintf("$%d", len(args)+i+1)
					}
				}
				args = append(args, row...)
				values = append(values, "("+strings.Join(places, ",")+")")
			}
			run("INSERT INTO bench ("+strings.Join(all, ",")+") VALUES "+strings.Join(values, ","), args...)
		}
		inserting = min(inserting, time.Since(start))
		size = (sizeOf(b, db, driver) - before) / float64(len(responses))
		start = time.Now()
		v := benchVersions[responses[0].VersionID]
		c := counting{map[int][6]int64{}, map[[2]string]int64{}}
		rows, err := db.Query("SELECT " + strings.Join(written, ",") + " FROM bench")
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			if err := l.read(rows, v, c); err != nil {
				b.Fatal(err)
			}
		}
		if err := rows.Err(); err != nil {
			b.Fatal(err)
		}
		reading = min(reading, time.Since(start))
	}
	rows := float64(len(responses))
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(size, "bytes/row")
	b.ReportMetric(float64(inserting.Nanoseconds())/rows, "ns-insert/row")
	b.ReportMetric(float64(reading.Nanoseconds())/rows, "ns-count/row")
}

func openBench(b *testing.B, driver string) (db *sql.DB, id string) {
	b.Helper()
	var err error
	switch driver {
	case "sqlite":
		id = "TEXT"
		db, err = sql.Open("sqlite", "file:"+b.TempDir()+"/bench.db?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	default:
		id = "UUID"
		db, err = sql.Open("pgx", testkit.PostgresURL(b))
	}
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	return db, id
}

// sizeOf is the size of the table with its key, in bytes.
func sizeOf(b *testing.B, db *sql.DB, driver string) (n float64) {
	b.Helper()
	query := "SELECT pg_total_relation_size('bench')"
	if driver == "sqlite" {
		query = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()"
	}
	if err := db.QueryRow(query).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}
